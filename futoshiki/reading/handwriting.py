"""Telling what a player has written by hand from what is printed, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from futoshiki.puzzle import Cell, Grid
from futoshiki.reading.likeness import compared
from futoshiki.reading.scores import ClueScores


@dataclass(frozen=True)
class Rules:
    """When a digit counts as written by hand; probabilities of a digit by hand unless said otherwise."""

    sure: float = 0.55  # At least two cells of a board must reach this: who has written one digit has written more
    certain: float = 0.95  # One cell that reaches this is enough by itself
    print: float = 0.1  # A digit below this is clearly printed
    # On a board with handwriting every cell that reaches this holds an entry, unless it is a given that the solution needs. Of
    # 697 printed digits on real and rendered pages 660 are needed.
    likely: float = 0.2
    held: float = 0.5  # Probability of any digit above which a cell's digit is compared with the others
    named: float = 0.7  # Least probability of one digit among all. Below it lie scribbles and small candidates.
    prior: float = 2.0  # Nats added to the odds: far more print looks like handwriting in synthetic photos than on real pages


RULES = Rules()


@dataclass(frozen=True, eq=False)
class Handwriting:
    """What is written by hand: for each cell the most likely digit, and the probability that it is written there.

    `digits` is N x N int, `chances` N x N float32. On a board on which nobody seems to have written all chances are 0.
    """

    digits: np.ndarray
    chances: np.ndarray

    @property
    def is_there(self) -> bool:
        """Whether anybody has written on this board."""
        return bool(self.chances.any())

    @property
    def is_one_digit(self) -> bool:
        """Whether all that is written is one digit, several times: then it is rather print in an unusual form."""
        return len(set(self.digits[self.chances >= RULES.likely].tolist())) == 1

    def is_beside_print(self, givens: Grid) -> bool:
        """Whether some of the digits are clearly written by hand and others clearly are not."""
        held = np.array(givens) > 0
        written, printed = held & (self.chances >= RULES.sure), held & (self.chances < RULES.print)
        return bool(written.any() and printed.any()) and not self.is_one_digit

    def possible_entries(self, givens: Grid) -> list[Cell]:
        """Given cells whose digit may be written by hand, the likeliest first."""
        cells = [Cell(int(r), int(c)) for r, c in np.argwhere((np.array(givens) > 0) & (self.chances >= RULES.likely))]
        return sorted(cells, key=lambda cell: -self.chances[cell])

    def entries(self, givens: Grid) -> tuple[tuple[int, int, int], ...]:
        """(r, c, digit) of every cell that is not given and holds a digit by hand."""
        n = len(givens)
        cells = [(r, c) for r in range(n) for c in range(n) if not givens[r][c] and self.chances[r, c] >= RULES.likely]
        return tuple((r, c, int(self.digits[r, c])) for r, c in cells)


def see_handwriting(scores: ClueScores) -> Handwriting:
    """What is written by hand on the board that the scores were read from."""
    n = scores.size
    if scores.by_hand is None:
        return Handwriting(np.ones((n, n), int), np.zeros((n, n), np.float32))
    by_hand = np.exp(scores.by_hand[..., 1 : n + 1])
    is_named = by_hand.max(-1) >= RULES.named * by_hand.sum(-1)
    there = 1 - np.exp(scores.by_hand[..., 0])
    held = there > RULES.held
    shares = _with_prior(by_hand.sum(-1) / np.maximum(there, 1e-9))
    if scores.inks is not None:
        shares[held] = compared(shares[held], scores.inks[held])
    chances = np.where(is_named, there * shares, 0).astype(np.float32)
    if (chances >= RULES.sure).sum() < 2 and chances.max() < RULES.certain:
        chances = np.zeros_like(chances)
    return Handwriting(by_hand.argmax(-1) + 1, chances)


def _with_prior(shares: np.ndarray) -> np.ndarray:
    """The chances that a digit is written by hand rather than printed, with the odds of real pages."""
    raised = shares * np.exp(RULES.prior)
    return raised / (raised + 1 - shares)
