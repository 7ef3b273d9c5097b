"""Draws the solution into the photo, in the photo's own perspective."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.board_result import BoardResult
from futoshiki.geometry import FIXED_POINT_BITS, cell_share, fixed_point

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
DIGIT_HEIGHT = 0.62
"""Height of a digit as a share of the cell's side."""
SHARES = (0.4, 0.84)
"""Range of the side of the area that is drawn in, in pitches. It is smaller than cells that touch, because signs stand on
their edges."""
GLYPH = 96
"""Side in pixels of the square in which a digit is drawn before it is warped."""
STROKE_SHIFTS = (-1, 0, 1)
"""Pixels by which a glyph is drawn aside and drawn again: the default face is light, and wider strokes read better."""
RIM_WIDTH, RIM_BLUR = 7, 1.2
"""Width and blur (sigma), in pixels of the glyph, of the rim that keeps a digit legible on any ground."""
INK_ON_LIGHT, INK_ON_DARK = (0, 96, 214), (120, 214, 255)
RIM_ON_LIGHT, RIM_ON_DARK = (255, 255, 255), (12, 24, 40)
"""Colours of a digit and of its rim on light and on dark ground."""
CORRECTION = (200, 30, 20)
"""Colour of a digit that replaces a wrong one of the player."""
PLATE, PLATE_SHARE = 0.85, 0.86
"""Opacity of the plate of paper that covers a wrong digit of the player, and its side as a share of the cell's."""
DARK_BELOW = 110
"""Mean level of a cell below which its ground is dark."""
STEP = 8
"""Step in pixels of the sides for which a digit is kept ready: it is hardly reduced when it is drawn, so it stays smooth."""
CLEAR = (0, 0, 0, 255)
"""What is around the stencil of a digit: nothing is added, and everything behind it shows through."""


@dataclass(frozen=True, eq=False)
class Answer:
    """A digit of the solution and where it belongs: the centre of its cell, and the cell's sides as vectors, in pixels.

    `corrects` says that it replaces a wrong digit of the player.
    """

    value: int
    centre: np.ndarray
    right: np.ndarray
    down: np.ndarray
    corrects: bool


def answers_of(board: BoardResult) -> Iterator[Answer]:
    """The digits that complete a board; what the player has entered stays as it is where it is right."""
    if board.solution is None:
        return
    centres = np.asarray(board.cells, np.float64)
    share = drawn_share(board)
    right, down = np.gradient(centres, axis=1) * share, np.gradient(centres, axis=0) * share
    entered = {(r, c): value for r, c, value in board.entries}
    for r, row in enumerate(board.puzzle.givens):
        for c, given in enumerate(row):
            value, entry = board.solution[r][c], entered.get((r, c))
            if not given and entry != value:
                yield Answer(value, centres[r, c], right[r, c], down[r, c], bool(entry))


def draw_solution(pixels: np.ndarray, board: BoardResult) -> np.ndarray:
    """A copy of the photo (H x W x 3 uint8 RGB) with the solution in the board's blank cells; see `put_solution`."""
    drawn = pixels.copy()
    put_solution(drawn, board)
    return drawn


def put_solution(pixels: np.ndarray, board: BoardResult) -> None:
    """Draw the solution into the board's blank cells in the photo (H x W x 3 uint8 RGB).

    What the player has entered stays as it is where it is right, and is covered and corrected where it is wrong.
    """
    for one in answers_of(board):
        if one.corrects:
            draw_plate(pixels, one.centre, one.right, one.down)
        draw_digit(pixels, one.value, one.centre, one.right, one.down, ink=CORRECTION if one.corrects else None)


def drawn_share(board: BoardResult) -> float:
    """Side over the pitch of the area of a cell that is drawn in."""
    return float(np.clip(cell_share(np.asarray(board.cells, np.float64), np.asarray(board.corners, np.float64)), *SHARES))


def plate_of(centre: np.ndarray, right: np.ndarray, down: np.ndarray) -> np.ndarray:
    """The corners (4 x 2) of the plate that covers what stands in a cell, whose sides are the vectors `right` and `down`."""
    return centre + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) @ np.stack([right, down]) * (PLATE_SHARE / 2)


