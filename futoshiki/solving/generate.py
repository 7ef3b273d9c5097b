"""New puzzles: with exactly one solution, and as hard as was asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Grid, Less, Puzzle, freeze_grid
from futoshiki.solving.levels import solvable
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Difficulty

MAX_NODES = 2000
"""Guesses of the longest proof of uniqueness, a limit that does not depend on the machine: 9 x 9 rarely takes more."""
TRIES = 2000
"""Grids that are tried for a puzzle of the grade asked for: 4 x 4 puzzles that need more than singles are rare."""
SPARSE_TRIES = 20
"""Puzzles of the grade to which so many clues were added as could be, before a share is called impossible."""
SIGN_SHARES = (0.25, 0.65)
"""Of the edges, before clues are taken away."""

Clue = tuple[int, int, int] | Less
"""A given digit (row, column, value), or a sign."""


@dataclass(frozen=True)
class _Clues:
    """Digits and signs in one list, so that either can be taken away."""

    size: int
    clues: tuple[Clue, ...]

    def puzzle(self) -> Puzzle:
        """What is given, to solve."""
        givens = [clue for clue in self.clues if len(clue) == 3]
        return Puzzle.of(self.size, givens, [clue for clue in self.clues if len(clue) == 4])

    def without(self, clue: Clue) -> _Clues:
        """All clues but one."""
        return _Clues(self.size, tuple(other for other in self.clues if other != clue))


def generate(
    size: int, difficulty: Difficulty | str = Difficulty.EASY, seed: int | None = None, *, clues: float | None = None
) -> Puzzle:
    """A puzzle with one solution that needs the techniques of `difficulty` and no harder ones.

    By default it is minimal: without any one of its clues it would have several solutions or be
    harder. `clues` is instead the share of all digits and signs that are shown at least, 0 to 1.
    (Trivial puzzles are solved by their digits alone; their signs are left in place.) The same seed
    gives the same puzzle.

    Raises:
        PuzzleError: no such puzzle was found, or an argument is out of range.
    """
    wanted = _difficulty(difficulty)
    if not 3 <= size <= 12:
        raise PuzzleError(f"size {size}: puzzles can be generated from 3 to 12")
    if clues is not None and not 0 <= clues <= 1:
        raise PuzzleError(f"clues {clues}: a share from 0 to 1 is expected")
    rng = random.Random(seed)
    too_sparse = 0
    for _ in range(TRIES):
        kept, hidden = _minimal(size, wanted, rng)
        if wanted > Difficulty.TRIVIAL and solvable(kept.puzzle(), Difficulty(wanted - 1)):
            continue
        shown = _shown(kept, hidden, round((clues or 0) * (len(kept.clues) + len(hidden))), wanted)
        if shown:
            return shown.puzzle()
        too_sparse += 1
        if too_sparse == SPARSE_TRIES:
            break
    share = f" that shows {clues:.0%} of the clues" if clues else ""
    raise PuzzleError(f"no {wanted.name.lower()} puzzle of size {size}{share} was found")


def _difficulty(difficulty: Difficulty | str) -> Difficulty:
    if isinstance(difficulty, Difficulty):
        return difficulty
    try:
        return Difficulty[difficulty.upper()]
    except KeyError:
        names = ", ".join(level.name.lower() for level in Difficulty)
        raise PuzzleError(f"difficulty `{difficulty}`: expected one of {names}") from None


def _minimal(size: int, wanted: Difficulty, rng: random.Random) -> tuple[_Clues, list[Clue]]:
    """Clues of one grid none of which can be left out at that level, and all the others in random order."""
    solution = random_latin_square(size, rng)
    edges: list[Clue] = [*true_signs(solution)]
    signs = rng.sample(edges, round(rng.uniform(*SIGN_SHARES) * len(edges)))
    digits: list[Clue] = [(r, c, solution[r][c]) for r in range(size) for c in range(size)]
    rng.shuffle(digits)

    def reached(clues: _Clues) -> bool:
        return solvable(clues.puzzle(), wanted, max_nodes=MAX_NODES)

    low, high = 0, len(digits)  # as many digits as it takes; more never make it harder
    while low < high:
        middle = (low + high) // 2
        if reached(_Clues(size, (*signs, *digits[:middle]))):
            high = middle
        else:
            low = middle + 1
    kept = _Clues(size, (*signs, *digits[:low]))
    # digits go first: a Futoshiki is a puzzle of signs
    for clue in (*digits[:low], *(signs if wanted > Difficulty.TRIVIAL else ())):
        fewer = kept.without(clue)
        if reached(fewer):
            kept = fewer
    hidden = [clue for clue in (*digits, *edges) if clue not in kept.clues]
    rng.shuffle(hidden)
    return kept, hidden


def _shown(kept: _Clues, hidden: list[Clue], count: int, wanted: Difficulty) -> _Clues | None:
    """Add clues until there are `count`, none that makes the puzzle easier than wanted; None if they run out."""
    for clue in hidden:
        if len(kept.clues) >= count:
            break
        more = _Clues(kept.size, (*kept.clues, clue))
        if wanted is Difficulty.TRIVIAL or not solvable(more.puzzle(), Difficulty(wanted - 1)):
            kept = more
    return kept if len(kept.clues) >= count else None


def random_latin_square(size: int, rng: random.Random) -> Grid:
    """A Latin square, close to uniform over all of them.

    A random walk over proper and improper squares: Jacobson and Matthews, "Generating uniformly
    distributed random Latin squares", Journal of Combinatorial Designs 4 (1996).
    """
    n = size
    # cube[r][c][s] is 1 where row r, column c holds symbol s; improper squares have one -1
    cube = [[[int((r + c) % n == s) for s in range(n)] for c in range(n)] for r in range(n)]
    improper: tuple[int, int, int] | None = None
    steps = 0
    while steps < n**3 or improper:
        if improper is None:
            r, c, s = (rng.randrange(n) for _ in range(3))
            if cube[r][c][s]:
                continue
        else:
            r, c, s = improper
        other_r = rng.choice([k for k in range(n) if cube[k][c][s] == 1])
        other_c = rng.choice([k for k in range(n) if cube[r][k][s] == 1])
        other_s = rng.choice([k for k in range(n) if cube[r][c][k] == 1])
        for i, j, k in _corners((r, other_r), (c, other_c), (s, other_s)):
            even = ((i == r) + (j == c) + (k == s)) % 2
            cube[i][j][k] += 1 if even else -1
        improper = (other_r, other_c, other_s) if cube[other_r][other_c][other_s] < 0 else None
        steps += 1
    return freeze_grid([[cell.index(1) + 1 for cell in row] for row in cube])


def _corners(*axes: tuple[int, int]) -> Iterator[tuple[int, int, int]]:
    rows, columns, symbols = axes
    return ((i, j, k) for i in rows for j in columns for k in symbols)


def true_signs(solution: Grid) -> list[Less]:
    """The sign of every edge between two neighbours of a filled grid."""
    n = len(solution)
    edges = [((r, c), (r, c + 1)) for r in range(n) for c in range(n - 1)]
    edges += [((r, c), (r + 1, c)) for r in range(n - 1) for c in range(n)]
    return [(*a, *b) if solution[a[0]][a[1]] < solution[b[0]][b[1]] else (*b, *a) for a, b in edges]


def random_puzzle(size: int, rng: random.Random, *, signs: float = 0.3, extra_givens: float = 0.0) -> tuple[Puzzle, Grid]:
    """A puzzle of any difficulty with one solution, made quickly, and that solution.

    `signs` is the share of the edges that carry a sign. Digits are given where two solutions
    differ until only one is left; `extra_givens` is the share of further cells that are given.
    """
    solution = random_latin_square(size, rng)
    less = [sign for sign in true_signs(solution) if rng.random() < signs]
    given = {(r, c) for r in range(size) for c in range(size) if rng.random() < extra_givens}
    while True:
        puzzle = Puzzle.of(size, [(r, c, solution[r][c]) for r, c in sorted(given)], less)
        outcome = solve(puzzle, max_nodes=MAX_NODES)
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
