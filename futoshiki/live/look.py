"""One look at one frame, and a thread that looks while the video goes on."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from futoshiki.pipeline import MIN_BOARD_SCORE, SEARCH_SIDES, SIZES
from futoshiki.reading import Clock, Found, Networks, read_board
from futoshiki.vision.board import rectify
from futoshiki.vision.locate import Area, locate
from futoshiki.vision.outlines import outline_areas
from futoshiki.vision.photo import Photo


@dataclass(frozen=True, eq=False)
class Look:
    """What was seen in the frame of that number; `found` is None where no open puzzle could be read."""

    frame: int
    photo: Photo
    found: Found | None


class Reader:
    """Looks at frames, one at a time, in a thread of its own unless `threaded` is false.

    Where nothing was found the next look is taken in another way: wider, nearer, by outlines alone.
    """

    def __init__(self, networks: Networks, *, threaded: bool = True) -> None:
        self._networks = networks
        self._pool = ThreadPoolExecutor(1) if threaded else None
        self._pending: Future[Look] | None = None
        self._misses = 0

    @property
    def is_busy(self) -> bool:
        """Whether a look is under way or waits to be collected."""
        return self._pending is not None

    def begin(self, frame: int, photo: Photo, quad: np.ndarray | None) -> None:
        """Look at a frame; where the board is known to be (`quad`, 4 x 2), there first."""
        if self._pool is None:
            self._pending = Future()
            self._pending.set_result(self._look(frame, photo, quad))
        else:
            self._pending = self._pool.submit(self._look, frame, photo, quad)

    def collect(self) -> Look | None:
        """The look that was begun, if it is done."""
        if self._pending is None or not self._pending.done():
            return None
        look, self._pending = self._pending.result(), None
        return look

    def close(self) -> None:
        """Wait for the look under way and end the thread."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _look(self, frame: int, photo: Photo, quad: np.ndarray | None) -> Look:
        found = None
        if quad is not None:
            found = self._best_of(photo, [Area(quad, complete=False, score=1.0)])
        if found is None:
            found = self._best_of(photo, self._areas(photo))
        self._misses = 0 if found else self._misses + 1
        return Look(frame, photo, found)

    def _areas(self, photo: Photo) -> list[Area]:
        first, *others = SEARCH_SIDES
        ways = (first, None, first, *others)
        side = ways[self._misses % len(ways)]
        return outline_areas(photo) if side is None else locate(photo, self._networks.grid, side=side)

    def _best_of(self, photo: Photo, areas: list[Area]) -> Found | None:
        """The first open puzzle that can be read, the largest areas tried first."""
        finished = None
        for area in areas:
            board = rectify(photo, area, self._networks.grid, patient=finished is None)
            if board is None or board.score < MIN_BOARD_SCORE or board.size not in SIZES:
                continue
            found = read_board(photo, board, self._networks, Clock())
            if found and not found.result.complete and found.result.status != "contradictory":
                return found
            finished = finished or found
        return finished
