"""A picture and the outlines of its puzzles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from futoshiki.geometry import fill_polygons, rescaled


@dataclass(frozen=True, eq=False)
class LabelledPicture:
    """A picture and the outlines of the puzzles in it; without any it is a negative example.

    `polygons` are K x 2 float64 (x, y) in pixels of the picture after its EXIF orientation was applied.
    """

    path: Path
    polygons: tuple[np.ndarray, ...]

    def rescaled(self, scale: float | np.ndarray) -> LabelledPicture:
        """The same outlines after the picture was resized by `scale`, one factor or an array of those in x and y."""
        return replace(self, polygons=tuple(rescaled(polygon, scale) for polygon in self.polygons))

    def mask(self, height: int, width: int) -> np.ndarray:
        """A mask of height x width x 1 uint8: 1 inside the outlines, 0 elsewhere."""
        return fill_polygons(self.polygons, height, width)


@dataclass(frozen=True, eq=False)
class PictureLabels:
    """What a label file contains for one picture, before the picture itself is looked up.

    `name` is the picture's path relative to some folder, and `line` (1-based) is where the file names it, for messages.
    """

    line: int
    name: str
    polygons: tuple[np.ndarray, ...]


class Fault(NamedTuple):
    """A fault of a label file: its line (1-based), and `NAME: what is wrong; what to do`."""

    line: int
    text: str


Parsed = tuple[list[PictureLabels], list[Fault]]
"""Everything that a label file contains, and its faults."""
