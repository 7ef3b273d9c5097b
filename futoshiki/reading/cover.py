"""Things that lie on a board, such as a finger or a pen: cells whose ground has another colour than the paper."""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch, rescaled
from futoshiki.networks.canvas import BLOCK, canvas_side, lattice_map

PITCH = 20
"""Pixels from cell to cell to which a photo is reduced first: paper and things are large, and print is thin."""
DIFFERENCE = 14.0
"""Least difference in colour (a and b of CIELAB) from the board's paper."""
COVERED = 0.2
"""Least share of a cell's area with another colour; a digit in coloured ink fills less."""
MOST = 0.5
"""Share of the cells above which it is the paper that has several colours."""


def covered_cells(pixels: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Which cells something seems to lie on: N x N bool.

    `pixels` is the photo, H x W x 3 uint8 RGB, `cells` the N x N x 2 cell centres in it. Shadows have the paper's colour. A
    tinted cell ends at its border; a thing reaches beyond the border, or it is not taken for one.
    """
    n = len(cells)
    scale = min(1.0, PITCH / mean_pitch(cells))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    source = lattice_map(rescaled(cells, scale).astype(np.float32))
    flat = cv2.remap(small, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    colours = cv2.cvtColor(flat, cv2.COLOR_RGB2LAB)[..., 1:].astype(np.float32)
    board = slice(BLOCK // 2, canvas_side(n) - BLOCK // 2)
    paper = np.median(colours[board, board].reshape(-1, 2), axis=0)
    other = (np.linalg.norm(colours - paper, axis=-1) > DIFFERENCE).astype(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(other)
    wide = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) > BLOCK // 2
    long = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) > 2 * BLOCK
    things = (wide & long)[parts] & (other > 0)
    shares = things[BLOCK // 2 : -BLOCK // 2, BLOCK // 2 : -BLOCK // 2].reshape(n, 2 * BLOCK, n, 2 * BLOCK).mean(axis=(1, 3))
    covered = shares > COVERED
    return covered if covered.mean() < MOST else np.zeros_like(covered)
