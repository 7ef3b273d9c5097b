"""What is wrong with a puzzle that does not have exactly one solution."""

from __future__ import annotations

from futoshiki.errors import NoSolutionError, PuzzleError, SeveralSolutionsError
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Cell, listed, name, names

TIMEOUT = 20.0
"""Seconds until a puzzle is given up; every one of the graded corpus takes less than one."""
MAX_NODES = 20_000
"""Guesses for each question, a few seconds at most; where they are not enough, a clue is kept that might be needless."""


def contradiction(puzzle: Puzzle) -> Puzzle | None:
    """A set of the puzzle's clues that contradict each other and from which none can be left out.

    None where the puzzle has a solution. Found by leaving out one clue after the other.
    """
    if not _impossible(puzzle):
        return None
    size, givens, less = puzzle.size, list(puzzle.given_cells), list(puzzle.less)
    for given in puzzle.given_cells:
        fewer = [other for other in givens if other != given]
        if _impossible(Puzzle.of(size, fewer, less)):
            givens = fewer
    for sign in puzzle.less:
        fewer_signs = [other for other in less if other != sign]
        if _impossible(Puzzle.of(size, givens, fewer_signs)):
            less = fewer_signs
    return Puzzle.of(size, givens, less)


def _impossible(puzzle: Puzzle) -> bool:
    return solve(puzzle, limit=1, max_nodes=MAX_NODES).status == "none"


def clue_names(puzzle: Puzzle) -> str:
    """Every clue of a puzzle in words: `r1c1=3 and r1c1 < r1c2`."""
    digits = [f"{name((r, c))}={value}" for r, c, value in puzzle.given_cells]
    signs = [f"{name((r1, c1))} < {name((r2, c2))}" for r1, c1, r2, c2 in puzzle.less]
    return listed(digits + signs) if digits or signs else "no clue at all"


def differing(first: Grid, second: Grid) -> tuple[Cell, ...]:
    """The cells in which two grids differ."""
    return tuple((r, c) for r, row in enumerate(first) for c, value in enumerate(row) if value != second[r][c])


def undecided(puzzle: Puzzle) -> tuple[Cell, ...]:
    """The cells in which two solutions of the puzzle differ; empty where it has fewer than two."""
    solutions = solve(puzzle).solutions
    return differing(*solutions) if len(solutions) == 2 else ()


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
        raise SeveralSolutionsError(f"the puzzle has several solutions; two of them differ at {names(cells)}")
    return outcome.solutions[0]
