"""Small pictures: one clue, or many pictures on one contact sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.board_result import BoardResult
from futoshiki.puzzle import Edge, Place

CELL_VIEW, EDGE_VIEW = 1.2, 1.8
"""Side of the picture of a cell, and of an edge with its two cells, in pitches."""
MIN_REDUCTION = 1.2
"""Reduction above which a photo is blurred first, so that fine patterns do not turn into coarse ones."""
BLUR = 0.4
"""Sigma of that blur in pixels, for each pixel of the photo that becomes one of the tile."""
LETTER, BAND = 14, 22
"""Heights in pixels of a caption's letters, and of the band that it stands in."""


def clue_tile(pixels: np.ndarray, board: BoardResult, place: Place, side: int) -> np.ndarray:
    """A cell, or an edge with its two cells, cut out of a photo and made square and upright: side x side x 3 uint8 RGB.

    `pixels` is the photo, H x W x 3 uint8 RGB.
    """
    centres = np.asarray(board.cells, np.float64)
    right, down = np.gradient(centres, axis=1), np.gradient(centres, axis=0)
    first, second = place if isinstance(place, Edge) else (place, place)
    reach = EDGE_VIEW if isinstance(place, Edge) else CELL_VIEW
    middle = (centres[first] + centres[second]) / 2
    across, along = (reach * (step[first] + step[second]) / 2 for step in (right, down))
    scale = 1 / side
    matrix = np.column_stack([across * scale, along * scale, middle - (across + along) / 2 * (1 - scale)])
    reduction = float(np.hypot(*across)) * scale
    ground = cv2.GaussianBlur(pixels, (0, 0), BLUR * reduction) if reduction > MIN_REDUCTION else pixels
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(ground, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE)


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture (H x W x 3 uint8 RGB) and its caption."""

    pixels: np.ndarray
    caption: str = ""


def contact_sheet(rows: Sequence[Sequence[Tile]], side: int, *, gap: int = 4) -> np.ndarray:
    """Rows of pictures on white, each reduced to fit a square of `side` pixels: H x W x 3 uint8 RGB.

    `gap` is the space between pictures in pixels. A caption may run on below the pictures to the right of its own.
    """
    bands = [BAND if any(tile.caption for tile in row) else 0 for row in rows]
    width = max(len(row) for row in rows) * (side + gap) + gap
    sheet = Image.new("RGB", (width, sum(side + band + gap for band in bands) + gap), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=LETTER)
    y = gap
    for row, band in zip(rows, bands, strict=True):
        for column, tile in enumerate(row):
            x = gap + column * (side + gap)
            sheet.paste(Image.fromarray(_fitted(tile.pixels, side)), (x, y))
            draw.text((x, y + side + 2), tile.caption, "black", font)
        y += side + band + gap
    return np.asarray(sheet)


def _fitted(pixels: np.ndarray, side: int) -> np.ndarray:
    """The picture reduced to fit a square; small ones stay as they are."""
    scale = min(1.0, side / max(pixels.shape[:2]))
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
