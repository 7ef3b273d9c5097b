"""The orientation of text, with the shipped network."""

import itertools
import json

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

import futoshiki
from futoshiki.geometry import Orientation, mean_pitch
from futoshiki.networks.shipped import shipped_network
from futoshiki.networks.text import TILE
from futoshiki.photo import load_photo
from futoshiki.reading.orientation import most_likely
from futoshiki.reading.page_text import orientation_votes, text_tiles
from tests.helpers import SAMPLES

LINES = [
    "Each row and each column holds every number", "once. The signs between the squares tell which",
    "of two neighbours is larger; the open side", "always looks at the larger one. Begin where",
    "several signs follow each other, for their", "ends must be very high or very low. Most of",
    "the puzzles on this page can be solved by", "logic alone, without any guessing at all.",
]  # fmt: skip


def page(size: int = 15) -> tuple[np.ndarray, np.ndarray]:
    """A page of text with an empty place for a board in its middle, H x W uint8, and that board's cells."""
    picture = Image.new("L", (700, 900), 245)
    draw = ImageDraw.Draw(picture)
    for k, y in enumerate([*range(40, 300, 24), *range(640, 860, 24)]):
        draw.text((60, y), LINES[k % len(LINES)], fill=30, font=ImageFont.load_default(size))
    cells = np.stack(np.meshgrid(np.arange(5) * 50.0 + 250, np.arange(5) * 50.0 + 370), axis=-1)
    return np.array(picture), cells


def turned(grey: np.ndarray, cells: np.ndarray, times: int) -> tuple[np.ndarray, np.ndarray]:
    """The photo and the board as they lie after quarter turns against the clock."""
    for _ in range(times):
        width = grey.shape[1]
        grey = np.rot90(grey)
        cells = np.rot90(np.stack([cells[..., 1], width - 1 - cells[..., 0]], axis=-1))
    return np.ascontiguousarray(grey), np.ascontiguousarray(cells)


@pytest.mark.parametrize("times", range(4))
def test_the_page_tells_which_way_is_up(times):
    votes = orientation_votes(*turned(*page(), times), shipped_network("text"))
    best, margin = most_likely(votes)
    assert best == Orientation(times)
    assert margin > 2


@pytest.mark.parametrize("times", range(4))
def test_small_print_on_the_scan_of_a_whole_page_tells_which_way_is_up(times):
    text, cells = page(18)
    scan = np.full((3200, 2400), 245, np.uint8)
    for top, left in itertools.product(range(0, 3200, 260), range(0, 2400, 500)):
        block = text[40:300, 50:550][: 3200 - top, : 2400 - left]
        scan[top : top + len(block), left : left + block.shape[1]] = block
    best, margin = most_likely(orientation_votes(*turned(scan, cells, times), shipped_network("text")))
    assert best == Orientation(times)
    assert margin > 4


def test_an_empty_page_tells_nothing():
    _, cells = page()
    flat = np.full((900, 700), 240, np.uint8)
    assert orientation_votes(flat, cells, shipped_network("text")) == {}
    assert most_likely({}) == (Orientation(), np.inf)
    assert orientation_votes(flat[:50, :50], cells, shipped_network("text")) == {}


def test_tiles_hold_ink_and_nothing_of_the_board():
    grey, cells = page()
    grey[330:610, 210:490] = np.where(np.add.outer(np.arange(280), np.arange(280)) % 8 < 4, 0, 255)
    tiles = text_tiles(grey, [cells], cells, 1.0)
    assert tiles.shape[1:] == (TILE, TILE) and tiles.dtype == np.float32
    assert 8 <= len(tiles) <= 24
    assert all(tile.std() > 0.3 for tile in tiles)
    board = (grey[400:464, 300:364] - 128.0) / 128
    assert all(abs(np.corrcoef(tile.ravel(), board.ravel())[0, 1]) < 0.5 for tile in tiles)


@pytest.mark.parametrize("times", range(4))
def test_a_board_without_a_digit_is_read_as_the_page_stands(times):
    truth = json.loads((SAMPLES / "page_with_crossword.json").read_text())
    pixels, cells = load_photo(SAMPLES / "page_with_crossword.jpg").pixels.copy(), np.array(truth["cells"])
    reach = round(0.22 * mean_pitch(cells))
    for r, c, _ in truth["givens"]:
        x, y = np.round(cells[r, c]).astype(int)
        pixels[y - reach : y + reach, x - reach : x + reach] = np.median(
            pixels[y - reach : y + reach, x - reach : x + reach], (0, 1)
        )
    result = futoshiki.solve_image(np.rot90(pixels, times).copy())
    assert {tuple(sign) for sign in truth["less"]} == set(result.board.puzzle.less)
    assert not result.board.puzzle.given_cells
