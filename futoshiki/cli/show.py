"""Boards and messages in the terminal, with rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from futoshiki.notation import format_game_id
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving import solve, violations
from futoshiki.solving.diagnose import TIMEOUT, clue_names, contradiction, differing
from futoshiki.solving.steps import names

if TYPE_CHECKING:
    from futoshiki.result import BoardResult, Doubt, Result

GIVEN, FOUND, SIGN, BLANK = "bold", "cyan", "yellow", "dim"

SAYS = {
    "solved": "solved",
    "doubtful": "doubtful: a clue, or the way up, on which this solution hangs, is uncertain; --set says what is there",
    "ambiguous": "ambiguous: the clues allow several solutions, this is one of them",
    "contradictory": "contradictory: the clues, as read, allow no solution",
}


def board_text(puzzle: Puzzle, solution: Grid | None) -> Text:
    """The board with its signs; given digits stand in brackets, so that they differ by more than their colour."""
    n = puzzle.size
    width = len(str(n))
    signs = set(puzzle.less)
    text = Text()
    for r in range(n):
        for c in range(n):
            given = puzzle.givens[r][c]
            value = given or (solution[r][c] if solution else 0)
            shown = f"{value or '·':>{width}}"
            text.append(f"[{shown}]" if given else f" {shown} ", GIVEN if given else FOUND if value else BLANK)
            if c + 1 < n:
                across = "<" if (r, c, r, c + 1) in signs else ">" if (r, c + 1, r, c) in signs else " "
                text.append(f" {across} ", SIGN)
        text.append("\n")
        if r + 1 < n:
            below = ("∧" if (r, c, r + 1, c) in signs else "∨" if (r + 1, c, r, c) in signs else " " for c in range(n))
            text.append("   ".join(f" {mark:>{width}} " for mark in below).rstrip() + "\n", SIGN)
    return text


def print_result(console: Console, result: Result, *, every: bool, clues_only: bool = False) -> None:
    """One picture's result: name and status, the board (or all boards), its doubts, its game ID."""
    if not result.boards:
        console.print(Text(f"{result.source}: {result.status}: {result.error}"), soft_wrap=True)
        return
    shown = result.boards if every else result.boards[:1]
    more = len(result.boards) - len(shown)
    for k, board in enumerate(shown):
        number = f" ({k + 1} of {len(result.boards)})" if len(shown) > 1 else ""
        console.print(Text(f"{result.source}{number}: {_says(board, clues_only)}"), soft_wrap=True)
        console.print(board_text(board.puzzle, None if clues_only else board.solution))
        for doubt in board.doubts:
            console.print(Text("  " + doubt_text(doubt)), soft_wrap=True)
        if not clues_only:
            _print_diagnosis(console, board)
        if clues_only:
            console.print(Text(format_game_id(board.puzzle)), soft_wrap=True)
    if more:
        console.print(Text(f"{more} more board{'s' * (more > 1)} in the picture: --all shows every one"))


def _print_diagnosis(console: Console, board: BoardResult) -> None:
    """Why there is no solution, or where two of several differ."""
    if board.status == "contradictory" and board.complete:
        lines = violations(board.puzzle, board.puzzle.givens)
    elif board.status == "contradictory":
        clues = contradiction(board.puzzle)
        lines = [f"these clues contradict each other: {clue_names(clues)}"] if clues else []
    elif board.status == "ambiguous" and board.solution:
        others = [grid for grid in solve(board.puzzle, timeout=TIMEOUT).solutions if grid != board.solution]
        lines = [f"another differs at {names(differing(board.solution, others[0]))}:"] if others else []
        if others:
            lines.append(board_text(board.puzzle, others[0]).plain)
    else:
        return
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _says(board: BoardResult, clues_only: bool) -> str:
    n = board.puzzle.size
    if clues_only:
        return f"{n} x {n}, {len(board.puzzle.given_cells)} digits, {len(board.puzzle.less)} signs"
    if board.complete:
        return "complete, and right" if board.status == "solved" else f"complete: {board.status}"
    if board.status == "ambiguous" and board.solutions < 2:
        shown = ", this is one" if board.solution else ""
        return f"ambiguous: the search for solutions did not end in time{shown}; there may be others"
    if board.cut and board.status != "solved":
        return f"{board.status}: the board seems to be cut off, or to go on beyond what was read; take it with some room around"
    return SAYS[board.status]


def doubt_text(doubt: Doubt) -> str:
    """One sentence about a doubtful clue."""
    if doubt.cell:
        place = f"r{doubt.cell[0] + 1}c{doubt.cell[1] + 1}"
    else:
        r1, c1, r2, c2 = doubt.sign or (0, 0, 0, 0)
        place = f"between r{r1 + 1}c{c1 + 1} and r{r2 + 1}c{c2 + 1}"
    action = "corrected to" if doubt.corrected else "or"
    return f"{place}: read as {doubt.read} ({doubt.confidence:.0%}), {action} {doubt.instead}"
