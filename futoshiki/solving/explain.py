"""Solving as a person does: the easiest technique that gets on, again and again."""

from __future__ import annotations

from dataclasses import dataclass

from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving.diagnose import TIMEOUT, only_solution
from futoshiki.solving.search import solve
from futoshiki.solving.steps import TECHNIQUES, Candidates, Difficulty, Step, listed, name
from futoshiki.solving.techniques import techniques


@dataclass(frozen=True)
class Explanation:
    """The easiest path through a puzzle.

    `steps` are in order; `solution` is the grid they end in, or None where they get stuck, which
    happens only when the puzzle has several solutions or none.
    """

    steps: tuple[Step, ...]
    solution: Grid | None

    @property
    def difficulty(self) -> Difficulty:
        """The level of the hardest step."""
        return max((step.difficulty for step in self.steps), default=Difficulty.TRIVIAL)

    @property
    def score(self) -> int:
        """Points of all steps together: finer than the level."""
        return sum(TECHNIQUES[step.technique][1] for step in self.steps)


@dataclass(frozen=True)
class Grade:
    """How hard a puzzle is: Simon Tatham's level and a score within and across levels."""

    difficulty: Difficulty
    score: int


def explain(puzzle: Puzzle) -> Explanation:
    """Every deduction from the givens to the solution, each the easiest that is possible there."""
    outcome = solve(puzzle, timeout=TIMEOUT)
    candidates = Candidates(puzzle)
    steps: list[Step] = []
    while not candidates.solved and not candidates.broken:
        step = next_step(candidates)
        if step is None and outcome.status == "one":
            step = trial(candidates, outcome.solutions[0])
        if step is None:
            break
        candidates.apply(step)
        steps.append(step)
    return Explanation(tuple(steps), outcome.solution if candidates.solved else None)


def grade(puzzle: Puzzle) -> Grade:
    """The difficulty of a puzzle.

    Raises:
        NoSolutionError, SeveralSolutionsError: only a puzzle with one solution has a grade.
    """
    only_solution(puzzle)
    explanation = explain(puzzle)
    return Grade(explanation.difficulty, explanation.score)


def next_step(candidates: Candidates) -> Step | None:
    """The easiest deduction that strikes or places something; None where deduction ends."""
    for technique in techniques(candidates.size):
        for step in technique(candidates):
            return step
    return None


def trial(candidates: Candidates, solution: Grid) -> Step:
    """Trial and error: in the open cell with the fewest candidates, those that lead nowhere are struck."""
    open_cells = [cell for cell, values in candidates.at.items() if len(values) > 1]
    cell = min(open_cells, key=lambda place: len(candidates.at[place]))
    right = solution[cell[0]][cell[1]]
    wrong = sorted(candidates.at[cell] - {right})
    sentence = f"Tried in {name(cell)}, {listed([str(v) for v in wrong])} in the end leads to a contradiction, so it is {right}."
    return Step("trial and error", (cell,), tuple((*cell, v) for v in wrong), (*cell, right), sentence)
