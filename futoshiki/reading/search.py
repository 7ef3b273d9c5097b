"""Where boards are looked for in a photo, when that ends, and which of the boards found are reported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.geometry import DUPLICATE_OVERLAP, overlap, quad_area, quad_iou, width_and_height
from futoshiki.networks.engine import Runner
from futoshiki.photo import Photo
from futoshiki.reading.close_up import MIN_QUAD
from futoshiki.reading.found import SIZES, Found, Refused
from futoshiki.reading.locate import Area, locate, upright_order
from futoshiki.reading.outlines import outline_areas

Search = Callable[[Photo, Runner], list[Area]]
"""A way to propose areas in a photo; the second argument is the grid network."""

LARGE_PHOTO = 1250
"""Longer side of a photo in pixels up to which cells of 16 pixels, the smallest that can be read, are 5 wide in `SMALL`."""


def _by_lines(photo: Photo, _network: Runner) -> list[Area]:
    return outline_areas(photo.grey)


def _on_scan(photo: Photo, network: Runner) -> list[Area]:
    return locate(photo, network, side=832) if max(photo.pixels.shape[:2]) > LARGE_PHOTO else []


WHOLE: Search = partial(locate, side=256)
"""The whole photo at low resolution."""
LINES: Search = _by_lines
"""Printed lines alone."""
LARGE: Search = partial(locate, side=160)
"""A lower resolution, for boards that fill the picture."""
SMALL: Search = partial(locate, side=416)
"""A higher resolution, for small boards."""
TINY: Search = _on_scan
"""A resolution twice as high, for a board on the scan of a whole page."""
SEARCHES = (WHOLE, LINES, LARGE, SMALL, TINY)
"""The searches in the order in which they are tried."""
SAME_VIEW = 0.92
"""IoU of two areas above which a close view of the second shows nothing new."""
SAME_EXTENT = 0.4
"""IoU of an area and a board above which they are the same."""
ROOM_FOR_MORE = 1.6
"""Ratio of an area to the board that was read in it above which the area may hold another board."""
MUCH_SMALLER = 0.36
"""Ratio of an area to the largest board read on a page below which it is no other puzzle of that page. Puzzles on one page
are of similar size; smaller grids are solutions and other puzzles."""
AT_EDGE = 0.006
"""Distance from the photo's edge, as a share of its longer side, below which the edge may cut off what lies in an area: one
and a half pixels of the maps in which areas are found."""
SQUARE = 0.7
"""Ratio of an area's width and height below which it is not the whole of a board."""
USUAL_STEP = 1.15
"""Distance from one board to the next one on a page, in sides of a board. Half of it may be left for a smaller one."""
MAX_BESIDE = 12
"""Places beside a board that are looked at, nearest first."""
MAIN_SHARE = 0.5
"""A complete board covering at least this share of the picture ends the search. Next to a smaller one there may be the
puzzle it solves."""


def is_covered(area: Area, found: Sequence[Found], seen: Sequence[np.ndarray]) -> bool:
    """Whether an area needs no view: a board was read there, or the same view was taken (`seen` quads).

    A contradictory board may be misread, or be the frame around a puzzle, so other views may show more.
    """
    read = (other for other in found if not other.is_contradictory)
    return any(_accounts_for(other, area.quad) for other in read) or any(quad_iou(area.quad, quad) > SAME_VIEW for quad in seen)


def _accounts_for(found: Found, quad: np.ndarray) -> bool:
    """Whether a board that was read leaves nothing else to read in a quad.

    A `solved` one does so for every part of its area. Another one may be two that have merged, so it does so only for a quad
    of about its own extent.
    """
    if found.result.status == "solved":
        return overlap(quad, found.board.corners) > DUPLICATE_OVERLAP
    return quad_iou(quad, found.board.corners) > SAME_EXTENT


def is_cut_off(area: Area, photo: Photo) -> bool:
    """Whether an area looks like the part of a board or of another grid that the photo's edge leaves."""
    h, w = photo.pixels.shape[:2]
    room = float(min(area.quad.min(), (np.array([w, h]) - 1 - area.quad).min()))
    short, long = sorted(width_and_height(area.quad))
    return room < AT_EDGE * max(h, w) and short < SQUARE * long


