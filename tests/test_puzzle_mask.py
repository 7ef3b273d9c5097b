"""Masks of the grid network alone, which is simulated: it sees what the picture is painted with."""

import numpy as np
import pytest

from futoshiki.geometry import mask_iou
from futoshiki.networks.grid import CELLS, OPEN
from futoshiki.reading.puzzle_mask import puzzle_mask, puzzle_probability, surest, without_rest_of_page
from tests.helpers import painter


def painted(*squares: tuple[int, int, int, int], size: tuple[int, int] = (480, 640)) -> np.ndarray:
    """A picture with open puzzles that are as sure as can be; each is left, top, right, bottom."""
    pixels = np.zeros((*size, 3), np.uint8)
    for left, top, right, bottom in squares:
        pixels[top:bottom, left:right, OPEN] = 255
    return pixels


@pytest.mark.parametrize(
    ("sure", "rest", "share"), [(0.4, 0.4, 1.0), (0.6, 0.4, 1.0), (1.0, 0.4, 0.5), (0.25, 0.25, 0.0), (np.nan, 0.4, 0.0)]
)
def test_what_is_about_as_probable_as_the_surest_puzzle_belongs_to_the_mask(sure, rest, share):
    probability = np.zeros((128, 256), np.float32)
    probability[32:96, 64:128], probability[32:96, 128:192] = sure, rest
    assert surest(probability).sum() == share * 64 * 128


def test_nothing_is_marked_by_a_network_whose_training_failed():
    def network(batch: np.ndarray) -> np.ndarray:
        return np.full_like(painter(batch), np.nan)

    assert not puzzle_mask(painted((100, 100, 300, 300)), network).any()


def test_a_mask_leaves_out_what_the_edge_cuts_off_beside_a_whole_puzzle():
    mask = np.zeros((100, 100), np.uint8)
    mask[20:50, 20:50] = mask[80:, 20:50] = mask[20:50, 70:99] = 1
    kept = without_rest_of_page(mask)
    assert np.array_equal(without_rest_of_page(mask[::-1, ::-1].copy()), kept[::-1, ::-1])
    assert not without_rest_of_page(np.zeros_like(mask)).any()
    assert kept[30, 30]
    assert kept.sum() == 30 * 30
    mask[60:, 20:50] = 1  # a third larger than the whole one
    assert not without_rest_of_page(mask)[90, 30]
    mask[60:, 10:60] = 1  # twice as large
    assert without_rest_of_page(mask)[90, 30]
    only = np.zeros((100, 100), np.uint8)
    only[80:, 20:50] = 1
    assert np.array_equal(without_rest_of_page(only), only)


def test_a_puzzle_that_is_seen_in_two_halves_is_marked_as_one():
    """The picture as a whole shows a gap, which a close look at each half does not."""
    views = []

    def network(batch: np.ndarray) -> np.ndarray:
        views.append(batch)
        maps = painter(batch)
        if len(views) == 1:
            maps[:, OPEN, :, 128] = 0.0
        return maps

    assert puzzle_mask(painted((160, 80, 480, 400)), network)[150:350, 318:323].all()
    assert len(views) == 3


@pytest.mark.parametrize("size", [(480, 640), (640, 480), (120, 160), (1500, 2000)])
def test_the_mask_of_a_painted_puzzle_is_where_it_is(size):
    h, w = size
    square = (w // 4, h // 4, w // 2, h // 2)
    found = puzzle_mask(painted(square, size=size), painter)
    assert found.shape == size
    assert mask_iou(found, painted(square, size=size)[..., OPEN]) > 0.95


def test_a_close_look_tells_a_puzzle_from_another_grid():
    """From afar both look the same; only from nearby the network sees what is in the cells."""
    pixels = painted((60, 120, 260, 320), (380, 120, 580, 320))
    pixels[200:240, 460:500, CELLS] = 255
    views = []

    def network(batch: np.ndarray) -> np.ndarray:
        views.append(batch)
        maps = painter(batch)
        if len(views) > 1 and maps[:, CELLS].any():
            maps[:, OPEN] = 0.0
        return maps

    mask = puzzle_mask(pixels, network)
    assert len(views) == 3
    assert mask_iou(mask, painted((60, 120, 260, 320))[..., OPEN]) > 0.95


def test_a_puzzle_that_shows_only_from_nearby_is_found_by_its_printed_lines():
    """From afar the network sees blank paper; the lines of the puzzle lead to a close look."""
    pixels = np.full((480, 640, 3), 160, np.uint8)
    pixels[140:340, 220:420] = 0
    pixels[143:337, 223:417] = 160
    pixels[..., OPEN] = painted((230, 150, 410, 330))[..., OPEN]
    views = []

    def network(batch: np.ndarray) -> np.ndarray:
        views.append(batch)
        return painter(batch) * (len(views) > 1)

    assert mask_iou(puzzle_mask(pixels, network), painted((230, 150, 410, 330))[..., OPEN]) > 0.9
    assert len(views) == 2


def test_where_the_network_looks_twice_the_mean_counts():
    pixels = painted((220, 140, 420, 340))
    views = []

    def network(batch: np.ndarray) -> np.ndarray:
        views.append(batch)
        return painter(batch) * (1.0 if len(views) == 1 else 0.5)

    probability = puzzle_probability(pixels, network)
    assert probability.shape == pixels.shape[:2]
    assert probability.dtype == np.float32
    assert probability[240, 320] == pytest.approx(0.98 * 0.75, abs=0.01)
    assert probability[20, 20] == 0
