"""Draws masks and probabilities over their picture."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

TINT = (30, 120, 255)
"""Colour of a mask unless another one is given."""
OPACITY = 0.42
"""Opacity of the tint, which lets the digits below show through."""
EDGE_SHARE = 1 / 320
"""Width of the outline as a share of the picture's longer side."""
STRAIGHT = 1.0
"""Pixels by which the outline may miss the mask's pixels, whose steps are not to be seen."""
HEAT = cv2.COLORMAP_INFERNO
"""Colours of probabilities: from black over red to light yellow, evenly lighter to the eye."""
HEAT_OPACITY = 0.6
"""Opacity of these colours over the grey picture."""
MARKS = (0.0, 0.5, 1.0)
"""Probabilities that are written beside the scale."""
SCALE_SHARE, LEAST_SCALE = 0.24, 60
"""Height of the scale as a share of the picture's shorter side, and the least height in pixels."""
PLATE = (20, 20, 24)
"""Colour of the plate that the scale stands on."""


def draw_mask(pixels: np.ndarray, mask: np.ndarray, colour: tuple[int, int, int] = TINT) -> np.ndarray:
    """A copy of the picture (H x W x 3 uint8 RGB) with a mask as a translucent, outlined tint.

    `mask` is H x W or H x W x 1, not 0 inside.
    """
    drawn = pixels.copy()
    inside = (mask.reshape(mask.shape[:2]) > 0).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(inside)
    if w and h:
        region = drawn[y : y + h, x : x + w]
        tint = np.full_like(region, colour)
        tinted = cv2.addWeighted(region, 1 - OPACITY, tint, OPACITY, 0)
        cv2.copyTo(tinted, inside[y : y + h, x : x + w], region)
    contours, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    smooth = [cv2.approxPolyDP(contour, STRAIGHT, True) for contour in contours]
    cv2.polylines(drawn, smooth, True, colour, max(1, round(max(mask.shape[:2]) * EDGE_SHARE)), cv2.LINE_AA)
    return drawn


def draw_heat(pixels: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """The picture (H x W x 3 uint8 RGB) in grey under a heat map of probabilities (H x W float), with the scale of colours."""
    levels = np.round(np.clip(probability, 0, 1) * 255).astype(np.uint8)
    grey = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    drawn = cv2.addWeighted(grey, 1 - HEAT_OPACITY, _heat(levels), HEAT_OPACITY, 0)
    scale = _scale(max(LEAST_SCALE, round(SCALE_SHARE * min(levels.shape))))
    scale = scale[: levels.shape[0], : levels.shape[1]]
    drawn[-scale.shape[0] :, -scale.shape[1] :] = scale
    return drawn


def _heat(levels: np.ndarray) -> np.ndarray:
    """The colours of levels (H x W uint8), H x W x 3 uint8 RGB."""
    return np.asarray(cv2.cvtColor(cv2.applyColorMap(levels, HEAT), cv2.COLOR_BGR2RGB))


@lru_cache(maxsize=4)
def _scale(height: int) -> np.ndarray:
    """The colours from 0 at the bottom to 1 at the top, as they look over mid grey, with `MARKS`: H x W x 3 uint8 RGB."""
    letter = height // 9
    pad, bar = letter // 2, round(1.2 * letter)
    font = ImageFont.load_default(size=letter)
    title = "probability"
    width = round(max(bar + 3 * letter, font.getlength(title))) + 2 * pad
    top, bottom = 2 * letter + pad, height - pad - letter // 2
    image = Image.new("RGB", (width, height), PLATE)
    levels = np.linspace(255, 0, bottom - top).round().astype(np.uint8)
    image.paste(Image.fromarray(_heat(np.repeat(levels[:, None], bar, axis=1))), (pad, top))
    draw = ImageDraw.Draw(image)
    draw.text((pad, pad), title, "white", font)
    for mark in MARKS:
        y = bottom - mark * (bottom - top)
        draw.text((pad + bar + letter // 2, y), f"{mark:g}", "white", font, anchor="lm")
    return np.asarray(image)
