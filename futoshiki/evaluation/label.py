"""Proposes the outlines of puzzles in photos, as labels for a person to correct."""

from __future__ import annotations

import numpy as np

from futoshiki.geometry import board_outline
from futoshiki.photo import Photo
from futoshiki.reading.locate import locate
from futoshiki.reading.reader import Reader


def outlines_of(photo: Photo, reader: Reader) -> tuple[np.ndarray, ...]:
    """The outlines (each K x 2) of the open puzzles in a photo, in the picture's own pixels and bent with the page.

    If no puzzle can be read, the largest area that looks like one is outlined, if there is any. Outlines end at the
    picture's edge.
    """
    boards = [board for board in reader.read(photo).boards if not board.complete]
    found = [board_outline(np.array(board.cells, float), np.array(board.corners, float)) for board in boards]
    if not boards:
        found = [area.quad * photo.scale for area in locate(photo, reader.networks.grid) if not area.complete][:1]
    return tuple(np.clip(outline, 0, photo.scale * np.array(photo.pixels.shape[1::-1])) for outline in found)
