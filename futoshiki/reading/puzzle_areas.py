"""Which areas of a photo are open puzzles, as outlines: for masks, and as labels for a person to correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.geometry import (
    board_outline,
    cell_share,
    fill_polygons,
    mean_pitch,
    quad_area,
    rescaled,
    shared_area,
    transform,
)
from futoshiki.networks.grid import CELLS, COMPLETE, OPEN, page_maps
from futoshiki.photo import Photo
from futoshiki.reading.lattice import blobs
from futoshiki.reading.locate import INSIDE
from futoshiki.reading.reader import Reader

FLAT = 0.02
"""Root mean square distance of the cells of a flat board from a plane, in pitches."""
BENT = 0.02
"""Largest distance from a bent board's outline to the polygon that is given for it, in pitches."""
SURE = 0.9
"""Confidence of a board's answer below which its outline is a guess."""
CUT_SIDE = 384
"""Longer side in pixels of the photo as the grid network looks for boards that are cut off by the edge."""
CUT_SCORE = 0.75
"""Mean probability below which an area at the edge is no board."""
CUT_COMPLETE = 0.15
"""Mean probability of a complete board above which an area at the edge is no open one."""
CUT_AREA = 0.015
"""Smallest area at the edge, as a share of the picture."""
CUT_CELLS = 6
"""Least number of cells that must be seen in an area at the edge."""
CUT_SIMPLE = 0.02
"""Tolerance, as a share of the outline's length, at which the outline of an area at the edge is simplified."""
OVERLAP = 0.15
"""Share of an area at the edge that may lie in a board that was read."""


@dataclass(frozen=True, eq=False)
class PuzzleArea:
    """The visible area of an open puzzle.

    `outline` is K x 2 in the picture's own pixels; four points if the page is flat and the board lies inside the picture.
    `guess` means that it only looks like a puzzle: hardly anything could be read there.
    """

    outline: np.ndarray
    guess: bool = False


def puzzle_areas(photo: Photo, reader: Reader) -> tuple[PuzzleArea, ...]:
    """Every open puzzle in a photo: those that were read, and guesses for those that the picture's edge cuts off.

    Raises:
        MissingPartError: a model is not installed.
    """
    result = reader.read(photo)
    if result.status == "no_puzzle":
        return ()
    frame = photo.scale * np.array(photo.pixels.shape[1::-1])
    read = [outline_of(board) for board in result.boards]
    areas = [
        PuzzleArea(_clipped(outline, frame), guess=board.status == "contradictory" or board.confidence < SURE)
        for board, outline in zip(result.boards, read, strict=True)
        if not board.complete
    ]
    cut = [rescaled(outline, photo.scale) for outline in _cut_areas(photo, reader)]
    return (*areas, *(PuzzleArea(outline, guess=True) for outline in cut if _is_new(outline, read)))


def outline_of(board: BoardResult) -> np.ndarray:
    """The outline of a board, K x 2: four corners on a flat page, else as few points as the page's bend needs.

    The centres of the cells are found one by one; a plane through all of them evens out their errors.
    """
    cells, corners = np.array(board.cells, float), np.array(board.corners, float)
    share, pitch = cell_share(cells, corners), mean_pitch(cells)
    n = len(cells)
    lattice = np.stack(np.meshgrid(np.arange(n, dtype=float), np.arange(n, dtype=float)), axis=-1)
    plane, _ = cv2.findHomography(lattice.reshape(-1, 2), cells.reshape(-1, 2))
    if np.sqrt(np.square(transform(lattice, plane) - cells).sum(-1).mean()) <= FLAT * pitch:
        low, high = -share / 2, n - 1 + share / 2
        return transform(np.array([[low, low], [high, low], [high, high], [low, high]]), plane)
    bent = board_outline(cells, corners).astype(np.float32)
    return cv2.approxPolyDP(bent, BENT * pitch, True)[:, 0].astype(float)


def area_mask(areas: Sequence[PuzzleArea], photo: Photo) -> np.ndarray:
    """The areas as a mask of the photo's pixels, H x W uint8 of 0 and 1."""
    h, w = photo.pixels.shape[:2]
    return fill_polygons([rescaled(area.outline, 1 / photo.scale) for area in areas], h, w)[..., 0]


def _clipped(outline: np.ndarray, frame: np.ndarray) -> np.ndarray:
    """The part of an outline that lies in the picture, whose width and height are `frame`."""
    if (outline >= 0).all() and (outline <= frame).all():
        return outline
    w, h = frame
    picture = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    return cv2.intersectConvexConvex(cv2.convexHull(outline.astype(np.float32)), picture)[1][:, 0].astype(float)


def _cut_areas(photo: Photo, reader: Reader) -> list[np.ndarray]:
    """Outlines (K x 2 in pixels of the photo) of areas at the picture's edge that look like open puzzles."""
    maps = page_maps(photo.pixels, reader.networks.grid, side=CUT_SIDE)
    height, width = maps.shape[1:]
    scale = np.array(photo.pixels.shape[1::-1]) / (width, height)
    count, labels, stats, _ = cv2.connectedComponentsWithStats((maps[OPEN] > INSIDE).astype(np.uint8), connectivity=4)
    centres, _ = blobs(maps[CELLS] > INSIDE)
    found = []
    for label in range(1, count):
        x, y, w, h, size = stats[label]
        inside = labels == label
        at_edge = x <= 1 or y <= 1 or x + w >= width - 1 or y + h >= height - 1
        cells = sum(bool(inside[round(cy), round(cx)]) for cx, cy in centres)
        if not at_edge or size < CUT_AREA * width * height or cells < CUT_CELLS:
            continue
        if maps[OPEN][inside].mean() < CUT_SCORE or maps[COMPLETE][inside].mean() > CUT_COMPLETE:
            continue
        contours, _ = cv2.findContours(inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        hull = cv2.convexHull(max(contours, key=cv2.contourArea))
        found.append(cv2.approxPolyDP(hull, CUT_SIMPLE * cv2.arcLength(hull, True), True)[:, 0].astype(float) * scale)
    return found


def _is_new(outline: np.ndarray, read: Sequence[np.ndarray]) -> bool:
    """Whether an outline lies outside of all boards that were read."""
    hulls = (cv2.convexHull(other.astype(np.float32))[:, 0] for other in read)
    return all(shared_area(outline, hull) < OVERLAP * quad_area(outline) for hull in hulls)
