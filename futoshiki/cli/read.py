"""`futoshiki read`."""

from __future__ import annotations

import json
from dataclasses import replace

import click
from rich.console import Console

from futoshiki.cli.inputs import expand
from futoshiki.cli.show import print_result
from futoshiki.cli.solve import solve_input
from futoshiki.result import ExitCode


@click.command("read")
@click.argument("inputs", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object a line, without solutions.")
@click.option("--all", "every", is_flag=True, help="Show every board of a picture, not only the best.")
def command(inputs: tuple[str, ...], as_json: bool, every: bool) -> int:
    """Read the clues in each INPUT and print them with their game ID; nothing is solved or written."""
    console = Console(highlight=False)
    codes = [ExitCode.SOLVED]
    for item in expand(inputs):
        result, code = solve_input(item)
        if as_json:
            clues = replace(result, boards=tuple(replace(board, solution=None) for board in result.boards))
            click.echo(json.dumps(clues.to_dict()))
        else:
            target = console if result.boards else Console(stderr=True, highlight=False)
            print_result(target, result, every=every, clues_only=True)
        codes.append(code)
    return int(ExitCode.worst(codes))
