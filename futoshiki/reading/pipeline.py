"""The whole way from a photo to its solution: where boards are looked for; `reading` reads one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from futoshiki.drawing.solution import draw_solution
from futoshiki.geometry import quad_area, quad_iou
from futoshiki.photo import ImageSource, Photo, load_photo
from futoshiki.puzzle import Clue
from futoshiki.reading.locate import Area, GridNetwork, locate, overlap
from futoshiki.reading.outlines import outline_areas
from futoshiki.reading.reader import SIZES, Clock, Found, Networks, is_contradictory, read_again, read_area
from futoshiki.reading.recognize import ClueNetwork
from futoshiki.result import BoardResult, Result, Status

SEARCH_SIDES = (256, 160, 416)
"""Sizes to which the photo is reduced to find boards; the later ones, for boards that fill the picture and for
small ones, are tried when that led to nothing."""
SAME_BOARD = 0.4
"""Overlap of two findings from which they are one board."""
SAME_VIEW = 0.92
"""IoU of two areas from which a close look at the second shows nothing new."""
MAIN_SHARE = 0.5
"""Of the picture, from which a finished board is what it shows: beside a smaller one the puzzle that it solves may lie."""


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
    clock = Clock()
    with clock.stage("load"):
        photo = source if isinstance(source, Photo) else load_photo(source)
        networks = Networks.of(grid_network, clue_network)
    ranked, refused = find_boards(photo, networks, clock)
    boards = tuple(one.result for one in ranked)
    if ranked and settled:
        best = ranked[0]
        boards = (read_again(photo, best.board, best.scores, networks, clock, settled), *boards[1:])
    status: Status = boards[0].status if boards else "no_puzzle"
    return Result(photo.source, status, boards, clock.spent, None if boards else _why_none(refused))


def find_boards(photo: Photo, networks: Networks, clock: Clock) -> tuple[list[Found], list[int]]:
    """Every Futoshiki in a photo, best first, and the sizes of boards that were refused for theirs."""
    found: list[Found] = []
    refused: list[int] = []
    seen: list[np.ndarray] = []
    for search in _searches(photo, networks.grid):
        with clock.stage("locate"):
            areas = search()
        for area in areas:
            # what contradicts itself may be misread, or the frame around a puzzle: another search may show more
            if any(overlap(area.quad, one.board.corners) > SAME_BOARD for one in found if not is_contradictory(one)):
                continue
            if any(quad_iou(area.quad, quad) > SAME_VIEW for quad in seen):
                continue
            one = read_area(photo, area, networks, clock, glance=bool(seen), patient=not found)
            seen.append(area.quad)
            if isinstance(one, int):
                refused.append(one)
            elif one is not None:
                found.append(one)
        if any(_is_what_it_shows(one, photo) for one in found):
            break
    return sorted(_without_doubles(found), key=lambda one: _rank(one.result)), refused


def _is_what_it_shows(found: Found, photo: Photo) -> bool:
    """Whether no other search is needed: an open puzzle was read, or a finished one that takes much of the picture."""
    main = quad_area(found.board.corners) >= MAIN_SHARE * photo.pixels[..., 0].size
    return not is_contradictory(found) and (main or not found.result.complete)


def _searches(photo: Photo, network: GridNetwork) -> Iterator[Callable[[], list[Area]]]:
    """Ways to look for boards, most promising first; each is tried when the ones before led to nothing."""
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


def _without_doubles(found: list[Found]) -> list[Found]:
    """Of findings on one and the same board, the one that was read best."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.result.status != "solved", is_contradictory(one), -one.result.confidence)):
        if all(quad_iou(one.board.corners, other.board.corners) < SAME_BOARD for other in kept):
            kept.append(one)
    return kept


def _rank(board: BoardResult) -> tuple[bool, bool, float]:
    """Open puzzles first, readable ones first, larger ones first."""
    (x0, y0), (x1, y1) = board.corners[0], board.corners[2]
    return board.complete, board.status == "contradictory", -float(np.hypot(x1 - x0, y1 - y0))


def _why_none(refused: list[int]) -> str:
    if refused:
        n = refused[0]
        return f"a board of {n} x {n} cells was found; sizes {SIZES.start} to {SIZES.stop - 1} are read"
    return "no Futoshiki was found; fill more of the photo with the puzzle and avoid shadows and glare"
