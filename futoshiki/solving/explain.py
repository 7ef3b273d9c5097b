"""Solving as a person does: always the easiest technique that makes progress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from futoshiki.errors import TimeUp
from futoshiki.notation import as_puzzle
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving.budget import Budget
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.diagnose import only_solution, time_up
from futoshiki.solving.judge import violations
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Difficulty, Step
from futoshiki.solving.techniques import Deduction, deductions, techniques


@dataclass(frozen=True)
class Explanation:
    """The easiest path through a puzzle.

    `steps` are in order. `solution` is the grid that they end in. It is None where they get stuck: when the puzzle has
    several solutions or none, or when the time was up before the end (`timed_out`).
    """

    steps: tuple[Step, ...]
    solution: Grid | None
    timed_out: bool = False

    @property
    def difficulty(self) -> Difficulty:
        """The level of the hardest step."""
        return max((step.difficulty for step in self.steps), default=Difficulty.TRIVIAL)

    @property
    def score(self) -> int:
        """The points of all steps together: finer than the level."""
        return sum(step.cost for step in self.steps)


@dataclass(frozen=True)
class Grade:
    """How hard a puzzle is: Simon Tatham's level, and a score within and across levels."""

    difficulty: Difficulty
    score: int

    def __str__(self) -> str:
        return f"{self.difficulty.name.lower()}, score {self.score}"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"difficulty": self.difficulty.name.lower(), "score": self.score}


def explain(puzzle: Puzzle | str, *, budget: Budget | None = None) -> Explanation:
    """Every deduction from the givens to the solution, each the easiest that is possible there."""
    puzzle = as_puzzle(puzzle)
    candidates = Candidates.of(puzzle)
    steps: list[Step] = []
    timed_out = False
    try:
        for deduction in _path(puzzle, candidates, budget or Budget()):
            steps.append(deduction.step(puzzle.size))
    except TimeUp:
        timed_out = True
    solved = candidates.solved and not violations(puzzle, candidates.grid)
    return Explanation(tuple(steps), candidates.grid if solved else None, timed_out)


def grade(puzzle: Puzzle | str, *, budget: Budget | None = None) -> Grade:
    """The difficulty of a puzzle.

    Raises:
        NoSolutionError, SeveralSolutionsError: only a puzzle with one solution has a grade.
        TimeUp: the budget is used up.
    """
    puzzle, budget = as_puzzle(puzzle), budget or Budget()
    candidates = Candidates.of(puzzle, only_solution(puzzle, budget=budget))
    used = [deduction.technique for deduction in _path(puzzle, candidates, budget)]
    hardest = max((technique.level for technique in used), default=Difficulty.TRIVIAL)
    return Grade(hardest, sum(technique.cost for technique in used))


def _path(puzzle: Puzzle, candidates: Candidates, budget: Budget) -> Iterator[Deduction]:
    """Apply one deduction after the other to the candidates until the puzzle is solved or nothing more follows.

    Trial and error needs the solution, which is searched for when all other techniques have failed.

    Raises:
        TimeUp: the budget is used up.
    """
    table = techniques(puzzle.size)
    searched = candidates.solution is not None
    while not candidates.solved and not candidates.broken:
        if not budget.left:
            raise time_up(budget)
        found = next(deductions(candidates, table), None)
        if found:
            candidates.apply(found.finding)
            yield found
        elif searched:
            return
        else:
            outcome = solve(puzzle, timeout=budget.left)
            if outcome.status == "timed_out":
                raise time_up(budget)
            searched = True
            candidates.solution = outcome.solution if outcome.status == "one" else None
