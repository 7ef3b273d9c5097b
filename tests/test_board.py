from dataclasses import replace

import cv2
import numpy as np
import pytest

from futoshiki.photo import Photo
from futoshiki.reading.close_up import GLANCE_SIDE, GOES_ON, VIEW_SIDE, Board, _beyond, _smooth, looks
from futoshiki.reading.locate import Area, locate

PITCH = 40


def painted(boards: dict[tuple[int, int], int]) -> Photo:
    """A picture that says itself what the network would: red where a board is, blue the middle of each cell.

    `boards` has the top left corner and the size of each.
    """
    pixels = np.zeros((600, 600, 3), np.uint8)
    for (left, top), size in boards.items():
        end = PITCH * size
        pixels[top : top + end, left : left + end, 0] = 255
        for row in range(size):
            for column in range(size):
                centre = (left + PITCH * column + PITCH // 2, top + PITCH * row + PITCH // 2)
                cv2.rectangle(pixels, (centre[0] - 11, centre[1] - 11), (centre[0] + 11, centre[1] + 11), (255, 0, 255), -1)
    return Photo(pixels, "painted")


def seen(batch: np.ndarray) -> np.ndarray:
    """The maps in such a picture: the red channel as open area, the blue one as cells."""
    maps = np.moveaxis(batch[0].astype(np.float32) / 255, -1, 0)
    maps[1] = 0.0
    maps[:, (batch[0] == 114).all(axis=-1)] = 0.0  # beyond the picture
    return maps[None]


def area(left: float, top: float, right: float, bottom: float) -> Area:
    return Area(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float), complete=False, score=1.0)


@pytest.mark.parametrize("part", [(100, 100, 260, 260), (100, 180, 340, 340), (180, 100, 340, 260)])
def test_an_area_that_shows_a_part_of_a_board_leads_to_the_whole(part):
    photo = painted({(100, 100): 6})
    board = list(looks(photo, area(*part), seen))[-1]
    assert board.size == 6
    assert not board.goes_on
    assert np.abs(board.cells[0, 0] - 120).max() < 3
    assert np.abs(board.cells[5, 5] - 320).max() < 3


def test_a_neighbour_that_continues_the_rows_is_another_board():
    photo = painted({(60, 100): 5, (60 + 5 * PITCH + 12, 100): 5})
    board = list(looks(photo, area(60, 100, 260, 300), seen))[-1]
    assert (board.size, board.goes_on) == (5, False)


def test_in_a_hurry_a_glance_without_cells_is_enough():
    sides = []

    def counted(batch):
        sides.append(batch.shape[1])
        return seen(batch)

    photo = painted({(100, 100): 4})
    assert [board.size for board in looks(photo, area(100, 100, 260, 260), counted, glance=True)] == [4]
    assert sides == [GLANCE_SIDE, VIEW_SIDE]
    sides.clear()
    assert not list(looks(photo, area(400, 400, 560, 560), counted, glance=True))
    assert sides == [GLANCE_SIDE]


@pytest.mark.parametrize(("margin", "runs"), [(0, 0), (600, 1)])
def test_a_board_that_the_search_saw_sharply_needs_no_closer_look(margin, runs):
    photo = Photo(np.pad(painted({(100, 100): 6}).pixels[:431], ((0, margin), (0, margin), (0, 0))), "page")
    looked = []

    def counted(batch):
        looked.append(batch.shape)
        return seen(batch)

    (found,) = locate(photo, seen)
    board = next(looks(photo, found, counted))
    assert len(looked) == runs
    assert board.size == 6
    centres = np.arange(6) * PITCH + 120 - 0.5
    assert np.abs((board.cells - np.stack(np.meshgrid(centres, centres), axis=-1)).mean(axis=(0, 1))).max() < 0.6
    assert np.abs(board.cells - np.stack(np.meshgrid(centres, centres), axis=-1)).max() < 2


@pytest.mark.parametrize("size", range(4, 10))
def test_a_bent_board_keeps_its_shape_and_a_cell_seen_askew_moves_back(size):
    along = np.linspace(0, 1, size)
    x, y = np.meshgrid(along, along)
    bent = np.stack([100 * x + 9 * y**2 - 7 * x * y**2, 100 * y + 12 * x**3 - 4 * x * y], axis=-1)
    assert np.abs(_smooth(bent) - bent).max() < 1e-6
    askew = bent.copy()
    askew[1, 2] += (3.0, -2.0)
    assert np.abs(_smooth(askew) - bent).max() < 0.7 * np.abs(askew - bent).max()


@pytest.mark.parametrize(("start", "follows"), [(17.0, True), (60.0, False)])
def test_more_cells_may_follow_where_the_edge_of_the_board_is_out_of_view(start, follows):
    xs, ys = np.meshgrid(np.arange(4) * 55.0 + start, np.arange(4) * 55.0 + 45)
    cells, nothing = np.stack([xs, ys], axis=-1), np.zeros((VIEW_SIDE, VIEW_SIDE), np.float32)
    shares = _beyond(cells, nothing, nothing > 0.5)
    assert (shares[2] >= GOES_ON) is follows
    assert max(shares[:2]) < GOES_ON


def test_a_board_grows_where_cells_follow():
    xs, ys = np.meshgrid(np.arange(4) * 10.0, np.arange(4) * 10.0)
    cells = np.stack([xs, ys], axis=-1)
    board = Board(cells, 1.0, complete=False, score=1.0, beyond=(1.0, 0.0, 0.0, 0.8))
    assert board.goes_on
    assert board.grown().cells.shape == (5, 5, 2)
    assert board.grown().cells[0, 4].tolist() == [40, -10]
    other = replace(board, beyond=(0.0, 0.9, 0.9, 0.0)).grown()
    assert other.cells[0, 0].tolist() == [-10, 0]
    assert other.cells[4, 0].tolist() == [-10, 40]
    assert not other.goes_on
    assert Board(cells, 1.0, complete=False, score=1.0).grown().cells.tolist() == cells.tolist()
