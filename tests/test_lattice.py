import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from futoshiki.reading.lattice import Lattice, blobs, fit_lattice

VIEW = 256


def fitted(centres: np.ndarray, areas: np.ndarray) -> Lattice | None:
    return fit_lattice(centres, areas, VIEW)


def grid(size: int, pitch: float = 24.0, angle: float = 0.0, bend: float = 0.0) -> np.ndarray:
    """Centres of an N x N board, turned by degrees and bent like a page."""
    xs, ys = np.meshgrid(np.arange(size) * pitch, np.arange(size) * pitch)
    points = np.stack([xs, ys + bend * np.sin(xs / (size * pitch) * np.pi)], axis=-1)
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return points @ matrix + 40


@given(st.integers(4, 9), st.floats(-18, 18), st.floats(-0.1, 0.1), st.integers(0, 10**6))
def test_turned_and_bent_boards_are_numbered_right(size, angle, bend, seed):
    truth = grid(size, angle=angle, bend=bend * size * 24)
    noise = np.random.default_rng(seed)
    points = noise.permutation(truth.reshape(-1, 2) + noise.normal(0, 0.7, (size * size, 2)))
    lattice = fitted(points, np.full(len(points), 90.0))
    assert lattice is not None
    assert lattice.size == size
    assert np.abs(lattice.cells - truth).max() < 4


@pytest.mark.parametrize("size", [5, 7, 9])
def test_unseen_cells_are_interpolated(size):
    truth = grid(size, bend=12)
    points = np.delete(truth.reshape(-1, 2), [size + 2, 2 * size + 1], axis=0)
    lattice = fitted(points, np.full(len(points), 90.0))
    assert lattice is not None
    assert lattice.filled < 1
    assert np.abs(lattice.cells - truth).max() < 6


def test_a_row_of_foreign_spots_is_dropped():
    truth = grid(6)
    strangers = np.array([[40.0, 40 + 6 * 24], [64.0, 40 + 6 * 24]])
    points = np.concatenate([truth.reshape(-1, 2), strangers])
    lattice = fitted(points, np.full(len(points), 90.0))
    assert lattice is not None
    assert lattice.size == 6


def test_scattered_spots_are_no_board():
    points = np.random.default_rng(0).uniform(0, 256, (30, 2))
    lattice = fitted(points, np.full(30, 90.0))
    assert lattice is None or lattice.size < 4
    assert fitted(np.zeros((0, 2)), np.zeros(0)) is None


def test_a_neighbours_cells_that_continue_the_rows_are_left_out():
    truth = grid(5)
    neighbour = np.array([[40 + 5 * 24 + 7 + 24 * k, 40 + 24 * r] for k in range(2) for r in range(5)], float)
    lattice = fitted(np.concatenate([truth.reshape(-1, 2), neighbour]), np.full(35, 90.0))
    assert lattice is not None
    assert np.abs(lattice.cells - truth).max() < 1


def lines(count: int, wide: dict[int, float], *, start: float = 20.0, slant: float = 1.0) -> np.ndarray:
    """Where lines of cells lie; in a view from the side each step is wider than the one before, `wide` ones besides."""
    steps = [20 * slant ** (k - count / 2) * wide.get(k, 1.0) for k in range(count - 1)]
    return start + np.concatenate([[0], np.cumsum(steps)])


@pytest.mark.parametrize("slant", [1.0, 1.04, 1 / 1.04])
@pytest.mark.parametrize(("wider", "size"), [(1.3, 5), (1.1, 9)])
def test_a_step_wider_than_both_beside_it_leads_to_another_board(slant, wider, size):
    along = lines(9, {4: wider}, slant=slant)
    lattice = fitted(np.stack(np.meshgrid(along, along), axis=-1).reshape(-1, 2), np.full(81, 60.0))
    assert lattice is not None
    assert np.abs(lattice.cells - np.stack(np.meshgrid(along, along), axis=-1)[:size, :size]).max() < 1


@pytest.mark.parametrize(("start", "first"), [(15.0, 4), (80.0, 0)])
def test_of_boards_of_one_size_the_one_nearest_to_the_middle_of_the_view_is_taken(start, first):
    along = lines(8, {3: 1.3}, start=start)
    across = lines(4, {}, start=100.0)
    lattice = fitted(np.stack(np.meshgrid(along, across), axis=-1).reshape(-1, 2), np.full(32, 60.0))
    assert lattice is not None
    assert np.abs(lattice.cells[0, :, 0] - along[first : first + 4]).max() < 1


