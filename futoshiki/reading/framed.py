"""The cells of a board whose frame is seen better than its cells.

Boards without lines between their cells show few of them, too few to walk from one to the next. But the network's map of cells
has a faint pattern, and of all boards that fit into the frame one matches it best, along both sides.
"""

from __future__ import annotations

import itertools
from functools import cache

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch, perspective, transform, view_square
from futoshiki.networks.grid import CORE
from futoshiki.reading.found import SIZES

FLAT = 96
"""Side in pixels of the flat picture of what the frame holds."""
OUTSIDE = (0.5, 0.35)
"""Distances in pitches from the outer cells' centres at which the frame may lie."""
REACH = 0.4
"""Half side in pitches of the window in which a cell's middle is looked for."""
SAMPLES = 11
"""Samples of the map along a side of that window."""
FLOOR = 0.001
"""Probability added to what is seen in each window, so that no cell is without weight."""
ROUNDS = 2
"""How often all centres are moved."""


def fit_in_frame(probability: np.ndarray, frame: np.ndarray) -> tuple[np.ndarray, float]:
    """Centres (N x N x 2) of the cells that match best what is seen in a frame, and the correlation with it, at most 1.

    `probability` is that of cells in a view, H x W float32; `frame` is 4 x 2, clockwise from its top left.
    """
    to_flat = perspective(frame, view_square(FLAT, 0.0))
    flat = cv2.warpPerspective(probability, to_flat, (FLAT, FLAT), borderMode=cv2.BORDER_REPLICATE)
    profiles = flat.mean(axis=0), flat.mean(axis=1)
    boards = list(itertools.product(SIZES, OUTSIDE))
    matches = [min(_correlation(profile, _pattern(*board)) for profile in profiles) for board in boards]
    along = _centres(*boards[int(np.argmax(matches))])
    cells = transform(np.stack(np.meshgrid(along, along), axis=-1), perspective(view_square(1, 0.0), frame))
    for _ in range(ROUNDS):
        cells = _centred(cells, probability)
    return cells, max(matches)


def _centres(size: int, outside: float) -> np.ndarray:
    """Coordinates of the cells' centres along a side of a frame, 0 to 1."""
    return (np.arange(size) + outside) / (size - 1 + 2 * outside)


@cache
def _pattern(size: int, outside: float) -> np.ndarray:
    """Where the middles of cells are along a side of a frame, `FLAT` values of 0 and 1."""
    centres = _centres(size, outside)
    places = (np.arange(FLAT) + 0.5) / FLAT
    off = np.abs(places[:, None] - centres).min(axis=1)
    return (off < CORE / 2 * (centres[1] - centres[0])).astype(float)


def _correlation(profile: np.ndarray, pattern: np.ndarray) -> float:
    """Pearson's correlation; 0 for a profile without any variation."""
    return float(np.corrcoef(profile, pattern)[0, 1]) if np.ptp(profile) > 0 else 0.0


def _centred(cells: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """The cells moved by the affine map that brings them nearest to the middles of what is seen of them."""
    offsets = REACH * mean_pitch(cells) * np.linspace(-1, 1, SAMPLES)
    square = np.stack(np.meshgrid(offsets, offsets), axis=-1).reshape(-1, 2)
    points = cells.reshape(-1, 2)
    x, y = np.moveaxis((points[:, None] + square).astype(np.float32), -1, 0)
    seen = cv2.remap(probability, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen = seen - seen.min(axis=1, keepdims=True) + FLOOR
    weight = seen.sum(axis=1)
    middles = points + (seen @ square) / weight[:, None]
    design = np.column_stack([points, np.ones(len(points))])
    root = np.sqrt(weight)[:, None]
    affine, *_ = np.linalg.lstsq(root * design, root * middles, rcond=None)
    return (design @ affine).reshape(cells.shape)
