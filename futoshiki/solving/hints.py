"""Help for a player: the next step, and what is wrong, without giving more away than asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from futoshiki.errors import EntryError
from futoshiki.puzzle import Puzzle
from futoshiki.solving.diagnose import only_solution
from futoshiki.solving.explain import trial
from futoshiki.solving.proof import proof
from futoshiki.solving.steps import TECHNIQUES, Candidates, Cell, Removal, Step, listed, name, names
from futoshiki.solving.techniques import hidden_single, naked_single, techniques

HintKind = Literal["mistake", "step", "guess", "finished"]
Entries = Iterable[tuple[int, int, int]]
"""(row, column, value) of what the player has written, 0-based."""


@dataclass(frozen=True)
class Hint:
    """The next thing to look at.

    `where`, `why` and `move` are sentences that give away more and more. `kind` is "mistake" (an
    entry is wrong: it comes first), "step", "guess" (deduction ends here) or "finished". `steps` are
    the deductions that lead to the move, `placed` the value that it puts down.
    """

    kind: HintKind
    where: str
    why: str
    move: str
    cells: tuple[Cell, ...] = ()
    steps: tuple[Step, ...] = ()
    placed: Removal | None = None


@dataclass(frozen=True)
class Check:
    """Which entries are right and which wrong, and how many cells are still empty; not what belongs there."""

    right: tuple[Cell, ...]
    wrong: tuple[Cell, ...]
    left: int

    @property
    def finished(self) -> bool:
        """Everything is filled in, and right."""
        return not self.wrong and self.left == 0


def check(puzzle: Puzzle, entries: Entries) -> Check:
    """Tell right entries from wrong ones.

    Raises:
        NoSolutionError, SeveralSolutionsError: nothing can be called right or wrong then.
        EntryError: an entry lies outside, or two stand in one cell.
    """
    solution = only_solution(puzzle)
    written = _written(puzzle, entries)
    right = tuple(cell for cell, value in written.items() if solution[cell[0]][cell[1]] == value)
    wrong = tuple(cell for cell, value in written.items() if solution[cell[0]][cell[1]] != value)
    given = {(r, c) for r, c, _ in puzzle.given_cells}
    return Check(right, wrong, puzzle.size**2 - len(given | set(written)))


def hint(puzzle: Puzzle, entries: Entries = ()) -> Hint:
    """The next simplest step from where the player is; a wrong entry comes first.

    Raises:
        NoSolutionError, SeveralSolutionsError: nothing can be called right or wrong then.
        EntryError: an entry lies outside, or two stand in one cell.
    """
    solution = only_solution(puzzle)
    written = _written(puzzle, entries)
    for (r, c), value in sorted(written.items()):
        if solution[r][c] != value:
            why = f"{name((r, c))} cannot be {value}: no solution has it there."
            return Hint(
                "mistake", f"One of your entries in row {r + 1} is wrong.", why, f"Take {value} out of {name((r, c))}.", ((r, c),)
            )
    candidates = Candidates(puzzle)
    for cell, value in written.items():
        candidates.at[cell] = {value}
        candidates.placed.add(cell)
    if candidates.solved:
        return Hint("finished", "Nothing is left to do.", "Every cell is filled in.", "The puzzle is solved.")
    found = _shortest(candidates)
    return _placing(found, puzzle.size) if found else _guess(candidates, trial(candidates, solution))


def _shortest(candidates: Candidates) -> list[Step] | None:
    """The shortest proof of a placement with the easiest techniques that give one; None where deduction ends.

    Strikes from `candidates` what can be struck on the way.
    """
    singles = (naked_single, hidden_single)
    others = [technique for technique in techniques(candidates.size) if technique not in singles]
    steps: list[Step] = []
    for count in range(1, len(others) + 1):
        while step := next((step for technique in others[:count] for step in technique(candidates)), None):
            candidates.apply(step)
            steps.append(step)
        goals = [step for single in singles for step in single(candidates)]
        if goals:
            return min((proof(steps, goal, candidates.size) for goal in goals), key=_effort)
    return None


def _effort(steps: list[Step]) -> int:
    return sum(TECHNIQUES[step.technique][1] for step in steps)


def _placing(steps: list[Step], size: int) -> Hint:
    placed = steps[-1].placed
    assert placed is not None
    cell = placed[:2]
    told = [step for step in steps if step.technique != "exclusion"]
    cells = tuple(dict.fromkeys(place for step in steps for place in step.cells))
    kinds = sorted({step.technique for step in told}, key=lambda kind: TECHNIQUES[kind][1])
    where = f"Look at {name(cell)}: {listed(kinds[-2:])}."
    return Hint("step", where, " ".join(_sentences(steps, size)), f"{name(cell)} is {placed[2]}.", cells, tuple(steps), placed)


def _sentences(steps: list[Step], size: int) -> list[str]:
    """What the steps say; exclusions of one value are told together, and so are cells that cannot be 1 or the greatest value."""
    excluded: dict[int, list[Cell]] = {}
    ends: dict[int, list[Cell]] = {}
    told = []
    for step in steps:
        struck = {value for _, _, value in step.removed}
        if step.technique == "exclusion":
            excluded.setdefault(step.removed[0][2], []).append(step.cells[0])
        elif step.technique == "inequality bounds" and len(struck) == 1 and struck <= {1, size}:
            ends.setdefault(struck.pop(), []).append(step.removed[0][:2])
        else:
            told.append(step.sentence)
    first = [f"{value} stands at {names(cells)} already." for value, cells in excluded.items()]
    for value, cells in ends.items():
        than = "greater" if value == 1 else "less"
        verb, each, none = ("is", "", "it is not") if len(cells) == 1 else ("are", " each", "none of them is")
        first.append(f"{names(cells)} {verb}{each} {than} than a neighbour, so {none} {value}.")
    return first + told


def _guess(candidates: Candidates, step: Step) -> Hint:
    assert step.placed is not None
    r, c, value = step.placed
    options = ", ".join(str(v) for v in sorted(candidates.at[r, c]))
    return Hint(
        "guess",
        "Deduction ends here: from now on something has to be tried.",
        f"{name((r, c))} can be {options}; try each in turn: all but one lead to a contradiction.",
        f"{name((r, c))} is {value}.",
        ((r, c),), (step,), step.placed,
    )  # fmt: skip


def _written(puzzle: Puzzle, entries: Entries) -> dict[Cell, int]:
    """What the player has written, by cell; a given digit written again is no entry."""
    written: dict[Cell, int] = {}
    for r, c, value in entries:
        if not (0 <= r < puzzle.size and 0 <= c < puzzle.size and 1 <= value <= puzzle.size):
            raise EntryError(f"entry {value} at r{r + 1}c{c + 1} does not fit a {puzzle.size} x {puzzle.size} puzzle")
        if written.get((r, c), value) != value:
            raise EntryError(f"{name((r, c))} is said to be {written[r, c]} and {value}: a cell has one entry")
        if puzzle.givens[r][c] != value:
            written[r, c] = value
    return written
