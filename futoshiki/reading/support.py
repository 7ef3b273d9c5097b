"""What a board says of a solution: how surely the clues that alone force it were read, and what speaks against it."""

from __future__ import annotations

import numpy as np

from futoshiki.puzzle import GREATER, LESS, NO_SIGN, Edge, Grid, Place, Puzzle
from futoshiki.reading.scores import ClueScores
from futoshiki.solving import solve

POSSIBLE = -4.0
"""Log-probability above which a clue that agrees with the solution may be printed on the board."""
LIKELY = -0.7
"""Log-probability above which a place rather holds such a clue than anything else."""
NEGLIGIBLE = -0.005
"""Log-probability above which a clue is so sure that leaving it out changes nothing."""
MAX_NODES = 300
"""Guesses of one proof of uniqueness; a set of clues that needs more does not count as sufficient."""

Clue = tuple[float, Place]
"""The log-probability that a place holds what the solution says, and the place."""


def core(scores: ClueScores, solution: Grid, *, enough: float = 1.0) -> float:
    """Probability that the clues which alone force the solution were all read right; 0 if no clues do.

    Of all clues that agree with the solution, the surest are taken until it is the only one. Those that turn out not to
    be needed are dropped, the least sure first. If more clues than are needed reach `enough` already, that is all the work,
    and what they reach is the answer.
    """
    clues = sorted((clue for clue in _agreeing(scores, solution) if clue[0] > POSSIBLE), key=lambda clue: -clue[0])
    likely = [clue for clue in clues if clue[0] > LIKELY]
    if _chance(likely) >= enough and _forces(likely, solution):
        return _chance(likely)
    if not _forces(clues, solution):
        return 0.0
    low, high = 0, len(clues)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _forces(clues[:middle], solution) else (middle + 1, high)
    kept = clues[:high]
    for clue in kept[::-1]:
        if clue[0] > NEGLIGIBLE:
            break
        fewer = [other for other in kept if other is not clue]
        kept = fewer if _forces(fewer, solution) else kept
    return _chance(kept)


def conflict(scores: ClueScores, solution: Grid) -> float:
    """How much speaks against a solution, in nats: minus the log-probability that every place shows nothing or what it says."""
    grid = np.array(solution)
    rows, columns = np.indices(grid.shape)
    cells = np.logaddexp(scores.cells[..., 0], scores.cells[rows, columns, grid])
    signs = (_nothing_or_right(scores.across, grid[:, :-1] < grid[:, 1:]), _nothing_or_right(scores.down, grid[:-1] < grid[1:]))
    return max(0.0, float(-sum(table.sum() for table in (cells, *signs))))


def _nothing_or_right(signs: np.ndarray, is_less: np.ndarray) -> np.ndarray:
    """For each edge (... x 3), the log-probability of no sign or of the right one; `is_less` tells where that is LESS."""
    return np.logaddexp(signs[..., NO_SIGN], np.where(is_less, signs[..., LESS], signs[..., GREATER]))


def _chance(clues: list[Clue]) -> float:
    """The probability that all of them were read right."""
    return float(np.exp(sum(chance for chance, _ in clues)))


def _agreeing(scores: ClueScores, solution: Grid) -> list[Clue]:
    """Every clue that agrees with a solution: its digit in each cell, its sign on each edge."""
    return [(float(scores.at(place)[_value(place, solution)]), place) for place in scores.places()]


def _value(place: Place, solution: Grid) -> int:
    """What a solution has at a place: the digit, or LESS or GREATER."""
    if not isinstance(place, Edge):
        return solution[place.row][place.column]
    (r1, c1), (r2, c2) = place
    return LESS if solution[r1][c1] < solution[r2][c2] else GREATER


def _forces(clues: list[Clue], solution: Grid) -> bool:
    """Whether those clues have no other solution."""
    places = [(place, _value(place, solution)) for _, place in clues]
    givens = [(*place, value) for place, value in places if not isinstance(place, Edge)]
    less = [place.less(value) for place, value in places if isinstance(place, Edge)]
    return solve(Puzzle.of(len(solution), givens, less), max_nodes=MAX_NODES).status == "one"
