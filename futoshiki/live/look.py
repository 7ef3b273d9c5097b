"""One look at one frame, and a thread that looks while the video goes on."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.live.evidence import Evidence
from futoshiki.photo import Photo
from futoshiki.reading.close_up import Board
from futoshiki.reading.locate import Area, locate, upright_order
from futoshiki.reading.outlines import outline_areas
from futoshiki.reading.pipeline import SEARCH_SIDES
from futoshiki.reading.reader import Clock, Found, Networks, read_again, read_area
from futoshiki.result import BoardResult


@dataclass(frozen=True, eq=False)
class Look:
    """What was seen in the frame of that number.

    `board` is where, in the puzzle's own orientation, None where no puzzle could be read. `alone` is what
    this look says by itself; `evidence` adds it to what was known, if it shows the same puzzle, and
    `together` is what they say. `trouble` is what went wrong, if anything did.
    """

    frame: int
    board: Board | None = None
    alone: BoardResult | None = None
    evidence: Evidence | None = None
    together: BoardResult | None = None
    is_other: bool = False
    trouble: str | None = None


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

    def begin(self, frame: int, photo: Photo, quad: np.ndarray | None, known: Evidence | None) -> None:
        """Look at a frame; where the board is known to be (`quad`, 4 x 2), there first. `known` is what was seen before."""
        if self._pool is None:
            done: Future[Look] = Future()
            done.set_result(self._guarded(frame, photo, quad, known))
            self._pending = done
        else:
            self._pending = self._pool.submit(self._guarded, frame, photo, quad, known)

    def collect(self) -> Look | None:
        """The look that was begun, if it is done."""
        if self._pending is None or not self._pending.done():
            return None
        done, self._pending = self._pending, None
        return done.result()

    def close(self) -> None:
        """Wait for the look under way and end the thread."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _guarded(self, frame: int, photo: Photo, quad: np.ndarray | None, known: Evidence | None) -> Look:
        try:
            look = self._look(frame, photo, quad, known)
        except Exception as error:  # one bad frame must not end the video
            look = Look(frame, trouble=f"unexpected {type(error).__name__}: {error}")
        self._misses = 0 if look.board else self._misses + 1
        return look

    def _look(self, frame: int, photo: Photo, quad: np.ndarray | None, known: Evidence | None) -> Look:
        # as it lies in the frame: each look judges anew which way is up, or the page's own order would speak for itself
        known_place = [] if quad is None else [Area(upright_order(quad), complete=False, score=1.0)]
        found = self._best_of(photo, known_place)
        if found is None or not _is_open(found):
            found = self._best_of(photo, self._areas(photo)) or found
        if found is None:
            return Look(frame)
        board = found.board.oriented(found.scores.orientation)
        written = [entry[:2] for entry in found.result.entries]
        if known is None or known.contradicts(found.scores, written):
            return Look(frame, board, found.result, Evidence.of(found.scores), found.result, is_other=known is not None)
        evidence = known.plus(found.scores)
        together = read_again(photo, found.board, evidence.scores, self._networks, Clock())
        return Look(frame, board, found.result, evidence, together)

    def _areas(self, photo: Photo) -> list[Area]:
        first, *others = SEARCH_SIDES
        ways = (first, None, first, *others)
        side = ways[self._misses % len(ways)]
        if side is None:
            return outline_areas(photo)
        # many frames will show where the board is, which a close look tells better than what the search saw from afar
        return [replace(area, maps=None) for area in locate(photo, self._networks.grid, side=side)]

    def _best_of(self, photo: Photo, areas: list[Area]) -> Found | None:
        """The first open puzzle that can be read, the largest areas tried first; else a finished board."""
        finished = None
        for area in areas:
            found = read_area(photo, area, self._networks, Clock(), glance=finished is not None, patient=finished is None)
            if isinstance(found, Found):
                if _is_open(found):
                    return found
                finished = finished or found
        return finished


def _is_open(found: Found) -> bool:
    return not found.result.complete and found.result.status != "contradictory"
