import random
from dataclasses import replace

import cv2
import numpy as np
import pytest

from futoshiki.board_result import BoardResult
from futoshiki.drawing.marking import Marks, hint_marks
from futoshiki.drawing.marks import draw_marks
from futoshiki.drawing.masks import TINT, draw_heat, draw_mask
from futoshiki.drawing.solution import draw_solution
from futoshiki.drawing.tiles import Tile, clue_tile, contact_sheet
from futoshiki.puzzle import Cell, Edge, Puzzle
from futoshiki.solving.generate import generate, random_latin_square
from futoshiki.solving.hints import hints


def board(angle: float = 0.0, pitch: float = 50.0) -> tuple[np.ndarray, np.ndarray]:
    xs, ys = np.meshgrid(np.arange(4) * pitch, np.arange(4) * pitch)
    points = np.stack([xs, ys], axis=-1) - 1.5 * pitch
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    half = (1.5 + 0.4) * pitch
    corners = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    return points @ matrix + 150, corners @ matrix + 150


def solved(puzzle: Puzzle, cells: np.ndarray, corners: np.ndarray) -> BoardResult:
    return BoardResult("solved", puzzle, 1.0, corners, cells, SOLUTION, 1)


SOLUTION = random_latin_square(4, random.Random(0))


@pytest.mark.parametrize("angle", [0, 33, 90, 181])
@pytest.mark.parametrize("ground", [0, 120, 255])
def test_only_blank_cells_are_changed_and_each_of_them_visibly(angle, ground):
    photo = np.full((300, 300, 3), ground, np.uint8)
    puzzle = Puzzle.of(4, [(0, 0, SOLUTION[0][0]), (2, 3, SOLUTION[2][3])], [])
    cells, corners = board(angle)
    drawn = draw_solution(photo, solved(puzzle, cells, corners))
    assert (photo == ground).all()
    assert drawn.shape == photo.shape
    for r in range(4):
        for c in range(4):
            x, y = np.round(cells[r, c]).astype(int)
            part = drawn[y - 14 : y + 14, x - 14 : x + 14].astype(int)
            contrast = np.abs(part - ground).max()
            assert contrast == 0 if puzzle.givens[r][c] else contrast > 90


def test_right_entries_stay_and_wrong_ones_are_covered_and_corrected_in_red():
    photo = np.full((300, 300, 3), 240, np.uint8)
    cells, corners = board()
    right, wrong = (0, 0, SOLUTION[0][0]), (1, 1, SOLUTION[1][1] % 4 + 1)
    for r, c, _ in (right, wrong):
        x, y = np.round(cells[r, c]).astype(int)
        photo[y - 3 : y + 3, x - 8 : x + 8] = (0, 0, 120)
    answer = replace(solved(Puzzle.blank(4), cells, corners), entries=(right, wrong))
    drawn = draw_solution(photo, answer)
    parts = []
    for r, c, _ in (right, wrong):
        x, y = np.round(cells[r, c]).astype(int)
        parts.append((drawn[y - 14 : y + 14, x - 14 : x + 14].astype(int), photo[y - 14 : y + 14, x - 14 : x + 14]))
    assert (parts[0][0] == parts[0][1]).all()
    covered = parts[1][0]
    assert ((covered[..., 0] > 150) & (covered[..., 2] < 90)).any()
    assert not ((covered[..., 2] > 90) & (covered[..., 0] < 60)).any()


def test_a_board_that_reaches_over_the_edge_is_drawn_as_far_as_it_is_seen():
    cells, corners = board()
    drawn = draw_solution(np.full((160, 160, 3), 255, np.uint8), solved(Puzzle.blank(4), cells, corners))
    assert drawn.shape == (160, 160, 3)
    assert (drawn < 250).any()


