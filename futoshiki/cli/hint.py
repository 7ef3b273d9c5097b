"""`futoshiki hint`."""

from __future__ import annotations

import click

from futoshiki.cli.puzzles import ENTRIES, puzzle_from
from futoshiki.notation import parse_entries
from futoshiki.solving.hints import hint


@click.command("hint")
@click.argument("source")
@ENTRIES
@click.option("--level", type=click.IntRange(1, 3), default=1, show_default=True,
              help="1: where to look. 2: and why. 3: and the move.")  # fmt: skip
def command(source: str, entries: str, level: int) -> int:
    """The next simplest step in SOURCE (a picture, text, JSON file or game ID), as far as you ask for it."""
    found = hint(puzzle_from(source), parse_entries(entries))
    for sentence in (found.where, found.why, found.move)[:level]:
        click.echo(sentence)
    return 0
