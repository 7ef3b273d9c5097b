"""Digits written by hand, on boards drawn by the generator."""

import random

import numpy as np
import pytest

from futoshiki.puzzle import Puzzle
from futoshiki.resources import folder
from futoshiki.vision.board import Board
from futoshiki.vision.entries import CELL, cell_pictures, read_entries
from futoshiki.vision.networks import shipped_network
from futoshiki.vision.photo import load_photo
from futoshiki.vision.rectify import board_canvas, canvas_side


def lattice(size: int, pitch: float = 40.0, start: float = 60.0) -> np.ndarray:
    along = start + pitch * np.arange(size)
    return np.stack(np.meshgrid(along, along), axis=-1).astype(np.float32)


def test_each_cell_stands_in_the_middle_of_its_picture():
    grey = np.full((300, 300), 255, np.uint8)
    grey[98:103, 138:143] = 0  # the middle of r2c3
    canvas = board_canvas(grey, lattice(4))
    pictures = cell_pictures(canvas)
    assert canvas.shape == (canvas_side(4),) * 2
    assert pictures.shape == (4, 4, CELL, CELL)
    y, x = np.unravel_index(np.argmin(pictures[1, 2]), (CELL, CELL))
    assert abs(y - CELL / 2) <= 3
    assert abs(x - CELL / 2) <= 3
    assert np.ptp(pictures[0, 0]) < 1


def test_an_empty_board_has_no_entries_and_asks_no_network():
    def refuse(_: np.ndarray) -> np.ndarray:
        raise AssertionError("nothing to ask about")

    grey = np.full((300, 300, 3), 240, np.uint8)
    board = Board(lattice(4), 0.9, complete=False, score=1.0)
    assert read_entries(load_photo(grey), board, Puzzle.blank(4).givens, refuse) == ()


def test_digits_by_hand_are_read_where_they_were_written():
    fonts = pytest.importorskip("futoshiki.training.synth.fonts", reason="the train extra is not installed")
    if not fonts.hand_fonts():
        pytest.skip("no font that imitates handwriting is installed")
    rng = random.Random(4)
    asked = read = strays = 0
    for _ in range(6):
        pixels, wanted = written_board(rng)
        board = Board(lattice(6), 0.9, complete=False, score=1.0)
        found = read_entries(load_photo(pixels), board, Puzzle.blank(6).givens, shipped_network("entries"))
        asked += len(wanted)
        read += len(set(found) & wanted)
        strays += len(set(found) - wanted)
    assert read > 0.6 * asked
    assert strays < 0.1 * asked


def written_board(rng: random.Random) -> tuple[np.ndarray, set[tuple[int, int, int]]]:
    """A 6 x 6 board of boxes in which some cells are filled by hand, and what was written."""
    from futoshiki.training.synth.canvas import Canvas
    from futoshiki.training.synth.handwriting import random_writer

    canvas = Canvas(320, 320, (235, 232, 225))
    writer = random_writer(rng)
    wanted = set()
    for r, row in enumerate(lattice(6)):
        for c, (x, y) in enumerate(row):
            canvas.box(x - 17, y - 17, x + 17, y + 17, line=(40, 40, 40), width=1.5)
            if rng.random() < 0.4:
                value = rng.randint(1, 6)
                writer.write(canvas, rng, float(x), float(y), value, 24)
                wanted.add((r, c, value))
    return canvas.pixels, wanted


def test_the_network_knows_nothing_nine_digits_and_print():
    logits = shipped_network("entries")(np.zeros((3, 1, CELL, CELL), np.float32))
    assert logits.shape == (3, 11)
    assert (folder("models") / "entries.json").exists()
