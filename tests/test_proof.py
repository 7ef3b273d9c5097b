import random

import pytest

from futoshiki.puzzle import Puzzle
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.generate import generate
from futoshiki.solving.hints import hint
from futoshiki.solving.proof import proof
from futoshiki.solving.steps import Difficulty
from futoshiki.solving.techniques import EXCLUSION, TECHNIQUES, deductions, techniques

BY_NAME = {technique.name: technique for technique in TECHNIQUES}


def strikes(marks) -> set:
    """Pairs of a cell's number and one bit."""
    return {(cell, 1 << k) for cell, mask in marks for k in range(mask.bit_length()) if mask >> k & 1}


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
        candidates = Candidates.of(Puzzle.of(size, [*puzzle.given_cells, *entries], puzzle.less))
        for step in found.steps:  # made again with nothing but the earlier steps
            again = [deduction.step(size) for deduction in deductions(candidates, [BY_NAME[step.technique]])]
            if step.technique != "forcing chain":
                assert any(set(step.removed) <= set(other.removed) and step.placed == other.placed for other in again)
            for r, c, value in step.removed:
                candidates.state[r * size + c] &= ~(1 << value - 1)
        assert found.steps[-1].placed == found.placed
        entries.append(found.placed)
        rng.shuffle(entries)


@pytest.mark.parametrize("difficulty", list(Difficulty)[:4])
@pytest.mark.parametrize("seed", range(3))
def test_premises_are_all_that_a_deduction_needs(difficulty, seed):
    size = 6 + seed
    puzzle = generate(size, difficulty, seed)
    candidates = Candidates.of(puzzle)
    while found := next(deductions(candidates, techniques(size)), None):
        technique, finding = found
        bare = Candidates.of(puzzle)
        if technique is EXCLUSION:
            bare.placed, bare.state[finding.cells[0]] = {finding.cells[0]}, candidates.state[finding.cells[0]]
        premises = technique.premises(finding, size)
        for cell, mask in premises:
            assert not candidates.state[cell] & mask
            bare.state[cell] &= ~mask
        needs_order = technique.name == "forcing chain"  # another chain from the same cell may come first
        assert any(
            other.cells[0] == finding.cells[0] if needs_order else strikes(finding.struck) <= strikes(other.struck)
            for other in technique.find(bare)
        )
        candidates.apply(finding)


def test_a_proof_leaves_out_what_the_goal_does_not_need():
    size = 6
    candidates = Candidates.of(generate(size, "tricky", 1))
    path = []
    while found := next(deductions(candidates, techniques(size)), None):
        candidates.apply(found.finding)
        path.append(found)
    for k, goal in enumerate(path):
        if goal.finding.placed:
            needed = proof(path[:k], goal, size)
            assert needed[-1] is goal
            assert len(needed) <= k + 1
            struck = [mark for deduction in needed[:-1] for mark in strikes(deduction.finding.struck)]
            assert len(struck) == len(set(struck))
            assert strikes(goal.technique.premises(goal.finding, size)) & strikes(
                mark for deduction in path[:k] for mark in deduction.finding.struck
            ) <= set(struck)


def test_a_hint_says_no_more_than_it_needs():
    puzzle = generate(7, "tricky", 5)
    found = hint(puzzle)
    assert len([step for step in found.steps if step.technique != "exclusion"]) <= 5
    assert found.why == (
        "4 stands at r1c2 already. 2 stands at r1c5 already. 1 stands at r4c3 already. 5 stands at r6c3 already. "
        "r1c3 < r2c3 < r2c4 is a run of 3 growing values: r1c3 is at most 5 and r2c4 at least 3, and so on between. "
        "r1c3 can be nothing but 3."
    )
