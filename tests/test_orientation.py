"""Which way a board has to be turned."""

import random

import numpy as np
import pytest

from futoshiki.api import solve_image
from futoshiki.geometry import Orientation
from futoshiki.networks.canvas import board_canvas
from futoshiki.networks.clues import UPRIGHT
from futoshiki.photo import load_photo
from futoshiki.puzzle import Puzzle
from futoshiki.reading.board import Board
from futoshiki.reading.orientation import (
    FlatBoard,
    Votes,
    combined,
    find_orientation,
    is_settled,
    most_likely,
    page_votes,
    turned,
)
from futoshiki.solving.generate import generate, random_puzzle

TURNS = [Orientation(turns) for turns in range(4)]


class Cells:
    """A stand-in for the clue network: what stands in the cells of a board, and how upright it stands.

    `digits` maps a cell to the probability of a digit there, `upright` a canvas' mark to nats for "stands upright". The
    canvases carry their orientation as a mark in a corner.
    """

    def __init__(self, digits: dict[tuple[int, int], float], upright: dict[Orientation, float]) -> None:
        self.digits, self.upright, self.batches = digits, upright, []

    def board(self) -> FlatBoard:
        canvas = np.zeros((3, 180, 180), np.float32)
        canvas[0, 0, 0], canvas[0, 0, -1] = 1.0, 2.0  # two marks, so that mirror images differ
        return FlatBoard(canvas, self)

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        self.batches.append(len(batch))
        return np.stack([self.output(canvas[0]) for canvas in batch])

    def output(self, canvas: np.ndarray) -> np.ndarray:
        marks = (canvas[0, 0], canvas[0, -1], canvas[-1, -1], canvas[-1, 0])
        known = {way: turned(self.board().canvas, way)[0] for way in (*TURNS, Orientation(0, mirrored=True))}
        way = next((k for k, c in known.items() if marks == (c[0, 0], c[0, -1], c[-1, -1], c[-1, 0])), None)
        output = np.zeros((16, 9, 9), np.float32)
        cells, upright = np.full((4, 4), 20.0), np.full((4, 4), self.upright.get(way, -12.0))
        for place, chance in self.digits.items():
            cells[place] = np.log((1 - chance) / chance) + np.log(9)
        if way is not None:
            cells = way.apply(cells)
        output[0, 1::2, 1::2], output[UPRIGHT, 1::2, 1::2] = cells, upright
        return output


def test_an_upright_board_needs_one_look():
    cells = Cells({(0, 1): 0.99, (2, 2): 0.99}, {Orientation(): 5.0})
    assert find_orientation(cells.board(), cells.board)[0] == Orientation()
    assert cells.batches == [1]


def test_a_board_upside_down_is_turned():
    cells = Cells({(0, 1): 0.99, (2, 2): 0.99}, {Orientation(2): 6.0})
    best, margin = find_orientation(cells.board(), cells.board)
    assert best == Orientation(2)
    assert margin > 6
    assert cells.batches == [1, 3]


def test_a_spot_that_may_be_a_digit_has_no_vote():
    cells = Cells({(0, 1): 0.3}, {Orientation(2): 6.0})
    assert find_orientation(cells.board(), cells.board) == (Orientation(), np.inf)


def test_a_single_digit_that_leaves_doubt_is_magnified_and_the_text_is_asked():
    cells, asked = Cells({(0, 1): 0.99}, {Orientation(2): 2.0}), []

    def by_text():
        asked.append(1)
        return dict(zip(TURNS, (-12.0, -12.0, -1.0, -12.0), strict=True))

    best, margin = find_orientation(cells.board(), cells.board, by_text)
    assert best == Orientation(2)
    assert cells.batches == [1, 3, 4]
    assert asked
    assert margin > find_orientation(cells.board(), cells.board)[1]


def by(turns: int, nats: float) -> Votes:
    return {way: nats if way.turns == turns else 0.0 for way in TURNS}


def test_other_boards_of_the_page_are_weighed_against_the_digits():
    cells = Cells({(0, 1): 0.99, (2, 2): 0.99}, {Orientation(): 4.0})
    assert find_orientation(cells.board(), cells.board)[0] == Orientation()

    def by_text():
        raise AssertionError("the text is not needed")

    assert find_orientation(cells.board(), cells.board, by_text, by(2, 6.0))[0] == Orientation()
    assert find_orientation(cells.board(), cells.board, by_text, by(2, 60.0))[0] == Orientation(2)


@pytest.mark.parametrize(("nats", "wanted"), [(0.5, 2), (20.0, 0)])
def test_a_board_without_digits_stands_as_the_others_unless_its_text_is_surer(nats, wanted):
    cells = Cells({}, {})
    assert find_orientation(cells.board(), cells.board, lambda: by(0, nats), by(2, 6.0))[0] == Orientation(wanted)


