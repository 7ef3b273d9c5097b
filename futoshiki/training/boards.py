"""Flat boards to train the clue network on: where they come from, and how they are varied."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from futoshiki.geometry import FIXED_POINT_BITS, fixed_point, mean_pitch, perspective, rescaled, transform
from futoshiki.networks.canvas import CHROMA_GAIN, LIMIT
from futoshiki.networks.clues import MAX_DIGIT
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.training.data import Range
from futoshiki.training.synth.board import Blocks
from futoshiki.training.synth.camera import compressed
from futoshiki.training.synth.store import StoredSample, read_rgb

MIN_PITCH = 15.0
"""Boards whose cells are closer together than this (pixels in the photo) are illegible and teach nothing."""


@dataclass(frozen=True)
class Variation:
    """How boards are varied in training. Shares are of all boards unless they name others."""

    turned: float = 0.25
    """Share that does not stand upright."""
    mirrored: float = 0.25
    """Share of the turned boards: the preview of a webcam is a mirror image."""
    magnified: float = 0.2
    """Share whose cells are magnified, as small print is for reading; their signs have no target."""
    magnification: Range = (1.2, 1.8)
    """Enlargement of the magnified cells."""
    sudokus: float = 0.3
    """Share of the 9 x 9 boards, where there are real sudokus."""
    shift: float = 0.03
    """Error in the place of the whole board, in pitches (standard deviation), like the errors of the board finder."""
    skew: float = 0.035
    """Error in the place of each corner, in pitches; it falls off towards the other corners."""
    wobble: float = 0.012
    """Error in the place of each centre, in pitches."""
    reduced: float = 0.25
    """Share with fewer pixels, down to `MIN_PITCH`."""
    least_reduction: float = 0.95
    """A board that could only be reduced to more than this share of its size is left as it is."""
    blurred: float = 0.2
    """Share out of focus."""
    least_blur: float = 0.2
    """Least sigma of the blur in pixels, before `blur_added`."""
    most_blur: float = 0.09
    """Greatest sigma of the blur in pitches, before `blur_added`; squares of random numbers make strong blur rare."""
    shaken: float = 0.1
    """Share that is smeared along a line; none of the blurred ones."""
    shake: Range = (0.03, 0.22)
    """Length of the smear in pitches."""
    blur_added: float = 0.1
    """Pixels added to every sigma."""
    most_blurred_pitch: float = 45.0
    """Pitch in pixels above which the blur does not grow with the pitch."""
    sharpened: float = 0.1
    """Share sharpened by unsharp masking, as phones do; none of the blurred ones."""
    sharpening: float = 0.8
    """Share of the difference to the blurred photo that sharpening adds."""
    sharpening_sigma: float = 1.5
    """Blur for sharpening, in pixels."""
    compressed: float = 0.1
    """Share compressed as JPEG once more."""
    quality: tuple[int, int] = (25, 70)
    """JPEG quality of the compressed ones."""
    inverted: float = 0.12
    """Share with light print on a dark ground."""
    noisy: float = 0.3
    """Share with sensor noise."""
    noise: Range = (0.02, 0.35)
    """Standard deviation of the noise, in the canvas's units of contrast."""
    contrast: Range = (0.7, 1.2)
    """Factor of the grey levels."""
    colourless: float = 0.25
    """Share without colour: scans and copies have none, and reading must not depend on it."""
    saturation: Range = (0.3, 1.5)
    """Factor of the colours of the coloured ones."""
    noisy_colours: float = 0.5
    """Share of the coloured ones with noise in their colours."""
    colour_noise: Range = (0.01, 0.12)
    """Standard deviation of that noise, as a share of `CHROMA_GAIN`."""
    colour_grains: tuple[int, ...] = (1, 2, 4, 8)
    """Sizes of its grains in pixels: JPEG stores colours coarsely."""


VARIATION = Variation()


@dataclass(frozen=True)
class BoardPicture:
    """A board to learn from: its photo, cell centres (N x N x 2), clues, the digits written by hand (0 for none), and what
    is `hidden`, as in `BoardTruth`.
    """

    source: StoredSample | Path
    cells: np.ndarray
    puzzle: Puzzle
    entries: Grid
    hidden: Blocks = ()

    def pixels(self) -> np.ndarray:
        """The photo, H x W x 3 uint8 RGB."""
        return read_rgb(self.source if isinstance(self.source, Path) else self.source.path)


def boards_of(samples: list[StoredSample]) -> list[BoardPicture]:
    """Every whole board in the samples that can be read."""
    return [
        BoardPicture(sample, board.cells, board.puzzle, board.entries, board.hidden)
        for sample in samples
        for board in sample.boards
        if board.is_whole and board.is_legible and mean_pitch(board.cells) >= MIN_PITCH
    ]


def by_size(boards: Iterable[BoardPicture]) -> dict[int, list[BoardPicture]]:
    """The boards by their size: those of a batch have one size."""
    sizes: dict[int, list[BoardPicture]] = {}
    for board in boards:
        sizes.setdefault(board.puzzle.size, []).append(board)
    return sizes


