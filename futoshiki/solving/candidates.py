"""The candidates of a puzzle while it is solved by deduction, and what a technique finds in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving.rules import Rules, State, grid_of

Marks = tuple[tuple[int, int], ...]
"""Pairs of a cell's number and a mask of values."""


class Finding(NamedTuple):
    """A deduction in numbers: cells count row by row, and bit v-1 of a mask stands for the value v.

    `struck` and `placed` are what the deduction does. The other fields are its evidence: `cells` that it rests on, the
    `line` or lines that it speaks of, the mask `values` of a set or fish, the least or greatest value (`bound`) of a
    neighbour, and the `ways` of a forcing chain: for each assumption the cells that it decides, with their values.
    """

    cells: tuple[int, ...]
    struck: Marks = ()
    placed: tuple[int, int] | None = None
    line: tuple[int, ...] = ()
    values: int = 0
    bound: int = 0
    ways: tuple[Marks, ...] = ()

    @property
    def raises(self) -> bool:
        """Whether an inequality strikes values from the greater cell, up to `bound`, and not from the smaller one."""
        return self.struck[0][0] == self.cells[1]


class Candidates:
    """The values that each cell may still hold; they only ever become fewer.

    `state` holds one mask for each cell. `placed` are the cells whose value has been written down: givens, and what
    findings place. `solution` is the only solution where it is known; trial and error needs it.
    """

    def __init__(self, rules: Rules, state: State, placed: Iterable[int] = (), solution: Grid | None = None) -> None:
        self.rules = rules
        self.size = rules.size
        self.state = state
        self.placed = set(placed)
        self.solution = solution

    @classmethod
    def of(cls, puzzle: Puzzle, solution: Grid | None = None) -> Candidates:
        """The candidates before the first deduction: every value in every blank cell."""
        rules = Rules.of(puzzle)
        given = (k for k, value in enumerate(value for row in puzzle.givens for value in row) if value)
        return cls(rules, rules.domains.copy(), given, solution)

    def apply(self, finding: Finding) -> None:
        """Strike what the finding strikes, place what it places."""
        for cell, mask in finding.struck:
            self.state[cell] &= ~mask
        if finding.placed:
            cell, self.state[cell] = finding.placed
            self.placed.add(cell)

    @property
    def solved(self) -> bool:
        """Whether every cell has its value."""
        return len(self.placed) == len(self.state)

    @property
    def broken(self) -> bool:
        """Whether a cell has no candidate left."""
        return not all(self.state)

    @property
    def grid(self) -> Grid:
        """The greatest candidate of each cell: its value once the puzzle is solved."""
        return grid_of(self.size, self.state)
