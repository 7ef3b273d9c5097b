"""Which way up a page's text stands, for boards that show no digit to tell it by.

The page is laid with the board's rows along x; of its densest tiles outside of the board a small network says by how many
quarter turns the text in them is turned, and their log-probabilities add up.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from futoshiki.geometry import Orientation, shrink_quads
from futoshiki.reading.canvas import even_contrast
from futoshiki.reading.recognize import log_softmax

TextNetwork = Callable[[np.ndarray], np.ndarray]
"""B x 1 x 64 x 64 float32 tiles in, B x 4 logits out: the quarter turns clockwise that make the text stand upright."""

TILE = 64
"""Pixels of a tile's side."""
LONGEST = 1280
"""Pixels to which a page's longer side is reduced: body text is 6 to 20 of them high."""
SCALES = (1.0, 0.5)
"""At which that page is seen: small print, and headlines."""
TILES = 24
"""At most, at each of the scales."""
APART = 0.75
"""Least distance of two tiles, in sides."""
AROUND = 1.3
"""Pitches around the outer cells' centres that are the board's and not the page's."""
LEAST = -4.0
"""Log-probability below which no tile votes: none may decide alone."""
TOLD = 0.9
"""Probability that text runs along x, or that it runs along y, from which a tile votes: others hold none that can be read."""
WEIGHT = 0.5
"""Of a tile's vote: neighbours of one page say much the same."""
CONTRAST_FLOOR = 4.0
"""Grey levels of local contrast below which a page is taken to be empty."""
EDGE_LIMIT = 60.0
"""Grey levels from which an edge counts no more: text has many, a table's border a strong one."""


def ways_by_text(grey: np.ndarray, cells: np.ndarray, network: TextNetwork) -> dict[Orientation, float]:
    """Nats for each way up of a board (N x N x 2 cell centres in a photo, H x W uint8); empty where there is no text."""
    scale = min(1.0, LONGEST / max(grey.shape))
    tiles = np.concatenate([text_tiles(grey, [cells], cells, scale * share) for share in SCALES])
    if not len(tiles):
        return {}
    nats = log_softmax(network(tiles[:, None]).T)
    along = np.exp(nats[::2]).sum(axis=0)
    told = nats[:, np.maximum(along, 1 - along) >= TOLD]
    votes = WEIGHT * np.maximum(told, LEAST).sum(axis=1)
    return {Orientation(turns): float(vote) for turns, vote in enumerate(votes)} if told.size else {}


def text_tiles(
    grey: np.ndarray, boards: list[np.ndarray], upright: np.ndarray, scale: float, *, count: int = TILES
) -> np.ndarray:
    """The tiles of a page that hold most ink, K x TILE x TILE float32, evened out to mean 0 and contrast about 1.

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


def even_page(view: np.ndarray) -> np.ndarray:
    """A page (H x W) as the network sees it: evened out by half a tile, clipped to +-3."""
    return even_contrast(view, near=TILE // 2 - 1, far=TILE - 1, floor=CONTRAST_FLOOR, limit=3.0)


def _page_view(grey: np.ndarray, boards: list[np.ndarray], upright: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """The photo turned so that a board's rows run along x, and where in it the page is, but no board (0 or 1)."""
    right, below = (upright[:, -1] - upright[:, 0]).mean(axis=0), (upright[-1] - upright[0]).mean(axis=0)
    x, y = right[0] + below[1], right[1] - below[0]
    turn = scale / np.hypot(x, y) * np.array([[x, y], [-y, x]])
    h, w = grey.shape
    low, high = (reach(np.array([[0, 0], [w, 0], [w, h], [0, h]]) @ turn.T, axis=0) for reach in (np.min, np.max))
    matrix = np.column_stack([turn, -low])
    size = tuple(np.ceil(high - low).astype(int).tolist())
    if scale < 1:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.4 / scale)
    view = cv2.warpAffine(grey, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    free = cv2.warpAffine(np.ones((h, w), np.uint8), matrix, size, flags=cv2.INTER_NEAREST)
    for cells in boards:
        ends = np.array([cells[0, 0], cells[0, -1], cells[-1, -1], cells[-1, 0]], np.float64)
        outline = shrink_quads(ends, 1 + 2 * AROUND / (len(cells) - 1))
        cv2.fillPoly(free, [np.round(outline @ turn.T - low).astype(np.int32)], 0)
    return view, free


def _tile_means(values: np.ndarray) -> np.ndarray:
    """The means of the tiles of a view that begin at every half tile."""
    sums = cv2.integral(values)
    half = TILE // 2
    y, x = np.arange(0, values.shape[0] - TILE + 1, half)[:, None], np.arange(0, values.shape[1] - TILE + 1, half)
    total = sums[y + TILE, x + TILE] - sums[y, x + TILE] - sums[y + TILE, x] + sums[y, x]
    return total / TILE**2
