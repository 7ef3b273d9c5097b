"""What comes out of a photo: plain frozen data that turns into JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum
from math import isfinite
from typing import Any, Literal

from futoshiki.notation import format_game_id
from futoshiki.puzzle import Grid, Less, Puzzle, freeze_grid

SCHEMA = 1

Status = Literal["solved", "unreadable_file", "no_puzzle", "contradictory", "ambiguous", "doubtful"]
Point = tuple[float, float]


class ExitCode(IntEnum):
    """Exit codes of the command line; a status has the code of its own name."""

    SOLVED = 0
    UNEXPECTED = 1
    USAGE = 2
    UNREADABLE_FILE = 3
    NO_PUZZLE = 4
    CONTRADICTORY = 5
    AMBIGUOUS = 6
    DOUBTFUL = 7
    MISSING_PART = 8
    INTERRUPTED = 130

    @classmethod
    def of(cls, status: Status) -> ExitCode:
        """The exit code of a status."""
        return cls[status.upper()]

    @classmethod
    def worst(cls, codes: Iterable[ExitCode]) -> ExitCode:
        """Of several inputs: a bug outweighs everything, else the highest code counts."""
        return max(codes, key=lambda code: (code == cls.UNEXPECTED, code), default=cls.SOLVED)


@dataclass(frozen=True)
class Doubt:
    """A clue that was read with doubt or changed.

    `cell` is (r, c) or `sign` (r1, c1, r2, c2), 0-based. `read` and `instead` are digits, signs or
    "blank"; `confidence` is that of `read`. `corrected` tells that the reading uses `instead`.
    """

    read: str
    confidence: float
    instead: str
    corrected: bool
    cell: tuple[int, int] | None = None
    sign: Less | None = None


@dataclass(frozen=True)
class BoardResult:
    """One board: where it lies, what was read, what the solution is.

    `corners` are the outer corners of the puzzle's own TL, TR, BR, BL cell and `cells` the N x N
    cell centres, (x, y) in pixels of the upright photo. `solutions` is 0, 1 or 2 (two or more).
    `complete` tells a board that is filled in the picture: it is checked, not solved. `cut` tells one
    that seems to be cut off by the picture's edge: its solution holds for what is seen. `entries` are
    the digits written by hand into blank cells, (row, column, value); the solution takes no notice of them.
    """

    status: Status
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

    def to_dict(self) -> dict[str, Any]:
        """As the JSON schema has it."""
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
            "doubts": [_doubt_to_dict(doubt) for doubt in self.doubts],
            "cut": self.cut,
            "entries": [list(entry) for entry in self.entries],
            "game_id": format_game_id(self.puzzle),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> BoardResult:
        """The inverse of `to_dict`.

        Raises:
            KeyError, TypeError, ValueError: something is missing, or has another shape.
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
            doubts=tuple(_doubt_from_dict(doubt) for doubt in data["doubts"]),
        )


@dataclass(frozen=True)
class Result:
    """Everything about one picture; `boards` is best first, open puzzles before complete ones."""

    source: str
    status: Status
    boards: tuple[BoardResult, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    error: str | None = None

    @property
    def board(self) -> BoardResult | None:
        """The best board, if any."""
        return self.boards[0] if self.boards else None

    @property
    def exit_code(self) -> ExitCode:
        """What a command that solved only this picture exits with."""
        return ExitCode.of(self.status)

    def to_dict(self) -> dict[str, Any]:
        """As the JSON schema has it; `from_dict` reads it back."""
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


def _doubt_to_dict(doubt: Doubt) -> dict[str, Any]:
    fields = asdict(doubt)
    place = {"cell": list(doubt.cell)} if doubt.cell else {"sign": list(doubt.sign or ())}
    return {**place, **{name: fields[name] for name in ("read", "confidence", "instead", "corrected")}}


def _doubt_from_dict(data: Mapping[str, Any]) -> Doubt:
    rest = {name: data[name] for name in ("read", "confidence", "instead", "corrected")}
    if "cell" in data:
        return Doubt(**rest, cell=(data["cell"][0], data["cell"][1]))
    a, b, c, d = data["sign"]
    return Doubt(**rest, sign=(a, b, c, d))