def test_pictures_stand_in_rows_with_their_captions():
    red, wide = np.full((40, 40, 3), (200, 0, 0), np.uint8), np.full((20, 80, 3), (0, 0, 200), np.uint8)
    sheet = contact_sheet([[Tile(red, "one"), Tile(wide)], [Tile(red)]], 40, gap=4)
    assert sheet.shape == (4 + 40 + 22 + 4 + 40 + 4, 4 + 2 * 44, 3)
    assert (sheet[4:44, 4:44] == red).all()
    assert (sheet[4:14, 48:88] == (0, 0, 200)).all()  # reduced to fit
    assert (sheet[14:44, 48:88] == 255).all()
    assert (sheet[44:66] < 128).any()
    assert (sheet[70:110, 4:44] == red).all()


def test_a_clue_is_shown_squared_up():
    cells, corners = board(33)
    photo = np.full((300, 300, 3), 255, np.uint8)
    x, y = np.round(cells[1, 2]).astype(int)
    photo[y - 2 : y + 3, x - 2 : x + 3] = 0
    result = solved(Puzzle.blank(4), cells, corners)
    tile = clue_tile(photo, result, Cell(1, 2), 28)
    assert tile.shape == (28, 28, 3)
    assert tile[14, 14].max() < 100
    assert tile[:8].min() > 200
    edge = clue_tile(photo, result, Edge.between((1, 2), (1, 3)), 28)
    assert edge[:, :12].min() < 150 < edge[:, 16:].min()


def test_a_mask_tints_what_is_inside_and_lets_it_show_through():
    photo = np.random.default_rng(0).integers(0, 255, (90, 120, 3), np.uint8)
    before, mask = photo.copy(), np.zeros((90, 120), np.uint8)
    mask[20:60, 30:90] = 1
    drawn = draw_mask(photo, mask)
    assert (photo == before).all()
    assert (drawn[:18] == photo[:18]).all()
    assert (drawn[:, 93:] == photo[:, 93:]).all()
    inside = drawn[25:55, 35:85].astype(int)
    assert np.corrcoef(inside[..., 0].ravel(), photo[25:55, 35:85, 0].ravel())[0, 1] > 0.95
    assert np.abs(inside - TINT).mean() < np.abs(photo[25:55, 35:85].astype(int) - TINT).mean()
    assert np.abs(drawn[20, 40:80].astype(int) - TINT).mean() < np.abs(inside - TINT).mean() / 2
    assert (draw_mask(photo, np.zeros_like(mask)) == photo).all()


def test_the_outline_of_a_slanted_mask_has_no_steps():
    mask = cv2.fillConvexPoly(np.zeros((300, 300), np.uint8), np.array([[40, 30], [260, 61], [240, 250], [60, 270]]), 1)
    drawn = draw_mask(np.full((300, 300, 3), 255, np.uint8), mask)
    columns = np.arange(60, 240)
    top = np.array([np.average(np.arange(90), weights=255.0 - drawn[:90, x, 0] * (mask[:90, x] == 0)) for x in columns])
    assert np.abs(np.polyval(np.polyfit(columns, top, 1), columns) - top).max() < 0.6


def test_a_heat_map_is_brightest_where_a_puzzle_is_most_probable_and_has_a_scale():
    photo, probability = np.full((400, 500, 3), 255, np.uint8), np.zeros((400, 500), np.float32)
    empty = draw_heat(photo, probability)
    assert empty.shape == photo.shape
    assert np.ptp(empty[:200].reshape(-1, 3), axis=0).max() == 0
    probability[50:100, 50:100] = 0.5
    probability[150:200, 50:100] = 1.0
    drawn = draw_heat(photo, probability).astype(int).sum(axis=-1)
    assert drawn[10, 10] < drawn[75, 75] < drawn[175, 75]
    assert np.ptp(empty[-80:, -60:].astype(int).sum(axis=-1)) > 500  # letters on a dark plate
    assert draw_heat(photo[:40, :30], probability[:40, :30]).shape == (40, 30, 3)  # no room for the whole scale


BLUE, GREEN, RED = (0, 96, 214), (0, 120, 60), (200, 30, 20)


