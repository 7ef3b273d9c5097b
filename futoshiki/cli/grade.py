"""`futoshiki grade`."""

from __future__ import annotations

import click

from futoshiki.cli.puzzles import subject_from
from futoshiki.solving.explain import grade


@click.command("grade")
@click.argument("source")
def command(source: str) -> int:
    """How hard the puzzle in SOURCE is: Simon Tatham's level, and a score."""
    subject = subject_from(source)
    found = grade(subject.puzzle, budget=subject.budget)
    click.echo(f"{found.difficulty.name.lower()}, score {found.score}")
    return 0
