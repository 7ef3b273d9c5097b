"""One time limit for everything that a command does."""

from __future__ import annotations

import time

SECONDS = 20.0
"""Time after which a puzzle is given up; every one of the graded corpus takes less than one second."""


class Budget:
    """A time limit that several calls share: each gets what the ones before have left."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._deadline = time.perf_counter() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left, not less than 0."""
        return max(self._deadline - time.perf_counter(), 0.0)

    def at_most(self, seconds: float) -> Budget:
        """A part of this budget, for one of several steps."""
        return Budget(min(seconds, self.left))
