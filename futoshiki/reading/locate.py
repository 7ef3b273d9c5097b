"""Finding puzzles in a photo: the network's areas as quadrilaterals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import quad_area, shared_area
from futoshiki.photo import Photo
from futoshiki.reading.lattice import MAX_REACH, blobs

OPEN, COMPLETE, CELLS = 0, 1, 2
"""Channels of the grid network."""
SOFTNESS = 0.4
"""Blur of the reduced photo, in its pixels: as soft as the training pictures are."""
STRIDE = 32
GREY = 114
"""Border colour, the one used in training."""
MIN_SIDE = 14
"""Pixels of the reduced photo: no smaller area can hold 4 x 4 cells that could be read."""
MIN_SCORE = 0.55
MAX_BOARDS = 12
MIN_CELLS = 9
CELLS_TRUST = 0.7
"""Score of an area that only its cells speak for."""

GridNetwork = Callable[[np.ndarray], np.ndarray]
"""1 x H x W x 3 uint8 RGB in, 1 x 3 x H x W float32 probabilities out."""


@dataclass(frozen=True, eq=False)
class Area:
    """An area that looks like a board.

    `quad` is 4 x 2, clockwise, first the corner that is top left as the photo stands, in its pixels.
    `complete` tells a finished board; `score` is the network's mean probability inside. `maps` is what the network saw
    in the whole picture (C x h x w probabilities), if that is where the area was found.
    """

    quad: np.ndarray
    complete: bool
    score: float
    maps: np.ndarray | None = None

    @property
    def side(self) -> float:
        """Square root of the quad's area, in pixels."""
        return float(np.sqrt(quad_area(self.quad)))


def locate(photo: Photo, network: GridNetwork, *, side: int = 256) -> list[Area]:
    """Every area that looks like a board: open puzzles first, then finished ones, largest first.

    `side` is the longer side of the photo as the network sees it, in pixels.
    """
    h, w = photo.pixels.shape[:2]
    probability = page_maps(photo.pixels, network, side=side)
    ratio = np.array([w, h]) / probability.shape[:0:-1]
    maps = [(probability[OPEN], False), (probability[COMPLETE], True), (CELLS_TRUST * around_cells(probability[CELLS]), False)]
    areas = [
        Area((quad + 0.5) * ratio - 0.5, complete, score, probability)
        for values, complete in maps
        for quad, score in areas_of(values)
    ]
    areas = without_doubles(areas)
    return sorted(areas, key=lambda area: (area.complete, -area.side))[:MAX_BOARDS]


def page_maps(pixels: np.ndarray, network: GridNetwork, *, side: int = 256) -> np.ndarray:
    """What the network sees in a whole picture (H x W x 3 uint8 RGB): C x h x w probabilities, the longer side `side`."""
    view = page_view(pixels, side)
    h, w = view.shape[:2]
    padded = np.full((-(-h // STRIDE) * STRIDE, -(-w // STRIDE) * STRIDE, 3), GREY, np.uint8)
    padded[:h, :w] = view
    return network(padded[None])[0][:, :h, :w]


def page_view(pixels: np.ndarray, side: int) -> np.ndarray:
    """The whole picture with its longer side reduced (or enlarged) to `side` pixels, slightly softened."""
    h, w = pixels.shape[:2]
    scale = side / max(h, w)
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return cv2.GaussianBlur(small, (0, 0), SOFTNESS)


def around_cells(probability: np.ndarray) -> np.ndarray:
    """1 where cells lie together, 0 elsewhere, float32: each cell grown until it meets its neighbours.

    The cells are seen even where the network does not know the area between them for a board.
    """
    centres, areas = blobs(probability > 0.5)
    if len(centres) < MIN_CELLS:
        return np.zeros(probability.shape, np.float32)
    return grow(centres, areas, probability.shape)


def grow(centres: np.ndarray, areas: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """H x W float32, 1 around spots (centres K x 2, areas K) that lie as near to each other as cells do."""
    grown = np.zeros(shape, np.float32)
    distance = np.linalg.norm(centres[None] - centres[:, None], axis=-1)
    np.fill_diagonal(distance, np.inf)
    near = np.sort(distance, axis=1)[:, 1]  # the second nearest: a pair of blobs is no board
    sides = np.sqrt(areas)
    for (x, y), reach, side in zip(centres, near, sides, strict=True):
        if reach < MAX_REACH * side:
            cv2.circle(grown, (round(x), round(y)), max(1, round(0.62 * reach)), 1.0, -1)
    return grown


def areas_of(probability: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Quads (4 x 2) and scores of the connected areas of a probability map."""
    mask = (probability > 0.5).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    found = []
    for label in range(1, count):
        if stats[label, cv2.CC_STAT_AREA] < MIN_SIDE**2:
            continue
        inside = labels == label
        score = float(probability[inside].mean())
        quad = fit_quad(inside.astype(np.uint8))
        if score >= MIN_SCORE and quad_area(quad) >= MIN_SIDE**2:
            found.append((quad, score))
    return found


def fit_quad(mask: np.ndarray) -> np.ndarray:
    """The quadrilateral around a blob: its convex hull with corners cut down to four, where that fits."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    contour = max(contours, key=cv2.contourArea)
    hull = cv2.convexHull(contour)
    area, length = cv2.contourArea(hull), cv2.arcLength(hull, True)
    for share in np.arange(0.02, 0.13, 0.01):
        quad = cv2.approxPolyDP(hull, share * length, True)
        if len(quad) == 4 and 0.85 < cv2.contourArea(quad) / max(area, 1) < 1.1:
            return upright_order(quad[:, 0].astype(np.float64))
        if len(quad) < 4:
            break
    return upright_order(cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float64))


def upright_order(quad: np.ndarray) -> np.ndarray:
    """The corners clockwise, beginning with the one that makes the first side run most to the right."""
    centre = quad.mean(axis=0)
    angles = np.arctan2(quad[:, 1] - centre[1], quad[:, 0] - centre[0])
    quad = quad[np.argsort(angles)]
    sides = np.roll(quad, -1, axis=0) - quad
    lengths = np.maximum(np.linalg.norm(sides, axis=1), 1e-9)
    return np.roll(quad, -int(np.argmax(sides[:, 0] / lengths)), axis=0)


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """The part of the smaller quad that lies in the other."""
    return shared_area(a, b) / max(min(quad_area(a), quad_area(b)), 1e-6)


def without_doubles(areas: list[Area]) -> list[Area]:
    """Of areas that overlap, the one that is surest and largest."""
    kept: list[Area] = []
    for area in sorted(areas, key=lambda a: -a.score * a.side):
        if all(overlap(area.quad, other.quad) < 0.4 for other in kept):
            kept.append(area)
    return kept
