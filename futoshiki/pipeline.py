"""The whole way from a photo to its solution; the only module that knows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np

from futoshiki.decode import Reading, decode
from futoshiki.puzzle import Clue
from futoshiki.result import BoardResult, Result, Status
from futoshiki.settle import STATUS
from futoshiki.solving import violations
from futoshiki.vision.board import Board, rectify
from futoshiki.vision.draw import draw_solution
from futoshiki.vision.geometry import mean_pitch, quad_iou
from futoshiki.vision.locate import Area, GridNetwork, locate, overlap
from futoshiki.vision.networks import shipped_network
from futoshiki.vision.outlines import outline_areas
from futoshiki.vision.photo import ImageSource, Photo, load_photo
from futoshiki.vision.recognize import ClueNetwork, ClueScores, recognize

SIZES = range(4, 10)
"""Board sizes that are read; 10 and more would need two-digit numbers."""
SEARCH_SIDES = (256, 160, 416)
"""Sizes to which the photo is reduced to find boards; the later ones, for boards that fill the picture and for
small ones, are tried when nothing could be read."""
MIN_BOARD_SCORE = 0.45
SOLVED_CONFIDENCE = 0.9
MAX_TRUSTED_COST = 4.0
"""Nats of correction beyond which a reading is shown as doubtful, however well it fits."""
MIN_TURN_MARGIN = 1.0
MAX_MISREAD_SHARE = 0.055
"""Of the elements: what is read with more doubt is some other puzzle. Open boards of real and rendered photos
stay below 0.05, kropki, binairo and crosswords lie above 0.059."""
MAX_MISREAD_SHARE_FULL = 0.3
"""The same for boards with a digit in every cell, which little else has."""
EDGE_ROOM, TIGHT_CROP = 0.25, 0.75
"""Pitches between board and picture's edge: less than the first on any side, and more than the second on
another, looks like a board that is cut off; little room on all sides is a picture cropped to its board."""
SAME_BOARD = 0.4
"""Overlap of two findings from which they are one board."""


@dataclass
class _Clock:
    """Milliseconds by stage, summed over the boards of a picture."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.spent[name] = self.spent.get(name, 0.0) + (time.perf_counter() - started) * 1000

    def move(self, source: str, target: str, ms: float) -> None:
        """Book a part of one stage's time on another: decoding contains solving."""
        self.spent[source] -= ms
        self.spent[target] = self.spent.get(target, 0.0) + ms


@dataclass(frozen=True, eq=False)
class _Found:
    """A board with what was seen of it, and what came of that."""

    board: Board
    scores: ClueScores
    result: BoardResult


def solve_image(
    source: ImageSource | Photo, *, settled: Sequence[Clue] = (), grid_network: GridNetwork | None = None,
    clue_network: ClueNetwork | None = None,
) -> Result:  # fmt: skip
    """Find, read and solve every Futoshiki in a picture.

    `source` is a path, the bytes of an image file, a PIL image, or an array (H x W x 3 RGB; see
    `vision.photo.load_photo`). `settled` are clues of the best board that are known better than they
    can be read. The networks are the shipped ones unless others are given.

    Raises:
        UnreadableFileError: the source is no picture.
        EntryError: a settled clue does not fit the best board.
        MissingPartError: a model or an extra is not installed.
    """
    clock = _Clock()
    with clock.stage("load"):
        photo = source if isinstance(source, Photo) else load_photo(source)
        grid_network = grid_network or shipped_network("grid")
        clue_network = clue_network or shipped_network("clues")
    found: list[_Found] = []
    refused: list[int] = []
    seen: list[np.ndarray] = []
    for search in _searches(photo, grid_network):
        with clock.stage("locate"):
            areas = search()
        for area in areas:
            if any(overlap(area.quad, quad) > SAME_BOARD for quad in seen):
                continue
            with clock.stage("rectify"):
                board = rectify(photo, area, grid_network, patient=not found)
            if board is None or board.score < MIN_BOARD_SCORE:
                continue
            if board.size not in SIZES:
                refused.append(board.size)
                continue
            with clock.stage("recognize"):
                scores = recognize(photo, board, clue_network)
            reading = _decoded(scores, clock)
            if _is_futoshiki(reading):
                found.append(_Found(board, scores, _judged(photo, board, scores, reading)))
                seen.append(board.corners)
        if any(one.result.status != "contradictory" and not one.result.complete for one in found):
            break
    ranked = sorted(_without_doubles(found), key=lambda one: _rank(one.result))
    boards = tuple(one.result for one in ranked)
    if ranked and settled:
        best = ranked[0]
        scores = best.scores.settled(settled)
        boards = (_judged(photo, best.board, scores, _decoded(scores, clock)), *boards[1:])
    status: Status = boards[0].status if boards else "no_puzzle"
    return Result(photo.source, status, boards, clock.spent, None if boards else _why_none(refused))


