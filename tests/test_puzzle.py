import pytest
from hypothesis import given

from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Puzzle
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
