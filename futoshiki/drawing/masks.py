"""What the grid network sees, laid over the picture."""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import convex_areas
from futoshiki.reading.locate import OPEN, GridNetwork, page_maps

TINT = (30, 120, 255)
OPACITY = 0.42
EDGE_SHARE = 1 / 320
"""Width of the outline over the picture's longer side."""


def puzzle_mask(pixels: np.ndarray, network: GridNetwork) -> np.ndarray:
    """Where puzzles are, H x W uint8 of 0 and 1, as large as the picture (H x W x 3 uint8 RGB)."""
    h, w = pixels.shape[:2]
    probability = page_maps(pixels, network)[OPEN]
    return convex_areas((cv2.resize(probability, (w, h), interpolation=cv2.INTER_LINEAR) > 0.5).astype(np.uint8))


def draw_mask(pixels: np.ndarray, mask: np.ndarray, colour: tuple[int, int, int] = TINT) -> np.ndarray:
    """A copy of the picture with the mask (H x W, 0 or 1) as a translucent, outlined tint."""
    drawn = pixels.copy()
    inside = mask.reshape(mask.shape[:2]) > 0
    drawn[inside] = np.round(drawn[inside] * (1 - OPACITY) + np.array(colour) * OPACITY).astype(np.uint8)
    contours, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(drawn, contours, -1, colour, max(1, round(max(mask.shape[:2]) * EDGE_SHARE)), cv2.LINE_AA)
    return drawn
