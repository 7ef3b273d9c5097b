"""Plane geometry shared by finding, warping and drawing boards.

Points are float arrays (..., 2) of x, y in pixels; a quad is 4 x 2, clockwise from the top left.
"""

from __future__ import annotations

import cv2
import numpy as np


def perspective(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The 3 x 3 homography that maps the quad `source` onto the quad `target`."""
    return np.asarray(cv2.getPerspectiveTransform(_single(source), _single(target)))


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


def quad_area(quad: np.ndarray) -> float:
    """Area of a quad or of any polygon (K x 2), in square pixels."""
    return float(cv2.contourArea(_single(quad)))


def shared_area(a: np.ndarray, b: np.ndarray) -> float:
    """Area that two convex quads have in common."""
    return float(cv2.intersectConvexConvex(_single(a), _single(b))[0])


def quad_iou(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two convex quads."""
    shared = shared_area(a, b)
    union = quad_area(a) + quad_area(b) - shared
    return shared / union if union > 0 else 0.0


def _single(points: np.ndarray) -> np.ndarray:
    return np.asarray(points, np.float32)


def mean_pitch(cells: np.ndarray) -> float:
    """Mean distance of neighbouring cell centres (N x N x 2)."""
    across = np.linalg.norm(np.diff(cells, axis=1), axis=-1).mean()
    down = np.linalg.norm(np.diff(cells, axis=0), axis=-1).mean()
    return float(across + down) / 2
