"""`futoshiki explain`."""

from __future__ import annotations

import json

import click

from futoshiki.cli.puzzles import subject_from
from futoshiki.solving.diagnose import only_solution
from futoshiki.solving.explain import explain
from futoshiki.solving.steps import name


@click.command("explain")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a step.")
def command(source: str, as_json: bool) -> int:
    """The easiest path through the puzzle in SOURCE, step by step.

    Where the puzzle has several solutions or none, the way goes as far as deduction does, and what
    is wrong with the puzzle is said at its end.
    """
    puzzle = subject_from(source).puzzle
    for number, step in enumerate(explain(puzzle).steps, 1):
        if as_json:
            fields = {"technique": step.technique, "cells": step.cells, "removed": step.removed, "placed": step.placed}
            evidence = {"line": step.line, "values": step.values}
            click.echo(json.dumps({**fields, **evidence, "sentence": step.sentence}))
        elif step.technique != "exclusion":
            placed = f"  [{name(step.placed[:2])} = {step.placed[2]}]" if step.placed else ""
            click.echo(f"{number:4}  {step.technique}: {step.sentence}{placed}")
    only_solution(puzzle)
    return 0
