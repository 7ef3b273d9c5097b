"""Where the board is in each frame: its page is followed from frame to frame, and every reading corrects the drift."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.geometry import mean_pitch, transform
from futoshiki.live.track import Tracker
from futoshiki.reading.board import Board

KEPT_FRAMES = 90
"""Most recent frames that are kept, because a reading comes some frames late and is then followed to the newest one."""
STRIDE = 3
"""Frames at a time by which the page is then followed: the picture stands still meanwhile, but over many frames it moves far."""
CORRECTION = 0.5
"""Share of its distance from a new reading by which the followed lattice is moved: drift goes, and jitter stays small."""
MAX_CORRECTION = 0.5
"""Distance in pitches above which this is not drift: the page is followed anew."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A past frame: its number, its time, its small grey picture, and the page's homography (3 x 3) if it was found."""

    number: int
    seconds: float
    small: np.ndarray
    homography: np.ndarray | None


@dataclass(frozen=True, eq=False)
class PagePlace:
    """Where a page lies: `homography` (3 x 3) maps the frame with the number `since`, where tracking began, to this frame."""

    since: int
    homography: np.ndarray


class FollowedPage:
    """The lattice of a board, followed through frames of one size.

    `scale` is the size of their small grey pictures over that of the frames. `moments` are the last frames. Homographies
    lead from the frame in which the page was first found.
    """

    def __init__(self, scale: float) -> None:
        self.moments: deque[Moment] = deque(maxlen=KEPT_FRAMES)
        self._scale = scale
        self._tracker: Tracker | None = None
        self._since = 0
        self._cells = self._corners = np.empty(0)

    @property
    def now(self) -> np.ndarray | None:
        """The homography of the page to the newest frame, if it was found there."""
        return self.moments[-1].homography if self.moments else None

    @property
    def place(self) -> PagePlace | None:
        """Where the page lies in the newest frame, if it was found there."""
        return None if self.now is None else PagePlace(self._since, self.now)

    def advance(self, number: int, seconds: float, small: np.ndarray) -> None:
        """Follow the page to the next frame."""
        found = self._tracker is not None and self._tracker.advance(small)
        homography = self._tracker.homography if self._tracker and found else None
        self.moments.append(Moment(number, seconds, small, homography))

    def let_go(self) -> None:
        """Stop following the page."""
        self._tracker = None

    def cells(self) -> np.ndarray | None:
        """The cell centres in pixels of the newest frame, N x N x 2, if the page was found there."""
        return None if self.now is None else transform(self._cells, self.now)

    def corners(self) -> np.ndarray | None:
        """The board's corners in pixels of the newest frame, 4 x 2, if the page was found there."""
        return None if self.now is None else transform(self._corners, self.now)

    def take(self, moment: Moment, seen: Board) -> None:
        """Move the lattice towards the board that was seen at a moment, or begin to follow the page from there."""
        if self._tracker is not None and moment.homography is not None and self._cells.shape == seen.cells.shape:
            back = np.linalg.inv(moment.homography)
            cells = transform(seen.cells, back)
            if np.abs(cells - self._cells).max() < MAX_CORRECTION * mean_pitch(self._cells):
                self._cells = (1 - CORRECTION) * self._cells + CORRECTION * cells
                self._corners = (1 - CORRECTION) * self._corners + CORRECTION * transform(seen.corners, back)
                return
        self._cells, self._corners = seen.cells.astype(np.float64), seen.corners
        self._begin(moment)

    def _begin(self, moment: Moment) -> None:
        """Follow the page from a past frame to the newest one."""
        self._tracker, self._since = Tracker(moment.small, self._corners, self._scale), moment.number
        passed = [k for k, one in enumerate(self.moments) if one.number > moment.number]
        followed = passed[::-STRIDE]
        for k, one in enumerate(self.moments):
            homography = np.eye(3) if one.number == moment.number else None
            if k in followed and self._tracker.advance(one.small):
                homography = self._tracker.homography
            self.moments[k] = replace(one, homography=homography)