def _searches(photo: Photo, network: GridNetwork) -> Iterator[Callable[[], list[Area]]]:
    """Ways to look for boards, most promising first; each is tried when the ones before led to no open puzzle."""
    first, *others = SEARCH_SIDES
    yield lambda: locate(photo, network, side=first)
    yield lambda: outline_areas(photo)
    for side in others:
        yield lambda side=side: locate(photo, network, side=side)  # type: ignore[misc]


def read_image(source: ImageSource | Photo) -> Result:
    """Like `solve_image`, but the boards carry no solution: for readers who want to solve themselves."""
    result = solve_image(source)
    return replace(result, boards=tuple(replace(board, solution=None) for board in result.boards))


def annotate(source: ImageSource | Photo, result: Result, *, every: bool = False) -> np.ndarray:
    """The picture with the solution of its best board (or of `every` board) drawn in, H x W x 3 uint8 RGB."""
    photo = source if isinstance(source, Photo) else load_photo(source)
    pixels = photo.pixels
    for board in result.boards if every else result.boards[:1]:
        if board.solution and board.cells:
            pixels = draw_solution(pixels, board.puzzle, board.solution, board.cells, board.corners)
    return pixels


def _decoded(scores: ClueScores, clock: _Clock) -> Reading:
    with clock.stage("decode"):
        reading = decode(scores)
    clock.move("decode", "solve", reading.outcome.seconds * 1000)
    return reading


def _judged(photo: Photo, board: Board, scores: ClueScores, reading: Reading) -> BoardResult:
    """The result for one board: how far the reading is to be trusted, and the geometry the right way up."""
    puzzle, outcome = reading.puzzle, reading.outcome
    upright = board.oriented(scores.orientation)
    complete = puzzle.is_full
    cut = _may_be_cut(photo, board)
    status = _complete_status(reading) if complete else _status(reading, scores.margin)
    if status == "solved" and cut:
        status = "doubtful"
    return BoardResult(
        status=status,
        puzzle=puzzle,
        confidence=reading.confidence,
        corners=tuple(_rounded(point) for point in upright.corners),
        cells=tuple(tuple(_rounded(point) for point in row) for row in upright.cells),
        solution=puzzle.givens if complete and status != "contradictory" else outcome.solution,
        solutions=int(status != "contradictory") if complete else len(outcome.solutions),
        complete=complete,
        doubts=reading.doubts or ((reading.weakest,) if status == "doubtful" and reading.weakest else ()),
        cut=cut,
    )


def _is_futoshiki(reading: Reading) -> bool:
    """Whether what was read is one: it has signs (one or two among many digits are strays), read with some certainty."""
    puzzle = reading.puzzle
    signs, digits = len(puzzle.less), len(puzzle.given_cells)
    if signs == 0 or (not puzzle.is_full and ((signs == 1 and digits > 1) or (signs == 2 and digits > puzzle.size))):
        return False
    elements = puzzle.size**2 + 2 * puzzle.size * (puzzle.size - 1)
    limit = MAX_MISREAD_SHARE_FULL if puzzle.is_full else MAX_MISREAD_SHARE
    return reading.misreads <= limit * elements


def _status(reading: Reading, turn_margin: float) -> Status:
    status = STATUS[reading.outcome.status]
    if status != "solved":
        return status
    trusted = reading.confidence >= SOLVED_CONFIDENCE and reading.cost <= MAX_TRUSTED_COST
    return "solved" if trusted and turn_margin >= MIN_TURN_MARGIN else "doubtful"


def _may_be_cut(photo: Photo, board: Board) -> bool:
    """Whether a row or column may lie beyond the picture: the board ends at its edge on some sides, not on all."""
    height, width = photo.pixels.shape[:2]
    corners, pitch = board.corners, mean_pitch(board.cells)
    low, high = corners.min(axis=0), np.array([width, height]) - corners.max(axis=0)
    room = np.concatenate([low, high]) / pitch
    return bool(room.min() < EDGE_ROOM and room.max() > TIGHT_CROP)


def _complete_status(reading: Reading) -> Status:
    if violations(reading.puzzle, reading.puzzle.givens):
        return "contradictory"
    return "solved" if reading.confidence >= SOLVED_CONFIDENCE else "doubtful"


def _without_doubles(found: list[_Found]) -> list[_Found]:
    """Of findings on one and the same board, the one that was read best."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda one: (one.result.status != "solved", -one.result.confidence)):
        if all(quad_iou(one.board.corners, other.board.corners) < SAME_BOARD for other in kept):
            kept.append(one)
    return kept


def _rank(board: BoardResult) -> tuple[bool, bool, float]:
    """Open puzzles first, readable ones first, larger ones first."""
    (x0, y0), (x1, y1) = board.corners[0], board.corners[2]
    return board.complete, board.status == "contradictory", -float(np.hypot(x1 - x0, y1 - y0))


def _rounded(point: np.ndarray) -> tuple[float, float]:
    return round(float(point[0]), 2), round(float(point[1]), 2)


def _why_none(refused: list[int]) -> str:
    if refused:
        n = refused[0]
        return f"a board of {n} x {n} cells was found; sizes {SIZES.start} to {SIZES.stop - 1} are read"
    return "no Futoshiki was found; fill more of the photo with the puzzle and avoid shadows and glare"
