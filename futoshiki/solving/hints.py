"""Help for a player: the next step, and what is wrong, without giving more away than asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from futoshiki.errors import EntryError
from futoshiki.puzzle import Cell, Puzzle
from futoshiki.solving.budget import Budget
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.diagnose import only_solution, time_up
from futoshiki.solving.proof import proof
from futoshiki.solving.steps import CellValue, Step, listed
from futoshiki.solving.techniques import BOUNDS, EXCLUSION, HIDDEN_SINGLE, NAKED_SINGLE, TRIAL, Deduction, deductions, techniques

HintKind = Literal["mistake", "step", "guess", "finished"]
Entries = Iterable[tuple[int, int, int]]
"""(row, column, value) of what the player has written, 0-based."""


@dataclass(frozen=True)
class Hint:
    """The next step for a player.

    `where`, `why` and `move` are sentences that give away more and more. `kind` is "mistake" (an
    entry is wrong: it comes first), "step", "guess" (deduction ends here) or "finished". `steps` are
    the deductions that lead to the move, `placed` is the value that it puts down.
    """

    kind: HintKind
    where: str
    why: str
    move: str
    cells: tuple[Cell, ...] = ()
    steps: tuple[Step, ...] = ()
    placed: CellValue | None = None


@dataclass(frozen=True)
class Check:
    """Which entries are right and which wrong, and how many cells are still empty; not what belongs there."""

    right: tuple[Cell, ...]
    wrong: tuple[Cell, ...]
    left: int

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


def check(puzzle: Puzzle, entries: Entries, *, budget: Budget | None = None) -> Check:
    """Sort entries into right and wrong ones.

    Raises:
        NoSolutionError, SeveralSolutionsError: nothing can be called right or wrong then.
        EntryError: an entry lies outside, or two stand in one cell.
        TimeUp: the budget is used up.
    """
    solution = only_solution(puzzle, budget=budget)
    written = _written(puzzle, entries)
    right = tuple(cell for cell, value in written.items() if solution[cell.row][cell.column] == value)
    wrong = tuple(cell for cell in written if cell not in right)
    given = {(r, c) for r, c, _ in puzzle.given_cells}
    return Check(right, wrong, puzzle.size**2 - len(given | written.keys()))


def hint(puzzle: Puzzle, entries: Entries = (), *, budget: Budget | None = None) -> Hint:
    """The next simplest step from where the player is; a wrong entry comes first.

    Raises:
        NoSolutionError, SeveralSolutionsError: nothing can be called right or wrong then.
        EntryError: an entry lies outside, or two stand in one cell.
        TimeUp: the budget is used up.
    """
    budget = budget or Budget()
    solution = only_solution(puzzle, budget=budget)
    written = _written(puzzle, entries)
    for cell, value in sorted(written.items()):
        if solution[cell.row][cell.column] != value:
            where = f"One of your entries in row {cell.row + 1} is wrong."
            why = f"{cell} cannot be {value}: no solution has it there."
            return Hint("mistake", where, why, f"Take {value} out of {cell}.", (cell,))
    filled = Puzzle.of(puzzle.size, [*puzzle.given_cells, *((*cell, value) for cell, value in written.items())], puzzle.less)
    candidates = Candidates.of(filled, solution)
    if candidates.solved:
        return Hint("finished", "Nothing is left to do.", "Every cell is filled in.", "The puzzle is solved.")
    found = _shortest(candidates, budget)
    return _placing(found, puzzle.size) if found else _guess(candidates)


def _shortest(candidates: Candidates, budget: Budget) -> list[Deduction] | None:
    """The shortest proof of a placement with the easiest techniques that give one; None where deduction ends.

    Strikes from `candidates` what can be struck on the way.

    Raises:
        TimeUp: the budget is used up.
    """
    singles = (NAKED_SINGLE, HIDDEN_SINGLE)
    others = [technique for technique in techniques(candidates.size) if technique not in (*singles, TRIAL)]
    path: list[Deduction] = []
    for count in range(1, len(others) + 1):
        while found := next(deductions(candidates, others[:count]), None):
            candidates.apply(found.finding)
            path.append(found)
            if not budget.left:
                raise time_up(budget)
        goals = list(deductions(candidates, singles))
        if goals:
            return min((proof(path, goal, candidates.size) for goal in goals), key=_cost)
    return None


def _cost(path: Sequence[Deduction]) -> int:
    return sum(deduction.technique.cost for deduction in path)


def _placing(path: Sequence[Deduction], size: int) -> Hint:
    """The hint for a proof that ends in a placement."""
    steps = tuple(deduction.step(size) for deduction in path)
    shown = {technique for technique, _ in path if technique is not EXCLUSION}
    hardest = sorted(shown, key=lambda technique: technique.cost)[-2:]
    cells = tuple(dict.fromkeys(cell for step in steps for cell in step.cells))
    placed = steps[-1].placed
    assert placed is not None
    where = f"Look at {placed.cell}: {listed(technique.name for technique in hardest)}."
    return Hint("step", where, " ".join(_sentences(path, size)), f"{placed.cell} is {placed.value}.", cells, steps, placed)


def _sentences(path: Sequence[Deduction], size: int) -> list[str]:
    """The steps in words. Exclusions of one value share a sentence, and so do cells that cannot be 1 or the greatest value."""
    excluded: dict[int, list[Cell]] = {}
    ends: dict[int, list[Cell]] = {}
    others = []
    for deduction in path:
        step = deduction.step(size)
        struck = {removed.value for removed in step.removed}
        if deduction.technique is EXCLUSION:
            excluded.setdefault(struck.pop(), []).append(step.cells[0])
        elif deduction.technique is BOUNDS and len(struck) == 1 and struck <= {1, size}:
            ends.setdefault(struck.pop(), []).append(step.removed[0].cell)
        else:
            others.append(step.sentence)
    first = [f"{value} stands at {listed(cells)} already." for value, cells in excluded.items()]
    for value, cells in ends.items():
        than = "greater" if value == 1 else "less"
        verb, each, none = ("is", "", "it is not") if len(cells) == 1 else ("are", " each", "none of them is")
        first.append(f"{listed(cells)} {verb}{each} {than} than a neighbour, so {none} {value}.")
    return first + others


def _guess(candidates: Candidates) -> Hint:
    """The hint where deduction ends: the cell to try values in, and the right one."""
    step = next(deductions(candidates, (TRIAL,))).step(candidates.size)
    placed = step.placed
    assert placed is not None
    cell = placed.cell
    options = ", ".join(str(value) for value in sorted([placed.value, *(removed.value for removed in step.removed)]))
    where = "Deduction ends here: from now on something has to be tried."
    why = f"{cell} can be {options}; try each in turn: all but one lead to a contradiction."
    return Hint("guess", where, why, f"{cell} is {placed.value}.", (cell,), (step,), placed)


def _written(puzzle: Puzzle, entries: Entries) -> dict[Cell, int]:
    """What the player has written, by cell; a given digit written again is no entry."""
    written: dict[Cell, int] = {}
    for r, c, value in entries:
        cell = Cell(r, c)
        if not (0 <= r < puzzle.size and 0 <= c < puzzle.size and 1 <= value <= puzzle.size):
            raise EntryError(f"entry {value} at {cell} does not fit a {puzzle.size} x {puzzle.size} puzzle")
        if written.get(cell, value) != value:
            raise EntryError(f"{cell} is said to be {written[cell]} and {value}: a cell has one entry")
        if puzzle.givens[r][c] != value:
            written[cell] = value
    return written
