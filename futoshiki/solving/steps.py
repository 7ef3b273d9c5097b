"""What a deduction looks like, and the candidates it works on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from futoshiki.puzzle import Puzzle

Cell = tuple[int, int]
Removal = tuple[int, int, int]
"""(row, column, value) that is struck."""


class Difficulty(IntEnum):
    """Simon Tatham's levels: the hardest technique that a puzzle needs."""

    TRIVIAL = 0
    EASY = 1
    TRICKY = 2
    EXTREME = 3
    RECURSIVE = 4


TECHNIQUES: dict[str, tuple[Difficulty, int]] = {
    "exclusion": (Difficulty.TRIVIAL, 1),
    "naked single": (Difficulty.TRIVIAL, 2),
    "hidden single": (Difficulty.TRIVIAL, 3),
    "inequality bounds": (Difficulty.EASY, 5),
    "ascending chain": (Difficulty.EASY, 4),
    "naked pair": (Difficulty.TRICKY, 10),
    "hidden pair": (Difficulty.TRICKY, 12),
    "naked triple": (Difficulty.TRICKY, 14),
    "hidden triple": (Difficulty.TRICKY, 16),
    "naked quad": (Difficulty.TRICKY, 18),
    "hidden quad": (Difficulty.TRICKY, 20),
    "naked quintuple": (Difficulty.TRICKY, 22),
    "hidden quintuple": (Difficulty.TRICKY, 23),
    "naked sextuple": (Difficulty.TRICKY, 24),
    "hidden sextuple": (Difficulty.TRICKY, 25),
    "naked septuple": (Difficulty.TRICKY, 26),
    "hidden septuple": (Difficulty.TRICKY, 27),
    "X-wing": (Difficulty.EXTREME, 30),
    "swordfish": (Difficulty.EXTREME, 40),
    "jellyfish": (Difficulty.EXTREME, 50),
    "squirmbag": (Difficulty.EXTREME, 52),
    "whale": (Difficulty.EXTREME, 54),
    "leviathan": (Difficulty.EXTREME, 56),
    "forcing chain": (Difficulty.EXTREME, 60),
    "trial and error": (Difficulty.RECURSIVE, 200),
}
"""Each technique's level and the points that a step with it adds to a puzzle's score."""


@dataclass(frozen=True)
class Step:
    """One deduction.

    `cells` are those that the reason rests on, `removed` the candidates it strikes, `placed` the
    value that is decided by it, if any. `sentence` says it in English. `line` holds the cells of the
    row or column that it speaks of, `values` the values that a set or fish is made of.
    """

    technique: str
    cells: tuple[Cell, ...]
    removed: tuple[Removal, ...]
    placed: Removal | None
    sentence: str
    line: tuple[Cell, ...] = ()
    values: tuple[int, ...] = ()

    @property
    def difficulty(self) -> Difficulty:
        """The level of the technique."""
        return TECHNIQUES[self.technique][0]


def name(cell: Cell) -> str:
    """`r1c1` for (0, 0)."""
    return f"r{cell[0] + 1}c{cell[1] + 1}"


def names(cells: list[Cell] | tuple[Cell, ...]) -> str:
    """`r1c1`, `r1c1 and r2c1`, `r1c1, r2c1 and r3c1`."""
    return listed([name(cell) for cell in cells])


def listed(words: list[str]) -> str:
    """Words as an English list."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


class Candidates:
    """The values that each cell may still hold, as sets; changed only through steps.

    `placed` are the cells whose value has been written down: givens, entries, and what steps place.
    """

    def __init__(self, puzzle: Puzzle) -> None:
        n = puzzle.size
        self.puzzle = puzzle
        self.size = n
        self.at: dict[Cell, set[int]] = {
            (r, c): {v} if v else set(range(1, n + 1)) for r, row in enumerate(puzzle.givens) for c, v in enumerate(row)
        }
        self.placed = {cell for cell, values in self.at.items() if len(values) == 1}
        self.greater: dict[Cell, list[Cell]] = {cell: [] for cell in self.at}
        self.smaller: dict[Cell, list[Cell]] = {cell: [] for cell in self.at}
        for r1, c1, r2, c2 in puzzle.less:
            self.greater[r1, c1].append((r2, c2))
            self.smaller[r2, c2].append((r1, c1))
        rows = [(f"row {r + 1}", [(r, c) for c in range(n)]) for r in range(n)]
        columns = [(f"column {c + 1}", [(r, c) for r in range(n)]) for c in range(n)]
        self.lines: list[tuple[str, list[Cell]]] = rows + columns

    def apply(self, step: Step) -> None:
        """Strike what the step strikes, place what it places."""
        for r, c, value in step.removed:
            self.at[r, c].discard(value)
        if step.placed:
            r, c, value = step.placed
            self.at[r, c] = {value}
            self.placed.add((r, c))

    def peers(self, cell: Cell) -> Iterator[Cell]:
        """The other cells of a cell's row and column."""
        r, c = cell
        for k in range(self.size):
            if k != c:
                yield r, k
            if k != r:
                yield k, c

    @property
    def solved(self) -> bool:
        """Every cell has its value."""
        return len(self.placed) == len(self.at)

    @property
    def broken(self) -> bool:
        """A cell has no candidate left."""
        return any(not values for values in self.at.values())
