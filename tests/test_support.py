"""What a board says of a solution."""

import numpy as np
import pytest

from futoshiki.puzzle import Cell, Edge, Puzzle
from futoshiki.reading.support import conflict, core
from tests.helpers import case, scores_of


@pytest.mark.parametrize("seed", range(4))
def test_a_clear_reading_supports_its_solution(seed):
    puzzle, solution = case(seed)
    assert core(scores_of(puzzle), solution) > 0.98


def test_doubtful_clues_count_only_if_the_answer_needs_them():
    puzzle = Puzzle.of(2, [(0, 0, 1), (1, 1, 1)], [])
    solution = ((1, 2), (2, 1))
    doubtful = {Cell(1, 1): {1: 0.0, 0: 0.0}}
    assert core(scores_of(puzzle, doubtful), solution) > 0.98  # the other digit is enough
    both = {**doubtful, Cell(0, 0): {1: 0.0, 0: -1.0}}
    expected = 1 / (1 + np.exp(-1.0))
    assert core(scores_of(puzzle, both), solution) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_more_clues_than_are_needed_may_be_enough(seed):
    puzzle, solution = case(seed)
    scores = scores_of(puzzle, sure=6.0)
    least, exact = core(scores, solution, enough=0.3), core(scores, solution)
    assert 0.3 <= least < exact
    assert core(scores, solution, enough=exact) == exact


def test_a_solution_that_nothing_forces_has_no_core():
    assert core(scores_of(Puzzle.blank(3), sure=30.0), ((1, 2, 3), (2, 3, 1), (3, 1, 2))) == 0.0


def test_an_edge_is_a_clue_as_a_digit_is():
    edge = Edge.between((0, 0), (0, 1))
    scores = scores_of(Puzzle.of(2, [], [(0, 0, 0, 1)]), {edge: {1: 0.0, 0: 0.0}})
    assert core(scores, ((1, 2), (2, 1))) == pytest.approx(0.5, abs=0.02)


def test_nothing_speaks_against_a_solution_with_which_every_clue_agrees():
    puzzle, solution = case(1)
    assert conflict(scores_of(puzzle, sure=30.0), solution) == pytest.approx(0.0, abs=1e-5)
    undecided = {Cell(r, c): {0: 0.0, value: 0.0} for r, row in enumerate(solution) for c, value in enumerate(row)}
    assert conflict(scores_of(puzzle, undecided, sure=30.0), solution) < 0.01  # a digit or nothing: both agree


@pytest.mark.parametrize(("right", "wrong"), [(((1, 2), (2, 1)), ((2, 1), (1, 2))), (((2, 1), (1, 2)), ((1, 2), (2, 1)))])
def test_what_a_solution_contradicts_speaks_against_it(right, wrong):
    less = [(0, 0, 0, 1), (0, 0, 1, 0)] if right[0][0] == 1 else [(0, 1, 0, 0), (1, 0, 0, 0)]
    scores = scores_of(Puzzle.of(2, [(0, 0, right[0][0])], less), sure=6.0)
    assert conflict(scores, right) < 0.1
    assert conflict(scores, wrong) == pytest.approx(3 * (6 - np.log(2)), abs=0.3)  # the digit and both signs
