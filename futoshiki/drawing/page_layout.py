"""Where the boards of a printed page stand. Lengths are in points, from the upper left corner of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

PER_PAGE = (1, 2, 4, 6, 9, 12)
"""Numbers of boards that a page may have room for."""
MARGIN = 30.0
"""White edge of a page in points (10.6 mm); printers need up to 10 mm."""
CAPTION = 18.0
"""Height of the line above a board."""
FOOTER = 20.0
"""Height of the last line of a page with the white above it."""
COLUMN_GAP = 18.0
"""Least white between two boards beside each other; it separates the lines above them."""
ROW_GAP = CAPTION + 11.0
"""Least white between a board with the text below it and the next row of boards, whose captions it holds."""

HeightOfText = Callable[[float], float]
"""Height of a text that is broken into lines of a given width."""


@dataclass(frozen=True)
class Layout:
    """Rows and columns of boards of one size. Each has a line above it and `below` points of text below it.

    They reach from margin to margin; a single row or column stands in the middle.
    """

    width: float
    height: float
    columns: int
    rows: int
    head: float
    side: float
    below: float

    def corner(self, k: int) -> tuple[float, float]:
        """The upper left corner of board `k`, counted row by row."""
        row, column = divmod(k, self.columns)
        across, down = _rooms(self.width, self.height, self.head)
        x, y = _place(column, self.columns, across - self.side), _place(row, self.rows, down - self.side - self.below)
        return MARGIN + x, MARGIN + self.head + CAPTION + y


def best_layout(papers: Iterable[tuple[float, float]], count: int, gap: float, head: HeightOfText, below: HeightOfText) -> Layout:
    """The layout with the largest boards: `count` of them on one of the papers (width and height), in full rows.

    At least the share `gap` of a board's side is left white around it. `head` is the height of what stands at the top of the
    page, `below` that of the text below a board.
    """
    shapes = [(columns, count // columns) for columns in range(1, count + 1) if count % columns == 0]
    layouts = (_layout(paper, columns, rows, gap, head, below) for paper in papers for columns, rows in shapes)
    return max(layouts, key=lambda layout: layout.side)


def _layout(paper: tuple[float, float], columns: int, rows: int, gap: float, head: HeightOfText, below: HeightOfText) -> Layout:
    top = head(paper[0] - 2 * MARGIN)
    across, down = _rooms(*paper, top)
    side = _side(across, columns, COLUMN_GAP, gap)
    # a smaller board makes the text below it narrower and so higher
    while side > 0 and side > (fitting := _side(down - rows * below(side), rows, ROW_GAP, gap)):
        side = fitting
    return Layout(*paper, columns, rows, top, side, below(side))


def _rooms(width: float, height: float, head: float) -> tuple[float, float]:
    """Width and height of the part of a page for boards, below the captions of the first row."""
    return width - 2 * MARGIN, height - 2 * MARGIN - head - CAPTION - FOOTER


def _side(room: float, count: int, least_gap: float, gap: float) -> float:
    """The side of the largest boards of which `count` have room in a line."""
    return min((room - (count - 1) * least_gap) / count, room / (count + (count - 1) * gap))


def _place(k: int, count: int, white: float) -> float:
    """Where the board `k` of a line of them begins, if `white` is what one of them leaves of the line."""
    return white * (k / (count - 1) if count > 1 else 0.5)
