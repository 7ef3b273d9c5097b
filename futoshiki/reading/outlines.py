"""Boards by their printed lines alone, for pages on which the grid network overlooks a bare grid.

The classical way (adaptive threshold, contours, quadrilaterals; see OpenCV's documentation of `findContours`): frames and
grids of touching cells appear as one large quadrilateral, separate boxes as many small ones of one size. The network then
looks at every proposal in a close view.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import quad_area, quad_iou, rescaled
from futoshiki.reading.locate import MIN_CELLS, Area, areas_of, grow, upright_order

SIDE = 800
"""Pixels to which the photo's longer side is reduced."""


@dataclass(frozen=True)
class Lines:
    """What counts as a printed line and as a quadrilateral of lines, in pixels of the reduced photo."""

    blur: float = 0.8  # Sigma of the blur that removes noise before the threshold
    window: int = 31  # Side of the neighbourhood that a line is compared with
    darker: int = 7  # Grey levels by which a line is darker than its neighbourhood
    min_box: float = 7.0  # Side of the smallest cell
    max_box: float = 0.22 * SIDE  # Side of the largest cell; four of those fill the picture
    min_frame: float = 0.11 * SIDE  # Side of the smallest frame around a board
    corner: float = 0.06  # Tolerance, as a share of the outline's length, at which a contour must have four corners
    filled: float = 0.75  # Least share of its convex hull that a contour fills
    stretch: float = 2.5  # Largest ratio of two sides of a quadrilateral


LINES = Lines()
SCORE = 0.5
"""Score of an area that only lines speak for."""
SAME = 0.7
"""IoU above which two outlines are one. A frame and the puzzle inside it are both kept: a close view tells which is which."""
SAME_BOX = 0.4
"""Distance of two boxes' centres, in sides, below which they are the inner and the outer contour of one box."""
MAX_AREAS = 40


def outline_areas(grey: np.ndarray) -> list[Area]:
    """Areas that printed lines enclose, the largest first; `grey` is the photo's luminance, H x W uint8."""
    scale = min(1.0, SIDE / max(grey.shape))
    if min(grey.shape) * scale < 2 * LINES.window:
        return []
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    quads = _quads(grey)
    sides = np.sqrt([quad_area(quad) for quad in quads])
    frames = [upright_order(quad) for quad, side in zip(quads, sides, strict=True) if side > LINES.min_frame]
    boxes = [k for k, side in enumerate(sides) if LINES.min_box < side < LINES.max_box]
    found = [Area(rescaled(quad, 1 / scale), False, SCORE) for quad in frames]
    centres, areas = _distinct(np.array([quads[k].mean(axis=0) for k in boxes]), sides[boxes])
    if len(centres) >= MIN_CELLS:
        groups = areas_of(grow(centres, areas, grey.shape))
        found += [Area(rescaled(quad, 1 / scale), False, SCORE * score) for quad, score in groups]
    kept: list[Area] = []
    for area in sorted(found, key=lambda area: -area.side):
        if all(quad_iou(area.quad, other.quad) < SAME for other in kept):
            kept.append(area)
    return kept[:MAX_AREAS]


def _quads(grey: np.ndarray) -> list[np.ndarray]:
    """Every contour of dark lines that is roughly a quadrilateral, 4 x 2, its corners in either order around it."""
    smooth = cv2.GaussianBlur(grey, (0, 0), LINES.blur)
    method = (cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV)
    dark = cv2.adaptiveThreshold(smooth, 255, *method, LINES.window, LINES.darker)
    contours, _ = cv2.findContours(dark, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        if cv2.contourArea(contour) < LINES.min_box**2:
            continue
        hull = cv2.convexHull(contour)
        quad = cv2.approxPolyDP(hull, LINES.corner * cv2.arcLength(hull, True), True)
        if len(quad) != 4 or cv2.contourArea(contour) < LINES.filled * cv2.contourArea(hull):
            continue
        sides = np.linalg.norm(quad[:, 0] - np.roll(quad[:, 0], 1, axis=0), axis=1)
        if sides.max() < LINES.stretch * sides.min():
            quads.append(quad[:, 0].astype(np.float64))
    return quads


def _distinct(centres: np.ndarray, sides: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres and areas without duplicates: a box has an inner and an outer contour."""
    kept: list[int] = []
    for k in np.argsort(-sides):
        if not kept or (np.linalg.norm(centres[kept] - centres[k], axis=1) > SAME_BOX * sides[kept]).all():
            kept.append(int(k))
    return centres[kept], sides[kept] ** 2
