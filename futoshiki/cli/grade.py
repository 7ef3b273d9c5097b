"""`futoshiki grade`."""

from __future__ import annotations

import click

from futoshiki.cli.puzzles import puzzle_from
from futoshiki.solving import solve
from futoshiki.solving.explain import grade


@click.command("grade")
@click.argument("source")
def command(source: str) -> int:
    """How hard the puzzle in SOURCE is: Simon Tatham's level, and a score."""
    puzzle = puzzle_from(source)
    outcome = solve(puzzle, timeout=20)
    if outcome.status != "one":
        says = {"none": "no solution", "several": "several solutions"}.get(outcome.status, "no proof of one solution in 20 s")
        click.echo(f"not graded: the puzzle has {says}", err=True)
        return 5 if outcome.status == "none" else 6
    found = grade(puzzle)
    click.echo(f"{found.difficulty.name.lower()}, score {found.score}")
    return 0
