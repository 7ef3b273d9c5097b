import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from futoshiki.geometry import Orientation, quad_iou

SQUARE = np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]])


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
