"""Marks cells on a photo, with a caption below: hints and mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.board_result import BoardResult
from futoshiki.drawing.marking import Marks
from futoshiki.drawing.solution import draw_digit, draw_plate, drawn_share
from futoshiki.geometry import FIXED_POINT_BITS, cell_quads, cell_share, fixed_point
from futoshiki.puzzle import Cell


class Pen(NamedTuple):
    """How a mark is drawn: its RGB colour, and the width of a stroke as a share of the cell's side."""

    colour: tuple[int, int, int]
    width: float


class _Number(NamedTuple):
    """A number to write: the centre of its plate, and the plate's sides as vectors, in pixels."""

    value: int
    centre: np.ndarray
    right: np.ndarray
    down: np.ndarray


LINE, EVIDENCE = Pen((0, 96, 214), 0.035), Pen((0, 96, 214), 0.055)
TARGET = Pen((0, 120, 60), 0.12)
WRONG = Pen((200, 30, 20), 0.08)
ARROW = Pen((0, 96, 214), 0.06)
"""The target has a thick frame, evidence thin ones, and wrong entries are crossed out: the forms differ, not only the colours."""
FRAME = 0.7
"""Largest side of a frame around a cell, in pitches: it must not cover the signs of which a hint speaks."""
AROUND = 0.1
"""Width of a line's frame beyond that of its cells, in pitches."""
ARROW_GAP, ARROW_HEAD = 0.42, 0.25
"""Distance of an arrow's ends from the centres of the cells that it joins, and the length of its head, in pitches."""
NUMBER_SHARE, NUMBER_GAP = 0.44, 0.28
"""Size of the numbers of rows and columns, and the distance of their centres from the board, in pitches."""
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


def draw_marks(pixels: np.ndarray, board: BoardResult, marks: Marks, caption: Sequence[str] = ()) -> np.ndarray:
    """A copy of the photo (H x W x 3 uint8 RGB) with parts of a board marked, its rows and columns numbered, and a caption below.

    Each sentence of the caption begins a new line. With a caption the picture grows: by its height, and by an edge for numbers
    that lie beyond the photo. Without one such numbers are left out.
    """
    centres = np.asarray(board.cells, np.float64)
    numbers = _numbers(centres, np.asarray(board.corners, np.float64)) if marks != Marks() else []
    drawn = pixels.copy()
    if caption and numbers:
        low, high = _beyond(numbers, pixels.shape[1::-1])
        drawn = cv2.copyMakeBorder(drawn, low[1], high[1], low[0], high[0], cv2.BORDER_CONSTANT, value=PAPER)
        centres = centres + low
        numbers = [number._replace(centre=number.centre + low) for number in numbers]
    share = drawn_share(board)
    quads, frames, wide = (cell_quads(centres, side) for side in (share, min(share, FRAME), min(share, FRAME) + AROUND))
    for number in numbers:
        if not np.any(_beyond([number], drawn.shape[1::-1])):
            draw_plate(drawn, *number[1:])
            draw_digit(drawn, *number)
    for line in marks.lines:
        _draw(drawn, [_frame(wide, line)], LINE, quads)
    for cell in marks.evidence:
        _draw(drawn, [_frame(frames, [cell])], EVIDENCE, quads)
    if marks.arrow:
        start, end = marks.arrow
        _draw(drawn, _arrow(centres[start], centres[end], _pitch(centres, end)), ARROW, quads)
    for cell in marks.targets:
        _draw(drawn, [_frame(frames, [cell])], TARGET, quads)
    for cell in marks.wrong:
        _draw(drawn, [quads[cell][[0, 2]], quads[cell][[1, 3]]], WRONG, quads)
    return np.vstack([drawn, _caption(drawn.shape[1], caption)]) if caption else drawn


def _frame(quads: np.ndarray, cells: Sequence[Cell]) -> np.ndarray:
    """The outline around cells of a row or column, a closed line (K x 2) that bends with the page."""
    corners = quads[tuple(zip(*cells, strict=True))]
    near, far = ((0, 1), (3, 2)) if cells[0].row == cells[-1].row else ((0, 3), (1, 2))
    there, back = corners[:, near].reshape(-1, 2), corners[:, far].reshape(-1, 2)[::-1]
    return np.concatenate([there, back, there[:1]])


def _arrow(start: np.ndarray, end: np.ndarray, pitch: float) -> list[np.ndarray]:
    """The strokes of an arrow between the centres of two cells: its shaft and its head."""
    along = (end - start) / max(float(np.linalg.norm(end - start)), 1.0) * pitch
    across = along[::-1] * (-1, 1) * ARROW_HEAD / 2
    tail, tip = start + along * ARROW_GAP, end - along * ARROW_GAP
    neck = tip - along * ARROW_HEAD
    return [np.stack([tail, tip]), np.stack([neck + across, tip, neck - across])]


def _pitch(centres: np.ndarray, cell: Cell) -> float:
    """Distance from a cell to the next one in its row."""
    return float(np.linalg.norm(np.gradient(centres, axis=1)[cell]))


def _numbers(centres: np.ndarray, corners: np.ndarray) -> list[_Number]:
    """The numbers of rows and columns, which stand at the left and upper edge of the board, in its perspective."""
    right, down = np.gradient(centres, axis=1), np.gradient(centres, axis=0)
    out = cell_share(centres, corners) / 2 + NUMBER_GAP
    found = []
    for k in range(len(centres)):
        for cell, step in (((k, 0), right[k, 0]), ((0, k), down[0, k])):
            sides = right[cell] * NUMBER_SHARE, down[cell] * NUMBER_SHARE
            found.append(_Number(k + 1, centres[cell] - out * step, *sides))
    return found


def _beyond(numbers: Sequence[_Number], size: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """How far numbers reach beyond a picture of that width and height: to the left and above, to the right and below."""
    places = np.stack([number.centre for number in numbers])
    half = np.stack([(np.abs(number.right) + np.abs(number.down)) / 2 for number in numbers])
    low = np.ceil(np.maximum((half - places).max(axis=0), 0)).astype(int)
    high = np.ceil(np.maximum((places + half).max(axis=0) + 1 - size, 0)).astype(int)
    return low, high


def _draw(pixels: np.ndarray, strokes: Sequence[np.ndarray], pen: Pen, quads: np.ndarray) -> None:
    """Draw lines with a pen, on a rim that keeps them visible; `quads` are the cells (N x N x 4 x 2)."""
    side = float(np.linalg.norm(quads[..., 1, :] - quads[..., 0, :], axis=-1).mean())
    width = max(round(pen.width * side), MIN_STROKE)
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
