"""Plane geometry shared by finding, warping and drawing boards.

Points are float arrays (..., 2) of x, y in pixels; a quad is 4 x 2, clockwise from the top left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

LEAST_AREA = 0.3
"""Least size of an area in a mask, as a share of the largest one; smaller areas are mostly parts of something else."""
DUPLICATE_OVERLAP = 0.4
"""Share of the smaller of two quads that lies in the other one, above which both are the same board."""
FIXED_POINT_BITS = 4
"""Fractional bits of points for OpenCV's drawing functions, so that lines are placed to a sixteenth of a pixel."""
TINY = 1e-6
"""Least divisor, so that empty quads and outlines do no harm."""


@dataclass(frozen=True)
class Orientation:
    """How to turn a board as it lies in the photo so that its puzzle stands upright.

    If `mirrored`, left and right are exchanged first; then follow `turns` clockwise quarter turns.
    """

    turns: int = 0
    mirrored: bool = False

    def apply(self, array: np.ndarray) -> np.ndarray:
        """The array, turned; its first two axes are rows and columns."""
        return np.rot90(array[:, ::-1] if self.mirrored else array, -self.turns)

    @property
    def inverse(self) -> Orientation:
        """The orientation that turns an array back. A mirrored one is its own inverse."""
        return self if self.mirrored else Orientation(-self.turns % 4)


