"""From what was seen of a board to its answer."""

import pytest

from futoshiki.puzzle import Puzzle
from futoshiki.reading.answer import CONFIRMING, answer
from futoshiki.reading.found import Sighting
from futoshiki.reading.handwriting import see_handwriting
from futoshiki.reading.limits import Limits, Stopwatch
from futoshiki.solving import solve
from tests.helpers import flat_board, scores_of


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
