"""Help for a player: the next step, and what is wrong, without giving more away than asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Puzzle
from futoshiki.solving.explain import next_step, trial
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Candidates, Cell, Removal, Step, name, names

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
        PuzzleError: the puzzle has no solution or several, or an entry lies outside.
    """
    solution = _only_solution(puzzle)
    written = _written(puzzle, entries)
    right = tuple(cell for cell, value in written.items() if solution[cell[0]][cell[1]] == value)
    wrong = tuple(cell for cell, value in written.items() if solution[cell[0]][cell[1]] != value)
    given = {(r, c) for r, c, _ in puzzle.given_cells}
    return Check(right, wrong, puzzle.size**2 - len(given | set(written)))


def hint(puzzle: Puzzle, entries: Entries = ()) -> Hint:
    """The next simplest step from where the player is; a wrong entry comes first.

    Raises:
        PuzzleError: the puzzle has no solution or several, or an entry lies outside.
    """
    solution = _only_solution(puzzle)
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
    steps: list[Step] = []
    while True:
        step = next_step(candidates)
        if step is None:
            return _guess(candidates, trial(candidates, solution))
        candidates.apply(step)
        steps.append(step)
        if step.placed:
            return _placing(_needed(steps, puzzle.size), step.placed)


def _placing(steps: list[Step], placed: Removal) -> Hint:
    cell, last = placed[:2], steps[-1]
    reasons = [step.sentence for step in steps if step.technique != "exclusion"]
    cells = tuple(dict.fromkeys(place for step in steps for place in step.cells))
    techniques = list(dict.fromkeys(step.technique for step in steps if step.technique != "exclusion"))
    where = f"Look at {name(cell)}: {' and '.join(techniques[-2:])}."
    return Hint("step", where, " ".join(reasons) or last.sentence, f"{name(cell)} is {placed[2]}.", cells, tuple(steps), placed)


def _guess(candidates: Candidates, step: Step | None) -> Hint:
    if step is None or step.placed is None:
        return Hint("finished", "Nothing is left to do.", "Every cell is filled in.", "The puzzle is solved.")
    r, c, value = step.placed
    options = ", ".join(str(v) for v in sorted(candidates.at[r, c]))
    return Hint(
        "guess",
        "Deduction ends here: from now on something has to be tried.",
        f"{name((r, c))} can be {options}; try them until one leads to a contradiction.",
        f"{name((r, c))} is {value}.",
        ((r, c),), (step,), step.placed,
    )  # fmt: skip


def _needed(steps: list[Step], size: int) -> list[Step]:
    """Of the steps before a placement only those that it rests on, found backwards."""
    last = steps[-1]
    if last.placed is None:
        return steps
    r, c, value = last.placed
    wanted: set[Removal] = {removal for step in steps for removal in step.removed if removal[:2] == (r, c)}
    if last.technique == "hidden single":
        in_row = last.sentence.startswith("In row")
        wanted = {(r, k, value) if in_row else (k, c, value) for k in range(size)}
    kept = [last]
    for step in reversed(steps[:-1]):
        if wanted & set(step.removed):
            kept.append(step)
            touched = set(step.cells)
            wanted |= {removal for earlier in steps for removal in earlier.removed if removal[:2] in touched}
    return kept[::-1]


def contradiction(puzzle: Puzzle) -> Puzzle | None:
    """A set of the puzzle's clues that contradict each other and from which none can be left out.

    None where the puzzle has a solution. Found by leaving out one clue after the other.
    """
    if solve(puzzle, limit=1).status != "none":
        return None
    givens, less = list(puzzle.given_cells), list(puzzle.less)
    for given in puzzle.given_cells:
        fewer = [other for other in givens if other != given]
        if solve(Puzzle.of(puzzle.size, fewer, less), limit=1).status == "none":
            givens = fewer
    for sign in puzzle.less:
        fewer_signs = [other for other in less if other != sign]
        if solve(Puzzle.of(puzzle.size, givens, fewer_signs), limit=1).status == "none":
            less = fewer_signs
    return Puzzle.of(puzzle.size, givens, less)


def undecided(puzzle: Puzzle) -> tuple[Cell, ...]:
    """The cells in which two solutions of the puzzle differ; empty where it has fewer than two."""
    solutions = solve(puzzle).solutions
    if len(solutions) < 2:
        return ()
    first, second = solutions
    n = puzzle.size
    return tuple((r, c) for r in range(n) for c in range(n) if first[r][c] != second[r][c])


def _only_solution(puzzle: Puzzle) -> tuple[tuple[int, ...], ...]:
    outcome = solve(puzzle)
    if outcome.status == "none":
        clues = contradiction(puzzle)
        cells = (
            sorted({(r, c) for r, c, _ in clues.given_cells} | {p for s in clues.less for p in (s[:2], s[2:])}) if clues else []
        )
        raise PuzzleError(
            f"the puzzle has no solution: the clues at {names(cells) if cells else 'its cells'} contradict each other"
        )
    if outcome.status != "one":
        raise PuzzleError("the puzzle has several solutions, so nothing can be called right or wrong")
    return outcome.solutions[0]


def _written(puzzle: Puzzle, entries: Entries) -> dict[Cell, int]:
    written = {}
    for r, c, value in entries:
        if not (0 <= r < puzzle.size and 0 <= c < puzzle.size and 1 <= value <= puzzle.size):
            raise PuzzleError(f"entry {value} at r{r + 1}c{c + 1} does not fit a {puzzle.size} x {puzzle.size} puzzle")
        if not puzzle.givens[r][c]:
            written[r, c] = value
    return written
