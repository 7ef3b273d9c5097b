"""`futoshiki explain`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click

from futoshiki.cli.outputs import is_stdout, text_output
from futoshiki.cli.puzzles import Asked, puzzle_command, subject_of
from futoshiki.formats import SHEETS, TEXTS
from futoshiki.solving.hints import Hint, hints

LEAD = " " * 6
"""Indent of the steps before a placement, and of its reason."""


@puzzle_command("explain", "File for boards with the steps (.pdf, .svg, .png), or for what is printed (.txt, .json, -).")
def command(asked: Asked) -> int:
    """The whole way through the puzzle in SOURCE, digit by digit, each the one that is easiest to see.

    If the puzzle has several solutions or none, the way ends where deduction does, followed by what is wrong with the puzzle.
    With --json there is one object a digit.
    """
    if asked.output and not is_stdout(asked.output) and asked.output.suffix.lower() not in (*SHEETS, *TEXTS):
        raise click.UsageError(f"{asked.output}: expected a name that ends in {', '.join((*SHEETS, *TEXTS))}")
    subject = subject_of(asked)
    way = hints(subject.puzzle, budget=subject.budget)
    if asked.output and asked.output.suffix.lower() in SHEETS:
        from futoshiki.drawing.step_sheet import write_steps

        for path in write_steps(asked.output, subject.puzzle, list(way)):
            asked.told(path)
    elif asked.output or not asked.quiet:
        with text_output(asked.output) as out:
            for number, step in enumerate(way, 1):
                for line in [json.dumps(_fields(step))] if asked.as_json else _lines(number, step):
                    click.echo(line, file=out)
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
