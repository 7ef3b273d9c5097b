"""Following a flat page through a video: sparse optical flow between frames, and the homography that it adds up to.

Lucas and Kanade's flow in pyramids (Bouguet, 2000), points kept only where the way back leads to where they
came from (Kalal, Mikolajczyk and Matas, "Forward-Backward Error", 2010), a homography by RANSAC.
"""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import fill_polygons, quad_area, transform

SIDE = 640
"""Longer side of the frames in which points are followed."""
MAX_POINTS, REFILL = 160, 90
"""Points that are followed, and how few may be left before new ones are looked for."""
MIN_INLIERS, MIN_SHARE = 12, 0.4
"""Points that must agree, and their share of those that were found again."""
MAX_RETURN = 0.8
"""Pixels by which the way back may miss."""
RANSAC_PIXELS = 1.5
GROWTH = 1.15
"""Points are looked for in the board's outline and a little around."""
MAX_CHANGE = 1.6
"""Of the board's side from one frame to the next; more is no motion but a mistake."""
WINDOW, LEVELS = (21, 21), 3
"""Of the optical flow: it finds motions of up to about 80 pixels of the small frame."""


def small_grey(grey: np.ndarray) -> np.ndarray:
    """A frame (H x W uint8) as the tracker wants it: its longer side at most SIDE pixels."""
    scale = SIDE / max(grey.shape)
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey


class Tracker:
    """Follows the page that a board lies on.

    Page coordinates are the pixels of the frame that the tracker began with; `homography` (3 x 3) leads
    from there to the last frame in which the page was found. `outline` is 4 x 2. All frames have one size;
    they are given reduced, see `small_grey`, and points and homographies are in pixels of the full frame.
    """

    def __init__(self, small: np.ndarray, outline: np.ndarray, scale: float) -> None:
        self._down = np.diag([scale, scale, 1.0])
        self._small, self._page = small, np.empty((0, 2), np.float32)
        self._now = self._page
        middle = outline.mean(axis=0)
        self._outline = (middle + GROWTH * (outline - middle)) * scale
        self._homography = np.eye(3)
        self._refill()

    @property
    def homography(self) -> np.ndarray:
        """From page coordinates to the last frame in which the page was found."""
        return np.linalg.inv(self._down) @ self._homography @ self._down

    def advance(self, small: np.ndarray) -> bool:
        """Go on to the next frame; False where the page is not found again, and then the next try begins where it was last."""
        if len(self._now) < MIN_INLIERS:
            return False
        ahead, seen = _flow(self._small, small, self._now)
        back, returned = _flow(small, self._small, ahead)
        good = seen & returned & (np.abs(back - self._now).max(axis=1) < MAX_RETURN)
        if good.sum() < MIN_INLIERS:
            return False
        found, inliers = cv2.findHomography(self._page[good], ahead[good], cv2.RANSAC, RANSAC_PIXELS)
        if found is None or inliers.sum() < max(MIN_INLIERS, MIN_SHARE * good.sum()) or not self._is_plausible(found):
            return False
        kept = inliers.ravel().astype(bool)
        self._small, self._homography = small, found
        self._page, self._now = self._page[good][kept], ahead[good][kept]
        if len(self._now) < REFILL:
            self._refill()
        return True

    def _is_plausible(self, homography: np.ndarray) -> bool:
        before, after = transform(self._outline, self._homography), transform(self._outline, homography)
        if not np.isfinite(after).all() or not cv2.isContourConvex(after.astype(np.float32)):
            return False
        change = np.sqrt(quad_area(after) / max(quad_area(before), 1e-6))
        return bool(1 / MAX_CHANGE < change < MAX_CHANGE)

    def _refill(self) -> None:
        """Look for new points in the board's outline, away from those that are followed already."""
        h, w = self._small.shape
        mask = fill_polygons([transform(self._outline, self._homography)], h, w)[..., 0] * 255
        for x, y in self._now:
            cv2.circle(mask, (round(float(x)), round(float(y))), 6, 0, -1)
        wanted = MAX_POINTS - len(self._now)
        fresh = cv2.goodFeaturesToTrack(self._small, wanted, 0.01, 6, mask=mask.astype(np.uint8)) if wanted > 0 else None
        if fresh is None:
            return
        fresh = fresh.reshape(-1, 2)
        page = transform(fresh, np.linalg.inv(self._homography)).astype(np.float32)
        self._now, self._page = np.concatenate([self._now, fresh]), np.concatenate([self._page, page])


def _flow(before: np.ndarray, after: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where points (K x 2 float32) have gone, and which of them were found."""
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.03)
    guess = np.zeros_like(points)
    moved, status, _ = cv2.calcOpticalFlowPyrLK(before, after, points, guess, None, None, WINDOW, LEVELS, criteria)
    return np.asarray(moved), np.asarray(status).ravel().astype(bool)
