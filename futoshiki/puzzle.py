"""The puzzle itself: immutable, validated, and free of pictures and solvers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from futoshiki.errors import EntryError, PuzzleError

MIN_SIZE, MAX_SIZE = 2, 15

Grid = tuple[tuple[int, ...], ...]
Less = tuple[int, int, int, int]
"""(r1, c1, r2, c2), 0-based: the value at (r1, c1) is less than the one at (r2, c2)."""


def freeze_grid(rows: Iterable[Iterable[int]]) -> Grid:
    """Any nested sequence (lists, arrays) as a tuple of tuples of plain ints."""
    return tuple(tuple(int(value) for value in row) for row in rows)


@dataclass(frozen=True)
class Clue:
    """What stands at one place: a digit in `cell` (r, c), or a sign on the edge between two cells, `sign`.

    `value` is the digit or 0 for a blank; of an edge (r1, c1, r2, c2) it is 1 where the first cell
    is less than the second and 0 where there is no sign.
    """

    value: int
    cell: tuple[int, int] | None = None
    sign: Less | None = None


@dataclass(frozen=True)
class Puzzle:
    """A Futoshiki: an N x N Latin square with some digits given and signs between neighbours.

    `givens` holds N rows of N numbers, 0 for a blank. `less` holds the signs as
    (r1, c1, r2, c2) with value(r1, c1) < value(r2, c2); it is kept sorted, so that two puzzles
    with the same clues are equal. Row 0 is the top row, column 0 the left one.

    Raises:
        PuzzleError: the size is out of range, a digit too large, a sign not between
            neighbours, or two signs on one edge.
    """

    size: int
    givens: Grid
    less: tuple[Less, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "givens", freeze_grid(self.givens))
        signs = sorted({tuple(int(k) for k in sign) for sign in self.less})
        object.__setattr__(self, "less", tuple(signs))
        if not MIN_SIZE <= self.size <= MAX_SIZE:
            raise PuzzleError(f"size {self.size} is out of range: {MIN_SIZE} to {MAX_SIZE}")
        self._check_givens()
        self._check_signs()

    def _check_givens(self) -> None:
        n = self.size
        if len(self.givens) != n or any(len(row) != n for row in self.givens):
            raise PuzzleError(f"givens must be {n} rows of {n} numbers")
        for r, row in enumerate(self.givens):
            for c, value in enumerate(row):
                if not 0 <= value <= n:
                    raise PuzzleError(f"r{r + 1}c{c + 1} holds {value}: must be 0 to {n}")

    def _check_signs(self) -> None:
        edges = set()
        for sign in self.less:
            if len(sign) != 4:
                raise PuzzleError(f"sign {sign}: expected four numbers, r1, c1, r2, c2")
            r1, c1, r2, c2 = sign
            if any(not 0 <= k < self.size for k in sign):
                raise PuzzleError(
                    f"sign between r{r1 + 1}c{c1 + 1} and r{r2 + 1}c{c2 + 1} lies outside the {self.size} x {self.size} grid"
                )
            if abs(r1 - r2) + abs(c1 - c2) != 1:
                raise PuzzleError(f"sign between r{r1 + 1}c{c1 + 1} and r{r2 + 1}c{c2 + 1}: those are no neighbours")
            edge = frozenset(((r1, c1), (r2, c2)))
            if edge in edges:
                raise PuzzleError(f"r{r1 + 1}c{c1 + 1} and r{r2 + 1}c{c2 + 1} are each said to be less than the other")
            edges.add(edge)

    @classmethod
    def blank(cls, size: int) -> Puzzle:
        """The empty puzzle of that size."""
        return cls(size, tuple((0,) * size for _ in range(size)))

    @classmethod
    def of(cls, size: int, givens: Iterable[Sequence[int]], less: Iterable[Sequence[int]]) -> Puzzle:
        """A puzzle from a list of (row, column, value) and a list of signs, 0-based."""
        if not MIN_SIZE <= size <= MAX_SIZE:
            raise PuzzleError(f"size {size} is out of range: {MIN_SIZE} to {MAX_SIZE}")
        rows = [[0] * size for _ in range(size)]
        for r, c, value in givens:
            if not (0 <= r < size and 0 <= c < size):
                raise PuzzleError(f"r{r + 1}c{c + 1} lies outside the {size} x {size} grid")
            rows[r][c] = value
        return cls(size, freeze_grid(rows), tuple((a, b, c, d) for a, b, c, d in less))

    @property
    def given_cells(self) -> tuple[tuple[int, int, int], ...]:
        """(row, column, value) of every given digit, in reading order."""
        return tuple((r, c, v) for r, row in enumerate(self.givens) for c, v in enumerate(row) if v)

    @property
    def is_full(self) -> bool:
        """True when no cell is blank."""
        return all(all(row) for row in self.givens)

    def with_clues(self, clues: Iterable[Clue]) -> Puzzle:
        """The puzzle with each of the clues put in; see `with_clue`."""
        puzzle = self
        for clue in clues:
            puzzle = puzzle.with_clue(clue)
        return puzzle

    def with_clue(self, clue: Clue) -> Puzzle:
        """The puzzle with that clue and nothing else in its place.

        Raises:
            EntryError: the place lies outside of the puzzle, or the value is out of range.
        """
        try:
            return self._with_clue(clue)
        except PuzzleError as error:
            raise EntryError(str(error)) from error

    def _with_clue(self, clue: Clue) -> Puzzle:
        if clue.cell:
            others = [given for given in self.given_cells if given[:2] != clue.cell]
            return Puzzle.of(self.size, [*others, (*clue.cell, clue.value)], self.less)
        a, b, c, d = clue.sign or (0, 0, 0, 0)
        signed = Puzzle.of(self.size, (), [(a, b, c, d)])  # refuses what is no edge of this puzzle
        rest = tuple(sign for sign in self.less if sign not in ((a, b, c, d), (c, d, a, b)))
        return Puzzle(self.size, self.givens, rest + (signed.less if clue.value else ()))

    def rotated(self, quarter_turns: int = 1) -> Puzzle:
        """The puzzle turned clockwise: what stood at (r, c) stands at (c, N-1-r) after one turn."""
        puzzle = self
        for _ in range(quarter_turns % 4):
            last = puzzle.size - 1
            puzzle = Puzzle(
                puzzle.size,
                tuple(zip(*puzzle.givens[::-1], strict=True)),
                tuple((b, last - a, d, last - c) for a, b, c, d in puzzle.less),
            )
        return puzzle

    def mirrored(self) -> Puzzle:
        """The puzzle as seen in a mirror: left and right change places."""
        last = self.size - 1
        return Puzzle(
            self.size,
            tuple(row[::-1] for row in self.givens),
            tuple((a, last - b, c, last - d) for a, b, c, d in self.less),
        )
