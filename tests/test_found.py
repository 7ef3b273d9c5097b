"""Which of two readings of one board is kept."""

from dataclasses import replace

import numpy as np
import pytest

from futoshiki.photo import load_photo
from futoshiki.puzzle import Puzzle
from futoshiki.reading import reader as reader_module
from futoshiki.reading.answer import answer
from futoshiki.reading.found import Found, Sighting
from futoshiki.reading.handwriting import see_handwriting
from futoshiki.reading.limits import Limits, Stopwatch
from futoshiki.reading.reader import PhotoReader
from tests.helpers import case, flat_board, scores_of

PUZZLE, SOLUTION = case(3)
NO_SIGNS = replace(PUZZLE, less=())
TWICE = Puzzle.of(5, [(0, 0, 1), (0, 1, 1), (3, 3, 2)], PUZZLE.less)


def read(puzzle: Puzzle) -> Found:
    """The answer to a board whose clues are sure."""
    scores = scores_of(puzzle, sure=8.0)
    return answer(Sighting(flat_board(puzzle.size), scores, see_handwriting(scores), (600, 600)), Limits(), Stopwatch())


BOARDS = {"one": read(PUZZLE), "several": read(NO_SIGNS), "none": read(TWICE)}


def test_the_three_boards_have_one_solution_several_and_none():
    assert {status: one.reading.outcome.status for status, one in BOARDS.items()} == {status: status for status in BOARDS}


@pytest.mark.parametrize("before", BOARDS)
@pytest.mark.parametrize("after", BOARDS)
def test_the_later_reading_counts_unless_only_the_earlier_one_can_be_solved(before, after):
    kept = BOARDS[before].unless_worse(BOARDS[after])
    worth = list(reversed(BOARDS))
    assert kept.reading is BOARDS[max(before, after, key=worth.index)].reading
    if before == after:
        assert kept is BOARDS[after]


def test_where_a_later_reading_has_no_single_solution_the_earlier_one_is_doubtful():
    assert BOARDS["one"].result.status == "solved"
    kept = BOARDS["one"].unless_worse(BOARDS["several"]).result
    assert (kept.status, kept.solution) == ("doubtful", SOLUTION)
    assert kept.doubts  # says where to look first
    assert BOARDS["several"].unless_worse(BOARDS["none"]).result.status == "ambiguous"


@pytest.mark.parametrize(("closer", "status"), [(NO_SIGNS, "doubtful"), (PUZZLE, "solved")])
def test_a_closer_look_that_is_worse_does_not_replace_the_first(closer, status, monkeypatch):
    looks = [scores_of(PUZZLE, sure=5.0), scores_of(closer)]
    monkeypatch.setattr(reader_module, "recognize", lambda *_: iter(looks))
    monkeypatch.setattr(reader_module, "is_futoshiki", lambda *_: True)
    page = PhotoReader(reader_module.Reader(), load_photo(np.zeros((600, 600, 3), np.uint8)))
    found = page.read_board(flat_board(5))
    assert (found.result.status, found.result.solution) == (status, SOLUTION)


def test_an_answer_that_is_kept_as_doubtful_names_covered_cells_too(monkeypatch):
    pixels = np.full((400, 400, 3), 240, np.uint8)
    pixels[90:330, 130:150] = 30, 60, 160  # a pen
    looks = [scores_of(PUZZLE, sure=5.0), scores_of(NO_SIGNS)]
    monkeypatch.setattr(reader_module, "recognize", lambda *_: iter(looks))
    monkeypatch.setattr(reader_module, "is_futoshiki", lambda *_: True)
    page = PhotoReader(reader_module.Reader(), load_photo(pixels))
    found = page.read_board(flat_board(5))
    assert found.result.status == "doubtful"
    assert {(2, 2), (3, 2)} <= set(found.result.covered)
    assert page.answer(flat_board(5), looks[1]).result.covered == found.result.covered
