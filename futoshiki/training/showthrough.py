"""Print that shines through from the back of thin paper: laid over pictures in training."""

from __future__ import annotations

import random

import cv2
import numpy as np

SHARE = 0.35
"""Share of the training pictures with print that shines through."""
STRENGTH = (0.05, 0.3)
"""Minimum and maximum share of the light that black print on the back takes away."""
ZOOM = (0.8, 3.0)
"""Minimum and maximum size of the back relative to the front: headlines are larger than the print on the front."""
PAPER_WINDOW = (61, 61)
"""Window in pixels whose mean brightness counts as the paper's, so that shades of the back do not show."""
MAX_INK = 0.8
"""Blackest print on the back, as the share by which it is darker than its paper."""


def show_through(rng: random.Random, pixels: np.ndarray, back: np.ndarray) -> np.ndarray:
    """The picture (H x W x 3 uint8) with the print of another one (any size, grey, uint8) mirrored behind it."""
    h, w = pixels.shape[:2]
    zoom = rng.uniform(*ZOOM) * max(h / back.shape[0], w / back.shape[1])
    size = (max(w, round(back.shape[1] * zoom)), max(h, round(back.shape[0] * zoom)))
    large = cv2.resize(back[:, ::-1], size, interpolation=cv2.INTER_LINEAR)
    x, y = rng.randint(0, size[0] - w), rng.randint(0, size[1] - h)
    part = large[y : y + h, x : x + w].astype(np.float32)
    paper = cv2.blur(part, PAPER_WINDOW) + 8  # never 0, and dark areas hold no print
    ink = np.clip(1 - part / paper, 0, MAX_INK)
    if rng.random() < 0.6:
        ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.5, 2.0))
    veil = 1 - rng.uniform(*STRENGTH) * ink
    return (pixels * veil[..., None]).astype(np.uint8)
