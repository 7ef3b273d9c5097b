"""How likely an answer is right."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from futoshiki.puzzle import Cell, Puzzle
from futoshiki.reading.confidence import Evidence, confidence_of
from futoshiki.reading.decode import decode
from futoshiki.reading.trust import CLEAR, SOLVED
from tests.helpers import case, dimmed, scores_of

CHANCES = st.floats(0, 1)


@given(CHANCES, CHANCES, st.floats(0, 60), st.floats(0.1, 20))
def test_more_for_an_answer_makes_it_likelier_and_more_against_it_less_likely(share, core, conflict, clues):
    one = Evidence(share, core, conflict, clues)
    assert 0 <= one.confidence <= share
    assert replace(one, share=(1 + share) / 2).confidence >= one.confidence
    assert replace(one, core=(1 + core) / 2).confidence >= one.confidence
    assert replace(one, clues=2 * clues).confidence >= one.confidence
    assert replace(one, conflict=conflict + 1).confidence <= one.confidence


def test_only_clear_readings_are_sure_enough_to_be_solved():
    clear = Evidence(share=1.0, core=0.99, conflict=0.5, clues=2.5)
    assert clear.confidence > CLEAR.confidence
    assert replace(clear, share=0.95).confidence < SOLVED.confidence
    assert replace(clear, core=0.1, conflict=2.0).confidence < SOLVED.confidence
    assert replace(clear, conflict=9.0).confidence < SOLVED.confidence
    assert replace(clear, core=0.0).confidence < SOLVED.confidence
    assert replace(clear, clues=0.5).confidence < SOLVED.confidence


def test_a_digit_that_the_answer_leaves_out_and_contradicts_makes_it_unlikely():
    puzzle, solution = case(1)
    r, c = (int(k) for k in np.argwhere(np.array(puzzle.givens) == 0)[0])
    other = next(value for value in range(1, 6) if value != solution[r][c])
    clear, doubted = scores_of(puzzle), scores_of(puzzle, {Cell(r, c): {0: 0.0, other: 2.0}})
    reading = decode(clear)
    assert confidence_of(reading, doubted) < confidence_of(reading, clear) - 0.01
    agreed = scores_of(puzzle, {Cell(r, c): {0: 0.0, solution[r][c]: 1.0}})
    assert confidence_of(reading, agreed) == pytest.approx(confidence_of(reading, clear), abs=1e-3)


def test_a_complete_board_that_breaks_no_rule_is_surer_than_one_that_does():
    _, solution = case(1)
    signs = tuple((0, c, 0, c + 1) if solution[0][c] < solution[0][c + 1] else (0, c + 1, 0, c) for c in range(4))
    full, wrong = (scores_of(Puzzle(5, rows, signs)) for rows in (solution, (solution[1], *solution[1:])))
    full, wrong = (replace(scores, cells=dimmed(scores.cells, 0.02)) for scores in (full, wrong))
    reading, broken = decode(full), decode(wrong)
    assert reading.puzzle.is_full
    assert confidence_of(reading, full) > 0.95 > reading.confidence
    assert broken.outcome.status == "none"
    assert confidence_of(broken, wrong) == broken.confidence < 0.95


def test_a_puzzle_with_a_clue_per_row_is_solved_if_it_is_read_without_doubt():
    """Of 955 published and generated puzzles none has fewer."""
    assert Evidence(share=1.0, core=1.0, conflict=0.05, clues=1.0).confidence > SOLVED.confidence
