"""Digits as strokes of a pen: for each digit the ways in which people write it, made different for every writer.

A digit is a few strokes, a stroke a few points that a smooth curve runs through. A point that is given twice is a corner.
Coordinates are shares of the digit's box, x to the right and y down.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np

Stroke = tuple[tuple[float, float], ...]
Shape = tuple[Stroke, ...]
"""One way of writing a digit."""

HEIGHT = 96
"""Height in pixels at which digits are drawn."""
SPAN = 8
"""Points of the curve between two given points."""
WIDTH_UNREST = 4
"""Largest change of the strokes' width from digit to digit, as a share of it, for an `unrest` of 1."""

SHAPES: dict[int, tuple[Shape, ...]] = {
    1: (
        (((0.5, 0.0), (0.5, 0.5), (0.5, 1.0)),),
        (((0.3, 0.22), (0.52, 0.0), (0.52, 0.0), (0.5, 0.5), (0.48, 1.0)),),
        (((0.2, 0.35), (0.55, 0.0), (0.55, 0.0), (0.55, 1.0)),),
        (((0.25, 0.25), (0.5, 0.0), (0.5, 0.0), (0.5, 1.0)), ((0.22, 1.0), (0.8, 0.98))),
    ),
    2: (
        (((0.1, 0.25), (0.35, 0.02), (0.75, 0.08), (0.82, 0.35), (0.5, 0.68), (0.08, 1.0), (0.08, 1.0), (0.92, 0.98)),),
        (((0.12, 0.2), (0.4, 0), (0.8, 0.15), (0.75, 0.45), (0.4, 0.85), (0.15, 0.97), (0.08, 0.85), (0.25, 0.78), (0.9, 0.9)),),
        (((0.1, 0.1), (0.6, 0.0), (0.85, 0.2), (0.6, 0.6), (0.12, 0.98), (0.12, 0.98), (0.5, 0.92), (0.9, 1.0)),),
    ),
    3: (
        (((0.12, 0.15), (0.45, 0), (0.8, 0.2), (0.4, 0.47), (0.4, 0.47), (0.72, 0.53), (0.85, 0.75), (0.5, 1.0), (0.1, 0.87)),),
        (((0.12, 0), (0.85, 0), (0.85, 0), (0.42, 0.4), (0.42, 0.4), (0.82, 0.55), (0.8, 0.88), (0.4, 1.0), (0.08, 0.88)),),
        (((0.2, 0.08), (0.65, 0.02), (0.75, 0.28), (0.4, 0.48), (0.8, 0.65), (0.7, 0.95), (0.15, 0.95)),),
    ),
    4: (
        (((0.32, 0.0), (0.08, 0.6), (0.08, 0.6), (0.92, 0.58)), ((0.66, 0.3), (0.62, 1.0))),
        (((0.64, 1.0), (0.66, 0.0), (0.66, 0.0), (0.05, 0.68), (0.05, 0.68), (0.95, 0.66)),),
        (((0.18, 0.0), (0.14, 0.42), (0.3, 0.56), (0.85, 0.5)), ((0.82, 0.0), (0.76, 1.0))),
        (((0.12, 0.05), (0.12, 0.5), (0.12, 0.5), (0.9, 0.5)), ((0.75, 0.05), (0.75, 1.0))),
    ),
    5: (
        (((0.25, 0), (0.2, 0.45), (0.2, 0.45), (0.55, 0.36), (0.88, 0.65), (0.6, 0.97), (0.08, 0.9)), ((0.25, 0.02), (0.88, 0))),
        (((0.85, 0), (0.24, 0), (0.24, 0), (0.2, 0.42), (0.2, 0.42), (0.6, 0.38), (0.85, 0.68), (0.55, 1.0), (0.1, 0.92)),),
        (((0.85, 0.0), (0.35, 0.05), (0.2, 0.35), (0.65, 0.5), (0.82, 0.75), (0.5, 1.0), (0.1, 0.9)),),
    ),
    6: (
        (((0.72, 0.0), (0.3, 0.35), (0.12, 0.75), (0.45, 1.0), (0.85, 0.75), (0.52, 0.52), (0.15, 0.75)),),
        (((0.45, 0.0), (0.2, 0.45), (0.18, 0.9), (0.6, 1.0), (0.8, 0.75), (0.5, 0.58), (0.2, 0.72)),),
        (((0.85, 0.1), (0.5, 0.0), (0.15, 0.4), (0.15, 0.85), (0.55, 1.0), (0.85, 0.72), (0.5, 0.5), (0.14, 0.68)),),
    ),
    7: (
        (((0.1, 0.03), (0.9, 0.02), (0.9, 0.02), (0.4, 1.0)),),
        (((0.1, 0.03), (0.9, 0.02), (0.9, 0.02), (0.4, 1.0)), ((0.3, 0.52), (0.82, 0.48))),
        (((0.1, 0.18), (0.12, 0.02), (0.12, 0.02), (0.9, 0.03), (0.9, 0.03), (0.5, 0.5), (0.4, 1.0)),),
        (((0.08, 0.1), (0.5, 0.08), (0.88, 0.02), (0.88, 0.02), (0.55, 0.5), (0.48, 1.0)), ((0.25, 0.5), (0.8, 0.5))),
    ),
    8: (
        (((0.78, 0.15), (0.45, 0), (0.2, 0.22), (0.5, 0.47), (0.85, 0.75), (0.5, 1.0), (0.12, 0.77), (0.5, 0.48), (0.8, 0.2)),),
        (
            ((0.5, 0.46), (0.22, 0.22), (0.5, 0.0), (0.78, 0.22), (0.5, 0.46)),
            ((0.5, 0.46), (0.14, 0.75), (0.5, 1.0), (0.86, 0.75), (0.5, 0.46)),
        ),
        (((0.55, 0.48), (0.2, 0.25), (0.5, 0.02), (0.75, 0.25), (0.4, 0.55), (0.15, 0.82), (0.5, 1.0), (0.8, 0.8), (0.5, 0.45)),),
    ),
    9: (
        (((0.84, 0.22), (0.5, 0.0), (0.15, 0.25), (0.45, 0.5), (0.84, 0.22), (0.84, 0.22), (0.76, 1.0)),),
        (((0.8, 0.15), (0.42, 0.02), (0.16, 0.28), (0.5, 0.48), (0.82, 0.2), (0.82, 0.2), (0.8, 0.65), (0.35, 1.0)),),
        (((0.85, 0.2), (0.5, 0.0), (0.15, 0.22), (0.4, 0.48), (0.85, 0.2), (0.85, 0.75), (0.55, 1.0), (0.15, 0.9)),),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Hand:
    """How one person writes: a shape for each digit, and how far its points lie from where the table has them.

    `width` is that of the strokes, as a share of a digit's height. `unrest` is how much a digit differs from the
    same person's last one, as a share of its box. `aspect` is the width of a digit's box over its height.
    """

    shapes: dict[int, Shape]
    width: float
    unrest: float
    aspect: float

    def ink(self, rng: random.Random, value: int) -> np.ndarray:
        """One digit as coverage (uint8), white on black."""
        scale = np.array([HEIGHT * self.aspect, HEIGHT])
        pad = HEIGHT // 2
        canvas = np.zeros((HEIGHT + 2 * pad, round(HEIGHT * self.aspect) + 2 * pad), np.uint8)
        varied = 1 + WIDTH_UNREST * rng.uniform(-self.unrest, self.unrest)
        thickness = max(1, round(HEIGHT * self.width * varied))
        for stroke in self.shapes[value]:
            curve = smooth(shaken(rng, stroke, self.unrest)) * scale + pad
            points = np.round(curve * 16).astype(np.int32)
            cv2.polylines(canvas, [points], False, 255, thickness, cv2.LINE_AA, shift=4)
        return canvas


def random_hand(rng: random.Random) -> Hand:
    """A person who writes each digit in one of the usual ways, with a thin to a thick pen."""
    shapes = _own_shapes(rng, rng.uniform(0.02, 0.06))
    return Hand(shapes, rng.uniform(0.03, 0.13), rng.uniform(0.01, 0.04), rng.uniform(0.45, 0.8))


def stencil(rng: random.Random) -> Hand:
    """Print in the shapes of handwriting, as plotters, script fonts and drawing programs make it: all 4s are alike.

    Hardly any font for text has a 4 that is open at the top, or a 7 with a bar. The strokes lie exactly where the table has
    them: with shapes of its own, print could not be told from handwriting.
    """
    return Hand(_own_shapes(rng, 0.0), rng.uniform(0.05, 0.16), 0.0, rng.uniform(0.45, 0.75))


def _own_shapes(rng: random.Random, own: float) -> dict[int, Shape]:
    """One of the usual shapes for each digit, with its points moved at random (standard deviation `own`)."""
    return {
        value: tuple(tuple(map(tuple, shaken(rng, stroke, own).tolist())) for stroke in rng.choice(ways))
        for value, ways in SHAPES.items()
    }


def shaken(rng: random.Random, stroke: Stroke, amount: float) -> np.ndarray:
    """The points of a stroke (K x 2), each moved at random (standard deviation `amount`); a corner stays a corner."""
    moved: list[tuple[float, float]] = []
    for k, (x, y) in enumerate(stroke):
        is_corner = k > 0 and stroke[k - 1] == (x, y)
        moved.append(moved[-1] if is_corner else (x + rng.gauss(0, amount), y + rng.gauss(0, amount)))
    return np.array(moved)


def smooth(points: np.ndarray) -> np.ndarray:
    """A curve through the points (K x 2): a uniform Catmull-Rom spline (Catmull and Rom, 1974)."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, SPAN, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False)
    ]
    return np.concatenate([*pieces, points[-1:]])
