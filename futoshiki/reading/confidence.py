"""How likely an answer is right, by what speaks for it and what against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from futoshiki.reading.decode import Reading
from futoshiki.reading.scores import ClueScores
from futoshiki.reading.support import conflict, core

CALIBRATION = (0.28, -2.3, 3.0, 1.2)
"""Weights of `Evidence.measures` in the log-odds that the truth is among the readings considered: logistic regression (Platt,
1999) on synthetic photos, see `benchmarks/confidence.py`."""
LEAST = 1e-4
"""Chance below which it does not matter how small it is."""
ENOUGH = 0.95
"""Chance that the core was read right above which it says no more."""


@dataclass(frozen=True)
class Evidence:
    """What tells whether the only solution of a reading is right.

    `share` is what falls on it of the probability of all readings that were considered, `core` the probability that the
    clues which alone force it were all read right, `conflict` the nats by which the board speaks against it, and `clues` the
    number of all clues of the reading per row: the more of them agree with one solution, the less likely it is wrong.
    """

    share: float
    core: float
    conflict: float
    clues: float

    @classmethod
    def of(cls, reading: Reading, scores: ClueScores) -> Evidence:
        """That for the only solution of a reading of the scores. Of a complete board, all rules force it."""
        puzzle, solution = reading.puzzle, reading.outcome.solutions[0]
        clues = (len(puzzle.given_cells) + len(puzzle.less)) / puzzle.size
        against = conflict(scores, solution)
        forced = 1.0 if puzzle.is_full else core(scores, solution, enough=ENOUGH)
        return cls(share_of(reading), forced, against, clues)

    @property
    def measures(self) -> tuple[float, float, float, float]:
        """What `CALIBRATION` weighs: the log-odds of the core, the root of the conflict, the logarithm of 1 + clues, and 1."""
        chance = max(min(self.core, ENOUGH), LEAST)
        return float(np.log(chance / (1 - chance))), float(np.sqrt(self.conflict)), float(np.log1p(self.clues)), 1.0

    @property
    def confidence(self) -> float:
        """The probability that the solution is right: that the truth is among the readings considered, times the share."""
        return float(self.share / (1 + np.exp(-np.dot(CALIBRATION, self.measures))))


def share_of(reading: Reading) -> float:
    """The share of the only solution; that of a complete board, which has been checked by all rules, is 1."""
    return 1.0 if reading.puzzle.is_full else reading.confidence


def confidence_of(reading: Reading, scores: ClueScores) -> float:
    """The probability that the answer is right; without a single answer, the probability of the reading as it is."""
    return Evidence.of(reading, scores).confidence if reading.outcome.status == "one" else reading.confidence
