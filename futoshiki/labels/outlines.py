"""The outlines of a mask."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np


def outlines_of(mask: np.ndarray) -> tuple[np.ndarray, ...]:
    """The outlines of the areas of a mask (H x W uint8 of 0 and 1), each K x 2 float64 (x, y) through pixel centres.

    A polygon has no holes, so a mask with holes is cut at a row through each of them. `fill_polygons` makes the same mask of
    the outlines again, pixel by pixel. The outline of one or two pixels has as many points.
    """
    found: list[np.ndarray] = []
    for top, bottom in pairwise([0, *_rows_through_holes(mask), len(mask) - 1]):
        part = mask[top : bottom + 1]  # neighbours share a row, so that no gap appears when the outlines are rescaled
        contours, _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE, offset=(0, top))
        found += [contour[:, 0].astype(np.float64) for contour in contours]
    return tuple(found)


def _rows_through_holes(mask: np.ndarray) -> list[int]:
    """As few rows as possible, from top to bottom, so that one of them runs through each hole."""
    contours, hierarchy = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    parents = hierarchy[0, :, 3] if len(contours) else ()
    # The contour of a hole lies on the pixels around it.
    boxes = [cv2.boundingRect(contour) for contour, parent in zip(contours, parents, strict=True) if parent >= 0]
    rows: list[int] = []
    for last, first in sorted((y + height - 2, y + 1) for _, y, _, height in boxes):
        if not rows or first > rows[-1]:
            rows.append(last)
    return rows
