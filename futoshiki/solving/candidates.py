"""What each cell may still hold, as bit masks, and the rules that strike candidates.

A state is a list of N*N masks; bit v-1 of a mask is set while value v is possible. Cells are
numbered row by row. The rules run to a fixed point over a queue of changed cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from futoshiki.puzzle import Puzzle

State = list[int]


@dataclass(frozen=True)
class Layout:
    """What a size alone decides: the lines (rows, then columns) and each cell's peers."""

    lines: tuple[tuple[int, ...], ...]
    lines_of: tuple[tuple[int, int], ...]
    peers: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=16)
def layout(size: int) -> Layout:
    """The layout of an N x N grid, made once per size."""
    rows = [tuple(range(r * size, (r + 1) * size)) for r in range(size)]
    columns = [tuple(range(c, size * size, size)) for c in range(size)]
    lines_of = tuple((cell // size, size + cell % size) for cell in range(size * size))
    lines = tuple(rows + columns)
    peers = tuple(tuple(sorted((set(lines[a]) | set(lines[b])) - {cell})) for cell, (a, b) in enumerate(lines_of))
    return Layout(lines, lines_of, peers)


class Rules:
    """The rules of one puzzle, ready to strike candidates from states."""

    def __init__(self, puzzle: Puzzle) -> None:
        n = puzzle.size
        self.size = n
        self.full = (1 << n) - 1
        self.layout = layout(n)
        self.greater: list[list[int]] = [[] for _ in range(n * n)]
        self.smaller: list[list[int]] = [[] for _ in range(n * n)]
        for r1, c1, r2, c2 in puzzle.less:
            self.greater[r1 * n + c1].append(r2 * n + c2)
            self.smaller[r2 * n + c2].append(r1 * n + c1)
        self._givens = [(r * n + c, 1 << (v - 1)) for r, c, v in puzzle.given_cells]

    def start(self) -> State | None:
        """The state after the givens and every rule; None if that is a contradiction."""
        state = [self.full] * (self.size * self.size)
        for cell, bit in self._givens:
            state[cell] = bit
        return state if self.propagate(state, list(range(len(state)))) else None

    def propagate(self, state: State, changed: list[int]) -> bool:
        """Apply all rules to `state` in place until nothing changes; False on a contradiction.

        On a contradiction `self.conflict` is the cell or the first cell of the line where it arose.
        """
        dirty: set[int] = set()
        lines_of = self.layout.lines_of
        while changed or dirty:
            while changed:
                cell = changed.pop()
                if not (self._exclude(state, cell, changed) and self._bound(state, cell, changed)):
                    return False
                dirty.update(lines_of[cell])
            if dirty and not self._scan_line(state, self.layout.lines[dirty.pop()], changed):
                return False
        return True

    conflict = 0

    def _exclude(self, state: State, cell: int, changed: list[int]) -> bool:
        """Row and column exclusion: a decided value is struck from the cell's peers."""
        mask = state[cell]
        if mask & (mask - 1):
            return True
        for peer in self.layout.peers[cell]:
            if state[peer] & mask:
                state[peer] &= ~mask
                if not state[peer]:
                    self.conflict = peer
                    return False
                changed.append(peer)
        return True

    def _bound(self, state: State, cell: int, changed: list[int]) -> bool:
        """Inequality bounds: less than the neighbour's maximum, greater than its minimum."""
        mask = state[cell]
        for other in self.greater[cell]:
            kept = state[other] & -((mask & -mask) << 1)
            if kept != state[other]:
                state[other] = kept
                if not kept:
                    self.conflict = other
                    return False
                changed.append(other)
        for other in self.smaller[cell]:
            kept = state[other] & ((1 << (mask.bit_length() - 1)) - 1)
            if kept != state[other]:
                state[other] = kept
                if not kept:
                    self.conflict = other
                    return False
                changed.append(other)
        return True

    def _scan_line(self, state: State, line: tuple[int, ...], changed: list[int]) -> bool:
        """Hidden singles and naked pairs of one row or column."""
        once = twice = 0
        pairs: dict[int, int] = {}
        for cell in line:
            mask = state[cell]
            twice |= once & mask
            once |= mask
            rest = mask & (mask - 1)
            if rest and not rest & (rest - 1):
                pairs[mask] = pairs.get(mask, 0) + 1
        if once != self.full:
            self.conflict = line[0]
            return False
        single = once & ~twice
        for cell in line:
            mask = state[cell]
            if mask & single and mask & (mask - 1):
                hidden = mask & single
                if hidden & (hidden - 1):
                    self.conflict = cell
                    return False
                state[cell] = hidden
                changed.append(cell)
        for pair, count in pairs.items():
            if count == 2 and len(line) > 2 and not self._strike_pair(state, line, pair, changed):
                return False
            if count > 2:
                self.conflict = line[0]
                return False
        return True

    def _strike_pair(self, state: State, line: tuple[int, ...], pair: int, changed: list[int]) -> bool:
        for cell in line:
            mask = state[cell]
            if mask != pair and mask & pair and mask & (mask - 1):
                state[cell] = mask & ~pair
                if not state[cell]:
                    self.conflict = cell
                    return False
                changed.append(cell)
        return True
