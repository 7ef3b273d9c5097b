"""A picture and the outlines of its puzzles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from futoshiki.geometry import fill_polygons, rescaled
from futoshiki.labels.masks import Mask


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

    `name` is the picture's path as the file has it, and `line` (1-based) is where, for messages. `masks` become polygons once
    the size of the picture is known.
    """

    line: int
    name: str
    polygons: tuple[np.ndarray, ...]
    masks: tuple[Mask, ...] = ()


class Fault(NamedTuple):
    """A fault of a label file: its line (1-based), and `NAME: what is wrong; what to do`."""

    line: int
    text: str


class Parsed(NamedTuple):
    """What a label file contains, its faults, and the names of its categories."""

    labels: list[PictureLabels]
    faults: list[Fault]
    categories: frozenset[str] = frozenset()


Wanted = frozenset[str] | None
"""The names of the categories to use, or None for all."""


def is_wanted(names: Iterable[str], wanted: Wanted) -> bool:
    """Whether an outline of these categories is to be used."""
    return wanted is None or not wanted.isdisjoint(names)
