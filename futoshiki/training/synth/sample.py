"""One synthetic photo with its truth, from a seed alone."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.geometry import fill_polygons
from futoshiki.notation import to_dict
from futoshiki.puzzle import Puzzle, freeze_grid
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.camera import random_view, take_photo
from futoshiki.training.synth.page import SIZES, compose_page

PHOTO_SIDE = 640
"""Longer side of a photo. The networks see 256 pixels of it, the recogniser about 40 a cell."""
NEGATIVE_SHARE = 0.1
SCREEN_SHARE = 0.3
MIN_PITCH = 11.0
"""Pixels between cells in the photo below which digits cannot be read by anybody."""


@dataclass(frozen=True)
class Sample:
    """A photo (H x W x 3 uint8 RGB) and every board in it, the main one first."""

    seed: int
    photo: np.ndarray
    boards: tuple[BoardTruth, ...]

    def grid_mask(self, *, complete: bool = False) -> np.ndarray:
        """H x W x 1 uint8, 1 inside of the open puzzles (or of the complete boards)."""
        return fill_polygons([b.corners for b in self.boards if b.complete == complete], *self.photo.shape[:2])

    def cell_mask(self) -> np.ndarray:
        """H x W x 1 uint8, 1 inside of every cell."""
        return fill_polygons([quad for b in self.boards for quad in b.quads.reshape(-1, 4, 2)], *self.photo.shape[:2])


def make_sample(seed: int, *, side: int = PHOTO_SIDE, scans: Path | None = None) -> Sample:
    """The photo of that seed; the same seed gives the same photo with the same fonts installed.

    `scans` is a folder of scanned digits to write with, see `handwriting.scanned_digits`.
    """
    rng = random.Random(seed)
    screen = rng.random() < SCREEN_SHARE
    short = round(side * rng.choice([0.75, 0.75, 0.75, 0.5625, 1.0]))
    width, height = (side, short) if rng.random() < 0.4 else (short, side)
    size = None if rng.random() < NEGATIVE_SHARE else rng.choice(SIZES)
    low = 0.35 if screen else 0.2
    share = low * (1.0 / low) ** rng.random()
    pitch = max(share * min(width, height) / (size or 6), MIN_PITCH)
    # drawn somewhat larger than photographed, as print is finer than pixels
    page_pitch = float(np.clip(pitch * 1.25, 26, 110)) if not screen else pitch
    scale = pitch / page_pitch
    page_side = int(min(max(width, height) * 1.25 / scale, 2400))
    page = compose_page(rng, page_side, page_pitch, size, screen=screen, scans=scans)
    view = random_view(rng, page_side, width, height, scale, share, flat=screen)
    photo = take_photo(rng, page, view, width, height, flat=screen)
    boards = (board.moved(view.page_to_photo(board.all_points)) for board in page.boards)
    return Sample(seed, photo, tuple(b for b in boards if _in_view(b, width, height)))


def _in_view(board: BoardTruth, width: int, height: int) -> bool:
    x, y = board.cells[..., 0], board.cells[..., 1]
    return bool((x > 2).all() and (y > 2).all() and (x < width - 2).all() and (y < height - 2).all())


def truth_dict(board: BoardTruth) -> dict[str, Any]:
    """A board as JSON: the puzzle, `complete`, `entries`, `cells` and `quads`."""
    return {
        **to_dict(board.puzzle),
        "complete": board.complete,
        "entries": [list(row) for row in board.entries],
        "cells": np.round(board.cells, 2).tolist(),
        "quads": np.round(board.quads, 2).tolist(),
    }


def board_from_truth(data: dict[str, Any]) -> BoardTruth:
    """The inverse of `truth_dict`."""
    puzzle = Puzzle(data["size"], data["givens"], tuple(tuple(sign) for sign in data["less"]))
    cells, quads = (np.array(data[key], np.float32) for key in ("cells", "quads"))
    return BoardTruth(puzzle, data["complete"], cells, quads, freeze_grid(data["entries"]))
