"""What counts as a Futoshiki, and when an answer is trusted. Each rule has a test that fails without it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from futoshiki.geometry import Orientation
from futoshiki.puzzle import Cell, Puzzle
from futoshiki.reading import trust
from futoshiki.reading.decode import decode
from futoshiki.reading.found import Sighting
from futoshiki.reading.handwriting import Handwriting
from futoshiki.reading.scores import ClueScores
from futoshiki.reading.trust import (
    CLEAR,
    CUT_OFF,
    FUTOSHIKI,
    SOLVED,
    Verdict,
    is_futoshiki,
    is_worth_decoding,
    judge,
    lacks_cells,
    may_be_cut,
)
from tests.helpers import PITCH, case, dimmed, flat_board, scores_of

PICTURE = (600, 600)
SURE = decode(scores_of(case(1)[0]))
"""A reading without any doubt."""


def seen(board=None, **scores) -> Sighting:
    """A sighting of that puzzle, beyond doubt but for what is given."""
    nothing = Handwriting(np.zeros((5, 5), int), np.zeros((5, 5), np.float32))
    return Sighting(board or flat_board(5), replace(scores_of(case(1)[0]), **scores), nothing, PICTURE)


def judged(reading, sighting: Sighting, *, mixed: bool = False) -> Verdict:
    """The verdict if no clue has been put right."""
    return judge(reading, sighting, sighting.printed, mixed=mixed)


def with_doubts(scores: ClueScores, absent: float, turned: float) -> ClueScores:
    """The scores if each sign may be absent, and may point the other way, with those chances."""

    def doubted(table: np.ndarray) -> np.ndarray:
        signs = np.log([[absent, 1 - absent - turned, turned], [absent, turned, 1 - absent - turned]])
        best = table.argmax(axis=-1)
        return np.where((best > 0)[..., None], signs[np.maximum(best - 1, 0)], table)

    return scores.with_tables((scores.cells, doubted(scores.across), doubted(scores.down)))


def full_reading():
    """A complete board that breaks no rule, read with some doubt."""
    _, solution = case(1)
    signs = tuple((0, c, 0, c + 1) if solution[0][c] < solution[0][c + 1] else (0, c + 1, 0, c) for c in range(4))
    full = scores_of(Puzzle(5, solution, signs))
    return full, decode(replace(full, cells=dimmed(full.cells, 0.02)))


def test_a_clear_reading_is_solved():
    assert judged(SURE, seen()).status == "solved"
    assert judged(SURE, seen(), mixed=True).status == "doubtful"


def test_a_search_for_readings_that_was_cut_short_leaves_a_doubt():
    assert judged(replace(SURE, cut_short=True), seen()).status == "doubtful"


@pytest.mark.parametrize(("wrong", "left", "status"), [(0, 2, "solved"), (1, 2, "doubtful"), (0, 12, "doubtful")])
def test_the_players_own_answer_confirms_ours_if_nearly_all_of_it_is_there_and_the_same(monkeypatch, wrong, left, status):
    monkeypatch.setattr(trust, "confidence_of", lambda *_: 0.5)
    puzzle, solution = case(1)
    entered, chances = np.array(solution), (np.array(puzzle.givens) == 0).astype(np.float32)
    blanks = np.argwhere(chances > 0)
    for r, c in blanks[:left]:
        chances[r, c] = 0
    for r, c in blanks[left : left + wrong]:
        entered[r, c] = entered[r, c] % 5 + 1
    sighting = replace(seen(), handwriting=Handwriting(entered, chances))
    assert judged(SURE, sighting).status == status


@pytest.mark.parametrize(
    ("confidence", "status", "clear"),
    [
        (SOLVED.confidence - 0.001, "doubtful", False),
        (SOLVED.confidence + 0.001, "solved", False),
        (CLEAR.confidence - 0.001, "solved", False),
        (CLEAR.confidence + 0.001, "solved", True),
    ],
)
def test_the_confidence_decides_what_is_solved_and_whether_one_look_is_enough(monkeypatch, confidence, status, clear):
    monkeypatch.setattr(trust, "confidence_of", lambda *_: confidence)
    for reading in (SURE, full_reading()[1]):
        verdict = judged(reading, seen())
        assert (verdict.status, verdict.confidence, verdict.clear) == (status, confidence, clear)
        assert not judged(reading, seen(), mixed=True).clear


def test_an_answer_that_what_was_seen_speaks_against_is_doubtful():
    puzzle, solution = case(1)
    r, c = np.argwhere(np.array(puzzle.givens) == 0)[0]
    other = next(value for value in range(1, 6) if value != solution[r][c])
    against = scores_of(puzzle, {Cell(int(r), int(c)): {0: 0.0, other: 6.0}})
    assert judge(SURE, seen(), against).status == "doubtful"


def test_an_orientation_that_is_hardly_better_than_another_is_doubtful():
    assert judged(SURE, seen(margin=1.1 * SOLVED.turn_margin)).status == "solved"
    assert judged(SURE, seen(margin=0.9 * SOLVED.turn_margin)).status == "doubtful"


def test_a_complete_board_needs_no_margin():
    full, reading = full_reading()
    assert judged(reading, replace(seen(), scores=replace(full, margin=0.0))).status == "solved"


@pytest.mark.parametrize("side", range(4))
def test_a_digit_too_large_for_a_board_beside_more_cells_makes_it_a_part(side):
    def verdict(too_large: float, beyond: float) -> Verdict:
        sighting = seen(too_large=too_large * CUT_OFF.too_large)
        beyond_sides = tuple(np.eye(4)[side] * beyond * CUT_OFF.cells_seen)
        return judged(SURE, replace(sighting, board=replace(sighting.board, beyond=beyond_sides)))

    assert verdict(0.9, 1.1).status == "solved"
    assert verdict(1.1, 0.9).status == "solved"  # nothing follows: the digit is misread
    assert verdict(1.1, 1.1).cut


@pytest.mark.parametrize(
    ("across", "down", "room", "cut"),
    [
        (2.0, 2.0, 2.0, False),
        (0.9 * CUT_OFF.room, 2.0, 2.0, False),  # in one direction only: a part would not be square
        (0.9 * CUT_OFF.room, 0.9 * CUT_OFF.room, 2.0, True),
        (1.1 * CUT_OFF.room, 0.9 * CUT_OFF.room, 2.0, False),
        (0.9 * CUT_OFF.room, 0.9 * CUT_OFF.room, 0.9 * CUT_OFF.tight, False),  # a picture cropped to its board
        (-1.1 * CUT_OFF.overhang, 2.0, 2.0, True),  # cells outside the picture
        (-0.9 * CUT_OFF.overhang, 2.0, 2.0, False),
    ],
)
def test_a_board_at_the_edge_of_the_picture_is_cut_only_if_it_may_go_on_in_both_directions(across, down, room, cut):
    board = flat_board(5, start=PITCH * (room + 0.5))
    low = PITCH * (room + 5)
    assert may_be_cut(board, (low + PITCH * down, low + PITCH * across)) is cut


def test_a_board_is_cut_if_the_photo_shows_only_a_part_of_its_outer_cells():
    board = flat_board(5)
    low, right = 60.0 + 6 * PITCH, 60.0 + 4.25 * PITCH  # half a pitch beyond the last centre there would be room for the cell
    nearer = board.cells.copy()
    nearer[:, -1, 0] -= 0.125 * PITCH
    assert may_be_cut(replace(board, cells=nearer), (low, right))
    assert not may_be_cut(replace(board, cells=nearer), (low, right + 0.2 * PITCH))


def test_a_board_lacks_cells_if_by_those_inside_the_middles_of_its_outer_ones_lie_outside():
    board, right = flat_board(5), 60 + 4 * PITCH
    assert not lacks_cells(board, (600, right + 1))
    assert lacks_cells(board, (600, right - 1))
    seen_cells = board.cells.copy()
    seen_cells[:, -1, 0] -= 0.2 * PITCH  # only parts of these cells show, and the middles of those are nearer
    assert lacks_cells(replace(board, cells=seen_cells), (600, right - 1))


@pytest.mark.parametrize(
    ("beyond", "cut"), [((0, 0, 0, 1.0), False), ((1.0, 1.0, 0, 0), False), ((0, 1.0, 1.0, 0), True), ((1.0, 0, 0, 1.0), True)]
)
def test_cells_that_follow_in_both_directions_make_a_board_a_part(beyond, cut):
    board = replace(flat_board(5), beyond=beyond)
    assert may_be_cut(board, PICTURE) is cut
    assert judged(SURE, seen(board)).status == ("doubtful" if cut else "solved")
    assert judged(SURE, seen(board)).sure
    assert not judged(SURE, seen(board), mixed=True).sure


def test_next_to_more_cells_an_edge_may_be_further_away():
    board = flat_board(5, start=PITCH * 2.5)
    width = PITCH * (7 + (CUT_OFF.room + CUT_OFF.room_beside_cells) / 2)
    assert not may_be_cut(board, (600, width))
    assert may_be_cut(replace(board, beyond=(0, 1.0, 0, 0)), (600, width))


@pytest.mark.parametrize("turns", range(4))
def test_a_full_line_next_to_more_cells_may_be_a_neighbours(turns):
    puzzle, solution = case(1)
    mixed = Puzzle(5, (*puzzle.givens[:-1], solution[-1]), puzzle.less)  # the last line is from the solution below
    way = Orientation(turns)
    scores = replace(scores_of(mixed), orientation=way)
    side = {0: (0, 1.0, 0, 0), 1: (0, 0, 0, 1.0), 2: (1.0, 0, 0, 0), 3: (0, 0, 1.0, 0)}[turns]  # where that line is in the photo
    other = (side[1], side[0], side[3], side[2])
    for beyond, status in ((side, "doubtful"), (other, "solved")):
        sighting = replace(seen(replace(flat_board(5), beyond=beyond)), scores=scores)
        assert judged(decode(scores), sighting).status == status


@pytest.mark.parametrize(("room", "is_blank", "status"), [(0.5, True, "doubtful"), (1.1, True, "solved"), (0.5, False, "solved")])
@pytest.mark.parametrize("turns", range(4))  # the last line is below, right, above, left in the photo
def test_full_lines_up_to_the_edge_and_a_blank_one_at_the_other_end_may_be_a_line_off(turns, room, is_blank, status):
    _, solution = case(1)
    first = (0,) * 5 if is_blank else (solution[0][0], *(0,) * 4)
    scores = scores_of(Puzzle(5, (first, *solution[1:]), ((0, 0, 0, 1) if solution[0][0] < solution[0][1] else (0, 1, 0, 0),)))
    scores = replace(scores, orientation=Orientation(turns))
    below, right, above, left = (room if turn == turns else 2.0 for turn in range(4))
    board = flat_board(5)
    board = replace(board, cells=board.cells - board.corners.min(axis=0) + PITCH * np.array([left, above]))
    width, height = (board.corners.max(axis=0) + PITCH * np.array([right, below])).tolist()
    sighting = replace(seen(board), scores=scores, picture=(height, width))
    assert judged(decode(scores), sighting).status == status


def test_a_solution_that_is_missing_or_not_the_only_one_is_never_solved():
    assert judged(decode(scores_of(Puzzle.blank(5), sure=30.0)), seen()).status == "ambiguous"
    twice = Puzzle.of(5, [(0, 0, 1), (0, 1, 1)], [])
    assert judged(decode(scores_of(twice, sure=30.0)), seen()).status == "contradictory"


@pytest.mark.parametrize(("seed", "part", "accepted"), [(9, "cells", True), (9, "across", False), (1, "across", True)])
def test_dim_digits_are_accepted_among_clear_signs_and_dim_signs_only_among_many_clear_ones(seed, part, accepted):
    clear = scores_of(case(seed)[0])
    share = (FUTOSHIKI.illegible + FUTOSHIKI.illegible_clear) / 2
    table = getattr(clear, part)
    scores = replace(clear, **{part: dimmed(table, share * (5 * 5 + 2 * 5 * 4) / table[..., 0].size)})
    reading = decode(scores)
    assert reading.outcome.solutions
    assert is_futoshiki(reading, scores) is accepted
    assert is_worth_decoding(scores) is accepted


@pytest.mark.parametrize(("share", "accepted"), [(0.9, True), (1.1, False)])
def test_a_complete_board_may_be_dim_but_not_illegible(share, accepted):
    full, _ = full_reading()
    chance = share * FUTOSHIKI.illegible_full
    cells, across, down = (dimmed(table, chance) for table in full.tables)
    across[0, 0] = full.across[0, 0]  # one sign is sure
    scores = full.with_tables((cells, across, down))
    assert is_worth_decoding(scores) is accepted
    assert is_futoshiki(decode(scores), scores) is accepted


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.tuples(*[st.sampled_from([0.001, 0.02, 0.05, 0.1, 0.2, 0.3])] * 3))
def test_every_futoshiki_is_worth_decoding(seed, doubt):
    clear = scores_of(case(seed)[0])
    scores = clear.with_tables(dimmed(table, chance) for table, chance in zip(clear.tables, doubt, strict=True))
    assert is_worth_decoding(scores) or not is_futoshiki(decode(scores), scores)


@pytest.mark.parametrize(("share", "accepted"), [(0.9, True), (1.1, False)])
def test_separate_boxes_with_digits_that_have_one_solution_need_no_signs(share, accepted):
    puzzle, solution = case(2)
    unique = scores_of(Puzzle.of(5, [(r, c, solution[r][c]) for r in range(5) for c in range(5) if r > 0], ()))
    reading = decode(unique)
    assert reading.outcome.status == "one"
    assert is_futoshiki(reading, unique, share * FUTOSHIKI.separate) is accepted
    dim = unique.with_tables(dimmed(table, 1.2 * FUTOSHIKI.illegible_without_signs) for table in unique.tables)
    assert not is_futoshiki(decode(dim), dim, 0.5)
    several = scores_of(Puzzle(puzzle.size, puzzle.givens))
    assert not is_futoshiki(decode(several), several, 0.5)


def test_a_few_strays_among_many_digits_make_no_futoshiki():
    puzzle, solution = case(3)
    many = Puzzle.of(5, [(r, c, solution[r][c]) for r in range(5) for c in range(5) if r != c], puzzle.less[:2])
    scores = scores_of(many)
    assert not is_futoshiki(decode(scores), scores)
    few = scores_of(Puzzle.of(5, [(0, 0, solution[0][0])], puzzle.less[:2]))
    assert is_futoshiki(decode(few), few)


@pytest.mark.parametrize("number", [1, 4])
def test_a_full_square_of_digits_without_a_sure_sign_is_no_futoshiki(number):
    full, _ = full_reading()
    signs = decode(full).puzzle.less[:number]
    sure = scores_of(Puzzle(5, decode(full).puzzle.givens, signs))
    assert is_futoshiki(decode(sure), sure)
    unsure = with_doubts(sure, absent=1.1 * (1 - FUTOSHIKI.sure_sign), turned=1e-6)
    assert decode(unsure).puzzle.less == signs
    assert not is_futoshiki(decode(unsure), unsure)


def test_a_sign_is_no_stray_mark_if_only_its_direction_is_uncertain():
    puzzle, solution = case(3)
    scores = scores_of(Puzzle.of(5, [(0, 0, solution[0][0])], puzzle.less[:3]))
    for absent, turned, accepted in ((1e-6, 0.4, True), (0.4, 1e-6, False)):
        unsure = with_doubts(scores, absent, turned)
        reading = decode(unsure)
        single, several = (replace(reading, outcome=replace(reading.outcome, status=status)) for status in ("one", "several"))
        assert is_futoshiki(single, unsure) is accepted
        assert not is_futoshiki(several, unsure)


def test_a_single_sign_that_makes_the_solution_the_only_one_is_no_stray():
    givens = [(0, 0, 4), (2, 3, 2), (3, 0, 1), (3, 3, 3)]
    deciding = scores_of(Puzzle.of(4, givens, [(3, 2, 3, 1)]))
    assert is_futoshiki(decode(deciding), deciding)
    idle = scores_of(Puzzle.of(4, [*givens, (3, 1, 4)], [(3, 2, 3, 1)]))
    assert not is_futoshiki(decode(idle), idle)
