"""Which areas of a photo are open puzzles, as outlines: for masks, and as labels for a person to correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from futoshiki.geometry import board_outline, fill_polygons, rescaled
from futoshiki.photo import Photo
from futoshiki.reading.locate import locate
from futoshiki.reading.reader import Reader
from futoshiki.result import BoardResult


@dataclass(frozen=True, eq=False)
class PuzzleArea:
    """The visible area of an open puzzle.

    `outline` is K x 2 in the picture's own pixels; four points if the page is flat. `guess` means that it only looks like a
    puzzle: nothing was read there.
    """

    outline: np.ndarray
    guess: bool = False


def puzzle_areas(photo: Photo, reader: Reader) -> tuple[PuzzleArea, ...]:
    """Every open puzzle in a photo; those that were read, or else the largest area that looks like one.

    Raises:
        MissingPartError: a model is not installed.
    """
    h, w = photo.pixels.shape[:2]
    boards = [board for board in reader.read(photo).boards if not board.complete]
    areas = [PuzzleArea(outline_of(board)) for board in boards]
    if not boards:
        quads = [area.quad for area in locate(photo, reader.networks.grid) if not area.complete][:1]
        areas = [PuzzleArea(rescaled(quad, photo.scale), guess=True) for quad in quads]
    return tuple(PuzzleArea(np.clip(area.outline, 0, photo.scale * np.array([w, h])), area.guess) for area in areas)


def outline_of(board: BoardResult) -> np.ndarray:
    """The outline of a board, K x 2: its four corners on a flat page, else along its outer cells."""
    cells, corners = np.array(board.cells, float), np.array(board.corners, float)
    return board_outline(cells, corners)


def area_mask(areas: Sequence[PuzzleArea], photo: Photo) -> np.ndarray:
    """The areas as a mask of the photo's pixels, H x W uint8 of 0 and 1."""
    h, w = photo.pixels.shape[:2]
    return fill_polygons([rescaled(area.outline, 1 / photo.scale) for area in areas], h, w)[..., 0]
