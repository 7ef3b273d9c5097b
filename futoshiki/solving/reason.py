"""The reason for a placement as a player reads it: short, and with the parts of the board to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from futoshiki.puzzle import Cell
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.proof import Proof
from futoshiki.solving.steps import Difficulty, Step
from futoshiki.solving.wording import Statement, line_names, statements

Line = tuple[Cell, ...]
"""The cells of a row or column."""

LONGEST = 230
"""Characters of a reason above which its easier steps are counted and not told."""
MOST_SENTENCES = 3
"""Sentences of a reason."""
HANDFUL = 4
"""Number of cells up to which each is marked; of more, the rows and columns that hold them are."""

FAR = 3
"""Rows and columns between two cells from which on an arrow leads from one to the other."""


@dataclass(frozen=True)
class Reason:
    """Why a value belongs in a cell.

    `where` says where to look without giving the value away; `why` is the reason, with the names of its hardest and its last
    technique. `cells` are those to look at, the target first, and `lines` the rows and columns. `arrow` leads from the one
    digit, or the set, fish or chain, that counts to the cell where it counts. `details` are the sentences of steps that `why`
    does not tell.
    """

    where: str
    why: str
    cells: tuple[Cell, ...]
    lines: tuple[Line, ...]
    arrow: tuple[Cell, Cell] | None
    details: tuple[str, ...]


def reason(proof: Proof, candidates: Candidates, steps: Sequence[Step]) -> Reason:
    """The reason that a proof gives for a placement. `steps` is the same proof step by step."""
    size = candidates.size
    *before, last = statements(proof, size, {cell: candidates.state[cell].bit_length() for cell in candidates.placed})
    names = _names(steps)
    told = before
    while told and (len(told) >= MOST_SENTENCES or len(_text(before, told, last, names)) > LONGEST):
        easiest = min(told, key=lambda statement: statement.cost)
        told = [statement for statement in told if statement is not easiest]

    target = proof.goal.fact.cell
    digits, lines = _digits_and_lines(last, target, size)
    lines += [line for statement in told for line in _rows_and_columns(statement.line, size)]
    cells = dict.fromkeys([target, *last.cells, *digits, *(cell for statement in told for cell in _few(statement.cells))])
    return Reason(
        where=_where(told, last, target, size),
        why=_text(before, told, last, names),
        cells=tuple(_cell(cell, size) for cell in cells),
        lines=tuple(tuple(_cell(cell, size) for cell in line) for line in dict.fromkeys(lines)),
        arrow=_arrow(told, last, target, size),
        details=tuple(statement.sentence for statement in before if statement not in told),
    )


def _names(steps: Sequence[Step]) -> str:
    """The techniques to name: the hardest that is more than looking at signs, and the one that places the value."""
    hardest = max(steps, key=lambda step: step.cost)
    named = [hardest, steps[-1]] if hardest.difficulty >= Difficulty.TRICKY else steps[-1:]
    return f"({', '.join(step.technique for step in named)})"


def _text(before: Sequence[Statement], told: Sequence[Statement], last: Statement, names: str) -> str:
    left_out = len(before) - len(told)
    text = " ".join(statement.sentence for statement in (*told, last))
    if left_out:
        steps = "one smaller step" if left_out == 1 else f"{left_out} smaller steps"
        text = f"After {steps}: {text[0].lower()}{text[1:]}"
    return f"{text} {names}"


def _where(told: Sequence[Statement], last: Statement, target: int, size: int) -> str:
    cell = _cell(target, size)
    line = next((statement.line for statement in told if statement.line), None)
    look = f"Look at {line_names(line, size)}, then at {cell}" if line else f"Look at {cell}"
    return f"{look}: {last.clue}."


def _digits_and_lines(last: Statement, target: int, size: int) -> tuple[list[int], list[tuple[int, ...]]]:
    """What to mark for the digits that the last step rests on: each of a few, otherwise the lines through the target."""
    lines = [last.line] if last.line else []
    if len(last.digits) <= HANDFUL:
        return last.digits, lines
    if not last.line:
        row, column = target // size, target % size
        if any(digit // size == row for digit in last.digits):
            lines.append(tuple(range(row * size, (row + 1) * size)))
        if any(digit % size == column for digit in last.digits):
            lines.append(tuple(range(column, size * size, size)))
    return [], lines


def _few(cells: Sequence[int]) -> Sequence[int]:
    """A handful of cells; of more, the first one: the lines of a fish show the others, and a chain starts there."""
    return cells if len(cells) <= HANDFUL else cells[:1]


def _rows_and_columns(line: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """The single rows and columns of the line or lines of a statement."""
    return [tuple(line[k : k + size]) for k in range(0, len(line), size)]


def _arrow(told: Sequence[Statement], last: Statement, target: int, size: int) -> tuple[Cell, Cell] | None:
    """Where an arrow helps; none between cells so near that it would cover what lies between."""
    findings = [statement for statement in told if len(statement.cells) > 1]
    if findings:
        start, end = findings[-1].cells[0], target
    elif len(last.digits) == 1:
        (start,) = last.digits
        reached = (cell for cell in last.line if start // size == cell // size or start % size == cell % size)
        end = next(reached, target)
    else:
        return None
    row, column = abs(start // size - end // size), abs(start % size - end % size)
    return (_cell(start, size), _cell(end, size)) if row + column >= FAR else None


def _cell(cell: int, size: int) -> Cell:
    return Cell(*divmod(cell, size))
