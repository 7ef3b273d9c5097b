"""The flat board: what the clue network sees.

The canvas is a lattice of half pitches. Block (2r+1, 2c+1) is centred on cell (r, c), the blocks between are centred on
the edges, and there is a margin of one block. The map follows the cell centres, so a bent page becomes flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import mean_pitch, rescaled

BLOCK = 20
"""Pixels of half a pitch on the canvas. Digits are then 13 pixels high or more."""
MAX_OVERSAMPLING = 1.5
"""Photos with more pixels than this per canvas pixel are reduced first; otherwise thin lines would alias."""
MARGIN = 1.2
"""Pitches around the outer cell centres that a canvas may show."""
CHROMA_GAIN = 4.0
"""Amplification of colour differences, which are small between inks, papers and dark things."""
LIMIT = 4.0
"""Larger values of a canvas are clipped."""
CONTRAST_FLOOR = 3.0
"""Grey levels of local contrast below which the paper counts as empty."""


@dataclass(frozen=True)
class Lens:
    """What of a board is drawn larger than the rest, which makes room. Lengths are in pitches of the canvas.

    Around every point whose distances from the first cell's centre are multiples of `every`, what lies within `reach` along a
    row or a column is drawn `magnify` times as large.
    """

    every: float
    reach: float
    magnify: float


PLAIN = Lens(1.0, 0.45, 1.0)
"""Nothing is enlarged."""
LARGE_CELLS = Lens(1.0, 0.45, 1.6)
"""Cells are enlarged. Small print in wide cells would have too few pixels otherwise."""
LARGE_SIGNS = Lens(0.5, 0.24, 1.7)
"""The middles of cells and of edges are enlarged, along rows and columns alike, so that small signs have more pixels."""


def canvas_side(size: int) -> int:
    """Pixels along one side of the canvas of an N x N board."""
    return (2 * size + 1) * BLOCK


def board_canvas(pixels: np.ndarray, cells: np.ndarray, *, lens: Lens = PLAIN) -> np.ndarray:
    """The flat board, 3 x S x S float32: grey levels and two colour differences.

    The grey levels are normalised to mean 0 and contrast about 1 everywhere. The other planes say, in the same units
    times `CHROMA_GAIN`, how much redder and bluer a pixel is than its surroundings (Cr and Cb): ink differs in colour
    from things that lie on the page.

    `pixels` is H x W x 3 uint8 RGB, `cells` are the N x N x 2 cell centres in it. `lens` tells what is drawn larger.
    """
    pixels, cells = around_board(pixels, cells, MARGIN)
    pitch = mean_pitch(cells)
    reduce = MAX_OVERSAMPLING * 2 * BLOCK * lens.magnify / max(pitch, 1e-6)
    if reduce < 1:
        pixels = cv2.resize(pixels, None, fx=reduce, fy=reduce, interpolation=cv2.INTER_AREA)
        cells = rescaled(cells, reduce)
    source = lattice_map(cells, lens)
    flat = cv2.remap(pixels, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    planes = np.array(cv2.split(cv2.cvtColor(flat, cv2.COLOR_RGB2YCrCb)), np.float32)
    planes[1:] *= CHROMA_GAIN
    return even_contrast(planes)


def lattice_map(cells: np.ndarray, lens: Lens = PLAIN) -> np.ndarray:
    """The position in the photo of each canvas pixel, S x S x 2 float32."""
    n = len(cells)
    padded = np.zeros((n + 2, n + 2, 2), np.float32)
    padded[1:-1, 1:-1] = cells
    padded[0, 1:-1] = 2 * padded[1, 1:-1] - padded[2, 1:-1]
    padded[-1, 1:-1] = 2 * padded[-2, 1:-1] - padded[-3, 1:-1]
    padded[:, 0] = 2 * padded[:, 1] - padded[:, 2]
    padded[:, -1] = 2 * padded[:, -2] - padded[:, -3]
    # Canvas pixel x lies at lattice coordinate (x + 0.5) / pitch - 0.75, and padding adds one.
    along = (np.arange(canvas_side(n)) + 0.5) / (2 * BLOCK) + 0.25
    if lens.magnify != 1:
        nearest = np.round(along / lens.every) * lens.every
        half, seen = lens.every / 2, lens.reach / lens.magnify
        along = nearest + np.interp(along - nearest, [-half, -lens.reach, lens.reach, half], [-half, -seen, seen, half])
    # Linear between the centres. cv2.remap would not do: it interpolates at 32 positions only.
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
    """Levels minus their mean in a window of `near` pixels, divided by their deviation in `far` pixels, clipped to +-`limit`.

    `levels` are H x W, or C x H x W planes, all of which are divided by the deviation of the first. Returns float32.
    """
    flat = levels.astype(np.float32)
    planes = flat.reshape(-1, *flat.shape[-2:])
    for plane in planes:
        plane -= cv2.blur(plane, (near, near))
    spread = np.sqrt(np.maximum(cv2.blur(planes[0] ** 2, (far, far)), 0))  # the running sums may fall below 0
    flat /= spread + floor
    return np.clip(flat, -limit, limit, out=flat)


def around_board(pixels: np.ndarray, cells: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """The photo cropped to its board with a margin in pitches, and the cell centres in the crop.

    Nothing else need then be resized or changed. A photo that shows nothing of the board comes back whole.
    """
    pad = mean_pitch(cells) * margin + 2
    x0, y0 = np.maximum(np.floor(cells.reshape(-1, 2).min(0) - pad), 0).astype(int)
    x1, y1 = np.ceil(cells.reshape(-1, 2).max(0) + pad).astype(int)
    part = pixels[y0:y1, x0:x1]
    if part.size == 0:
        return pixels, cells
    return part, cells - np.array([x0, y0])
