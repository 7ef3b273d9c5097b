"""Of all the deductions on the way to a placement, those that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from futoshiki.solving.steps import Removal, Step
from futoshiki.solving.techniques import above_sentence, below_sentence


def proof(steps: Sequence[Step], goal: Step, size: int) -> list[Step]:
    """The steps that `goal` needs, in order, each cut down to what is needed of it, and the goal itself.

    Walks backwards: a step is kept if it strikes a candidate that something later relies on.
    """
    wanted = _relied_on_by_placement(goal, size)
    kept = [goal]
    for step in reversed(steps):
        struck = wanted.intersection(step.removed)
        if struck:
            step = _cut_down(step, struck)
            kept.append(step)
            wanted |= _relied_on(step, size)
    return kept[::-1]


def _relied_on_by_placement(goal: Step, size: int) -> set[Removal]:
    if goal.placed is None:
        return set()
    r, c, value = goal.placed
    if goal.technique == "hidden single":
        return {(*cell, value) for cell in goal.line if cell != (r, c)}
    return {(r, c, v) for v in range(1, size + 1) if v != value}


def _cut_down(step: Step, struck: set[Removal]) -> Step:
    """The step with only those removals, and a bound no tighter than they need."""
    removed = tuple(sorted(struck))
    if step.technique != "inequality bounds":
        return replace(step, removed=removed)
    low, high = step.cells
    values = [v for _, _, v in removed]
    raised = removed[0][:2] == high
    sentence = above_sentence(low, high, max(values)) if raised else below_sentence(low, high, min(values))
    return replace(step, removed=removed, sentence=sentence)


def _relied_on(step: Step, size: int) -> set[Removal]:
    """The candidates that must be gone before the step can be made."""
    values = range(1, size + 1)
    if step.technique in ("exclusion", "ascending chain"):
        return set()
    if step.technique == "inequality bounds":
        low, high = step.cells
        bounds = [v for _, _, v in step.removed]
        if step.removed[0][:2] == high:
            return {(*low, v) for v in range(1, max(bounds))}
        return {(*high, v) for v in range(min(bounds) + 1, size + 1)}
    if step.technique.startswith("hidden"):
        return {(*cell, v) for cell in step.line if cell not in step.cells for v in step.values}
    if step.technique.startswith("naked"):
        return {(*cell, v) for cell in step.cells for v in values if v not in step.values}
    if step.line:  # a fish: its value is nowhere else in the lines it starts from
        return {(*cell, step.values[0]) for cell in step.line if cell not in step.cells}
    return {(*cell, v) for cell in step.cells for v in values}
