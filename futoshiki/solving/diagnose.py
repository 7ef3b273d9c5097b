"""What is wrong with a puzzle that does not have exactly one solution."""

from __future__ import annotations

import random
from collections.abc import Iterable

from futoshiki.errors import NoSolutionError, SeveralSolutionsError, TimeUp
from futoshiki.puzzle import Cell, Grid, Less, Puzzle, cells_of
from futoshiki.solving.budget import Budget
from futoshiki.solving.search import solve
from futoshiki.solving.steps import CellValue, listed

GivenOrSign = tuple[int, int, int] | Less
"""A given digit (row, column, value), or a sign."""

CONTRADICTION_SECONDS = 4.0
"""Time for shrinking a set of clues that contradict each other; an answer should not keep a user waiting much longer."""
ORDERS = 6
"""Number of orders in which clues are left out: digits first, signs first, and random orders."""


def puzzle_of(size: int, clues: Iterable[GivenOrSign]) -> Puzzle:
    """The puzzle with these clues."""
    clues = list(clues)
    return Puzzle.of(size, [clue for clue in clues if len(clue) == 3], [clue for clue in clues if len(clue) == 4])


def contradiction(puzzle: Puzzle, *, budget: Budget | None = None) -> Puzzle | None:
    """A small set of the puzzle's clues that contradict each other, None where no contradiction is found.

    Clues are left out one after the other, in several orders, while the rest still has no solution. The smallest set is
    returned. Unless the time is up before, none of its clues can be left out.
    """
    budget = (budget or Budget()).at_most(CONTRADICTION_SECONDS)

    def impossible(clues: Iterable[GivenOrSign]) -> bool:
        return solve(puzzle_of(puzzle.size, clues), limit=1, timeout=budget.left).status == "none"

    every: list[GivenOrSign] = [*puzzle.given_cells, *puzzle.less]
    if not impossible(every):
        return None
    best = every
    for number in range(ORDERS):
        order = every.copy()
        if number == 1:
            order = [*puzzle.less, *puzzle.given_cells]
        elif number > 1:
            random.Random(number).shuffle(order)
        kept = order
        for clue in order:
            if not budget.left:
                break
            fewer = [other for other in kept if other != clue]
            if impossible(fewer):
                kept = fewer
        best = min(best, kept, key=len)
    return puzzle_of(puzzle.size, best)


def clue_names(puzzle: Puzzle) -> str:
    """Every clue of a puzzle in words: `r1c1=3 and r1c1 < r1c2`."""
    digits = [str(CellValue(*given)) for given in puzzle.given_cells]
    signs = [f"{Cell(r1, c1)} < {Cell(r2, c2)}" for r1, c1, r2, c2 in puzzle.less]
    return listed(digits + signs) if digits or signs else "no clue at all"


def differing(first: Grid, second: Grid) -> tuple[Cell, ...]:
    """The cells in which two grids differ."""
    return tuple(cell for cell in cells_of(len(first)) if first[cell.row][cell.column] != second[cell.row][cell.column])


def only_solution(puzzle: Puzzle, *, budget: Budget | None = None) -> Grid:
    """The solution.

    Raises:
        NoSolutionError: names the clues that contradict each other.
        SeveralSolutionsError: names the cells in which two solutions differ.
        TimeUp: neither could be proved before the budget was used up.
    """
    budget = budget or Budget()
    outcome = solve(puzzle, timeout=budget.left)
    if outcome.status == "timed_out":
        raise time_up(budget)
    if outcome.status == "none":
        clues = clue_names(contradiction(puzzle, budget=budget) or puzzle)
        raise NoSolutionError(f"the puzzle has no solution: these clues contradict each other: {clues}")
    if outcome.status == "several":
        where = f"two of them differ at {listed(differing(*outcome.solutions))}"
        raise SeveralSolutionsError(f"the puzzle has several solutions; {where} (futoshiki solve shows both)")
    return outcome.solutions[0]


def time_up(budget: Budget) -> TimeUp:
    """The error to raise when the budget is used up before a puzzle is solved."""
    return TimeUp(f"the time limit of {budget.seconds:g} seconds was reached: add a clue and try again")
