"""Follows a flat page through a video: sparse optical flow between frames, and the homography that it adds up to.

The flow is that of Lucas and Kanade in pyramids (Bouguet, 2000). Points are kept if following them back leads to where they
came from (Kalal, Mikolajczyk and Matas, "Forward-Backward Error", 2010). The homography is fitted by RANSAC.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import TINY, fill_polygons, quad_area, transform

SIDE = 640
"""Longer side in pixels of the small frames in which points are followed."""


@dataclass(frozen=True)
class Points:
    """Which points are followed. Distances are in pixels of the small frames."""

    most: int = 160  # Number of points that are followed
    refill: int = 90  # Number below which new points are added
    growth: float = 1.15  # Size of the area of points over that of the board, whose surroundings are on the page too
    spacing: int = 6  # Least distance between points
    quality: float = 0.01  # Least quality of a corner, as a share of the best one's (Shi and Tomasi, 1994)


@dataclass(frozen=True)
class Flow:
    """Settings of the optical flow. With these it finds motions of up to about 80 pixels of the small frames."""

    window: int = 21  # Side in pixels of the patch around a point that is compared
    levels: int = 3  # Number of times that the picture is halved
    iterations: int = 20  # Most iterations for each point
    precision: float = 0.03  # Step in pixels below which the iterations end


@dataclass(frozen=True)
class Trust:
    """What it takes to believe that the page was found again. Distances are in pixels of the small frames."""

    way_back: float = 0.8  # Most distance by which following a point back may miss it
    inliers: int = 12  # Least number of points that agree on a homography
    share: float = 0.4  # Least share of them among the points that were found again
    error: float = 1.5  # Most distance of an inlier from where the homography puts it
    change: float = 1.6  # Most factor by which the board's side may change between frames; more is a mistake


POINTS, FLOW, TRUST = Points(), Flow(), Trust()


def small_grey(grey: np.ndarray) -> np.ndarray:
    """A frame (H x W uint8) reduced for the tracker."""
    height, width = small_size(*grey.shape)
    return cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA) if width < grey.shape[1] else grey


def small_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of a frame of that size after it is reduced for the tracker."""
    scale = min(1.0, SIDE / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


class Tracker:
    """Follows the page that a board lies on.

    It begins in the frame `small`, with the board's `outline` (4 x 2); `scale` is the size of the small frames over that
    of the frames. All frames have the same size, and are given as `small_grey` returns them. Outlines and homographies are
    in pixels of the full frames.
    """

    def __init__(self, small: np.ndarray, outline: np.ndarray, scale: float) -> None:
        self._down = np.diag([scale, scale, 1.0])
        self._small, self._page = small, np.empty((0, 2), np.float32)
        self._now = self._page
        middle = outline.mean(axis=0)
        self._outline = (middle + POINTS.growth * (outline - middle)) * scale
        self._homography = np.eye(3)
        self._refill()

    @property
    def homography(self) -> np.ndarray:
        """From the frame in which the tracker began to the last frame in which the page was found, 3 x 3."""
        return np.linalg.inv(self._down) @ self._homography @ self._down

    def advance(self, small: np.ndarray) -> bool:
        """Look for the page in the next frame. If it is not there, the search goes on from the frame where it was last."""
        if len(self._now) < TRUST.inliers:
            return False
        ahead, seen = _flow(self._small, small, self._now)
        back, returned = _flow(small, self._small, ahead)
        good = seen & returned & (np.abs(back - self._now).max(axis=1) < TRUST.way_back)
        if good.sum() < TRUST.inliers:
            return False
        found, inliers = cv2.findHomography(self._page[good], ahead[good], cv2.RANSAC, TRUST.error)
        if found is None or inliers.sum() < max(TRUST.inliers, TRUST.share * good.sum()) or not self._is_plausible(found):
            return False
        kept = inliers.ravel().astype(bool)
        self._small, self._homography = small, found
        self._page, self._now = self._page[good][kept], ahead[good][kept]
        if len(self._now) < POINTS.refill:
            self._refill()
        return True

    def _is_plausible(self, homography: np.ndarray) -> bool:
        """Whether the outline stays convex and does not change its size too much."""
        before, after = transform(self._outline, self._homography), transform(self._outline, homography)
        if not np.isfinite(after).all() or not cv2.isContourConvex(after.astype(np.float32)):
            return False
        change = np.sqrt(quad_area(after) / max(quad_area(before), TINY))
        return bool(1 / TRUST.change < change < TRUST.change)

    def _refill(self) -> None:
        """Add new points in the board's outline, away from those that are followed already."""
        h, w = self._small.shape
        mask = fill_polygons([transform(self._outline, self._homography)], h, w)[..., 0] * 255
        for x, y in self._now:
            cv2.circle(mask, (round(float(x)), round(float(y))), POINTS.spacing, 0, -1)
        wanted = POINTS.most - len(self._now)
        fresh = cv2.goodFeaturesToTrack(self._small, wanted, POINTS.quality, POINTS.spacing, mask=mask) if wanted > 0 else None
        if fresh is None:
            return
        fresh = fresh.reshape(-1, 2)
        page = transform(fresh, np.linalg.inv(self._homography)).astype(np.float32)
        self._now, self._page = np.concatenate([self._now, fresh]), np.concatenate([self._page, page])


def _flow(before: np.ndarray, after: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where points (K x 2 float32) have moved, and which of them were found."""
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, FLOW.iterations, FLOW.precision)
    guess, window = np.zeros_like(points), (FLOW.window, FLOW.window)
    moved, status, _ = cv2.calcOpticalFlowPyrLK(before, after, points, guess, None, None, window, FLOW.levels, criteria)
    return np.asarray(moved), np.asarray(status).ravel().astype(bool)
