"""How well the scores of a board support a solution, whatever they say about its clues one by one."""

from __future__ import annotations

import numpy as np

from futoshiki.puzzle import GREATER, LESS, Edge, Grid, Place, Puzzle
from futoshiki.reading.scores import ClueScores
from futoshiki.solving import solve

POSSIBLE = -4.0
"""Log-probability above which a clue that agrees with the solution may be printed on the board."""
NEGLIGIBLE = -0.005
"""Log-probability above which a clue is so sure that leaving it out changes nothing."""
MAX_NODES = 300
"""Guesses of one proof of uniqueness; a set of clues that needs more does not count as sufficient."""

Clue = tuple[float, Place]
"""The log-probability that a place holds what the solution says, and the place."""


def contradiction(scores: ClueScores, solution: Grid) -> float:
    """Expected number of places that hold something the solution contradicts: another digit, or the opposite sign.

    Doubt that cannot change the answer does not count, such as whether a digit that fits is printed or written by hand.
    """
    values = np.array(solution)
    cells = np.exp(scores.cells)
    fitting = cells[..., 0] + np.take_along_axis(cells, values[..., None], -1)[..., 0]
    across, down = values[:, :-1] < values[:, 1:], values[:-1] < values[1:]
    signs = ((np.exp(scores.across), across), (np.exp(scores.down), down))
    opposite = sum(float(np.where(less, table[..., GREATER], table[..., LESS]).sum()) for table, less in signs)
    return float((1 - fitting).sum()) + opposite


def core(scores: ClueScores, solution: Grid) -> float:
    """Probability that the clues which alone force the solution were all read right; 0 if no clues do.

    Of all clues that agree with the solution, the surest are taken until it is the only one. Those that turn out not to
    be needed are dropped, the least sure first.
    """
    clues = sorted((clue for clue in _agreeing(scores, solution) if clue[0] > POSSIBLE), key=lambda clue: -clue[0])
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
    return float(np.exp(sum(chance for chance, _ in kept)))


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
