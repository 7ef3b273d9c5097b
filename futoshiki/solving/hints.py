"""Help for a player: the next step, and what is wrong, without giving more away than asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from futoshiki.clue_text import parse_entries
from futoshiki.errors import EntryError
from futoshiki.notation import as_puzzle
from futoshiki.puzzle import Cell, Clue, Grid, Puzzle
from futoshiki.solving.budget import Budget
from futoshiki.solving.candidates import Candidates, Finding
from futoshiki.solving.diagnose import only_solution
from futoshiki.solving.judge import violations
from futoshiki.solving.next_step import easiest_placement
from futoshiki.solving.reason import Line, reason
from futoshiki.solving.rules import values_in
from futoshiki.solving.steps import CellValue, Step, listed
from futoshiki.solving.techniques import TRIAL, Deduction

HintKind = Literal["mistake", "step", "guess", "finished"]
Entries = Iterable[tuple[int, int, int]] | Mapping[tuple[int, int], int] | str
"""What the player has written: (row, column, value), or (row, column) to value, 0-based; or a text such as `r1c2=3, r2c2=1`."""


@dataclass(frozen=True)
class Hint:
    """The next step for a player.

    `where`, `why` and `move` are sentences that give away more and more. `kind` is "mistake" (an
    entry is wrong: it comes first), "step", "guess" (deduction ends here) or "finished". `steps` are
    the deductions that lead to the move, `placed` is the value that it puts down. `cells` are those to look at; of a step the
    first is the one to fill. `lines` are rows and columns to look at, `arrow` leads from one cell to another
    where the eye has to jump, and `details` are the sentences of deductions that `why` leaves out.
    """

    kind: HintKind
    where: str
    why: str
    move: str
    cells: tuple[Cell, ...] = ()
    steps: tuple[Step, ...] = ()
    placed: CellValue | None = None
    lines: tuple[Line, ...] = ()
    arrow: tuple[Cell, Cell] | None = None
    details: tuple[str, ...] = ()

    def sentences(self, level: int = 3) -> tuple[str, ...]:
        """What the hint says up to a level: 1 where to look, 2 and why, 3 and the move."""
        return (self.where, self.why, self.move)[:level]

    def to_dict(self, level: int = 3) -> dict[str, Any]:
        """The hint up to a level as plain JSON values; rows and columns count from 0."""
        told = {f"level{k}": sentence for k, sentence in enumerate(self.sentences(level), 1)}
        shown = {
            "cells": [[*cell] for cell in self.cells] if level > 1 else [],
            "lines": [[[*cell] for cell in line] for line in self.lines] if level > 1 else [],
            "details": list(self.details) if level > 1 else [],
            "arrow": [[*cell] for cell in self.arrow] if self.arrow and level > 1 else None,
        }
        cell, value = ([*self.placed.cell], self.placed.value) if self.placed else (None, None)
        return {"kind": self.kind, **told, **shown, "cell": cell, "value": value if level > 2 else None}


@dataclass(frozen=True)
class Check:
    """Which entries are right and which wrong, and how many cells are still empty; not what belongs there."""

    right: tuple[Cell, ...]
    mistakes: tuple[CellValue, ...]
    left: int

    @property
    def wrong(self) -> tuple[Cell, ...]:
        """The cells of the mistakes."""
        return tuple(mistake.cell for mistake in self.mistakes)

    @property
    def finished(self) -> bool:
        """Whether everything is filled in, and right."""
        return not self.wrong and self.left == 0

    @property
    def message(self) -> str:
        """The outcome in words."""
        if self.wrong:
            return f"wrong: {listed(self.wrong)}"
        if self.finished:
            return "everything is right: the puzzle is solved"
        return f"no mistake so far; {self.left} {'cell is' if self.left == 1 else 'cells are'} left"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; rows and columns count from 0."""
        return {"mistakes": [[*mistake] for mistake in self.mistakes], "left": self.left, "message": self.message}


def check(puzzle: Puzzle | str, entries: Entries, *, budget: Budget | None = None) -> Check:
    """Sort entries into right and wrong ones.

    Raises:
        NoSolutionError, SeveralSolutionsError: nothing can be called right or wrong then.
        EntryError: an entry lies outside, or two stand in one cell.
        TimeUp: the budget is used up.
    """
    puzzle = as_puzzle(puzzle)
    solution = only_solution(puzzle, budget=budget)
    written = _written(puzzle, entries)
    right = tuple(cell for cell, value in written.items() if solution[cell.row][cell.column] == value)
    mistakes = tuple(CellValue(*cell, value) for cell, value in written.items() if cell not in right)
    given = {(r, c) for r, c, _ in puzzle.given_cells}
    return Check(right, mistakes, puzzle.size**2 - len(given | written.keys()))


