"""A picture and the outlines of its puzzles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from futoshiki.geometry import fill_polygons, rescaled

GUESS = "guess"
"""The attribute of a region that marks an outline which the program has only guessed, until a person has checked it."""
UNMARKED = frozenset({"", "no", "false", "0"})
"""Values of that attribute, in lower case, that mean the outline is not a guess."""


@dataclass(frozen=True, eq=False)
class LabelledPicture:
    """A picture and the outlines of the puzzles in it; without any it is a negative example.

    `polygons` are K x 2 float64 (x, y) in pixels of the picture after its EXIF orientation was applied; `guesses` are those
    that are marked as guesses. Polygons have no holes: an area with holes is cut into several of them (see `outlines_of`).
    """

    path: Path
    polygons: tuple[np.ndarray, ...]
    guesses: tuple[np.ndarray, ...] = ()

    @property
    def outlines(self) -> tuple[np.ndarray, ...]:
        """All outlines, those that are guesses last."""
        return self.polygons + self.guesses

    def mapped(self, change: Callable[[np.ndarray], np.ndarray]) -> LabelledPicture:
        """The same picture with every outline changed by a function."""
        return replace(self, polygons=tuple(map(change, self.polygons)), guesses=tuple(map(change, self.guesses)))

    def rescaled(self, scale: float | np.ndarray) -> LabelledPicture:
        """The same outlines after the picture was resized by `scale`, one factor or an array of those in x and y."""
        return self.mapped(lambda outline: rescaled(outline, scale))

    def mask(self, height: int, width: int) -> np.ndarray:
        """A mask of height x width x 1 uint8: 1 inside the outlines, guesses included, 0 elsewhere."""
        return fill_polygons(self.outlines, height, width)


class AreaMask(Protocol):
    """A mask that a label file holds or names."""

    def outlines(self, height: int, width: int) -> tuple[np.ndarray, ...]:
        """The outlines of its areas, each K x 2 float64, for a picture of that size.

        Raises:
            ValueError: it is not a mask of that size, or cannot be read; the message says what to do.
        """


@dataclass(frozen=True, eq=False)
class Region:
    """A region of a label file: its outline (K x 2 float64) or its mask, and whether it is marked as a guess.

    `line` (1-based) is where the file has it, and `name` what messages call it; both are for masks, which are checked last.
    """

    shape: np.ndarray | AreaMask
    guess: bool = False
    line: int = 0
    name: str = ""


@dataclass(frozen=True, eq=False)
class PictureLabels:
    """What a label file contains for one picture, before the picture itself is looked up.

    `name` is the picture's path as the file has it, and `line` (1-based) is where, for messages. Masks become outlines once
    the size of the picture is known.
    """

    line: int
    name: str
    regions: tuple[Region, ...]


class Fault(NamedTuple):
    """A fault of a label file: its line (1-based; 0 in a folder of masks), and `NAME: what is wrong; what to do`."""

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


def is_guess(value: str) -> bool:
    """Whether a value of the attribute `GUESS` marks a guess."""
    return value.strip().lower() not in UNMARKED
