"""`futoshiki check`."""

from __future__ import annotations

import click

from futoshiki.cli.puzzles import ENTRIES, puzzle_from
from futoshiki.notation import parse_entries
from futoshiki.solving.hints import check
from futoshiki.solving.steps import names


@click.command("check")
@click.argument("source")
@ENTRIES
def command(source: str, entries: str) -> int:
    """Which of your entries are wrong, without saying what belongs there. Exits with 5 if any is."""
    result = check(puzzle_from(source), parse_entries(entries))
    if result.wrong:
        click.echo(f"wrong: {names(result.wrong)}")
    elif result.finished:
        click.echo("everything is right: the puzzle is solved")
    else:
        click.echo(f"no mistake so far; {result.left} cells are left")
    return 5 if result.wrong else 0
