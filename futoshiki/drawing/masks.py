"""Draws a mask over its picture."""

from __future__ import annotations

import cv2
import numpy as np

TINT = (30, 120, 255)
"""Colour of a mask unless another one is given."""
OPACITY = 0.42
"""Opacity of the tint, which lets the digits below show through."""
EDGE_SHARE = 1 / 320
"""Width of the outline as a share of the picture's longer side."""


def draw_mask(pixels: np.ndarray, mask: np.ndarray, colour: tuple[int, int, int] = TINT) -> np.ndarray:
    """A copy of the picture (H x W x 3 uint8 RGB) with a mask as a translucent, outlined tint.

    `mask` is H x W or H x W x 1, not 0 inside.
    """
    drawn = pixels.copy()
    inside = mask.reshape(mask.shape[:2]) > 0
    drawn[inside] = np.round(drawn[inside] * (1 - OPACITY) + np.array(colour) * OPACITY).astype(np.uint8)
    contours, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    cv2.drawContours(drawn, contours, -1, colour, max(1, round(max(mask.shape[:2]) * EDGE_SHARE)), cv2.LINE_AA)
    return drawn
