"""Reading one board: from its lattice in the photo to a puzzle, a solution, and how far they are to be trusted."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from futoshiki.geometry import mean_pitch
from futoshiki.networks.engine import shipped_network
from futoshiki.photo import Photo
from futoshiki.puzzle import Clue, Puzzle
from futoshiki.reading.close_up import PROMISING, Board, looks
from futoshiki.reading.decode import Reading, decode
from futoshiki.reading.handwriting import EntryNetwork, see_handwriting
from futoshiki.reading.locate import Area, GridNetwork
from futoshiki.reading.page_text import TextNetwork, ways_by_text
from futoshiki.reading.recognize import ClueNetwork, ClueScores, recognize
from futoshiki.reading.settle import STATUS
from futoshiki.result import BoardResult, Status
from futoshiki.solving import solve

SIZES = range(4, 10)
"""Board sizes that are read; 10 and more would need two-digit numbers."""
MIN_BOARD_SCORE = 0.45
SOLVED_CONFIDENCE = 0.99
CALIBRATION = (0.42, -0.47, -0.98, 1.92)
"""What the log-odds of a reading's share, the square root of its misreads, its cost, and 1 weigh in the log-odds of its
confidence: where much is misread or mended, the truth may lie beyond all readings that were considered. Logistic regression
(Platt, 1999) on synthetic photos: `benchmarks/confidence.py`."""
MOST_ODDS = 9.2
"""Log-odds beyond which a share says no more: 1 in 10,000."""
MAX_TRUSTED_COST = 1.0
"""Nats of correction beyond which a reading is shown as doubtful, however well it fits: of 33 such boards on synthetic
photos 3 were wrong, of 228 others 2."""
MAX_TRUSTED_MISREADS = 1.25
"""Elements to be expected wrong beyond which an open board's reading is shown as doubtful, however well it fits: 4 of the
5 answers that were wrong under `solved` on 4,287 synthetic photos were such, and one in ten of the right ones."""
MAX_DOUBTS = 5
"""Doubtful clues beyond which a reading is doubtful as a whole, however well they fit together."""
TOO_LARGE = 0.5
"""Probability of a digit that a board is too small for from which it is taken for a part of a larger one."""
MIN_TURN_MARGIN = 3.0
"""Nats by which the way up must beat the next: a 1 and a 2 stand on their heads as well."""
MAX_MISREAD_SHARE = 0.043
"""Of the elements: what is read with more doubt is some other puzzle. Open boards of real and rendered photos
stay below 0.033, kropki, binairo and crosswords lie above 0.054."""
MAX_MISREAD_SHARE_CLEAR = 0.08
"""The same for boards with a solution and clear signs, as photos in poor light have them."""
CLEAR_SIGNS = 0.6
"""Share of the edges that may hold a sign on which it is sure, from which a board's signs are clear: below 0.42
with kropki, binairo and crosswords, whose dots and lines look like perhaps a sign."""
MAX_MISREAD_SHARE_FULL = 0.3
"""The same for boards with a digit in every cell, which little else has."""
EDGE_ROOM, TIGHT_CROP, OVERHANG = 0.25, 0.75, -0.12
"""Pitches between board and picture's edge: less than the first on any side, and more than the second on
another, looks like a board that is cut off; little room on all sides is a picture cropped to its board.
Less than the third on any side, and cells lie beyond the picture."""


@dataclass(frozen=True)
class Networks:
    """The networks: where boards and cells are, what is printed, what is written by hand, how the page's text stands."""

    grid: GridNetwork
    clues: ClueNetwork
    entries: EntryNetwork
    text: TextNetwork

    @classmethod
    def of(cls, grid: GridNetwork | None = None, clues: ClueNetwork | None = None) -> Networks:
        """Those given, and the shipped ones for the rest.

        Raises:
            MissingPartError: a shipped model is not there.
        """
        entries, text = shipped_network("entries"), shipped_network("text")
        return cls(grid or shipped_network("grid"), clues or shipped_network("clues"), entries, text)


@dataclass
class Clock:
    """Milliseconds by stage, summed over the boards of a picture."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Book the time that the block takes on a stage."""
        started = time.perf_counter()
        yield
        self.spent[name] = self.spent.get(name, 0.0) + (time.perf_counter() - started) * 1000

    def move(self, source: str, target: str, ms: float) -> None:
        """Book a part of one stage's time on another: decoding contains solving."""
        self.spent[source] -= ms
        self.spent[target] = self.spent.get(target, 0.0) + ms