def draw_plate(pixels: np.ndarray, centre: np.ndarray, right: np.ndarray, down: np.ndarray) -> None:
    """Cover what stands in a cell, whose sides are the vectors `right` and `down`, with a plate of paper."""
    quad = plate_of(centre, right, down)
    low = np.maximum(np.floor(quad.min(axis=0)) - 1, 0).astype(int)
    high = np.maximum(np.ceil(quad.max(axis=0)) + 2, 0).astype(int)
    region = pixels[low[1] : high[1], low[0] : high[0]]
    if region.size:
        covered = region.copy()
        cv2.fillConvexPoly(covered, fixed_point(quad - low), RIM_ON_LIGHT, cv2.LINE_AA, FIXED_POINT_BITS)
        region[:] = cv2.addWeighted(covered, PLATE, region, 1 - PLATE, 0)


def draw_digit(
    pixels: np.ndarray, value: int, centre: np.ndarray, right: np.ndarray, down: np.ndarray, *, ink: Colour | None = None
) -> None:
    """Warp one digit into its cell, whose sides are the vectors `right` and `down`; `ink` is chosen by the ground if None."""
    reach = (np.abs(right) + np.abs(down)) / 2 + 2  # two pixels more than the cell, for interpolation
    low = np.maximum(np.floor(centre - reach), 0).astype(int)
    high = np.minimum(np.ceil(centre + reach) + 1, pixels.shape[1::-1]).astype(int)
    if (high <= low).any():
        return
    region = pixels[low[1] : high[1], low[0] : high[0]]
    dark = sum(cv2.mean(region)[:3]) / 3 < DARK_BELOW
    rim_colour, contrasting = (RIM_ON_DARK, INK_ON_DARK) if dark else (RIM_ON_LIGHT, INK_ON_LIGHT)
    side = min(GLYPH, STEP * math.ceil(max(math.hypot(*right), math.hypot(*down)) / STEP))
    stencil = _stencil(value, ink or contrasting, rim_colour, side)
    first = centre - low + (right + down) * (1 / side - 1) / 2  # where the middle of the stencil's first pixel belongs
    matrix = np.column_stack([right / side, down / side, first])
    stencil = cv2.warpAffine(stencil, matrix, region.shape[1::-1], flags=cv2.INTER_LINEAR, borderValue=CLEAR)
    through = cv2.multiply(region, cv2.cvtColor(stencil[..., 3], cv2.COLOR_GRAY2RGB), scale=1 / 255)
    region[:] = cv2.add(through, cv2.cvtColor(stencil, cv2.COLOR_RGBA2RGB))


@lru_cache(maxsize=256)
def _stencil(value: int, ink: Colour, rim_colour: Colour, side: int) -> np.ndarray:
    """A centred digit in its colours, side x side x 4 uint8: red, green and blue that are added to what is behind it, and the
    share of that which shows through.
    """
    rim, glyph = np.split(_glyph(value) / 255, 2, axis=-1)
    colours = rim * (1 - glyph) * rim_colour + glyph * ink
    stencil = np.dstack([colours, 255 * (1 - rim) * (1 - glyph)])
    return np.round(cv2.resize(stencil, (side, side), interpolation=cv2.INTER_AREA)).astype(np.uint8)


@lru_cache(maxsize=16)
def _glyph(value: int) -> np.ndarray:
    """A centred digit, GLYPH x GLYPH x 2 uint8: the coverage of the digit with its rim, and of the digit alone."""
    text = str(value)
    box = ImageFont.load_default(size=GLYPH).getbbox(text)
    font = ImageFont.load_default(size=GLYPH * DIGIT_HEIGHT * GLYPH / max(box[3] - box[1], 1))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (GLYPH, GLYPH))
    place = ((GLYPH - right - left) / 2, (GLYPH - bottom - top) / 2)
    draw = ImageDraw.Draw(image)
    for dx in STROKE_SHIFTS:
        draw.text((place[0] + dx, place[1]), text, font=font, fill=255)
    glyph = np.asarray(image)
    rim = cv2.dilate(glyph, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (RIM_WIDTH, RIM_WIDTH)))
    return np.dstack([cv2.GaussianBlur(rim, (0, 0), RIM_BLUR), glyph])
