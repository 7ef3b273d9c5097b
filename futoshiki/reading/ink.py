"""The colour of the ink in the cells, which tells a player's pen from print where their forms are alike."""

from __future__ import annotations

import numpy as np

from futoshiki.networks.canvas import BLOCK

HALF = 8
"""Half the side in pixels of the middle of a cell that is looked at; boxes and signs lie outside of it."""
INK = 1.0
"""Difference from the ground, in units of the board's contrast, above which a pixel is ink."""
GAP = 1.0
"""Least difference between two inks, in the canvas's units of colour."""
GAP_OVER_SPREAD = 2.0
"""Least ratio of that difference to the spread of either ink."""


def ink_colours(canvas: np.ndarray) -> np.ndarray:
    """How much redder and bluer than its ground the ink of each cell is: N x N x 2, of a flat board (3 x S x S).

    See `networks.canvas` for the units.
    """
    side = 2 * HALF
    windows = np.lib.stride_tricks.sliding_window_view(canvas, (side, side), axis=(1, 2))
    first = BLOCK + BLOCK // 2 - HALF
    cells = windows[:, first : -BLOCK : 2 * BLOCK, first : -BLOCK : 2 * BLOCK]
    levels = cells - np.median(cells, axis=(-2, -1), keepdims=True)
    weights = np.maximum(np.abs(levels[0]) - INK, 0)
    sums = (weights * levels[1:]).sum((-2, -1)) / np.maximum(weights.sum((-2, -1)), 1e-6)
    return np.moveaxis(sums, 0, -1).astype(np.float32)


def two_inks(colours: np.ndarray, filled: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The `filled` cells (N x N bool) by their ink, as two such masks; None if they do not clearly have two inks."""
    if filled.sum() < 2:
        return None
    points = colours[filled]
    points = points - points.mean(axis=0)
    axis = np.linalg.svd(points, full_matrices=False)[2][0]
    along = np.sort(points @ axis)
    steps = np.diff(along)
    split = int(steps.argmax())
    spread = max(float(np.ptp(along[: split + 1])), float(np.ptp(along[split + 1 :])))
    if steps[split] < max(GAP, GAP_OVER_SPREAD * spread):
        return None
    first = np.zeros_like(filled)
    first[filled] = points @ axis <= along[split]
    return first, filled & ~first
