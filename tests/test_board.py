"""A board's geometry."""

from dataclasses import replace

import numpy as np

from futoshiki.geometry import Orientation
from tests.helpers import flat_board


def test_a_board_grows_where_cells_follow():
    board = replace(flat_board(4, pitch=10.0, start=0.0), beyond=(1.0, 0.0, 0.0, 0.8))
    assert board.goes_on
    assert board.grown().cells.shape == (5, 5, 2)
    assert board.grown().cells[0, 4].tolist() == [40, -10]
    other = replace(board, beyond=(0.0, 0.9, 0.9, 0.0)).grown()
    assert other.cells[0, 0].tolist() == [-10, 0]
    assert other.cells[4, 0].tolist() == [-10, 40]
    assert not other.goes_on
    whole = flat_board(4)
    assert whole.grown().cells.tolist() == whole.cells.tolist()


def test_corners_lie_half_a_cell_outside_and_turn_with_the_cells():
    board = replace(flat_board(4, pitch=10.0, start=5.0), cell_share=0.8)
    assert board.corners.tolist() == [[1, 1], [39, 1], [39, 39], [1, 39]]
    assert board.oriented(Orientation(1)).corners.tolist() == np.roll(board.corners, 1, axis=0).tolist()


def test_a_part_of_a_cell_is_expected_to_reach_as_far_as_a_whole_one():
    board = replace(flat_board(4, pitch=10.0, start=5.0), cell_share=0.8)
    assert board.expected_edges.min(axis=0).tolist() == [1, 1]
    assert board.expected_edges.max(axis=0).tolist() == [39, 39]
    cut = board.cells.copy()
    cut[:, -1, 0] -= 2  # the middles of what the photo shows of the last column
    assert replace(board, cells=cut).expected_edges.max(axis=0).tolist() == [39, 39]
    assert replace(flat_board(2, pitch=10.0, start=5.0), cell_share=0.8).expected_edges.max() == 19
