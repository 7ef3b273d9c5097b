"""`futoshiki read`."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from futoshiki.cli.answers import Solver
from futoshiki.cli.inputs import expand
from futoshiki.cli.options import BOARD, EVERY, GRID_MODEL, RECURSIVE
from futoshiki.cli.show import print_result
from futoshiki.errors import ExitCode


@click.command("read")
@click.argument("inputs", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line, without solutions.")
@BOARD
@EVERY
@RECURSIVE
@GRID_MODEL
def command(
    inputs: tuple[str, ...], as_json: bool, board: int | None, every: bool, recursive: bool, grid_model: Path | None
) -> int:
    """Read the clues in each INPUT and print them with their game ID. No solution is shown and no picture written.

    INPUT and exit codes are those of `futoshiki solve`.
    """
    console, errors = Console(highlight=False, emoji=False), Console(stderr=True, highlight=False, emoji=False)
    solver, codes = Solver(grid_model, board=board, every=every), [ExitCode.SOLVED]
    for item in expand(inputs, recursive=recursive):
        answer = solver.answer(item)
        clues = answer.result.without_solutions()
        if as_json:
            click.echo(json.dumps(clues.to_dict()))
        else:
            print_result(console if clues.boards else errors, clues.chosen(every=every), clues_only=True)
        codes.append(answer.code)
    return int(ExitCode.worst(codes))
