"""What reading one photo may cost, and a stopwatch that says what it did cost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Limits:
    """Limits of one reading.

    Work on a board is counted, never timed, so that a photo gives the same result however busy the machine is.
    """

    # Readings of one board that decoding may try. Of 572 boards on 467 pictures 98 % needed at most 66, other grids far more.
    readings: int = 250
    # Guesses that solving all readings of one board may take together. 99 % of those boards needed at most 107.
    nodes: int = 3000
    # Boards of a photo that are read and turn out not to be a Futoshiki, after which no others are looked for; one more is
    # allowed for each Futoshiki that is found.
    strangers: int = 4
    # Time for the whole photo. When it is over, no further board is looked for, and the result says so.
    seconds: float | None = None


class Stopwatch:
    """Milliseconds of one photo by stage, summed over its boards; `is_up` tells that its time is over."""

    def __init__(self, seconds: float | None = None) -> None:
        self.spent: dict[str, float] = {}
        self._deadline = None if seconds is None else time.perf_counter() + seconds

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.spent[name] = self.spent.get(name, 0.0) + (time.perf_counter() - started) * 1000

    def each(self, name: str, items: Iterator[T]) -> Iterator[T]:
        """The items; the time that it takes to get each of them is added to a stage."""
        while True:
            with self.stage(name):
                item = next(items, None)
            if item is None:
                return
            yield item

    def move(self, source: str, target: str, ms: float) -> None:
        """Move a part of one stage's time to another: decoding contains solving."""
        self.spent[source] -= ms
        self.spent[target] = self.spent.get(target, 0.0) + ms

    @property
    def is_up(self) -> bool:
        """Whether the photo's time is over."""
        return self._deadline is not None and time.perf_counter() > self._deadline