@dataclass(frozen=True, eq=False)
class Found:
    """A board with what was seen of it, how that was read, and what came of it."""

    board: Board
    scores: ClueScores
    reading: Reading
    result: BoardResult


def read_area(
    photo: Photo, area: Area, networks: Networks, clock: Clock, *, glance: bool = False, patient: bool = True
) -> Found | int | None:
    """The Futoshiki in an area; only its size where that is not one of `SIZES`; None where there is none.

    Looking closely costs more than reading, so a look that is not sharp is read all the same, and enough if it
    is solved. `glance` and `patient` say when an area is given up, see `vision.board.looks`.
    """
    best: Board | None = None
    found: Found | None = None
    views = looks(photo, area, networks.grid, glance=glance, patient=patient)
    while True:
        with clock.stage("rectify"):
            board = next(views, None)
        if board is None:
            break
        if best is None or board.score > best.score:  # from afar it may have been seen surer than close
            best = board
        if _is_promising(board):
            one = _read_board(photo, board, networks, clock)
            if one and (found is None or not is_contradictory(one)):  # a surer look may still be read worse
                found = one
            if found and found.result.status == "solved":
                return found
    if best is None or best.score < MIN_BOARD_SCORE:
        return None
    if best.size not in SIZES:
        return best.size
    return found or (None if _is_promising(best) else _read_board(photo, best, networks, clock))


def is_contradictory(found: Found) -> bool:
    """Whether what was read allows no solution: something in it is misread, or it is something else."""
    return found.result.status == "contradictory"


def _is_promising(board: Board) -> bool:
    return board.score > PROMISING and board.size in SIZES and not board.goes_on


def _read_board(photo: Photo, board: Board, networks: Networks, clock: Clock) -> Found | None:
    """Read and solve a board; None where it is no Futoshiki."""
    with clock.stage("recognize"):
        scores = recognize(photo, board, networks.clues, lambda: ways_by_text(photo.grey, board.cells, networks.text))
    if not _is_worth_decoding(scores):
        return None
    reading = _decoded(scores, clock)
    if not _is_futoshiki(reading, scores):
        return None
    return Found(board, scores, *_judged(photo, board, scores, reading, (), networks, clock))


def read_again(
    photo: Photo, board: Board, scores: ClueScores, networks: Networks, clock: Clock, settled: Sequence[Clue] = ()
) -> BoardResult:
    """The result for a board whose clues are known better than one look showed; `settled` are beyond doubt.

    Raises:
        EntryError: a settled clue does not fit the board.
    """
    return _judged(photo, board, scores, _decoded(scores.settled(settled), clock), settled, networks, clock)[1]


def _decoded(scores: ClueScores, clock: Clock) -> Reading:
    with clock.stage("decode"):
        reading = decode(scores)
    clock.move("decode", "solve", reading.outcome.seconds * 1000)
    return reading


def _judged(
    photo: Photo, board: Board, scores: ClueScores, reading: Reading, settled: Sequence[Clue], networks: Networks, clock: Clock
) -> tuple[Reading, BoardResult]:
    """The reading of what is printed, and the result: how far it is to be trusted, with the geometry the right way up."""
    upright = board.oriented(scores.orientation)
    with clock.stage("recognize"):
        handwriting = see_handwriting(scores, networks.entries)
    if handwriting.is_there:
        reading = _decoded(scores.in_print(handwriting.chances).settled(settled), clock)
    puzzle, outcome = reading.puzzle, reading.outcome
    entries = handwriting.entries(puzzle.givens)
    cut = _may_be_cut(photo, board) or scores.too_large > TOO_LARGE
    written = {entry[:2] for entry in entries}
    doubts = tuple(doubt for doubt in reading.doubts if doubt.cell not in written)
    confidence = _confidence(reading)
    status = _status(reading, confidence, scores.margin)
    if status == "solved" and (cut or (len(doubts) > MAX_DOUBTS and not puzzle.is_full)):
        status = "doubtful"
    result = BoardResult(
        status=status,
        puzzle=puzzle,
        confidence=round(confidence, 4),
        corners=tuple(_rounded(point) for point in upright.corners),
        cells=tuple(tuple(_rounded(point) for point in row) for row in upright.cells),
        solution=outcome.solution,
        solutions=len(outcome.solutions),
        complete=puzzle.is_full,
        doubts=doubts or ((reading.weakest,) if status == "doubtful" and reading.weakest else ()),
        cut=cut,
        entries=entries,
    )
    return reading, result


