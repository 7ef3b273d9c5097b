"""A picture and the outlines in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from futoshiki.geometry import fill_polygons


@dataclass(frozen=True, eq=False)
class LabelledPicture:
    """A picture and the outlines of the puzzles in it; without any it is a negative.

    `polygons` are K x 2 float64 (x, y) in pixels of the picture after its EXIF orientation is applied.
    """

    path: Path
    polygons: tuple[np.ndarray, ...]

    def mask(self, height: int, width: int) -> np.ndarray:
        """A mask of height x width x 1 uint8, 1 inside of the outlines and 0 elsewhere."""
        return fill_polygons(self.polygons, height, width)


@dataclass(frozen=True, eq=False)
class Entry:
    """What a label file says of one picture, before it is looked for: `line` is 1-based, for messages."""

    line: int
    name: str
    polygons: tuple[np.ndarray, ...]
