"""One puzzle from one argument, for the commands that help a player."""

from __future__ import annotations

import click

from futoshiki.cli.inputs import expand
from futoshiki.cli.solve import solve_input
from futoshiki.puzzle import Puzzle

ENTRIES = click.option("--entries", default="", metavar="r1c2=3,…", help="What you have filled in so far.")


def puzzle_from(argument: str) -> Puzzle:
    """The puzzle in a picture, text, JSON file, game ID or standard input; ends the command where there is none.

    A picture's reading is taken as it is: `futoshiki read` shows it, with its doubts.
    """
    result, code = solve_input(next(iter(expand([argument]))))
    if result.board is None:
        click.echo(f"{result.source}: {result.error}", err=True)
        raise click.exceptions.Exit(int(code))
    for doubt in result.board.doubts:
        from futoshiki.cli.show import doubt_text

        click.echo(f"read with doubt: {doubt_text(doubt)}", err=True)
    return result.board.puzzle
