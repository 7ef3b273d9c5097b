"""Boards by their printed lines alone, for pages on which the network overlooks a bare grid.

The classic way (adaptive threshold, contours, quadrilaterals; see OpenCV's documentation of
`findContours`): frames and grids of touching cells show as one large quadrilateral, separate
boxes as many small ones of a size. Whatever is proposed here is looked at by the network close up.
"""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import quad_area, quad_iou
from futoshiki.photo import Photo
from futoshiki.reading.locate import MIN_CELLS, Area, areas_of, grow, upright_order

SIDE = 800
"""Pixels to which the photo's longer side is reduced."""
WINDOW, DARKER = 31, 7
"""Neighbourhood in pixels, and grey levels by which a line is darker than it."""
MIN_BOX = 7.0
"""Sides in pixels of the smallest cell that is looked for."""
MAX_BOX = 0.22
"""And of the largest, as a share of SIDE; four of those fill the picture."""
MIN_FRAME = 0.11
SCORE = 0.5
SAME = 0.7
MAX_AREAS = 8


def outline_areas(photo: Photo) -> list[Area]:
    """Areas that printed lines enclose, largest first."""
    grey = photo.grey
    scale = min(1.0, SIDE / max(grey.shape))
    if min(grey.shape) * scale < 2 * WINDOW:
        return []
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    lines = cv2.adaptiveThreshold(
        cv2.GaussianBlur(grey, (0, 0), 0.8), 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, WINDOW, DARKER
    )
    quads = _quads(lines)
    sides = np.sqrt([quad_area(quad) for quad in quads])
    frames = [upright_order(quad) for quad, side in zip(quads, sides, strict=True) if side > MIN_FRAME * SIDE]
    boxes = [k for k, side in enumerate(sides) if MIN_BOX < side < MAX_BOX * SIDE]
    found = [Area((quad + 0.5) / scale - 0.5, False, SCORE) for quad in frames]
    centres, areas = _distinct(np.array([quads[k].mean(axis=0) for k in boxes]), sides[boxes])
    if len(centres) >= MIN_CELLS:
        for quad, score in areas_of(grow(centres, areas, grey.shape)):
            found.append(Area((quad + 0.5) / scale - 0.5, False, SCORE * score))
    kept: list[Area] = []
    for area in sorted(found, key=lambda area: -area.side):
        # a frame around a puzzle and the puzzle itself are both kept: which is which shows close up
        if all(quad_iou(area.quad, other.quad) < SAME for other in kept):
            kept.append(area)
    return kept[:MAX_AREAS]


def _quads(lines: np.ndarray) -> list[np.ndarray]:
    """Every contour that is about a quadrilateral, 4 x 2, its corners in any order around."""
    contours, _ = cv2.findContours(lines, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    quads = []
    for contour in contours:
        if cv2.contourArea(contour) < MIN_BOX**2:
            continue
        hull = cv2.convexHull(contour)
        quad = cv2.approxPolyDP(hull, 0.06 * cv2.arcLength(hull, True), True)
        if len(quad) != 4 or cv2.contourArea(contour) < 0.75 * cv2.contourArea(hull):
            continue
        sides = np.linalg.norm(quad[:, 0] - np.roll(quad[:, 0], 1, axis=0), axis=1)
        if sides.max() < 2.5 * sides.min():
            quads.append(quad[:, 0].astype(np.float64))
    return quads


def _distinct(centres: np.ndarray, sides: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres and areas without doubles: a box has an inner and an outer contour."""
    kept: list[int] = []
    for k in np.argsort(-sides):
        if not kept or (np.linalg.norm(centres[kept] - centres[k], axis=1) > 0.4 * sides[kept]).all():
            kept.append(int(k))
    return centres[kept], sides[kept] ** 2
