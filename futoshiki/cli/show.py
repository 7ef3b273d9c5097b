"""Boards and messages in the terminal, with rich."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from futoshiki.board_text import NARROW, WIDE, Form, Part, PartKind, board_lines
from futoshiki.notation import format_game_id
from futoshiki.puzzle import Cell, Edge, Grid, Place, Puzzle
from futoshiki.solving import solve, violations
from futoshiki.solving.budget import Budget
from futoshiki.solving.diagnose import clue_names, contradiction, differing
from futoshiki.solving.steps import listed
from futoshiki.text import shown

if TYPE_CHECKING:
    from futoshiki.board_result import BoardResult, Doubt
    from futoshiki.errors import BoardStatus
    from futoshiki.result import Result

STYLES: dict[PartKind, str] = {
    "given": "bold",
    "found": "color(63)",
    "blank": "color(243)",
    "sign": "color(131)",
    "number": "color(243)",
}
"""Styles of the parts of a board. Each colour has a contrast of 4.5:1 and more on white and on black."""
COLOURFUL = ("256", "truecolor")
"""Terminals on which those colours are what they should be; on others a board has none."""

SURE = 0.95
"""Confidence of a clue above which correcting it suggests that a value given by --set is wrong."""
OPEN: dict[BoardStatus, str] = {
    "solved": "solved",
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


def board_on(console: Console, puzzle: Puzzle, solution: Grid | None = None) -> Text:
    """The board in the form that the console has room and characters for.

    Where given digits cannot stand in brackets, they are underlined, so that they differ by more than their colour.
    """
    form = WIDE if WIDE.width(puzzle.size) <= console.width else NARROW
    form = replace(form, ascii_only=not _has_signs(console.encoding))
    lines = []
    for parts in board_lines(puzzle.givens, puzzle.less, solution, form):
        line = Text.assemble(*((part.text, _style(part, console.color_system in COLOURFUL, form)) for part in parts))
        line.rstrip()
        lines.append(line)
    return Text("\n").join([*lines, Text()])


def _style(part: Part, colourful: bool, form: Form) -> str:
    if part.kind == "given":
        return STYLES["given"] if form.brackets else f"{STYLES['given']} underline"
    return STYLES[part.kind] if colourful else ""


def _has_signs(encoding: str) -> bool:
    try:
        "∧∨·".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def print_result(
    console: Console, result: Result, *, clues_only: bool = False, with_doubts: bool = True, has_set: bool = False
) -> None:
    """Print the result for one input: its boards, or why there is none.

    With `clues_only` a board is printed without its solution, and with its game ID. Its doubts are listed below it unless
    `with_doubts` is false. `has_set` says that the user has put clues right, of which one may be wrong.
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
        console.print(board_on(console, board.puzzle, None if clues_only else board.solution))
        if board.covered:
            cells = ", ".join(str(Cell(*cell)) for cell in board.covered)
            console.print(Text(f"  something seems to lie on {cells}: take it away and take the photo again"), soft_wrap=True)
        for line in _entry_lines(board):
            console.print(Text(f"  {line}"), soft_wrap=True)
        for doubt in board.doubts if with_doubts else ():
            console.print(Text(f"  {doubt_text(doubt, remedy=not clues_only)}"), soft_wrap=True)
        if has_set and any(doubt.corrected and doubt.confidence >= SURE for doubt in board.doubts):
            console.print(Text("  check what --set says: it contradicts a clue that was read for certain"), soft_wrap=True)
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
    or_else = "corrected to" if doubt.corrected else "or"
    text = f"{_place_text(doubt.place)}: read as {doubt.read} ({doubt.confidence:.0%}), {or_else} {doubt.instead}"
    return f"{text}; to change it: --set {_option(doubt)}" if remedy else text


def _place_text(place: Place) -> str:
    """Where a clue stands, in words."""
    return f"between {place.first} and {place.second}" if isinstance(place, Edge) else str(place)


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
                board_on(console, board.puzzle, other).plain,
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
    if board.status == "doubtful":
        places = [_place_text(doubt.place) for doubt in board.doubts]
        return f"doubtful: this solution depends on {f'an uncertain clue ({places[0]})' if places else 'an uncertain reading'}"
    return OPEN[board.status]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
