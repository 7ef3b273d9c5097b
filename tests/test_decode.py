"""The decoder against a simulated reader that makes mistakes."""

import random

import numpy as np
import pytest

from futoshiki.errors import EntryError
from futoshiki.geometry import Orientation
from futoshiki.puzzle import Clue, Puzzle
from futoshiki.reading.decode import decode
from futoshiki.reading.recognize import ClueScores, log_softmax
from futoshiki.solving.generate import random_puzzle


def scores_of(puzzle: Puzzle, changes: dict | None = None, sure: float = 12.0) -> ClueScores:
    """Scores that read `puzzle`, `sure` nats above all else; `changes` maps a place to {value: logit}."""
    n = puzzle.size
    cells, across, down = np.zeros((n, n, 10)), np.zeros((n, n - 1, 3)), np.zeros((n - 1, n, 3))
    for r in range(n):
        for c in range(n):
            cells[r, c, puzzle.givens[r][c]] = sure
    across[..., 0] = down[..., 0] = sure
    for r1, c1, r2, c2 in puzzle.less:
        table = across if r1 == r2 else down
        r, c = min(r1, r2), min(c1, c2)
        table[r, c] = 0
        table[r, c, 1 if (r1, c1) == (r, c) else 2] = sure
    tables = {"cell": cells, "across": across, "down": down}
    for (kind, r, c), logits in (changes or {}).items():
        tables[kind][r, c] = -10
        for value, logit in logits.items():
            tables[kind][r, c, value] = logit
    cells, across, down = (np.moveaxis(log_softmax(np.moveaxis(t, -1, 0)), 0, -1) for t in (cells, across, down))
    return ClueScores(cells, across, down, Orientation(), 9.0)


def case(seed: int, size: int = 5) -> tuple[Puzzle, tuple]:
    return random_puzzle(size, random.Random(seed), signs=0.3)


@pytest.mark.parametrize("seed", range(6))
def test_a_clean_reading_is_taken_as_it_is(seed):
    puzzle, solution = case(seed)
    reading = decode(scores_of(puzzle))
    assert reading.puzzle == puzzle
    assert reading.outcome.solution == solution
    assert reading.confidence > 0.99
    assert reading.doubts == ()


@pytest.mark.parametrize("seed", range(6))
def test_a_misread_sign_is_turned_back_where_the_rules_demand_it(seed):
    puzzle, solution = case(seed)
    r1, c1, r2, c2 = puzzle.less[seed % len(puzzle.less)]
    kind, r, c = ("across" if r1 == r2 else "down", min(r1, r2), min(c1, c2))
    right = 1 if (r1, c1) == (r, c) else 2
    reading = decode(scores_of(puzzle, {(kind, r, c): {3 - right: 1.0, right: 0.0}}))
    turned = Puzzle(puzzle.size, puzzle.givens, tuple(s for s in puzzle.less if s != (r1, c1, r2, c2)) + ((r2, c2, r1, c1),))
    from futoshiki.solving import solve

    if solve(turned).status != "one":  # else nothing tells the two readings apart
        assert reading.outcome.solution == solution
        assert any(doubt.corrected for doubt in reading.doubts)


def test_a_doubtful_digit_that_the_rules_cannot_settle_lowers_the_confidence():
    puzzle = Puzzle.of(2, [(0, 0, 1)], [])
    reading = decode(scores_of(puzzle, {("cell", 0, 0): {1: 0.3, 2: 0.0}}))
    assert reading.outcome.status == "one"
    assert 0.5 < reading.confidence < 0.65
    assert [(doubt.read, doubt.instead, doubt.corrected) for doubt in reading.doubts] == [("1", "2", False)]


def test_a_search_that_runs_out_of_time_says_so():
    puzzle = Puzzle.of(2, [(0, 0, 1)], [])
    scores = scores_of(puzzle, {("cell", 0, 0): {1: 0.3, 2: 0.0}})
    reading = decode(scores, time_limit=0.0)
    assert reading.cut_short
    assert reading.puzzle == puzzle
    assert reading.confidence == 1.0  # nothing else was looked at, which is why it cannot be trusted
    assert not decode(scores).cut_short
    nothing = decode(scores_of(Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], []), {("cell", 0, 1): {1: 0.3, 2: 0.0}}), time_limit=0.0)
    assert nothing.outcome.status == "none"
    assert nothing.cut_short