def _is_worth_decoding(scores: ClueScores) -> bool:
    """Whether a board may be a Futoshiki, whatever decoding makes of it: what is none takes longest to decode."""
    limit = MAX_MISREAD_SHARE_CLEAR if _signs_are_clear(scores) else MAX_MISREAD_SHARE
    return scores.misread_share <= (MAX_MISREAD_SHARE_FULL if scores.may_be_full else limit)


def _is_futoshiki(reading: Reading, scores: ClueScores) -> bool:
    """Whether what was read is one: it has signs, read with some certainty.

    One or two among many digits are strays, unless they decide the puzzle.
    """
    puzzle = reading.puzzle
    digits = len(puzzle.given_cells)
    sure = _signs_above(0.9, scores)
    few = (sure == 1 and digits > 1) or (sure == 2 and digits > puzzle.size)
    strays = sure == 0 or (few and not _signs_decide(reading))
    if not puzzle.less or (strays and not puzzle.is_full):
        return False
    limit = MAX_MISREAD_SHARE
    if puzzle.is_full:
        limit = MAX_MISREAD_SHARE_FULL
    elif reading.outcome.solutions and _signs_are_clear(scores):
        limit = MAX_MISREAD_SHARE_CLEAR
    return reading.misreads <= limit * (puzzle.size**2 + 2 * puzzle.size * (puzzle.size - 1))


def _signs_are_clear(scores: ClueScores) -> bool:
    """Whether a board has signs, and few that may be one or not."""
    sure = _signs_above(0.9, scores)
    return sure >= scores.size and sure >= CLEAR_SIGNS * _signs_above(0.1, scores)


def _signs_above(chance: float, scores: ClueScores) -> int:
    """Number of edges that hold a sign with more than that probability."""
    return sum(int((np.exp(table[..., 1:].max(axis=-1)) > chance).sum()) for table in (scores.across, scores.down))


def _signs_decide(reading: Reading) -> bool:
    """Whether the bare reading has one solution, and its digits alone have several: a stray sign would hardly do that."""
    digits = Puzzle.of(reading.puzzle.size, reading.puzzle.given_cells, ())
    return reading.outcome.status == "one" and reading.cost == 0 and solve(digits).status == "several"


def _confidence(reading: Reading) -> float:
    """The probability that the answer is right; without one, that of the reading as it is."""
    if reading.outcome.status != "one":
        return reading.confidence
    return calibrated(share_of(reading), reading.misreads, reading.cost)


def share_of(reading: Reading) -> float:
    """The share of the solved grid; a finished board that breaks no rule has been checked by them all."""
    return 1.0 if reading.puzzle.is_full else reading.confidence


def calibrated(share: float, misreads: float, cost: float = 0.0) -> float:
    """The probability that a grid is right which has that share of the probability of all readings considered.

    `misreads` is the number of wrong elements to be expected in the bare reading, `cost` the nats by which it was mended.
    """
    return float(1 / (1 + np.exp(-np.dot(CALIBRATION, evidence(share, misreads, cost)))))


def evidence(share: float, misreads: float, cost: float) -> tuple[float, float, float, float]:
    """What `CALIBRATION` weighs."""
    odds = np.log(max(share, 1e-9) / max(1 - share, 1e-9))
    return float(np.clip(odds, -MOST_ODDS, MOST_ODDS)), float(np.sqrt(misreads)), cost, 1.0


def _status(reading: Reading, confidence: float, turn_margin: float) -> Status:
    status = STATUS[reading.outcome.status]
    if status != "solved":
        return status
    clear = reading.misreads <= MAX_TRUSTED_MISREADS or reading.puzzle.is_full
    trusted = confidence >= SOLVED_CONFIDENCE and reading.cost <= MAX_TRUSTED_COST and clear and not reading.cut_short
    stands = turn_margin >= MIN_TURN_MARGIN or reading.puzzle.is_full  # finished boards obey the rules any way up
    return "solved" if trusted and stands else "doubtful"


def _may_be_cut(photo: Photo, board: Board) -> bool:
    """Whether more cells may follow: they were seen, or the board ends at the picture's edge on some sides, not on all."""
    if board.goes_on:
        return True
    height, width = photo.pixels.shape[:2]
    corners, pitch = board.corners, mean_pitch(board.cells)
    low, high = corners.min(axis=0), np.array([width, height]) - corners.max(axis=0)
    room = np.concatenate([low, high]) / pitch
    return bool(room.min() < OVERHANG or (room.min() < EDGE_ROOM and room.max() > TIGHT_CROP))


def _rounded(point: np.ndarray) -> tuple[float, float]:
    return round(float(point[0]), 2), round(float(point[1]), 2)
