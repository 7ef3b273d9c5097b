"""`futoshiki explain`."""

from __future__ import annotations

import json

import click

from futoshiki.cli.puzzles import puzzle_from
from futoshiki.solving.explain import explain
from futoshiki.solving.steps import name


@click.command("explain")
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a step.")
def command(source: str, as_json: bool) -> int:
    """The easiest path through the puzzle in SOURCE, step by step."""
    explanation = explain(puzzle_from(source))
    for number, step in enumerate(explanation.steps, 1):
        if as_json:
            fields = {"technique": step.technique, "cells": step.cells, "removed": step.removed, "placed": step.placed}
            click.echo(json.dumps({**fields, "sentence": step.sentence}))
        elif step.technique != "exclusion":
            placed = f"  [{name(step.placed[:2])} = {step.placed[2]}]" if step.placed else ""
            click.echo(f"{number:4}  {step.technique}: {step.sentence}{placed}")
    if explanation.solution is None:
        click.echo("deduction ends here: the puzzle has several solutions, or none", err=True)
        return 6
    return 0
