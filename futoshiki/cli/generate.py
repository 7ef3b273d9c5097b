"""`futoshiki generate`."""

from __future__ import annotations

import json
import random
from pathlib import Path

import click
from rich.console import Console

from futoshiki.cli.show import board_on
from futoshiki.errors import PuzzleError
from futoshiki.notation import format_game_id, to_dict
from futoshiki.solving.explain import grade
from futoshiki.solving.generate import LARGEST, SMALLEST, generate
from futoshiki.solving.steps import Difficulty

LEVELS = [level.name.lower() for level in Difficulty]
RANDOM_SEEDS = 1_000_000
"""Number of seeds that one is drawn from if none is given; small enough to be typed again."""


@click.command("generate")
@click.option("-s", "--size", type=click.IntRange(SMALLEST, LARGEST), default=5, show_default=True, help="Rows and columns.")
@click.option("-d", "--difficulty", type=click.Choice(LEVELS), default="easy", show_default=True, help="Hardest step needed.")
@click.option("-n", "--count", type=click.IntRange(1), default=1, show_default=True, help="Number of puzzles.")
@click.option("--seed", type=int, help="Seed of the first puzzle; the next ones count up. A seed always gives the same puzzle.")
@click.option(
    "--clues", type=click.FloatRange(0, 1), help="Share of all digits and signs to show; as few as possible by default."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Print to a .pdf, .svg or .png file.")
@click.option(
    "--per-page",
    type=click.Choice(["1", "2", "4", "6", "9", "12"]),
    default="4",
    show_default=True,
    help="Puzzles on a printed page; fewer are printed larger.",
)
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True, help="Size of a printed page.")
@click.option("--no-solutions", is_flag=True, help="Print no pages with solutions.")
@click.option(
    "--booklet",
    is_flag=True,
    help="Lay out the PDF as a booklet to fold, two pages on each side of a sheet. "
    "Print it in actual size, on both sides, flipped on the short edge.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
def command(
    size: int,
    difficulty: str,
    count: int,
    seed: int | None,
    clues: float | None,
    output: Path | None,
    per_page: str,
    paper: str,
    no_solutions: bool,
    booklet: bool,
    as_json: bool,
) -> int:
    """Make new puzzles, each with exactly one solution, to solve in the terminal or to print.

    In a pipe, only their game IDs are written, one per line, which `futoshiki solve -` reads.
    """
    if booklet and output is None:
        raise click.UsageError("--booklet needs a PDF to write to: add -o puzzles.pdf")
    if output:
        from futoshiki.drawing.print_sheet import check_target

        check_target(output, booklet)
    first = random.randrange(RANDOM_SEEDS) if seed is None else seed
    puzzles, captions = [], []
    for k in range(count):
        try:
            puzzle = generate(size, difficulty, first + k, clues=clues)
        except PuzzleError as error:
            raise click.UsageError(str(error)) from error
        score = grade(puzzle).score
        puzzles.append(puzzle)
        captions.append(f"{score} points, seed {first + k}")
        if as_json:
            about = {"seed": first + k, "difficulty": difficulty, "score": score, "game_id": format_game_id(puzzle)}
            click.echo(json.dumps({**about, **to_dict(puzzle)}))
        elif output is None and not Console(emoji=False).is_terminal:
            click.echo(format_game_id(puzzle))
        elif output is None:
            console = Console(highlight=False, emoji=False)
            console.print(f"seed {first + k}: {size} x {size}, {difficulty}, {score} points", style="bold")
            console.print(board_on(console, puzzle))
            console.print(format_game_id(puzzle), soft_wrap=True)
    if output:
        from futoshiki.drawing.print_sheet import Sheet

        again = f"futoshiki generate -s {size} -d {difficulty} -n {count} --seed {first}"
        sheet = Sheet(
            puzzles,
            captions=captions,
            about=f"{size} × {size}, {difficulty}",
            footer=f"{again} --clues {clues}" if clues else again,
            per_page=int(per_page),
            solutions=not no_solutions,
            paper=paper,
            booklet=booklet,
        )
        paths = sheet.write(output)
        seeds = f"seed {first}" if count == 1 else f"seeds {first} to {first + count - 1}"
        click.echo(f"written to {', '.join(map(str, paths))} ({seeds})", err=True)
    return 0
