"""The text network: by how many quarter turns the text in a tile of a page is turned."""

from __future__ import annotations

import numpy as np

from futoshiki.networks.canvas import even_contrast
from futoshiki.networks.engine import Runner, Spec, log_softmax

TILE = 64
"""Side of a tile in pixels."""
TEXT = Spec(
    "text", ("batch", 1, TILE, TILE), "float32", ("batch", 4), ("0", "1", "2", "3"),
    "tiles of a page, see networks/text.py; logits of the clockwise quarter turns that make the text stand upright",
)  # fmt: skip
CONTRAST_FLOOR = 4.0
"""Grey levels of local contrast below which a page counts as empty."""
CONTRAST_LIMIT = 3.0
"""Larger values are clipped."""


def even_page(view: np.ndarray) -> np.ndarray:
    """A page (H x W grey levels) as the network sees it: mean 0 and contrast about 1 in every tile."""
    return even_contrast(view, near=TILE // 2 - 1, far=TILE - 1, floor=CONTRAST_FLOOR, limit=CONTRAST_LIMIT)


def turn_scores(tiles: np.ndarray, network: Runner) -> np.ndarray:
    """Log-probabilities of 0 to 3 clockwise quarter turns, 4 x K; `tiles` are K x TILE x TILE."""
    return log_softmax(network(tiles[:, None]).T)
