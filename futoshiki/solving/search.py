"""Finding solutions: propagation first, then a search that learns where it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving.check import violations
from futoshiki.solving.rules import Rules, State

Status = Literal["one", "several", "none", "timed_out"]

CLOCK_EVERY = 32
"""Nodes between two looks at the clock: a node costs about 0.1 ms."""


SIGN_WEIGHT = 2
"""What a cell weighs more for each of its signs before anything has failed: halves the time of large puzzles."""


@dataclass(frozen=True)
class Outcome:
    """What solving gave.

    `status` is "one" (found and proved the only one), "several", "none", or "timed_out".
    `solutions` holds at most `limit` grids. `nodes` counts guesses; `seconds` is wall time.
    """

    status: Status
    solutions: tuple[Grid, ...]
    nodes: int
    seconds: float

    @property
    def solution(self) -> Grid | None:
        """The first solution found, if any."""
        return self.solutions[0] if self.solutions else None


class TimeUp(TimeoutError):
    """The search has used up its time or its nodes."""


Choice = tuple[int, int]
"""A cell and the bit of the value that it is tried with."""


class Search:
    """Depth-first search that branches where it has failed before.

    Every contradiction makes the cells of the broken line or sign heavier, and the heaviest
    cells for their number of candidates are tried first (dom/wdeg: Boussemart et al., "Boosting
    systematic search by weighting constraints", ECAI 2004).
    """

    def __init__(self, rules: Rules, deadline: float | None = None, max_nodes: int | None = None) -> None:
        self.rules = rules
        self.deadline = deadline
        self.max_nodes = max_nodes
        self.nodes = 0
        self.weight: list[int] = []

    def states(self) -> Iterator[State]:
        """Every state in which each cell has one candidate left and no rule is broken.

        Raises:
            TimeUp: the deadline (of `time.perf_counter`) has passed, or `max_nodes` guesses are made.
        """
        state = self.rules.start()
        if state is not None:
            rules = self.rules
            self.weight = [1 + SIGN_WEIGHT * len(a + b) for a, b in zip(rules.greater, rules.smaller, strict=True)]
            yield from self._descend(state)

    def accepts(self, state: State) -> bool:
        """Whether to search on from a state; a subclass may know further rules."""
        return True

    def _descend(self, state: State) -> Iterator[State]:
        if not self.accepts(state):
            return
        choices = self._places(state) or self._values(state)
        if not choices:
            yield state
            return
        for cell, bit in choices:
            self._count()
            child = state.copy()
            child[cell] = bit
            if self.rules.propagate(child, [cell]):
                yield from self._descend(child)
            else:
                for blamed in self.rules.conflict:
                    self.weight[blamed] += 1

    def _count(self) -> None:
        self.nodes += 1
        if self.max_nodes is not None and self.nodes > self.max_nodes:
            raise TimeUp(f"{self.max_nodes} guesses were not enough")
        if self.deadline and self.nodes % CLOCK_EVERY == 0 and time.perf_counter() > self.deadline:
            raise TimeUp("the time limit has passed")

    def _places(self, state: State) -> list[Choice]:
        """The two places of the value, of those that a full line can hold in two places only, where they weigh most."""
        weight, size = self.weight, self.rules.size
        heaviest, choices = 0, list[Choice]()
        for line in self.rules.lines:
            if len(line) != size:
                continue
            once = twice = thrice = 0
            for cell in line:
                mask = state[cell]
                thrice |= twice & mask
                twice |= once & mask
                once |= mask
            two = twice & ~thrice
            while two:
                bit = two & -two
                two ^= bit
                first, second = [cell for cell in line if state[cell] & bit]
                if weight[first] + weight[second] > heaviest:
                    heaviest = weight[first] + weight[second]
                    choices = [(first, bit), (second, bit)]
        return choices

    def _values(self, state: State) -> list[Choice]:
        """The candidates of the heaviest cell for its number of candidates; none when all are decided."""
        best, best_score = -1, 0.0
        for cell, mask in enumerate(state):
            if mask & (mask - 1):
                score = self.weight[cell] / mask.bit_count()
                if score > best_score:
                    best, best_score = cell, score
        return [(best, 1 << k) for k in range(self.rules.size) if state[best] >> k & 1] if best >= 0 else []


def _grid(size: int, state: State) -> Grid:
    values = [mask.bit_length() for mask in state]
    return tuple(tuple(values[r * size : (r + 1) * size]) for r in range(size))


def iter_solutions(puzzle: Puzzle) -> Iterator[Grid]:
    """All solutions of the puzzle, one after another, each found when it is asked for."""
    return judged(puzzle, (_grid(puzzle.size, state) for state in Search(Rules.of(puzzle)).states()))


def judged(puzzle: Puzzle, grids: Iterable[Grid]) -> Iterator[Grid]:
    """The grids, each checked against the puzzle by code that shares nothing with the solvers."""
    for grid in grids:
        broken = violations(puzzle, grid)
        if broken:
            raise AssertionError(f"the solver broke a rule, please report it: {broken[0]}")
        yield grid


def solve(puzzle: Puzzle, *, limit: int = 2, timeout: float | None = None, max_nodes: int | None = None) -> Outcome:
    """Solve the puzzle and, with `limit` 2 or more, prove whether the solution is the only one.

    Stops after `limit` solutions, `timeout` seconds or `max_nodes` guesses. Every grid is checked by an independent
    judge before it is returned. With limit=1 a "one" only means that a solution was found.
    """
    started = time.perf_counter()
    search = Search(Rules.of(puzzle), started + timeout if timeout is not None else None, max_nodes)
    solutions = (_grid(puzzle.size, state) for state in search.states())
    return outcome_of(puzzle, solutions, limit=limit, nodes=lambda: search.nodes, started=started)


def outcome_of(puzzle: Puzzle, solutions: Iterable[Grid], *, limit: int, nodes: Callable[[], int], started: float) -> Outcome:
    """Draw up to `limit` solutions of any engine, judge each of them, and say how it ended."""
    if limit < 1:
        raise ValueError("limit must be at least 1")
    found: list[Grid] = []
    timed_out = False
    try:
        for grid in islice(judged(puzzle, solutions), limit):
            found.append(grid)
    except TimeUp:
        timed_out = True
    status: Status = "several" if len(found) > 1 else "timed_out" if timed_out else "one" if found else "none"
    return Outcome(status, tuple(found), nodes(), time.perf_counter() - started)
