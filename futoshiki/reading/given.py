"""Answers to puzzles that need no reading: given as text, or results that somebody has gone over."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from futoshiki.board_result import BoardResult
from futoshiki.puzzle import Clue, Puzzle
from futoshiki.result import STATUS_OF, Result
from futoshiki.solving import solve
from futoshiki.solving.budget import Budget


def solve_puzzle(puzzle: Puzzle, name: str = "puzzle", budget: Budget | None = None) -> Result:
    """The result for a puzzle in words; its board has neither corners nor cells."""
    return take_as_given(Result(name, "no_puzzle", (BoardResult("doubtful", puzzle, 1.0, (), (), None, 0),)), (), budget)


def take_as_given(result: Result, clues: Iterable[Clue] = (), budget: Budget | None = None) -> Result:
    """The result with every board solved by its clues as they stand: they are somebody's word and not a reading.

    `clues` are put into the best board first. A board that is marked as cut off stays doubtful, for nobody has said what
    lies beyond it. All boards share the `budget`.

    Raises:
        EntryError: a clue does not fit the board.
    """
    started, budget = time.perf_counter(), budget or Budget()
    first = tuple(replace(board, puzzle=board.puzzle.with_clues(clues)) for board in result.boards[:1])
    boards = tuple(solved_as_given(board, budget) for board in (*first, *result.boards[1:]))
    spent = {"solve": (time.perf_counter() - started) * 1000}
    return replace(result, status=boards[0].status if boards else result.status, boards=boards, timings_ms=spent)


def solved_as_given(board: BoardResult, budget: Budget) -> BoardResult:
    """A board solved by its clues, none of which is in doubt."""
    outcome = solve(board.puzzle, timeout=budget.left)
    status = STATUS_OF[outcome.status]
    return replace(
        board,
        status="doubtful" if status == "solved" and board.cut else status,
        confidence=1.0,
        solution=outcome.solution,
        solutions=len(outcome.solutions),
        complete=board.puzzle.is_full,
        doubts=(),
    )
