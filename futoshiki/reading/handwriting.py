"""Telling what a player has written by hand from what is printed, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from futoshiki.networks.engine import Runner
from futoshiki.networks.entries import CELL, PRINTED, cell_pictures, entry_chances
from futoshiki.puzzle import Grid
from futoshiki.reading.scores import ClueScores


@dataclass(frozen=True)
class Rules:
    """When a digit counts as written by hand; probabilities of a digit by hand unless said otherwise."""

    sure: float = 0.55  # At least two cells of a board must reach this: who has written one digit has written more
    certain: float = 0.95  # One cell that reaches this is enough by itself
    print: float = 0.1  # A digit below this is clearly printed
    likely: float = 0.3  # On a board with handwriting every cell that reaches this holds an entry
    named: float = 0.7  # Least probability of one digit among all, by both networks. Below it lie scribbles and small candidates.
    ink: float = 0.35  # Deviation of the middle of a cell, in units of the board's contrast, below which the cell is empty


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

    def entries(self, givens: Grid) -> tuple[tuple[int, int, int], ...]:
        """(r, c, digit) of every cell that is not given and holds a digit by hand."""
        n = len(givens)
        cells = [(r, c) for r in range(n) for c in range(n) if not givens[r][c] and self.chances[r, c] >= RULES.likely]
        return tuple((r, c, int(self.digits[r, c])) for r, c in cells)


def see_handwriting(scores: ClueScores, network: Runner) -> Handwriting:
    """What is written by hand on the board that the scores were read from; `network` is the entry network.

    The digit is named by both networks together, the entry network counting twice (a logarithmic opinion pool: Heskes,
    1998).
    """
    n = scores.size
    probabilities = np.zeros((n, n, PRINTED + 1), np.float32)
    pictures = {} if scores.canvas is None else _inked(cell_pictures(scores.canvas[0]))
    if pictures:
        probabilities[tuple(zip(*pictures, strict=True))] = entry_chances(list(pictures.values()), network)
    by_hand = probabilities[..., 1 : n + 1]
    printed = np.exp(scores.cells[..., 1 : n + 1])
    both = by_hand * np.sqrt(printed / np.maximum(printed.sum(-1, keepdims=True), 1e-12))
    digits = both.argmax(-1) + 1
    named = both.max(-1) / np.maximum(both.sum(-1), 1e-12)
    chances = np.where(named >= RULES.named, by_hand.sum(-1), 0).astype(np.float32)
    if (chances >= RULES.sure).sum() < 2 and chances.max() < RULES.certain:
        chances = np.zeros_like(chances)
    return Handwriting(digits, chances)


def _inked(pictures: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    """The pictures (of N x N x CELL x CELL) of the cells (r, c) that hold ink in their middle."""
    quarter = CELL // 4
    spread = pictures[..., quarter:-quarter, quarter:-quarter].std(axis=(-2, -1))
    return {(int(r), int(c)): pictures[r, c] for r, c in np.argwhere(spread > RULES.ink)}
