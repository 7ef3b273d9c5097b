import pytest
from hypothesis import given

from futoshiki.errors import EntryError, PuzzleError
from futoshiki.puzzle import Clue, Puzzle
from tests.conftest import puzzles


@given(puzzles())
def test_four_quarter_turns_and_two_mirrorings_change_nothing(puzzle):
    assert puzzle.rotated(4) == puzzle
    assert puzzle.rotated().rotated(3) == puzzle
    assert puzzle.mirrored().mirrored() == puzzle


@given(puzzles())
def test_turning_moves_every_clue_with_its_cell(puzzle):
    turned, last = puzzle.rotated(), puzzle.size - 1
    assert {(c, last - r, v) for r, c, v in puzzle.given_cells} == set(turned.given_cells)
    assert len(turned.less) == len(puzzle.less)


def test_the_order_of_signs_does_not_matter():
    signs = [(0, 0, 0, 1), (1, 0, 0, 0)]
    assert Puzzle.of(3, [], signs) == Puzzle.of(3, [], signs[::-1])
    assert hash(Puzzle.of(3, [], signs)) == hash(Puzzle.of(3, [], signs[::-1]))


@pytest.mark.parametrize(
    ("size", "givens", "less", "says"),
    [
        (1, [], [], "out of range"),
        (16, [], [], "out of range"),
        (3, [(0, 0, 4)], [], "must be 0 to 3"),
        (3, [(3, 0, 1)], [], "outside"),
        (3, [], [(0, 0, 0, 2)], "neighbours"),
        (3, [], [(0, 0, 1, 1)], "neighbours"),
        (3, [], [(0, 2, 0, 3)], "outside"),
        (3, [], [(0, 0, 0, 1), (0, 1, 0, 0)], "each said to be less"),
    ],
)
def test_malformed_puzzles_are_refused_with_the_reason(size, givens, less, says):
    with pytest.raises(PuzzleError, match=says):
        Puzzle.of(size, givens, less)


def test_a_clue_replaces_what_stands_in_its_place():
    puzzle = Puzzle.of(3, [(0, 0, 1)], [(0, 0, 0, 1), (1, 1, 2, 1)])
    assert puzzle.with_clue(Clue(3, cell=(0, 0))).givens[0][0] == 3
    assert puzzle.with_clue(Clue(0, cell=(0, 0))).given_cells == ()
    assert puzzle.with_clue(Clue(1, sign=(0, 1, 0, 0))).less == ((0, 1, 0, 0), (1, 1, 2, 1))
    assert puzzle.with_clue(Clue(0, sign=(2, 1, 1, 1))).less == ((0, 0, 0, 1),)
    assert puzzle.with_clues([Clue(2, cell=(2, 2)), Clue(3, cell=(2, 2))]).givens[2][2] == 3


@pytest.mark.parametrize(
    "clue", [Clue(4, cell=(0, 0)), Clue(1, cell=(3, 0)), Clue(1, sign=(0, 0, 1, 1)), Clue(0, sign=(2, 2, 3, 2))]
)
def test_a_clue_that_does_not_fit_is_refused(clue):
    with pytest.raises(EntryError, match=r"r\d+c\d+|outside"):
        Puzzle.blank(3).with_clue(clue)
