"""What is read of one board: plain frozen data that can be turned into JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, cast, get_args

from futoshiki.board_text import board_text
from futoshiki.errors import BoardStatus
from futoshiki.notation import digits_in, format_game_id, puzzle_in, value_text
from futoshiki.puzzle import MAX_SIZE, Cell, Edge, Grid, Place, Puzzle
from futoshiki.values import Value, about

FAR = 100_000
"""Largest absolute coordinate of a point, in pixels. No picture that is opened has a longer side."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Doubt:
    """A clue that was read with doubt, or that was corrected.

    `read` and `instead` are the two most likely readings: a digit or "blank" in a cell, a sign or "none" on an edge.
    `confidence` is the probability of `read`. `corrected` means that `instead` was used.
    """

    place: Place
    read: str
    confidence: float
    instead: str
    corrected: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: a doubt about a cell has the key `cell`, one about an edge has the key `sign`."""
        where = {"sign": [*self.place.first, *self.place.second]} if isinstance(self.place, Edge) else {"cell": [*self.place]}
        about = {"read": self.read, "confidence": self.confidence, "instead": self.instead, "corrected": self.corrected}
        return {**where, **about}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Doubt:
        """The inverse of `to_dict`.

        Raises:
            PuzzleError: names the field that is missing or wrong.
        """
        return _doubt_in(Value(data), MAX_SIZE)


@dataclass(frozen=True)
class BoardResult:
    """One board: where it lies, what was read, and its solution.

    `corners` are the outer corners of the upright puzzle's top left, top right, bottom right and bottom left cell, and
    `cells` the N x N cell centres, (x, y) in pixels of the upright photo. Both are empty if there is no picture.
    `solutions` is 0, 1 or 2 (two or more). `complete` means that every cell is filled in the picture: the board is
    checked, not solved. `cut` means that the board seems to be cut off by the picture's edge: its solution holds for the
    visible part. `entries` are the digits written by hand into blank cells, (row, column, value), 0-based; the solution
    ignores them. `covered` are the cells on which something seems to lie, (row, column), on boards that are not solved for
    certain. `sighting` is what the reader saw, for `Reader.settle`; it is not compared, and not part of the JSON.
    """

    status: BoardStatus
    puzzle: Puzzle
    confidence: float
    corners: tuple[Point, ...]
    cells: tuple[tuple[Point, ...], ...]
    solution: Grid | None
    solutions: int
    complete: bool = False
    doubts: tuple[Doubt, ...] = ()
    cut: bool = False
    entries: tuple[tuple[int, int, int], ...] = ()
    covered: tuple[tuple[int, int], ...] = ()
    sighting: Any = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The board with its solution, if there is one, and with the numbers of rows and columns; givens are in brackets."""
        return board_text(self.puzzle.givens, self.puzzle.less, self.solution)

    def __str__(self) -> str:
        return f"{self.status}, confidence {self.confidence:.1%}\n{self.text}"

    def _repr_html_(self) -> str:
        """The board in a notebook."""
        return f"<pre>{escape(str(self))}</pre>"

    @property
    def top(self) -> float:
        """The least y of its corners; 0 where it has none."""
        return min((y for _, y in self.corners), default=0.0)

    @property
    def bottom(self) -> float:
        """The largest y of its corners; 1 where it has none."""
        return max((y for _, y in self.corners), default=1.0)

    def rescaled(self, factor: float) -> BoardResult:
        """The same board in a picture whose sides are longer by a factor."""
        cells = tuple(tuple((x * factor, y * factor) for x, y in row) for row in self.cells)
        return replace(self, corners=tuple((x * factor, y * factor) for x, y in self.corners), cells=cells)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "status": self.status,
            "size": self.puzzle.size,
            "confidence": round(self.confidence, 4),
            "corners": [list(point) for point in self.corners],
            "cells": [[list(point) for point in row] for row in self.cells],
            "givens": [list(row) for row in self.puzzle.givens],
            "less": [list(sign) for sign in self.puzzle.less],
            "solution": [list(row) for row in self.solution] if self.solution else None,
            "solutions": self.solutions,
            "complete": self.complete,
            "doubts": [doubt.to_dict() for doubt in self.doubts],
            "cut": self.cut,
            "entries": [list(entry) for entry in self.entries],
            "covered": [list(cell) for cell in self.covered],
            "game_id": format_game_id(self.puzzle),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> BoardResult:
        """The inverse of `to_dict`. The solution is not compared with the clues, which somebody may have corrected.

        Raises:
            PuzzleError: names the field that is missing or wrong.
        """
        return board_in(Value(data))


