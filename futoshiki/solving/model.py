"""The puzzle as a declarative model of python-constraint, to which further rules can be added.

    >>> problem = to_problem(puzzle)
    >>> problem.addConstraint(AllDifferentConstraint(), [(k, k) for k in range(puzzle.size)])   # a diagonal
    >>> problem.addConstraint(lambda a, b: abs(a - b) > 1, [(0, 0), (4, 4)])                     # anything else
    >>> problem.getSolution()
    {(0, 0): 3, (0, 1): 1, ...}

`FutoshikiSolver` reads the declared model and solves it with the bit masks of `rules`:
all-different and less-than constraints strike candidates, and any other constraint is evaluated
as soon as all of its variables are decided.
"""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Literal

from constraint import (
    AllDifferentConstraint,
    BacktrackingSolver,
    Constraint,
    OptimizedBacktrackingSolver,
    Problem,
    RecursiveBacktrackingSolver,
    Solver,
)

from futoshiki.errors import TimeUp
from futoshiki.notation import as_puzzle
from futoshiki.puzzle import Grid, Puzzle, cells_of
from futoshiki.solving.rules import Rules, State
from futoshiki.solving.search import Outcome, Search, outcome_of

Engine = Literal["core", "backtracking", "optimized", "recursive"]
"""`core` is `FutoshikiSolver`; the others are solvers of python-constraint and far slower from 6 x 6 on."""

Assignment = dict[Hashable, int]


class LessThan(Constraint):  # type: ignore[misc]
    """The value of the first variable is less than that of the second."""

    def __call__(
        self, variables: Any, domains: Any, assignments: Any, forwardcheck: bool = False, _unassigned: Any = None
    ) -> bool:
        """Whether the assigned values allow it; with `forwardcheck`, impossible values of the other variable are hidden."""
        low, high = variables
        if low in assignments and high in assignments:
            return bool(assignments[low] < assignments[high])
        if forwardcheck and (low in assignments) != (high in assignments):
            open_end = high if low in assignments else low
            domain = domains[open_end]
            for value in list(domain):
                if not (assignments[low] < value if low in assignments else value < assignments[high]):
                    domain.hideValue(value)
            return bool(domain)
        return True


class TimeLimit(Constraint):  # type: ignore[misc]
    """True until the time is up; then it stops the library's solvers, which evaluate every constraint at each step."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.deadline = float("inf")

    def preProcess(self, variables: Any, domains: Any, constraints: Any, vconstraints: Any) -> None:
        """Start the clock; the library calls this once at the start of each search."""
        self.deadline = time.perf_counter() + self.seconds

    def __call__(self, *_: Any) -> bool:
        """Always True.

        Raises:
            TimeUp: the time is up.
        """
        if time.perf_counter() > self.deadline:
            raise TimeUp(f"{self.seconds:g} seconds were not enough")
        return True


class FutoshikiSolver(Solver):  # type: ignore[misc]
    """A solver for `constraint.Problem` with integer values of at least 1.

    Each search raises `TimeUp` after `timeout` seconds. `nodes` is the number of guesses in the last search.
    """

    def __init__(self, timeout: float | None = None) -> None:
        super().__init__()
        self.timeout = timeout
        self.nodes = 0

    def getSolution(self, domains: Any, constraints: Any, vconstraints: Any) -> Assignment | None:
        """One solution, or None."""
        return next(self.getSolutionIter(domains, constraints, vconstraints), None)

    def getSolutions(self, domains: Any, constraints: Any, vconstraints: Any) -> list[Assignment]:
        """All solutions."""
        return list(self.getSolutionIter(domains, constraints, vconstraints))

    def getSolutionIter(self, domains: Any, constraints: Any, vconstraints: Any) -> Iterator[Assignment]:
        """The solutions, each computed when it is requested."""
        search = _ModelSearch(domains, constraints, time.perf_counter() + self.timeout if self.timeout is not None else None)
        for state in search.states():
            self.nodes = search.nodes
            yield {name: mask.bit_length() for name, mask in zip(search.names, state, strict=True)}
        self.nodes = search.nodes


class _ModelSearch(Search):
    """A search over a declared model; `others` are the constraints that masks cannot express."""

    def __init__(
        self, domains: Mapping[Hashable, Any], constraints: list[tuple[Any, Any]], deadline: float | None = None
    ) -> None:
        self.names = list(domains)
        number = {name: k for k, name in enumerate(self.names)}
        lines, less, self.others = [], [], []
        for rule, variables in constraints:
            members = tuple(number[name] for name in variables or self.names)
            if isinstance(rule, AllDifferentConstraint):
                lines.append(members)
            elif isinstance(rule, LessThan):
                less.append((members[0], members[1]))
            elif not isinstance(rule, TimeLimit):
                self.others.append((rule, members))
        masks = [sum(1 << (int(value) - 1) for value in domains[name]) for name in self.names]
        size = max((mask.bit_length() for mask in masks), default=0)
        super().__init__(Rules(size, masks, tuple(lines), less), deadline)

    def accepts(self, state: State) -> bool:
        """Whether every other constraint holds whose variables are all decided."""
        for rule, members in self.others:
            if any(state[k] & (state[k] - 1) for k in members):
                continue
            names = [self.names[k] for k in members]
            values = {name: state[k].bit_length() for name, k in zip(names, members, strict=True)}
            if not rule(names, {}, values):
                return False
        return True


def to_problem(puzzle: Puzzle | str, *, engine: Engine = "core", timeout: float | None = None) -> Problem:
    """The puzzle as a `constraint.Problem` whose variables are the cells (row, column), 0-based.

    With a `timeout`, each search raises `TimeUp` after so many seconds, whatever the engine.
    """
    library = {
        "backtracking": BacktrackingSolver,
        "optimized": OptimizedBacktrackingSolver,
        "recursive": RecursiveBacktrackingSolver,
    }
    problem = Problem(FutoshikiSolver(timeout) if engine == "core" else library[engine]())
    puzzle = as_puzzle(puzzle)
    n = puzzle.size
    for r, c in cells_of(n):
        value = puzzle.givens[r][c]
        problem.addVariable((r, c), [value] if value else list(range(1, n + 1)))
    for k in range(n):
        problem.addConstraint(AllDifferentConstraint(), [(k, c) for c in range(n)])
        problem.addConstraint(AllDifferentConstraint(), [(r, k) for r in range(n)])
    for r1, c1, r2, c2 in puzzle.less:
        problem.addConstraint(LessThan(), [(r1, c1), (r2, c2)])
    if engine != "core" and timeout is not None:
        problem.addConstraint(TimeLimit(timeout))
    return problem


def solve_model(puzzle: Puzzle, *, engine: Engine = "core", limit: int = 2, timeout: float | None = None) -> Outcome:
    """As `solving.solve`, through the declared model; only the engine `core` counts nodes.

    Raises:
        ArgumentError: `limit` is less than 1.
    """
    started = time.perf_counter()
    problem = to_problem(puzzle, engine=engine, timeout=timeout)
    solver = problem.getSolver()
    solutions = map(to_grid, problem.getSolutionIter())
    return outcome_of(puzzle, solutions, limit=limit, nodes=lambda: getattr(solver, "nodes", 0), started=started)


def to_grid(assignment: Mapping[Any, int]) -> Grid:
    """The values of a solution of `to_problem` as rows."""
    size = 1 + max(r for r, _ in assignment)
    return tuple(tuple(assignment[r, c] for c in range(size)) for r in range(size))
