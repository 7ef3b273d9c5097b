"""Finding boards with a network that is simulated: it sees what the picture is painted with."""

import cv2
import numpy as np
import pytest

from futoshiki.geometry import perspective, quad_iou, shrink_quads, transform
from futoshiki.networks.grid import CELLS, COMPLETE, OPEN
from futoshiki.photo import Photo
from futoshiki.reading.close_up import views
from futoshiki.reading.locate import fit_quad, locate, upright_order
from tests.helpers import fill, painter


def board(size: int, quad: np.ndarray, gap: float = 0.4) -> tuple[np.ndarray, np.ndarray]:
    """Cell quads (N x N x 4 x 2) and corners of a board that fills a quad of the photo."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    side = 1 / (size + gap * (size - 1))
    starts = np.arange(size) * side * (1 + gap)
    cells = np.array([[unit * side + [x, y] for x in starts] for y in starts])
    return transform(cells, perspective(unit, quad)), quad


def scene(boards, size=(480, 640), areas=True) -> Photo:
    pixels = np.zeros((*size, 3), np.uint8)
    for cells, corners, channel in boards:
        if areas:
            fill(pixels, channel, corners[None])
        fill(pixels, CELLS, shrink_quads(cells, 0.6).reshape(-1, 4, 2))
    return Photo(pixels, "scene")


TILTED = np.array([[140.0, 90], [420, 60], [470, 380], [110, 350]])


@pytest.mark.parametrize("size", range(4, 10))
@pytest.mark.parametrize("areas", [True, False])
def test_a_tilted_board_is_found_counted_and_its_corners_fitted(size, areas):
    cells, corners = board(size, TILTED)
    photo = scene([(cells, corners, OPEN)], areas=areas)
    found = locate(photo, painter)
    assert found
    assert not found[0].complete
    *_, result = views(photo, found[0], painter)
    assert result.size == size
    assert np.abs(result.cells - cells.mean(axis=2)).max() < 4
    assert quad_iou(result.corners, corners) > 0.95


def test_open_boards_come_before_finished_ones_and_large_before_small():
    large, small = TILTED, np.array([[500.0, 300], [600, 300], [600, 400], [500, 400]])
    photo = scene([(*board(5, large), COMPLETE), (*board(4, small), OPEN)])
    found = locate(photo, painter)
    assert [area.complete for area in found] == [False, True]
    assert quad_iou(found[0].quad, small) > 0.8


def test_a_faint_puzzle_comes_last_and_what_is_fainter_not_at_all():
    faint, clear = TILTED, np.array([[500.0, 300], [600, 300], [600, 400], [500, 400]])

    def network(batch: np.ndarray) -> np.ndarray:
        maps = painter(batch)
        maps[:, OPEN] *= 0.1
        return maps

    photo = scene([(*board(4, clear), COMPLETE), (*board(5, faint), OPEN)], areas=True)
    photo.pixels[..., CELLS] = 0
    assert [area.complete for area in locate(photo, network)] == [True, False]
    assert quad_iou(locate(photo, network)[1].quad, faint) > 0.8
    assert [area.complete for area in locate(photo, lambda batch: network(batch) * [[[[0.4]], [[1]], [[1]]]])] == [True]


def test_few_cells_apart_from_a_board_are_no_area():
    cells, corners = board(5, TILTED)
    few = board(2, np.array([[520.0, 300], [600, 300], [600, 380], [520, 380]]), gap=0.2)
    found = locate(scene([(cells, corners, OPEN), (*few, OPEN)], areas=False), painter)
    assert len(found) == 1 and quad_iou(found[0].quad, corners) > 0.8


def test_an_empty_picture_holds_nothing():
    assert locate(Photo(np.zeros((300, 400, 3), np.uint8), "empty"), painter) == []
    assert locate(Photo(np.zeros((1, 1, 3), np.uint8), "dot"), painter) == []


def test_corners_begin_with_the_one_that_looks_like_the_top_left():
    quad = np.array([[0, 0], [10, 1], [11, 12], [1, 10]], float)
    for turns in range(4):
        assert np.array_equal(upright_order(np.roll(quad, turns, axis=0)), quad)
    mask = np.zeros((100, 100), np.uint8)
    cv2.fillPoly(mask, [np.array([[20, 15], [80, 25], [75, 85], [15, 70]])], 1)
    assert quad_iou(fit_quad(mask), np.array([[20, 15], [80, 25], [75, 85], [15, 70]])) > 0.93
