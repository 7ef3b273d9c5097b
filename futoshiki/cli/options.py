"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from futoshiki.clue_text import parse_clue
from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Clue
from futoshiki.text import shown

if TYPE_CHECKING:
    from futoshiki.reading.reader import Reader

PAGE_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?", re.ASCII)
"""A page, or the first and the last of several."""
PICTURES = click.option(
    "--pictures",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the labelled pictures, by default that of the labels.",
)
STORED = click.option(
    "--stored-pixels", is_flag=True, help="The outlines were drawn on the stored pixels, ignoring EXIF orientation."
)
CATEGORIES = click.option(
    "--category", "categories", multiple=True, metavar="NAME", help="Only outlines of this category of the labels; repeatable."
)
GUESSES = click.option("--guesses", is_flag=True, help="Use outlines that are marked as guesses, too.")
BOARD = click.option(
    "--board", type=click.IntRange(1), help="Only this board of a picture, counted row by row from the top left."
)
PAGE = click.option("--page", type=click.IntRange(1), help="The page of a PDF or TIFF that the puzzle is on.")


def _ranges(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[range, ...]:
    matches = [(text, PAGE_RANGE.fullmatch(text)) for text in texts]
    bounds = [(text, int(match[1]), int(match[2] or match[1])) for text, match in matches if match]
    for text, first, last in [*bounds, *((text, 0, 0) for text, match in matches if not match)]:
        if not 1 <= first <= last:
            raise click.BadParameter(f"{shown(text)}: expected the number of a page, such as 3, or of the first and last, 3-7")
    return tuple(range(first, last + 1) for _, first, last in bounds)


PAGES = click.option(
    "--page",
    "pages",
    multiple=True,
    metavar="N|N-M",
    callback=_ranges,
    help="Only this page of a PDF or TIFF, or these: 3 or 3-7. Repeatable.",
)
TEXT_OUTPUT = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File for what is printed; - is standard output."
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")


def _clues(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[Clue, ...]:
    try:
        return tuple(parse_clue(text) for text in texts)
    except PuzzleError as error:
        raise click.BadParameter(str(error)) from error


CLUES = click.option(
    "--set",
    "clues",
    multiple=True,
    metavar="CLUE",
    callback=_clues,
    help='Correct a clue: r3c2=4, r3c2=0 (blank), "r1c1<r1c2" or "r1c1|r1c2" (no sign); B3=4 is r3c2=4. Repeatable.',
)
EVERY = click.option("--all", "every", is_flag=True, help="Complete boards of a picture, too, not only the open ones.")
RECURSIVE = click.option("--recursive", is_flag=True, help="Of a folder take the pictures in its subfolders, too.")
GRID_MODEL = click.option(
    "--grid-model",
    type=click.Path(exists=True, path_type=Path),
    help="Find puzzles with the network of this training run (a folder or ONNX file).",
)


def reader_with(grid_model: Path | None) -> Reader:
    """The default reader, or one with the grid network of a training run.

    Raises:
        MissingPartError: the run holds no network that can be used.
    """
    from futoshiki.networks.shipped import Networks, trained_network

    networks = Networks(grid=trained_network(grid_model)) if grid_model else Networks()
    networks.load_ahead()  # while the reader's modules are imported and the picture is loaded
    from futoshiki.reading.reader import Reader

    return Reader(networks)


def refuse_clues_for_several(clues: Sequence[Clue], inputs: Sequence[object]) -> None:
    """End the command if clues are set and there are several inputs that they might belong to.

    Raises:
        click.UsageError: there are.
    """
    if clues and len(inputs) > 1:
        raise click.UsageError("--set corrects a single puzzle: give one input")
