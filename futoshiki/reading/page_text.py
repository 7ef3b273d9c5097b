"""How the text of a page stands, for boards that show no digit to tell their orientation by.

The page is laid with the board's rows along x. For its densest tiles outside the board, the text network tells by how many
quarter turns the text is turned; the log-probabilities of all tiles are added up.
"""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import Orientation, outer_centres, shrink_quads
from futoshiki.networks.engine import Runner
from futoshiki.networks.text import TILE, even_page, turn_scores
from futoshiki.reading.orientation import Votes

LONGEST = 2560
"""Pixels to which a page's longer side is reduced. Letters on the scan of a newspaper are then still legible; where they are
not, tiles of text agree on a wrong orientation."""
SCALES = (1.0, 0.5)
"""Scales at which that page is looked at: for small print and for large."""
TILES = 24
"""Most tiles at each of the scales."""
APART = 0.75
"""Least distance of two tiles, in sides."""
AROUND = 1.3
"""Pitches around the outer cells' centres that belong to the board and not to the page."""
LEAST = -4.0
"""Least log-probability of a tile's vote, so that no tile decides alone."""
TOLD = 0.9
"""Probability that text runs along x, or along y, above which a tile votes; others hold no legible text."""
WEIGHT = 0.5
"""Weight of a tile's vote: the tiles of one page are not independent."""
EDGE_LIMIT = 60.0
"""Grey levels above which an edge counts no more: text has many edges, the border of a table a strong one."""


def orientation_votes(grey: np.ndarray, cells: np.ndarray, network: Runner) -> Votes:
    """Votes of the text around a board for its orientation; empty where there is no text.

    `grey` is the photo (H x W uint8), `cells` are the board's N x N x 2 cell centres, `network` is the text network.
    """
    scale = min(1.0, LONGEST / max(grey.shape))
    tiles = np.concatenate([text_tiles(grey, [cells], cells, scale * share) for share in SCALES])
    if not len(tiles):
        return {}
    nats = turn_scores(tiles, network)
    along = np.exp(nats[::2]).sum(axis=0)
    told = nats[:, np.maximum(along, 1 - along) >= TOLD]
    votes = WEIGHT * np.maximum(told, LEAST).sum(axis=1)
    return {Orientation(turns): float(vote) for turns, vote in enumerate(votes)} if told.size else {}


def text_tiles(
    grey: np.ndarray, boards: list[np.ndarray], upright: np.ndarray, scale: float, *, count: int = TILES
) -> np.ndarray:
    """The tiles of a page with the most ink, K x TILE x TILE float32, as the text network sees them.

    `boards` are the cells of every board in the photo, which are left out; the rows of `upright` run along x.
    """
    view, free = _page_view(grey, boards, upright, scale)
    if min(view.shape) < TILE:
        return np.empty((0, TILE, TILE), np.float32)
    across, down = cv2.Sobel(view, cv2.CV_32F, 1, 0, ksize=1), cv2.Sobel(view, cv2.CV_32F, 0, 1, ksize=1)
    ink = _tile_means(np.minimum(np.abs(across) + np.abs(down), EDGE_LIMIT))
    ink[_tile_means(free.astype(np.float32)) < 1 - 1e-3] = -1
    page = even_page(view)
    places: list[np.ndarray] = []
    for k in np.argsort(-ink, axis=None):
        place = np.array(np.unravel_index(k, ink.shape)) * (TILE // 2)
        if len(places) == count or ink.flat[k] < 0:
            break
        if all(np.abs(place - other).max() >= APART * TILE for other in places):
            places.append(place)
    return np.array([page[y : y + TILE, x : x + TILE] for y, x in places], np.float32).reshape(-1, TILE, TILE)


def _page_view(grey: np.ndarray, boards: list[np.ndarray], upright: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """The photo turned so that a board's rows run along x, and a mask of the page without its boards (0 or 1)."""
    right, below = (upright[:, -1] - upright[:, 0]).mean(axis=0), (upright[-1] - upright[0]).mean(axis=0)
    x, y = right[0] + below[1], right[1] - below[0]
    turn = scale / np.hypot(x, y) * np.array([[x, y], [-y, x]])
    h, w = grey.shape
    low, high = (reach(np.array([[0, 0], [w, 0], [w, h], [0, h]]) @ turn.T, axis=0) for reach in (np.min, np.max))
    matrix = np.column_stack([turn, -low])
    size = tuple(np.ceil(high - low).astype(int).tolist())
    if scale < 1:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)  # against aliasing
    view = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    free = cv2.warpAffine(np.ones((h, w), np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    for cells in boards:
        outline = shrink_quads(outer_centres(cells).astype(np.float64), 1 + 2 * AROUND / (len(cells) - 1))
        cv2.fillPoly(free, [np.round(outline @ turn.T - low).astype(np.int32)], 0)
    return view, free


def _tile_means(values: np.ndarray) -> np.ndarray:
    """The means of the tiles of a view that begin at every half tile."""
    sums = cv2.integral(values)
    half = TILE // 2
    y, x = np.arange(0, values.shape[0] - TILE + 1, half)[:, None], np.arange(0, values.shape[1] - TILE + 1, half)
    total = sums[y + TILE, x + TILE] - sums[y, x + TILE] - sums[y + TILE, x] + sums[y, x]
    return total / TILE**2
