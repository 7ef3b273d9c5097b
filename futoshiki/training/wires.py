"""Thin bent things that lie on a page (the rims and arms of glasses, cables, rings): laid over boards as they are loaded.

Where two of them meet in a gap between cells they look much like a sign.
"""

from __future__ import annotations

import random

import cv2
import numpy as np

from futoshiki.vision.geometry import mean_pitch

SHARE = 0.25
"""Of the training pictures."""
SUBPIXEL = 4
"""Bits of the fixed-point coordinates that OpenCV draws with."""


def lay_wires(rng: random.Random, photo: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """The photo (H x W or H x W x C, uint8) with one to three wires across the board of these cell centres (N x N x 2)."""
    pitch, size = mean_pitch(cells), len(cells)
    thickness = max(1, round(rng.uniform(0.06, 0.3) * pitch))
    planes = photo.astype(np.float32).reshape(*photo.shape[:2], -1)
    shade = np.array([rng.uniform(10, 245) for _ in range(planes.shape[2])], np.float32)
    cover, shine = np.zeros(photo.shape[:2], np.uint8), np.zeros(photo.shape[:2], np.uint8)
    # they meet at a hinge, beside a cell
    hinge = cells[rng.randrange(size), rng.randrange(size)] + [rng.uniform(-0.7, 0.7) * pitch for _ in range(2)]
    for _ in range(rng.randint(1, 3)):
        line = _points(rng, hinge, pitch)
        cv2.polylines(cover, [line], False, 255, thickness, cv2.LINE_AA, SUBPIXEL)
        cv2.polylines(shine, [line], False, 255, max(1, thickness // 4), cv2.LINE_AA, SUBPIXEL)
    offset = np.array([[1, 0, rng.uniform(-0.2, 0.2) * pitch], [0, 1, rng.uniform(-0.2, 0.2) * pitch]])
    shadow = cv2.warpAffine(cover, offset, cover.shape[::-1])
    soft = cv2.GaussianBlur(shadow, (0, 0), rng.uniform(0.02, 0.12) * pitch + 0.1).astype(np.float32) / 255
    planes *= 1 - rng.uniform(0, 0.4) * soft[..., None]
    for mask, value in ((cover, shade), (shine, np.minimum(255, shade * rng.uniform(0.8, 1.6) + 20))):
        planes += (mask.astype(np.float32) / 255)[..., None] * (value - planes)
    return np.clip(planes, 0, 255).astype(np.uint8).reshape(photo.shape)


def _points(rng: random.Random, hinge: np.ndarray, pitch: float) -> np.ndarray:
    """K x 1 x 2 fixed-point: an arc, long or short, strongly bent or nearly straight, that begins near the hinge."""
    start = hinge + [rng.gauss(0, 0.12) * pitch for _ in range(2)]
    length, lean = rng.uniform(1.0, 7.0) * pitch, rng.uniform(0, 2 * np.pi)
    bend = rng.choice([0.0, rng.uniform(-0.5, 0.5), rng.uniform(-5.5, 5.5)])
    along = np.linspace(0, 1, 40)
    heading = lean + bend * along
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=-1) * length / len(along)
    return np.round((start + np.cumsum(steps, axis=0)) * 2**SUBPIXEL).astype(np.int32)[:, None]
