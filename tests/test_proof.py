import random

import pytest

from futoshiki.solving.generate import generate
from futoshiki.solving.hints import hint
from futoshiki.solving.proof import _relied_on, _relied_on_by_placement
from futoshiki.solving.steps import Candidates, Difficulty


@pytest.mark.parametrize("difficulty", list(Difficulty)[:4])
@pytest.mark.parametrize("seed", range(3))
def test_every_step_of_a_hint_stands_on_the_ones_before_it(difficulty, seed):
    size = 5 + seed
    puzzle = generate(size, difficulty, seed)
    entries = []
    rng = random.Random(seed)
    for _ in range(8):
        found = hint(puzzle, entries)
        if found.kind == "finished":
            break
        assert found.kind == "step"
        candidates = Candidates(puzzle)
        for r, c, value in entries:
            candidates.at[r, c] = {value}
        gone = {(*cell, v) for cell, held in candidates.at.items() for v in range(1, size + 1) if v not in held}
        for step in found.steps[:-1]:
            assert step.removed
            assert all((r, c, v) in gone for r, c, v in _relied_on(step, size) if step.technique != "forcing chain")
            gone |= set(step.removed)
        goal = found.steps[-1]
        assert _relied_on_by_placement(goal, size) <= gone
        assert goal.placed == found.placed
        entries.append(found.placed)
        rng.shuffle(entries)


def test_a_hint_says_no_more_than_it_needs():
    puzzle = generate(7, "tricky", 5)
    found = hint(puzzle)
    assert len([step for step in found.steps if step.technique != "exclusion"]) <= 5
    assert found.why == (
        "4 stands at r1c2 already. 2 stands at r1c5 already. 1 stands at r4c3 already. 5 stands at r6c3 already. "
        "r1c3 < r2c3 < r2c4 is a run of 3 growing values: r1c3 is at most 5 and r2c4 at least 3, and so on between. "
        "r1c3 can be nothing but 3."
    )
