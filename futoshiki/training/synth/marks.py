"""What a player puts into blank cells: digits by hand, corrections, and small candidates."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from futoshiki.training.synth.canvas import Canvas, Colour
from futoshiki.training.synth.handwriting import Writer, random_writer
from futoshiki.training.synth.style import BoardStyle, is_dark

MARKED_SHARE = 0.5
"""Share of the open puzzles that somebody has begun to solve by hand or in an app."""
PROGRESS = {(1.0, 1.0): 0.35, (0.5, 1.0): 0.3, (0.05, 0.5): 0.35}
"""Ranges of the share of the blank cells that hold an entry, with the share of those puzzles."""
CORRECTED_SHARE, CORRECTIONS = 0.35, (0.03, 0.25)
"""Share of the writers who strike entries out, and the range of the share of their entries."""
MISTAKEN_SHARE, MISTAKES = 0.3, (0.02, 0.4)
"""Share of the players who make mistakes, and the range of the share of their entries."""
CANDIDATE_ROWS = (-0.28, -0.28, 0.28, -0.6)
"""Where a row of candidates lies, in sides of the cell below its middle: mostly at the top, else at the bottom or above it."""
CANDIDATE_AREA = 0.66
"""Side of the area that candidates in columns cover, as a share of the cell's side."""
ENTRY_SHIFT = 0.07
"""Standard deviation of the distance of an entry from the middle of its cell, along each axis, in sides of the cell."""
MOST_HEIGHT = 0.92
"""Greatest height of an entry, as a share of the cell's side."""
GIVEN_UP_SHARE = 0.2
"""Share of the struck entries without another digit beside them."""
STRUCK_SIZE, BESIDE_SIZE = 0.75, 0.7
"""Height of a struck entry, and of the digit beside it, as shares of the writer's usual height."""
BESIDE = 0.24
"""Distance of each of the two from the middle of the cell, in sides of the cell."""
STRIKES = (((-0.5, 0.4), (0.5, -0.4)), ((-0.5, 0.0), (0.5, 0.0)), ((-0.4, -0.5), (0.4, 0.5)))
"""Lines that strike a digit out, in heights of the digit from its middle."""
STRIKE_WIDTH = 0.08
"""Width of such a line in heights of the digit."""


@dataclass(frozen=True)
class Marks:
    """The marks of a player: shares of the blank cells that hold an entry, and of the others that hold candidates.

    Without a `writer`, candidates are in small print, as apps show them, and there are no entries. A share of the entries
    has `corrections`: a digit struck out, mostly with another one beside it. A share are `mistakes`.
    Candidates stand in a row, or in a grid of `columns` in which each digit has its own place.
    """

    writer: Writer | None
    entries: float
    candidates: float
    columns: int = 0
    corrections: float = 0.0
    mistakes: float = 0.0

    def draw(
        self, canvas: Canvas, rng: random.Random, right: int, x: float, y: float, side: float, size: int, style: BoardStyle
    ) -> int:
        """Marks in a blank cell, centred on (x, y), of a board of `size`, into which the digit `right` belongs.

        Returns the entry that counts, 0 if there is none.
        """
        if self.writer and rng.random() < self.entries:
            x, y = (at + rng.gauss(0, ENTRY_SHIFT) * side for at in (x, y))
            meant, other = self._entry(rng, right, size)
            if rng.random() < self.corrections:
                return _correct(canvas, rng, self.writer, x, y, side, meant, other)
            self.writer.write(canvas, rng, x, y, meant, side * min(self.writer.height, MOST_HEIGHT))
            return meant
        if rng.random() < self.candidates:
            self._draw_candidates(canvas, rng, x, y, side, size, style)
        return 0

    def _entry(self, rng: random.Random, right: int, size: int) -> tuple[int, int]:
        """The digit that the player means, and another one."""
        other = rng.choice([digit for digit in range(1, size + 1) if digit != right])
        return (other, right) if rng.random() < self.mistakes else (right, other)

    def _draw_candidates(
        self, canvas: Canvas, rng: random.Random, x: float, y: float, side: float, size: int, style: BoardStyle
    ) -> None:
        """Up to four small digits in one cell."""
        height = side * rng.uniform(0.18, 0.3)
        row = rng.choice(CANDIDATE_ROWS)
        for k, value in enumerate(sorted(rng.sample(range(1, size + 1), rng.randint(1, min(4, size))))):
            across, down = _own_place(value, size, self.columns) if self.columns else (-0.33 + 0.22 * k, row)
            cx, cy = x + side * across, y + side * down
            if self.writer:
                self.writer.write(canvas, rng, cx, cy + rng.gauss(0, 0.03) * side, value, height)
            else:
                canvas.text(cx, cy, str(value), style.font, height, style.entry_colour)


def random_marks(rng: random.Random, paper: Colour, *, screen: bool, scans: Path | None) -> Marks | None:
    """What a player has added so far: often nothing, and sometimes an entry in every blank cell."""
    if rng.random() > MARKED_SHARE:
        return None
    candidates = rng.choice([0.0, rng.uniform(0.1, 0.9)])
    writer = random_writer(rng, scans, light=is_dark(paper)) if not screen or rng.random() < 0.3 else None
    columns = rng.choice([0, 2, 3]) if writer is None else 0
    entries = rng.uniform(*rng.choices(tuple(PROGRESS), tuple(PROGRESS.values()))[0])
    corrections = rng.uniform(*CORRECTIONS) if rng.random() < CORRECTED_SHARE else 0.0
    mistakes = rng.uniform(*MISTAKES) if rng.random() < MISTAKEN_SHARE else 0.0
    return Marks(writer, entries, candidates, columns, corrections, mistakes)


def _correct(canvas: Canvas, rng: random.Random, writer: Writer, x: float, y: float, side: float, meant: int, other: int) -> int:
    """A digit struck out, mostly with the one that is meant beside it, which is returned."""
    is_given_up = rng.random() < GIVEN_UP_SHARE
    height = side * writer.height
    shift = np.zeros(2) if is_given_up else np.array(rng.choice([(-BESIDE, 0.0), (-BESIDE, -BESIDE), (0.0, -BESIDE)])) * side
    cx, cy = np.array([x, y]) + shift
    writer.write(canvas, rng, cx, cy, other, height * STRUCK_SIZE)
    for line in rng.sample(STRIKES, rng.choice([1, 1, 2])):
        ends = np.array([cx, cy]) + np.array(line) * height * STRUCK_SIZE * rng.uniform(0.9, 1.4)
        canvas.polyline(ends, writer.colour, height * STRIKE_WIDTH)
    if is_given_up:
        return 0
    writer.write(canvas, rng, x - shift[0], y - shift[1], meant, height * BESIDE_SIZE)
    return meant


def _own_place(value: int, size: int, columns: int) -> tuple[float, float]:
    """Where a candidate stands in a cell, in sides of the cell right of and below its middle."""
    rows = -(-size // columns)
    down, across = divmod(value - 1, columns)
    return CANDIDATE_AREA * ((across + 0.5) / columns - 0.5), CANDIDATE_AREA * ((down + 0.5) / rows - 0.5)
