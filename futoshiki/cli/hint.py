"""`futoshiki hint`."""

from __future__ import annotations

from pathlib import Path

import click

from futoshiki.cli.options import GRID_MODEL
from futoshiki.cli.puzzles import ENTRIES, MARKED, Entries, subject_from
from futoshiki.drawing.marking import hint_marks
from futoshiki.solving.hints import hint


@click.command("hint")
@click.argument("source")
@ENTRIES
@click.option("--level", type=click.IntRange(1, 3), default=1, show_default=True,
              help="1: where to look. 2: and why. 3: and the move.")  # fmt: skip
@MARKED
@GRID_MODEL
def command(source: str, entries: Entries | None, level: int, output: Path | None, grid_model: Path | None) -> int:
    """The step that is easiest to see in SOURCE (a picture, text, JSON file or game ID), in as much detail as you ask for.

    For a picture, a copy is written with the cells marked and the sentences below.
    """
    subject = subject_from(source, grid_model)
    found = hint(subject.puzzle, subject.entries(entries), budget=subject.budget)
    sentences = (found.where, found.why, found.move)[:level]
    for sentence in sentences:
        click.echo(sentence)
    written = subject.draw(hint_marks(found, level), sentences, output)
    if written:
        click.echo(f"written to {written}", err=True)
    return 0
