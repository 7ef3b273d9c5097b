"""Digits written by hand, on boards drawn by the generator."""

import random
from dataclasses import replace

import numpy as np
import pytest

from futoshiki.networks.canvas import board_canvas, canvas_side
from futoshiki.networks.entries import CELL, cell_pictures
from futoshiki.networks.shipped import shipped_network
from futoshiki.puzzle import Puzzle
from futoshiki.reading.handwriting import Handwriting, see_handwriting
from tests.helpers import scores_of


def lattice(size: int, pitch: float = 40.0, start: float = 60.0) -> np.ndarray:
    along = start + pitch * np.arange(size)
    return np.stack(np.meshgrid(along, along), axis=-1).astype(np.float32)


def test_each_cell_stands_in_the_middle_of_its_picture():
    page = np.full((300, 300, 3), 255, np.uint8)
    page[98:103, 138:143] = 0  # the middle of r2c3
    canvas = board_canvas(page, lattice(4))[0]
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

    canvas = board_canvas(np.full((300, 300, 3), 240, np.uint8), lattice(4))
    seen = see_handwriting(replace(scores_of(Puzzle.blank(4)), canvas=canvas), refuse)
    assert not seen.is_there
    assert seen.entries(Puzzle.blank(4).givens) == ()


def test_what_was_written_by_hand_is_no_clue_and_what_is_printed_stays_one():
    printed = Puzzle.of(4, [(0, 0, 1), (1, 1, 2), (2, 3, 4)], [(0, 0, 0, 1)])
    scores = scores_of(printed, sure=6.0)
    chances = np.zeros((4, 4), np.float32)
    chances[1, 1] = 0.97
    cells = np.exp(scores.in_print(chances).cells)
    assert np.allclose(cells.sum(-1), 1, atol=1e-5)
    assert cells[1, 1, 0] > 0.95
    assert cells[2, 3, 4] > 0.95
    assert Handwriting(np.full((4, 4), 2), chances).entries(Puzzle.blank(4).givens) == ((1, 1, 2),)


def test_digits_by_hand_are_read_where_they_were_written():
    fonts = pytest.importorskip("futoshiki.training.synth.fonts", reason="the train extra is not installed")
    if not fonts.hand_fonts():
        pytest.skip("no font that imitates handwriting is installed")
    rng = random.Random(4)
    asked = read = strays = 0
    for _ in range(6):
        pixels, wanted = written_board(rng)
        canvas = board_canvas(pixels, lattice(6))
        seen = see_handwriting(replace(scores_of(Puzzle.blank(6)), canvas=canvas), shipped_network("entries"))
        found = seen.entries(Puzzle.blank(6).givens)
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
