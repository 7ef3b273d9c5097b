"""What is wrong with a puzzle that does not have exactly one solution."""

from __future__ import annotations

import random
import time

from futoshiki.errors import NoSolutionError, PuzzleError, SeveralSolutionsError
from futoshiki.puzzle import Grid, Less, Puzzle
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Cell, listed, name, names

Given = tuple[int, int, int]

TIMEOUT = 20.0
"""Seconds until a puzzle is given up; every one of the graded corpus takes less than one."""
SEARCH_SECONDS = 4.0
"""For a small set of clues that contradict each other; when they are over, the smallest so far is taken."""
ORDERS = 6
"""In which clues are left out: digits first, signs first, and at random."""


def contradiction(puzzle: Puzzle, *, seconds: float = SEARCH_SECONDS) -> Puzzle | None:
    """A small set of the puzzle's clues that contradict each other, None where no contradiction is found.

    Clues are left out one after the other, in several orders, while the rest still has no solution, and the
    smallest set is taken. Unless the time is up before, none of its clues can be left out.
    """
    deadline = time.perf_counter() + seconds

    def impossible(givens: list[Given], less: list[Less]) -> bool:
        left = max(deadline - time.perf_counter(), 0.0)
        return solve(Puzzle.of(puzzle.size, givens, less), limit=1, timeout=left).status == "none"

    if not impossible(list(puzzle.given_cells), list(puzzle.less)):
        return None
    best: list[Given | Less] = [*puzzle.given_cells, *puzzle.less]
    for number in range(ORDERS):
        order: list[Given | Less] = [*puzzle.given_cells, *puzzle.less]
        if number == 1:
            order = [*puzzle.less, *puzzle.given_cells]
        elif number > 1:
            random.Random(number).shuffle(order)
        kept = list(order)
        for clue in order:
            if time.perf_counter() > deadline:
                break
            fewer = [other for other in kept if other != clue]
            givens, less = [c for c in fewer if len(c) == 3], [c for c in fewer if len(c) == 4]
            if impossible(givens, less):
                kept = fewer
        best = kept if len(kept) < len(best) else best
    return Puzzle.of(puzzle.size, [c for c in best if len(c) == 3], [c for c in best if len(c) == 4])


def clue_names(puzzle: Puzzle) -> str:
    """Every clue of a puzzle in words: `r1c1=3 and r1c1 < r1c2`."""
    digits = [f"{name((r, c))}={value}" for r, c, value in puzzle.given_cells]
    signs = [f"{name((r1, c1))} < {name((r2, c2))}" for r1, c1, r2, c2 in puzzle.less]
    return listed(digits + signs) if digits or signs else "no clue at all"


def differing(first: Grid, second: Grid) -> tuple[Cell, ...]:
    """The cells in which two grids differ."""
    return tuple((r, c) for r, row in enumerate(first) for c, value in enumerate(row) if value != second[r][c])


def only_solution(puzzle: Puzzle) -> Grid:
    """The solution.

    Raises:
        NoSolutionError: names the clues that contradict each other.
        SeveralSolutionsError: names the cells in which two solutions differ.
        PuzzleError: neither could be proved in time.
    """
    outcome = solve(puzzle, timeout=TIMEOUT)
    if outcome.status == "timed_out":
        raise PuzzleError(f"whether the puzzle has one solution could not be told in {TIMEOUT:g} seconds: add a clue")
    if outcome.status == "none":
        clues = clue_names(contradiction(puzzle) or puzzle)
        raise NoSolutionError(f"the puzzle has no solution: these clues contradict each other: {clues}")
    if outcome.status == "several":
        cells = differing(*outcome.solutions)
        where = f"two of them differ at {names(cells)}"
        raise SeveralSolutionsError(f"the puzzle has several solutions; {where} (futoshiki solve shows both)")
    return outcome.solutions[0]
