"""A deduction in words: the step that players read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from futoshiki.puzzle import Cell


class Difficulty(IntEnum):
    """Simon Tatham's levels: the hardest technique that a puzzle needs."""

    TRIVIAL = 0
    EASY = 1
    TRICKY = 2
    EXTREME = 3
    RECURSIVE = 4


class CellValue(NamedTuple):
    """A value in a cell, row and column 0-based; it is written `r1c1=3`."""

    row: int
    column: int
    value: int

    @property
    def cell(self) -> Cell:
        """The cell alone."""
        return Cell(self.row, self.column)

    def __str__(self) -> str:
        return f"{self.cell}={self.value}"


@dataclass(frozen=True)
class Step:
    """One deduction.

    `technique` is the name of a technique, `difficulty` its level, and `cost` the points that the step adds to a
    puzzle's score. `cells` are those that the reason rests on, `removed` the candidates that the step strikes, and
    `placed` is the value that it decides, if any. `sentence` explains it in English. `line` holds the cells of the rows
    or columns that the sentence mentions, `values` the values that a set or fish is made of.
    """

    technique: str
    difficulty: Difficulty
    cost: int
    cells: tuple[Cell, ...]
    removed: tuple[CellValue, ...]
    placed: CellValue | None
    sentence: str
    line: tuple[Cell, ...] = ()
    values: tuple[int, ...] = ()


def listed(items: Iterable[object], word: str = "and") -> str:
    """An English list: `r1c1`, `r1c1 and r2c1`, or `r1c1, r2c1 and r3c1`; `word` stands before the last item."""
    words = [str(item) for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {word} {words[-1]}"
