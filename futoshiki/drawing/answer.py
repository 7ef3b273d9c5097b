"""The photo with the answer on it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from futoshiki.drawing.doubts import draw_doubts
from futoshiki.drawing.solution import draw_solution
from futoshiki.photo import ImageSource, Photo, load_photo
from futoshiki.result import Result


def annotate(source: ImageSource | Photo, result: Result, *, every: bool = False) -> np.ndarray:
    """The picture with the solution of its best board drawn in, or those of `every` board: H x W x 3 uint8 RGB.

    Clues that were read with doubt get a ring. A very large picture is drawn as it was read: reduced, see `Photo.scale`.

    Raises:
        UnreadableFileError: the source is not a picture.
    """
    photo = source if isinstance(source, Photo) else load_photo(source)
    return annotated(photo, result if every else replace(result, boards=result.boards[:1])).pixels


def annotated(photo: Photo, result: Result) -> Photo:
    """The photo with the solutions of all boards of a result drawn in, and rings around doubtful clues."""
    pixels = photo.pixels
    for board in result.boards:
        if board.solution and board.cells:
            shown = board.rescaled(1 / photo.scale)
            pixels = draw_solution(pixels, shown)
            draw_doubts(pixels, shown)
    return replace(photo, pixels=pixels)
