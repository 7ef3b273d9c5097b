"""A page to draw on: sub-pixel, anti-aliased shapes and centred text on an RGB array."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from futoshiki.training.synth.fonts import load_font

Colour = tuple[int, int, int]
Point = tuple[float, float]

_SHIFT = 4  # OpenCV's fixed-point fraction bits: coordinates to 1/16 pixel


def _fixed(points: list[Point] | np.ndarray) -> np.ndarray:
    return np.round(np.asarray(points, np.float64) * (1 << _SHIFT)).astype(np.int32).reshape(-1, 1, 2)


@lru_cache(maxsize=4096)
def glyph_mask(path: str, size: int, text: str) -> np.ndarray:
    """Coverage of `text` as a tight uint8 array (height x width)."""
    mask = load_font(path, size).getmask(text, mode="L")
    return np.frombuffer(bytes(mask), np.uint8).reshape(mask.size[1], mask.size[0])


class Canvas:
    """An RGB picture (H x W x 3 uint8) with drawing verbs; coordinates are (x, y) in pixels."""

    def __init__(self, width: int, height: int, colour: Colour) -> None:
        self.pixels = np.empty((height, width, 3), np.uint8)
        self.pixels[:] = colour

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.pixels.shape[0]

    def polygon(self, points: list[Point], colour: Colour) -> None:
        """A filled polygon."""
        cv2.fillPoly(self.pixels, [_fixed(points)], colour, cv2.LINE_AA, _SHIFT)

    def polyline(self, points: list[Point], colour: Colour, width: float, *, closed: bool = False) -> None:
        """Lines from point to point; a width below one pixel is drawn paler."""
        thickness = max(1, round(width))
        if width < 0.8:
            paper = self._colour_near(points[0])
            share = max(width, 0.25) / 1.0
            colour = _blend(paper, colour, share)
        cv2.polylines(self.pixels, [_fixed(points)], closed, colour, thickness, cv2.LINE_AA, _SHIFT)

    def box(
        self, x0: float, y0: float, x1: float, y1: float, *,
        line: Colour | None = None, width: float = 1.0, fill: Colour | None = None, radius: float = 0.0,
    ) -> None:  # fmt: skip
        """A rectangle, rounded by `radius`, filled and outlined where colours are given."""
        points = _rounded(x0, y0, x1, y1, radius) if radius > 0.5 else [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        if fill is not None:
            self.polygon(points, fill)
        if line is not None:
            self.polyline(points, line, width, closed=True)

    def disc(self, x: float, y: float, radius: float, colour: Colour, *, width: int = -1) -> None:
        """A disc, or a ring of that line width."""
        centre = (round(x * 16), round(y * 16))
        cv2.circle(self.pixels, centre, round(radius * 16), colour, width, cv2.LINE_AA, _SHIFT)

    def text(self, x: float, y: float, text: str, font: str, height: float, colour: Colour, *, turns: int = 0) -> None:
        """Text whose ink is centred on (x, y); `height` is that of the font's digits, about 0.72 em."""
        mask = glyph_mask(font, max(4, round(height / 0.72)), text)
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
    r, g, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return r, g, blue


def _rounded(x0: float, y0: float, x1: float, y1: float, radius: float) -> list[Point]:
    radius = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    points: list[Point] = []
    for cx, cy, start in (
        (x1 - radius, y0 + radius, -90),
        (x1 - radius, y1 - radius, 0),
        (x0 + radius, y1 - radius, 90),
        (x0 + radius, y0 + radius, 180),
    ):
        for step in range(5):
            angle = np.radians(start + 22.5 * step)
            points.append((cx + radius * np.cos(angle), cy + radius * np.sin(angle)))
    return points
