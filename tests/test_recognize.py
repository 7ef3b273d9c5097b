"""Reading the clues of a board."""

import numpy as np
import pytest

from futoshiki.geometry import Orientation
from futoshiki.networks.clues import CLUES, GREATER, LESS, NO_SIGN
from futoshiki.photo import Photo
from futoshiki.reading.recognize import recognize, scores_of
from tests.helpers import flat_board


def test_a_digit_too_large_for_the_board_is_noticed_and_ruled_out():
    output = np.zeros((len(CLUES.classes), 9, 9), np.float32)
    output[0, 1::2, 1::2] = 9.0
    assert scores_of(output, Orientation(), np.inf).too_large < 0.01
    output[6, 3, 5] = 20.0
    scores = scores_of(output, Orientation(), np.inf)
    assert scores.too_large > 0.99
    assert np.exp(scores.cells[1, 2, 6]) < 1e-6
    larger = scores_of(np.pad(output, ((0, 0), (0, 10), (0, 10))), Orientation(), np.inf)
    assert larger.too_large == 0.0


@pytest.mark.parametrize(("blank", "seen"), [(9.0, 1), (3.0, 5)])
@pytest.mark.parametrize("signs_are_sharp", [False, True])
def test_a_board_is_read_again_in_doubt(blank, seen, signs_are_sharp):
    canvases = []

    def unsure(batch):
        canvases.extend(batch)
        output = np.zeros((len(batch), len(CLUES.classes), 9, 9))
        output[:, [0, NO_SIGN]] = blank
        output[:, NO_SIGN] += 9.0 * signs_are_sharp
        return output

    page = np.random.default_rng(0).integers(0, 255, (240, 240, 3)).astype(np.uint8)
    looks = recognize(Photo(page, "page"), flat_board(4), unsure)
    next(looks)
    assert len(canvases) == 1
    list(looks)
    assert len(canvases) == seen - (signs_are_sharp and seen > 1)  # sharp signs are not magnified


@pytest.mark.parametrize(("near", "chance"), [(4.0, 0.82), (1.0, 0.27)])
def test_signs_that_are_unclear_are_averaged_with_magnified_ones_that_are_clearer(near, chance):
    def unsure_from_afar(batch):
        output = np.zeros((len(batch), len(CLUES.classes), 9, 9))
        output[:, [0, NO_SIGN]] = 12.0
        output[:, [LESS, GREATER], 3, 4] = [24.0, 23.0]
        if len(batch) > 1:
            output[-1, GREATER, 3, 4] = 24.0 + near  # this one has its signs magnified
        return output

    page = np.random.default_rng(0).integers(0, 255, (240, 240, 3)).astype(np.uint8)
    first, closer = recognize(Photo(page, "page"), flat_board(4), unsure_from_afar)
    assert np.exp(first.across[1, 1, 2]) == pytest.approx(0.27, abs=0.01)
    assert np.exp(closer.across[1, 1, 2]) == pytest.approx(chance, abs=0.01)


def test_a_digit_that_seems_too_large_is_looked_at_again_from_near():
    def takes_a_3_for_an_8_from_afar(batch):
        output = np.zeros((len(batch), len(CLUES.classes), 9, 9))
        output[:, [0, NO_SIGN]] = 12.0
        output[:, :, 3, 3] = 0.0
        output[:, 3, 3, 3] = 12.0
        output[:, 8, 3, 3] = 13.5
        if len(batch) > 1:
            output[2, 8, 3, 3] = 0.0  # this one has its cells magnified
        return output

    page = np.random.default_rng(0).integers(0, 255, (240, 240, 3)).astype(np.uint8)
    first, closer = recognize(Photo(page, "page"), flat_board(4), takes_a_3_for_an_8_from_afar)
    assert first.too_large > 0.8
    assert closer.too_large < 0.01 and closer.cells[1, 1].argmax() == 3
