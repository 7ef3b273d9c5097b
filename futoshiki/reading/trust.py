"""What a reading is worth: whether it is a Futoshiki at all, and when its answer is `solved`.

Every rule and threshold that decides trust is in this module; what the confidence weighs is in `reading.confidence`. They
were chosen on synthetic photos; docs/experiments.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from futoshiki.errors import BoardStatus
from futoshiki.puzzle import Puzzle
from futoshiki.reading.board import GOES_ON, Board
from futoshiki.reading.confidence import confidence_of
from futoshiki.reading.decode import Reading
from futoshiki.reading.found import Sighting
from futoshiki.reading.scores import ClueScores
from futoshiki.result import STATUS_OF
from futoshiki.solving import solve


@dataclass(frozen=True)
class Futoshiki:
    """What tells a Futoshiki from other grids. Shares are expected errors over all places of a board."""

    # Largest share. Open boards of real and rendered photos stay below 0.033; kropki, binairo and crosswords lie above 0.054.
    illegible: float = 0.043
    illegible_clear: float = 0.09  # Largest share on boards with a solution and clear signs, as in photos taken in poor light
    illegible_full: float = 0.3  # Largest share on boards with a digit in every cell, which little else has
    illegible_without_signs: float = 0.01  # Largest share on boards of separate boxes without any sign
    separate: float = 0.85  # Largest side of a cell over the pitch if cells are separate boxes
    sure_sign: float = 0.9  # Probability above which a sign is sure
    possible_sign: float = 0.1  # Probability above which an edge may hold a sign
    # Share of sure signs among possible ones above which a board's signs are clear. It is below 0.42 on kropki, binairo and
    # crosswords, whose dots and lines look like a possible sign.
    clear_signs: float = 0.6
    many_signs: float = 1.3  # Sure signs per row; a board with so many is hardly anything but a Futoshiki


@dataclass(frozen=True)
class Solved:
    """What an answer needs to be called `solved` rather than `doubtful`.

    Chosen on 1,190 answers to open boards of synthetic photos that the networks never saw: `benchmarks/trust.py`.
    """

    turn_margin: float = 3.0  # Least nats by which the orientation beats the runner-up: a 1 and a 2 look alike upside down
    confidence: float = 0.97  # Least probability of being right
    confirmed: float = 0.75  # Least share of the blank cells with entries, if all of them say the same as the answer


@dataclass(frozen=True)
class CutOff:
    """When a board seems to be cut off by the edge of the picture, or to be a part of a larger one."""

    room: float = 0.25  # Pitches to the edge of the picture below which the board may continue there
    cells_seen: float = 0.4  # Share of cells seen in a row or column outside above which the board may continue there
    room_beside_cells: float = 0.6  # The same for a board next to which more cells were seen in the other direction
    next_line: float = 1.0  # Pitches to the edge of the picture below which the next line of cells would not be seen whole
    tight: float = 0.75  # Pitches on all sides below which the picture was cropped to its board, and nothing continues
    overhang: float = 0.2  # Largest share of the side of a cell that may lie outside the picture: digits stand in the middle
    too_large: float = 0.75  # Probability of a digit larger than N above which a board with more cells beside it is a part


FUTOSHIKI, SOLVED, CUT_OFF = Futoshiki(), Solved(), CutOff()
CLEAR = Solved(confidence=0.98)
"""What an answer needs so that nobody has to look closer."""


@dataclass(frozen=True)
class Verdict:
    """How far an answer is to be trusted.

    `cut` tells that the board may go on outside what was read, `sure` that the answer is `solved` or would be if it were not
    cut, and `clear` that no closer look is needed: a first look is easily wrong where some of it is in doubt.
    """

    status: BoardStatus
    confidence: float
    cut: bool
    sure: bool
    clear: bool


def judge(reading: Reading, sighting: Sighting, printed: ClueScores, *, mixed: bool = False) -> Verdict:
    """The verdict on the answer to a board.

    `printed` are the scores of print, in which clues that somebody has put right are certain. `mixed` tells that it is
    uncertain which digits are printed.
    """
    board, scores = sighting.board, sighting.scores
    confidence = confidence_of(reading, printed)
    is_beside_cells = max(board.beyond) >= CUT_OFF.cells_seen
    is_part = (is_beside_cells and scores.too_large > CUT_OFF.too_large) or _ends_with_neighbour(reading, board, scores)
    cut = may_be_cut(board, sighting.picture) or is_part or _is_line_off(reading, sighting)
    status = STATUS_OF[reading.outcome.status]
    is_eligible = status == "solved" and not mixed
    sure = is_eligible and _meets(SOLVED, confidence, reading, sighting)
    clear = is_eligible and not cut and _meets(CLEAR, confidence, reading, sighting)
    if status == "solved" and (cut or not sure):
        status = "doubtful"
    return Verdict(status, confidence, cut, sure, clear)


def _ends_with_neighbour(reading: Reading, board: Board, scores: ClueScores) -> bool:
    """Whether an open board ends with a full line of digits at a side where more cells follow: those may be a neighbour's."""
    if reading.puzzle.is_full:
        return False
    return any(share >= GOES_ON and line.all() for share, line in zip(board.beyond, _end_lines(reading, scores), strict=True))


