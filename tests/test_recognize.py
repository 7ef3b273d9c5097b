import numpy as np
import pytest

from futoshiki.geometry import Orientation
from futoshiki.photo import Photo
from futoshiki.reading.canvas import board_canvas
from futoshiki.reading.close_up import Board
from futoshiki.reading.recognize import (
    NO_SIGN,
    ClueScores,
    _is_settled,
    _likeliest,
    _scores,
    _together,
    _turned,
    _upright_evidence,
    misreads,
    recognize,
)


def test_only_cells_that_hold_a_digit_say_which_way_is_up():
    digits = np.zeros((4, 4))
    digits[1, 2], digits[3, 3] = 0.99, 0.3  # a digit, and a spot that may be one
    upright, turned = np.zeros((2, 4, 4))
    upright[1, 2], turned[3, 3] = 2.0, 6.0
    assert _upright_evidence(digits[None], np.stack([upright, turned])) == pytest.approx([1.98, 0.0])
    assert _upright_evidence(np.zeros((1, 4, 4)), np.stack([upright, turned])) == []


def test_a_spot_that_one_look_takes_for_a_digit_has_no_vote():
    looks = np.zeros((4, 3, 3))
    looks[2, 0, 0] = 0.9
    assert _upright_evidence(looks, np.full((1, 3, 3), 3.0)) == []


def test_a_digit_too_large_for_the_board_is_told():
    output = np.zeros((16, 9, 9), np.float32)
    output[0, 1::2, 1::2] = 9.0
    assert _scores(output, Orientation(), np.inf).too_large < 0.01
    output[6, 3, 5] = 20.0
    scores = _scores(output, Orientation(), np.inf)
    assert scores.too_large > 0.99
    assert np.exp(scores.cells[1, 2, 6]) < 1e-6
    larger = _scores(np.pad(output, ((0, 0), (0, 10), (0, 10))), Orientation(), np.inf)
    assert larger.too_large == 0.0


def test_text_settles_what_a_single_digit_leaves_open():
    up, down, mirrored = Orientation(), Orientation(2), Orientation(0, mirrored=True)
    digits = {up: 1.0, down: 1.5, mirrored: -3.0}
    assert _likeliest(digits)[0] == up  # most photos are upright
    text = {up: -12.0, Orientation(1): -12.0, down: -2.0, Orientation(3): -12.0}
    best, margin = _likeliest(_together(digits, text))
    assert best == down
    assert margin == pytest.approx(6.5)
    assert _together(digits, {}) == digits
    assert _together({}, text) == text
    assert _together(digits, text)[mirrored] == -3.0


def test_misreads_are_counted_from_the_doubt_of_each_element():
    table = np.log(np.array([[0.9, 0.1], [0.5, 0.5], [1.0, 1e-9]]))
    assert misreads(table) == pytest.approx(0.6)


def test_what_is_written_by_hand_counts_as_blank():
    cells = np.log(np.full((4, 4, 10), 0.02))
    cells[0, 0, 3] = np.log(0.82)
    scores = ClueScores(cells, np.zeros((4, 3, 3)), np.zeros((3, 4, 3)), Orientation(), np.inf)
    by_hand = np.zeros((4, 4))
    by_hand[0, 0] = 1.0
    assert np.exp(scores.in_print(by_hand).cells[0, 0, 0]) == pytest.approx(1.0)
    assert np.exp(scores.in_print(by_hand).cells[1, 1]) == pytest.approx(np.full(10, 0.02))


def test_a_single_digit_does_not_settle_the_way_up():
    turns = [Orientation(turns) for turns in range(4)]
    assert _is_settled(dict(zip(turns, (-12.0, -12.0, 11.9, -12.0), strict=True)))
    assert not _is_settled(dict(zip(turns, (-6.0, -6.0, 6.0, -6.0), strict=True)))  # no cell says more
    assert not _is_settled(dict(zip(turns, (8.0, -12.0, 11.9, -12.0), strict=True)))
    assert not _is_settled({})


@pytest.mark.parametrize(("blank", "seen"), [(9.0, 1), (3.0, 4)])
def test_a_board_is_looked_at_again_in_doubt(blank, seen):
    canvases = []

    def unsure(batch):
        canvases.extend(batch)
        output = np.zeros((len(batch), 16, 9, 9))
        output[:, [0, NO_SIGN]] = blank
        return output

    page = np.random.default_rng(0).integers(0, 255, (240, 240, 3)).astype(np.uint8)
    cells = np.stack(np.meshgrid(np.arange(4) * 40.0 + 60, np.arange(4) * 40.0 + 60), axis=-1)
    recognize(Photo(page, "page"), Board(cells, 1.0, complete=False, score=1.0), unsure)
    assert len(canvases) == seen


@pytest.mark.parametrize("turns", range(4))
def test_the_canvas_is_kept_the_right_way_up(turns):
    page = np.random.default_rng(0).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    cells = np.stack(np.meshgrid(np.arange(5) * 45.0 + 60, np.arange(5) * 45.0 + 60), axis=-1)
    way = Orientation(turns, mirrored=turns == 1)
    turned = _turned(board_canvas(page, cells), way)
    assert np.abs(turned - board_canvas(page, way.apply(cells))).mean() < 0.05
