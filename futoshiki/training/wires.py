"""Thin bent things that lie on a page (the rims and arms of glasses, cables, rings): laid over boards as they are loaded.

Where two of them meet in a gap between cells they look much like a sign.
"""

from __future__ import annotations

import random

import cv2
import numpy as np

from futoshiki.vision.geometry import mean_pitch

SHARE = 0.25
"""Of the training boards."""
SUBPIXEL = 4
"""Bits of the fixed-point coordinates that OpenCV draws with."""


def lay_wires(rng: random.Random, grey: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The photo (H x W uint8) with one to three wires across the board whose cells' centres are given (N x N x 2)."""
    pitch, size = mean_pitch(cells), len(cells)
    thickness = max(1, round(rng.uniform(0.06, 0.3) * pitch))
    shade = rng.uniform(10, 245)
    cover, shine = np.zeros(grey.shape, np.uint8), np.zeros(grey.shape, np.uint8)
    # they meet at a hinge, beside a cell
    hinge = cells[rng.randrange(size), rng.randrange(size)] + [rng.uniform(-0.7, 0.7) * pitch for _ in range(2)]
    for _ in range(rng.randint(1, 3)):
        line = _points(rng, hinge, pitch)
        cv2.polylines(cover, [line], False, 255, thickness, cv2.LINE_AA, SUBPIXEL)
        cv2.polylines(shine, [line], False, 255, max(1, thickness // 4), cv2.LINE_AA, SUBPIXEL)
    photo = grey.astype(np.float32)
    offset = np.array([[1, 0, rng.uniform(-0.2, 0.2) * pitch], [0, 1, rng.uniform(-0.2, 0.2) * pitch]])
    shadow = cv2.warpAffine(cover, offset, grey.shape[::-1])
    photo *= 1 - rng.uniform(0, 0.4) * cv2.GaussianBlur(shadow, (0, 0), rng.uniform(0.02, 0.12) * pitch + 0.1) / 255
    for mask, value in ((cover, shade), (shine, min(255.0, shade * rng.uniform(0.8, 1.6) + 20))):
        share = mask.astype(np.float32) / 255
        photo += share * (value - photo)
    return np.clip(photo, 0, 255).astype(np.uint8)


def _points(rng: random.Random, hinge: np.ndarray, pitch: float) -> np.ndarray:
    """K x 1 x 2 fixed-point: an arc, long or short, strongly bent or nearly straight, that begins near the hinge."""
    start = hinge + [rng.gauss(0, 0.12) * pitch for _ in range(2)]
    length, lean = rng.uniform(1.0, 7.0) * pitch, rng.uniform(0, 2 * np.pi)
    bend = rng.choice([0.0, rng.uniform(-0.5, 0.5), rng.uniform(-5.5, 5.5)])
    along = np.linspace(0, 1, 40)
    heading = lean + bend * along
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=-1) * length / len(along)
    return np.round((start + np.cumsum(steps, axis=0)) * 2**SUBPIXEL).astype(np.int32)[:, None]
