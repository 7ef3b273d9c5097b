"""What is read from a photo: plain frozen data that can be turned into JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from futoshiki.errors import BoardStatus, EntryError, ExitCode, Status
from futoshiki.notation import format_game_id
from futoshiki.puzzle import Cell, Edge, Grid, Place, Puzzle, freeze_grid

SCHEMA = 1
"""Version of the JSON schema; it grows when a field changes its meaning or goes."""
STATUS_OF: dict[str, BoardStatus] = {
    "one": "solved",
    "several": "ambiguous",
    "none": "contradictory",
    "timed_out": "ambiguous",
}
"""The status of a board whose clues are certain, for each status of the solver's outcome."""

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
        """The inverse of `to_dict`."""
        if "cell" in data:
            place: Place = Cell(*data["cell"])
        else:
            r1, c1, r2, c2 = data["sign"]
            place = Edge.between((r1, c1), (r2, c2))
        return cls(place, data["read"], data["confidence"], data["instead"], data["corrected"])


@dataclass(frozen=True)
class BoardResult:
    """One board: where it lies, what was read, and its solution.

    `corners` are the outer corners of the upright puzzle's top left, top right, bottom right and bottom left cell, and
    `cells` the N x N cell centres, (x, y) in pixels of the upright photo. Both are empty if there is no picture.
    `solutions` is 0, 1 or 2 (two or more). `complete` means that every cell is filled in the picture: the board is
    checked, not solved. `cut` means that the board seems to be cut off by the picture's edge: its solution holds for the
    visible part. `entries` are the digits written by hand into blank cells, (row, column, value), 0-based; the solution
    ignores them. `sighting` is what the reader saw, for `Reader.settle`; it is not compared, and not part of the JSON.
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
    sighting: Any = field(default=None, compare=False, repr=False)

    @property
    def top(self) -> float:
        """The least y of its corners; 0 where it has none."""
        return min((y for _, y in self.corners), default=0.0)

    @property
    def bottom(self) -> float:
        """The largest y of its corners; 1 where it has none."""
        return max((y for _, y in self.corners), default=1.0)

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
            "game_id": format_game_id(self.puzzle),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> BoardResult:
        """The inverse of `to_dict`.

        Raises:
            KeyError, TypeError, ValueError: something is missing or has the wrong shape.
        """
        size = int(data["size"])
        if [len(row) for row in data["cells"]] not in ([], [size] * size) or len(data["corners"]) != (4 if data["cells"] else 0):
            raise ValueError(f"cells must be {size} rows of {size} points and corners four, or both empty")
        points = (*data["corners"], *(point for row in data["cells"] for point in row))
        if not all(isfinite(x) and isfinite(y) for x, y in points):
            raise ValueError("corners and cells must be finite numbers")
        return cls(
            status=data["status"],
            puzzle=Puzzle(size, data["givens"], tuple(tuple(sign) for sign in data["less"])),
            confidence=data["confidence"],
            corners=tuple((x, y) for x, y in data["corners"]),
            cells=tuple(tuple((x, y) for x, y in row) for row in data["cells"]),
            solution=freeze_grid(data["solution"]) if data["solution"] else None,
            solutions=data["solutions"],
            complete=data["complete"],
            cut=data.get("cut", False),
            entries=tuple((r, c, value) for r, c, value in data.get("entries", ())),
            doubts=tuple(Doubt.from_dict(doubt) for doubt in data["doubts"]),
        )


@dataclass(frozen=True)
class Result:
    """Everything about one picture.

    `boards` is best first, open puzzles before complete ones. `error` says what went wrong and what to do about it.
    `timings_ms` holds milliseconds by stage; it is not compared.
    """

    source: str
    status: Status
    boards: tuple[BoardResult, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
    error: str | None = None

    @property
    def board(self) -> BoardResult | None:
        """The best board, if any."""
        return self.boards[0] if self.boards else None

    def without_solutions(self) -> Result:
        """The clues alone: no board has a solution, and the status `solved` becomes `read`."""
        boards = tuple(
            replace(board, status="read" if board.status == "solved" else board.status, solution=None) for board in self.boards
        )
        return replace(self, status="read" if self.status == "solved" else self.status, boards=boards)

    def in_page_order(self) -> tuple[BoardResult, ...]:
        """The boards as one reads a page: row by row from the top, each row from the left. `--board N` counts in this order."""
        left, rows = sorted(self.boards, key=lambda board: board.top), list[BoardResult]()
        while left:
            middle = (left[0].top + left[0].bottom) / 2
            row = [board for board in left if board.top < middle]
            rows += sorted(row, key=lambda board: min((x for x, _ in board.corners), default=0.0))
            left = [board for board in left if board not in row]
        return tuple(rows)

    def chosen(self, *, every: bool = False) -> Result:
        """The result with its open boards only, in page order; with complete ones if there are no others, or with `every`."""
        boards = self.in_page_order()
        opened = tuple(board for board in boards if not board.complete)
        return replace(self, boards=boards if every else opened or self.boards[:1])

    def only(self, number: int) -> Result:
        """The result with one board, by its number in page order from 1.

        Raises:
            EntryError: there is no such board.
        """
        if not 1 <= number <= len(self.boards):
            raise EntryError(f"board {number}: there are {len(self.boards)} boards in {self.source}, counted from the top left")
        board = self.in_page_order()[number - 1]
        return replace(self, status=board.status, boards=(board,))

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a command that solved this picture only."""
        return ExitCode.of(self.status)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` reads them back."""
        return {
            "schema": SCHEMA,
            "source": self.source,
            "status": self.status,
            "boards": [board.to_dict() for board in self.boards],
            "timings_ms": {stage: round(ms, 2) for stage, ms in self.timings_ms.items()},
            "error": self.error,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Result:
        """The inverse of `to_dict`."""
        return cls(
            source=data["source"],
            status=data["status"],
            boards=tuple(BoardResult.from_dict(board) for board in data["boards"]),
            timings_ms=dict(data["timings_ms"]),
            error=data["error"],
        )
