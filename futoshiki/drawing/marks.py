"""Marking cells on the photo, with a caption below: hints and mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.drawing.solution import cell_quads

if TYPE_CHECKING:
    from futoshiki.solving.hints import Hint

Mark = Literal["target", "evidence", "wrong"]
"""`target` gets a thick frame, `evidence` a thin one, `wrong` a cross: the forms differ, not only the colours."""

COLOURS: dict[Mark, tuple[int, int, int]] = {"target": (0, 120, 60), "evidence": (0, 96, 214), "wrong": (200, 30, 20)}
WIDTHS: dict[Mark, float] = {"target": 0.12, "evidence": 0.045, "wrong": 0.08}
"""Of the cell's side."""
RIM = (255, 255, 255)
CAPTION_SHARE, CAPTION_MIN = 1 / 34, 13
"""Height of the caption's letters: of the picture's width, and at least, in pixels."""
PAPER, INK = (255, 255, 255), (20, 20, 20)


def draw_marks(
    pixels: np.ndarray, cells: Sequence[Sequence[Sequence[float]]] | np.ndarray,
    corners: Sequence[Sequence[float]] | np.ndarray, marks: Mapping[tuple[int, int], Mark], caption: Sequence[str] = (),
) -> np.ndarray:  # fmt: skip
    """A copy of the photo with cells marked, and below it the sentences of the caption, each on lines of its own.

    `pixels` is H x W x 3 uint8 RGB; `cells` and `corners` as `BoardResult` has them. The picture grows
    downwards by what the caption needs.
    """
    drawn = pixels.copy()
    quads = cell_quads(cells, corners)
    order: tuple[Mark, ...] = ("evidence", "target", "wrong")  # the most important one last, on top
    for kind in order:
        for (r, c), mark in marks.items():
            if mark == kind:
                _draw_mark(drawn, quads[r, c], kind)
    return np.vstack([drawn, _caption(drawn.shape[1], caption)]) if caption else drawn


def hint_marks(found: Hint, level: int) -> dict[tuple[int, int], Mark]:
    """Which cells to mark: a mistake's row alone is given away first; evidence comes with the reason."""
    if found.kind == "mistake":
        return {} if level == 1 else dict.fromkeys(found.cells, "wrong")
    marks: dict[tuple[int, int], Mark] = dict.fromkeys(found.cells, "evidence") if level > 1 else {}
    if found.placed:
        marks[found.placed[:2]] = "target"
    return marks


def _draw_mark(pixels: np.ndarray, quad: np.ndarray, mark: Mark) -> None:
    side = float(np.linalg.norm(quad[1] - quad[0]))
    width = max(round(WIDTHS[mark] * side), 2)
    strokes = [np.vstack([quad, quad[:1]])] if mark != "wrong" else [quad[[0, 2]], quad[[1, 3]]]
    for colour, thickness in ((RIM, width + max(width // 2, 2)), (COLOURS[mark], width)):
        for stroke in strokes:
            cv2.polylines(pixels, [np.round(stroke * 16).astype(np.int32)], False, colour, thickness, cv2.LINE_AA, 4)


def _caption(width: int, sentences: Sequence[str]) -> np.ndarray:
    """The sentences in a white strip as wide as the picture, H x W x 3 uint8."""
    size = max(round(width * CAPTION_SHARE), CAPTION_MIN)
    font = ImageFont.load_default(size=size)
    lines = [line for sentence in sentences for line in _wrapped(sentence, font, width - 2 * size)]
    strip = Image.new("RGB", (width, round(size * (1.4 * len(lines) + 1))), PAPER)
    draw = ImageDraw.Draw(strip)
    for k, line in enumerate(lines):
        draw.text((size, size * (0.5 + 1.4 * k)), line, fill=INK, font=font)
    return np.asarray(strip)


def _wrapped(sentence: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: float) -> list[str]:
    lines = [""]
    for word in sentence.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
