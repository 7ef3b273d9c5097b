"""`futoshiki check`."""

from __future__ import annotations

from pathlib import Path

import click

from futoshiki.cli.options import GRID_MODEL
from futoshiki.cli.puzzles import ENTRIES, MARKED, Entries, subject_from
from futoshiki.errors import ExitCode
from futoshiki.solving.hints import check
from futoshiki.solving.steps import listed


@click.command("check")
@click.argument("source")
@ENTRIES
@MARKED
@GRID_MODEL
def command(source: str, entries: Entries | None, output: Path | None, grid_model: Path | None) -> int:
    """Find the mistakes in your entries, without showing what belongs there. The exit code is 5 if there are any.

    If SOURCE is a picture, a copy with the wrong entries crossed out is written.
    """
    subject = subject_from(source, grid_model)
    result = check(subject.puzzle, subject.entries(entries), budget=subject.budget)
    if result.wrong:
        message = f"wrong: {listed(result.wrong)}"
    elif result.finished:
        message = "everything is right: the puzzle is solved"
    else:
        message = f"no mistake so far; {result.left} {'cell is' if result.left == 1 else 'cells are'} left"
    click.echo(message)
    written = subject.draw(dict.fromkeys(result.wrong, "wrong"), [message], output) if result.wrong or output else None
    if written:
        click.echo(f"written to {written}", err=True)
    return ExitCode.CONTRADICTORY if result.wrong else ExitCode.SOLVED
