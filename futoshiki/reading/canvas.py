"""From cell centres in the photo to the flat board that the recogniser reads.

The board canvas is a lattice of half pitches: block (2r+1, 2c+1) is centred on cell (r, c), the
blocks between are centred on the edges, and one block of margin runs around. The map follows the
cell centres themselves, so a bent page comes out flat.
"""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch

BLOCK = 20
"""Pixels of half a pitch on the canvas: digits come out about 13 pixels high or more."""
MAX_OVERSAMPLING = 1.5
"""Photos with more pixels than this per canvas pixel are reduced first, or thin lines would alias."""
MAGNIFIED, INSIDE = 1.6, 0.45
"""How much larger cells are drawn for a closer look at their digits, and how far from its centre a cell reaches
then, in pitches: small print in wide cells has too few pixels else."""
CHROMA_GAIN = 4.0
"""Inks, papers and dark things differ little in colour: that much is made of it."""
LIMIT = 4.0
"""Values of a canvas beyond that are clipped."""
CONTRAST_FLOOR = 3.0
"""Grey levels of local contrast below which the paper is taken to be empty."""


def canvas_side(size: int) -> int:
    """Pixels along one side of the canvas of an N x N board."""
    return (2 * size + 1) * BLOCK


def board_canvas(pixels: np.ndarray, cells: np.ndarray, *, magnify: float = 1.0) -> np.ndarray:
    """The flat board, 3 x S x S float32: its grey levels, evened out to mean 0 and contrast about 1 everywhere, and in the
    same units, times `CHROMA_GAIN`, how much redder and bluer it is than around (Cr and Cb): ink has one colour, what
    lies on the page another.

    `pixels` is H x W x 3 uint8 RGB; `cells` N x N x 2, the cell centres in its pixels. With `magnify` cells are
    drawn larger, and the gaps between them narrower.
    """
    pixels, cells = _cropped(pixels, cells)
    pitch = mean_pitch(cells)
    reduce = MAX_OVERSAMPLING * 2 * BLOCK * magnify / max(pitch, 1e-6)
    if reduce < 1:
        pixels = cv2.resize(pixels, None, fx=reduce, fy=reduce, interpolation=cv2.INTER_AREA)
        cells = (cells + 0.5) * reduce - 0.5
    source = lattice_map(cells, magnify)
    flat = cv2.remap(pixels, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    planes = np.array(cv2.split(cv2.cvtColor(flat, cv2.COLOR_RGB2YCrCb)), np.float32)
    planes[1:] *= CHROMA_GAIN
    return even_contrast(planes)


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
    before = np.clip(np.floor(along).astype(int), 0, n)
    share = (along - before).astype(np.float32)
    across = padded[:, before] * (1 - share[:, None]) + padded[:, before + 1] * share[:, None]
    planes = np.ascontiguousarray(across.transpose(2, 0, 1))
    planes = planes[:, before] * (1 - share[:, None]) + planes[:, before + 1] * share[:, None]
    return np.moveaxis(planes, 0, -1)


def even_contrast(
    levels: np.ndarray,
    *,
    near: int = 2 * BLOCK + 1,
    far: int = 4 * BLOCK + 1,
    floor: float = CONTRAST_FLOOR,
    limit: float = LIMIT,
) -> np.ndarray:
    """Grey levels (H x W) less their mean in `near` pixels, over their deviation in `far` ones; float32, clipped to +-`limit`.

    Of levels in several planes (C x H x W) the first one's deviation counts for all.
    """
    flat = levels.astype(np.float32)
    planes = flat.reshape(-1, *flat.shape[-2:])
    for plane in planes:
        plane -= cv2.blur(plane, (near, near))
    spread = np.sqrt(np.maximum(cv2.blur(planes[0] ** 2, (far, far)), 0))  # its running sums fall below 0
    flat /= spread + floor
    return np.clip(flat, -limit, limit, out=flat)


def _cropped(pixels: np.ndarray, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of the photo around the board, so that nothing else is reduced or copied."""
    pad = mean_pitch(cells) * 1.2 + 2
    x0, y0 = np.maximum(np.floor(cells.reshape(-1, 2).min(0) - pad), 0).astype(int)
    x1, y1 = np.ceil(cells.reshape(-1, 2).max(0) + pad).astype(int)
    part = pixels[y0:y1, x0:x1]
    if part.size == 0:
        return pixels, cells
    return part, cells - np.array([x0, y0])