def sudoku_boards(folder: Path) -> list[BoardPicture]:
    """Photos of real sudokus as boards without signs. Their truth files hold `digits` and the `corners` of the grid."""
    n = MAX_DIGIT
    along = np.arange(n) + 0.5
    lattice = np.stack(np.meshgrid(along, along), axis=-1)
    unit = n * np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    boards = []
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text())
        homography = perspective(unit, np.array(truth["corners"]))
        cells = transform(lattice, homography).astype(np.float32)
        boards.append(BoardPicture(path.with_suffix(".jpg"), cells, Puzzle(n, truth["digits"]), ((0,) * n,) * n))
    return boards


def jittered(rng: random.Random, cells: np.ndarray) -> np.ndarray:
    """Cell centres with errors like those of the board finder: in the place of the board, of its corners, of each centre."""
    noise = np.random.default_rng(rng.getrandbits(32))
    pitch = mean_pitch(cells)
    shift = noise.normal(0, VARIATION.shift * pitch, 2)
    corners = noise.normal(0, VARIATION.skew * pitch, (2, 2, 2)).astype(np.float32)
    n = len(cells)
    skew = cv2.resize(corners, (n, n), interpolation=cv2.INTER_LINEAR)
    wobble = noise.normal(0, VARIATION.wobble * pitch, cells.shape)
    return (cells + shift + skew + wobble).astype(np.float32)


def degraded(rng: random.Random, pixels: np.ndarray, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A photo (H x W x 3 uint8) and its cell centres, sometimes with fewer pixels, blurred, smeared, sharpened, compressed as
    JPEG, or inverted.
    """
    pitch = mean_pitch(cells)
    if rng.random() < VARIATION.reduced:
        least = MIN_PITCH / pitch
        if least < VARIATION.least_reduction:
            factor = rng.uniform(least, 1.0)
            pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            cells = rescaled(cells, factor)
            pitch *= factor
    roll = rng.random()
    if roll < VARIATION.blurred:
        most = VARIATION.most_blur * min(pitch, VARIATION.most_blurred_pitch)
        sigma = VARIATION.least_blur + (most - VARIATION.least_blur) * rng.random() ** 1.5
        pixels = cv2.GaussianBlur(pixels, (0, 0), max(sigma, 0.0) + VARIATION.blur_added)
    elif roll < VARIATION.blurred + VARIATION.shaken:
        pixels = smeared(pixels, rng.uniform(*VARIATION.shake) * pitch, rng.uniform(0, np.pi))
    elif roll < VARIATION.blurred + VARIATION.shaken + VARIATION.sharpened:
        soft = cv2.GaussianBlur(pixels, (0, 0), VARIATION.sharpening_sigma)
        pixels = cv2.addWeighted(pixels, 1 + VARIATION.sharpening, soft, -VARIATION.sharpening, 0)
    if rng.random() < VARIATION.compressed:
        pixels = compressed(pixels, rng.randint(*VARIATION.quality))
    if rng.random() < VARIATION.inverted:
        pixels = 255 - pixels
    return pixels, cells


def smeared(pixels: np.ndarray, length: float, angle: float) -> np.ndarray:
    """The picture smeared along a line of that length (pixels) and angle (radians), as by a shaking hand."""
    reach = int(np.ceil(length / 2))
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    half = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    ends = fixed_point(np.array([reach - half, reach + half]))
    cv2.line(kernel, ends[0].tolist(), ends[1].tolist(), 1.0, 1, cv2.LINE_AA, FIXED_POINT_BITS)
    return cv2.filter2D(pixels, -1, kernel / max(float(kernel.sum()), 1.0))


def perturbed(rng: random.Random, grey: np.ndarray) -> np.ndarray:
    """The grey levels of a canvas with sensor noise, and more or less contrast."""
    noise = np.random.default_rng(rng.getrandbits(32))
    if rng.random() < VARIATION.noisy:
        grey = grey + noise.normal(0, rng.uniform(*VARIATION.noise), grey.shape).astype(np.float32)
    return grey * rng.uniform(*VARIATION.contrast)


def recoloured(rng: random.Random, chroma: np.ndarray) -> np.ndarray:
    """The colour differences of a canvas (2 x S x S) in other hues, paler or stronger, and noisy; or without any colour."""
    if rng.random() < VARIATION.colourless:
        return np.zeros_like(chroma)
    turn = rng.choice([0.0, 0.0, rng.uniform(0, 2 * np.pi)])
    c, s = rng.uniform(*VARIATION.saturation) * np.array([np.cos(turn), np.sin(turn)])
    red, blue = chroma
    other = np.stack([c * red - s * blue, s * red + c * blue]).astype(np.float32)
    if rng.random() < VARIATION.noisy_colours:
        noise = np.random.default_rng(rng.getrandbits(32))
        side = chroma.shape[1] // rng.choice(VARIATION.colour_grains)
        strength = np.float32(CHROMA_GAIN * rng.uniform(*VARIATION.colour_noise))
        for plane in other:
            plane += cv2.resize(strength * noise.standard_normal((side, side), np.float32), plane.shape)
    return np.clip(other, -LIMIT, LIMIT)
