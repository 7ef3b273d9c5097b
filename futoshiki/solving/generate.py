"""New puzzles with exactly one solution and of a given difficulty."""

from __future__ import annotations

import random
from collections.abc import Iterator

from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Grid, Less, Puzzle, cells_of, edges_of, freeze_grid
from futoshiki.solving.diagnose import GivenOrSign, differing, puzzle_of
from futoshiki.solving.levels import solvable
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Difficulty

SMALLEST, LARGEST = 3, 12
"""Sizes that can be generated: 2 x 2 has no puzzle worth solving, and above 12 x 12 the search takes too long."""
MAX_NODES = 2000
"""Guesses allowed in a proof of uniqueness. This limit is the same on every machine; 9 x 9 puzzles rarely need more."""
TRIES = 2000
"""Number of grids to try for a puzzle of the given difficulty; 4 x 4 puzzles that need more than singles are rare."""
SPARSE_TRIES = 20
"""Number of puzzles that may fall short of the share of clues, before such a puzzle is reported as not found."""
SIGN_SHARES = (0.25, 0.65)
"""Range of the share of edges that carry a sign before clues are removed; a new share is drawn for each grid."""


def generate(
    size: int, difficulty: Difficulty | str = Difficulty.EASY, seed: int | None = None, *, clues: float | None = None
) -> Puzzle:
    """A puzzle with one solution that needs the techniques of `difficulty` and no harder ones.

    By default it is minimal: without any one of its clues it would have several solutions or be
    harder. With `clues`, at least this share (0 to 1) of all digits and signs is shown instead.
    (Trivial puzzles are solved by their digits alone; their signs are kept.) The same seed
    gives the same puzzle.

    Raises:
        PuzzleError: no such puzzle was found, or an argument is out of range.
    """
    wanted = _difficulty(difficulty)
    if not SMALLEST <= size <= LARGEST:
        raise PuzzleError(f"size {size}: puzzles can be generated from {SMALLEST} to {LARGEST}")
    if clues is not None and not 0 <= clues <= 1:
        raise PuzzleError(f"clues {clues}: a share from 0 to 1 is expected")
    rng = random.Random(seed)
    too_sparse = 0
    for _ in range(TRIES):
        kept, hidden = _minimal(size, wanted, rng)
        if wanted > Difficulty.TRIVIAL and solvable(puzzle_of(size, kept), Difficulty(wanted - 1)):
            continue
        shown = _shown(size, kept, hidden, round((clues or 0) * (len(kept) + len(hidden))), wanted)
        if shown is not None:
            return puzzle_of(size, shown)
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


def _minimal(size: int, wanted: Difficulty, rng: random.Random) -> tuple[list[GivenOrSign], list[GivenOrSign]]:
    """Clues of one grid that are all needed at that level, and all the others in random order."""
    solution = random_latin_square(size, rng)
    edges: list[GivenOrSign] = [*true_signs(solution)]
    signs = rng.sample(edges, round(rng.uniform(*SIGN_SHARES) * len(edges)))
    digits: list[GivenOrSign] = [(r, c, solution[r][c]) for r, c in cells_of(size)]
    rng.shuffle(digits)

    def enough(clues: list[GivenOrSign]) -> bool:
        return solvable(puzzle_of(size, clues), wanted, max_nodes=MAX_NODES)

    low, high = 0, len(digits)  # bisect for the number of digits: more of them never make a puzzle harder
    while low < high:
        middle = (low + high) // 2
        if enough([*signs, *digits[:middle]]):
            high = middle
        else:
            low = middle + 1
    kept = [*signs, *digits[:low]]
    # digits are removed first: a Futoshiki is a puzzle of signs
    for clue in (*digits[:low], *(signs if wanted > Difficulty.TRIVIAL else ())):
        fewer = [other for other in kept if other != clue]
        if enough(fewer):
            kept = fewer
    hidden = [clue for clue in (*digits, *edges) if clue not in kept]
    rng.shuffle(hidden)
    return kept, hidden


def _shown(
    size: int, kept: list[GivenOrSign], hidden: list[GivenOrSign], count: int, wanted: Difficulty
) -> list[GivenOrSign] | None:
    """Add clues until there are `count`, skipping those that make the puzzle too easy; None if they run out."""
    for clue in hidden:
        if len(kept) >= count:
            break
        more = [*kept, clue]
        if wanted is Difficulty.TRIVIAL or not solvable(puzzle_of(size, more), Difficulty(wanted - 1)):
            kept = more
    return kept if len(kept) >= count else None


def random_latin_square(size: int, rng: random.Random) -> Grid:
    """A Latin square, drawn almost uniformly from all Latin squares of that size.

    The method is a random walk over proper and improper squares: Jacobson and Matthews, "Generating
    uniformly distributed random Latin squares", Journal of Combinatorial Designs 4 (1996).
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
    edges = edges_of(len(solution))
    return [(*a, *b) if solution[a.row][a.column] < solution[b.row][b.column] else (*b, *a) for a, b in edges]


def random_puzzle(size: int, rng: random.Random, *, signs: float = 0.3, extra_givens: float = 0.0) -> tuple[Puzzle, Grid]:
    """A puzzle of any difficulty with one solution, made quickly, and that solution.

    `signs` is the share of edges that carry a sign. Digits are added where two solutions differ until only one solution is
    left. `extra_givens` is the share of cells that are given in any case.
    """
    solution = random_latin_square(size, rng)
    less = [sign for sign in true_signs(solution) if rng.random() < signs]
    given = {cell for cell in cells_of(size) if rng.random() < extra_givens}
    while True:
        puzzle = Puzzle.of(size, [(r, c, solution[r][c]) for r, c in sorted(given)], less)
        outcome = solve(puzzle, max_nodes=MAX_NODES)
        if outcome.status == "one":
            return puzzle, solution
        other = next((grid for grid in outcome.solutions if grid != solution), None)
        open_cells = cells_of(size) if other is None else differing(other, solution)
        given.add(rng.choice([cell for cell in open_cells if cell not in given]))
