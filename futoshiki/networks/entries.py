"""The entry network: whether a cell of the flat board is empty, printed, or holds which digit written by hand."""

from __future__ import annotations

import numpy as np

from futoshiki.networks.canvas import BLOCK
from futoshiki.networks.engine import Runner, Spec, log_softmax

CELL = 2 * BLOCK
"""Side of a cell's picture in pixels: one pitch."""
PRINTED = 10
"""Output channel after "nothing" and the digits."""
ENTRIES = Spec(
    "entries", ("batch", 1, CELL, CELL), "float32", ("batch", 11), ("nothing", *"123456789", "print"),
    "cells of a flat board, one pitch each, see networks/canvas.py; logits",
)  # fmt: skip


def cell_pictures(canvas: np.ndarray) -> np.ndarray:
    """N x N x CELL x CELL views of the cells of a flat board's grey levels (S x S), without copying."""
    windows = np.lib.stride_tricks.sliding_window_view(canvas, (CELL, CELL))
    return windows[BLOCK // 2 :: CELL, BLOCK // 2 :: CELL]


def entry_chances(pictures: list[np.ndarray], network: Runner) -> np.ndarray:
    """Probabilities for cells, K x 11; `pictures` are K of CELL x CELL."""
    return np.exp(log_softmax(network(np.stack(pictures)[:, None]), axis=1))
