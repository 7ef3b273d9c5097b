"""Marks cells on a photo, with a caption below: hints and mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.board_result import BoardResult
from futoshiki.drawing.solution import drawn_share
from futoshiki.geometry import FIXED_POINT_BITS, cell_quads, fixed_point
from futoshiki.solving.hints import Hint

Mark = Literal["target", "evidence", "wrong"]
"""`target` is a thick frame, `evidence` a thin one, and `wrong` a cross: the forms differ, not only the colours."""


class Pen(NamedTuple):
    """How a mark is drawn: its RGB colour, and the width of a stroke as a share of the cell's side."""

    colour: tuple[int, int, int]
    width: float


PENS: dict[Mark, Pen] = {
    "evidence": Pen((0, 96, 214), 0.045),
    "target": Pen((0, 120, 60), 0.12),
    "wrong": Pen((200, 30, 20), 0.08),
}
"""The marks in the order of drawing: the most important ones come last, on top."""
MIN_STROKE = 2
"""Least width in pixels of a stroke, and of the rim around it (both sides together)."""
RIM = (255, 255, 255)
"""Colour of the rim, which keeps a mark visible on a dark photo."""
LETTER_SHARE, MIN_LETTER = 1 / 34, 13
"""Height of the caption's letters as a share of the picture's width, and the least height in pixels."""
LINE_HEIGHT, PADDING = 1.4, 0.5
"""Height of a line of the caption, and the space above and below all lines, in heights of a letter."""
PAPER, INK = (255, 255, 255), (20, 20, 20)
"""Colours of the caption."""


def draw_marks(
    pixels: np.ndarray, board: BoardResult, marks: Mapping[tuple[int, int], Mark], caption: Sequence[str] = ()
) -> np.ndarray:
    """A copy of the photo (H x W x 3 uint8 RGB) with cells of a board marked and a caption below.

    Each sentence of the caption begins a new line. The picture grows by the height of the caption.
    """
    drawn = pixels.copy()
    quads = cell_quads(np.asarray(board.cells, np.float64), drawn_share(board))
    for kind, pen in PENS.items():
        for (r, c), mark in marks.items():
            if mark == kind:
                _draw_mark(drawn, quads[r, c], pen, crossed=kind == "wrong")
    return np.vstack([drawn, _caption(drawn.shape[1], caption)]) if caption else drawn


def hint_marks(found: Hint, level: int) -> dict[tuple[int, int], Mark]:
    """The cells to mark for a hint at a level, 1 to 3.

    Level 1 does not mark a mistake, since its sentence names only the row. The evidence is marked from level 2 on, where
    the reason is given.
    """
    if found.kind == "mistake":
        return {} if level == 1 else dict.fromkeys(found.cells, "wrong")
    marks: dict[tuple[int, int], Mark] = dict.fromkeys(found.cells, "evidence") if level > 1 else {}
    if found.placed:
        marks[found.placed[:2]] = "target"
    return marks


def _draw_mark(pixels: np.ndarray, quad: np.ndarray, pen: Pen, *, crossed: bool) -> None:
    side = float(np.linalg.norm(quad[1] - quad[0]))
    width = max(round(pen.width * side), MIN_STROKE)
    strokes = [quad[[0, 2]], quad[[1, 3]]] if crossed else [quad[[0, 1, 2, 3, 0]]]
    for colour, thickness in ((RIM, width + max(width // 2, MIN_STROKE)), (pen.colour, width)):
        for stroke in strokes:
            cv2.polylines(pixels, [fixed_point(stroke)], False, colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)


def _caption(width: int, sentences: Sequence[str]) -> np.ndarray:
    """The sentences on a strip as wide as the picture, H x W x 3 uint8."""
    size = max(round(width * LETTER_SHARE), MIN_LETTER)
    font = ImageFont.load_default(size=size)
    lines = [line for sentence in sentences for line in _wrapped(sentence, font, width - 2 * size)]
    strip = Image.new("RGB", (width, round(size * (LINE_HEIGHT * len(lines) + 2 * PADDING))), PAPER)
    draw = ImageDraw.Draw(strip)
    for k, line in enumerate(lines):
        draw.text((size, size * (PADDING + LINE_HEIGHT * k)), line, fill=INK, font=font)
    return np.asarray(strip)


def _wrapped(sentence: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float) -> list[str]:
    """The sentence broken into lines of at most `width` pixels; a longer word gets a line of its own."""
    lines = [""]
    for word in sentence.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