def perspective(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The 3 x 3 homography that maps the quad `source` onto the quad `target`."""
    return np.asarray(cv2.getPerspectiveTransform(_single(source), _single(target)))


def transform(points: np.ndarray, homography: np.ndarray) -> np.ndarray:
    """Points of any leading shape, mapped; float64."""
    flat = np.asarray(points, np.float64).reshape(1, -1, 2)
    return cv2.perspectiveTransform(flat, homography).reshape(np.shape(points))


def resizing(x: float, y: float) -> np.ndarray:
    """The 3 x 3 homography of a picture that is resized by factors of its width and height; pixels are centred on integers."""
    return np.array([[x, 0, x / 2 - 0.5], [0, y, y / 2 - 0.5], [0, 0, 1]])


def view_square(side: int, margin: float) -> np.ndarray:
    """The quad in a `side` x `side` view that leaves a border of `margin` (a share of the side)."""
    low, high = side * margin, side * (1 - margin)
    return np.array([[low, low], [high, low], [high, high], [low, high]])


def shrink_quads(quads: np.ndarray, share: float) -> np.ndarray:
    """Quads (..., 4, 2) scaled about their centres."""
    centre = quads.mean(axis=-2, keepdims=True)
    return centre + (quads - centre) * share


def width_and_height(quad: np.ndarray) -> tuple[float, float]:
    """Of a quadrilateral (4 x 2, clockwise from its top left), top and bottom added up, and right and left."""
    top, right, bottom, left = np.linalg.norm(np.roll(quad, -1, axis=0) - quad, axis=1).tolist()
    return top + bottom, right + left


def quad_area(quad: np.ndarray) -> float:
    """Area of a quad or of any polygon (K x 2), in square pixels."""
    return float(cv2.contourArea(_single(quad)))


def shared_area(a: np.ndarray, b: np.ndarray) -> float:
    """Common area of two convex quads; undefined but non-negative if either is not convex."""
    return max(0.0, float(cv2.intersectConvexConvex(_single(a), _single(b))[0]))


def fill_polygons(polygons: Sequence[np.ndarray], height: int, width: int) -> np.ndarray:
    """A mask of height x width x 1 uint8: 1 inside the polygons (each K x 2), 0 elsewhere. Overlapping polygons are joined."""
    mask = np.zeros((height, width, 1), np.uint8)
    for polygon in polygons:
        cv2.fillPoly(mask, [fixed_point(polygon)], 1, cv2.LINE_8, FIXED_POINT_BITS)
    return mask


def fixed_point(points: np.ndarray | float) -> np.ndarray:
    """Points, or a length, as int32 with `FIXED_POINT_BITS` fractional bits, for OpenCV's drawing functions."""
    return np.round(np.asarray(points) * (1 << FIXED_POINT_BITS)).astype(np.int32)


def convex_areas(mask: np.ndarray, *, least: float = LEAST_AREA) -> np.ndarray:
    """A mask (H x W uint8, 0 and 1) with every area replaced by its convex hull.

    Puzzles are convex, so dents and holes are errors. Areas smaller than `least` of the largest one are dropped.
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


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Share of the smaller quad that lies in the other one."""
    return shared_area(a, b) / max(min(quad_area(a), quad_area(b)), TINY)


def outline_iou(a: np.ndarray, b: np.ndarray, *, resolution: int = 512) -> float:
    """Intersection over union of two outlines (K x 2) of any shape.

    Both are drawn into a mask of `resolution` x `resolution` pixels, which they fill.
    """
    low = np.minimum(a.min(axis=0), b.min(axis=0))
    extent = max(float((np.maximum(a.max(axis=0), b.max(axis=0)) - low).max()), TINY)
    scale = (resolution - 1) / extent
    return mask_iou(*(fill_polygons([(outline - low) * scale], resolution, resolution) for outline in (a, b)))


def mask_iou(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two masks; 1 where both are empty."""
    union = np.count_nonzero((a > 0) | (b > 0))
    return np.count_nonzero((a > 0) & (b > 0)) / union if union else 1.0


def board_outline(cells: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The outline of a board, K x 2: it follows the outer cells, so it bends with the page, and ends at the corners."""
    half = cell_share(cells, corners) / 2
    across, down = np.gradient(cells, axis=1), np.gradient(cells, axis=0)
    top, bottom = cells[0] - half * down[0], cells[-1] + half * down[-1]
    left, right = cells[:, 0] - half * across[:, 0], cells[:, -1] + half * across[:, -1]
    sides = (top, right, bottom[::-1], left[::-1])
    return np.concatenate([part for corner, side in zip(corners, sides, strict=True) for part in (corner[None], side)])


def cell_share(cells: np.ndarray, corners: np.ndarray) -> float:
    """Side of a cell over the pitch, 1 where cells touch, from the cell centres (N x N x 2) and the board's corners."""
    between = max(quad_area(outer_centres(cells)), TINY)
    return float((np.sqrt(quad_area(corners) / between) - 1) * (len(cells) - 1))


def outer_centres(cells: np.ndarray) -> np.ndarray:
    """The centres of the four corner cells, 4 x 2, from N x N x 2 centres."""
    return np.array([cells[0, 0], cells[0, -1], cells[-1, -1], cells[-1, 0]])


def cell_quads(cells: np.ndarray, share: float) -> np.ndarray:
    """N x N x 4 x 2: the corners of each cell from its own top left clockwise; `share` is a cell's side over the pitch."""
    right, down = np.gradient(cells, axis=1) * share / 2, np.gradient(cells, axis=0) * share / 2
    return np.stack([cells - right - down, cells + right - down, cells + right + down, cells - right + down], axis=2)


def rescaled(points: np.ndarray, scale: float | np.ndarray) -> np.ndarray:
    """Points of a picture after it was resized by `scale`. Pixel centres lie at whole numbers, pixel edges in between."""
    return (points + 0.5) * scale - 0.5


def smooth_surface(cells: np.ndarray, degree: int, seen: np.ndarray | None = None) -> np.ndarray:
    """All centres (N x N x 2) on a polynomial surface of that degree, fitted by least squares to the `seen` ones (N x N)."""
    along = np.linspace(-1, 1, len(cells))
    rows, columns = np.meshgrid(along, along, indexing="ij")
    terms = [rows.ravel() ** i * columns.ravel() ** j for i in range(degree + 1) for j in range(degree + 1 - i)]
    design, points = np.stack(terms, axis=1), cells.reshape(-1, 2)
    chosen = slice(None) if seen is None else seen.ravel()
    weights, *_ = np.linalg.lstsq(design[chosen], points[chosen], rcond=None)
    return (design @ weights).reshape(cells.shape)


def mean_pitch(cells: np.ndarray) -> float:
    """Mean distance of neighbouring cell centres (N x N x 2)."""
    across = np.linalg.norm(np.diff(cells, axis=1), axis=-1).mean()
    down = np.linalg.norm(np.diff(cells, axis=0), axis=-1).mean()
    return float(across + down) / 2


def _single(points: np.ndarray) -> np.ndarray:
    return np.asarray(points, np.float32)