def test_a_missed_clue_is_found_again_when_it_was_nearly_seen():
    puzzle = Puzzle.of(2, [(0, 0, 1)], [])
    reading = decode(scores_of(puzzle, {("cell", 0, 0): {0: 2.0, 1: 0.0}}))
    assert reading.puzzle == puzzle
    assert reading.cost == pytest.approx(2.0, abs=0.01)


def test_clues_that_contradict_each_other_beyond_repair_are_said_to():
    puzzle = Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], [])
    reading = decode(scores_of(puzzle, sure=30.0))
    assert reading.outcome.status == "none"


def test_several_solutions_stay_several_when_nothing_else_was_seen():
    reading = decode(scores_of(Puzzle.of(3, [], [(0, 0, 0, 1)]), sure=30.0))
    assert reading.outcome.status == "several"


def test_the_decoder_rescues_most_simulated_readings():
    """5x5, every element right with 99 %: 61 % are right as read, about 93 % after decoding."""
    rescued = plain = 0
    count = 40
    for seed in range(count):
        rng = random.Random(1000 + seed)
        puzzle, solution = case(1000 + seed)
        changes = {}
        places = [("cell", r, c) for r in range(5) for c in range(5)]
        places += [("across", r, c) for r in range(5) for c in range(4)] + [("down", r, c) for r in range(4) for c in range(5)]
        clean = scores_of(puzzle)
        for kind, r, c in places:
            if rng.random() < 0.01:
                table = {"cell": clean.cells, "across": clean.across, "down": clean.down}[kind]
                truth = int(table[r, c].argmax())
                wrong = rng.choice([v for v in range(6 if kind == "cell" else 3) if v != truth])
                changes[kind, r, c] = {wrong: rng.choice([0.5, 1.0, 4.0]), truth: 0.0}
        reading = decode(scores_of(puzzle, changes))
        rescued += reading.outcome.solution == solution
        plain += not changes
    assert rescued >= 0.85 * count
    assert rescued > plain


def test_a_settled_clue_is_beyond_doubt_and_mends_what_hung_on_it():
    puzzle = Puzzle.of(2, [(0, 0, 1)], [])
    scores = scores_of(puzzle, {("cell", 0, 0): {1: 0.3, 2: 0.0}})
    reading = decode(scores.settled([Clue(2, cell=(0, 0))]))
    assert reading.puzzle.given_cells == ((0, 0, 2),)
    assert reading.confidence > 0.99
    assert reading.doubts == ()
    with pytest.raises(EntryError, match="outside"):
        scores.settled([Clue(1, cell=(2, 0))])


@pytest.mark.parametrize("sign", [(0, 0, 0, 1), (0, 1, 0, 0), (0, 0, 1, 0), (1, 0, 0, 0)])
def test_a_settled_sign_is_read_as_it_was_set(sign):
    scores = scores_of(Puzzle.blank(3))
    assert decode(scores.settled([Clue(1, sign=sign)])).puzzle.less == (sign,)
    assert decode(scores.settled([Clue(1, sign=sign), Clue(0, sign=sign)])).puzzle.less == ()


def test_confidence_is_that_of_the_value_that_was_taken():
    puzzle = Puzzle.of(4, [(0, 0, 1)], [])
    reading = decode(scores_of(puzzle, {("cell", 1, 1): {0: np.log(0.16), 3: np.log(0.59), 2: np.log(0.25)}}, sure=12.0))
    assert reading.puzzle == puzzle  # a digit that is not sure and not ruled out is taken for a stain
    assert reading.outcome.status == "several"
    assert reading.confidence == pytest.approx(0.16, abs=0.02)
    assert reading.misreads == pytest.approx(0.84, abs=0.02)
