"""What happens between frames: looking, following, adding up evidence, and when an answer is shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from futoshiki.geometry import mean_pitch, transform
from futoshiki.live.evidence import Evidence
from futoshiki.live.look import Look, Reader
from futoshiki.live.track import Tracker, small_grey
from futoshiki.photo import Photo
from futoshiki.reading.close_up import Board
from futoshiki.reading.reader import Networks
from futoshiki.result import BoardResult, Point

State = Literal["searching", "reading", "solved", "lost"]

AGREEING = 2
"""Looks in a row that must lead to the same grid before it is shown."""
DIFFERENT, VAGUELY_DIFFERENT = 2, 10
"""Looks in a row that must show another puzzle before a solved one is let go: if they are sure of it, and if they are
not, as when a hand lies on the page."""
RELAXED = 0.3
"""Seconds between looks at a puzzle that is solved."""
LOST_AFTER = 0.6
"""Seconds without the page after which it is called lost; until then a hand may have passed over it."""
UNSEEN = 6
"""Looks in a row, at a place that is followed, that show no board: then it is not the page that is followed."""
KEPT_FRAMES = 90
"""Frames through which the page is followed when a look comes back some frames late."""
CORRECTION, MAX_CORRECTION = 0.5, 0.5
"""Share by which each look moves the followed lattice towards where it saw it: drift goes, jitter stays small. And
the cells from which it is no drift: the page is followed anew from there."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What is known at one frame (`pixels`, H x W x 3 uint8 RGB; `seconds` since the first one).

    `board` is the answer so far, its corners and cells those of this frame; None while nothing is found.
    `state` is "solved" only if the answer is trusted; `board` is None then while the page is hidden for
    a moment. `looks` counts the readings behind it;
    `latency` is the age in seconds of the newest one when it came in.
    """

    number: int
    seconds: float
    pixels: np.ndarray
    state: State
    board: BoardResult | None = None
    looks: int = 0
    latency: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """For a line of JSON."""
        board = self.board.to_dict() if self.board else None
        return {"state": self.state, "seconds": round(self.seconds, 3), "frame": self.number, "looks": self.looks, "board": board}


@dataclass(frozen=True, eq=False)
class _Moment:
    """A frame that has gone by: its small grey picture, when it was, and where the page was then (3 x 3), if known."""

    number: int
    seconds: float
    small: np.ndarray
    page: np.ndarray | None


class Session:
    """Takes frames, gives sights. One at a time; `close` ends its thread."""

    def __init__(self, networks: Networks | None = None, *, threaded: bool = True) -> None:
        self._reader = Reader(networks or Networks.of(), threaded=threaded)
        self._moments: deque[_Moment] = deque(maxlen=KEPT_FRAMES)
        self._asked: _Moment | None = None
        self._number = 0
        self._shape: tuple[int, ...] | None = None
        self._tracker: Tracker | None = None
        self._evidence: Evidence | None = None
        self._answer: BoardResult | None = None
        self._candidate: BoardResult | None = None
        self._locked = False
        self._agreeing = self._different = 0
        self.trouble: str | None = None
        """What went wrong in a look, last."""
        self.restart()

    def restart(self) -> None:
        """Forget the puzzle and all frames."""
        self._moments.clear()
        self._shape = None
        self._seen_at = self._looked_at = float("-inf")
        self._first = self._number
        self._latency = 0.0
        self._unseen = 0
        self._forget_puzzle()

    def close(self) -> None:
        """End the thread that looks."""
        self._reader.close()

    def step(self, pixels: np.ndarray, seconds: float) -> Sight:
        """The next frame, H x W x 3 uint8 RGB, which must not be written to any more, and its time."""
        if pixels.shape != self._shape or (self._moments and seconds < self._moments[-1].seconds):
            self.restart()  # another camera, or the same one come back
        self._shape = pixels.shape
        photo = Photo(pixels, "frame")
        small = small_grey(photo.grey)
        self._scale = small.shape[1] / pixels.shape[1]
        followed = self._tracker is not None and self._tracker.advance(small)
        page = self._tracker.homography if self._tracker and followed else None
        number, self._number = self._number, self._number + 1
        self._moments.append(_Moment(number, seconds, small, page))
        self._collect(seconds)
        if self._moments[-1].page is not None:
            self._seen_at = seconds
        elif seconds - self._seen_at > LOST_AFTER:
            self._tracker = None
        rested = seconds - self._looked_at >= RELAXED
        if not self._reader.is_busy and (rested or not self._locked or self._tracker is None or self._is_in_question):
            self._looked_at, self._asked = seconds, self._moments[-1]
            self._reader.begin(number, photo, self._quad(), self._evidence)
            self._collect(seconds)  # at once where no thread looks
        return self._sight(number, seconds, pixels)

    def _collect(self, seconds: float) -> None:
        """What the look under way has shown, if it is done."""
        look = self._reader.collect()
        if look and look.frame >= self._first:
            self._take(look, seconds)

    @property
    def _is_in_question(self) -> bool:
        """Whether the last look was sure that another puzzle lies there."""
        return self._different >= VAGUELY_DIFFERENT // DIFFERENT

    def _quad(self) -> np.ndarray | None:
        """Where the board is in the newest frame, if it is followed."""
        page = self._moments[-1].page
        return None if page is None else transform(self._corners, page)

    def _take(self, look: Look, seconds: float) -> None:
        """What a look changes."""
        self.trouble = look.trouble or self.trouble
        moment = self._asked  # one look at a time: it is of this frame, though others may have pushed that out since
        if moment is None:
            return
        self._latency = seconds - moment.seconds
        if look.board is None or look.alone is None or look.together is None:
            self._unseen += 1
            if self._unseen >= UNSEEN:
                self._tracker = None
            return
        self._unseen = 0
        if look.is_other:
            sure = not self._locked or look.alone.status == "solved"
            self._different += VAGUELY_DIFFERENT // DIFFERENT if sure else 1
            if self._different < VAGUELY_DIFFERENT:
                return
            self._forget_puzzle()
        self._different = 0
        self._evidence = look.evidence
        self._judge(look.together)
        self._place(moment, look.board)

    def _forget_puzzle(self) -> None:
        self._tracker = self._evidence = self._answer = self._candidate = None
        self._cells = self._corners = np.empty(0)
        self._agreeing = self._different = 0
        self._locked = False

    def _judge(self, together: BoardResult) -> None:
        """Lock an answer when it is trusted and has been the same for some looks; another one must earn it likewise."""
        if together.status == "solved":
            same = self._candidate is not None and self._candidate.solution == together.solution
            self._agreeing = self._agreeing + 1 if same else 1
            self._candidate = together
        else:
            self._agreeing = 0
        if self._agreeing >= AGREEING:
            self._locked, self._answer = True, together
        elif not self._locked:
            self._answer = together

    def _place(self, moment: _Moment, seen: Board) -> None:
        """Move the lattice to where it was seen, or begin to follow it from there."""
        if self._tracker is not None and moment.page is not None and self._cells.shape == seen.cells.shape:
            back = np.linalg.inv(moment.page)
            cells = transform(seen.cells, back)
            if np.abs(cells - self._cells).max() < MAX_CORRECTION * mean_pitch(self._cells):
                self._cells = (1 - CORRECTION) * self._cells + CORRECTION * cells
                self._corners = (1 - CORRECTION) * self._corners + CORRECTION * transform(seen.corners, back)
                return
        self._cells, self._corners = seen.cells.astype(np.float64), seen.corners
        self._begin(moment)

    def _begin(self, moment: _Moment) -> None:
        """Follow the page from a frame that has gone by to the newest one."""
        self._tracker = Tracker(moment.small, self._corners, self._scale)
        for k, passed in enumerate(self._moments):
            page = np.eye(3) if passed.number == moment.number else None
            if passed.number > moment.number and self._tracker.advance(passed.small):
                page = self._tracker.homography
            self._moments[k] = replace(passed, page=page)

    def _sight(self, number: int, seconds: float, pixels: np.ndarray) -> Sight:
        page = self._moments[-1].page
        looks = self._evidence.looks if self._evidence else 0
        if self._answer is None or page is None:
            lost = self._answer is not None and seconds - self._seen_at > LOST_AFTER
            state: State = "lost" if lost else "solved" if self._locked else "searching"
            return Sight(number, seconds, pixels, state, None, looks, self._latency)
        board = replace(
            self._answer,
            cells=tuple(_points(row) for row in transform(self._cells, page)),
            corners=_points(transform(self._corners, page)),
        )
        if self._is_in_question:
            return Sight(number, seconds, pixels, "reading", replace(board, solution=None), looks, self._latency)
        return Sight(number, seconds, pixels, "solved" if self._locked else "reading", board, looks, self._latency)


def _points(points: np.ndarray) -> tuple[Point, ...]:
    return tuple((round(float(x), 2), round(float(y), 2)) for x, y in points)


def follow(frames: Iterable[np.ndarray], *, fps: float = 30.0, networks: Networks | None = None) -> Iterator[Sight]:
    """Sights for frames from anywhere (H x W x 3 uint8 RGB, one size), each worked through before the next is taken.

    For a camera of your own that must not wait, call `Session.step` with its frames and their times.
    """
    session = Session(networks, threaded=False)
    try:
        for number, pixels in enumerate(frames):
            yield session.step(pixels, number / fps)
    finally:
        session.close()
