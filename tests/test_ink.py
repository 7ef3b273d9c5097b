"""The colour of ink, which tells a player's digits from print."""

import numpy as np
import pytest

from futoshiki.networks.canvas import board_canvas
from futoshiki.photo import Photo
from futoshiki.puzzle import Puzzle
from futoshiki.reading.ink import COLOUR, ink_looks, two_inks
from futoshiki.reading.reader import Reader
from tests.helpers import case

cv2 = pytest.importorskip("cv2")
BLACK, RED, BLUE = (20, 20, 20), (200, 30, 30), (30, 40, 190)


def drawn(digits: dict[tuple[int, int], tuple[int, tuple[int, int, int]]], size: int = 5, less=()) -> np.ndarray:
    """A board of separate boxes, 60 pixels apart, with digits (value and colour)."""
    side = 60 * size + 60
    page = np.full((side, side, 3), 245, np.uint8)
    for r, c in np.ndindex(size, size):
        x, y = 60 + 60 * c, 60 + 60 * r
        cv2.rectangle(page, (x - 20, y - 20), (x + 20, y + 20), (60, 60, 60), 2)
        if (r, c) in digits:
            value, colour = digits[r, c]
            cv2.putText(page, str(value), (x - 9, y + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.9, colour, 2, cv2.LINE_AA)
    for r1, c1, r2, c2 in less:
        x, y = 60 + 30 * (c1 + c2), 60 + 30 * (r1 + r2)
        tip = np.array([c1 - c2, r1 - r2]) * 5
        wing = np.array([tip[1], tip[0]])
        points = np.array([[x, y] - tip + wing, [x, y] + tip, [x, y] - tip - wing])
        cv2.polylines(page, [points.astype(np.int32)], False, (20, 20, 20), 2, cv2.LINE_AA)
    return page


def cells(size: int = 5) -> np.ndarray:
    along = 60.0 + 60 * np.arange(size)
    return np.stack(np.meshgrid(along, along), axis=-1).astype(np.float32)


@pytest.mark.parametrize("other", [RED, BLUE])
def test_two_inks_are_told_apart_and_one_is_not_split(other):
    places = {(0, 0): BLACK, (1, 3): BLACK, (4, 4): other, (2, 2): other, (3, 0): BLACK}
    filled = np.zeros((5, 5), bool)
    filled[tuple(zip(*places, strict=True))] = True
    digits = {cell: (k + 1, colour) for k, (cell, colour) in enumerate(places.items())}
    inks = two_inks(ink_looks(board_canvas(drawn(digits), cells()))[..., COLOUR], filled)
    assert inks is not None
    found = sorted(sorted((int(r), int(c)) for r, c in np.argwhere(ink)) for ink in inks)
    assert found == [[(0, 0), (1, 3), (3, 0)], [(2, 2), (4, 4)]]
    alike = {cell: (value, other) for cell, (value, _) in digits.items()}
    assert two_inks(ink_looks(board_canvas(drawn(alike), cells()))[..., COLOUR], filled) is None


def test_less_than_two_digits_have_no_two_inks():
    filled = np.zeros((4, 4), bool)
    filled[0, 0] = True
    assert two_inks(np.zeros((4, 4, 2), np.float32), filled) is None


@pytest.mark.parametrize("right", [False, True])
def test_entries_in_another_ink_are_no_clues_whether_right_or_wrong(right):
    puzzle, solution = case(3)
    blank = [(r, c) for r, c in np.ndindex(5, 5) if not puzzle.givens[r][c]][:5]
    digits = {(r, c): (value, BLACK) for r, c, value in puzzle.given_cells}
    digits |= {(r, c): (solution[r][c] if right else solution[r][c] % 5 + 1, RED) for r, c in blank}
    board = Reader().read(Photo(drawn(digits, less=puzzle.less), "page")).board
    assert board is not None
    assert (board.status, board.solution) == ("solved", solution)
    assert {(r, c) for r, c, _ in board.entries} <= set(blank)
    assert len(board.entries) >= 4
    assert board.puzzle == Puzzle(5, puzzle.givens, puzzle.less)
