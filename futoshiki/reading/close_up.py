"""From an area in the photo to a board: how many cells, where each centre lies, where the corners are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from futoshiki.geometry import Orientation, mean_pitch, perspective, quad_area, quad_iou, transform, view_square
from futoshiki.photo import Photo
from futoshiki.reading.lattice import Lattice, blobs, fit_lattice
from futoshiki.reading.locate import (
    CELLS,
    COMPLETE,
    GREY,
    MIN_CELLS,
    OPEN,
    Area,
    GridNetwork,
    around_cells,
    fit_quad,
    upright_order,
)

VIEW_SIDE = 256
GLANCE_SIDE = 128
MARGINS = (0.16, 0.28, 0.1)
"""Borders of the close-up, tried in turn: a wider one helps where the area was cut, a tighter one small cells."""
WIDE = 0.28
"""Border of the look that follows one which showed a part of a board."""
MAX_DISSENT = 0.2
"""Difference of two estimates of a cell's side (in pitches) from which the blobs' size alone is believed."""
MIN_QUAD = 64.0
"""Square pixels of the photo."""
MIN_REGION = 400
"""Pixels of the close-up: a board fills most of it."""
SURE = 0.85
"""Score from which a first look is enough."""
PROMISING = 0.75
"""Score of a look from which a board is read before another look is taken."""
MIN_PITCH = 14.0
"""Pixels from cell to cell, as the search saw them, from which a promising board is read without a closer look."""
MIN_HINTS = 6
"""Cells that must have been seen before a close-up is moved to them."""
GOES_ON = 0.51
"""Share of a row or column of cells outside the lattice from which it seems to be a part of a larger one."""
SEEN_AREA = 0.25
"""Probability of the board's area that joins such cells to it: a neighbour stands apart."""
EDGE = 0.6
"""Pitches outside of the outer cells' centres where such cells would be joined."""
NEAR = 0.2
"""Pitches around the place where another cell would be in which one is looked for."""
ROUGH = 0.05
"""Unevenness of a lattice (see `Lattice.rough`) from which some of it may have been seen wrong."""
PART = 0.8
"""By how much the score of such lattices is lowered: another look may show more."""
CORE = 0.6
"""Side of a blob of the cell channel over that of its cell: only the middle is marked, so that touching cells
stay apart."""


@dataclass(frozen=True, eq=False)
class Board:
    """A board found in a photo, in pixels of that photo.

    `cells` is N x N x 2, the cell centres in rows as they lie in the photo, not yet turned to the
    puzzle's own way up. `cell_share` is the side of a cell over the pitch, 1 where cells touch.
    `complete` tells a finished board, `score` how sure the finder is (0 to 1). `beyond` is how much of another line of
    cells seems to follow outside (0 to 1): above, below, on the left, on the right, as the board lies in the photo.
    """

    cells: np.ndarray
    cell_share: float
    complete: bool
    score: float
    beyond: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def size(self) -> int:
        """N."""
        return len(self.cells)

    @property
    def goes_on(self) -> bool:
        """Whether it seems to be only a part of a larger board."""
        return max(self.beyond) >= GOES_ON

    def grown(self) -> Board:
        """The board with the lines of cells that seem to follow outside; it may not be square."""
        above, below, left, right = (share >= GOES_ON for share in self.beyond)
        cells = _with_lines(self.cells, above, below)
        cells = _with_lines(cells.swapaxes(0, 1), left, right).swapaxes(0, 1)
        return replace(self, cells=cells, beyond=(0.0, 0.0, 0.0, 0.0))

    def oriented(self, way: Orientation) -> Board:
        """The same board with its cells in the puzzle's own order."""
        return replace(self, cells=way.apply(self.cells))

    @property
    def corners(self) -> np.ndarray:
        """4 x 2: the outer corners of the TL, TR, BR and BL cell, in the order that `cells` has."""
        c = self.cells
        half = self.cell_share / 2
        ends = ((0, 0), (0, -1), (-1, -1), (-1, 0))
        signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        found = []
        for (r, k), (sx, sy) in zip(ends, signs, strict=True):
            right = (c[r, 1] - c[r, 0]) if k == 0 else (c[r, -1] - c[r, -2])
            down = (c[1, k] - c[0, k]) if r == 0 else (c[-1, k] - c[-2, k])
            found.append(c[r, k] + half * (sx * right + sy * down))
        return np.array(found)


def looks(photo: Photo, area: Area, network: GridNetwork, *, glance: bool = False, patient: bool = True) -> Iterator[Board]:
    """Close looks at an area, each `Board` surer than the one before; ends with the first that is sure enough.

    Before them comes the board as the search saw it from afar, where that is sharp and promising: it needs no run of the
    network.
    Else, with `glance`, an area is given up that shows no cells at a glance; unless `patient`, one whose first close look
    shows no board.
    """
    from_afar = _from_afar(photo, area)
    if from_afar is not None:
        yield from_afar
    elif glance and not _shows_cells(photo, area, network):
        return
    best: Board | None = None
    quad = area.quad
    part = False
    for margin in MARGINS:
        if not np.isfinite(quad).all() or quad_area(quad) < MIN_QUAD:
            return
        homography = perspective(quad, view_square(VIEW_SIDE, WIDE if part else margin))
        probability = network(close_up(photo.pixels, homography)[None])[0]
        board, region = _board_in_view(probability, homography)
        if board is not None and (best is None or board.score > best.score):
            best = board
            yield board
        if region is None or (best is not None and best.score > SURE) or (best is None and not patient):
            return
        # look again where the cells are rather than where the area seemed to be
        quad = transform(region, np.linalg.inv(homography)) if board is None else upright_order(board.grown().corners)
        part = board is not None and board.goes_on


