"""From an area in the photo to a board: close views that tell how many cells it has and where each centre lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from futoshiki.geometry import (
    cell_share,
    mean_pitch,
    outer_centres,
    perspective,
    quad_area,
    quad_iou,
    resizing,
    smooth_surface,
    transform,
    view_square,
    width_and_height,
)
from futoshiki.networks.engine import Runner
from futoshiki.networks.grid import CELLS, COMPLETE, CORE, OPEN, SIDE, view_maps
from futoshiki.photo import Photo
from futoshiki.reading.board import Board, outside
from futoshiki.reading.framed import fit_in_frame
from futoshiki.reading.lattice import Lattice, blobs, fit_lattice
from futoshiki.reading.locate import INSIDE, MIN_CELLS, Area, around_cells, fit_quad, upright_order

MARGINS = (0.16, 0.28, 0.1)
"""Borders of the close views, as shares of their side, in the order in which they are tried. A wider one helps if the area
was cut, a tighter one if the cells are small."""
AFTER_PART = (0.28, 0.16)
"""Borders of the view that follows one which showed only a part of a board. More may follow, so it is a wide one, and the
second is tried if its cells are too small to be seen."""
PROMISING = 0.75
"""Score above which a board is read before another view is taken."""
SURE = 0.85
"""Score above which no other view is taken."""
MIN_QUAD = 64.0
"""Square pixels of the photo below which an area holds nothing to look at."""


@dataclass(frozen=True)
class Region:
    """What makes a region of a close view a board, lengths in pixels of the view."""

    min_area: int = 400  # Pixels in the middle half of the view; a board fills most of it
    dilation: int = 9  # Width by which the region is widened before cells are looked for in it
    min_share: float = 0.4  # Least side of a cell over the pitch
    # Difference of two estimates of that share above which the region holds more than the board, or not all of it.
    max_dissent: float = 0.2
    rough: float = 0.05  # Roughness of a lattice (see `Lattice.rough`) above which some of it was seen wrong
    part: float = 0.8  # Factor on the score of such a lattice, and of a part of a board: another view may show more
    # Ratio of its sides above which a lattice may be two boards, as far apart as their cells are, and a factor on its score. A
    # board seen at 60 degrees has 1.96.
    long: float = 2.05
    joined: float = 0.5
    min_match: float = 0.3  # Least correlation of what a frame holds with a pattern of cells
    framed: float = 1.6  # Factor from that correlation to a score


@dataclass(frozen=True)
class Beyond:
    """When another line of cells seems to follow outside a lattice."""

    area: float = 0.25  # Probability of the board's area that joins such cells to it; a neighbouring board stands apart
    edge: float = 0.6  # Distance in pitches, from the outer cells' centres, of the border that such cells would have to cross
    near: float = 0.2  # Radius in pitches around the expected place in which another cell is looked for


@dataclass(frozen=True)
class LowResolution:
    """When the maps of the whole photo show a board so sharply that it needs no close view."""

    min_pitch: float = 12.0  # Pixels of the maps from cell to cell
    slack: float = 0.85  # Share of that pitch that the number of cells must promise, before the board is fitted
    # Degree of the surface that the centres are smoothed to: pages bend slowly, single centres are off by half a pixel.
    degree: int = 3


REGION, BEYOND, LOW_RESOLUTION = Region(), Beyond(), LowResolution()


def views(photo: Photo, area: Area, network: Runner) -> Iterator[Board]:
    """Boards seen in an area, each surer than the one before; ends with the first that is sure enough.

    The first is the low-resolution estimate from the search if its pitch and score suffice, for it costs nothing. Close
    views follow, each of the place where the one before saw the board.
    """
    estimate = _low_resolution(photo, area)
    if estimate is not None:
        yield estimate
    best = 0.0
    quad, part = area.quad, False
    for margin in MARGINS:
        if not np.isfinite(quad).all() or quad_area(quad) < MIN_QUAD:
            return
        board = _first_seen(photo, quad, AFTER_PART if part else (margin,), network)
        if board is None:
            return
        if board.score > best:
            best = board.score
            yield board
        if best > SURE:
            return
        quad, part = upright_order(board.grown().corners), board.goes_on


def _first_seen(photo: Photo, quad: np.ndarray, margins: Sequence[float], network: Runner) -> Board | None:
    """The board in the first close view of an area that shows one; `margins` are the views' borders."""
    for margin in margins:
        homography = perspective(quad, view_square(SIDE, margin))
        board = _board_in_view(view_maps(photo.pixels, homography, network), homography)
        if board is not None:
            return board
    return None


def _low_resolution(photo: Photo, area: Area) -> Board | None:
    """The board in the maps of the whole photo, if it is sharp and promising there."""
    if area.maps is None or quad_area(area.quad) < MIN_QUAD:
        return None
    (h, w), (rows, columns) = photo.pixels.shape[:2], area.maps.shape[1:]
    x, y = w / columns, h / rows
    seen = (area.quad + 0.5) / (x, y)
    (left, top), (right, bottom) = np.maximum(seen.min(axis=0), 0).astype(int), np.ceil(seen.max(axis=0)).astype(int)
    spots, _ = cv2.connectedComponents((area.maps[CELLS, top:bottom, left:right] > INSIDE).astype(np.uint8), connectivity=4)
    # The number of cells already tells the pitch roughly, which spares most areas the rest.
    wanted = LOW_RESOLUTION.min_pitch
    if spots <= MIN_CELLS or area.side / max(x, y) < LOW_RESOLUTION.slack * wanted * np.sqrt(spots):
        return None
    homography = perspective(area.quad, view_square(SIDE, MARGINS[0]))
    view = cv2.warpPerspective(area.maps.transpose(1, 2, 0), homography @ resizing(x, y), (SIDE, SIDE))
    board = _board_in_view(view.transpose(2, 0, 1), homography)
    if board is None or board.score <= PROMISING or board.pitch < wanted * max(x, y):
        return None
    return replace(board, cells=smooth_surface(board.cells, LOW_RESOLUTION.degree))


