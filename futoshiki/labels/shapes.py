"""Outlines, K x 2 float64, from the numbers of a label file, whatever the file says they are.

Every function raises a `ValueError` that says what is wrong and what to do if the values are no coordinates, or enclose nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

FARTHEST = 1e9
"""Greatest coordinate in pixels; no picture is as large, and sums of such numbers stay finite."""
VERTICES = 32
"""Corners of the polygon that stands for an ellipse; it covers all but 0.7 % of its area."""


def polygon(xs: Any, ys: Any) -> np.ndarray:
    """The polygon with these coordinates."""
    x, y = _coordinates(xs), _coordinates(ys)
    if len(x) != len(y) or len(x) < 3:
        raise ValueError(f"a polygon of {len(x)} x and {len(y)} y; draw it again with three points or more")
    return _with_extent(np.column_stack([x, y]))


def rectangle(x: Any, y: Any, width: Any, height: Any) -> np.ndarray:
    """The rectangle with that corner."""
    left, top, w, h = _coordinates([x, y, width, height])
    return _with_extent(np.array([[left, top], [left + w, top], [left + w, top + h], [left, top + h]]))


def ellipse(x: Any, y: Any, radius_x: Any, radius_y: Any, turn: Any = 0) -> np.ndarray:
    """A polygon for the ellipse with that centre; `turn` is the angle in radians from the x axis to `radius_x`."""
    cx, cy, rx, ry, angle = _coordinates([x, y, radius_x, radius_y, turn])
    around = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    points = np.column_stack([rx * np.cos(around), ry * np.sin(around)])
    cosine, sine = np.cos(angle), np.sin(angle)
    _with_extent(points)
    return points @ np.array([[cosine, sine], [-sine, cosine]]) + [cx, cy]


def circle(x: Any, y: Any, radius: Any) -> np.ndarray:
    """A polygon for the circle with that centre."""
    return ellipse(x, y, radius, radius)


def _coordinates(values: Any) -> np.ndarray:
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise ValueError("coordinates that are not in a list; draw it again")
    for value in values:
        if type(value) not in (int, float) or not abs(value) <= FARTHEST:  # NaN is neither more nor less
            raise ValueError("a coordinate that is not a number of pixels; draw it again")
    return np.array(values, np.float64)


def _with_extent(points: np.ndarray) -> np.ndarray:
    if np.ptp(points, axis=0).min() <= 0:
        raise ValueError("a region without extent; draw it again or delete it")
    return points
