"""Where boards are in a photo: the areas of the grid network's low-resolution maps as quadrilaterals."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import DUPLICATE_OVERLAP, overlap, quad_area, rescaled
from futoshiki.networks.engine import Runner
from futoshiki.networks.grid import CELLS, COMPLETE, OPEN, SIDE, page_maps
from futoshiki.photo import Photo
from futoshiki.reading.lattice import MAX_REACH, blobs

INSIDE = 0.5
"""Probability above which a pixel belongs to an area or to a cell."""
FAINT = 0.05
"""Probability above which a pixel may belong to an open puzzle that hardly shows at low resolution."""
MIN_SIDE = 14
"""Side in pixels of the low-resolution photo below which an area cannot hold 4 x 4 readable cells."""
CLEAR = 1.1
"""Ratio of an area's mean probability to the one above which its pixels belong to it. Below that ratio it is noise."""
MAX_AREAS = 40
"""Areas that are looked at, largest first; a page holds fewer boards."""
MIN_CELLS = 9
"""Cells below which spots in the cell channel are no board: most of a 4 x 4 must be seen."""
MIN_GROUP = 5
"""Spots in a group of neighbours below which it is no board. Fewer than `MIN_CELLS`, for cells may run into one another."""
CELLS_TRUST = 0.7
"""Score of an area for which only its cells speak."""
REACHED = 0.62
"""Share of the distance to its neighbours by which a cell grows, so that the cells of one board meet."""
QUAD_FIT = np.arange(0.02, 0.13, 0.01)
"""Tolerances, as shares of a hull's length, at which it is simplified until four corners are left."""
QUAD_AREA = (0.85, 1.1)
"""Range of a simplified hull's area, as a share of the hull's, in which the four corners fit it."""


@dataclass(frozen=True, eq=False)
class Area:
    """An area that looks like a board.

    `quad` is 4 x 2 in pixels of the photo, clockwise from the corner that is top left as the photo stands. `complete`
    tells a board with every cell filled; `score` is the mean probability inside. `maps` are the network's probabilities
    for the whole photo (C x h x w) if the area was found in them.
    """

    quad: np.ndarray
    complete: bool
    score: float
    maps: np.ndarray | None = None

    @property
    def side(self) -> float:
        """Square root of the quad's area, in pixels."""
        return float(np.sqrt(quad_area(self.quad)))

    @property
    def is_faint(self) -> bool:
        """Whether hardly anything shows there."""
        return self.score < INSIDE

    @property
    def may_be_fragment(self) -> bool:
        """Whether it is faint, or shows by its cells alone, so that it may be a fragment of a board."""
        return self.score <= CELLS_TRUST


def locate(photo: Photo, network: Runner, *, side: int = SIDE) -> list[Area]:
    """Every area that looks like a board: open puzzles first, then complete boards, then faint ones; the largest first.

    `side` is the longer side in pixels of the photo as the grid network sees it.
    """
    return areas_in(page_maps(photo.pixels, network, side=side), photo.pixels.shape[:2])


def areas_in(maps: np.ndarray, picture: tuple[int, ...]) -> list[Area]:
    """The areas of `locate` in the network's maps (C x h x w) of a whole picture, whose height and width are `picture`."""
    h, w = picture
    scale = np.array([w, h]) / maps.shape[:0:-1]

    def areas(plane: np.ndarray, *, complete: bool = False, above: float = INSIDE) -> list[Area]:
        return [Area(rescaled(quad, scale), complete, score, maps) for quad, score in areas_of(plane, above=above)]

    around = CELLS_TRUST * around_cells(maps[CELLS])
    seen = _without_duplicates([*areas(maps[OPEN]), *areas(maps[COMPLETE], complete=True), *areas(around)])
    faint = [area for area in areas(maps[OPEN], above=FAINT) if not _is_among(area, seen)]
    ordered = sorted(seen, key=lambda area: (area.complete, -area.side)) + sorted(faint, key=lambda area: -area.side)
    return ordered[:MAX_AREAS]


def around_cells(probability: np.ndarray) -> np.ndarray:
    """1 where cells lie together, 0 elsewhere, float32: each cell grown until it meets its neighbours.

    Cells are seen even where the network does not mark the area between them as a board.
    """
    centres, areas = blobs(probability > INSIDE)
    if len(centres) < MIN_CELLS:
        return np.zeros(probability.shape, np.float32)
    return grow(centres, areas, probability.shape)


def grow(centres: np.ndarray, areas: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """H x W float32, 1 around groups of spots (centres K x 2, areas K) that lie as close to each other as cells do."""
    grown = np.zeros(shape, np.uint8)
    distance = np.linalg.norm(centres[None] - centres[:, None], axis=-1)
    np.fill_diagonal(distance, np.inf)
    near = np.sort(distance, axis=1)[:, 1]  # to the second nearest: a pair of spots is no board
    for (x, y), reach, side in zip(centres, near, np.sqrt(areas), strict=True):
        if reach < MAX_REACH * side:
            cv2.circle(grown, (round(x), round(y)), max(1, round(REACHED * reach)), 1, -1)
    _, groups = cv2.connectedComponents(grown, connectivity=4)
    x, y = np.round(centres).astype(int).T
    spots = np.bincount(groups[y, x], minlength=groups.max() + 1)
    spots[0] = 0
    return (spots >= MIN_GROUP)[groups].astype(np.float32)


def areas_of(probability: np.ndarray, *, above: float = INSIDE) -> list[tuple[np.ndarray, float]]:
    """Quads (4 x 2) and scores of the connected areas of a probability map whose pixels lie above a probability."""
    mask = (probability > above).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    found = []
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < MIN_SIDE**2:
            continue
        inside = labels == label
        score = float(probability[inside].mean())
        quad = fit_quad(inside.astype(np.uint8))
        if score >= CLEAR * above and quad_area(quad) >= MIN_SIDE**2:
            found.append((quad, score))
    return found


def fit_quad(mask: np.ndarray) -> np.ndarray:
    """The quadrilateral around a blob: its convex hull simplified to four corners, or a rectangle if that does not fit."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(contour)
    area, length = cv2.contourArea(hull), cv2.arcLength(hull, True)
    low, high = QUAD_AREA
    for share in QUAD_FIT:
        quad = cv2.approxPolyDP(hull, share * length, True)
        if len(quad) == 4 and low < cv2.contourArea(quad) / max(area, 1) < high:
            return upright_order(quad[:, 0].astype(np.float64))
        if len(quad) < 4:
            break
    return upright_order(cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float64))


def upright_order(quad: np.ndarray) -> np.ndarray:
    """The corners clockwise, beginning with the one whose side to the next corner points most to the right."""
    centre = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    quad = quad[np.argsort(angles)]
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.maximum(np.linalg.norm(sides, axis=1), 1e-9)
    return np.roll(quad, -int(np.argmax(sides[:, 0] / lengths)), axis=0)


def _without_duplicates(areas: list[Area]) -> list[Area]:
    """The areas without those that overlap a better one; better is surer and larger."""
    kept: list[Area] = []
    for area in sorted(areas, key=lambda area: -area.score * area.side):
        if not _is_among(area, kept):
            kept.append(area)
    return kept


def _is_among(area: Area, others: list[Area]) -> bool:
    """Whether an area is one of others, or a part of one, or holds one."""
    return any(overlap(area.quad, other.quad) >= DUPLICATE_OVERLAP for other in others)