def is_explained(area: Area, found: Sequence[Found], strangers: Sequence[np.ndarray], photo: Photo) -> bool:
    """Whether an area can hold no other puzzle: a board was read in it that leaves no room, or it is no whole puzzle.

    `strangers` are the corners of other grids, which leave no room either. Beside a board, neither a strip that the
    photo's edge cuts off is another puzzle, unless it is larger than every board, nor what is far smaller, unless it is a
    fragment.
    """
    boards = [other.board.corners for other in found if not other.is_contradictory]
    size = quad_area(area.quad)
    inside = [quad_area(corners) for corners in (*boards, *strangers) if overlap(area.quad, corners) > DUPLICATE_OVERLAP]
    if inside:
        return size < ROOM_FOR_MORE * max(inside)
    if not boards:
        return False
    largest = max(map(quad_area, boards))
    is_remainder = is_cut_off(area, photo) and size < largest
    return is_remainder or (size < MUCH_SMALLER * largest and not area.may_be_fragment)


def asks_for(search: Search, area: Area, *, is_blank: bool) -> bool:
    """Whether an area of the whole photo that no board explains asks for another search; `is_blank` if its views show no cells.

    Printed lines tell boards apart that hardly show or have merged, and so does a higher resolution where cells do show.
    """
    return search is LINES or (search is SMALL and not (is_blank or area.is_faint))


def places_beside(area: Area, found: Found) -> list[Area]:
    """Where other boards lie if several boards, one of which was read, have merged into one area; the nearest first.

    They are the places next to that board on all sides, as far as the area reaches, in steps that divide it evenly.
    """
    corners = upright_order(found.board.corners)
    top, right, bottom, left = np.roll(corners, -1, axis=0) - corners
    sides = np.stack([(top - bottom) / 2, (right - left) / 2])  # across and down
    if abs(np.linalg.det(sides)) < MIN_QUAD:
        return []
    reach = (area.quad - corners.mean(axis=0)) @ np.linalg.inv(sides)  # in sides of the board
    moves = [(across, down) for across in _steps(reach[:, 0]) for down in _steps(reach[:, 1]) if (across, down) != (0, 0)]
    quads = [corners + np.array(move) @ sides for move in sorted(moves, key=lambda move: np.hypot(*move))]
    inside = [quad for quad in quads if overlap(quad, area.quad) > DUPLICATE_OVERLAP]
    return [Area(quad, area.complete, area.score) for quad in inside[:MAX_BESIDE]]


def _steps(reach: np.ndarray) -> list[float]:
    """Offsets, 0 among them, at which boards fill a range of coordinates evenly, in sides; the read one spans -0.5 to 0.5."""
    steps = [0.0]
    for room, sign in ((-0.5 - reach.min(), -1), (reach.max() - 0.5, 1)):
        count = max(0, round(room / USUAL_STEP))
        steps += [sign * room * (k + 1) / count for k in range(count)]
    return steps


def ends_search(found: Found, photo: Photo) -> bool:
    """Whether no other search is needed: a whole open puzzle was read, or a complete one that is the picture's main subject."""
    main = quad_area(found.board.corners) >= MAIN_SHARE * photo.pixels[..., 0].size
    return found.is_whole and (main or not found.result.complete)


def without_duplicates(found: Sequence[Found]) -> list[Found]:
    """The findings without worse ones of the same board, best first.

    Beside whole boards, those that may be parts of larger ones are left out unless their answer is sure.
    """
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.result.status != "solved", one.is_contradictory, -one.result.confidence)):
        if not any(_accounts_for(other, one.board.corners) for other in kept):
            kept.append(one)
    if any(one.is_whole for one in kept):
        kept = [one for one in kept if one.is_sure or not one.result.cut]
    return sorted(kept, key=lambda one: _rank(one.result))


def _rank(board: BoardResult) -> tuple[bool, bool, bool, float]:
    """Open puzzles first, those with an answer first, solved ones first, larger ones first."""
    (x0, y0), (x1, y1) = board.corners[0], board.corners[2]
    return board.complete, board.status == "contradictory", board.status != "solved", -float(np.hypot(x1 - x0, y1 - y0))


def why_none(refused: Sequence[Refused], strangers: int = 0, *, is_illegible: bool = False) -> str:
    """What to tell the user if no board was read.

    `strangers` is the number of grids that were not read as Futoshikis; `is_illegible` tells that one of them has clear signs.
    """
    if is_illegible:
        return "a Futoshiki was found, but too little of it can be read: go nearer, and avoid blur, shadows and glare"
    if strangers:
        return "this looks like a Sudoku or another grid: no < > signs were found between its cells; if there are some, go nearer"
    if refused:
        n = refused[0].size
        return f"a board of {n} x {n} cells was found, but only sizes {SIZES.start} to {SIZES.stop - 1} are read"
    return "no Futoshiki was found; if there is one, let it fill more of the photo, without shadows and glare"
