"""Where the grid network alone sees open puzzles in a picture: in its map of the whole, and at a close look at each area."""

from __future__ import annotations

import cv2
import numpy as np

from futoshiki.geometry import DUPLICATE_OVERLAP, convex_areas, overlap, perspective, quad_area, resizing, view_square
from futoshiki.networks.engine import Runner
from futoshiki.networks.grid import OPEN, SIDE, page_maps, view_maps
from futoshiki.reading.close_up import MARGINS, MIN_QUAD
from futoshiki.reading.locate import areas_in
from futoshiki.reading.outlines import outline_areas

DETAIL = 2 * SIDE
"""Longer side in pixels at which the close looks are joined with the map of the whole."""
SMOOTHING = 2.0
"""Sigma, in pixels of the map of the whole, of a blur that joins the patches of one puzzle."""
LIKELY = 0.3
"""Peak probability that a picture must exceed for anything to be marked in it."""
AS_SURE = 0.6
"""Probability above which a pixel belongs to a mask, relative to that of the typical pixel of the picture's surest puzzle."""
AT_EDGE = 0.015
"""Distance from the edge of a picture, as a share of its longer side, within which an area counts as cut off by it."""
MUCH_LARGER = 1.5
"""Ratio to the size of the largest whole area above which one that is cut off is kept, too."""


def puzzle_mask(pixels: np.ndarray, network: Runner) -> np.ndarray:
    """Where the grid network alone sees open puzzles in a picture (H x W x 3 uint8 RGB), H x W uint8 of 0 and 1.

    Puzzles that the edge cuts off are left out beside a whole one, unless they are much larger.
    """
    return without_rest_of_page(convex_areas(surest(puzzle_probability(pixels, network)).astype(np.uint8)))


def puzzle_probability(pixels: np.ndarray, network: Runner) -> np.ndarray:
    """How probable an open puzzle is at each pixel of a picture (H x W x 3 uint8 RGB), by the grid network alone.

    H x W float32, 0 to 1. In the view of the whole picture small signs vanish, so that other grids look like
    puzzles, and puzzles like blank grids. So the network looks once more from nearby at each area, and at what printed lines
    enclose. Where it has looked twice, the mean counts.
    """
    h, w = pixels.shape[:2]
    scale = DETAIL / max(h, w)
    size = (max(1, round(w * scale)), max(1, round(h * scale)))
    to_detail = resizing(scale, scale)
    maps = page_maps(pixels, network)
    whole = cv2.resize(cv2.GaussianBlur(maps[OPEN], (0, 0), SMOOTHING), size, interpolation=cv2.INTER_LINEAR)
    near = np.full_like(whole, -1.0)
    for quad in _places(pixels, maps):
        to_view = perspective(quad, view_square(SIDE, MARGINS[0]))
        seen = view_maps(pixels, to_view, network)[OPEN]
        near = np.maximum(near, cv2.warpPerspective(seen, to_detail @ np.linalg.inv(to_view), size, borderValue=-1))
    both = np.where(near >= 0, (whole + near) / 2, whole)
    return cv2.resize(both, (w, h), interpolation=cv2.INTER_LINEAR)


def _places(pixels: np.ndarray, maps: np.ndarray) -> list[np.ndarray]:
    """Where a close look is worth it: the areas in the network's map of a picture, and what printed lines enclose elsewhere.

    Quads, each 4 x 2.
    """
    shown = [area.quad for area in areas_in(maps, pixels.shape[:2])]
    lined = [area.quad for area in outline_areas(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))]
    elsewhere = [quad for quad in lined if all(overlap(quad, other) < DUPLICATE_OVERLAP for other in shown)]
    return [quad for quad in (*shown, *elsewhere) if quad_area(quad) >= MIN_QUAD]


def surest(probability: np.ndarray) -> np.ndarray:
    """The pixels of a probability map (H x W) that are about as probable as those of its surest puzzle, H x W bool.

    All false unless some pixel exceeds `LIKELY`. The threshold is relative, since in some styles a puzzle stays below 0.5
    everywhere.
    """
    peak = probability.max()
    if not peak > LIKELY:  # also if it is NaN, the output of a network whose training failed
        return np.zeros(probability.shape, bool)
    return probability > AS_SURE * np.median(probability[probability > peak / 2])


def without_rest_of_page(mask: np.ndarray) -> np.ndarray:
    """The mask (H x W uint8 of 0 and 1) without areas that the picture's edge cuts off and that are not much larger than the
    largest whole one.

    The main puzzle is usually shown whole; what the edge cuts off beside it is mostly another one on the page.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    left, top, width, height, sizes = stats.T
    h, w = mask.shape
    near = AT_EDGE * max(h, w)
    at_edge = (np.minimum(left, top) <= near) | (left + width >= w - near) | (top + height >= h - near)
    at_edge[0] = True  # what lies outside of all areas
    kept = ~at_edge | (sizes > MUCH_LARGER * sizes[~at_edge].max(initial=0))
    kept[0] = False
    return kept[labels].astype(np.uint8)
