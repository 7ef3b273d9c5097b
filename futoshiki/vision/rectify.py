"""From cell centres in the photo to the flat board that the recogniser reads.

The board canvas is a lattice of half pitches: block (2r+1, 2c+1) is centred on cell (r, c), the
blocks between are centred on the edges, and one block of margin runs around. The map follows the
cell centres themselves, so a bent page comes out flat.
"""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.vision.geometry import mean_pitch

BLOCK = 20
"""Pixels of half a pitch on the canvas: digits come out about 13 pixels high or more."""
MAX_OVERSAMPLING = 1.5
"""Photos with more pixels than this per canvas pixel are reduced first, or thin lines would alias."""
MAGNIFIED, INSIDE = 1.6, 0.45
"""How much larger cells are drawn for a closer look at their digits, and how far from its centre a cell reaches
then, in pitches: small print in wide cells has too few pixels else."""
CONTRAST_FLOOR = 3.0
"""Grey levels of local contrast below which the paper is taken to be empty."""


def canvas_side(size: int) -> int:
    """Pixels along one side of the canvas of an N x N board."""
    return (2 * size + 1) * BLOCK


def board_canvas(grey: np.ndarray, cells: np.ndarray, *, magnify: float = 1.0) -> np.ndarray:
    """The flat board, S x S float32, evened out to mean 0 and contrast about 1 everywhere.

    `grey` is H x W uint8; `cells` N x N x 2, the cell centres in its pixels. With `magnify` cells are
    drawn larger, and the gaps between them narrower.
    """
    grey, cells = _cropped(grey, cells)
    pitch = mean_pitch(cells)
    reduce = MAX_OVERSAMPLING * 2 * BLOCK * magnify / max(pitch, 1e-6)
    if reduce < 1:
        grey = cv2.resize(grey, None, fx=reduce, fy=reduce, interpolation=cv2.INTER_AREA)
        cells = (cells + 0.5) * reduce - 0.5
    source = lattice_map(cells, magnify)
    flat = cv2.remap(grey, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return even_contrast(flat)


def lattice_map(cells: np.ndarray, magnify: float = 1.0) -> np.ndarray:
    """For each canvas pixel its place in the photo, S x S x 2 float32."""
    n = len(cells)
    padded = np.zeros((n + 2, n + 2, 2), np.float32)
    padded[1:-1, 1:-1] = cells
    padded[0, 1:-1] = 2 * padded[1, 1:-1] - padded[2, 1:-1]
    padded[-1, 1:-1] = 2 * padded[-2, 1:-1] - padded[-3, 1:-1]
    padded[:, 0] = 2 * padded[:, 1] - padded[:, 2]
    padded[:, -1] = 2 * padded[:, -2] - padded[:, -3]
    # canvas pixel x lies at lattice coordinate (x + 0.5) / pitch - 0.75, and padding adds one
    along = (np.arange(canvas_side(n)) + 0.5) / (2 * BLOCK) + 0.25
    if magnify != 1:
        nearest = np.round(along)
        inner = INSIDE / magnify
        along = nearest + np.interp(along - nearest, [-0.5, -INSIDE, INSIDE, 0.5], [-0.5, -inner, inner, 0.5])
    # linear between the centres; not by cv2.remap, which knows only 32 places between two
    weights = np.clip(1 - np.abs(along[:, None] - np.arange(n + 2)), 0, None).astype(np.float32)
    return np.einsum("ya,abk,xb->yxk", weights, padded, weights, optimize=True)


def even_contrast(
    grey: np.ndarray, *, near: int = 2 * BLOCK + 1, far: int = 4 * BLOCK + 1, floor: float = CONTRAST_FLOOR, limit: float = 4.0
) -> np.ndarray:
    """Grey levels (H x W) less their mean in `near` pixels, over their deviation in `far` ones; float32, clipped to +-`limit`."""
    flat = grey.astype(np.float32)
    flat -= cv2.blur(flat, (near, near))
    spread = np.sqrt(np.maximum(cv2.blur(flat * flat, (far, far)), 0))  # its running sums fall below 0
    return np.clip(flat / (spread + floor), -limit, limit)


def _cropped(grey: np.ndarray, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of the photo around the board, so that nothing else is reduced or copied."""
    pad = mean_pitch(cells) * 1.2 + 2
    x0, y0 = np.maximum(np.floor(cells.reshape(-1, 2).min(0) - pad), 0).astype(int)
    x1, y1 = np.ceil(cells.reshape(-1, 2).max(0) + pad).astype(int)
    part = grey[y0:y1, x0:x1]
    if part.size == 0:
        return grey, cells
    return part, cells - np.array([x0, y0])