def _from_afar(photo: Photo, area: Area) -> Board | None:
    """The board in what the network saw in the whole picture, if it is sharp there, and promising."""
    if area.maps is None or quad_area(area.quad) < MIN_QUAD:
        return None
    (h, w), (rows, columns) = photo.pixels.shape[:2], area.maps.shape[1:]
    x, y = w / columns, h / rows
    seen = (area.quad + 0.5) / (x, y)
    (left, top), (right, bottom) = np.maximum(seen.min(axis=0), 0).astype(int), np.ceil(seen.max(axis=0)).astype(int)
    spots, _ = cv2.connectedComponents((area.maps[CELLS, top:bottom, left:right] > 0.5).astype(np.uint8), connectivity=4)
    # by their number the pitch is about known, which spares most areas the rest
    if spots <= MIN_CELLS or area.side / max(x, y) < 0.85 * MIN_PITCH * np.sqrt(spots):
        return None
    to_photo = np.array([[x, 0, x / 2 - 0.5], [0, y, y / 2 - 0.5], [0, 0, 1]])
    homography = perspective(area.quad, view_square(VIEW_SIDE, MARGINS[0]))
    view = cv2.warpPerspective(area.maps.transpose(1, 2, 0), homography @ to_photo, (VIEW_SIDE, VIEW_SIDE))
    board, _ = _board_in_view(view.transpose(2, 0, 1), homography)
    if board is None or board.score <= PROMISING or mean_pitch(board.cells) < MIN_PITCH * max(x, y):
        return None
    return replace(board, cells=_smooth(board.cells))


def _smooth(cells: np.ndarray) -> np.ndarray:
    """Cell centres (N x N x 2) moved onto cubic polynomials of row and column: pages bend slowly, single cells are seen askew."""
    along = np.linspace(-1, 1, len(cells))
    powers = np.polynomial.polynomial.polyvander2d(*np.meshgrid(along, along, indexing="ij"), (3, 3)).reshape(-1, 16)
    cubic = powers[:, [i * 4 + j for i in range(4) for j in range(4 - i)]]
    flat = cells.reshape(-1, 2)
    return (cubic @ np.linalg.lstsq(cubic, flat, rcond=None)[0]).reshape(cells.shape)


def _shows_cells(photo: Photo, area: Area, network: GridNetwork) -> bool:
    """Whether cells show in an area that is seen with a quarter of a close look's pixels."""
    homography = perspective(area.quad, view_square(GLANCE_SIDE, MARGINS[0]))
    probability = network(close_up(photo.pixels, homography, GLANCE_SIDE)[None])[0]
    centres, _ = blobs(probability[CELLS] > 0.5)
    return len(centres) >= MIN_CELLS


def close_up(pixels: np.ndarray, homography: np.ndarray, side: int = VIEW_SIDE) -> np.ndarray:
    """The photo through a homography as `side` x `side` RGB, reduced first where it is much larger."""
    middle = transform(np.array([[side / 2] * 2, [side / 2 + 1, side / 2]]), np.linalg.inv(homography))
    step = float(np.linalg.norm(middle[1] - middle[0]))
    if step > 1.3:
        # only the part that is seen: reducing all of a large photo would cost more than the network
        corners = transform(view_square(side, 0.0), np.linalg.inv(homography))
        low = np.clip(np.floor(corners.min(0) - 2), 0, None).astype(int)
        high = np.ceil(corners.max(0) + 2).astype(int)
        part = pixels[low[1] : high[1], low[0] : high[0]]
        if part.size:
            size = (max(1, round(part.shape[1] / step)), max(1, round(part.shape[0] / step)))
            pixels = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
            sx, sy = pixels.shape[1] / part.shape[1], pixels.shape[0] / part.shape[0]
            back = np.array([[1 / sx, 0, low[0] + 0.5 / sx - 0.5], [0, 1 / sy, low[1] + 0.5 / sy - 0.5], [0, 0, 1]])
            homography = homography @ back
    return cv2.warpPerspective(pixels, homography, (side, side), flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3)


