"""A board as it is printed, drawn with matplotlib."""

from __future__ import annotations

from dataclasses import dataclass

from futoshiki.errors import MissingPartError
from futoshiki.puzzle import Cell, Grid, Less, Puzzle

try:
    from matplotlib import rc_context as rc_context
    from matplotlib.axes import Axes as Axes
    from matplotlib.backends.backend_pdf import PdfPages as PdfPages
    from matplotlib.figure import Figure as Figure
    from matplotlib.figure import FigureBase as FigureBase
    from matplotlib.font_manager import FontProperties as FontProperties
    from matplotlib.patches import Rectangle
    from matplotlib.textpath import text_to_path as text_to_path
except ImportError as error:
    raise MissingPartError("printing puzzles needs matplotlib: pip install 'futoshiki[print]'") from error

GREY = "0.35"
"""Colour of the numbers of rows and columns."""


@dataclass(frozen=True)
class BoardStyle:
    """Measures of a printed puzzle in pitches, the distance between neighbouring cell centres."""

    cell: float = 0.62  # Side of a cell: signs stand in the gaps, as newspapers print them
    around: float = 0.33  # Distance from the outer cell centres to the edge of the drawing: no white around the frames
    line: float = 0.025  # Width of a cell's frame
    sign_line: float = 0.04  # Width of a sign's strokes
    sign_depth: float = 0.067  # Half the distance from the tip of a sign to its open side
    sign_width: float = 0.1005  # Half the width of a sign at its open side
    digit: float = 0.3844  # Size of a digit
    two_digits: float = 0.31  # Size of a number with two digits
    frame_line: float = 0.07  # Width of a thick frame
    label: float = 0.24  # Size of a label in the corner of a cell
    number: float = 0.24  # Size of the number of a row or column
    number_place: float = 0.68  # Distance of that number from the first cell centre
    number_room: float = 0.57  # What such numbers add to the edge of the drawing


BOARD = BoardStyle()


def board_pitch(side: float, size: int) -> float:
    """The distance between neighbouring cell centres of a board that is `side` wide."""
    return side / (size - 1 + 2 * BOARD.around)


def digit_size(pitch: float, size: int) -> float:
    """The least size of the numbers on a board, in the unit of `pitch`."""
    return pitch * (BOARD.digit if size < 10 else BOARD.two_digits)


def frame_cell(axes: Axes, cell: Cell, label: str, pitch: float) -> None:
    """Draw a thick frame around a cell of a board, with a small label in its corner."""
    row, column = cell
    side = BOARD.cell + BOARD.frame_line
    corner = (column - side / 2, row - side / 2)
    axes.add_patch(Rectangle(corner, side, side, fill=False, clip_on=False, linewidth=pitch * BOARD.frame_line))
    place = BOARD.cell / 2 - BOARD.label
    axes.text(column - place, row - place, label, ha="center", va="center_baseline", fontsize=pitch * BOARD.label)


def draw_board(axes: Axes, puzzle: Puzzle, filled: Grid | None, pitch: float, *, numbered: bool = False) -> None:
    """Draw one puzzle with the values in `filled`, where 0 is blank.

    `pitch` is the distance between neighbouring cell centres in points. With `numbered` the numbers of rows and columns stand
    at the left and upper edge.
    """
    n = puzzle.size
    low, high = -BOARD.around - BOARD.number_room * numbered, n - 1 + BOARD.around
    axes.set_xlim(low, high)
    axes.set_ylim(high, low)
    axes.set_aspect("equal", anchor="NW")
    axes.axis("off")
    for r in range(n):
        for c in range(n):
            corner = (c - BOARD.cell / 2, r - BOARD.cell / 2)
            axes.add_patch(Rectangle(corner, BOARD.cell, BOARD.cell, fill=False, clip_on=False, linewidth=pitch * BOARD.line))
            given = puzzle.givens[r][c]
            value = given or (filled[r][c] if filled else 0)
            if value:
                weight = "bold" if given else "normal"
                size = pitch * (BOARD.digit if value < 10 else BOARD.two_digits)
                axes.text(c, r, str(value), ha="center", va="center_baseline", fontsize=size, fontweight=weight)
    for k in range(n) if numbered else ():
        for x, y in ((k, -BOARD.number_place), (-BOARD.number_place, k)):
            size = pitch * BOARD.number
            axes.text(x, y, str(k + 1), ha="center", va="center_baseline", fontsize=size, color=GREY)
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
