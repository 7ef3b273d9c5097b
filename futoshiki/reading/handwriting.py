"""Telling what a player has written by hand from what is printed, on the flat board, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from futoshiki.puzzle import Grid
from futoshiki.reading.canvas import BLOCK
from futoshiki.reading.recognize import ClueScores, log_softmax

EntryNetwork = Callable[[np.ndarray], np.ndarray]
"""B x 1 x 40 x 40 float32 cells in, B x 11 logits out: nothing, 1 to 9, print; see `training.models.EntryNet`."""

CELL = 2 * BLOCK
"""Pixels of a cell's picture: one pitch."""
PRINTED = 10
SURE, LIKELY = 0.55, 0.3
"""Probability of a digit by hand that some cells of a board must reach before any is believed, and then the others:
who has written one has written more."""
CERTAIN = 0.95
"""The same for a single cell."""
NAMED = 0.7
"""Probability of a digit among the others, by both networks, from which it is named; less is scribbling, or small candidates."""
INK = 0.35
"""Deviation of the middle of a cell, in units of the board's contrast, below which nothing can stand there."""


@dataclass(frozen=True, eq=False)
class Handwriting:
    """What is written by hand: for each cell the most likely digit, and the probability that one stands there.

    `digits` is N x N int, `chances` N x N float32, all 0 on boards on which nobody seems to have written.
    """

    digits: np.ndarray
    chances: np.ndarray

    @property
    def is_there(self) -> bool:
        """Whether anybody has written on this board."""
        return bool(self.chances.any())

    def entries(self, givens: Grid) -> tuple[tuple[int, int, int], ...]:
        """(r, c, digit) of every cell that is not given and holds a digit by hand."""
        n = len(givens)
        cells = [(r, c) for r in range(n) for c in range(n) if not givens[r][c] and self.chances[r, c] >= LIKELY]
        return tuple((r, c, int(self.digits[r, c])) for r, c in cells)


def see_handwriting(scores: ClueScores, network: EntryNetwork) -> Handwriting:
    """What is written by hand on the board that these scores were read from.

    Which digit it is, both networks have a say in, the one that knows handwriting twice (a logarithmic opinion pool:
    Heskes, 1998).
    """
    n = scores.size
    probabilities = np.zeros((n, n, PRINTED + 1), np.float32)
    pictures = {} if scores.canvas is None else _inked(cell_pictures(scores.canvas[0]))
    if pictures:
        logits = network(np.stack(list(pictures.values()))[:, None])
        probabilities[tuple(zip(*pictures, strict=True))] = np.exp(log_softmax(logits.T)).T
    by_hand = probabilities[..., 1 : n + 1]
    printed = np.exp(scores.cells[..., 1 : n + 1])
    both = by_hand * np.sqrt(printed / np.maximum(printed.sum(-1, keepdims=True), 1e-12))
    digits = both.argmax(-1) + 1
    named = both.max(-1) / np.maximum(both.sum(-1), 1e-12)
    chances = np.where(named >= NAMED, by_hand.sum(-1), 0).astype(np.float32)
    if (chances >= SURE).sum() < 2 and chances.max() < CERTAIN:
        chances = np.zeros_like(chances)
    return Handwriting(digits, chances)


def cell_pictures(canvas: np.ndarray) -> np.ndarray:
    """N x N x CELL x CELL views of the cells on a board's canvas (S x S; see `vision.rectify`), without copying."""
    windows = np.lib.stride_tricks.sliding_window_view(canvas, (CELL, CELL))
    return windows[BLOCK // 2 :: CELL, BLOCK // 2 :: CELL]


def _inked(pictures: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    """The pictures (N x N x CELL x CELL) of the cells (r, c) that hold ink in their middle."""
    quarter = CELL // 4
    spread = pictures[..., quarter:-quarter, quarter:-quarter].std(axis=(-2, -1))
    return {(int(r), int(c)): pictures[r, c] for r, c in np.argwhere(spread > INK)}
