"""A page to print: its texts and boards as data, and how they are drawn. Lengths are in points, from the upper left corner."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from futoshiki.drawing.printed_board import FigureBase, FontProperties, board_pitch, draw_board, text_to_path
from futoshiki.puzzle import Grid, Puzzle

LINE = 1.3
"""Distance of two lines of text, in sizes of their letters."""
MEASURED_AT = 100.0
"""Size at which the width of letters is measured."""


@dataclass(frozen=True)
class Text:
    """A line of text. `x` is its left end, its middle or its right end, depending on `align`; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    align: str = "left"
    weight: str = "normal"
    color: str = "black"


@dataclass(frozen=True)
class PlacedBoard:
    """A board by its upper left corner; `filled` holds the values to write into it."""

    x: float
    y: float
    side: float
    puzzle: Puzzle
    filled: Grid | None = None


@dataclass(frozen=True)
class Page:
    """What stands on a page."""

    width: float
    height: float
    texts: tuple[Text, ...] = ()
    boards: tuple[PlacedBoard, ...] = ()

    def draw(self, figure: FigureBase) -> None:
        """Draw the page on a figure of its shape, or on a part of one."""
        for text in self.texts:
            style: dict[str, Any] = {"fontsize": text.size, "fontweight": text.weight, "color": text.color, "ha": text.align}
            figure.text(text.x / self.width, 1 - text.y / self.height, text.text, va="baseline", **style)
        for board in self.boards:
            left, bottom = board.x / self.width, 1 - (board.y + board.side) / self.height
            axes = figure.add_axes((left, bottom, board.side / self.width, board.side / self.height))
            draw_board(axes, board.puzzle, board.filled, board_pitch(board.side, board.puzzle.size))


def text_lines(x: float, top: float, text: str, size: float, width: float, color: str = "black") -> list[Text]:
    """A text in lines of at most this width, from `top` down."""
    return [Text(x, top + size * LINE * (k + 1), line, size, color=color) for k, line in enumerate(wrap(text, size, width))]


def text_height(text: str, size: float, width: float) -> float:
    """The height of a text in lines of at most this width."""
    return len(wrap(text, size, width)) * size * LINE


def wrap(text: str, size: float, width: float) -> list[str]:
    """The text in lines of at most this width, broken at ends of lines and after spaces and commas, not within words."""
    lines: list[str] = []
    for line in text.splitlines():
        room = -1.0
        for part in re.findall(r"[^ ,]*[ ,]+|[^ ,]+", line):
            if text_width(part.rstrip(), size) > room:
                lines.append("")
                room = width
            lines[-1] += part
            room -= text_width(part, size)
    return [line.rstrip() for line in lines]


def text_width(text: str, size: float) -> float:
    """The width of a line of text, without kerning."""
    return sum(map(_letter_width, text)) * size / MEASURED_AT


@cache
def _letter_width(letter: str) -> float:
    width, _, _ = text_to_path.get_text_width_height_descent(letter, FontProperties(size=MEASURED_AT), False)
    return float(width)
