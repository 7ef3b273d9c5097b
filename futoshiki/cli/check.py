"""`futoshiki check`."""

from __future__ import annotations

from pathlib import Path

import click

from futoshiki.cli.options import GRID_MODEL
from futoshiki.cli.puzzles import ENTRIES, MARKED, Entries, subject_from
from futoshiki.drawing.marking import Marks
from futoshiki.errors import ExitCode
from futoshiki.solving.hints import check


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
    click.echo(result.message)
    written = subject.draw(Marks(wrong=result.wrong), [result.message], output) if result.wrong or output else None
    if written:
        click.echo(f"written to {written}", err=True)
    return ExitCode.CONTRADICTORY if result.wrong else ExitCode.SOLVED
