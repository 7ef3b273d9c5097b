"""What counts as a Futoshiki, and when an answer is trusted. Each rule has a test that fails without it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from futoshiki.puzzle import Cell, Puzzle
from futoshiki.reading.decode import decode
from futoshiki.reading.trust import (
    CUT_OFF,
    FUTOSHIKI,
    SOLVED,
    calibrated,
    confidence_of,
    is_futoshiki,
    is_worth_decoding,
    judge,
    may_be_cut,
)
from futoshiki.result import Doubt
from tests.helpers import PITCH, case, dimmed, flat_board, scores_of

PICTURE = (600, 600)
SURE = decode(scores_of(case(1)[0]))
"""A reading without any doubt."""
DOUBTS = tuple(Doubt(Cell(0, k % 5), "1", 0.8, "2", False) for k in range(SOLVED.doubts + 1))


def status_of(reading=SURE, doubts=(), board=None, **scores) -> str:
    """The verdict on a reading that is beyond doubt but for what is given."""
    seen = replace(scores_of(case(1)[0]), **scores)
    return judge(reading, doubts, board or flat_board(5), seen, PICTURE).status


def full_reading():
    """A complete board that breaks no rule, read with some doubt."""
    _, solution = case(1)
    sign = (0, 0, 0, 1) if solution[0][0] < solution[0][1] else (0, 1, 0, 0)
    full = scores_of(Puzzle(5, solution, (sign,)))
    return full, decode(replace(full, cells=dimmed(full.cells, 0.02)))


def test_a_clear_reading_is_solved():
    assert status_of() == "solved"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"cost": 0.9 * SOLVED.cost}, "solved"),
        ({"cost": 1.1 * SOLVED.cost}, "doubtful"),
        ({"misreads": 0.9 * SOLVED.misreads}, "solved"),
        ({"misreads": 1.1 * SOLVED.misreads}, "doubtful"),
        ({"confidence": 0.9}, "doubtful"),
        ({"cut_short": True}, "doubtful"),
    ],
)
def test_a_reading_is_trusted_only_without_much_correction_or_doubt(change, status, monkeypatch):
    if "cost" in change or "misreads" in change:  # these limits hold however sure the calibrated confidence is
        monkeypatch.setattr("futoshiki.reading.trust.confidence_of", lambda reading: 1.0)
    assert status_of(replace(SURE, **change)) == status


def test_many_doubts_are_doubtful_as_a_whole():
    assert status_of(doubts=DOUBTS[1:]) == "solved"
    assert status_of(doubts=DOUBTS) == "doubtful"


def test_an_orientation_that_is_hardly_better_than_another_is_doubtful():
    assert status_of(margin=1.1 * SOLVED.turn_margin) == "solved"
    assert status_of(margin=0.9 * SOLVED.turn_margin) == "doubtful"


def test_a_complete_board_needs_no_margin_and_no_clear_print():
    full, reading = full_reading()
    doubtful = replace(reading, misreads=2 * SOLVED.misreads)
    verdict = judge(doubtful, DOUBTS, flat_board(5), replace(full, margin=0.0), PICTURE)
    assert verdict.status == "solved"


def test_a_digit_too_large_for_the_board_makes_it_a_part():
    assert status_of(too_large=0.9 * CUT_OFF.too_large) == "solved"
    assert status_of(too_large=1.1 * CUT_OFF.too_large) == "doubtful"


@pytest.mark.parametrize(
    ("left", "right", "cut"),
    [
        (2.0, 2.0, False),
        (0.9 * CUT_OFF.room, 2.0, True),
        (1.1 * CUT_OFF.room, 2.0, False),
        (0.9 * CUT_OFF.room, 0.9 * CUT_OFF.tight, False),
        (1.1 * CUT_OFF.overhang, 0.5, True),
        (0.9 * CUT_OFF.overhang, 0.5, False),
    ],
)
def test_a_board_at_the_edge_of_the_picture_may_be_cut_unless_the_picture_is_cropped_to_it(left, right, cut):
    start = PITCH * (left + 0.5)
    board = flat_board(5, start=start)
    width = start + PITCH * (4.5 + right)
    top_and_bottom = min(0.5, right)
    height = start + PITCH * (4.5 + top_and_bottom)
    assert may_be_cut(board, (height, width)) is cut
    assert (status_of(board=replace(board, beyond=(0, 0, 0, 1.0))) == "doubtful") and may_be_cut(
        replace(board, beyond=(0, 0, 0, 1.0)), PICTURE
    )


def test_a_solution_that_is_missing_or_not_the_only_one_is_never_solved():
    several = decode(scores_of(Puzzle.blank(4), sure=30.0))
    assert judge(several, (), flat_board(4), scores_of(Puzzle.blank(4)), PICTURE).status == "ambiguous"
    none = decode(scores_of(Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], []), sure=30.0))
    assert judge(none, (), flat_board(2), scores_of(Puzzle.blank(2)), PICTURE).status == "contradictory"


@pytest.mark.parametrize(("part", "accepted"), [("cells", True), ("across", False)])
def test_dim_digits_among_clear_signs_are_a_futoshiki_and_dim_signs_are_not(part, accepted):
    clear = scores_of(case(1)[0])
    share = (FUTOSHIKI.misread_share + FUTOSHIKI.misread_share_clear) / 2
    table = getattr(clear, part)
    scores = replace(clear, **{part: dimmed(table, share * (5 * 5 + 2 * 5 * 4) / table[..., 0].size)})
    reading = decode(scores)
    assert reading.outcome.solutions
    assert is_futoshiki(reading, scores) is accepted
    assert is_worth_decoding(scores) is accepted


@pytest.mark.parametrize(("share", "accepted"), [(0.9, True), (1.1, False)])
def test_a_complete_board_may_be_dim_but_not_illegible(share, accepted):
    full, _ = full_reading()
    chance = share * FUTOSHIKI.misread_share_full
    scores = full.with_tables(dimmed(table, chance) for table in full.tables)
    assert is_worth_decoding(scores) is accepted
    assert is_futoshiki(decode(scores), scores) is (accepted and decode(scores).misreads <= 0.3 * 65)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.tuples(*[st.sampled_from([0.001, 0.02, 0.05, 0.1, 0.2, 0.3])] * 3))
def test_every_futoshiki_is_worth_decoding(seed, doubt):
    clear = scores_of(case(seed)[0])
    scores = clear.with_tables(dimmed(table, chance) for table, chance in zip(clear.tables, doubt, strict=True))
    assert is_worth_decoding(scores) or not is_futoshiki(decode(scores), scores)


def test_digits_without_signs_are_some_other_puzzle():
    puzzle, _ = case(2)
    scores = scores_of(Puzzle(puzzle.size, puzzle.givens))
    assert not is_futoshiki(decode(scores), scores)


def test_a_few_strays_among_many_digits_make_no_futoshiki():
    puzzle, solution = case(3)
    many = Puzzle.of(5, [(r, c, solution[r][c]) for r in range(5) for c in range(5) if r != c], puzzle.less[:2])
    scores = scores_of(many)
    assert not is_futoshiki(decode(scores), scores)
    few = scores_of(Puzzle.of(5, [(0, 0, solution[0][0])], puzzle.less[:2]))
    assert is_futoshiki(decode(few), few)


def test_a_single_sign_that_makes_the_solution_the_only_one_is_no_stray():
    givens = [(0, 0, 4), (2, 3, 2), (3, 0, 1), (3, 3, 3)]
    deciding = scores_of(Puzzle.of(4, givens, [(3, 2, 3, 1)]))
    assert is_futoshiki(decode(deciding), deciding)
    idle = scores_of(Puzzle.of(4, [*givens, (3, 1, 4)], [(3, 2, 3, 1)]))
    assert not is_futoshiki(decode(idle), idle)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 30), st.floats(0, 30), st.floats(0, 9))
def test_confidence_grows_with_the_share_and_falls_with_what_is_misread_or_corrected(share, other, misreads, more, cost):
    confidence = calibrated(share, misreads)
    assert 0 < confidence < 1
    assert calibrated(share, misreads, cost) <= confidence
    assert calibrated(max(share, other), misreads) >= confidence >= calibrated(share, misreads + more)


def test_only_clear_readings_are_sure_enough_to_be_solved():
    assert calibrated(1.0, 0.0) > 0.98
    assert calibrated(1.0, 0.5) > SOLVED.confidence
    assert calibrated(0.95, 0.0) < SOLVED.confidence
    assert calibrated(1.0, 8.0) < SOLVED.confidence


def test_a_complete_board_that_breaks_no_rule_is_surer_than_one_that_does():
    full, reading = full_reading()
    assert reading.puzzle.is_full
    assert confidence_of(reading) > 0.95 > reading.confidence
    solution = reading.puzzle.givens
    wrong = scores_of(Puzzle(5, (solution[1], *solution[1:]), reading.puzzle.less))
    broken = decode(replace(wrong, cells=dimmed(wrong.cells, 0.02)))
    assert broken.outcome.status == "none"
    assert confidence_of(broken) == broken.confidence < 0.95
    assert np.isfinite(confidence_of(broken))
    assert full.may_be_full
