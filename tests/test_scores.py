"""Tables of log-probabilities."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from futoshiki.networks.clues import PRINTED
from futoshiki.puzzle import Cell, Edge, Puzzle, cells_of, edges_of
from futoshiki.reading.scores import expected_errors, pooled
from tests.helpers import puzzles, scores_of


@given(puzzles(min_size=4))
def test_every_place_has_its_row(puzzle):
    scores = scores_of(puzzle)
    assert list(scores.places()) == [*cells_of(puzzle.size), *edges_of(puzzle.size)]
    for place in scores.places():
        expected = puzzle.signs.get(place, 0) if isinstance(place, Edge) else puzzle.givens[place.row][place.column]
        assert scores.at(place).argmax() == expected


def test_errors_are_expected_from_the_doubt_of_each_place():
    table = np.log(np.array([[0.9, 0.1], [0.5, 0.5], [1.0, 1e-9]]))
    assert expected_errors(table) == pytest.approx(0.6)
    scores = scores_of(Puzzle.blank(4))
    assert scores.illegible_share == pytest.approx(scores.misreads / (16 + 24))
    doubtful = scores_of(Puzzle.blank(4), {Cell(0, 0): {0: 0.0, 1: 0.0}})
    assert doubtful.surest_below == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("too_large", "surest"), [(0.0, 1.0), (0.3, 0.7), (0.8, 0.8), (1.0, 1.0)])
def test_a_digit_that_may_be_too_large_for_the_board_is_a_doubt(too_large, surest):
    scores = replace(scores_of(Puzzle.blank(4)), too_large=too_large)
    assert scores.surest_below == pytest.approx(surest, abs=1e-3)


@pytest.mark.parametrize(("others", "is_legible"), [({3: 0.6}, True), ({3: 0.3, 4: 0.3}, False)])
def test_a_digit_is_legible_whoever_wrote_it_and_a_scribble_is_not(others, is_legible):
    by_hand = np.full((4, 4, PRINTED + 1), 1e-9)
    by_hand[..., 0] = 1
    by_hand[0, 0, 0] = 1e-9
    for value, chance in others.items():
        by_hand[0, 0, value] = chance
    by_hand[0, 0, PRINTED] = 0.4
    half_printed = scores_of(Puzzle.blank(4), {Cell(0, 0): {0: 0.0, 3: 0.0}})  # a 3 in print, or none
    seen = replace(half_printed, by_hand=np.log(by_hand))
    assert half_printed.misreads > 0.4
    assert (seen.illegible_share * (16 + 24) < 0.1) is is_legible
    assert seen.illegible_share <= seen.misreads / (16 + 24)


def test_what_is_written_by_hand_counts_as_blank():
    scores = scores_of(Puzzle.of(4, [(0, 0, 3)], []))
    by_hand = np.zeros((4, 4))
    by_hand[0, 0] = 1.0
    assert np.exp(scores.in_print(by_hand).cells[0, 0, 0]) == pytest.approx(1.0)
    assert np.exp(scores.in_print(by_hand).cells[1, 1]) == pytest.approx(np.exp(scores.cells[1, 1]))


def test_readings_are_pooled_by_the_mean_of_their_logarithms():
    one, other = (scores_of(Puzzle.blank(4), {Cell(0, 0): {0: sure, 1: 0.0}}) for sure in (2.0, -2.0))
    mean = pooled([one, other])
    assert np.exp(mean.cells[0, 0, 0]) == pytest.approx(np.exp(mean.cells[0, 0, 1]))
    assert np.allclose(np.exp(mean.cells).sum(axis=-1), 1)
    assert pooled([one, replace(one, margin=0.0)]).margin == one.margin
    assert pooled([one, replace(one, too_large=0.5)]).too_large == 0.25
