import numpy as np
import pytest

from futoshiki.drawing.solution import draw_solution
from futoshiki.puzzle import Puzzle
from futoshiki.solving.generate import random_latin_square


def board(angle: float = 0.0, pitch: float = 50.0) -> tuple[np.ndarray, np.ndarray]:
    xs, ys = np.meshgrid(np.arange(4) * pitch, np.arange(4) * pitch)
    points = np.stack([xs, ys], axis=-1) - 1.5 * pitch
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    half = (1.5 + 0.4) * pitch
    corners = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    return points @ matrix + 150, corners @ matrix + 150


SOLUTION = random_latin_square(4, __import__("random").Random(0))


@pytest.mark.parametrize("angle", [0, 33, 90, 181])
@pytest.mark.parametrize("ground", [0, 120, 255])
def test_only_blank_cells_are_changed_and_each_of_them_visibly(angle, ground):
    photo = np.full((300, 300, 3), ground, np.uint8)
    puzzle = Puzzle.of(4, [(0, 0, SOLUTION[0][0]), (2, 3, SOLUTION[2][3])], [])
    cells, corners = board(angle)
    drawn = draw_solution(photo, puzzle, SOLUTION, cells, corners)
    assert (photo == ground).all()
    assert drawn.shape == photo.shape
    for r in range(4):
        for c in range(4):
            x, y = np.round(cells[r, c]).astype(int)
            part = drawn[y - 14 : y + 14, x - 14 : x + 14].astype(int)
            contrast = np.abs(part - ground).max()
            assert contrast == 0 if puzzle.givens[r][c] else contrast > 90


def test_a_board_that_reaches_over_the_edge_is_drawn_as_far_as_it_is_seen():
    cells, corners = board()
    drawn = draw_solution(np.full((160, 160, 3), 255, np.uint8), Puzzle.blank(4), SOLUTION, cells, corners)
    assert drawn.shape == (160, 160, 3)
    assert (drawn < 250).any()
