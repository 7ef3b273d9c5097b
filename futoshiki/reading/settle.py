"""Answers that need no looking: to puzzles given as text, and to readings that somebody has gone over."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from futoshiki.puzzle import Clue, Puzzle
from futoshiki.result import BoardResult, Result, Status
from futoshiki.solving import solve
from futoshiki.solving.diagnose import TIMEOUT

STATUS: dict[str, Status] = {"one": "solved", "several": "ambiguous", "none": "contradictory", "timed_out": "ambiguous"}
"""What an outcome of the solver means for a puzzle whose clues are certain."""


def solve_puzzle(puzzle: Puzzle, name: str = "puzzle") -> Result:
    """The result for a puzzle that needs no reading, with neither corners nor cells."""
    return settled(Result(name, "no_puzzle", (BoardResult("doubtful", puzzle, 1.0, (), (), None, 0),)))


def settled(result: Result, clues: Iterable[Clue] = ()) -> Result:
    """The result with every board solved by its clues as they stand: they are somebody's word, not a reading.

    `clues` are put into the best board first. A board that is marked as cut off stays doubtful: what
    lies beyond the picture nobody has said.

    Raises:
        EntryError: a clue does not fit the board.
    """
    started = time.perf_counter()
    first = tuple(replace(board, puzzle=board.puzzle.with_clues(clues)) for board in result.boards[:1])
    boards = tuple(_settled(board) for board in (*first, *result.boards[1:]))
    spent = {"solve": (time.perf_counter() - started) * 1000}
    status = boards[0].status if boards else result.status
    return replace(result, status=status, boards=boards, timings_ms=spent)


def _settled(board: BoardResult) -> BoardResult:
    outcome = solve(board.puzzle, timeout=TIMEOUT)
    status = STATUS[outcome.status]
    return replace(
        board,
        status="doubtful" if status == "solved" and board.cut else status,
        confidence=1.0,
        solution=outcome.solution,
        solutions=len(outcome.solutions),
        complete=board.puzzle.is_full,
        doubts=(),
    )
