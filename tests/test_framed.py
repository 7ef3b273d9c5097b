"""Cells that are hardly seen, in a frame that is."""

import cv2
import numpy as np
import pytest

from futoshiki.geometry import mean_pitch, perspective, transform
from futoshiki.reading.found import SIZES
from futoshiki.reading.framed import fit_in_frame

SIDE = 256
FRAME = np.array([[50.0, 60], [200, 52], [205, 210], [44, 202]])


def cells_of(size: int, border: float = 0.0) -> np.ndarray:
    """Centres of the cells of a board in the frame, which lies that many pitches outside the outer cells."""
    places = (np.arange(size) + 0.5 + border) / (size + 2 * border)
    unit = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    return transform(np.stack(np.meshgrid(places, places), axis=-1), perspective(unit, FRAME))


def faint(cells: np.ndarray, share: float, seed: int = 0) -> np.ndarray:
    """A map in which that share of the cells is seen, all of them faintly, in noise."""
    rng = np.random.default_rng(seed)
    seen = np.zeros((SIDE, SIDE), np.float32)
    for x, y in cells[rng.random(cells.shape[:2]) < share]:
        cv2.circle(seen, (round(x), round(y)), round(0.25 * mean_pitch(cells)), 0.45, -1)
    return np.clip(cv2.GaussianBlur(seen, (0, 0), 2) + rng.normal(0, 0.02, seen.shape), 0, 1).astype(np.float32)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("size", SIZES)
def test_the_number_of_cells_is_that_whose_pattern_is_seen(size, seed):
    truth = cells_of(size)
    cells, match = fit_in_frame(faint(truth, 0.5, seed), FRAME)
    assert cells.shape == truth.shape
    assert np.abs(cells - truth).max() < 0.1 * mean_pitch(truth)
    assert match > 0.3


@pytest.mark.parametrize("size", SIZES)
def test_a_frame_may_lie_outside_of_the_cells(size):
    truth = cells_of(size, border=0.15)
    cells, _ = fit_in_frame(faint(truth, 0.7), FRAME)
    assert cells.shape == truth.shape
    assert np.abs(cells - truth).max() < 0.1 * mean_pitch(truth)


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_nothing_matches_an_empty_frame(value):
    cells, match = fit_in_frame(np.full((SIDE, SIDE), value, np.float32), FRAME)
    assert match == 0
    assert np.isfinite(cells).all()


def test_cells_of_which_only_a_diagonal_is_seen_do_not_collapse():
    truth = cells_of(5)
    seen = np.zeros((SIDE, SIDE), np.float32)
    for x, y in truth[range(5), range(5)]:
        cv2.circle(seen, (round(x), round(y)), 7, 0.8, -1)
    cells, _ = fit_in_frame(seen, FRAME)
    assert mean_pitch(cells) > 0.5 * 150 / len(cells)


def test_stripes_match_no_board():
    """A pattern along one side only is no board; two boards below each other, for one, have twice as many rows as columns."""
    stripes = np.zeros((SIDE, SIDE), np.float32)
    for x, _ in cells_of(5)[2]:
        stripes[:, round(x) - 7 : round(x) + 7] = 0.8
    assert fit_in_frame(stripes, FRAME)[1] < 0.2
    assert fit_in_frame(faint(cells_of(5), 1.0), FRAME)[1] > 0.7
