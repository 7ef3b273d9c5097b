"""The generator of synthetic photos; needs fonts but no torch."""

import random
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("safetensors", reason="the train extra is not installed")

from futoshiki.errors import MissingPartError
from futoshiki.solving import solve
from futoshiki.training.synth.canvas import Canvas
from futoshiki.training.synth.fonts import print_fonts
from futoshiki.training.synth.page import Draft
from futoshiki.training.synth.sample import board_from_truth, make_sample, truth_dict
from futoshiki.training.synth.store import read_samples, write_sample
from futoshiki.training.synth.style import CELL_KINDS, board_style, paper_colour

try:
    print_fonts()
except MissingPartError as error:
    pytest.skip(str(error), allow_module_level=True)

SEEDS = range(20)


@pytest.fixture(scope="module")
def made():
    return [make_sample(seed) for seed in SEEDS]


def test_the_same_seed_gives_the_same_photo(made):
    again = make_sample(3)
    assert (again.photo == made[3].photo).all()
    assert [b.puzzle for b in again.boards] == [b.puzzle for b in made[3].boards]


def test_buttons_lie_on_no_board(monkeypatch):
    drawn = []
    box = Canvas.box

    def noted(canvas, x0, y0, x1, y1, **options):
        drawn.append((x0, y0, x1, y1))
        box(canvas, x0, y0, x1, y1, **options)

    monkeypatch.setattr(Canvas, "box", noted)
    canvas, rng = Canvas(400, 400, (255, 255, 255)), random.Random(0)
    style = board_style(rng, screen=True, paper=(255, 255, 255))
    board = next(board for sample in map(make_sample, SEEDS) for board in sample.boards)
    other = replace(board, quads=board.quads + np.array([250.0, 200.0]) - board.corners.mean(axis=0))
    draft = Draft(rng, canvas, style, 20.0, (0, 0, 0), [(100.0, 100.0, 200.0, 200.0)], [other])
    drawn.clear()
    for _ in range(60):
        draft.add_buttons()
    assert drawn  # there is room for some
    (left, top), (right, bottom) = other.corners.min(axis=0), other.corners.max(axis=0)
    assert not any(x0 < right and x1 > left and y0 < bottom and y1 > top for x0, y0, x1, y1 in drawn)


def test_photos_hold_what_their_truth_says(made):
    boards = [(sample, board) for sample in made for board in sample.boards]
    assert len(boards) >= len(SEEDS) // 2
    for sample, board in boards:
        h, w = sample.photo.shape[:2]
        n = board.puzzle.size
        assert board.cells.shape == (n, n, 2)
        assert board.quads.shape == (n, n, 4, 2)
        assert (board.cells >= 0).all()
        assert (board.cells < [w, h]).all()
        assert np.abs(board.quads.mean(axis=2) - board.cells).max() < 6
        assert board.complete == board.puzzle.is_full
        assert solve(board.puzzle, limit=1).status == "one"


def test_truth_and_photo_come_back_from_disk(tmp_path, made):
    sample = next(s for s in made if s.boards)
    write_sample(tmp_path, sample)
    (stored,) = read_samples(tmp_path)
    assert stored.photo().shape == sample.photo.shape
    assert np.abs(stored.photo().astype(int) - sample.photo).mean() < 6
    for mine, theirs in zip(sample.boards, stored.boards, strict=True):
        assert mine.puzzle == theirs.puzzle
        assert np.abs(mine.cells - theirs.cells).max() < 0.01
        assert board_from_truth(truth_dict(mine)).puzzle == mine.puzzle


@pytest.mark.parametrize("screen", [False, True])
def test_something_always_shows_where_the_cells_are(screen):
    rng = random.Random(5)
    styles = [board_style(rng, screen=screen, paper=paper_colour(rng)) for _ in range(400)]
    assert {style.cell_kind for style in styles} == set(CELL_KINDS)
    for style in styles:
        if style.cell_kind == "tint":
            assert style.cell_fill
            assert max(abs(a - b) for a, b in zip(style.cell_fill, style.backdrop or style.paper, strict=True)) >= 3
        if style.cell_kind == "bare":
            assert style.frame or style.blank_mark
