import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from futoshiki.geometry import Orientation, quad_iou, resizing, smooth_surface, transform, width_and_height

SQUARE = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])


def test_resizing_keeps_the_edges_of_a_picture():
    corners = np.array([[-0.5, -0.5], [9.5, 5.5]])  # of 10 x 6 pixels
    assert np.allclose(transform(corners, resizing(2, 0.5)), [[-0.5, -0.5], [19.5, 2.5]])


@given(st.integers(0, 3), st.booleans(), st.integers(2, 9))
def test_an_orientation_can_be_undone(turns, mirrored, size):
    way = Orientation(turns, mirrored)
    board = np.arange(size * size).reshape(size, size)
    assert (way.inverse.apply(way.apply(board)) == board).all()


def test_half_of_a_square_has_a_third_of_the_union():
    assert quad_iou(SQUARE, SQUARE + [5, 0]) == pytest.approx(1 / 3)
    assert quad_iou(SQUARE, SQUARE + [50, 0]) == 0.0


@given(arrays(np.float64, (2, 4, 2), elements=st.integers(0, 100)))
def test_twisted_quads_share_nothing_less_than_nothing(quads):
    assert quad_iou(*quads) >= 0


@pytest.mark.parametrize("size", range(4, 10))
def test_a_bent_board_keeps_its_shape_and_a_single_cell_moves_back(size):
    along = np.linspace(0, 1, size)
    x, y = np.meshgrid(along, along)
    bent = np.stack([100 * x + 9 * y**2 - 7 * x * y**2, 100 * y + 12 * x**3 - 4 * x * y], axis=-1)
    assert np.abs(smooth_surface(bent, 3) - bent).max() < 1e-6
    askew = bent.copy()
    askew[1, 2] += (3.0, -2.0)
    assert np.abs(smooth_surface(askew, 3) - bent).max() < 0.7 * np.abs(askew - bent).max()
    seen = np.ones((size, size), bool)
    seen[1, 2] = False
    if size > 4:  # ten terms need some more points than that
        assert np.abs(smooth_surface(askew, 3, seen) - bent).max() < 1e-6


def test_width_and_height_are_those_of_the_sides_whichever_way_they_run():
    quad = np.array([[0, 0], [3, 4], [-1, 7], [-4, 3]], float)
    assert width_and_height(quad) == (10.0, 10.0)
    assert width_and_height(np.array([[0, 0], [6, 0], [6, 2], [0, 2.0]])) == (12.0, 4.0)
