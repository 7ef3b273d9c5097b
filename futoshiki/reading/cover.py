"""Things that lie on a board, such as a finger or a pen: where the ground has another colour than the paper."""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import fill_polygons, mean_pitch, rescaled
from futoshiki.networks.canvas import BLOCK, canvas_side, lattice_map

PITCH = 20
"""Pixels from cell to cell to which a photo is reduced first: paper and things are large, and print is thin."""
DIFFERENCE = 14.0
"""Least difference in colour (a and b of CIELAB) from the board's paper."""
COVERED = 0.2
"""Least share of a cell's area with another colour; a digit in coloured ink fills less."""
MOST = 0.5
"""Share of the cells, or of the board, above which it is the paper that has several colours."""
CELLS = 6
"""Cells along a board of which only the outline is known."""
AROUND = 0.1
"""Width of the surroundings in which things are followed beyond a board, as a share of its extent."""


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
    board = np.zeros(flat.shape[:2], bool)
    board[BLOCK // 2 : canvas_side(n) - BLOCK // 2, BLOCK // 2 : canvas_side(n) - BLOCK // 2] = True
    things = things_on(flat, board, 2 * BLOCK)
    shares = things[BLOCK // 2 : -BLOCK // 2, BLOCK // 2 : -BLOCK // 2].reshape(n, 2 * BLOCK, n, 2 * BLOCK).mean(axis=(1, 3))
    covered = shares > COVERED
    return covered if covered.mean() < MOST else np.zeros_like(covered)


def covered_area(pixels: np.ndarray, outline: np.ndarray) -> np.ndarray:
    """Where something seems to lie on a board of which only the outline (K x 2) is known: H x W bool.

    `pixels` is the photo, H x W x 3 uint8 RGB. What has the paper's colour is not noticed.
    """
    covered = np.zeros(pixels.shape[:2], bool)
    low, high = outline.min(axis=0), outline.max(axis=0)
    extent = float((high - low).max())
    (left, top), (right, bottom) = np.maximum(low - AROUND * extent, 0).astype(int), (high + AROUND * extent).astype(int)
    part = pixels[top:bottom, left:right]
    if part.size == 0:
        return covered
    scale = min(1.0, PITCH * CELLS / extent)
    small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    board = fill_polygons([rescaled(outline - [left, top], scale)], *small.shape[:2])[..., 0] > 0
    things = things_on(small, board, extent * scale / CELLS) if board.any() else board
    if things[board].mean() < MOST:
        share = cv2.resize(things.astype(np.float32), part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        covered[top:bottom, left:right] = share > 0.5
    return covered


def things_on(flat: np.ndarray, board: np.ndarray, pitch: float) -> np.ndarray:
    """Where something of another colour than a board's paper lies in a view, H x W bool.

    `flat` is the view, H x W x 3 uint8 RGB, `board` (H x W bool) is where the board is in it, and `pitch` the distance of its
    cells in pixels. What is no wider than a quarter of that, or no longer than one pitch, is print or a tinted cell.
    """
    colours = cv2.cvtColor(flat, cv2.COLOR_RGB2LAB)[..., 1:].astype(np.float32)
    paper = np.median(colours[board], axis=0)
    other = (np.linalg.norm(colours - paper, axis=-1) > DIFFERENCE).astype(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(other)
    sides = np.sort(stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]], axis=1)
    is_thing = (sides[:, 0] > pitch / 4) & (sides[:, 1] > pitch)
    return is_thing[parts] & (other > 0)
