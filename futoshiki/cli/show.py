"""Boards and messages in the terminal, with rich."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from futoshiki.notation import format_game_id, sign_text
from futoshiki.puzzle import Cell, Edge, Grid, Puzzle
from futoshiki.solving import solve, violations
from futoshiki.solving.budget import Budget
from futoshiki.solving.diagnose import clue_names, contradiction, differing
from futoshiki.solving.steps import listed
from futoshiki.text import shown

if TYPE_CHECKING:
    from futoshiki.errors import BoardStatus
    from futoshiki.result import BoardResult, Doubt, Result

GIVEN, FOUND, SIGN, BLANK = "bold", "cyan", "yellow", "dim"
"""Styles of given digits, of the solution, of signs, and of blank cells."""

OPEN: dict[BoardStatus, str] = {
    "solved": "solved",
    "doubtful": "doubtful: this solution depends on an uncertain clue or orientation",
    "ambiguous": "ambiguous: the clues allow several solutions; this is one of them",
    "contradictory": "contradictory: the clues, as read, allow no solution",
}
"""What the status of an open puzzle means."""
COMPLETE: dict[BoardStatus, str] = {
    "solved": "complete and correct",
    "doubtful": "complete and correct as read, but a clue or the orientation is uncertain",
    "ambiguous": "complete, but it could not be checked in time",
    "contradictory": "complete, but with mistakes",
}
"""What the status of a complete board means."""


def board_text(puzzle: Puzzle, solution: Grid | None, console: Console | None = None) -> Text:
    """The board with its signs. Given digits stand in brackets, so that they differ by more than their colour.

    Where the console has less room than that needs, a compact form without brackets is taken, in which given digits are
    underlined; where its encoding has no ∧, they are written ^ and v.
    """
    needs = puzzle.size * (len(str(puzzle.size)) + 5) - 3
    is_compact = console is not None and console.width < needs
    return _board(puzzle, solution, compact=is_compact, ascii_only=console is not None and not _has_signs(console.encoding))


def _has_signs(encoding: str) -> bool:
    try:
        "∧∨·".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _board(puzzle: Puzzle, solution: Grid | None, *, compact: bool, ascii_only: bool) -> Text:
    """The rows of a board, and the signs between them."""
    n, pad, dot = puzzle.size, "" if compact else " ", "." if ascii_only else "·"
    width = len(str(n))
    text = Text()
    for r in range(n):
        for c in range(n):
            given = puzzle.givens[r][c]
            value = given or (solution[r][c] if solution else 0)
            shown_value = f"{value or dot:>{width}}"
            style = f"{GIVEN} underline" if given and compact else GIVEN if given else FOUND if value else BLANK
            text.append(f"[{shown_value}]" if given and not compact else f"{pad}{shown_value}{pad}", style)
            if c + 1 < n:
                text.append(f"{pad}{sign_text(puzzle, Edge(Cell(r, c), Cell(r, c + 1)), ascii_only=ascii_only)}{pad}", SIGN)
        text.append("\n")
        if r + 1 < n:
            below = (sign_text(puzzle, Edge(Cell(r, c), Cell(r + 1, c)), ascii_only=ascii_only) for c in range(n))
            gap = " " if compact else "   "
            text.append(gap.join(f"{pad}{mark:>{width}}{pad}" for mark in below).rstrip() + "\n", SIGN)
    return text


def print_result(console: Console, result: Result, *, clues_only: bool = False, with_doubts: bool = True) -> None:
    """Print the result for one input: its boards, or why there is none.

    With `clues_only` a board is printed without its solution, and with its game ID. Its doubts are listed below it unless
    `with_doubts` is false.
    """
    if not result.boards:
        console.print(Text(failure_text(result)), soft_wrap=True)
        return
    several = len(result.boards) > 1
    if several:
        statuses = Counter(board.status for board in result.boards)
        counts = ", ".join(f"{count} {status}" for status, count in statuses.items())
        console.print(Text(f"{shown(result.source)}: {len(result.boards)} boards: {counts}"), soft_wrap=True)
    budget = Budget()
    for k, board in enumerate(result.boards):
        number = f", board {k + 1}" if several else ""
        console.print(Text(f"{shown(result.source)}{number}: {_summary(board, clues_only)}"), soft_wrap=True)
        console.print(board_text(board.puzzle, None if clues_only else board.solution, console))
        if board.covered:
            cells = ", ".join(str(Cell(*cell)) for cell in board.covered)
            console.print(Text(f"  something seems to lie on {cells}: take it away and take the photo again"), soft_wrap=True)
        for line in _entry_lines(board):
            console.print(Text(f"  {line}"), soft_wrap=True)
        for doubt in board.doubts if with_doubts else ():
            console.print(Text(f"  {doubt_text(doubt, remedy=not clues_only)}"), soft_wrap=True)
        if clues_only:
            console.print(Text(format_game_id(board.puzzle)), soft_wrap=True)
        else:
            _print_diagnosis(console, board, budget)


def _entry_lines(board: BoardResult) -> list[str]:
    """What the player has entered, and what of it is wrong."""
    if not board.entries:
        return []
    lines = [f"entered by the player, not used as clues: {_entries_text(board.entries)}"]
    if board.solution and board.status == "solved":
        wrong = [(r, c, value) for r, c, value in board.entries if board.solution[r][c] != value]
        lines += [f"of these wrong: {_entries_text(wrong)}"] if wrong else ["all of these are right"]
    return lines


def _entries_text(entries: Iterable[tuple[int, int, int]]) -> str:
    return ", ".join(f"{Cell(r, c)}={value}" for r, c, value in entries)


def failure_text(result: Result) -> str:
    """Why there is no board, with the name of the input."""
    error, source = shown(result.error or result.status, lines=True), shown(result.source)
    return error if error.startswith((source, shown(Path(result.source)))) else f"{source}: {error}"


def doubt_text(doubt: Doubt, *, remedy: bool = False) -> str:
    """One sentence about a doubtful clue; with `remedy`, also the option that takes the other reading."""
    place = str(doubt.place)
    if isinstance(doubt.place, Edge):
        place = f"between {doubt.place.first} and {doubt.place.second}"
    text = (
        f"{place}: read as {doubt.read} ({doubt.confidence:.0%}), {'corrected to' if doubt.corrected else 'or'} {doubt.instead}"
    )
    return f"{text}; to change it: --set {_option(doubt)}" if remedy else text


def _option(doubt: Doubt) -> str:
    """The value of `--set` that takes the reading that was not used, quoted for a shell."""
    other = doubt.read if doubt.corrected else doubt.instead
    if not isinstance(doubt.place, Edge):
        return f"{doubt.place}={0 if other == 'blank' else other}"
    sign = {"none": "|", "<": "<", "∧": "<", ">": ">", "∨": ">"}[other]
    return f'"{doubt.place.first}{sign}{doubt.place.second}"'


def _print_diagnosis(console: Console, board: BoardResult, budget: Budget) -> None:
    """Print why there is no solution, or where two of several differ."""
    if board.status == "contradictory" and board.complete:
        lines = violations(board.puzzle, board.puzzle.givens)
    elif board.status == "contradictory":
        clues = contradiction(board.puzzle)
        lines = [f"these clues contradict each other: {clue_names(clues)}"] if clues else []
    elif board.status == "ambiguous" and board.solution:
        solutions = solve(board.puzzle, timeout=budget.left).solutions
        other = next((grid for grid in solutions if grid != board.solution), None)
        lines = []
        if other:
            lines = [
                f"another differs at {listed(differing(board.solution, other))}:",
                board_text(board.puzzle, other, console).plain,
            ]
    else:
        return
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _summary(board: BoardResult, clues_only: bool) -> str:
    """What a board is, or what its status means, in one line."""
    n = board.puzzle.size
    if clues_only:
        digits, signs = _counted(len(board.puzzle.given_cells), "digit"), _counted(len(board.puzzle.less), "sign")
        return f"{n} x {n}, {digits}, {signs}"
    if board.complete:
        return COMPLETE[board.status]
    if board.status == "ambiguous" and board.solutions == 1:
        return "ambiguous: it could not be decided in time whether there are other solutions; this is one"
    if board.status == "ambiguous" and not board.solutions:
        return "ambiguous: no solution was found in time"
    if board.cut and board.status != "solved":
        return f"{board.status}, because the board seems to be cut off: take the photo with some room around it"
    return OPEN[board.status]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