def _board_in_view(probability: np.ndarray, homography: np.ndarray) -> tuple[Board | None, np.ndarray | None]:
    """The board and the quad of its region in the view; None where there is none."""
    area = np.maximum(probability[OPEN], probability[COMPLETE])
    region = area > 0.5
    mask = _middle_component(region | (around_cells(probability[CELLS]) > 0))
    if mask is None:
        return None, None
    quad = fit_quad(mask)
    inside = cv2.dilate(mask, np.ones((9, 9), np.uint8))
    centres, areas = blobs(probability[CELLS] > 0.5, inside)
    lattice = fit_lattice(centres, areas)
    if lattice is None:
        return None, quad_around(centres, areas) if len(centres) >= MIN_HINTS else quad
    share = _cell_share(lattice, region & (mask > 0))
    complete = float(probability[COMPLETE][mask > 0].mean()) > float(probability[OPEN][mask > 0].mean())
    sure = float(_values(probability[CELLS], lattice.cells).mean())
    cells = transform(lattice.cells, np.linalg.inv(homography))
    board = Board(cells, share, complete, 0.0, _beyond(lattice.cells, probability[CELLS], area > SEEN_AREA))
    score = sure * lattice.filled * quad_iou(transform(board.corners, homography), quad) ** 0.5
    if board.goes_on or lattice.rough > ROUGH:
        score *= PART
    return replace(board, score=score), quad


def _beyond(cells: np.ndarray, probability: np.ndarray, region: np.ndarray) -> tuple[float, float, float, float]:
    """How much of another line of cells is seen outside of a lattice: above, below, on the left, on the right.

    Where the area of the board ends before them, they are some other board's. Where they would lie outside of the view,
    the area says by itself whether more follows; where not even the board's edge lies inside, more may.
    """
    near = max(1, round(NEAR * mean_pitch(cells)))
    seen = cv2.dilate(probability, np.ones((2 * near + 1, 2 * near + 1), np.uint8)) > 0.5
    columns = cells.swapaxes(0, 1)
    shares = []
    for lines in (cells, cells[::-1], columns, columns[::-1]):
        places, edge = _outside(lines, 1.0), _outside(lines, EDGE)
        in_view = _in_view(places)
        joined = _values(region, np.where(in_view[:, None], edge, places)) | ~_in_view(edge)
        shares.append(float((joined & (_values(seen, places) | ~in_view)).mean()))
    above, below, left, right = shares
    return above, below, left, right


def _in_view(points: np.ndarray) -> np.ndarray:
    """Which of K x 2 points a view holds."""
    return np.all((points > -0.5) & (points < VIEW_SIDE - 0.5), axis=-1)


def _outside(lines: np.ndarray, steps: float) -> np.ndarray:
    """So many steps before the first of some lines of cells (K x N x 2): N x 2."""
    return lines[0] + steps * (lines[0] - lines[1])


def _values(view: np.ndarray, points: np.ndarray) -> np.ndarray:
    """What a view holds at points (... x 2), or next to them at its border."""
    x, y = np.moveaxis(np.clip(np.round(points).astype(int), 0, VIEW_SIDE - 1), -1, 0)
    return view[y, x]


def _with_lines(lines: np.ndarray, before: bool, after: bool) -> np.ndarray:
    """Lines of cells (K x N x 2) with one more before and after them, where asked for."""
    first = [_outside(lines, 1.0)[None]] if before else []
    last = [_outside(lines[::-1], 1.0)[None]] if after else []
    return np.concatenate([*first, lines, *last])


def quad_around(centres: np.ndarray, areas: np.ndarray) -> np.ndarray:
    """The rectangle around the blobs: a better guess than a region that was seen only in part."""
    centre, (width, height), angle = cv2.minAreaRect(centres.astype(np.float32))
    pad = 2.0 * float(np.sqrt(np.median(areas)))
    return upright_order(cv2.boxPoints((centre, (width + pad, height + pad), angle)).astype(np.float64))


def _middle_component(region: np.ndarray) -> np.ndarray | None:
    """The connected part that covers most of the view's middle, as a uint8 mask."""
    _, labels = cv2.connectedComponents(region.astype(np.uint8), connectivity=4)
    middle = labels[VIEW_SIDE // 4 : -VIEW_SIDE // 4, VIEW_SIDE // 4 : -VIEW_SIDE // 4]
    counts = np.bincount(middle.ravel(), minlength=2)
    counts[0] = 0
    if counts.max() < MIN_REGION:
        return None
    return (labels == counts.argmax()).astype(np.uint8)


def _cell_share(lattice: Lattice, mask: np.ndarray) -> float:
    """Side of a cell over the pitch: from the blobs' size and from how far the region reaches beyond the centres."""
    pitch = mean_pitch(lattice.cells)
    by_core = lattice.core / CORE / pitch
    ends = np.array([lattice.cells[0, 0], lattice.cells[0, -1], lattice.cells[-1, -1], lattice.cells[-1, 0]])
    between = np.sqrt(max(quad_area(ends), 1.0)) / (lattice.size - 1)
    by_region = (np.sqrt(float(mask.sum())) - between * (lattice.size - 1)) / between
    if abs(by_region - by_core) > MAX_DISSENT:  # the region holds more than this board, or not all of it
        return float(np.clip(by_core, 0.4, 1.0))
    return float(np.clip(0.5 * by_core + 0.5 * by_region, 0.4, 1.0))