@dataclass(frozen=True, eq=False)
class _Cells:
    """Cells in a view: their centres (N x N x 2), the side of a cell over the pitch, and how sure they are, 0 to 1.

    `rough` tells that some of them were seen wrong.
    """

    centres: np.ndarray
    share: float
    score: float
    rough: bool = False


def _board_in_view(maps: np.ndarray, homography: np.ndarray) -> Board | None:
    """The board in a view, if there is one."""
    area = np.maximum(maps[OPEN], maps[COMPLETE])
    mask = _middle_component((area > INSIDE) | (around_cells(maps[CELLS]) > 0))
    if mask is None:
        return None
    place = mask > 0
    complete = float(maps[COMPLETE][place].mean()) > float(maps[OPEN][place].mean())
    best: Board | None = None
    for seen in _cells_in_view(maps[CELLS], mask, (area > INSIDE) & place):
        beyond = _beyond(seen.centres, maps[CELLS], area > BEYOND.area)
        board = Board(transform(seen.centres, np.linalg.inv(homography)), seen.share, complete, seen.score, beyond)
        short, long = sorted(width_and_height(board.corners))
        part = REGION.part if board.goes_on or seen.rough else 1.0
        joined = REGION.joined if long > REGION.long * short else 1.0
        board = replace(board, score=part * joined * seen.score)
        if best is None or (board.size != best.size and board.score > best.score):  # a walk places cells better than a frame
            best = board
        if best.score > PROMISING:
            break
    return best


def _cells_in_view(probability: np.ndarray, mask: np.ndarray, region: np.ndarray) -> Iterator[_Cells]:
    """What may be the cells of a view: those that a walk from one to the next finds, and those that fit the board's frame.

    `mask` is the board's part of the view, uint8; `region` is the part of it where the board's area is seen.
    """
    frame = fit_quad(mask)
    inside = cv2.dilate(mask, np.ones((REGION.dilation, REGION.dilation), np.uint8))
    lattice = fit_lattice(*blobs(probability > INSIDE, inside), SIDE)
    if lattice is not None:
        share = _cell_share(lattice, region)
        corners = Board(lattice.cells, share, complete=False, score=0.0).corners
        score = float(_values(probability, lattice.cells).mean()) * lattice.filled * quad_iou(corners, frame) ** 0.5
        yield _Cells(lattice.cells, share, score, lattice.rough > REGION.rough)
    cells, match = fit_in_frame(probability, frame)
    if match > REGION.min_match:
        share = float(np.clip(cell_share(cells, frame), REGION.min_share, 1.0))
        yield _Cells(cells, share, min(REGION.framed * match, 1.0))


def _beyond(cells: np.ndarray, probability: np.ndarray, region: np.ndarray) -> tuple[float, float, float, float]:
    """Share of cells that are seen in another line outside a lattice: above, below, on the left, on the right.

    If the board's area ends before them, they belong to another board. If they would lie outside the view, the area alone
    tells whether more follows; if not even the board's edge lies inside, more may follow.
    """
    near = max(1, round(BEYOND.near * mean_pitch(cells)))
    seen = cv2.dilate(probability, np.ones((2 * near + 1, 2 * near + 1), np.uint8)) > INSIDE
    columns = cells.swapaxes(0, 1)
    shares = []
    for lines in (cells, cells[::-1], columns, columns[::-1]):
        places, edge = outside(lines, 1.0), outside(lines, BEYOND.edge)
        in_view = _in_view(places)
        joined = _values(region, np.where(in_view[:, None], edge, places)) | ~_in_view(edge)
        shares.append(float((joined & (_values(seen, places) | ~in_view)).mean()))
    above, below, left, right = shares
    return above, below, left, right


def _in_view(points: np.ndarray) -> np.ndarray:
    """Which of K x 2 points lie in the view."""
    return np.all((points > -0.5) & (points < SIDE - 0.5), axis=-1)


def _values(view: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The view's values at points (... x 2), or at the nearest pixels inside it."""
    x, y = np.moveaxis(np.clip(np.round(points).astype(int), 0, SIDE - 1), -1, 0)
    return view[y, x]


def _middle_component(region: np.ndarray) -> np.ndarray | None:
    """The connected part that covers most of the view's middle, as a uint8 mask."""
    _, labels = cv2.connectedComponents(region.astype(np.uint8), connectivity=4)
    middle = labels[SIDE // 4 : -SIDE // 4, SIDE // 4 : -SIDE // 4]
    counts = np.bincount(middle.ravel(), minlength=2)
    counts[0] = 0
    if counts.max() < REGION.min_area:
        return None
    return (labels == counts.argmax()).astype(np.uint8)


def _cell_share(lattice: Lattice, mask: np.ndarray) -> float:
    """Side of a cell over the pitch: from the size of the blobs, and from how far the region reaches beyond the centres."""
    by_core = lattice.core / CORE / mean_pitch(lattice.cells)
    between = np.sqrt(max(quad_area(outer_centres(lattice.cells)), 1.0)) / (lattice.size - 1)
    by_region = (np.sqrt(float(mask.sum())) - between * (lattice.size - 1)) / between
    share = by_core if abs(by_region - by_core) > REGION.max_dissent else (by_core + by_region) / 2
    return float(np.clip(share, REGION.min_share, 1.0))
