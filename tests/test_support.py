"""How well scores support a solution."""

import numpy as np
import pytest

from futoshiki.puzzle import Cell, Edge, Puzzle
from futoshiki.reading.support import contradiction, core
from tests.helpers import case, other_sign, scores_of


@pytest.mark.parametrize("seed", range(4))
def test_a_clear_reading_supports_its_solution(seed):
    puzzle, solution = case(seed)
    assert contradiction(scores_of(puzzle), solution) < 0.01
    assert core(scores_of(puzzle), solution) > 0.98


def test_only_what_contradicts_the_solution_counts():
    puzzle, solution = case(1)
    cell = next(Cell(r, c) for r in range(5) for c in range(5) if not puzzle.givens[r][c])
    value = solution[cell.row][cell.column]
    fits = scores_of(puzzle, {cell: {0: 0.0, value: 0.0}})  # print or handwriting: the answer is the same
    assert contradiction(fits, solution) < 0.01
    other = scores_of(puzzle, {cell: {0: 0.0, value % 5 + 1: 0.0}})
    assert contradiction(other, solution) == pytest.approx(0.5, abs=0.02)
    edge, sign = next(iter(puzzle.signs.items()))
    turned = scores_of(puzzle, {edge: {sign: 0.0, other_sign(sign): np.log(3.0)}})
    assert contradiction(turned, solution) == pytest.approx(0.75, abs=0.02)


def test_doubtful_clues_count_only_if_the_answer_needs_them():
    puzzle = Puzzle.of(2, [(0, 0, 1), (1, 1, 1)], [])
    solution = ((1, 2), (2, 1))
    doubtful = {Cell(1, 1): {1: 0.0, 0: 0.0}}
    assert core(scores_of(puzzle, doubtful), solution) > 0.98  # the other digit is enough
    both = {**doubtful, Cell(0, 0): {1: 0.0, 0: -1.0}}
    expected = 1 / (1 + np.exp(-1.0))
    assert core(scores_of(puzzle, both), solution) == pytest.approx(expected, abs=0.02)


def test_a_solution_that_nothing_forces_has_no_core():
    assert core(scores_of(Puzzle.blank(3), sure=30.0), ((1, 2, 3), (2, 3, 1), (3, 1, 2))) == 0.0


def test_an_edge_is_a_clue_as_a_digit_is():
    edge = Edge.between((0, 0), (0, 1))
    scores = scores_of(Puzzle.of(2, [], [(0, 0, 0, 1)]), {edge: {1: 0.0, 0: 0.0}})
    assert core(scores, ((1, 2), (2, 1))) == pytest.approx(0.5, abs=0.02)
