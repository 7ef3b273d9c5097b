import numpy as np
import pytest

from futoshiki.networks.canvas import (
    BLOCK,
    LARGE_CELLS,
    LARGE_SIGNS,
    MARGIN,
    around_board,
    board_canvas,
    canvas_side,
    lattice_map,
)


def test_each_cell_centre_comes_to_the_middle_of_its_block():
    xs, ys = np.meshgrid(np.arange(5) * 31.0 + 50, np.arange(5) * 29.0 + 70)
    cells = np.stack([xs, ys], axis=-1).astype(np.float32)
    source = lattice_map(cells)
    assert source.shape == (canvas_side(5), canvas_side(5), 2)
    for r in range(5):
        for c in range(5):
            y, x = (2 * r + 1) * BLOCK + BLOCK // 2, (2 * c + 1) * BLOCK + BLOCK // 2
            middle = source[y - 1 : y + 1, x - 1 : x + 1].mean(axis=(0, 1))
            assert np.abs(middle - cells[r, c]).max() < 0.1


def test_the_canvas_is_even_whatever_the_light():
    grey = np.full((400, 400), 180, np.uint8)
    for k in range(5):
        for j in range(5):
            grey[60 + 60 * k - 20 : 60 + 60 * k + 20, 60 + 60 * j - 20 : 60 + 60 * j + 20] = 60
    shade = np.linspace(1.0, 0.4, 400)
    xs, ys = np.meshgrid(np.arange(5) * 60.0 + 60, np.arange(5) * 60.0 + 60)
    cells = np.stack([xs, ys], axis=-1).astype(np.float32)
    bright = board_canvas(rgb(grey), cells)
    shaded = board_canvas(rgb((grey * shade).astype(np.uint8)), cells)
    assert abs(float(bright.mean())) < 0.3
    assert np.abs(bright - shaded)[0].mean() < 0.2
    assert not bright[1:].any()  # no colour


def test_a_large_photo_is_reduced_without_moving_the_board():
    small = np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    large = small.repeat(4, axis=0).repeat(4, axis=1)
    xs, ys = np.meshgrid(np.arange(4) * 60.0 + 60, np.arange(4) * 60.0 + 60)
    cells = np.stack([xs, ys], axis=-1).astype(np.float32)
    difference = board_canvas(small, cells) - board_canvas(large, cells * 4 + 1.5)
    assert np.abs(difference[0]).mean() < 0.35


def test_what_lies_on_a_board_stands_out_by_its_colour_in_any_light():
    xs, ys = np.meshgrid(np.arange(4) * 60.0 + 60, np.arange(4) * 60.0 + 60)
    cells = np.stack([xs, ys], axis=-1).astype(np.float32)
    page = np.full((300, 300, 3), 220, np.uint8)
    page[50:70, 50:70] = 60  # print in the first cell
    page[110:130, 110:130] = (60, 40, 90)  # something violet in the next one on the diagonal
    for light in (1.0, 0.5):
        canvas = board_canvas((page * light).astype(np.uint8), cells)
        ink, thing = (canvas[:, k * BLOCK : (k + 1) * BLOCK, k * BLOCK : (k + 1) * BLOCK].mean(axis=(1, 2)) for k in (1, 3))
        assert abs(ink[0] - thing[0]) < 0.5
        assert np.abs(ink[1:]).max() < 0.02
        assert thing[2] > 0.1  # bluer than the page


def rgb(grey: np.ndarray) -> np.ndarray:
    return np.repeat(grey[..., None], 3, axis=2)


def test_magnified_cells_keep_their_middle_and_show_less_of_what_is_around():
    xs, ys = np.meshgrid(np.arange(4) * 40.0 + 50, np.arange(4) * 40.0 + 50)
    cells = np.stack([xs, ys], axis=-1).astype(np.float32)
    plain, closer = lattice_map(cells), lattice_map(cells, LARGE_CELLS)
    middle = 3 * BLOCK + BLOCK // 2  # of cell (1, 1)
    assert np.abs(closer[middle, middle] - plain[middle, middle]).max() < 0.5
    step = np.diff(closer[middle, middle - 8 : middle + 8, 0]).mean()
    assert step * LARGE_CELLS.magnify == pytest.approx(np.diff(plain[middle, middle - 8 : middle + 8, 0]).mean(), rel=0.01)
    assert (np.diff(plain[middle, :, 0]) > 0.9).all()  # nothing is shown twice
    assert (np.diff(closer[middle, :, 0]) > 0).all()
    edges = np.array([2, 4]) * BLOCK + BLOCK // 2  # between cells: seen at the same place
    assert np.abs(closer[middle, edges, 0] - plain[middle, edges, 0]).max() < 2.5


def test_magnified_signs_keep_their_middle_and_nothing_is_shown_twice():
    xs, ys = np.meshgrid(np.arange(4) * 40.0 + 50, np.arange(4) * 40.0 + 50)
    cells = np.stack([xs, ys], axis=-1).astype(np.float32)
    plain, closer = lattice_map(cells), lattice_map(cells, LARGE_SIGNS)
    middles = np.arange(1, 8) * BLOCK + BLOCK // 2  # of cells and of edges
    assert np.abs(closer[middles][:, middles] - plain[middles][:, middles]).max() < 0.5
    edge = 4 * BLOCK + BLOCK // 2
    for row in (3 * BLOCK + BLOCK // 2, edge):
        step = np.diff(closer[row, edge - 6 : edge + 6, 0]).mean()
        assert step * LARGE_SIGNS.magnify == pytest.approx(1.0, rel=0.01)
        assert (np.diff(closer[row, :, 0]) > 0).all()


def test_the_part_around_a_board_gives_the_same_canvas():
    photo = np.random.default_rng(3).integers(0, 256, (700, 800, 3), dtype=np.uint8)
    cells = np.stack(np.meshgrid(np.arange(5) * 41.5 + 300, np.arange(5) * 40.25 + 240), axis=-1).astype(np.float32)
    part, moved = around_board(photo, cells, 2 * MARGIN)
    assert part.shape[0] < 500 and np.array_equal(part[0, 0], photo[tuple((cells - moved)[0, 0, ::-1].astype(int))])
    assert np.allclose(board_canvas(part, moved), board_canvas(photo, cells), atol=0.02)
