"""`futoshiki read`."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from futoshiki.cli.answers import Solver
from futoshiki.cli.inputs import expand
from futoshiki.cli.options import (
    BOARD,
    CLUES,
    EVERY,
    GRID_MODEL,
    PAGES,
    QUIET,
    RECURSIVE,
    TEXT_OUTPUT,
    refuse_clues_for_several,
)
from futoshiki.cli.outputs import refuse_overwriting, text_output
from futoshiki.cli.show import print_result
from futoshiki.errors import ExitCode
from futoshiki.puzzle import Clue


@click.command("read")
@click.argument("inputs", nargs=-1, required=True)
@TEXT_OUTPUT
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line, without solutions.")
@PAGES
@BOARD
@EVERY
@CLUES
@QUIET
@RECURSIVE
@GRID_MODEL
def command(
    inputs: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    pages: tuple[range, ...],
    board: int | None,
    every: bool,
    clues: tuple[Clue, ...],
    quiet: bool,
    recursive: bool,
    grid_model: Path | None,
) -> int:
    """Read the clues in each INPUT and print them with their game ID. No solution is shown and no picture written.

    INPUT and exit codes are those of `futoshiki solve`.
    """
    items = list(expand(inputs, recursive=recursive, pages=pages))
    refuse_clues_for_several(clues, items)
    if output:
        for item in items:
            refuse_overwriting(output, item.path)
    errors = Console(stderr=True, highlight=False, emoji=False)
    solver, codes = Solver(grid_model, clues, board=board, every=every), [ExitCode.SOLVED]
    with text_output(output) as out:
        console = Console(file=out, quiet=quiet and output is None, highlight=False, emoji=False)
        for item in items:
            answer = solver.answer(item)
            read = answer.result.without_solutions()
            if as_json:
                click.echo(json.dumps(read.to_dict()), file=out)
            else:
                print_result(console if read.boards else errors, read.chosen(every=every), clues_only=True)
            codes.append(answer.code)
    return int(ExitCode.worst(codes))
