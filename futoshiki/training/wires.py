"""Thin bent objects on a page, such as the rims and arms of glasses, cables and rings: laid over boards in training.

Where two of them meet in a gap between cells they look much like a sign.
"""

from __future__ import annotations

import random
from collections.abc import Collection

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch
from futoshiki.puzzle import Less
from futoshiki.training.synth.canvas import SUBPIXEL_BITS

SHARE = 0.35
"""Share of the training pictures with wires."""
ARC_POINTS = 40
"""Points of the polyline that stands for a wire."""
SHADOW_REACH = 0.6
"""Furthest that a shadow reaches beyond its wire, in pitches: its offset and three deviations of its blur."""


def lay_wires(rng: random.Random, photo: np.ndarray, cells: np.ndarray, signs: Collection[Less] = ()) -> np.ndarray:
    """The photo (H x W x 3 uint8) with one to three wires across the board of these cell centres (N x N x 2).

    The wires meet at a hinge, often at a sharp angle and between two cells. No sign may be there: a network that learnt
    from a hidden sign would take hinges for signs.
    """
    pitch = mean_pitch(cells)
    thickness = max(1, round(rng.uniform(0.06, 0.3) * pitch))
    shade = np.array(_random_shade(rng), np.float32)
    cover, shine = np.zeros(photo.shape[:2], np.uint8), np.zeros(photo.shape[:2], np.uint8)
    first, second = rng.choice(_gaps(len(cells), signs))
    reach = 0.7 if rng.random() < 0.5 else 0.15
    hinge = (cells[first] + cells[second]) / 2 + [rng.uniform(-reach, reach) * pitch for _ in range(2)]
    lean = rng.uniform(0, 2 * np.pi)
    for _ in range(rng.randint(1, 3)):
        line = _arc(rng, hinge, pitch, lean)
        lean += rng.choice([-1, 1]) * rng.uniform(0.5, 1.4) if rng.random() < 0.6 else rng.uniform(0, 2 * np.pi)
        cv2.polylines(cover, [line], False, 255, thickness, cv2.LINE_AA, SUBPIXEL_BITS)
        cv2.polylines(shine, [line], False, 255, max(1, thickness // 4), cv2.LINE_AA, SUBPIXEL_BITS)
    part = _reached(cover, pitch)
    planes = photo[part].astype(np.float32) * _shadow(rng, cover[part], pitch)[..., None]
    for mask, value in ((cover, shade), (shine, np.minimum(255, shade * rng.uniform(0.8, 1.6) + 20))):
        planes += (mask[part].astype(np.float32) / 255)[..., None] * (value - planes)
    laid = photo.copy()
    laid[part] = np.clip(planes, 0, 255).astype(np.uint8)
    return laid


def _reached(cover: np.ndarray, pitch: float) -> tuple[slice, slice]:
    """Rows and columns of the photo that the wires (`cover`, H x W) or their shadows reach: nothing else is drawn."""
    x, y, w, h = cv2.boundingRect(cover)
    pad = int(SHADOW_REACH * pitch) + 2
    return slice(max(0, y - pad), y + h + pad), slice(max(0, x - pad), x + w + pad)


def _shadow(rng: random.Random, cover: np.ndarray, pitch: float) -> np.ndarray:
    """Light that is left under the wires' soft shadow, H x W from 0 to 1."""
    offset = np.array([[1, 0, rng.uniform(-0.2, 0.2) * pitch], [0, 1, rng.uniform(-0.2, 0.2) * pitch]])
    shadow = cv2.warpAffine(cover, offset, cover.shape[::-1])
    soft = cv2.GaussianBlur(shadow, (0, 0), rng.uniform(0.02, 0.12) * pitch + 0.1).astype(np.float32) / 255
    return 1 - rng.uniform(0, 0.4) * soft


def _gaps(size: int, signs: Collection[Less]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of neighbours without a sign between them, or all pairs if each has a sign."""
    across = [((r, c), (r, c + 1)) for r in range(size) for c in range(size - 1)]
    pairs = across + [((r + 1, c), (r, c)) for r in range(size - 1) for c in range(size)]
    taken = {frozenset(((r1, c1), (r2, c2))) for r1, c1, r2, c2 in signs}
    return [pair for pair in pairs if frozenset(pair) not in taken] or pairs


def _random_shade(rng: random.Random) -> list[float]:
    """Any colour, or a dark one that is nearly grey, as frames of glasses and cables are."""
    if rng.random() < 0.5:
        return [rng.uniform(10, 245) for _ in range(3)]
    level = rng.uniform(15, 110)
    return [level + rng.uniform(-22, 22) for _ in range(3)]


def _arc(rng: random.Random, hinge: np.ndarray, pitch: float, lean: float) -> np.ndarray:
    """An arc that leaves the hinge at an angle of `lean` radians: long or short, strongly bent or nearly straight.

    K x 1 x 2 int32, with `SUBPIXEL_BITS` fraction bits.
    """
    start = hinge + [rng.gauss(0, 0.12) * pitch for _ in range(2)]
    length = rng.uniform(1.0, 7.0) * pitch
    bend = rng.choice([0.0, rng.uniform(-0.5, 0.5), rng.uniform(-5.5, 5.5)])
    heading = lean + bend * np.linspace(0, 1, ARC_POINTS)
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=-1) * length / ARC_POINTS
    return np.round((start + np.cumsum(steps, axis=0)) * 2**SUBPIXEL_BITS).astype(np.int32)[:, None]
