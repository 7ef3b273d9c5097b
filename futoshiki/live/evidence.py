"""Readings of one board, frame after frame, added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.reading.recognize import ClueScores, log_softmax

TABLES = ("cells", "across", "down")
MAX_WEIGHT = 1.5
"""Frames of one page share their faults (a stain, the light): however many there are, they count as this many."""
CERTAIN = 0.9
OTHER_SHARE = 0.04
"""Of the elements, read with certainty and otherwise than before, from which it is another puzzle."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The sum of the log-probabilities of a board's elements over several looks, and the sum of their weights.

    A look counts by how certain it was all over: one with a hand over the page, blur or glare hardly does.
    """

    sums: ClueScores
    weight: float
    looks: int = 1

    @classmethod
    def of(cls, scores: ClueScores) -> Evidence:
        """That of one look."""
        weight = _weight(scores)
        return cls(_combined(scores, lambda name: weight * getattr(scores, name)), weight)

    def plus(self, scores: ClueScores) -> Evidence:
        """With one more look, at the same board in the same order of cells."""
        weight = _weight(scores)
        sums = _combined(scores, lambda name: getattr(self.sums, name) + weight * getattr(scores, name))
        return Evidence(sums, self.weight + weight, self.looks + 1)

    @property
    def scores(self) -> ClueScores:
        """All looks together, as if they were one."""
        share = min(self.weight, MAX_WEIGHT) / max(self.weight, 1e-9)
        return _combined(self.sums, lambda name: _normal(share * getattr(self.sums, name)))

    def contradicts(self, scores: ClueScores, written: Iterable[tuple[int, int]] = ()) -> bool:
        """Whether a look shows another puzzle; the cells `written` by hand, (r, c), change while one plays."""
        if scores.size != self.sums.size:
            return True
        other = elements = 0
        for name in TABLES:
            ours, theirs = getattr(self.scores, name), getattr(scores, name)
            differ = np.exp(np.minimum(ours.max(axis=-1), theirs.max(axis=-1))) > CERTAIN
            differ &= ours.argmax(axis=-1) != theirs.argmax(axis=-1)
            if name == "cells":
                for place in written:
                    differ[place] = False
            other += int(differ.sum())
            elements += differ.size
        return other > max(1, OTHER_SHARE * elements)


def _weight(scores: ClueScores) -> float:
    """1 for a look without any doubt; falls with the number of misreadings to be expected."""
    return float(np.exp(-sum(float((1 - np.exp(getattr(scores, name).max(axis=-1))).sum()) for name in TABLES)))


def _normal(table: np.ndarray) -> np.ndarray:
    """Log-probabilities over the last axis."""
    return np.moveaxis(log_softmax(np.moveaxis(table, -1, 0)), 0, -1)


def _combined(scores: ClueScores, table: Callable[[str], np.ndarray]) -> ClueScores:
    return replace(scores, cells=table("cells"), across=table("across"), down=table("down"))