def test_a_few_spots_beyond_a_wider_step_do_not_hide_a_board():
    along = lines(9, {3: 1.3})
    spots = [(x, y) for k, y in enumerate(along) for x in along[: 4 if k < 4 else 1]]
    lattice = fitted(np.array(spots), np.full(len(spots), 60.0))
    assert lattice is not None
    assert lattice.size == 4


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize(("lines", "pitch"), [(6, 24.0), (9, 24.0), (11, 20.0), (12, 18.0)])
@pytest.mark.parametrize("flip", [False, True])
def test_of_boards_exactly_one_pitch_apart_the_one_at_an_end_is_taken(axis, lines, pitch, flip):
    ys, xs = np.mgrid[:lines, :5] * pitch
    points = np.stack([xs + 80, ys + pitch / 2], axis=-1)  # before the first line the view ends, after the last the page is blank
    truth = points[-5:]
    if flip:
        points, truth = VIEW - points, VIEW - truth[::-1, ::-1]
    if axis:
        points, truth = points[..., ::-1], truth[..., ::-1].swapaxes(0, 1)
    lattice = fitted(points.reshape(-1, 2), np.full(5 * lines, 60.0))
    assert lattice is not None
    assert np.abs(lattice.cells - truth).max() < 1


def test_lines_without_any_cell_are_no_part_of_a_board():
    rows = [[0, 1] if row not in (4, 5) else [] for row in range(10)]
    for row in range(3, 7):
        rows[row] = [*rows[row], 2]
    centres = np.array([[60 + 22.0 * column, 20 + 22.0 * row] for row, columns in enumerate(rows) for column in columns])
    lattice = fitted(centres, np.full(len(centres), 60.0))
    assert lattice is None or np.isfinite(lattice.cells).all()


def test_where_no_end_is_seen_the_middle_of_the_view_counts():
    ys, xs = np.mgrid[:12, :5] * 22.0
    points = np.stack([xs + 80, ys + 7], axis=-1)  # another line would lie outside of the view on either side
    lattice = fitted(points.reshape(-1, 2), np.full(60, 60.0))
    assert lattice is not None
    assert abs(lattice.cells[..., 1].mean() - VIEW / 2) < 22


def test_a_board_with_smaller_cells_beside_it_is_told_apart():
    truth = grid(5)
    small = grid(9, pitch=11)[:, :5].reshape(-1, 2) + [5 * 24 + 4, 0]
    centres = np.concatenate([truth.reshape(-1, 2), small])
    areas = np.concatenate([np.full(25, 120.0), np.full(len(small), 25.0)])
    lattice = fitted(centres, areas)
    assert lattice is not None
    assert lattice.size == 5
    assert np.abs(lattice.cells - truth).max() < 1


def test_blobs_leave_out_specks_and_what_lies_outside():
    mask = np.zeros((60, 60), np.uint8)
    for x in (5, 25, 45):
        mask[10:20, x : x + 10] = 1
    mask[40, 40] = 1
    inside = np.zeros_like(mask)
    inside[:, :40] = 1
    centres, areas = blobs(mask, inside)
    assert centres.round(1).tolist() == [[9.5, 14.5], [29.5, 14.5]]
    assert areas.tolist() == [100, 100]


@pytest.mark.parametrize("size", [7, 9])
def test_cells_that_shrink_towards_the_far_side_are_one_board(size):
    truth = grid(size, pitch=20.0)
    away = 1 + 0.8 * np.arange(size)[:, None] / size  # the last row is nearest to the camera, with cells of 3 times the area
    truth = truth * away[..., None]
    areas = np.broadcast_to(80 * away**2, (size, size))
    lattice = fitted(truth.reshape(-1, 2), areas.ravel())
    assert lattice is not None
    assert np.abs(lattice.cells - truth).max() < 1


def test_four_specks_far_apart_are_no_board():
    corners = np.array([[10.0, 10], [200, 12], [198, 210], [9, 205]])
    assert fitted(corners, np.full(4, 9.0)) is None


def test_a_broken_cell_is_placed_by_its_neighbours():
    truth = grid(6)
    centres, areas = truth.reshape(-1, 2).copy(), np.full(36, 90.0)
    centres[14] += [6, -5]  # a fragment, away from the cell's middle
    areas[14] = 40.0
    lattice = fitted(centres, areas)
    assert lattice is not None
    assert np.abs(lattice.cells - truth).max() < 0.1
    assert lattice.rough < 0.01


def test_scattered_cells_are_rough():
    noise = np.random.default_rng(0)
    lattice = fitted(grid(6).reshape(-1, 2) + noise.normal(0, 2.5, (36, 2)), np.full(36, 90.0))
    assert lattice is not None
    assert lattice.rough > 0.05