def _is_line_off(reading: Reading, sighting: Sighting) -> bool:
    """Whether all lines are full but one at an end, opposite to which the edge of the picture may cut off another line.

    Then a finished board is probably read together with what stands beside it, such as letters that number its rows.
    """
    room = _room(sighting.board, sighting.picture)
    if room.max() <= CUT_OFF.tight:
        return False
    (left, above), (right, below) = room < CUT_OFF.next_line
    blanks = sum(row.count(0) for row in reading.puzzle.givens)
    ends = zip((below, above, right, left), _end_lines(reading, sighting.scores), strict=True)
    return blanks == reading.puzzle.size and any(is_near and not line.any() for is_near, line in ends)


def _end_lines(reading: Reading, scores: ClueScores) -> tuple[np.ndarray, ...]:
    """Which cells hold digits in the outer lines as the board lies in the photo: above, below, left, right."""
    filled = scores.orientation.inverse.apply(np.array(reading.puzzle.givens) > 0)
    return filled[0], filled[-1], filled[:, 0], filled[:, -1]


def _room(board: Board, picture: tuple[int, int]) -> np.ndarray:
    """Pitches between a board and the edges of a picture (height, width): (left, above), (right, below)."""
    height, width = picture
    low, high = board.corners.min(axis=0), np.array([width, height]) - board.corners.max(axis=0)
    return np.stack([low, high]) / board.pitch


def _meets(needs: Solved, confidence: float, reading: Reading, sighting: Sighting) -> bool:
    """Whether the only solution of a reading has what it needs. A complete board is checked by all rules at once."""
    if reading.cut_short:
        return False
    is_likely = confidence >= needs.confidence
    if reading.puzzle.is_full:
        return is_likely
    return sighting.scores.margin >= needs.turn_margin and (is_likely or _is_confirmed(reading, sighting))


def _is_confirmed(reading: Reading, sighting: Sighting) -> bool:
    """Whether the player has entered the same answer, nearly all of it: somebody else has read and solved the puzzle."""
    givens, solution = reading.puzzle.givens, reading.outcome.solutions[0]
    entries = sighting.handwriting.entries(givens)
    blanks = sum(row.count(0) for row in givens)
    return len(entries) >= SOLVED.confirmed * blanks and all(solution[r][c] == value for r, c, value in entries)


def may_be_cut(board: Board, picture: tuple[int, int]) -> bool:
    """Whether the board may go on outside what was read.

    A Futoshiki is square, so a board is a part of a larger one only if it may go on in both directions: more cells were
    seen there, or it reaches the edge of the picture. A picture that is cropped to its board reaches it on all sides. A
    board whose outer cells lie too far outside the picture always counts.
    """
    height, width = picture
    room = _room(board, picture)
    edges = board.expected_edges
    if min(edges.min(), ([width, height] - edges).min()) < -CUT_OFF.overhang * board.cell_share * board.pitch:
        return True
    above, below, left, right = (share >= CUT_OFF.cells_seen for share in board.beyond)
    seen = np.array([[left, above], [right, below]])
    at_edge = room < (CUT_OFF.room_beside_cells if seen.any() else CUT_OFF.room)
    if room.max() <= CUT_OFF.tight:
        at_edge[:] = False
    return bool((at_edge | seen).any(axis=0).all())


