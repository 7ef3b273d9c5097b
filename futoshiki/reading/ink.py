"""How the ink in the cells looks, which tells a player's pen from print where their forms are alike."""

from __future__ import annotations

import numpy as np

from futoshiki.networks.canvas import BLOCK

HALF = 8
"""Half the side in pixels of the middle of a cell that is looked at; boxes and signs lie outside of it."""
INK = 1.0
"""Difference from the ground, in units of the board's contrast, above which a pixel is ink."""
COLOUR = slice(0, 2)
"""The features of `ink_looks` that are colours."""
GAP = 1.0
"""Least difference between two inks, in the canvas's units of colour."""
GAP_OVER_SPREAD = 2.0
"""Least ratio of that difference to the spread of either ink."""


def ink_looks(canvas: np.ndarray) -> np.ndarray:
    """How the ink of each cell of a flat board (3 x S x S) looks: N x N x 7 float32.

    How much redder, bluer and lighter it is than its ground; how much of it there is, in eighths of the cell's middle; the
    width of its strokes; and how far it spreads down and across, as standard deviations. Colours and levels are in the
    units of `networks.canvas`, lengths in its pixels.
    """
    side = 2 * HALF
    windows = np.lib.stride_tricks.sliding_window_view(canvas, (side, side), axis=(1, 2))
    first = BLOCK + BLOCK // 2 - HALF
    cells = windows[:, first : -BLOCK : 2 * BLOCK, first : -BLOCK : 2 * BLOCK]
    levels = cells - np.median(cells, axis=(-2, -1), keepdims=True)
    weights = np.maximum(np.abs(levels[0]) - INK, 0)
    weights = weights / np.maximum(weights.sum((-2, -1), keepdims=True), 1e-6)
    lightness, redness, blueness = (weights * levels).sum((-2, -1))
    inked = weights > 0
    area = inked.sum((-2, -1))
    border = (inked[..., 1:, :] != inked[..., :-1, :]).sum((-2, -1)) + (inked[..., 1:] != inked[..., :-1]).sum((-2, -1))
    along = np.arange(side)
    down, across = (_spread(weights.sum(axis), along) for axis in (-1, -2))
    looks = [redness, blueness, lightness, area / (side**2 / 8), 2 * area / np.maximum(border, 1), down, across]
    return np.stack(looks, axis=-1).astype(np.float32)


def _spread(weights: np.ndarray, along: np.ndarray) -> np.ndarray:
    """Standard deviations of positions, with weights (... x K) whose sums are 1, or 0 for none."""
    mean = weights @ along
    return np.sqrt(np.maximum(weights @ along**2 - mean**2, 0))


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
