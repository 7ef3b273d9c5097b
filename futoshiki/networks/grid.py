"""The grid network: where open puzzles, complete boards and the middles of cells are in a picture."""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import transform, view_square
from futoshiki.networks.engine import Runner, Spec

OPEN, COMPLETE, CELLS = 0, 1, 2
"""Output channels."""
GRID = Spec(
    "grid",
    (1, "height", "width", 3), "uint8", (1, 3, "height", "width"), ("open", "complete", "cells"),
    "RGB pixels, height and width multiples of 32; probabilities",
)  # fmt: skip
AREAS = Spec(
    "grid", (1, "height", "width", 3), "uint8", (1, 1, "height", "width"), ("puzzle",),
    "RGB pixels, height and width multiples of 32; probabilities of a network that was trained on outlines alone",
)  # fmt: skip
MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
STD = np.array([0.229, 0.224, 0.225], np.float32) * 255
"""Mean and deviation of ImageNet's pixels. The exported network applies them itself."""
CORE = 0.6
"""Side of a spot in the cell channel as a share of its cell. Only the middle is marked, so that touching cells stay apart."""
SIDE = 256
"""Longer side, in pixels, of the pictures that the network was trained on."""
STRIDE = 32
GREY = 114
"""Colour of the border, the same as in training."""
SOFTNESS = 0.4
"""Blur of a reduced picture in its own pixels (sigma), as soft as the training pictures are."""


def page_view(pixels: np.ndarray, side: int = SIDE) -> np.ndarray:
    """The whole picture (H x W x 3 uint8 RGB), resized so that its longer side is `side` pixels, and slightly blurred."""
    h, w = pixels.shape[:2]
    scale = side / max(h, w)
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return cv2.GaussianBlur(small, (0, 0), SOFTNESS)


def page_maps(pixels: np.ndarray, network: Runner, *, side: int = SIDE) -> np.ndarray:
    """The network's probabilities for a whole picture, C x h x w with the longer side `side`."""
    view = page_view(pixels, side)
    h, w = view.shape[:2]
    padded = np.full((-(-h // STRIDE) * STRIDE, -(-w // STRIDE) * STRIDE, 3), GREY, np.uint8)
    padded[:h, :w] = view
    return network(padded[None])[0][:, :h, :w]


def view_maps(pixels: np.ndarray, homography: np.ndarray, network: Runner) -> np.ndarray:
    """The network's probabilities for a close view of a picture, C x SIDE x SIDE; see `close_view`."""
    return network(close_view(pixels, homography)[None])[0]


def close_view(pixels: np.ndarray, homography: np.ndarray, side: int = SIDE) -> np.ndarray:
    """The picture through a homography, side x side x 3 uint8 RGB; it is reduced first where it is much larger."""
    middle = transform(np.array([[side / 2] * 2, [side / 2 + 1, side / 2]]), np.linalg.inv(homography))
    step = float(np.linalg.norm(middle[1] - middle[0]))
    if step > MAX_STEP:
        # Only the visible part: reducing all of a large photo would cost more than running the network.
        corners = transform(view_square(side, 0.0), np.linalg.inv(homography))
        low = np.clip(np.floor(corners.min(0) - 2), 0, None).astype(int)
        high = np.ceil(corners.max(0) + 2).astype(int)
        part = pixels[low[1] : high[1], low[0] : high[0]]
        if part.size:
            size = (max(1, round(part.shape[1] / step)), max(1, round(part.shape[0] / step)))
            pixels = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
            sx, sy = pixels.shape[1] / part.shape[1], pixels.shape[0] / part.shape[0]
            back = np.array([[1 / sx, 0, low[0] + 0.5 / sx - 0.5], [0, 1 / sy, low[1] + 0.5 / sy - 0.5], [0, 0, 1]])
            homography = homography @ back
    return cv2.warpPerspective(pixels, homography, (side, side), flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3)


MAX_STEP = 1.3
"""Pixels of the picture per pixel of the view above which the picture is reduced first, to avoid aliasing."""


class AreaNetwork:
    """A network that only finds puzzles, completed by another one that knows complete boards and cells.

    It takes and gives what the grid network does; its first channel comes from `areas`, the others from `grid`.
    """

    def __init__(self, areas: Runner, grid: Runner) -> None:
        self._areas, self._grid = areas, grid

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """1 x H x W x 3 uint8 RGB to 1 x 3 x H x W probabilities."""
        maps = self._grid(batch).copy()
        maps[:, :1] = self._areas(batch)
        return maps
