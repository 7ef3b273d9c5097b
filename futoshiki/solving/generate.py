"""Random puzzles with exactly one solution."""

from __future__ import annotations

import random

from futoshiki.puzzle import Grid, Less, Puzzle
from futoshiki.solving.search import solve

PROOF_SECONDS = 0.2
"""Longest proof of uniqueness per round; a puzzle that needs longer gets one more given digit."""


def random_latin_square(size: int, rng: random.Random) -> Grid:
    """A Latin square: the cyclic one with rows, columns and symbols shuffled."""
    rows, columns, symbols = (rng.sample(range(size), size) for _ in range(3))
    return tuple(tuple(symbols[(r + c) % size] + 1 for c in columns) for r in rows)


def true_signs(solution: Grid) -> list[Less]:
    """The sign of every edge between two neighbours of a filled grid."""
    n = len(solution)
    edges = [((r, c), (r, c + 1)) for r in range(n) for c in range(n - 1)]
    edges += [((r, c), (r + 1, c)) for r in range(n - 1) for c in range(n)]
    return [(*a, *b) if solution[a[0]][a[1]] < solution[b[0]][b[1]] else (*b, *a) for a, b in edges]


def random_puzzle(size: int, rng: random.Random, *, signs: float = 0.3, extra_givens: float = 0.0) -> tuple[Puzzle, Grid]:
    """A puzzle with one solution, and that solution.

    `signs` is the share of the edges that carry a sign. Digits are given where two solutions
    differ until only one is left; `extra_givens` is the share of further cells that are given.
    """
    solution = random_latin_square(size, rng)
    less = [sign for sign in true_signs(solution) if rng.random() < signs]
    given = {(r, c) for r in range(size) for c in range(size) if rng.random() < extra_givens}
    while True:
        puzzle = Puzzle.of(size, [(r, c, solution[r][c]) for r, c in sorted(given)], less)
        outcome = solve(puzzle, timeout=PROOF_SECONDS)
        if outcome.status == "one":
            return puzzle, solution
        other = next((grid for grid in outcome.solutions if grid != solution), None)
        open_cells = [
            (r, c)
            for r in range(size)
            for c in range(size)
            if (r, c) not in given and (other is None or other[r][c] != solution[r][c])
        ]
        given.add(rng.choice(open_cells))
