"""`futoshiki grade`."""

from __future__ import annotations

from pathlib import Path

import click

from futoshiki.cli.options import GRID_MODEL
from futoshiki.cli.puzzles import subject_from
from futoshiki.solving.explain import grade


@click.command("grade")
@click.argument("source")
@GRID_MODEL
def command(source: str, grid_model: Path | None) -> int:
    """How hard the puzzle in SOURCE is: Simon Tatham's level, and a score."""
    subject = subject_from(source, grid_model)
    found = grade(subject.puzzle, budget=subject.budget)
    click.echo(f"{found.difficulty.name.lower()}, score {found.score}")
    return 0
