"""What a reading is worth: whether it is a Futoshiki at all, how likely its answer is right, and when it is `solved`.

Every rule and threshold that decides trust is in this module. They were chosen on synthetic photos; docs/accuracy.md has
the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from futoshiki.errors import BoardStatus
from futoshiki.puzzle import Puzzle
from futoshiki.reading.board import Board
from futoshiki.reading.decode import Reading
from futoshiki.reading.scores import ClueScores
from futoshiki.result import STATUS_OF, Doubt
from futoshiki.solving import solve


@dataclass(frozen=True)
class Futoshiki:
    """What tells a Futoshiki from other grids. Shares are expected errors over all places of a board."""

    # Largest share. Open boards of real and rendered photos stay below 0.033; kropki, binairo and crosswords lie above 0.054.
    misread_share: float = 0.043
    misread_share_clear: float = 0.08  # Largest share on boards with a solution and clear signs, as in photos taken in poor light
    misread_share_full: float = 0.3  # Largest share on boards with a digit in every cell, which little else has
    sure_sign: float = 0.9  # Probability above which a sign is sure
    possible_sign: float = 0.1  # Probability above which an edge may hold a sign
    # Share of sure signs among possible ones above which a board's signs are clear. It is below 0.42 on kropki, binairo and
    # crosswords, whose dots and lines look like a possible sign.
    clear_signs: float = 0.6


@dataclass(frozen=True)
class Solved:
    """What an answer needs to be called `solved` rather than `doubtful`."""

    confidence: float = 0.99  # Least probability that the answer is right
    # Most nats of correction, however well the result fits: of 33 boards above it 3 were wrong, of 228 others 2.
    cost: float = 1.0
    # Largest expected number of errors on an open board: 4 of the 5 answers that were wrong under `solved` on 4,287 synthetic
    # photos were above it, and one in ten of the right ones.
    misreads: float = 1.25
    doubts: int = 5  # Most doubtful clues, however well they fit together
    turn_margin: float = 3.0  # Least nats by which the orientation beats the runner-up: a 1 and a 2 look alike upside down


@dataclass(frozen=True)
class CutOff:
    """When a board seems to be cut off by the edge of the picture, or to be a part of a larger one."""

    room: float = 0.25  # Pitches to the edge of the picture below which the board may continue there
    tight: float = 0.75  # Pitches on all sides below which the picture was cropped to its board, and nothing continues
    overhang: float = -0.12  # Pitches to the edge below which cells lie outside the picture
    too_large: float = 0.5  # Probability of a digit larger than N above which a board is a part of a larger one


FUTOSHIKI, SOLVED, CUT_OFF = Futoshiki(), Solved(), CutOff()
CALIBRATION = (0.42, -0.47, -0.98, 1.92)
"""Weights of `evidence` in the log-odds of the confidence. Where much is misread or corrected, the truth may lie beyond all
readings that were considered. Logistic regression (Platt, 1999) on synthetic photos: `benchmarks/confidence.py`."""
MOST_ODDS = 9.2
"""Log-odds (1 in 10,000) above which a share says no more."""


@dataclass(frozen=True)
class Verdict:
    """How far an answer is to be trusted; `cut` tells that the board may go on outside what was read."""

    status: BoardStatus
    confidence: float
    cut: bool


def judge(reading: Reading, doubts: tuple[Doubt, ...], board: Board, scores: ClueScores, picture: tuple[int, int]) -> Verdict:
    """The verdict on the answer to a board.

    `doubts` are those of the reading that concern print; `picture` is the height and width of the photo in pixels.
    """
    confidence = confidence_of(reading)
    cut = may_be_cut(board, picture) or scores.too_large > CUT_OFF.too_large
    status = STATUS_OF[reading.outcome.status]
    if status == "solved" and (cut or not _is_trusted(reading, confidence, doubts, scores.margin)):
        status = "doubtful"
    return Verdict(status, confidence, cut)


def _is_trusted(reading: Reading, confidence: float, doubts: tuple[Doubt, ...], turn_margin: float) -> bool:
    """Whether the only solution of a reading may be called solved. A complete board is checked by all rules at once."""
    sure = confidence >= SOLVED.confidence and reading.cost <= SOLVED.cost and not reading.cut_short
    clear = reading.misreads <= SOLVED.misreads and len(doubts) <= SOLVED.doubts and turn_margin >= SOLVED.turn_margin
    return sure and (clear or reading.puzzle.is_full)


def confidence_of(reading: Reading) -> float:
    """The probability that the answer is right; without a single answer, the probability of the reading as it is."""
    if reading.outcome.status != "one":
        return reading.confidence
    return calibrated(share_of(reading), reading.misreads, reading.cost)


def share_of(reading: Reading) -> float:
    """The share of the solved grid; a complete board that breaks no rule has been checked by all of them."""
    return 1.0 if reading.puzzle.is_full else reading.confidence


def calibrated(share: float, misreads: float, cost: float = 0.0) -> float:
    """The probability that a grid is right that has this share of the probability of all readings considered.

    `misreads` is the expected number of errors in the plain reading, `cost` the nats by which it was corrected.
    """
    return float(1 / (1 + np.exp(-np.dot(CALIBRATION, evidence(share, misreads, cost)))))


def evidence(share: float, misreads: float, cost: float) -> tuple[float, float, float, float]:
    """What `CALIBRATION` weighs: the log-odds of the share, the root of the expected errors, the cost, and 1."""
    odds = np.log(max(share, 1e-9) / max(1 - share, 1e-9))
    return float(np.clip(odds, -MOST_ODDS, MOST_ODDS)), float(np.sqrt(misreads)), cost, 1.0


def may_be_cut(board: Board, picture: tuple[int, int]) -> bool:
    """Whether more cells may follow: they were seen, or the board reaches the picture's edge on some sides but not on all."""
    if board.goes_on:
        return True
    height, width = picture
    corners = board.corners
    low, high = corners.min(axis=0), np.array([width, height]) - corners.max(axis=0)
    room = np.concatenate([low, high]) / board.pitch
    at_edge = room.min() < CUT_OFF.room and room.max() > CUT_OFF.tight
    return bool(room.min() < CUT_OFF.overhang or at_edge)