def hint(puzzle: Puzzle | str, entries: Entries = (), *, budget: Budget | None = None) -> Hint:
    """The step that a person would see first from where the player is; a wrong entry comes before it.

    Raises:
        NoSolutionError, SeveralSolutionsError: nothing can be called right or wrong then.
        EntryError: an entry lies outside, or two stand in one cell.
        TimeUp: the budget is used up.
    """
    puzzle, budget = as_puzzle(puzzle), budget or Budget()
    solution = only_solution(puzzle, budget=budget)
    written = _written(puzzle, entries)
    for cell, value in sorted(written.items()):
        if solution[cell.row][cell.column] != value:
            where = f"One of your entries in row {cell.row + 1} is wrong."
            why = f"{cell} cannot be {value}: no solution has it there."
            return Hint("mistake", where, why, f"Take {value} out of {cell}.", (cell,))
    filled = Puzzle.of(puzzle.size, [*puzzle.given_cells, *((*cell, value) for cell, value in written.items())], puzzle.less)
    if filled.is_full:
        return Hint("finished", "Nothing is left to do.", "Every cell is filled in.", "The puzzle is solved.")
    candidates = Candidates.of(filled)
    return _deduced(candidates, budget) or _guess(candidates, solution)


def hints(puzzle: Puzzle | str, *, budget: Budget | None = None) -> Iterator[Hint]:
    """Hint after hint, from the givens to the solution.

    Raises:
        NoSolutionError: deduction ends in a contradiction or does not go on.
        SeveralSolutionsError: deduction does not go on.
        TimeUp: the budget is used up.
    """
    puzzle, budget = as_puzzle(puzzle), budget or Budget()
    filled: Puzzle = puzzle
    solution = None
    while not filled.is_full:
        candidates = Candidates.of(filled)
        found = _deduced(candidates, budget)
        if found is None:
            solution = solution or only_solution(puzzle, budget=budget)
            found = _guess(candidates, solution)
        yield found
        assert found.placed
        filled = filled.with_clue(Clue(found.placed.cell, found.placed.value))
    if violations(puzzle, filled.givens):
        only_solution(puzzle, budget=budget)  # raises the error that names the fault


def _deduced(candidates: Candidates, budget: Budget) -> Hint | None:
    """The next step by deduction, None where it ends; what can be struck is struck from the candidates."""
    found = easiest_placement(candidates, budget)
    if found is None:
        return None
    steps = tuple(deduction.step(candidates.size) for deduction in found.deductions(candidates.rules.domains))
    placed = steps[-1].placed
    assert placed
    told = reason(found, candidates, steps)
    move = f"{placed.cell} is {placed.value}."
    return Hint("step", told.where, told.why, move, told.cells, steps, placed, told.lines, told.arrow, told.details)


def _guess(candidates: Candidates, solution: Grid) -> Hint:
    """The hint where deduction ends: the cell to try values in, best one where a wrong value soon leads to a contradiction."""
    state, rules, size = candidates.state, candidates.rules, candidates.size
    open_cells = sorted((cell for cell, mask in enumerate(state) if mask & (mask - 1)), key=lambda cell: state[cell].bit_count())

    def trial(cell: int) -> Finding:
        row, column = divmod(cell, size)
        bit = 1 << solution[row][column] - 1
        return Finding((cell,), ((cell, state[cell] & ~bit),), (cell, bit))

    def soon(finding: Finding) -> bool:
        ((cell, wrong),) = finding.struck
        tried = ([*state[:cell], 1 << value - 1, *state[cell + 1 :]] for value in values_in(wrong))
        return not any(rules.propagate(assumed, [cell]) for assumed in tried)

    found = next(filter(soon, map(trial, open_cells)), None)
    ends = "in the end" if found is None else "soon"
    step = Deduction(TRIAL, found or trial(open_cells[0])).step(size)
    placed = step.placed
    assert placed
    wrong = listed((removed.value for removed in step.removed), "or")
    options = listed(sorted([placed.value, *(removed.value for removed in step.removed)]), "or")
    where = f"Look at {placed.cell}: no digit follows any more, so something has to be tried."
    why = f"{placed.cell} can only be {options}. With {wrong}, what follows {ends} contradicts a clue, so it is {placed.value}."
    return Hint("guess", where, f"{why} ({step.technique})", f"{placed.cell} is {placed.value}.", (placed.cell,), (step,), placed)


def _written(puzzle: Puzzle, entries: Entries) -> dict[Cell, int]:
    """What the player has written, by cell; a given digit written again is no entry."""
    written: dict[Cell, int] = {}
    for r, c, value in _triples(entries):
        cell = Cell(r, c)
        if not (0 <= r < puzzle.size and 0 <= c < puzzle.size and 1 <= value <= puzzle.size):
            raise EntryError(f"entry {value} at {cell} does not fit a {puzzle.size} x {puzzle.size} puzzle")
        if written.get(cell, value) != value:
            raise EntryError(f"{cell} is said to be {written[cell]} and {value}: a cell has one entry")
        if puzzle.givens[r][c] != value:
            written[cell] = value
    return written


def _triples(entries: Entries) -> Iterable[tuple[int, int, int]]:
    """The entries as (row, column, value), 0-based.

    Raises:
        EntryError: something that is no entry is among them.
    """
    if isinstance(entries, str):
        return parse_entries(entries)
    given = [(*cell, value) for cell, value in entries.items()] if isinstance(entries, Mapping) else list(entries)
    for entry in given:
        if not (isinstance(entry, tuple | list) and len(entry) == 3 and all(isinstance(number, int) for number in entry)):
            raise EntryError(f"{entry!r} is no entry: expected (row, column, value), counted from 0, or a text such as 'r1c2=3'")
    return given
