"""Readings of one board, frame after frame, added up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from futoshiki.vision.recognize import ClueScores

TABLES = ("cells", "across", "down")
MAX_WEIGHT = 3.0
"""Frames of one page share their faults (a stain, the light): however many there are, they count as this many."""
CERTAIN = 0.9
OTHER_SHARE = 0.04
"""Of the elements, read with certainty and otherwise than before, from which it is another puzzle."""


class Evidence:
    """The sum of the log-probabilities of a board's elements over several looks.

    A look counts by how certain it was all over: one with a hand over the page, blur or glare hardly does.
    """

    def __init__(self, first: ClueScores) -> None:
        self._sums = {name: np.zeros_like(getattr(first, name)) for name in TABLES}
        self._latest, self._weight = first, 0.0
        self.looks = 0
        self.add(first)

    def add(self, scores: ClueScores) -> None:
        """One more look, of the same board in the same order of cells."""
        misread = sum(float((1 - np.exp(getattr(scores, name).max(axis=-1))).sum()) for name in TABLES)
        weight = float(np.exp(-misread))
        for name in TABLES:
            self._sums[name] += weight * getattr(scores, name)
        self._weight += weight
        self._latest = scores
        self.looks += 1

    @property
    def scores(self) -> ClueScores:
        """All looks together, as if they were one."""
        share = min(self._weight, MAX_WEIGHT) / max(self._weight, 1e-9)
        tables = [_normal(self._sums[name] * share) for name in TABLES]
        return replace(self._latest, cells=tables[0], across=tables[1], down=tables[2])

    def contradicts(self, scores: ClueScores) -> bool:
        """Whether a look shows another puzzle than this."""
        if scores.size != self._latest.size:
            return True
        other = elements = 0
        for name in TABLES:
            ours, theirs = getattr(self.scores, name), getattr(scores, name)
            sure = np.exp(np.minimum(ours.max(axis=-1), theirs.max(axis=-1))) > CERTAIN
            other += int((sure & (ours.argmax(axis=-1) != theirs.argmax(axis=-1))).sum())
            elements += sure.size
        return other > max(1, OTHER_SHARE * elements)


def _normal(table: np.ndarray) -> np.ndarray:
    shifted = table - table.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
