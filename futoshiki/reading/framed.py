"""The cells of a board whose frame is seen better than its cells.

Boards without lines between their cells show few of them, too few to walk from one to the next. But the network's map of cells
has a faint pattern, and of all boards that fit into the frame one matches it best, along both sides.
"""

from __future__ import annotations

import itertools
from functools import cache

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch, perspective, transform
from futoshiki.networks.grid import CORE
from futoshiki.reading.found import SIZES

FLAT = 96
"""Side in pixels of the flat picture of what the frame holds."""
BLUR = 1.0
"""Sigma, in pixels of the view, of a blur for a pattern that is a little off."""
SHARES = (1.0, 0.7)
"""Sides of a cell over the pitch that are tried: how far from the outer centres the frame lies."""
REACH = 0.4
"""Half the side in pitches of the square around a centre in which the middle of a cell is looked for."""
SAMPLES = 11
"""Samples of the map along a side of that square."""
ROUNDS = 4
"""How often all centres are moved."""
_UNIT = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])


def fit_in_frame(probability: np.ndarray, frame: np.ndarray) -> tuple[np.ndarray, float]:
    """Centres (N x N x 2) of the cells that match best what is seen in a frame, and the correlation with it, at most 1.

    `probability` is that of cells in a view, H x W float32; `frame` is 4 x 2, clockwise from its top left.
    """
    flat = cv2.GaussianBlur(probability, (0, 0), BLUR)
    flat = cv2.warpPerspective(flat, perspective(frame, FLAT * _UNIT), (FLAT, FLAT), borderMode=cv2.BORDER_REPLICATE)
    profiles = flat.mean(axis=0), flat.mean(axis=1)
    boards = list(itertools.product(SIZES, SHARES))
    matches = [min(_correlation(profile, _pattern(*board)) for profile in profiles) for board in boards]
    along = _centres(*boards[int(np.argmax(matches))])
    cells = transform(np.stack(np.meshgrid(along, along), axis=-1), perspective(_UNIT, frame))
    for _ in range(ROUNDS):
        cells = _centred(cells, probability)
    return cells, max(matches)


def _centres(size: int, share: float) -> np.ndarray:
    """Coordinates of the cells' centres along a side of a frame, 0 to 1."""
    return (np.arange(size) + share / 2) / (size - 1 + share)


@cache
def _pattern(size: int, share: float) -> np.ndarray:
    """Where cells are along a side of a frame, `FLAT` values of 0 and 1."""
    places = (np.arange(FLAT) + 0.5) / FLAT
    off = np.abs(places[:, None] - _centres(size, share)).min(axis=1)
    return (off < CORE / 2 / (size - 1 + share)).astype(float)


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
    seen = seen - seen.min(axis=1, keepdims=True)
    weight = seen.sum(axis=1)
    middles = points + (seen @ square) / np.maximum(weight, np.finfo(float).tiny)[:, None]
    design = np.column_stack([points, np.ones(len(points))])
    root = np.sqrt(weight)[:, None]
    affine, *_ = np.linalg.lstsq(root * design, root * middles, rcond=None)
    return (design @ affine).reshape(cells.shape)
