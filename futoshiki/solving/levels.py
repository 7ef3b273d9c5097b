"""The level of a puzzle without the path through it.

Deductions only ever strike candidates, so their order does not change where they end. Propagation can therefore
replace the trivial and easy techniques, and all findings of a harder one are applied at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from futoshiki.puzzle import Puzzle
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.rules import Rules, State
from futoshiki.solving.search import solve
from futoshiki.solving.steps import Difficulty
from futoshiki.solving.techniques import Technique, techniques


def level(puzzle: Puzzle) -> Difficulty | None:
    """The easiest level whose techniques solve the puzzle; None if it has no solution or several."""
    return next((difficulty for difficulty in Difficulty if solvable(puzzle, difficulty)), None)


def solvable(puzzle: Puzzle, difficulty: Difficulty, *, max_nodes: int | None = None) -> bool:
    """Whether the techniques up to that level solve the puzzle; with RECURSIVE, whether it has one solution.

    `max_nodes` limits the search that only RECURSIVE needs: a puzzle that takes more counts as not solvable.
    """
    if difficulty is Difficulty.RECURSIVE:
        return solve(puzzle, max_nodes=max_nodes).status == "one"
    n = puzzle.size
    rules = _EasyRules.of(puzzle if difficulty >= Difficulty.EASY else Puzzle(n, puzzle.givens))
    state = rules.start()
    if state is None:
        return False
    harder = [technique for technique in techniques(n) if Difficulty.EASY < technique.level <= difficulty]
    while any(mask & (mask - 1) for mask in state):
        struck = _strike(Candidates(rules, state), harder)
        if not struck or not all(state) or not rules.propagate(state, struck):
            return False
    # TRIVIAL has not used the signs
    return all(state[r1 * n + c1] < state[r2 * n + c2] for r1, c1, r2, c2 in puzzle.less)


class _EasyRules(Rules):
    """The rules without naked pairs, which are a tricky technique."""

    def _strike_pair(self, state: State, line: tuple[int, ...], pair: int, changed: list[int]) -> bool:
        return True


def _strike(candidates: Candidates, harder: Sequence[Technique]) -> list[int]:
    """Apply everything that the first technique to find something finds; the cells that lost a candidate."""
    for technique in harder:
        struck = []
        for finding in technique.find(candidates):
            candidates.apply(finding)
            struck += [cell for cell, _ in finding.struck]
        if struck:
            return struck
    return []
