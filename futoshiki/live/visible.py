"""Which part of a followed page is visible: what lies on it is told by how the page looked in the frames before."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from futoshiki.geometry import fill_polygons, transform
from futoshiki.networks.grid import close_view
from futoshiki.reading.cover import things_on

SIDE = 192
"""Side in pixels of the view in which a page is compared with its former looks."""
BORDER = 0.06
"""Share of that side that is left around the areas."""
DARKEST = 16.0
"""Grey levels that are added before levels are compared by their ratio, which would be mostly noise in black print."""
OTHER_COLOUR = 0.11
"""Least distance of colours, as the logarithm of the ratios of red, green and blue without that of the brightness."""
DARKER, BRIGHTER = np.log(0.3), np.log(1.8)
"""Range of the logarithm of the brightness ratio that shadows and changes of light can explain."""
CHANGED = np.log(1.3)
"""Least logarithm of a ratio of brightness at which print may be hidden by something that has no colour, such as a sleeve."""
NEARBY = (11, 11)
"""Sides in pixels of the window in which print is compared."""
PRINT, NOISE = 0.003, 0.003
"""Variance of the logarithm of brightness above which there is print, and that of noise."""
ALIKE = 0.3
"""Correlation of print with what was there before, below which it is hidden."""
LEAST_WIDTH = 5
"""Pixels of the view below which what has changed is print that is not quite in its place."""
LEAST_SHARE = 0.004
"""Least area of a thing as a share of the view."""
LEARNT = 0.1
"""Share by which the look of a page follows the present frame where nothing lies on it."""


class PageLook:
    """How a followed page looks where nothing lies on it.

    `pixels` (H x W x 3 uint8 RGB) is a first frame, and `homography` leads to it from the frame in which the areas have the
    `outlines` (each K x 2), and cells the distance `pitch`. Shadows and changing light are no things, and neither is what has
    the colour of the paper.
    """

    def __init__(self, pixels: np.ndarray, homography: np.ndarray, outlines: Sequence[np.ndarray], pitch: float) -> None:
        points = np.concatenate(outlines)
        low, high = points.min(axis=0), points.max(axis=0)
        scale = SIDE * (1 - 2 * BORDER) / (high - low).max()
        x, y = SIDE / 2 - scale * (low + high) / 2
        self._view = np.array([[scale, 0, x], [0, scale, y], [0, 0, 1]])
        self._inside = fill_polygons([transform(outline, self._view) for outline in outlines], SIDE, SIDE)[..., 0] > 0
        to_view = self._view @ np.linalg.inv(homography)
        seen = self._inside & self._within(pixels, to_view)
        view = close_view(pixels, to_view, SIDE)
        levels = _log(view)
        self._paper = np.median(levels[seen], axis=0)
        things = things_on(view, seen, scale * pitch)
        self._levels = np.where(things[..., None], self._paper, levels)
        self._near = _grown(things.astype(np.uint8))

    def covered(self, pixels: np.ndarray, homography: np.ndarray) -> np.ndarray:
        """Where something lies on the areas in the next frame, H x W bool; `homography` leads to it as in the first one."""
        view = self._view @ np.linalg.inv(homography)
        levels, within = _log(close_view(pixels, view, SIDE)), self._inside & self._within(pixels, view)
        if not within.any():
            return np.zeros(pixels.shape[:2], bool)
        free = within & ~self._near
        levels -= np.median((levels - self._levels)[free if free.any() else within], axis=0)  # the light of the whole frame
        differs = _differs(levels, self._levels) & _differs(levels, self._paper)
        things = _wide((differs | _print_is_gone(levels, self._levels)).astype(np.uint8))
        self._near = _grown(things)
        share = LEARNT * (within & ~self._near)[..., None]
        self._levels += share * (levels - self._levels)
        h, w = pixels.shape[:2]
        return cv2.warpPerspective(things * 255, np.linalg.inv(view), (w, h), flags=cv2.INTER_LINEAR) > 127

    @staticmethod
    def _within(pixels: np.ndarray, view: np.ndarray) -> np.ndarray:
        """Which pixels of a view lie in the frame."""
        h, w = pixels.shape[:2]
        frame = np.array([[0, 0], [w - 1, 0], [w - 1, h - 1], [0, h - 1]], float)
        return fill_polygons([transform(frame, view)], SIDE, SIDE)[..., 0] > 0


def _log(view: np.ndarray) -> np.ndarray:
    return np.log(view.astype(np.float32) + np.float32(DARKEST))


def _differs(levels: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Where logarithms of levels differ by more than light and shadow can do."""
    ratios = levels - others
    brightness = ratios.mean(axis=-1)
    colour = np.linalg.norm(ratios - brightness[..., None], axis=-1)
    return np.asarray((colour > OTHER_COLOUR) | (brightness < DARKER) | (brightness > BRIGHTER))


def _print_is_gone(levels: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Where the light has changed and the print is no longer seen, as it would be in a shadow."""
    now, before = levels.mean(axis=-1), others.mean(axis=-1)
    changed = np.abs(now - before) > CHANGED
    now, before = (part - cv2.blur(part, NEARBY) for part in (now, before))
    print_there, anything = cv2.blur(before * before, NEARBY), cv2.blur(now * now, NEARBY)
    likeness = cv2.blur(now * before, NEARBY) / np.sqrt(np.maximum(print_there * anything, NOISE**2))
    return np.asarray(changed & (print_there > PRINT) & (likeness < ALIKE))


def _grown(things: np.ndarray) -> np.ndarray:
    """A mask (uint8) with its surroundings, H x W bool."""
    return cv2.dilate(things, np.ones((LEAST_WIDTH, LEAST_WIDTH), np.uint8)) > 0


def _wide(differs: np.ndarray) -> np.ndarray:
    """The wide and large parts of a mask (uint8), closed where print shows through."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (LEAST_WIDTH, LEAST_WIDTH))
    closed = cv2.morphologyEx(cv2.morphologyEx(differs, cv2.MORPH_OPEN, kernel), cv2.MORPH_CLOSE, kernel)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(closed)
    return closed * (stats[:, cv2.CC_STAT_AREA] > LEAST_SHARE * SIDE**2)[parts]
