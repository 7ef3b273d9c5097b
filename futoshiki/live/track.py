"""Follows a flat page through a video: sparse optical flow from its first look to each frame, and a homography.

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
NEARBY, FLOOR = 31, np.float32(3.0)
"""Side in pixels of the window in which a small frame's contrast is evened out, and the grey levels that count as no contrast."""
GAIN, MIDDLE = np.float32(24.0), np.float32(128.0)
"""How evened contrast becomes grey levels: levels of one mean deviation, and that of the mean."""


@dataclass(frozen=True)
class Points:
    """Which points are followed. Distances are in pixels of the small frames."""

    most: int = 60  # Number of points that are followed
    growth: float = 1.15  # Size of the area of points over that of the board, whose surroundings are on the page too
    spacing: int = 6  # Least distance between points
    quality: float = 0.01  # Least quality of a corner, as a share of the best one's (Shi and Tomasi, 1994)


@dataclass(frozen=True)
class Flow:
    """Settings of the optical flow. With these it finds motions of up to about 80 pixels of the small frames."""

    window: int = 21  # Side in pixels of the patch around a point that is compared
    levels: int = 3  # Number of times that the picture is halved
    iterations: int = 10  # Most iterations for each point
    precision: float = 0.03  # Step in pixels below which the iterations end


@dataclass(frozen=True)
class Trust:
    """What it takes to believe that the page was found again. Distances are in pixels of the small frames."""

    way_back: float = 0.8  # Most distance by which following a point back may miss it
    inliers: int = 12  # Least number of points that agree on a homography
    share: float = 0.4  # Least share of them among the points that were found again
    most: float = 0.45  # Least share of all points that agree where they are only followed from the last frame
    error: float = 1.5  # Most distance of an inlier from where the homography puts it
    change: float = 1.6  # Most factor by which the board's side may change between frames; more is a mistake


POINTS, FLOW, TRUST = Points(), Flow(), Trust()


def small_grey(grey: np.ndarray) -> np.ndarray:
    """A frame (H x W uint8) reduced for the tracker, with even contrast, so that changing light and shadows matter little.

    Levels are given relative to the mean and the mean deviation nearby. All but the last step is done with integers, for speed.
    """
    height, width = small_size(*grey.shape)
    small = cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA) if width < grey.shape[1] else grey
    mean = cv2.blur(small, (NEARBY, NEARBY))
    spread = cv2.blur(cv2.absdiff(small, mean), (NEARBY, NEARBY))
    even = GAIN * cv2.subtract(small, mean, dtype=cv2.CV_32F) / (spread + FLOOR) + MIDDLE
    return np.clip(even, 0, 255, out=even).astype(np.uint8)


def small_size(height: int, width: int) -> tuple[int, int]:
    """Height and width of a frame of that size after it is reduced for the tracker."""
    scale = min(1.0, SIDE / max(height, width))
    return max(1, round(height * scale)), max(1, round(width * scale))


class Tracker:
    """Follows the page that a board lies on.

    It begins in the frame `small`, with the board's `outline` (4 x 2); `scale` is the size of the small frames over that
    of the frames. All frames have the same size, and are given as `small_grey` returns them. Outlines and homographies are
    in pixels of the full frames.

    The first frame, as it would look from where the page was last, is compared with the new one: errors do not add up, and
    what passes over the page is not followed. Where that fails, because the camera moves fast or is out of focus, all points
    are followed from the last frame if most of them agree, and the comparison is tried again from there.
    """

    def __init__(self, small: np.ndarray, outline: np.ndarray, scale: float) -> None:
        self._down = np.diag([scale, scale, 1.0])
        self._first = self._last = small
        middle = outline.mean(axis=0)
        self._outline = (middle + POINTS.growth * (outline - middle)) * scale
        self._homography = np.eye(3)
        mask = fill_polygons([self._outline], *small.shape)[..., 0]
        found = cv2.goodFeaturesToTrack(small, POINTS.most, POINTS.quality, POINTS.spacing, mask=mask)
        self._points = np.empty((0, 2), np.float32) if found is None else found.reshape(-1, 2)

    @property
    def homography(self) -> np.ndarray:
        """From the frame in which the tracker began to the last frame in which the page was found, 3 x 3."""
        return np.linalg.inv(self._down) @ self._homography @ self._down

    def advance(self, small: np.ndarray) -> bool:
        """Look for the page in the next frame. If it is not there, the search goes on from the frame where it was last."""
        found = self._as_first(small, self._homography)
        if found is None:
            least = round(TRUST.most * len(self._points))
            moved = self._found(self._last, small, self._homography, max(least, TRUST.inliers))
            if moved is None:
                return False
            found = self._as_first(small, moved)
            found = moved if found is None else found
        self._last, self._homography = small, found
        return True

    def _as_first(self, small: np.ndarray, near: np.ndarray) -> np.ndarray | None:
        """The page's homography to a frame, by comparison with the first one as it looks if the page lies `near`."""
        expected = cv2.warpPerspective(self._first, near, small.shape[::-1], borderMode=cv2.BORDER_REPLICATE)
        return self._found(expected, small, near, TRUST.inliers)

    def _found(self, before: np.ndarray, after: np.ndarray, homography: np.ndarray, least: int) -> np.ndarray | None:
        """The page's homography to the frame `after`; None if fewer than `least` points agree on one.

        In `before` it lies where `homography` says, and the points are followed from there.
        """
        if len(self._points) < least:
            return None
        start = transform(self._points, homography).astype(np.float32)
        ahead, seen = _flow(before, after, start)
        back, returned = _flow(after, before, ahead)
        good = seen & returned & (np.abs(back - start).max(axis=1) < TRUST.way_back)
        if good.sum() < least:
            return None
        found, inliers = cv2.findHomography(self._points[good], ahead[good], cv2.RANSAC, TRUST.error)
        enough = found is not None and inliers.sum() >= max(least, TRUST.share * good.sum())
        return found if enough and self._is_plausible(found) else None

    def _is_plausible(self, homography: np.ndarray) -> bool:
        """Whether the outline stays convex and does not change its size too much."""
        before, after = transform(self._outline, self._homography), transform(self._outline, homography)
        if not np.isfinite(after).all() or not cv2.isContourConvex(after.astype(np.float32)):
            return False
        change = np.sqrt(quad_area(after) / max(quad_area(before), TINY))
        return bool(1 / TRUST.change < change < TRUST.change)


def _flow(before: np.ndarray, after: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where points (K x 2 float32) have moved, and which of them were found."""
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, FLOW.iterations, FLOW.precision)
    guess, window = np.zeros_like(points), (FLOW.window, FLOW.window)
    moved, status, _ = cv2.calcOpticalFlowPyrLK(before, after, points, guess, None, None, window, FLOW.levels, criteria)
    return np.asarray(moved), np.asarray(status).ravel().astype(bool)
