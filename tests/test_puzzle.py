import pytest
from hypothesis import given

from futoshiki.errors import EntryError, PuzzleError
from futoshiki.puzzle import GREATER, LESS, NO_SIGN, Cell, Clue, Edge, Puzzle, edges_of
from tests.helpers import puzzles


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
    assert puzzle.with_clue(Clue(Cell(0, 0), 3)).givens[0][0] == 3
    assert puzzle.with_clue(Clue(Cell(0, 0), 0)).given_cells == ()
    assert puzzle.with_clue(Clue(Edge.between((0, 1), (0, 0)), GREATER)).less == ((0, 1, 0, 0), (1, 1, 2, 1))
    assert puzzle.with_clue(Clue(Edge.between((2, 1), (1, 1)), NO_SIGN)).less == ((0, 0, 0, 1),)
    assert puzzle.with_clues([Clue(Cell(2, 2), 2), Clue(Cell(2, 2), 3)]).givens[2][2] == 3


@pytest.mark.parametrize(
    "clue",
    [
        Clue(Cell(0, 0), 4),
        Clue(Cell(3, 0), 1),
        Clue(Edge(Cell(0, 0), Cell(1, 1)), LESS),
        Clue(Edge(Cell(2, 2), Cell(3, 2)), NO_SIGN),
        Clue(Edge(Cell(0, 0), Cell(0, 1)), 3),
    ],
)
def test_a_clue_that_does_not_fit_is_refused(clue):
    with pytest.raises(EntryError, match=r"r\d+c\d+|outside"):
        Puzzle.blank(3).with_clue(clue)


@given(puzzles())
def test_every_sign_lies_on_one_edge_and_leads_back_to_its_relation(puzzle):
    assert {edge.less(sign) for edge, sign in puzzle.signs.items()} == set(puzzle.less)
    assert set(puzzle.signs) <= set(edges_of(puzzle.size))


def test_places_have_the_names_that_people_use():
    edge = Edge.between((3, 3), (2, 3))
    assert str(Cell(2, 3)) == "r3c4"
    assert str(edge) == "r3c4|r4c4"
    assert edge == Edge(Cell(2, 3), Cell(3, 3))
    assert not edge.is_across
    assert len(edges_of(4)) == 24
    with pytest.raises(PuzzleError, match="no neighbours"):
        Edge.between((0, 0), (1, 1))
