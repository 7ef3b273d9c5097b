"""Puzzles to print, several per page and with their solutions at the end, as PDF, SVG or PNG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from futoshiki.drawing.printed_board import Figure, draw_board
from futoshiki.drawing.printed_pages import PAPERS, POINTS, check_format, save_pages
from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving import solve

LAYOUTS = {1: (1, 1), 2: (1, 2), 4: (2, 2), 6: (2, 3), 9: (3, 3), 12: (3, 4)}
"""Columns and rows for each number of puzzles per page."""
SOLUTIONS_PER_PAGE = 12
"""Least number of solutions per page; nobody writes into them, so they may be small."""


@dataclass(frozen=True)
class PageStyle:
    """Measures of a page, as shares of its width and height, and of its headings."""

    margin: float = 0.06
    heading_top: float = 0.045  # Distance of the heading from the top of the page
    heading_size: float = 14  # Points
    width: float = 0.94  # Width of a puzzle, as a share of its part of the page
    height: float = 0.86  # Height of a puzzle, as a share of its part of the page; its caption needs some
    caption_size: float = 0.04  # Size of a caption, as a share of the puzzle's side
    least_caption: float = 7  # Points


PAGE = PageStyle()


def write_sheet(
    path: Path,
    puzzles: Sequence[Puzzle],
    *,
    captions: Sequence[str] = (),
    per_page: int = 4,
    solutions: bool = True,
    paper: str = "a4",
) -> list[Path]:
    """Write the puzzles, then their solutions. Returns the files written.

    A PDF holds all pages. Several pages as SVG or PNG become several files: NAME-1.svg, NAME-2.svg, and so on. Each of
    the `captions` stands above its puzzle, after the puzzle's number.

    Raises:
        PuzzleError: a puzzle has no solution to print, or an argument is not one of those that are known.
        OutputError: a file cannot be written.
    """
    check_format(path)
    if per_page not in LAYOUTS or paper not in PAPERS or not puzzles:
        raise PuzzleError(f"expected puzzles, {', '.join(map(str, LAYOUTS))} per page, and paper {' or '.join(PAPERS)}")
    captions = list(captions) + [""] * (len(puzzles) - len(captions))
    titles = [f"{k + 1}   {caption}".strip() for k, caption in enumerate(captions)]
    filled = [_solution(puzzle) for puzzle in puzzles] if solutions else []
    figures = list(_pages("Futoshiki", puzzles, titles, [None] * len(puzzles), per_page, paper))
    if solutions:
        numbers = [f"{k + 1}" for k in range(len(puzzles))]
        figures += _pages("Solutions", puzzles, numbers, filled, max(per_page, SOLUTIONS_PER_PAGE), paper)
    return save_pages(path, figures, "Futoshiki")


def _solution(puzzle: Puzzle) -> Grid:
    solution = solve(puzzle, limit=1).solution
    if solution is None:
        raise PuzzleError("a puzzle without a solution cannot be printed with its solution")
    return solution


def _pages(
    heading: str, puzzles: Sequence[Puzzle], titles: Sequence[str], filled: Sequence[Grid | None], per_page: int, paper: str
) -> Iterator[Figure]:
    """The pages with the puzzles under their titles; those with a grid in `filled` are filled in."""
    columns, rows = LAYOUTS[per_page]
    width, height = PAPERS[paper]
    part_width, part_height = (1 - 2 * PAGE.margin) / columns, (1 - 2 * PAGE.margin) / rows
    for first in range(0, len(puzzles), per_page):
        figure = Figure(figsize=(width, height))
        figure.text(PAGE.margin, 1 - PAGE.heading_top, heading, fontsize=PAGE.heading_size, fontweight="bold")
        for k in range(first, min(first + per_page, len(puzzles))):
            row, column = divmod(k - first, columns)
            left, bottom = PAGE.margin + column * part_width, 1 - PAGE.margin - (row + 1) * part_height
            axes = figure.add_axes((left, bottom, part_width * PAGE.width, part_height * PAGE.height))
            side = min(part_width * PAGE.width * width, part_height * PAGE.height * height) * POINTS
            axes.set_title(titles[k], fontsize=max(side * PAGE.caption_size, PAGE.least_caption), loc="left")
            draw_board(axes, puzzles[k], filled[k], side / puzzles[k].size)
        yield figure
