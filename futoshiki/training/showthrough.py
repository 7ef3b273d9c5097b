"""Print on the back of thin paper, shining through: laid over training pictures as they are loaded."""

from __future__ import annotations

import random

import cv2
import numpy as np

SHARE = 0.35
"""Of the training pictures."""
STRENGTH = (0.05, 0.3)
ZOOM = (0.8, 3.0)
"""Headlines on the back are larger than what is read on the front."""


def show_through(rng: random.Random, pixels: np.ndarray, back: np.ndarray) -> np.ndarray:
    """The picture (H x W x 3 uint8) with another one (any size, grey, uint8) showing from behind, mirrored."""
    h, w = pixels.shape[:2]
    zoom = rng.uniform(*ZOOM) * max(h / back.shape[0], w / back.shape[1])
    size = (max(w, round(back.shape[1] * zoom)), max(h, round(back.shape[0] * zoom)))
    large = cv2.resize(back[:, ::-1], size, interpolation=cv2.INTER_LINEAR)
    x, y = rng.randint(0, size[0] - w), rng.randint(0, size[1] - h)
    part = large[y : y + h, x : x + w].astype(np.float32)
    paper = cv2.blur(part, (61, 61)) + 8
    ink = np.clip(1 - part / paper, 0, 0.8)
    if rng.random() < 0.6:
        ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.5, 2.0))
    veil = 1 - rng.uniform(*STRENGTH) * ink
    return (pixels * veil[..., None]).astype(np.uint8)
