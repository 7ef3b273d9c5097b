"""Rings around the clues that were read with doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.drawing.solution import drawn_share
from futoshiki.geometry import FIXED_POINT_BITS, cell_quads, fixed_point
from futoshiki.puzzle import Edge

RING, RIM = (214, 96, 0), (255, 255, 255)
"""Colours of a ring, and of the rim that keeps it visible on a dark photo."""
CELL_RING, EDGE_RING = 0.6, 0.35
"""Radius of the ring around a doubtful cell and around a doubtful sign, in sides of a cell."""
STROKE, MIN_STROKE = 0.05, 2
"""Width of a ring in sides of a cell, and the least width in pixels."""


@dataclass(frozen=True, eq=False)
class Ring:
    """A ring around a doubtful clue: its middle, its radius and the width of its line, in pixels."""

    middle: np.ndarray
    radius: float
    width: float


def rings_of(board: BoardResult) -> Iterator[Ring]:
    """A ring around every cell and every sign of a board that was read with doubt."""
    quads = cell_quads(np.array(board.cells), drawn_share(board))
    for doubt in board.doubts:
        first, second, share = doubt.place, doubt.place, CELL_RING
        if isinstance(doubt.place, Edge):
            (first, second), share = doubt.place, EDGE_RING
        middle = (quads[first].mean(axis=0) + quads[second].mean(axis=0)) / 2
        side = float(np.linalg.norm(quads[first][1] - quads[first][0]))
        yield Ring(middle, side * share, side * STROKE)


def draw_doubts(pixels: np.ndarray, board: BoardResult) -> None:
    """Draw a ring around every cell and every sign of a board that was read with doubt, into the photo (H x W x 3 uint8 RGB)."""
    for ring in rings_of(board):
        (x, y), radius = fixed_point(ring.middle), int(fixed_point(ring.radius))
        width = max(round(ring.width), MIN_STROKE)
        for colour, thickness in ((RIM, width + max(width // 2, MIN_STROKE)), (RING, width)):
            cv2.circle(pixels, (int(x), int(y)), radius, colour, thickness, cv2.LINE_AA, FIXED_POINT_BITS)
