"""Drawing the solution into the photo, in the photo's own perspective."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.geometry import quad_area
from futoshiki.puzzle import Grid, Less, Puzzle

DIGIT_HEIGHT = 0.62
"""Of the cell's side."""
MAX_SHARE = 0.84
"""Cells that touch are drawn in as if they were this much of the pitch: signs stand on their lines."""
GLYPH = 96
"""Side of the square in which a digit is drawn before it is warped."""
HALO = 7
"""Width of the rim around a digit, in glyph pixels: it keeps the digit legible on any ground."""
INK_ON_LIGHT, INK_ON_DARK = (0, 96, 214), (120, 214, 255)
RIM_ON_LIGHT, RIM_ON_DARK = (255, 255, 255), (12, 24, 40)
DARK_BELOW = 110
SUPERSAMPLING = 2
"""Small digits are drawn this much larger and reduced."""
CELL_VIEW, SIGN_VIEW = 1.2, 1.8
"""Pitches that the view of one clue shows."""


def draw_solution(
    pixels: np.ndarray, puzzle: Puzzle, solution: Grid, cells: Sequence[Sequence[Sequence[float]]] | np.ndarray,
    corners: Sequence[Sequence[float]] | np.ndarray,
) -> np.ndarray:  # fmt: skip
    """A copy of the photo with the solution in the puzzle's blank cells.

    `pixels` is H x W x 3 uint8 RGB; `cells` N x N x 2 and `corners` 4 x 2 in its pixels, both in the
    puzzle's own orientation, as `BoardResult` has them.
    """
    drawn = pixels.copy()
    centres = np.asarray(cells, np.float64)
    right, down = np.gradient(centres, axis=1), np.gradient(centres, axis=0)
    share = min(_cell_share(centres, np.asarray(corners, np.float64)), MAX_SHARE)
    for r in range(puzzle.size):
        for c in range(puzzle.size):
            if not puzzle.givens[r][c]:
                _draw_digit(drawn, solution[r][c], centres[r, c], right[r, c] * share, down[r, c] * share)
    return drawn


def cell_quads(
    cells: Sequence[Sequence[Sequence[float]]] | np.ndarray, corners: Sequence[Sequence[float]] | np.ndarray
) -> np.ndarray:
    """N x N x 4 x 2: each cell's corners from its own top left clockwise, in the photo's pixels."""
    centres = np.asarray(cells, np.float64)
    share = min(_cell_share(centres, np.asarray(corners, np.float64)), MAX_SHARE)
    right, down = np.gradient(centres, axis=1) * share / 2, np.gradient(centres, axis=0) * share / 2
    return np.stack([centres - right - down, centres + right - down, centres + right + down, centres - right + down], axis=2)


def clue_view(
    pixels: np.ndarray, cells: Sequence[Sequence[Sequence[float]]] | np.ndarray, cell: tuple[int, int] | None,
    sign: Less | None, side: int,
) -> np.ndarray:  # fmt: skip
    """A cell, or the edge of a sign with its two cells, squared up and upright: side x side x 3 uint8 RGB."""
    centres = np.asarray(cells, np.float64)
    right, down = np.gradient(centres, axis=1), np.gradient(centres, axis=0)
    r1, c1, r2, c2 = sign or (*(cell or (0, 0)), *(cell or (0, 0)))
    middle = (centres[r1, c1] + centres[r2, c2]) / 2
    reach = SIGN_VIEW if sign else CELL_VIEW
    across, along = (reach * (step[r1, c1] + step[r2, c2]) / 2 for step in (right, down))
    scale = 1 / side
    matrix = np.column_stack([across * scale, along * scale, middle - (across + along) / 2 * (1 - scale)])
    shrink = max(1.0, float(np.hypot(*across)) * scale)
    ground = cv2.GaussianBlur(pixels, (0, 0), 0.4 * shrink) if shrink > 1.2 else pixels
    return cv2.warpAffine(
        ground, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE
    )


def _cell_share(centres: np.ndarray, corners: np.ndarray) -> float:
    """Side of a cell over the pitch, from how far the corners lie beyond the outer centres."""
    ends = np.array([centres[0, 0], centres[0, -1], centres[-1, -1], centres[-1, 0]])
    between = np.sqrt(quad_area(ends)) / (len(centres) - 1)
    outer = np.sqrt(quad_area(corners))
    return float(np.clip(outer / max(between, 1e-6) - (len(centres) - 1), 0.4, 1.0))


def _draw_digit(pixels: np.ndarray, value: int, centre: np.ndarray, right: np.ndarray, down: np.ndarray) -> None:
    """Warp one digit into its cell: `right` and `down` are the sides of the cell as vectors."""
    reach = (np.abs(right) + np.abs(down)) / 2 + 2
    low = np.maximum(np.floor(centre - reach), 0).astype(int)
    high = np.minimum(np.ceil(centre + reach) + 1, pixels.shape[1::-1]).astype(int)
    if (high <= low).any():
        return
    region = pixels[low[1] : high[1], low[0] : high[0]]
    scale = 1.0 / GLYPH
    matrix = np.column_stack([right * scale, down * scale, centre - low - (right + down) / 2])
    matrix = (matrix + np.array([[0, 0, 0.5], [0, 0, 0.5]])) * SUPERSAMPLING - np.array([[0, 0, 0.5], [0, 0, 0.5]])
    size = (region.shape[1] * SUPERSAMPLING, region.shape[0] * SUPERSAMPLING)
    covers = cv2.resize(
        cv2.warpAffine(_glyph(value), matrix, size, flags=cv2.INTER_AREA), region.shape[1::-1], interpolation=cv2.INTER_AREA
    )
    dark = sum(cv2.mean(region)[:3]) / 3 < DARK_BELOW
    rim_colour, ink = (RIM_ON_DARK, INK_ON_DARK) if dark else (RIM_ON_LIGHT, INK_ON_LIGHT)
    rim, glyph = covers[..., :1] * np.float32(1 / 255), covers[..., 1:] * np.float32(1 / 255)
    mixed = region + rim * (np.array(rim_colour, np.float32) - region)
    mixed += glyph * (np.array(ink, np.float32) - mixed)
    region[:] = np.round(mixed)


@lru_cache(maxsize=16)
def _glyph(value: int) -> np.ndarray:
    """GLYPH x GLYPH x 2 uint8: coverage of a digit with its rim, in the middle of the square, and of the digit alone."""
    font = ImageFont.load_default(size=GLYPH)
    text = str(value)
    box = font.getbbox(text)
    wanted = DIGIT_HEIGHT * GLYPH
    font = ImageFont.load_default(size=GLYPH * wanted / max(box[3] - box[1], 1))
    left, top, right, bottom = font.getbbox(text)
    image = Image.new("L", (GLYPH, GLYPH))
    place = ((GLYPH - right - left) / 2, (GLYPH - bottom - top) / 2)
    draw = ImageDraw.Draw(image)
    for dx in (-1, 0, 1):  # the default face is light: a stroke of two pixels more reads better on paper
        draw.text((place[0] + dx, place[1]), text, font=font, fill=255)
    glyph = np.asarray(image)
    rim = cv2.dilate(glyph, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (HALO, HALO)))
    return np.dstack([cv2.GaussianBlur(rim, (0, 0), 1.2), glyph])
