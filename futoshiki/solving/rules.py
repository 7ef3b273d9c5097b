"""The values that each cell may still hold, as bit masks, and the rules that strike candidates.

A state is a list of N*N masks; bit v-1 of a mask is set while value v is possible. Cells are
numbered row by row. The rules run to a fixed point over a queue of changed cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from futoshiki.puzzle import Grid, Puzzle

if TYPE_CHECKING:
    from typing_extensions import Self

State = list[int]
Lines = tuple[tuple[int, ...], ...]


def values_in(mask: int) -> list[int]:
    """The values of a mask in ascending order, from 1."""
    return [bit + 1 for bit in range(mask.bit_length()) if mask >> bit & 1]


def grid_of(size: int, state: State) -> Grid:
    """The greatest candidate of each cell, as rows."""
    values = [mask.bit_length() for mask in state]
    return tuple(tuple(values[r * size : (r + 1) * size]) for r in range(size))


@lru_cache
def latin_lines(size: int) -> Lines:
    """The rows, then the columns, of an N x N grid, each as the numbers of its cells."""
    rows = [tuple(range(r * size, (r + 1) * size)) for r in range(size)]
    return tuple(rows + [tuple(range(c, size * size, size)) for c in range(size)])


@lru_cache
def _neighbourhood(cells: int, lines: Lines) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """For each cell the indexes of its lines, and its peers: the other cells of those lines."""
    lines_of = tuple(tuple(k for k, line in enumerate(lines) if cell in line) for cell in range(cells))
    peers = tuple(tuple(sorted({other for k in mine for other in lines[k]} - {cell})) for cell, mine in enumerate(lines_of))
    return lines_of, peers


class Rules:
    """The rules of one puzzle, ready to strike candidates from states.

    `size` is the largest value. `lines` are sets of cells that must differ; a line of `size` cells holds every value.
    `less` are pairs of cells, the first less than the second. `domains` are the masks before any rule is applied.
    `conflict` holds the cells of the line or sign where propagation last failed.
    """

    def __init__(self, size: int, domains: State, lines: Lines, less: Iterable[tuple[int, int]]) -> None:
        self.size = size
        self.full = (1 << size) - 1
        self.lines = lines
        self.lines_of, self.peers = _neighbourhood(len(domains), lines)
        self.greater: list[list[int]] = [[] for _ in domains]
        self.smaller: list[list[int]] = [[] for _ in domains]
        for low, high in less:
            self.greater[low].append(high)
            self.smaller[high].append(low)
        self.signed = [bool(above or below) for above, below in zip(self.greater, self.smaller, strict=True)]
        self.domains = domains
        self.conflict: tuple[int, ...] = ()

    @classmethod
    def of(cls, puzzle: Puzzle) -> Self:
        """The rules of a puzzle; cell (r, c) has the number r N + c."""
        n = puzzle.size
        domains = [1 << (v - 1) if v else (1 << n) - 1 for row in puzzle.givens for v in row]
        less = ((r1 * n + c1, r2 * n + c2) for r1, c1, r2, c2 in puzzle.less)
        return cls(n, domains, latin_lines(n), less)

    @cached_property
    def chains(self) -> tuple[tuple[int, ...], ...]:
        """Longest runs of 3 to N cells, each less than the next: the longest one from every cell where signs begin or end."""
        found = []
        for onward, back in ((self.greater, self.smaller), (self.smaller, self.greater)):
            longest: dict[int, tuple[int, ...]] = {}
            for start, following in enumerate(onward):
                if following and not back[start]:
                    chain = _longest(start, onward, longest)
                    if 3 <= len(chain) <= self.size:
                        found.append(chain if onward is self.greater else chain[::-1])
        return tuple(found)

    def start(self) -> State | None:
        """The state after propagating the givens; None if that leads to a contradiction."""
        state = self.domains.copy()
        if not all(state):
            return None
        return state if self.propagate(state, list(range(len(state)))) else None

    def propagate(self, state: State, changed: list[int]) -> bool:
        """Apply all rules to `state` in place until nothing changes; False on a contradiction.

        `changed` is the queue of cells that have lost candidates; it is used up.
        """
        dirty: set[int] = set()
        lines_of, signed = self.lines_of, self.signed
        while changed or dirty:
            while changed:
                cell = changed.pop()
                mask = state[cell]
                if not mask & (mask - 1) and not self._exclude(state, cell, changed):
                    return False
                if signed[cell] and not self._bound(state, cell, changed):
                    return False
                dirty.update(lines_of[cell])
            if dirty:
                line = self.lines[dirty.pop()]
                if not self._scan_line(state, line, changed):
                    self.conflict = line
                    return False
        return True

    def _exclude(self, state: State, cell: int, changed: list[int]) -> bool:
        """Exclusion: strike the value of a decided cell from its peers."""
        mask = state[cell]
        for peer in self.peers[cell]:
            if state[peer] & mask:
                state[peer] &= ~mask
                if not state[peer]:
                    self.conflict = next(self.lines[k] for k in self.lines_of[cell] if peer in self.lines[k])
                    return False
                changed.append(peer)
        return True

    def _bound(self, state: State, cell: int, changed: list[int]) -> bool:
        """Inequality bounds: strike what is not less than the greater neighbour's maximum, or not more than the minimum."""
        mask = state[cell]
        above = -((mask & -mask) << 1)
        for other in self.greater[cell]:
            held = state[other]
            if held & ~above:
                state[other] = held & above
                if not held & above:
                    self.conflict = (cell, other)
                    return False
                changed.append(other)
        below = (1 << (mask.bit_length() - 1)) - 1
        for other in self.smaller[cell]:
            held = state[other]
            if held & ~below:
                state[other] = held & below
                if not held & below:
                    self.conflict = (cell, other)
                    return False
                changed.append(other)
        return True

    def _scan_line(self, state: State, line: tuple[int, ...], changed: list[int]) -> bool:
        """Hidden singles and naked pairs of one row or column."""
        once = twice = decided = 0
        seen: list[int] = []
        pairs: list[int] = []
        for cell in line:
            mask = state[cell]
            twice |= once & mask
            once |= mask
            rest = mask & (mask - 1)
            if not rest:
                decided |= mask
            elif not rest & (rest - 1):
                (pairs if mask in seen else seen).append(mask)
        if len(line) == self.size:
            if once != self.full:
                return False
            single = once & ~twice & ~decided
            if single and not self._place_hidden(state, line, single, changed):
                return False
        return all(self._strike_pair(state, line, pair, changed) for pair in pairs) if pairs else True

    def _place_hidden(self, state: State, line: tuple[int, ...], single: int, changed: list[int]) -> bool:
        """Hidden singles: place the values of the mask `single`, each of which only one cell of the line can hold."""
        for cell in line:
            mask = state[cell]
            hidden = mask & single
            if hidden and mask & (mask - 1):
                if hidden & (hidden - 1):
                    return False
                state[cell] = hidden
                changed.append(cell)
        return True

    def _strike_pair(self, state: State, line: tuple[int, ...], pair: int, changed: list[int]) -> bool:
        """Naked pairs: strike the two candidates of a pair of cells from the rest of their line."""
        holders = 0
        for cell in line:
            mask = state[cell]
            if mask == pair:
                holders += 1
            elif mask & pair and mask & (mask - 1):
                state[cell] = mask & ~pair
                if not state[cell]:
                    return False
                changed.append(cell)
        return holders <= 2


def _longest(cell: int, onward: list[list[int]], known: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    """The longest run from a cell along the signs; a run that comes back to itself ends there."""
    if cell not in known:
        known[cell] = (cell,)  # in case the run comes back to this cell
        runs = [_longest(other, onward, known) for other in onward[cell]]
        known[cell] = (cell, *max(runs, key=len, default=()))
    return known[cell]
