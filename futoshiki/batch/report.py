"""What a run has done so far, in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappush, heappushpop

from futoshiki.batch.rows import Picture, Row, by_picture
from futoshiki.errors import Status

UNREAD: tuple[Status, ...] = ("failed", "unreadable_file")
"""Statuses of pictures that nothing is known about; --only-failed tries them again."""
SLOWEST = 5
"""Pictures that took longest, which are remembered."""


@dataclass
class Report:
    """Counts pictures, boards by status, boards by size, and pictures without a board by status, as rows come in.

    `read` are the pictures of this run, the others were there before; `unread` are those with a status of `UNREAD`, `moved`
    the parts that were put aside at the end. `slowest` are the longest times in milliseconds with their pictures. `stopped`
    means that the run was interrupted.
    """

    pictures: int = 0
    read: int = 0
    unread: int = 0
    boards: Counter[str] = field(default_factory=Counter)
    sizes: Counter[int] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, Picture]] = field(default_factory=list)
    moved: int = 0
    stopped: bool = False

    def add(self, rows: Sequence[Row], read: int) -> None:
        """Count the rows of a part, of whose pictures so many were read in this run."""
        self.read += read
        for picture, its in by_picture(rows):
            self.pictures += 1
            self.unread += its[0]["status"] in UNREAD
            for row in its:
                if row.get("board") is None:
                    self.others[row["status"]] += 1
                else:
                    self.boards[row["status"]] += 1
                    self.sizes[row["size"]] += 1
            self._remember(its[0]["milliseconds"], picture)

    def _remember(self, milliseconds: float | None, picture: Picture) -> None:
        if milliseconds is not None:
            place = heappush if len(self.slowest) < SLOWEST else heappushpop
            place(self.slowest, (milliseconds, picture))