def board_in(value: Value) -> BoardResult:
    """The board in an object; see `BoardResult.from_dict`."""
    puzzle = puzzle_in(value)
    n = puzzle.size
    corners = value.field("corners").items(at_most=4)
    cells = [row.items(at_most=n) for row in value.field("cells").items(at_most=n)]
    if ([len(row) for row in cells], len(corners)) not in (([], 0), ([n] * n, 4)):
        raise value.wrong(f"cells to be {n} rows of {n} points and corners four points, or both empty")
    fields = value.fields()
    return BoardResult(
        status=cast(BoardStatus, value.field("status").one_of(get_args(BoardStatus))),
        puzzle=puzzle,
        confidence=value.field("confidence").number(0, 1),
        corners=tuple(map(_point_in, corners)),
        cells=tuple(tuple(map(_point_in, row)) for row in cells),
        solution=_solution_in(value.field("solution"), n),
        solutions=value.field("solutions").whole(0, 2),
        complete=value.field("complete").flag(),
        doubts=tuple(_doubt_in(doubt, n) for doubt in value.field("doubts").items(at_most=3 * n * n)),
        cut="cut" in fields and fields["cut"].flag(),
        entries=tuple(digits_in(fields["entries"], n, least=1)) if "entries" in fields else (),
        covered=_covered(fields["covered"], n) if "covered" in fields else (),
    )


def _covered(value: Value, n: int) -> tuple[tuple[int, int], ...]:
    """Cells of a board, each a row and a column."""
    pairs = (item.several(2, "a cell [row, column]") for item in value.items(at_most=n * n))
    return tuple((row.whole(0, n - 1), column.whole(0, n - 1)) for row, column in pairs)


def _point_in(value: Value) -> Point:
    x, y = value.several(2, "a point [x, y]")
    return x.number(-FAR, FAR), y.number(-FAR, FAR)


def _solution_in(value: Value, n: int) -> Grid | None:
    """A filled grid in which no line holds a number twice, or nothing."""
    if value.raw is None:
        return None
    rows = [row.several(n, f"{n} numbers") for row in value.several(n, f"{n} rows of {n} numbers")]
    grid = tuple(tuple(cell.whole(1, n) for cell in row) for row in rows)
    if any(len(set(line)) < n for line in (*grid, *zip(*grid, strict=True))):
        raise value.wrong(f"each of 1 to {n} once in every row and column")
    return grid


def _doubt_in(value: Value, n: int) -> Doubt:
    place = _place_in(value, n)
    readings = [value_text(place, k) for k in range(3 if isinstance(place, Edge) else n + 1)]
    return Doubt(
        place=place,
        read=value.field("read").one_of(readings),
        confidence=value.field("confidence").number(0, 1),
        instead=value.field("instead").one_of(readings),
        corrected=value.field("corrected").flag(),
    )


def _place_in(value: Value, n: int) -> Place:
    """The place of a doubt, which has either the field `cell` or the field `sign`."""
    if "cell" in value.fields():
        r, c = value.field("cell").several(2, "a cell [row, column]")
        return Cell(r.whole(0, n - 1), c.whole(0, n - 1))
    sign = value.field("sign")
    r1, c1, r2, c2 = (end.whole(0, n - 1) for end in sign.several(4, "two cells, [r1, c1, r2, c2]"))
    with about(sign.path):
        return Edge.between((r1, c1), (r2, c2))
