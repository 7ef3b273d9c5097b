"""Takes a video frame by frame: follows the page, reads it now and then, and knows when an answer may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from futoshiki.board_result import BoardResult, Point
from futoshiki.live.answer import Answer
from futoshiki.live.frame_reader import FrameReader, FrameReading
from futoshiki.live.page import FollowedPage, Moment, PagePlace
from futoshiki.live.track import small_grey, small_size
from futoshiki.photo import Photo
from futoshiki.reading.reader import Reader, default_reader

State = Literal["searching", "reading", "solved", "lost"]

LOST_AFTER = 0.6
"""Seconds without the page after which it is lost; for shorter times a hand may have passed over it."""
MAX_UNSEEN = 6
"""Readings in a row that find no board after which the page is given up: something else is being followed."""


@dataclass(frozen=True)
class Pace:
    """How often a puzzle is read: every `pause` seconds at most until it is solved or was read `enough` times, then every
    `rest` seconds, when it is only watched for changes.
    """

    pause: float = 0.0
    rest: float = 0.3
    enough: float = float("inf")


@dataclass(frozen=True, eq=False)
class Sight:
    """What is known at one frame (`pixels`, H x W x 3 uint8 RGB), `seconds` after the first one.

    `board` is the answer so far, with its corners and cells in this frame; None if no board is in view. `state` is
    "solved" only if the answer is confirmed. It stays so while the page is hidden for a moment, with None as `board`.
    `place` is where its page lies, which other things on the page share. `readings` is the number of readings that the answer
    rests on. `latency` is the time in seconds that the newest reading took until it was available.
    """

    number: int
    seconds: float
    pixels: np.ndarray
    state: State
    board: BoardResult | None = None
    place: PagePlace | None = None
    readings: int = 0
    latency: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `looks` is the number of readings."""
        return {
            "state": self.state,
            "seconds": round(self.seconds, 3),
            "frame": self.number,
            "looks": self.readings,
            "board": self.board.to_dict() if self.board else None,
        }


class Session:
    """Takes frames one at a time, and returns for each what is known. `close` ends its thread.

    `trouble` is the message of the last unexpected error in a reading, until somebody clears it.
    """

    def __init__(self, reader: Reader | None = None, *, threaded: bool = True, pace: Pace = Pace()) -> None:
        self._pace = pace
        self._reader = FrameReader(reader or default_reader(), threaded=threaded)
        self._number = 0
        self.trouble: str | None = None
        self.restart()

    def restart(self) -> None:
        """Forget the puzzle and all frames."""
        self._answer = Answer()
        self._page: FollowedPage | None = None
        self._shape: tuple[int, ...] | None = None
        self._asked: Moment | None = None
        self._seen_at = self._read_at = float("-inf")
        self._first = self._number
        self._latency = 0.0
        self._unseen = 0

    def close(self) -> None:
        """End the thread that reads frames."""
        self._reader.close()

    def step(self, pixels: np.ndarray, seconds: float) -> Sight:
        """What is known at the next frame.

        `pixels` is H x W x 3 uint8 RGB and must not be changed any more, because a thread may be reading it. `seconds` is
        the frame's time; if it runs backwards, everything begins anew.
        """
        page, photo = self._page_for(pixels, seconds), Photo(pixels, "frame")
        number, self._number = self._number, self._number + 1
        page.advance(number, seconds, small_grey(photo.grey))
        self._collect(page, seconds)
        if page.now is not None:
            self._seen_at = seconds
        elif seconds - self._seen_at > LOST_AFTER:
            page.let_go()
        settled = self._answer.is_locked or self._readings >= self._pace.enough
        watched = settled and page.now is not None and not self._answer.is_in_question
        wanted = seconds - self._read_at >= (self._pace.rest if watched else self._pace.pause)
        if wanted and not self._reader.is_busy:
            self._read_at, self._asked = seconds, page.moments[-1]
            self._reader.begin(number, photo, page.corners(), self._answer.evidence)
            self._collect(page, seconds)  # without a thread, the reading is done already
        return self._sight(page, number, seconds, pixels)

    def _page_for(self, pixels: np.ndarray, seconds: float) -> FollowedPage:
        """The page that is followed; a new one if the frames have another size, or their time runs backwards."""
        page = self._page
        if page is None or pixels.shape != self._shape or (page.moments and seconds < page.moments[-1].seconds):
            self.restart()
            h, w = pixels.shape[:2]
            self._shape = pixels.shape
            self._page = page = FollowedPage(small_size(h, w)[1] / w)
        return page

    def _collect(self, page: FollowedPage, seconds: float) -> None:
        """Take the reading under way if it is done and was not begun before a restart."""
        reading = self._reader.collect()
        if reading and reading.frame >= self._first:
            self._take(page, reading, seconds)

    def _take(self, page: FollowedPage, reading: FrameReading, seconds: float) -> None:
        """Let a reading change the answer and where the page is."""
        self.trouble = reading.trouble or self.trouble
        moment = self._asked  # the frame of this reading, since only one is read at a time
        if moment is None:
            return
        self._latency = seconds - moment.seconds
        if reading.board is None:
            self._unseen += 1
            if self._unseen >= MAX_UNSEEN:
                page.let_go()
            return
        self._unseen = 0
        if reading.is_other:
            if not self._answer.count_against(reading):
                return
            page.let_go()
            self._answer = Answer()
        self._answer.take(reading)
        page.take(moment, reading.board)

    @property
    def _readings(self) -> int:
        """Number of readings that the answer rests on."""
        return self._answer.evidence.readings if self._answer.evidence else 0

    def _sight(self, page: FollowedPage, number: int, seconds: float, pixels: np.ndarray) -> Sight:
        answer, cells, corners = self._answer, page.cells(), page.corners()
        state: State = "solved" if answer.is_locked else "searching"
        board = None
        if answer.current is not None and cells is not None and corners is not None:
            state = "solved" if answer.is_locked and not answer.is_in_question else "reading"
            board = replace(answer.current, cells=tuple(_points(row) for row in cells), corners=_points(corners))
            if answer.is_in_question:
                board = replace(board, solution=None)
        elif answer.current is not None and seconds - self._seen_at > LOST_AFTER:
            state = "lost"
        place = page.place if board else None
        return Sight(number, seconds, pixels, state, board, place, self._readings, self._latency)


def _points(points: np.ndarray) -> tuple[Point, ...]:
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)


def follow(frames: Iterable[np.ndarray], *, fps: float = 30.0, reader: Reader | None = None) -> Iterator[Sight]:
    """What is known at each frame of a video that can wait: a frame is read before the next one is taken.

    `frames` are H x W x 3 uint8 RGB, all of one size, `fps` of them a second. For a camera, which cannot wait, call
    `Session.step` with its frames and their times.
    """
    session = Session(reader, threaded=False)
    try:
        for number, pixels in enumerate(frames):
            yield session.step(pixels, number / fps)
    finally:
        session.close()