def test_mirror_images_are_tried_where_no_digit_stands_upright():
    cells = Cells({(0, 1): 0.99, (2, 2): 0.99}, {Orientation(0, mirrored=True): 6.0})
    assert find_orientation(cells.board(), cells.board)[0] == Orientation(0, mirrored=True)


def test_text_settles_what_a_single_digit_leaves_open():
    up, down, mirrored = Orientation(), Orientation(2), Orientation(0, mirrored=True)
    digits = {up: 1.0, down: 1.5, mirrored: -3.0}
    assert most_likely(digits)[0] == up  # most photos are upright
    text = {up: -12.0, Orientation(1): -12.0, down: -2.0, Orientation(3): -12.0}
    best, margin = most_likely(combined(digits, text))
    assert best == down
    assert margin == pytest.approx(6.5)
    assert combined(digits, {}) == digits
    assert combined({}, text) == text
    assert combined(digits, text)[mirrored] == -3.0


def test_a_single_digit_does_not_settle_the_orientation():
    assert is_settled(dict(zip(TURNS, (-12.0, -12.0, 11.9, -12.0), strict=True)))
    assert is_settled(dict(zip(TURNS, (-6.0, -6.0, 6.0, -6.0), strict=True)))  # no cell gives more
    assert not is_settled(dict(zip(TURNS, (-6.0, -6.0, 2.0, -6.0), strict=True)))
    assert not is_settled(dict(zip(TURNS, (-1.0, -12.0, -12.0, -12.0), strict=True)))  # a mirror image may be likelier
    assert not is_settled(dict(zip(TURNS, (8.0, -12.0, 11.9, -12.0), strict=True)))
    assert not is_settled({})


@pytest.mark.parametrize("turns", range(4))
def test_a_canvas_is_turned_as_its_cells_are(turns):
    page = np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    cells = np.stack(np.meshgrid(np.arange(5) * 45.0 + 60, np.arange(5) * 45.0 + 60), axis=-1)
    orientation = Orientation(turns, mirrored=turns == 1)
    canvas = turned(board_canvas(page, cells), orientation)
    assert np.abs(canvas - board_canvas(page, orientation.apply(cells))).mean() < 0.05


def lying(angle: float) -> Board:
    """A board whose rows run at that angle (radians), as it lies in a photo."""
    lattice = np.stack(np.meshgrid(np.arange(4.0), np.arange(4.0)), axis=-1)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Board(lattice @ turn * 40, 0.6, False, 1.0)


@pytest.mark.parametrize(("mine", "theirs", "turns", "wanted"), [
    (0.0, 0.1, 1, 1), (-0.7, 0.8, 3, 2), (0.7, -0.9, 3, 0), (0.2, 0.0, 2, 2),
])  # fmt: skip
def test_a_board_stands_as_the_others_of_its_page(mine, theirs, turns, wanted):
    votes = page_votes(lying(mine), [(lying(theirs), Orientation(turns), 9.0)])
    assert most_likely(votes)[0] == Orientation(wanted)


@pytest.mark.parametrize("margin", [1.0, np.inf], ids=["unsure", "without digits"])
def test_boards_that_do_not_know_it_themselves_turn_no_other(margin):
    assert page_votes(lying(0), [(lying(0), Orientation(1), margin)]) == {}


@pytest.mark.parametrize("turns", range(4))
def test_a_board_without_digits_is_read_the_way_up_that_its_page_stands(tmp_path, turns):
    pytest.importorskip("matplotlib", reason="sheets need the extra `print`")
    from futoshiki.drawing.print_sheet import Sheet

    signs, _ = random_puzzle(4, random.Random(1), signs=1.0, extra_givens=0.0)
    bare = Puzzle(4, ((0,) * 4,) * 4, signs.less)
    (path,) = Sheet([bare, generate(5, "easy", 1)], per_page=2, solutions=False).write(tmp_path / "sheet.png")
    page = load_photo(path).pixels
    only = np.full_like(page, 255)  # only the boards, so that no text gives the orientation away
    for board in solve_image(page).boards:
        x0, y0, x1, y1 = (round(edge) for edge in (*np.min(board.corners, axis=0) - 12, *np.max(board.corners, axis=0) + 12))
        only[y0:y1, x0:x1] = page[y0:y1, x0:x1]
    puzzles = {board.puzzle for board in solve_image(np.ascontiguousarray(np.rot90(only, turns))).boards}
    assert bare in puzzles and len(puzzles) == 2
