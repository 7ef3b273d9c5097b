"""Finding solutions: propagation first, then a search that learns where it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from futoshiki.errors import ArgumentError, InternalError, TimeUp
from futoshiki.notation import as_puzzle
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving.judge import violations
from futoshiki.solving.rules import Rules, State, grid_of

Status = Literal["one", "several", "none", "timed_out"]

CLOCK_EVERY = 32
"""Number of nodes between two checks of the time limit; a node takes about 0.1 ms."""

SIGN_WEIGHT = 2
"""Initial weight of a cell for each of its signs, on top of 1; it halves the time for large puzzles."""


@dataclass(frozen=True)
class Outcome:
    """The result of a search for solutions.

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


Choice = tuple[int, int]
"""A cell's number and the bit of the value to try there."""


class Search:
    """Depth-first search that branches where it has failed before.

    Every contradiction adds weight to the cells of the broken line or sign, and cells with the greatest weight per
    candidate are tried first (dom/wdeg: Boussemart et al., "Boosting systematic search by weighting constraints", ECAI 2004).
    `deadline` is a time of `time.perf_counter`.
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
            TimeUp: the deadline has passed, or `max_nodes` guesses have been made.
        """
        state = self.rules.start()
        if state is not None:
            rules = self.rules
            self.weight = [1 + SIGN_WEIGHT * len(a + b) for a, b in zip(rules.greater, rules.smaller, strict=True)]
            yield from self._descend(state)

    def accepts(self, state: State) -> bool:
        """Whether a state may lead to a solution; subclasses add further rules here."""
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
        """The heaviest pair of places among the values that have exactly two places left in a full line; empty if none."""
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
        """The candidates of the cell with the greatest weight per candidate; empty when all cells are decided."""
        best, best_score = -1, 0.0
        for cell, mask in enumerate(state):
            if mask & (mask - 1):
                score = self.weight[cell] / mask.bit_count()
                if score > best_score:
                    best, best_score = cell, score
        return [(best, 1 << k) for k in range(self.rules.size) if state[best] >> k & 1] if best >= 0 else []


def iter_solutions(puzzle: Puzzle | str) -> Iterator[Grid]:
    """All solutions of the puzzle, each computed when it is requested."""
    puzzle = as_puzzle(puzzle)
    return judged(puzzle, (grid_of(puzzle.size, state) for state in Search(Rules.of(puzzle)).states()))


def judged(puzzle: Puzzle, grids: Iterable[Grid]) -> Iterator[Grid]:
    """The grids, each checked against the puzzle by code that shares nothing with the solvers.

    Raises:
        InternalError: a grid breaks a rule.
    """
    for grid in grids:
        broken = violations(puzzle, grid)
        if broken:
            raise InternalError(f"the solver broke a rule, please report it: {broken[0]}")
        yield grid


def solve(puzzle: Puzzle | str, *, limit: int = 2, timeout: float | None = None, max_nodes: int | None = None) -> Outcome:
    """Solve a puzzle, or that of a game ID, and, with `limit` 2 or more, prove whether the solution is the only one.

    Stops after `limit` solutions, `timeout` seconds or `max_nodes` guesses. Every grid is checked by an independent
    judge before it is returned. With limit=1 the status "one" only means that a solution was found.

    Raises:
        ArgumentError: `limit` is less than 1.
    """
    puzzle, started = as_puzzle(puzzle), time.perf_counter()
    search = Search(Rules.of(puzzle), started + timeout if timeout is not None else None, max_nodes)
    solutions = (grid_of(puzzle.size, state) for state in search.states())
    return outcome_of(puzzle, solutions, limit=limit, nodes=lambda: search.nodes, started=started)


def outcome_of(puzzle: Puzzle, solutions: Iterable[Grid], *, limit: int, nodes: Callable[[], int], started: float) -> Outcome:
    """The outcome of drawing up to `limit` solutions from any engine; each of them is checked by the judge.

    Raises:
        ArgumentError: `limit` is less than 1.
    """
    if limit < 1:
        raise ArgumentError("limit must be at least 1")
    found: list[Grid] = []
    timed_out = False
    try:
        for grid in islice(judged(puzzle, solutions), limit):
            found.append(grid)
    except TimeUp:
        timed_out = True
    status: Status = "several" if len(found) > 1 else "timed_out" if timed_out else "one" if found else "none"
    return Outcome(status, tuple(found), nodes(), time.perf_counter() - started)
