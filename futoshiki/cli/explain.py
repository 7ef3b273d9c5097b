"""`futoshiki explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from futoshiki.cli.options import GRID_MODEL
from futoshiki.cli.puzzles import subject_from
from futoshiki.solving.hints import Hint, hints

LEAD = " " * 6
"""Indent of the steps before a placement, and of its reason."""


@click.command("explain")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a placement, with its steps.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Print boards with the steps to a .pdf, .svg or .png file.",
)
@GRID_MODEL
def command(source: str, as_json: bool, output: Path | None, grid_model: Path | None) -> int:
    """The whole way through the puzzle in SOURCE, digit by digit, each the one that is easiest to see.

    If the puzzle has several solutions or none, the way ends where deduction does, followed by what is wrong with the puzzle.
    """
    if output:
        from futoshiki.drawing.printed_pages import check_format

        check_format(output)
    subject = subject_from(source, grid_model)
    steps: list[Hint] = []
    for step in hints(subject.puzzle, budget=subject.budget):
        steps.append(step)
        if as_json:
            click.echo(json.dumps(_fields(step)))
        elif output is None:
            for line in _lines(len(steps), step):
                click.echo(line)
    if output:
        from futoshiki.drawing.step_sheet import write_steps

        paths = write_steps(output, subject.puzzle, steps)
        click.echo(f"written to {', '.join(map(str, paths))}", err=True)
    return 0


def _lines(number: int, step: Hint) -> Iterator[str]:
    """A numbered placement with its reason, and below it the steps that the reason only counts."""
    yield f"{number:4}  {step.why}"
    for detail in step.details:
        yield f"{LEAD}- {detail}"


def _fields(step: Hint) -> dict[str, Any]:
    """A placement as JSON values; rows and columns count from 0."""
    steps = [
        {
            "technique": one.technique,
            "cells": one.cells,
            "removed": one.removed,
            "placed": one.placed,
            "line": one.line,
            "values": one.values,
            "sentence": one.sentence,
        }
        for one in step.steps
    ]
    return {"placed": step.placed, "why": step.why, "details": step.details, "cells": step.cells, "steps": steps}
