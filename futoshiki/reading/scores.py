"""What the recogniser saw on a board: log-probabilities for every place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.geometry import Orientation
from futoshiki.networks.clues import PRINTED, RULED_OUT
from futoshiki.networks.engine import log_softmax
from futoshiki.puzzle import GREATER, LESS, NO_SIGN, Clue, Edge, Place, Puzzle, cells_of, edges_of

NEARLY_FULL = 0.9
"""Share of the cells with a digit above which a board may be complete."""


@dataclass(frozen=True, eq=False)
class ClueScores:
    """Log-probabilities in the puzzle's own orientation.

    `cells` is N x N x 10: blank, 1 to 9. `across` is N x N-1 x 3: none, <, >. `down` is N-1 x N x 3: none, ∧ (the upper
    cell is less), ∨. `orientation` is how the board as it lies in the photo was turned, `margin` by how many nats it beats
    the runner-up. `too_large` is the highest probability that a cell holds a digit larger than N: then the board may be a
    part of a larger one. `by_hand` are log-probabilities of what is written by hand, N x N x 11: nothing, 1 to 9, and that
    the cell is printed; None if nobody looked. `inks` are the looks of what stands in the cells, N x N x 7, see
    `reading.ink`.
    """

    cells: np.ndarray
    across: np.ndarray
    down: np.ndarray
    orientation: Orientation
    margin: float
    too_large: float = 0.0
    by_hand: np.ndarray | None = None
    inks: np.ndarray | None = None

    @property
    def size(self) -> int:
        """N."""
        return len(self.cells)

    @property
    def tables(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`cells`, `across` and `down`."""
        return self.cells, self.across, self.down

    def with_tables(self, tables: Iterable[np.ndarray]) -> ClueScores:
        """The same with other `cells`, `across` and `down`, in that order."""
        cells, across, down = tables
        return replace(self, cells=cells, across=across, down=down)

    def at(self, place: Place) -> np.ndarray:
        """The log-probabilities of one place's values; a view, not a copy."""
        if not isinstance(place, Edge):
            return self.cells[place]
        return (self.across if place.is_across else self.down)[place.first]

    def places(self) -> Iterator[Place]:
        """Every cell, then every edge, in the order of the tables."""
        yield from cells_of(self.size)
        yield from edges_of(self.size)

    @property
    def misreads(self) -> float:
        """Expected number of errors if the most likely values are taken."""
        return sum(map(expected_errors, self.tables))

    @property
    def illegible_share(self) -> float:
        """Expected share of places that are misread, where it does not matter whether a digit is printed or written by hand."""
        signs = sum(map(expected_errors, (self.across, self.down)))
        cells = 1 - np.maximum(np.exp(self.cells.max(axis=-1)), self._held().max(axis=-1))
        return (float(cells.sum()) + signs) / sum(table[..., 0].size for table in self.tables)

    def _held(self) -> np.ndarray:
        """The probability of what each cell holds, in print or by hand, N x N x 10: nothing, 1 to 9."""
        held = np.exp(self.cells)
        if self.by_hand is None:
            return held
        by_hand = np.exp(self.by_hand[..., :PRINTED])
        unprinted = held[..., :1] * by_hand / np.maximum(by_hand.sum(axis=-1, keepdims=True), 1e-9)
        held[..., 0] = 0.0
        return held + unprinted

    @property
    def may_be_full(self) -> bool:
        """Whether the most likely value of nearly every cell is a digit."""
        return float((self.cells.argmax(axis=-1) > 0).mean()) > NEARLY_FULL

    @property
    def surest_below(self) -> float:
        """Probability of the least certain decision: each place's value, and whether a digit is larger than N."""
        places = (np.exp(table.max(axis=-1)).min() for table in self.tables)
        return float(min(*places, max(self.too_large, 1 - self.too_large)))

    def in_print(self, by_hand: np.ndarray) -> ClueScores:
        """The scores of what is printed, if each cell's digit is written by hand with probability `by_hand` (N x N)."""
        cells = np.exp(self.cells)
        cells[..., 0] += (by_hand * (1 - cells[..., 0])).astype(cells.dtype)
        cells[..., 1:] *= 1 - by_hand[..., None]
        return replace(self, cells=np.log(np.maximum(cells, np.exp(RULED_OUT))))

    @property
    def with_signs_turned(self) -> ClueScores:
        """The scores if every sign means the opposite."""
        turned = (table[..., [NO_SIGN, GREATER, LESS]] for table in (self.across, self.down))
        return self.with_tables((self.cells, *turned))

    def settled(self, clues: Iterable[Clue]) -> ClueScores:
        """The scores with those clues beyond doubt.

        Raises:
            EntryError: a clue does not fit a board of this size.
        """
        scores = self.with_tables(table.copy() for table in self.tables)
        for clue in clues:
            Puzzle.blank(self.size).with_clue(clue)  # refuses what does not fit
            row = scores.at(clue.place)
            row[:] = RULED_OUT
            row[clue.value] = 0.0
        return scores


def expected_errors(table: np.ndarray) -> float:
    """Expected number of errors if the most likely values of log-probabilities (... x classes) are taken."""
    return float((1 - np.exp(table.max(axis=-1))).sum())


def pooled(several: list[ClueScores]) -> ClueScores:
    """The mean of the log-probabilities of several readings of one board (logarithmic opinion pool: Heskes, 1998)."""
    tables = zip(*(scores.tables for scores in several), strict=True)
    mean = several[0].with_tables(log_softmax(np.mean(same, axis=0), axis=-1) for same in tables)
    return replace(mean, too_large=float(np.mean([scores.too_large for scores in several])))