def near(pixels: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Where a picture has a colour, or nearly so."""
    return np.abs(pixels.astype(int) - colour).max(axis=-1) < 30


def box(cell: np.ndarray, half: float) -> tuple[slice, slice]:
    x, y = cell
    return slice(round(y - half), round(y + half) + 1), slice(round(x - half), round(x + half) + 1)


def test_a_line_has_one_frame_and_the_target_a_thick_one():
    photo = np.full((300, 300, 3), 255, np.uint8)
    cells, corners = board()
    row = tuple(Cell(1, c) for c in range(4))
    drawn = draw_marks(photo, solved(Puzzle.blank(4), cells, corners), Marks((Cell(1, 2),), lines=(row,)))
    assert (photo == 255).all()
    between = (cells[1, 0] + cells[1, 1]) / 2
    assert near(drawn[box(between, 24)], BLUE)[:, 20:28].sum(axis=0).min() >= 2  # above and below, and no side between the cells
    assert not near(drawn[box(between, 15)], BLUE).any()
    assert near(drawn[box(cells[1, 2], 24)], GREEN).sum() > 500
    assert not near(drawn[box(cells[1, 1], 15)], GREEN).any()
    assert not near(drawn[box(cells[2, 2], 12)], BLUE).any()


def test_rows_and_columns_are_numbered_at_the_edge_of_the_board():
    photo = np.full((300, 300, 3), 255, np.uint8)
    cells, corners = board()
    result = solved(Puzzle.blank(4), cells, corners)
    drawn = draw_marks(photo, result, Marks((Cell(3, 3),)))
    left, top = np.round(corners[0]).astype(int)
    inked = drawn.min(axis=-1) < 200
    assert all(inked[:, :left][box(cells[k, 0], 12)[0]].any() for k in range(4))
    assert all(inked[:top][:, box(cells[0, k], 12)[1]].any() for k in range(4))
    assert (draw_marks(photo, result, Marks()) == photo).all()


def test_a_picture_with_a_caption_grows_by_an_edge_for_the_numbers_and_others_leave_them_out():
    photo = np.full((300, 300, 3), 240, np.uint8)
    cells, corners = board()
    shift = np.floor(corners[0])  # the board begins in the corner of the picture
    result = solved(Puzzle.blank(4), cells - shift, corners - shift)
    alone = draw_marks(photo, result, Marks((Cell(3, 3),)))
    assert alone.shape == photo.shape
    assert not (alone[:150, :150] != 240).any()
    drawn = draw_marks(photo, result, Marks((Cell(3, 3),)), ["One."])
    edge = drawn.shape[1] - 300
    assert 10 < edge < 30
    assert (drawn[:edge].min(axis=-1) < 100).any()
    assert (drawn[edge : 300 + edge, edge:] == alone).all(axis=-1).mean() > 0.99


def test_wrong_entries_are_crossed_out_and_an_arrow_joins_two_cells():
    photo = np.full((300, 300, 3), 255, np.uint8)
    cells, corners = board()
    result = solved(Puzzle.blank(4), cells, corners)
    drawn = draw_marks(photo, result, Marks(wrong=(Cell(0, 1),), arrow=(Cell(3, 0), Cell(3, 3))), ["One.", "Two."])
    assert len(drawn) > 320
    assert near(drawn[box(cells[0, 1], 3)], RED).any()
    assert near(drawn[box(cells[3, 1], 4)], BLUE).any()
    assert not near(drawn[box(cells[3, 3], 15)], BLUE).any()


def test_a_hint_marks_more_from_level_to_level():
    found = next(iter(step for step in hints(generate(6, "easy", 1)) if step.lines and step.arrow))
    assert hint_marks(found, 1) == Marks((found.placed.cell,))
    assert (
        hint_marks(found, 2) == hint_marks(found, 3) == Marks((found.cells[0],), found.cells[1:], found.lines, arrow=found.arrow)
    )
    mistake = replace(found, kind="mistake", cells=(Cell(0, 0),))
    assert hint_marks(mistake, 1) == Marks()
    assert hint_marks(mistake, 2) == Marks(wrong=((0, 0),))
