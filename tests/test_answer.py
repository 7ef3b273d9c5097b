"""From what was seen of a board to its answer."""

from dataclasses import replace

import numpy as np
import pytest

from futoshiki.puzzle import Puzzle
from futoshiki.reading.answer import CONFIRMING, answer
from futoshiki.reading.found import Sighting
from futoshiki.reading.handwriting import Handwriting, see_handwriting
from futoshiki.reading.limits import Limits, Stopwatch
from futoshiki.solving import solve
from tests.helpers import case, dimmed, flat_board, scores_of


@pytest.mark.parametrize("digits", [CONFIRMING - 1, CONFIRMING])
def test_signs_whose_other_side_is_the_tip_are_turned_where_enough_digits_confirm_it(digits):
    signs = [(0, 2, 0, 1), (0, 3, 1, 3), (1, 1, 1, 2), (2, 0, 3, 0), (2, 2, 1, 2), (3, 1, 3, 0), (3, 3, 3, 2)]
    puzzle = Puzzle.of(4, [(2, 1, 4), (3, 1, 1), (0, 0, 4)][:digits], signs)
    assert solve(puzzle).status == "one"
    scores = scores_of(puzzle).with_signs_turned
    result = answer(Sighting(flat_board(4), scores, see_handwriting(scores), (600, 600)), Limits(), Stopwatch()).result
    if digits < CONFIRMING:
        assert (result.status, result.solution) == ("contradictory", None)
    else:
        assert (result.status, result.puzzle, result.solution) == ("solved", puzzle, solve(puzzle).solution)


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize(("digits", "is_print"), [((5,), True), ((5, 1), False)])
def test_digits_that_look_written_and_change_nothing_are_print_if_they_are_all_the_same(is_full, digits, is_print):
    puzzle, solution = case(1)
    grid = np.array(solution)
    looks_written = np.isin(grid, digits) & (np.array(puzzle.givens) == 0)
    shown = np.where(looks_written | (np.array(puzzle.givens) > 0) | is_full, grid, 0)
    everything = Puzzle(5, tuple(map(tuple, shown.tolist())), puzzle.less)
    scores = scores_of(everything)
    scores = replace(scores, cells=dimmed(scores.cells, 0.01))
    seen = Sighting(flat_board(5), scores, Handwriting(grid, looks_written * np.float32(0.95)), (600, 600))
    result = answer(seen, Limits(), Stopwatch()).result
    assert result.solution == solution
    assert bool(result.entries) is not is_print
    assert (result.puzzle == everything) is is_print
