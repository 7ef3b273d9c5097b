"""Readings of one board added up, frame after frame."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from futoshiki.networks.engine import log_softmax
from futoshiki.reading.scores import ClueScores

MAX_WEIGHT = 1.5
"""Most weight of all frames together: frames of one page share their faults, such as a stain or bad light."""
CERTAIN = 0.9
"""Probability above which a value is read with certainty."""
OTHER_SHARE = 0.04
"""Share of places that are now read with certainty as something else, above which the board shows another puzzle."""
OTHER_ALLOWED = 1
"""Number of such places that a board of any size may have: one misread clue is not another puzzle."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The weighted sum of a board's log-probabilities over several readings, and the sum of their weights.

    The more certain a reading is, the more it weighs: one with a hand over the page, blur or glare hardly counts.
    `readings` is their number.
    """

    sums: ClueScores
    weight: float
    readings: int = 1

    @classmethod
    def of(cls, scores: ClueScores) -> Evidence:
        """The evidence of one reading."""
        weight = _weight(scores)
        return cls(scores.with_tables(weight * table for table in scores.tables), weight)

    def plus(self, scores: ClueScores) -> Evidence:
        """The evidence with one more reading of the same board, in the same order of cells."""
        weight = _weight(scores)
        pairs = zip(self.sums.tables, scores.tables, strict=True)
        sums = scores.with_tables(total + weight * table for total, table in pairs)
        return Evidence(sums, self.weight + weight, self.readings + 1)

    @property
    def scores(self) -> ClueScores:
        """All readings together, as if they were one."""
        share = min(1.0, MAX_WEIGHT / self.weight)
        return self.sums.with_tables(log_softmax(share * table, axis=-1) for table in self.sums.tables)

    def contradicts(self, scores: ClueScores, written: Iterable[tuple[int, int]] = ()) -> bool:
        """Whether a reading shows another puzzle.

        Cells `written` by hand, (row, column), are not compared: they change while somebody plays.
        """
        if scores.size != self.sums.size:
            return True
        pairs = list(zip(self.scores.tables, scores.tables, strict=True))
        differ = [_surely_differ(ours, theirs) for ours, theirs in pairs]
        for place in written:
            differ[0][place] = False
        places = sum(table.size for table in differ)
        return sum(int(table.sum()) for table in differ) > max(OTHER_ALLOWED, OTHER_SHARE * places)


def _surely_differ(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The places at which both tables are certain, and of different values."""
    certain = np.exp(np.minimum(ours.max(axis=-1), theirs.max(axis=-1))) > CERTAIN
    return certain & (ours.argmax(axis=-1) != theirs.argmax(axis=-1))


def _weight(scores: ClueScores) -> float:
    """Weight of a reading: 1 if it has no doubt at all, less the more errors are expected."""
    return float(np.exp(-scores.misreads))
