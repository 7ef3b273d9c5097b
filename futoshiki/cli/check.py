"""`futoshiki check`."""

from __future__ import annotations

from pathlib import Path

import click

from futoshiki.cli.puzzles import ENTRIES, MARKED, Entries, subject_from
from futoshiki.solving.hints import check
from futoshiki.solving.steps import names


@click.command("check")
@click.argument("source")
@ENTRIES
@MARKED
def command(source: str, entries: Entries | None, output: Path | None) -> int:
    """Which of your entries are wrong, without saying what belongs there. Exits with 5 if any is.

    Of a picture a copy is written in which they are crossed out.
    """
    subject = subject_from(source)
    result = check(subject.puzzle, subject.entries(entries))
    if result.wrong:
        says = f"wrong: {names(result.wrong)}"
    elif result.finished:
        says = "everything is right: the puzzle is solved"
    else:
        says = f"no mistake so far; {result.left} {'cell is' if result.left == 1 else 'cells are'} left"
    click.echo(says)
    written = subject.draw(dict.fromkeys(result.wrong, "wrong"), [says], output) if result.wrong or output else None
    if written:
        click.echo(f"written to {written}", err=True)
    return 5 if result.wrong else 0
