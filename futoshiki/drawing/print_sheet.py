"""Puzzles to print: several a page, solutions at the end, as PDF, SVG or PNG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from futoshiki.errors import MissingPartError, PuzzleError
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving import solve

try:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
except ImportError as error:
    raise MissingPartError("printing puzzles needs matplotlib: pip install 'futoshiki[print]'") from error

PAPERS = {"a4": (8.27, 11.69), "letter": (8.5, 11.0)}
"""Width and height in inches."""
LAYOUTS = {1: (1, 1), 2: (1, 2), 4: (2, 2), 6: (2, 3), 9: (3, 3), 12: (3, 4)}
"""Columns and rows for so many puzzles a page."""
SOLUTIONS_A_PAGE = 12
FORMATS = (".pdf", ".svg", ".png")
DPI = 200
MARGIN = 0.06
"""Of the page, on every side."""
CELL = 0.62
"""Side of a cell over the distance of two cells' centres: signs stand in the gap, as newspapers print them."""
SIGN = 0.1
"""Half the height of a sign, in pitches; it is two thirds as deep."""
POINTS = 72


def write_sheet(
    path: Path, puzzles: Sequence[Puzzle], *, captions: Sequence[str] = (), per_page: int = 4, solutions: bool = True,
    paper: str = "a4",
) -> list[Path]:  # fmt: skip
    """Write the puzzles, then their solutions; returns the files written.

    A PDF holds all pages; SVG and PNG (200 dots an inch) make a file each, NAME-1.svg, NAME-2.svg, …,
    where there are several. `captions` stand over the puzzles after their numbers.

    Raises:
        PuzzleError: a puzzle has no solution to print, or an argument is unknown.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise PuzzleError(f"{path}: expected a name that ends in {', '.join(FORMATS)}")
    if per_page not in LAYOUTS or paper not in PAPERS or not puzzles:
        raise PuzzleError(f"expected puzzles, a page of {', '.join(map(str, LAYOUTS))}, and paper of {', '.join(PAPERS)}")
    captions = list(captions) + [""] * (len(puzzles) - len(captions))
    titles = [f"{k + 1}   {caption}".strip() for k, caption in enumerate(captions)]
    filled = [_solution(puzzle) for puzzle in puzzles] if solutions else []
    figures = list(_pages("Futoshiki", puzzles, titles, [None] * len(puzzles), per_page, paper))
    if solutions:
        numbers = [f"{k + 1}" for k in range(len(puzzles))]
        figures += _pages("Solutions", puzzles, numbers, filled, max(per_page, SOLUTIONS_A_PAGE), paper)
    paths = [path]
    if suffix != ".pdf" and len(figures) > 1:
        paths = [path.with_name(f"{path.stem}-{k + 1}{path.suffix}") for k in range(len(figures))]
    with _book(path) if suffix == ".pdf" else nullcontext() as book:
        for k, figure in enumerate(figures):
            if book:
                book.savefig(figure)
            else:
                figure.savefig(paths[k], dpi=DPI, metadata={"Date": None} if suffix == ".svg" else None)
    return paths


def _book(path: Path) -> AbstractContextManager[Any]:
    return PdfPages(path, metadata={"Title": "Futoshiki", "CreationDate": None})


def _solution(puzzle: Puzzle) -> Grid:
    solution = solve(puzzle, limit=1).solution
    if solution is None:
        raise PuzzleError("a puzzle without a solution cannot be printed with its solution")
    return solution


def _pages(
    heading: str, puzzles: Sequence[Puzzle], titles: Sequence[str], filled: Sequence[Grid | None], per_page: int, paper: str
) -> Iterator[Figure]:
    columns, rows = LAYOUTS[per_page]
    width, height = PAPERS[paper]
    for first in range(0, len(puzzles), per_page):
        figure = Figure(figsize=(width, height))
        figure.text(MARGIN, 1 - 0.75 * MARGIN, heading, fontsize=14, fontweight="bold")
        for k in range(first, min(first + per_page, len(puzzles))):
            row, column = divmod(k - first, columns)
            wide, high = (1 - 2 * MARGIN) / columns, (1 - 2 * MARGIN) / rows
            box = (MARGIN + column * wide, 1 - MARGIN - (row + 1) * high, wide * 0.94, high * 0.86)
            axes = figure.add_axes(box)
            side = min(box[2] * width, box[3] * height) * POINTS
            axes.set_title(titles[k], fontsize=max(side * 0.04, 7), loc="left")
            _draw(axes, puzzles[k], filled[k], side / puzzles[k].size)
        yield figure


def _draw(axes: Axes, puzzle: Puzzle, filled: Grid | None, pitch: float) -> None:
    """One puzzle; `pitch` is the distance of two cells in points."""
    n = puzzle.size
    axes.set_xlim(-0.55, n - 0.45)
    axes.set_ylim(n - 0.45, -0.55)
    axes.set_aspect("equal", anchor="NW")
    axes.axis("off")
    line = pitch * 0.025
    for r in range(n):
        for c in range(n):
            given = puzzle.givens[r][c]
            axes.add_patch(Rectangle((c - CELL / 2, r - CELL / 2), CELL, CELL, fill=False, linewidth=line))
            value = given or (filled[r][c] if filled else 0)
            if value:
                weight = "bold" if given else "normal"
                size = pitch * CELL * (0.62 if value < 10 else 0.5)
                axes.text(c, r, str(value), ha="center", va="center_baseline", fontsize=size, fontweight=weight)
    for r1, c1, r2, c2 in puzzle.less:
        x, y = (c1 + c2) / 2, (r1 + r2) / 2
        dx, dy = (c1 - c2) * SIGN * 0.67, (r1 - r2) * SIGN * 0.67  # from the middle to the tip
        across = (-dy * 1.5, dx * 1.5)
        points = [(x - dx + across[0], y - dy + across[1]), (x + dx, y + dy), (x - dx - across[0], y - dy - across[1])]
        axes.plot(*zip(*points, strict=True), color="black", linewidth=line * 1.6, solid_joinstyle="miter")
