"""Which areas of a photo are open puzzles: outlines of boards that were read, and guesses at those that are cut off."""

import json
from dataclasses import replace

import numpy as np
import pytest

from futoshiki.board_result import BoardResult
from futoshiki.geometry import board_outline, fill_polygons, mask_iou, outline_iou, transform
from futoshiki.networks.grid import CELLS, COMPLETE, OPEN
from futoshiki.photo import Photo, load_photo
from futoshiki.reading import puzzle_areas as module
from futoshiki.reading.puzzle_areas import PuzzleArea, area_mask, outline_of, puzzle_areas
from futoshiki.reading.reader import Reader, default_reader
from futoshiki.result import Result
from tests.helpers import SAMPLES, case

LATTICE = np.stack(np.meshgrid(np.arange(5.0), np.arange(5.0)), axis=-1)


def board_at(cells, **changes):
    corners = (cells[0, 0], cells[0, -1], cells[-1, -1], cells[-1, 0])
    points = tuple(tuple(map(tuple, row)) for row in cells.tolist())
    made = BoardResult("solved", case(1)[0], 0.99, tuple(map(tuple, np.array(corners).tolist())), points, case(1)[1], 1)
    return replace(made, **changes)


def test_a_flat_board_has_four_corners_however_its_cells_are_scattered():
    tilt = np.array([[90, 4, 100], [7, 80, 90], [0.02, 0.01, 1]])
    cells = transform(LATTICE, tilt) + np.random.default_rng(0).normal(0, 0.4, (5, 5, 2))
    outline = outline_of(board_at(cells))
    assert outline.shape == (4, 2)
    assert np.abs(outline - transform(np.array([[0, 0], [4, 0], [4, 4], [0, 4.0]]), tilt)).max() < 2


def test_a_bent_board_is_followed_with_few_points():
    bend = LATTICE * 80 + 60
    bend[..., 1] += 25 * np.sin(LATTICE[..., 0] / 4 * np.pi)
    outline = outline_of(board_at(bend))
    assert 6 <= len(outline) <= 14
    corners = np.array([bend[0, 0], bend[0, -1], bend[-1, -1], bend[-1, 0]])
    wanted = fill_polygons([board_outline(bend, corners)], 500, 500)
    assert mask_iou(fill_polygons([outline], 500, 500), wanted) > 0.98


PARTS = {"hand_and_shadow": 2, "puzzle_book_9x9": 1}
"""Samples that show parts of other puzzles, and how many."""


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_puzzles_of_the_samples_are_outlined(path):
    photo = load_photo(path.with_suffix(".jpg"))
    truth = json.loads(path.read_text())
    wanted = board_outline(np.array(truth["cells"]), np.array(truth["corners"]))
    areas = puzzle_areas(photo, default_reader())
    assert max(outline_iou(area.outline, wanted) for area in areas) > 0.93
    assert sum(area.guess for area in areas) == PARTS.get(path.stem, 0)


class Told(Reader):
    """A reader that is told what it sees."""

    def __init__(self, boards, maps):
        class Grid:
            grid = staticmethod(lambda batch: maps(batch.shape[1:3])[None])

        self.networks, self._boards = Grid(), tuple(boards)

    def read(self, source):
        return Result("page", self._boards[0].status if self._boards else "no_puzzle", self._boards)


def open_area(x0, y0, x1, y1, *, cells=True, complete=0.0):
    """Maps of the grid network with an open puzzle in that part of the picture (shares of its sides).

    `complete` is the probability there that the board is complete.
    """

    def maps(shape):
        h, w = shape
        made = np.zeros((3, h, w), np.float32)
        place = slice(round(y0 * h), round(y1 * h)), slice(round(x0 * w), round(x1 * w))
        made[(OPEN, *place)], made[(COMPLETE, *place)] = 0.9, complete
        for y in range(round(y0 * h) + 6, round(y1 * h) - 4, 16):
            for x in range(round(x0 * w) + 6, round(x1 * w) - 4, 16):
                made[CELLS, y - 3 : y + 4, x - 3 : x + 4] = cells
        return made

    return maps


PHOTO = Photo(np.full((384, 384, 3), 200, np.uint8), "page")
BOARD = board_at(LATTICE * 30 + 40)


def test_a_board_at_the_edge_of_the_picture_is_a_guess():
    known, cut = puzzle_areas(PHOTO, Told([BOARD], open_area(0.6, 0.5, 1, 0.9)))
    assert (known.guess, cut.guess) == (False, True)
    wanted = fill_polygons([np.array([[230, 192], [384, 192], [384, 346], [230, 346]])], 384, 384)[..., 0]
    assert mask_iou(area_mask([cut], PHOTO), wanted) > 0.95


NO_GUESS = {
    "inside": open_area(0.6, 0.5, 0.9, 0.9),
    "without cells": open_area(0.6, 0.5, 1, 0.9, cells=False),
    "known": open_area(0, 0, 0.5, 0.5),
    "complete": open_area(0.6, 0.5, 1, 0.9, complete=0.2),
    "too small": open_area(0.97, 0.2, 1, 0.5),
}


@pytest.mark.parametrize("maps", NO_GUESS.values(), ids=NO_GUESS)
def test_what_is_no_guess(maps):
    assert len(puzzle_areas(PHOTO, Told([BOARD], maps))) == 1


def test_where_nothing_can_be_read_nothing_is_outlined():
    assert puzzle_areas(PHOTO, Told([], open_area(0.6, 0.5, 1, 0.9))) == ()


def test_answers_that_are_hardly_trusted_are_guesses_and_finished_boards_are_none():
    nothing = open_area(0, 0, 0, 0)
    unsure = replace(BOARD, status="doubtful", confidence=module.SURE - 0.01)
    contradictory = replace(BOARD, status="contradictory", solution=None)
    for board, guesses in ((BOARD, [False]), (unsure, [True]), (contradictory, [True]), (replace(BOARD, complete=True), [])):
        assert [area.guess for area in puzzle_areas(PHOTO, Told([board], nothing))] == guesses


def test_outlines_end_at_the_edge_of_the_picture():
    cells = LATTICE * 30 + np.array([-20, 100])
    (area,) = puzzle_areas(PHOTO, Told([board_at(cells)], open_area(0, 0, 0, 0)))
    assert area.outline[:, 0].min() == 0
    assert isinstance(area, PuzzleArea)
