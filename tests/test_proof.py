import random

import pytest

from futoshiki.puzzle import Puzzle
from futoshiki.solving.budget import Budget
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.generate import generate
from futoshiki.solving.hints import hint
from futoshiki.solving.next_step import easiest_placement
from futoshiki.solving.proof import Derivation, Fact, Proofs
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


def not_value(cell: int, value: int) -> Fact:
    return Fact("not", cell, value)


def test_the_cheapest_derivation_counts_even_if_it_comes_later():
    proofs = Proofs()
    first, second, third = not_value(0, 1), not_value(1, 1), not_value(2, 1)
    assert proofs.add([Derivation(third, (first, second), 1.0), Derivation(first, (), 5.0)]) == [first]
    assert proofs.add([Derivation(second, (first,), 1.0)]) == [second, third]
    assert proofs.cost[third] == 12.0
    assert proofs.add([Derivation(first, (), 2.0)]) == []
    assert (proofs.cost[third], proofs.by[first].cost) == (6.0, 2.0)
    goal = Derivation(Fact("is", 2, 2), (third,), 3.0)
    assert [derivation.fact for derivation in proofs.proof(goal).derivations] == [first, second, third, goal.fact]
    assert proofs.proof(goal).cost == 7.0  # the first fact is needed twice and looked at once
    assert proofs.cheapest([(first, second), (third,), (not_value(9, 9),)]) == (first, second)


@pytest.mark.parametrize("difficulty", list(Difficulty)[:4])
def test_nothing_can_be_left_out_of_a_proof(difficulty):
    size = 6
    candidates = Candidates.of(generate(size, difficulty, 1))
    found = easiest_placement(candidates, Budget())
    path = found.deductions(candidates.rules.domains)
    struck = [mark for deduction in path for mark in strikes(deduction.finding.struck)]
    assert len(struck) == len(set(struck))
    needed = {need for derivation in found.derivations for need in derivation.needs}
    assert needed == set(found.by) - {found.goal.fact}
