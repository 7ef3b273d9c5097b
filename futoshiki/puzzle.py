"""The puzzle itself: immutable, validated, and free of pictures and solvers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from futoshiki.board_text import TYPED, board_text
from futoshiki.errors import EntryError, PuzzleError

MIN_SIZE, MAX_SIZE = 2, 15

Grid = tuple[tuple[int, ...], ...]
Less = tuple[int, int, int, int]
"""(r1, c1, r2, c2), 0-based: the value at (r1, c1) is less than the one at (r2, c2)."""

NO_SIGN, LESS, GREATER = 0, 1, 2
"""What stands on an edge: no sign, or a sign saying that the first cell is less or greater than the second."""


class Cell(NamedTuple):
    """A cell by its row and column, 0-based; it is written `r1c1` for row 0, column 0."""

    row: int
    column: int

    def __str__(self) -> str:
        return f"r{self.row + 1}c{self.column + 1}"


class Edge(NamedTuple):
    """The border between two neighbouring cells; `first` is the left or the upper one. It is written `r1c1|r1c2`."""

    first: Cell
    second: Cell

    @classmethod
    def between(cls, a: Sequence[int], b: Sequence[int]) -> Edge:
        """The edge between two cells (row, column) in either order.

        Raises:
            PuzzleError: the cells are not neighbours.
        """
        first, second = sorted((Cell(*a), Cell(*b)))
        if abs(first.row - second.row) + abs(first.column - second.column) != 1:
            raise PuzzleError(f"sign between {Cell(*a)} and {Cell(*b)}: those are no neighbours")
        return cls(first, second)

    @classmethod
    def of(cls, less: Less) -> tuple[Edge, int]:
        """The edge that a relation (r1, c1, r2, c2) lies on, and its sign there: LESS or GREATER."""
        edge = cls.between(less[:2], less[2:])
        return edge, LESS if edge.first == less[:2] else GREATER

    def less(self, sign: int) -> Less:
        """The relation (r1, c1, r2, c2) that a sign on this edge stands for: LESS or GREATER."""
        return (*self.first, *self.second) if sign == LESS else (*self.second, *self.first)

    @property
    def is_across(self) -> bool:
        """Whether the two cells lie in one row, so that the sign is `<` or `>` and not `∧` or `∨`."""
        return self.first.row == self.second.row

    def __str__(self) -> str:
        return f"{self.first}|{self.second}"


Place = Cell | Edge
"""Where a clue stands: a digit in a cell, or a sign on an edge."""


def cells_of(size: int) -> list[Cell]:
    """Every cell of an N x N puzzle in reading order."""
    return [Cell(r, c) for r in range(size) for c in range(size)]


def edges_of(size: int) -> list[Edge]:
    """Every edge of an N x N puzzle: those inside the rows first, then those inside the columns, in reading order."""
    across = [Edge(Cell(r, c), Cell(r, c + 1)) for r in range(size) for c in range(size - 1)]
    return across + [Edge(Cell(r, c), Cell(r + 1, c)) for r in range(size - 1) for c in range(size)]


def freeze_grid(rows: Iterable[Iterable[int]]) -> Grid:
    """Any nested sequence (lists, arrays) as a tuple of tuples of plain ints."""
    return tuple(tuple(int(value) for value in row) for row in rows)


@dataclass(frozen=True)
class Clue:
    """What stands at a place: in a cell a digit or 0 for a blank, on an edge NO_SIGN, LESS or GREATER."""

    place: Place
    value: int


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
                    raise PuzzleError(f"{Cell(r, c)} holds {value}: must be 0 to {n}")

    def _check_signs(self) -> None:
        for sign in self.less:
            if len(sign) != 4:
                raise PuzzleError(f"sign {sign}: expected four numbers, r1, c1, r2, c2")
            if min(sign) < 0 or max(sign) >= self.size:
                ends = f"{Cell(*sign[:2])} and {Cell(*sign[2:])}"
                raise PuzzleError(f"sign between {ends} lies outside the {self.size} x {self.size} grid")
            r1, c1, r2, c2 = sign
            if abs(r1 - r2) + abs(c1 - c2) != 1:
                Edge.between((r1, c1), (r2, c2))  # says what is wrong
        known = set(self.less)
        for r1, c1, r2, c2 in self.less:
            if (r2, c2, r1, c1) in known:
                raise PuzzleError(f"{Cell(r1, c1)} and {Cell(r2, c2)} are each said to be less than the other")

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
                raise PuzzleError(f"{Cell(r, c)} lies outside the {size} x {size} grid")
            rows[r][c] = value
        return cls(size, freeze_grid(rows), tuple((a, b, c, d) for a, b, c, d in less))

    def __str__(self) -> str:
        """The text grid, which `parse` reads."""
        return board_text(self.givens, self.less, form=TYPED)

    def _repr_html_(self) -> str:
        """The puzzle in a notebook."""
        return f"<pre>{board_text(self.givens, self.less)}</pre>"

    @property
    def given_cells(self) -> tuple[tuple[int, int, int], ...]:
        """(row, column, value) of every given digit, in reading order."""
        return tuple((r, c, v) for r, row in enumerate(self.givens) for c, v in enumerate(row) if v)

    @cached_property
    def signs(self) -> dict[Edge, int]:
        """LESS or GREATER for every edge that carries a sign."""
        return dict(Edge.of(less) for less in self.less)

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
        if not isinstance(clue.place, Edge):
            others = [given for given in self.given_cells if given[:2] != clue.place]
            return Puzzle.of(self.size, [*others, (*clue.place, clue.value)], self.less)
        if clue.value not in (NO_SIGN, LESS, GREATER):
            raise PuzzleError(f"{clue.place} cannot hold {clue.value}: expected 0 (no sign), 1 (less) or 2 (greater)")
        sign = clue.place.less(clue.value)
        Puzzle.of(self.size, (), [sign])  # refuses an edge outside this puzzle
        rest = tuple(less for less in self.less if Edge.of(less)[0] != clue.place)
        return Puzzle(self.size, self.givens, (*rest, sign) if clue.value else rest)

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
