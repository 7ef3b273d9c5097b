"""Plane geometry shared by finding, warping and drawing boards.

Points are float arrays (..., 2) of x, y in pixels; a quad is 4 x 2, clockwise from the top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

LEAST_AREA = 0.3
"""Of the largest area that a network marks, below which another one is no puzzle."""


@dataclass(frozen=True)
class Orientation:
    """How a board as it lies in the photo comes to stand as its puzzle is read.

    First, where `mirrored`, left and right change places; then `turns` clockwise quarter turns.
    """

    turns: int = 0
    mirrored: bool = False

    def apply(self, array: np.ndarray) -> np.ndarray:
        """An array whose first two axes are rows and columns, so turned."""
        return np.rot90(array[:, ::-1] if self.mirrored else array, -self.turns)

    @property
    def inverse(self) -> Orientation:
        """What turns an array back; a mirror image with turns is its own inverse."""
        return self if self.mirrored else Orientation(-self.turns % 4)


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
    """Area that two convex quads have in common; something, but not less than 0, where one is not convex."""
    return max(0.0, float(cv2.intersectConvexConvex(_single(a), _single(b))[0]))


def fill_polygons(polygons: Sequence[np.ndarray], height: int, width: int) -> np.ndarray:
    """A mask of height x width x 1 uint8, 1 inside of the polygons (each K x 2), 0 elsewhere; overlapping ones are joined."""
    mask = np.zeros((height, width, 1), np.uint8)
    for polygon in polygons:
        cv2.fillPoly(mask, [np.round(np.asarray(polygon) * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    return mask


def convex_areas(mask: np.ndarray, *, least: float = LEAST_AREA) -> np.ndarray:
    """A mask (H x W uint8, 0 and 1) with every area filled to its convex hull, and crumbs left out.

    Puzzles are convex: dents and holes are what was missed, and areas of less than `least` of the
    largest one are mostly parts of something else.
    """
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(mask)
    areas = [cv2.contourArea(contour) for contour in contours]
    for contour, area in zip(contours, areas, strict=True):
        if area >= least * max(areas):
            cv2.fillConvexPoly(filled, cv2.convexHull(contour), 1)
    return filled


def quad_iou(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two convex quads."""
    shared = shared_area(a, b)
    union = quad_area(a) + quad_area(b) - shared
    return shared / union if union > 0 else 0.0


def outline_iou(a: np.ndarray, b: np.ndarray, *, resolution: int = 512) -> float:
    """Intersection over union of two outlines (K x 2) of any shape, bent ones included, by rasterising them."""
    low = np.minimum(a.min(axis=0), b.min(axis=0))
    extent = max(float((np.maximum(a.max(axis=0), b.max(axis=0)) - low).max()), 1e-6)
    scale = (resolution - 1) / extent
    return mask_iou(*(fill_polygons([(outline - low) * scale], resolution, resolution) for outline in (a, b)))


def mask_iou(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two masks; 1 where both are empty."""
    union = np.count_nonzero((a > 0) | (b > 0))
    return np.count_nonzero((a > 0) & (b > 0)) / union if union else 1.0


def board_outline(cells: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The outline of a board, K x 2, bent with its page: through the outer cells, as far out as the corners say."""
    n = len(cells)
    ends = np.array([cells[0, 0], cells[0, -1], cells[-1, -1], cells[-1, 0]])
    half = 0.5 * (np.sqrt(quad_area(corners) / max(quad_area(ends), 1e-6)) - 1) * (n - 1)
    right, down = np.gradient(cells, axis=1), np.gradient(cells, axis=0)
    sides = (
        cells[0] - half * down[0], cells[:, -1] + half * right[:, -1],
        (cells[-1] + half * down[-1])[::-1], (cells[:, 0] - half * right[:, 0])[::-1],
    )  # fmt: skip
    parts = []
    for k, side in enumerate(sides):
        parts += [corners[k : k + 1], side]
    return np.concatenate(parts)


def _single(points: np.ndarray) -> np.ndarray:
    return np.asarray(points, np.float32)


def mean_pitch(cells: np.ndarray) -> float:
    """Mean distance of neighbouring cell centres (N x N x 2)."""
    across = np.linalg.norm(np.diff(cells, axis=1), axis=-1).mean()
    down = np.linalg.norm(np.diff(cells, axis=0), axis=-1).mean()
    return float(across + down) / 2