def is_worth_decoding(scores: ClueScores) -> bool:
    """Cheap pre-check: skip boards that cannot be a Futoshiki, because those take longest to decode."""
    return scores.misread_share <= _limit(scores, full=scores.may_be_full, solvable=True)


def is_futoshiki(reading: Reading, scores: ClueScores) -> bool:
    """Whether a reading is that of a Futoshiki: it has signs, and most places were read with some certainty."""
    puzzle = reading.puzzle
    if not puzzle.less or (_are_strays(reading, scores) and not puzzle.is_full):
        return False
    places = puzzle.size**2 + 2 * puzzle.size * (puzzle.size - 1)
    return reading.misreads <= places * _limit(scores, full=puzzle.is_full, solvable=bool(reading.outcome.solutions))


def _limit(scores: ClueScores, *, full: bool, solvable: bool) -> float:
    """The largest share of expected errors for a board of this kind."""
    if full:
        return FUTOSHIKI.misread_share_full
    return FUTOSHIKI.misread_share_clear if solvable and _signs_are_clear(scores) else FUTOSHIKI.misread_share


def _are_strays(reading: Reading, scores: ClueScores) -> bool:
    """Whether the signs are stray marks: none is sure, or one or two among many digits do not decide the puzzle."""
    sure, digits = _signs_above(FUTOSHIKI.sure_sign, scores), len(reading.puzzle.given_cells)
    few = (sure == 1 and digits > 1) or (sure == 2 and digits > reading.puzzle.size)
    return sure == 0 or (few and not _signs_decide(reading))


def _signs_decide(reading: Reading) -> bool:
    """Whether the plain reading has one solution and its digits alone have several; a stray mark would hardly do that."""
    digits = Puzzle.of(reading.puzzle.size, reading.puzzle.given_cells, ())
    return reading.outcome.status == "one" and reading.cost == 0 and solve(digits).status == "several"


def _signs_are_clear(scores: ClueScores) -> bool:
    """Whether a board has sure signs, and few edges that may hold one or not."""
    sure = _signs_above(FUTOSHIKI.sure_sign, scores)
    return sure >= scores.size and sure >= FUTOSHIKI.clear_signs * _signs_above(FUTOSHIKI.possible_sign, scores)


def _signs_above(chance: float, scores: ClueScores) -> int:
    """Number of edges that hold a sign with more than that probability."""
    return sum(int((np.exp(table[..., 1:].max(axis=-1)) > chance).sum()) for table in (scores.across, scores.down))
