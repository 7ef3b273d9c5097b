"""A page to draw on: anti-aliased shapes with sub-pixel coordinates, and centred text, on an RGB array."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np

from futoshiki.training.synth.fonts import load_font

Colour = tuple[int, int, int]
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1"""

SUBPIXEL_BITS = 4
"""Fraction bits of the fixed-point coordinates that OpenCV draws with: positions are exact to 1/16 pixel."""
DIGIT_HEIGHT = 0.72
"""Height of a typical font's digits, as a share of the em square."""
MIN_FONT_SIZE = 4
"""Minimum size of text in pixels (of the em square)."""
THIN_LINE = 0.8
"""Lines thinner than this many pixels are drawn one pixel wide and paler."""
MIN_OPACITY = 0.25
"""Minimum opacity of a thin line, so that it never vanishes."""
SQUARE_RADIUS = 0.5
"""Corners rounded by at most this many pixels look square, and are drawn so."""
ARC_STEPS = np.linspace(0, 90, 5)
"""Degrees at which a rounded corner has its points."""


def _fixed(points: Sequence[Point] | np.ndarray) -> np.ndarray:
    return np.round(np.asarray(points, np.float64) * (1 << SUBPIXEL_BITS)).astype(np.int32).reshape(-1, 1, 2)


@lru_cache(maxsize=4096)
def glyph_mask(path: str, size: int, text: str) -> np.ndarray:
    """Coverage of `text` as a tight uint8 array (height x width)."""
    mask = load_font(path, size).getmask(text, mode="L")
    return np.frombuffer(bytes(mask), np.uint8).reshape(mask.size[1], mask.size[0])


class Canvas:
    """An RGB picture (H x W x 3 uint8) to draw on; coordinates are (x, y) in pixels."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.pixels = np.empty((height, width, 3), np.uint8)
        cv2.rectangle(self.pixels, (0, 0), (width, height), colour, -1)  # ten times as fast as an assignment
        self._ink: list[tuple[slice, slice, np.ndarray]] = []

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.pixels.shape[0]

    def part(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of the pixels that a box touches."""
        x0, y0, x1, y1 = box
        return slice(max(int(y0), 0), max(int(y1) + 2, 0)), slice(max(int(x0), 0), max(int(x1) + 2, 0))

    def mark_as_ink(self, box: Box, before: np.ndarray) -> None:
        """Count what was drawn in a box as ink; `before` are the pixels of that `part` without it."""
        rows, columns = self.part(box)
        self._ink.append((rows, columns, self.pixels[rows, columns].astype(np.int16) - before))

    def without_ink(self) -> np.ndarray:
        """The picture without what was marked as ink."""
        pixels = self.pixels.copy()
        for rows, columns, ink in self._ink:
            pixels[rows, columns] = np.clip(pixels[rows, columns] - ink, 0, 255)
        return pixels

    def polygon(self, points: Sequence[Point] | np.ndarray, colour: Colour) -> None:
        """A filled polygon."""
        cv2.fillPoly(self.pixels, [_fixed(points)], colour, cv2.LINE_AA, SUBPIXEL_BITS)

    def polyline(self, points: Sequence[Point] | np.ndarray, colour: Colour, width: float, *, closed: bool = False) -> None:
        """Lines from point to point; a width below one pixel is drawn paler."""
        if width < THIN_LINE:
            colour = _blend(self._colour_near(points[0]), colour, max(width, MIN_OPACITY))
        thickness = max(1, round(width))
        cv2.polylines(self.pixels, [_fixed(points)], closed, colour, thickness, cv2.LINE_AA, SUBPIXEL_BITS)

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        *,
        line: Colour | None = None,
        width: float = 1.0,
        fill: Colour | None = None,
        radius: float = 0.0,
    ) -> None:
        """A rectangle with corners rounded by `radius`, filled and outlined where colours are given."""
        points = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)] if radius <= SQUARE_RADIUS else _rounded(x0, y0, x1, y1, radius)
        if fill is not None:
            self.polygon(points, fill)
        if line is not None:
            self.polyline(points, line, width, closed=True)

    def disc(self, x: float, y: float, radius: float, colour: Colour, *, width: int = -1) -> None:
        """A disc, or a ring of that line width."""
        unit = 1 << SUBPIXEL_BITS
        centre = (round(x * unit), round(y * unit))
        cv2.circle(self.pixels, centre, round(radius * unit), colour, width, cv2.LINE_AA, SUBPIXEL_BITS)

    def text(self, x: float, y: float, text: str, font: str, height: float, colour: Colour, *, turns: int = 0) -> None:
        """Text whose ink is centred on (x, y); `height` is that of the font's digits. `turns` are clockwise quarter turns."""
        mask = glyph_mask(font, max(MIN_FONT_SIZE, round(height / DIGIT_HEIGHT)), text)
        if turns:
            mask = np.rot90(mask, -turns)
        self.stamp(mask, x - mask.shape[1] / 2, y - mask.shape[0] / 2, colour)

    def stamp(self, mask: np.ndarray, x: float, y: float, colour: Colour) -> None:
        """Ink through a coverage mask (uint8) whose top left corner is at (x, y)."""
        left, top = round(x), round(y)
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + mask.shape[1], self.width), min(top + mask.shape[0], self.height)
        if x0 >= x1 or y0 >= y1:
            return
        cover = mask[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.uint16)
        region = self.pixels[y0:y1, x0:x1]
        ink = np.asarray(colour, np.uint16)
        region[:] = ((region * (255 - cover) + ink * cover) // 255).astype(np.uint8)

    def _colour_near(self, point: Point) -> Colour:
        x = min(max(int(point[0]), 0), self.width - 1)
        y = min(max(int(point[1]), 0), self.height - 1)
        r, g, b = self.pixels[y, x]
        return int(r), int(g), int(b)


def _blend(a: Colour, b: Colour, share: float) -> Colour:
    """The colour that is `share` of the way from `a` to `b`."""
    r, g, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return r, g, blue


def square(x: float, y: float, side: float) -> Box:
    """The square centred on (x, y)."""
    half = side / 2
    return x - half, y - half, x + half, y + half


def _rounded(x0: float, y0: float, x1: float, y1: float, radius: float) -> list[Point]:
    """The outline of a rectangle with rounded corners, clockwise from the top right."""
    radius = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    points: list[Point] = []
    for cx, cy, start in (
        (x1 - radius, y0 + radius, -90),
        (x1 - radius, y1 - radius, 0),
        (x0 + radius, y1 - radius, 90),
        (x0 + radius, y0 + radius, 180),
    ):
        for angle in np.radians(start + ARC_STEPS):
            points.append((cx + radius * np.cos(angle), cy + radius * np.sin(angle)))
    return points
