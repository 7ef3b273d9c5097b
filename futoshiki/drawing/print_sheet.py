"""Puzzles to print, several per page and with their solutions at the end, as PDF, SVG or PNG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from futoshiki.errors import MissingPartError, PuzzleError
from futoshiki.files import write_file
from futoshiki.puzzle import Grid, Less, Puzzle
from futoshiki.solving import solve

try:
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
except ImportError as error:
    raise MissingPartError("printing puzzles needs matplotlib: pip install 'futoshiki[print]'") from error

FORMATS = (".pdf", ".svg", ".png")
PAPERS = {"a4": (8.27, 11.69), "letter": (8.5, 11.0)}
"""Width and height in inches."""
LAYOUTS = {1: (1, 1), 2: (1, 2), 4: (2, 2), 6: (2, 3), 9: (3, 3), 12: (3, 4)}
"""Columns and rows for each number of puzzles per page."""
SOLUTIONS_PER_PAGE = 12
"""Least number of solutions per page; nobody writes into them, so they may be small."""
DPI = 200
"""Dots per inch of a PNG."""
POINTS = 72
"""Points per inch: matplotlib measures letters and lines in points, and figures in inches."""


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


@dataclass(frozen=True)
class BoardStyle:
    """Measures of a printed puzzle in pitches, the distance between neighbouring cell centres."""

    cell: float = 0.62  # Side of a cell: signs stand in the gaps, as newspapers print them
    around: float = 0.55  # Distance from the outer cell centres to the edge of the drawing
    line: float = 0.025  # Width of a cell's frame
    sign_line: float = 0.04  # Width of a sign's strokes
    sign_depth: float = 0.067  # Half the distance from the tip of a sign to its open side
    sign_width: float = 0.1005  # Half the width of a sign at its open side
    digit: float = 0.3844  # Size of a digit
    two_digits: float = 0.31  # Size of a number with two digits


PAGE, BOARD = PageStyle(), BoardStyle()


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
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise PuzzleError(f"{path}: expected a name that ends in {', '.join(FORMATS)}")
    if per_page not in LAYOUTS or paper not in PAPERS or not puzzles:
        raise PuzzleError(f"expected puzzles, {', '.join(map(str, LAYOUTS))} per page, and paper {' or '.join(PAPERS)}")
    captions = list(captions) + [""] * (len(puzzles) - len(captions))
    titles = [f"{k + 1}   {caption}".strip() for k, caption in enumerate(captions)]
    filled = [_solution(puzzle) for puzzle in puzzles] if solutions else []
    figures = list(_pages("Futoshiki", puzzles, titles, [None] * len(puzzles), per_page, paper))
    if solutions:
        numbers = [f"{k + 1}" for k in range(len(puzzles))]
        figures += _pages("Solutions", puzzles, numbers, filled, max(per_page, SOLUTIONS_PER_PAGE), paper)
    paths = [path]
    if suffix != ".pdf" and len(figures) > 1:
        paths = [path.with_name(f"{path.stem}-{k + 1}{path.suffix}") for k in range(len(figures))]
    if suffix == ".pdf":
        content = BytesIO()
        with PdfPages(content, metadata={"Title": "Futoshiki", "CreationDate": None}) as book:
            for figure in figures:
                book.savefig(figure)
        write_file(path, content.getvalue())
    else:
        for figure, target in zip(figures, paths, strict=True):
            content = BytesIO()
            figure.savefig(content, format=suffix[1:], dpi=DPI, metadata={"Date": None} if suffix == ".svg" else None)
            write_file(target, content.getvalue())
    return paths


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
            _draw(axes, puzzles[k], filled[k], side / puzzles[k].size)
        yield figure


def _draw(axes: Axes, puzzle: Puzzle, filled: Grid | None, pitch: float) -> None:
    """Draw one puzzle. `pitch` is the distance between neighbouring cell centres in points."""
    n = puzzle.size
    low, high = -BOARD.around, n - 1 + BOARD.around
    axes.set_xlim(low, high)
    axes.set_ylim(high, low)
    axes.set_aspect("equal", anchor="NW")
    axes.axis("off")
    for r in range(n):
        for c in range(n):
            corner = (c - BOARD.cell / 2, r - BOARD.cell / 2)
            axes.add_patch(Rectangle(corner, BOARD.cell, BOARD.cell, fill=False, linewidth=pitch * BOARD.line))
            given = puzzle.givens[r][c]
            value = given or (filled[r][c] if filled else 0)
            if value:
                weight = "bold" if given else "normal"
                size = pitch * (BOARD.digit if value < 10 else BOARD.two_digits)
                axes.text(c, r, str(value), ha="center", va="center_baseline", fontsize=size, fontweight=weight)
    for sign in puzzle.less:
        axes.plot(*_sign(sign), color="black", linewidth=pitch * BOARD.sign_line, solid_joinstyle="miter")


def _sign(less: Less) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The x and y coordinates of the three points of a sign, in pitches; its tip points to the smaller value."""
    r1, c1, r2, c2 = less
    x, y, ahead, down = (c1 + c2) / 2, (r1 + r2) / 2, c1 - c2, r1 - r2  # the middle, and the step to the smaller cell
    depth, width = BOARD.sign_depth, BOARD.sign_width
    xs = (x - ahead * depth - down * width, x + ahead * depth, x - ahead * depth + down * width)
    ys = (y - down * depth + ahead * width, y + down * depth, y - down * depth - ahead * width)
    return xs, ys
