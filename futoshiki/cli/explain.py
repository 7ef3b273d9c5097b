"""`futoshiki explain`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from futoshiki.cli.options import GRID_MODEL
from futoshiki.cli.puzzles import subject_from
from futoshiki.solving.diagnose import only_solution, time_up
from futoshiki.solving.explain import explain
from futoshiki.solving.techniques import EXCLUSION


@click.command("explain")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a step.")
@GRID_MODEL
def command(source: str, as_json: bool, grid_model: Path | None) -> int:
    """The easiest path through the puzzle in SOURCE, step by step.

    If the puzzle has several solutions or none, the path ends where deduction does, followed by what
    is wrong with the puzzle.
    """
    subject = subject_from(source, grid_model)
    explanation = explain(subject.puzzle, budget=subject.budget)
    number = 0
    for step in explanation.steps:
        if as_json:
            fields = {"technique": step.technique, "cells": step.cells, "removed": step.removed, "placed": step.placed}
            evidence = {"line": step.line, "values": step.values}
            click.echo(json.dumps({**fields, **evidence, "sentence": step.sentence}))
        elif step.technique != EXCLUSION.name:
            number += 1
            placed = f"  [{step.placed.cell} = {step.placed.value}]" if step.placed else ""
            click.echo(f"{number:4}  {step.technique}: {step.sentence}{placed}")
    if explanation.timed_out:
        raise time_up(subject.budget)
    if explanation.solution is None:
        only_solution(subject.puzzle, budget=subject.budget)  # raises the error that names the fault
    return 0
