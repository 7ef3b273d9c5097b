"""Close views of an area, with a network that is simulated: it sees what the picture is painted with."""

import cv2
import numpy as np
import pytest

from futoshiki.networks.grid import CELLS
from futoshiki.photo import Photo
from futoshiki.reading.close_up import PROMISING, views
from futoshiki.reading.locate import Area, locate
from tests.helpers import PITCH, painted, painter


def area(left: float, top: float, right: float, bottom: float) -> Area:
    return Area(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float), complete=False, score=1.0)


@pytest.mark.parametrize("part", [(100, 100, 260, 260), (100, 180, 340, 340), (180, 100, 340, 260)])
def test_an_area_that_shows_a_part_of_a_board_leads_to_the_whole(part):
    photo = painted({(100, 100): 6})
    board = list(views(photo, area(*part), painter))[-1]
    assert board.size == 6
    assert not board.goes_on
    assert np.abs(board.cells[0, 0] - 120).max() < 3
    assert np.abs(board.cells[5, 5] - 320).max() < 3


def test_a_part_leads_to_the_whole_though_a_wide_view_shows_nothing():
    looked = []

    def blind_to_the_second(batch):
        looked.append(batch.shape)
        return painter(batch) * (len(looked) != 2)

    board = list(views(painted({(100, 100): 6}), area(100, 100, 260, 260), blind_to_the_second))[-1]
    assert (board.size, board.goes_on) == (6, False)


def test_an_area_without_a_board_is_looked_at_once():
    looked = []

    def counted(batch):
        looked.append(batch.shape)
        return painter(batch)

    assert not list(views(painted({(100, 100): 4}), area(380, 380, 540, 540), counted))
    assert len(looked) == 1


@pytest.mark.parametrize(("width", "worth_reading"), [(0.55, True), (0.45, False)])
def test_a_lattice_more_than_twice_as_long_as_wide_may_be_two_boards(width, worth_reading):
    pixels = cv2.resize(painted({(100, 100): 6}).pixels, None, fx=width, fy=1.0, interpolation=cv2.INTER_AREA)
    board = list(views(Photo(pixels, "page"), area(100 * width, 100, 340 * width, 340), painter))[-1]
    assert board.size == 6
    assert (board.score > PROMISING) == worth_reading


def test_a_neighbour_that_continues_the_rows_is_another_board():
    photo = painted({(60, 100): 5, (60 + 5 * PITCH + 12, 100): 5})
    board = list(views(photo, area(60, 100, 260, 300), painter))[-1]
    assert (board.size, board.goes_on) == (5, False)


@pytest.mark.parametrize(("margin", "runs"), [(0, 0), (600, 1)])
def test_a_board_that_the_search_saw_sharply_needs_no_close_view(margin, runs):
    photo = Photo(np.pad(painted({(100, 100): 6}).pixels[:431], ((0, margin), (0, margin), (0, 0))), "page")
    looked = []

    def counted(batch):
        looked.append(batch.shape)
        return painter(batch)

    (found,) = locate(photo, painter)
    board = next(views(photo, found, counted))
    assert len(looked) == runs
    assert board.size == 6
    centres = np.arange(6) * PITCH + 120 - 0.5
    assert np.abs((board.cells - np.stack(np.meshgrid(centres, centres), axis=-1)).mean(axis=(0, 1))).max() < 0.6
    assert np.abs(board.cells - np.stack(np.meshgrid(centres, centres), axis=-1)).max() < 2


@pytest.mark.parametrize("beside", [0, PITCH])
def test_a_board_that_runs_out_of_the_picture_may_go_on(beside):
    pixels = painted({(100, 100): 6}).pixels[:, : 100 + 6 * PITCH - 2 * PITCH + beside]
    board = list(views(Photo(np.ascontiguousarray(pixels), "cut"), area(100, 100, 260 + beside, 340), painter))
    assert not board or board[-1].goes_on or board[-1].size == 4


@pytest.mark.parametrize("size", [4, 6, 9])
def test_the_number_of_cells_that_are_hardly_seen_is_told_by_their_pattern(size):
    pixels = faintly(size, seen=0.6)
    found = list(views(Photo(pixels, "frame"), area(100, 100, 100 + PITCH * size, 100 + PITCH * size), painter))
    assert found[-1].size == size
    centres = np.arange(size) * PITCH + 100 + PITCH / 2
    assert np.abs(found[-1].cells - np.stack(np.meshgrid(centres, centres), axis=-1)).max() < 0.15 * PITCH


def test_an_area_without_any_pattern_of_cells_is_looked_at_once():
    looked = []

    def counted(batch):
        looked.append(batch.shape)
        return painter(batch)

    assert not list(views(Photo(faintly(6, seen=0.0), "blank"), area(100, 100, 340, 340), counted))
    assert len(looked) == 1


def test_a_walk_that_agrees_with_the_pattern_counts():
    """It sees each cell where it is; here one row is a little off."""
    pixels = painted({(100, 100): 6}).pixels
    row = slice(100 + 2 * PITCH, 100 + 3 * PITCH)
    pixels[row] = np.roll(pixels[row], 6, axis=1)
    pixels[..., CELLS] = np.where(pixels[..., CELLS], 160, 0)  # too faint for a good score, and clear enough to walk
    board = list(views(Photo(pixels, "off"), area(100, 100, 340, 340), painter))[-1]
    assert board.score < PROMISING
    assert np.abs(board.cells[2, :, 0] - board.cells[4, :, 0] - 6).max() < 2


def faintly(size: int, seen: float) -> np.ndarray:
    """The picture of a board of which a share of the cells is seen, all of them faintly."""
    pixels = painted({(100, 100): size}).pixels
    shown = np.random.default_rng(0).random((size, size)) < seen
    mask = np.kron(shown, np.ones((PITCH, PITCH), bool))
    board = pixels[100 : 100 + PITCH * size, 100 : 100 + PITCH * size, CELLS]
    board[:] = np.where(mask & (board > 0), 110, 0)
    return pixels
