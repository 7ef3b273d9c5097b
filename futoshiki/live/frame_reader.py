"""Reads one frame at a time, in a thread of its own, while the video goes on."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.live.evidence import Evidence
from futoshiki.photo import Photo
from futoshiki.reading.board import Board
from futoshiki.reading.found import Found
from futoshiki.reading.locate import Area, upright_order
from futoshiki.reading.reader import PhotoReader, Reader
from futoshiki.reading.search import LARGE, LINES, SMALL, WHOLE

SEARCHES = (WHOLE, LINES, WHOLE, LARGE, SMALL)
"""The searches that take turns while nothing is found; the one that finds most comes twice."""


@dataclass(frozen=True, eq=False)
class FrameReading:
    """What was read in the frame with the number `frame`.

    `board` is where the board lies, in the puzzle's own orientation; None if no puzzle could be read. `alone` is the
    answer from this frame alone, `is_clear` if nobody has to look closer. `is_other` means that it shows another puzzle than
    the evidence known before. `evidence` adds up all readings of the puzzle that this frame shows, and `together` is the
    answer from all of them. `trouble` is the message of an unexpected error.
    """

    frame: int
    board: Board | None = None
    alone: BoardResult | None = None
    is_clear: bool = False
    evidence: Evidence | None = None
    together: BoardResult | None = None
    is_other: bool = False
    trouble: str | None = None


class FrameReader:
    """Reads frames one at a time, in a thread of its own unless `threaded` is false."""

    def __init__(self, reader: Reader, *, threaded: bool = True) -> None:
        self._reader = reader
        self._pool = ThreadPoolExecutor(1) if threaded else None
        self._pending: Future[FrameReading] | None = None
        self._misses = 0

    @property
    def is_busy(self) -> bool:
        """Whether a frame is being read, or its reading has not been collected yet."""
        return self._pending is not None

    def begin(self, frame: int, photo: Photo, quad: np.ndarray | None, known: Evidence | None) -> None:
        """Start to read a frame, first where the board is expected (`quad`, 4 x 2 pixels), then anywhere in it.

        `known` is the evidence from the frames before.
        """
        if self._pool is None:
            done: Future[FrameReading] = Future()
            done.set_result(self._guarded(frame, photo, quad, known))
            self._pending = done
        else:
            self._pending = self._pool.submit(self._guarded, frame, photo, quad, known)

    def collect(self) -> FrameReading | None:
        """The reading of the frame, once it is done; None until then."""
        if self._pending is None or not self._pending.done():
            return None
        done, self._pending = self._pending, None
        return done.result()

    def close(self) -> None:
        """Wait until the frame is read, and end the thread."""
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _guarded(self, frame: int, photo: Photo, quad: np.ndarray | None, known: Evidence | None) -> FrameReading:
        try:
            reading = self._read(frame, PhotoReader(self._reader, photo), quad, known)
        except Exception as error:  # one bad frame must not end the video
            reading = FrameReading(frame, trouble=f"unexpected {type(error).__name__}: {error}")
        self._misses = 0 if reading.board else self._misses + 1
        return reading

    def _read(self, frame: int, page: PhotoReader, quad: np.ndarray | None, known: Evidence | None) -> FrameReading:
        # The order of the quad's corners must not carry over the orientation that was found before.
        expected = [] if quad is None else [Area(upright_order(quad), complete=False, score=1.0)]
        found = _first_open(page, expected)
        if found is None or not found.is_open:
            found = _first_open(page, self._areas(page)) or found
        if found is None:
            return FrameReading(frame)
        scores = found.sighting.scores
        board = found.board.oriented(scores.orientation)
        written = [entry[:2] for entry in found.result.entries]
        alone = FrameReading(frame, board, found.result, found.is_clear, Evidence.of(scores), found.result)
        if known is None:
            return alone
        if known.contradicts(scores, written):
            return replace(alone, is_other=True)
        evidence = known.plus(scores)
        return replace(alone, evidence=evidence, together=page.answer(found.board, evidence.scores).result)

    def _areas(self, page: PhotoReader) -> list[Area]:
        """The areas that the search whose turn it is proposes."""
        # Without their maps, areas are only read in close views. Those locate the board better, and there is time.
        return [replace(area, maps=None) for area in page.search(SEARCHES[self._misses % len(SEARCHES)])]


def _first_open(page: PhotoReader, areas: list[Area]) -> Found | None:
    """The first open puzzle that can be read, in the order of the areas; otherwise the first complete board, if any."""
    complete = None
    for area in areas:
        found = page.read_area(area, beside=complete is not None)
        if isinstance(found, Found):
            if found.is_open:
                return found
            complete = complete or found
    return complete
