"""Plane geometry shared by finding, warping and drawing boards.

Points are float arrays (..., 2) of x, y in pixels; a quad is 4 x 2, clockwise from the top left.
"""

from __future__ import annotations

import cv2
import numpy as np


def perspective(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The 3 x 3 homography that maps the quad `source` onto the quad `target`."""
    return cv2.getPerspectiveTransform(np.float32(source), np.float32(target))


def transform(points: np.ndarray, homography: np.ndarray) -> np.ndarray:
    """Points of any leading shape, mapped; float64."""
    flat = np.asarray(points, np.float64).reshape(1, -1, 2)
    return cv2.perspectiveTransform(flat, homography).reshape(np.shape(points))


def view_square(side: int, margin: float) -> np.ndarray:
    """The quad in a `side` x `side` view that leaves a border of `margin` (a share of the side)."""
    low, high = side * margin, side * (1 - margin)
    return np.array([[low, low], [high, low], [high, high], [low, high]])


def shrink_quads(quads: np.ndarray, share: float) -> np.ndarray:
    """Quads (..., 4, 2) scaled about their centres."""
    centre = quads.mean(axis=-2, keepdims=True)
    return centre + (quads - centre) * share


def mean_pitch(cells: np.ndarray) -> float:
    """Mean distance of neighbouring cell centres (N x N x 2)."""
    across = np.linalg.norm(np.diff(cells, axis=1), axis=-1).mean()
    down = np.linalg.norm(np.diff(cells, axis=0), axis=-1).mean()
    return float(across + down) / 2