def lacks_cells(board: Board, picture: tuple[int, int]) -> bool:
    """Whether the middles of some of its cells must lie outside the picture, so that digits are cut off."""
    height, width = picture
    centres = board.expected_centres
    return bool((centres < 0).any() or (centres > [width, height]).any())


def is_worth_decoding(scores: ClueScores) -> bool:
    """Cheap pre-check: skip boards that cannot be a Futoshiki, because those take longest to decode."""
    return scores.illegible_share <= _limit(scores, full=scores.may_be_full, solvable=True)


def is_futoshiki(reading: Reading, scores: ClueScores, cell_share: float = 1.0) -> bool:
    """Whether a reading is that of a Futoshiki: it has signs, and most places were read with some certainty.

    Without signs it is one if its cells are separate boxes and its clear digits have exactly one solution.
    """
    puzzle = reading.puzzle
    if not puzzle.less or _are_strays(reading, scores):
        unique = reading.outcome.status == "one" and reading.cost == 0 and not puzzle.is_full
        return unique and cell_share < FUTOSHIKI.separate and scores.illegible_share < FUTOSHIKI.illegible_without_signs
    return scores.illegible_share <= _limit(scores, full=puzzle.is_full, solvable=bool(reading.outcome.solutions))


def _limit(scores: ClueScores, *, full: bool, solvable: bool) -> float:
    """The largest share of expected errors for a board of this kind."""
    if full:
        return FUTOSHIKI.illegible_full
    return FUTOSHIKI.illegible_clear if solvable and signs_are_clear(scores) else FUTOSHIKI.illegible


def _are_strays(reading: Reading, scores: ClueScores) -> bool:
    """Whether the signs are stray marks: none is sure, or one or two among many digits of an open board decide nothing.

    It may be uncertain which way signs point if they have exactly one solution, which the marks of other grids hardly have.
    """
    count = _edges_with_signs if reading.outcome.status == "one" else _signs_above
    sure, digits = count(FUTOSHIKI.sure_sign, scores), len(reading.puzzle.given_cells)
    few = (sure == 1 and digits > 1) or (sure == 2 and digits > reading.puzzle.size)
    return sure == 0 or (few and not reading.puzzle.is_full and not _signs_decide(reading))


def _signs_decide(reading: Reading) -> bool:
    """Whether the plain reading has one solution and its digits alone have several; a stray mark would hardly do that."""
    digits = Puzzle.of(reading.puzzle.size, reading.puzzle.given_cells, ())
    return reading.outcome.status == "one" and reading.cost == 0 and solve(digits).status == "several"


def signs_are_clear(scores: ClueScores) -> bool:
    """Whether a board has many sure signs, or at least one per row and few edges that may or may not hold one."""
    sure = _signs_above(FUTOSHIKI.sure_sign, scores)
    if sure >= FUTOSHIKI.many_signs * scores.size:
        return True
    return sure >= scores.size and sure >= FUTOSHIKI.clear_signs * _signs_above(FUTOSHIKI.possible_sign, scores)


def _signs_above(chance: float, scores: ClueScores) -> int:
    """Number of edges whose sign is known, with the way it points, with more than that probability."""
    return sum(int((np.exp(table[..., 1:].max(axis=-1)) > chance).sum()) for table in (scores.across, scores.down))


def _edges_with_signs(chance: float, scores: ClueScores) -> int:
    """Number of edges that hold a sign, whichever way it points, with more than that probability."""
    return sum(int((np.exp(table[..., 0]) < 1 - chance).sum()) for table in (scores.across, scores.down))
