"""What counts as a Futoshiki."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from futoshiki.photo import Photo
from futoshiki.puzzle import Puzzle
from futoshiki.reading import reader as reading_module
from futoshiki.reading.close_up import Board
from futoshiki.reading.decode import decode
from futoshiki.reading.locate import Area
from futoshiki.reading.reader import (
    MAX_MISREAD_SHARE,
    MAX_MISREAD_SHARE_CLEAR,
    MAX_TRUSTED_MISREADS,
    SOLVED_CONFIDENCE,
    Clock,
    Found,
    Networks,
    _confidence,
    _is_futoshiki,
    _is_worth_decoding,
    _status,
    calibrated,
    read_area,
)
from futoshiki.result import BoardResult
from tests.test_decode import case, scores_of


def dimmed(table: np.ndarray, chance: float) -> np.ndarray:
    """The same reading, each element with the chance that it is what comes next."""
    kinds = np.arange(table.shape[-1])
    best = table.argmax(axis=-1)[..., None]
    chances = np.where(kinds == best, 1 - chance, np.where(kinds == (best + 1) % len(kinds), chance, 1e-9))
    return np.log(chances)


@pytest.mark.parametrize(("part", "accepted"), [("cells", True), ("across", False)])
def test_dim_digits_among_clear_signs_are_a_futoshiki_and_dim_signs_are_not(part, accepted):
    clear = scores_of(case(1)[0])
    share = (MAX_MISREAD_SHARE + MAX_MISREAD_SHARE_CLEAR) / 2
    table = getattr(clear, part)
    scores = replace(clear, **{part: dimmed(table, share * (5 * 5 + 2 * 5 * 4) / table[..., 0].size)})
    reading = decode(scores)
    assert reading.outcome.solutions
    assert _is_futoshiki(reading, scores) is accepted
    assert _is_worth_decoding(scores) is accepted


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 5), st.tuples(*[st.sampled_from([0.001, 0.02, 0.05, 0.1, 0.2, 0.3])] * 3))
def test_every_futoshiki_is_worth_decoding(seed, doubt):
    clear = scores_of(case(seed)[0])
    dim = {name: dimmed(getattr(clear, name), chance) for name, chance in zip(("cells", "across", "down"), doubt, strict=True)}
    scores = replace(clear, **dim)
    assert _is_worth_decoding(scores) or not _is_futoshiki(decode(scores), scores)


def test_digits_without_signs_are_some_other_puzzle():
    puzzle, _ = case(2)
    scores = scores_of(type(puzzle)(puzzle.size, puzzle.givens))
    assert not _is_futoshiki(decode(scores), scores)


def test_a_few_strays_among_many_digits_make_no_futoshiki():
    puzzle, solution = case(3)
    many = type(puzzle).of(5, [(r, c, solution[r][c]) for r in range(5) for c in range(5) if r != c], puzzle.less[:2])
    scores = scores_of(many)
    assert not _is_futoshiki(decode(scores), scores)
    few = type(puzzle).of(5, [(0, 0, solution[0][0])], puzzle.less[:2])
    assert _is_futoshiki(decode(scores_of(few)), scores_of(few))


def test_a_single_sign_that_makes_the_solution_the_only_one_is_no_stray():
    givens = [(0, 0, 4), (2, 3, 2), (3, 0, 1), (3, 3, 3)]
    deciding = scores_of(Puzzle.of(4, givens, [(3, 2, 3, 1)]))
    assert _is_futoshiki(decode(deciding), deciding)
    idle = scores_of(Puzzle.of(4, [*givens, (3, 1, 4)], [(3, 2, 3, 1)]))
    assert not _is_futoshiki(decode(idle), idle)


@pytest.mark.parametrize(("expected", "status"), [(0.9, "solved"), (1.1, "doubtful")])
def test_a_reading_is_not_trusted_of_which_much_may_be_misread(expected, status):
    reading = replace(decode(scores_of(case(1)[0])), misreads=expected * MAX_TRUSTED_MISREADS)
    assert _confidence(reading) > SOLVED_CONFIDENCE
    assert _status(reading, _confidence(reading), np.inf) == status


@pytest.mark.parametrize("later", [(0.3, 5), (0.8, 3), (0.8, 12)])
def test_a_board_that_was_read_is_not_lost_to_a_later_look_that_is_less_sure(later, monkeypatch):
    def board(score: float, size: int) -> Board:
        return Board(np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1) * 10.0, 1.0, False, score)

    found = Found(board(0.9, 5), None, None, BoardResult("doubtful", case(1)[0], 0.5, (), (), None, 0))
    monkeypatch.setattr(reading_module, "looks", lambda *_, **__: iter([board(0.9, 5), board(*later)]))
    monkeypatch.setattr(reading_module, "_read_board", lambda _photo, seen, *_: found if seen.score == 0.9 else None)
    photo = Photo(np.zeros((80, 80, 3), np.uint8), "page")
    area = Area(np.array([[0, 0], [50, 0], [50, 50], [0, 50.0]]), complete=False, score=1.0)
    assert read_area(photo, area, Networks.of(), Clock()) is found


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 30), st.floats(0, 30), st.floats(0, 9))
def test_confidence_grows_with_the_share_and_falls_with_what_is_misread_or_mended(share, other, misreads, more, cost):
    confidence = calibrated(share, misreads)
    assert 0 < confidence < 1
    assert calibrated(share, misreads, cost) <= confidence
    assert calibrated(max(share, other), misreads) >= confidence >= calibrated(share, misreads + more)


def test_only_clear_readings_are_sure_enough_to_be_solved():
    assert calibrated(1.0, 0.0) > 0.98
    assert calibrated(1.0, 0.5) > SOLVED_CONFIDENCE
    assert calibrated(0.95, 0.0) < SOLVED_CONFIDENCE
    assert calibrated(1.0, 8.0) < SOLVED_CONFIDENCE


def test_a_finished_board_that_breaks_no_rule_is_surer_than_one_that_does():
    _, solution = case(1)
    size = len(solution)
    full = scores_of(Puzzle(size, solution, frozenset({(0, 0, 0, 1) if solution[0][0] < solution[0][1] else (0, 1, 0, 0)})))
    reading = decode(replace(full, cells=dimmed(full.cells, 0.02)))
    assert reading.puzzle.is_full
    assert _confidence(reading) > 0.95 > reading.confidence
    wrong = scores_of(Puzzle(size, (solution[1], *solution[1:]), reading.puzzle.less))
    broken = decode(replace(wrong, cells=dimmed(wrong.cells, 0.02)))
    assert broken.outcome.status == "none"
    assert _confidence(broken) == broken.confidence < 0.95
