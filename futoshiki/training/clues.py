"""Training the clue network, which reads digits, signs, and whether what stands in a cell is upright."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from futoshiki.geometry import Orientation, mean_pitch, perspective, rescaled, transform
from futoshiki.networks.canvas import CHROMA_GAIN, LIMIT, board_canvas
from futoshiki.networks.clues import DOWN, GREATER, LESS, MAX_DIGIT, NO_SIGN, UP, UPRIGHT
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.training import showthrough, wires
from futoshiki.training.data import HELD_OUT_SEED, DrawnItems, Draws, Range, SampleSet
from futoshiki.training.engine import Course, Metrics, Run, fit
from futoshiki.training.models import ClueNet, load_all
from futoshiki.training.synth.camera import compressed
from futoshiki.training.synth.store import StoredSample, read_rgb

MIN_PITCH = 15.0
"""Boards whose cells are closer together than this (pixels in the photo) are illegible and teach nothing."""
IGNORE = -100
"""Class of blocks without a target; the default of torch's cross-entropy."""
UPRIGHT_WEIGHT = 0.5
"""Weight of the orientation in the loss, relative to digits and signs."""
LOSS_SCALE = 10.0
"""Factor of the whole loss. It only makes the printed values handier: the steps of AdamW hardly depend on it."""


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
    most_blur: float = 0.055
    """Greatest sigma of the blur in pitches, before `blur_added`."""
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
    """A board to learn from: its photo, cell centres (N x N x 2), clues, and the digits written by hand (0 for none)."""

    source: StoredSample | Path
    cells: np.ndarray
    puzzle: Puzzle
    entries: Grid

    def pixels(self) -> np.ndarray:
        """The photo, H x W x 3 uint8 RGB."""
        return read_rgb(self.source if isinstance(self.source, Path) else self.source.path)


def boards_of(samples: list[StoredSample]) -> list[BoardPicture]:
    """Every board in the samples that is large enough to be legible."""
    return [
        BoardPicture(sample, board.cells, board.puzzle, board.entries)
        for sample in samples
        for board in sample.boards
        if mean_pitch(board.cells) >= MIN_PITCH
    ]


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


def targets(puzzle: Puzzle) -> np.ndarray:
    """The class of each block of the flat board, (2N+1) x (2N+1) int64; IGNORE where there is no target.

    Block (2r+1, 2c+1) is cell (r, c); see `networks.canvas`.
    """
    n = puzzle.size
    blocks = np.full((2 * n + 1, 2 * n + 1), IGNORE, np.int64)
    blocks[1 : 2 * n : 2, 1 : 2 * n : 2] = puzzle.givens
    blocks[1 : 2 * n : 2, 2 : 2 * n - 1 : 2] = NO_SIGN
    blocks[2 : 2 * n - 1 : 2, 1 : 2 * n : 2] = NO_SIGN
    for r1, c1, r2, c2 in puzzle.less:
        first = (r1, c1) < (r2, c2)
        kind = (LESS if first else GREATER) if r1 == r2 else (UP if first else DOWN)
        blocks[r1 + r2 + 1, c1 + c2 + 1] = kind
    return blocks


class BoardCanvases(DrawnItems[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]):
    """Flat boards as the clue network gets them; all boards of a batch have one size.

    Yields canvas 3 x S x S, target blocks (2N+1) x (2N+1), and 1 if upright or 0 if turned. `real` are sudokus, which are
    drawn besides the 9 x 9 boards.
    """

    def __init__(self, boards: list[BoardPicture], real: list[BoardPicture], draws: Draws) -> None:
        super().__init__(draws)
        self.real = real
        self.by_size: dict[int, list[BoardPicture]] = {}
        for board in boards:
            self.by_size.setdefault(board.puzzle.size, []).append(board)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        size, rng = self.batch_rng(index).choice(sorted(self.by_size)), self.rng(index)
        others = self.by_size[size]
        is_sudoku = size == MAX_DIGIT and self.real and rng.random() < VARIATION.sudokus
        board = rng.choice(self.real if is_sudoku else others)
        pixels, cells, puzzle = board.pixels(), board.cells, board.puzzle
        if rng.random() < showthrough.SHARE:
            pixels = showthrough.show_through(rng, pixels, rng.choice(others).pixels()[..., 1])
        if rng.random() < wires.SHARE:
            pixels = wires.lay_wires(rng, pixels, cells, puzzle.less)
        upright = rng.random() >= VARIATION.turned
        if not upright:
            mirrored = rng.random() < VARIATION.mirrored
            turns = rng.choice([0, 1, 2, 3] if mirrored else [1, 2, 3])
            cells = Orientation(turns, mirrored).apply(cells).copy()
            puzzle = (puzzle.mirrored() if mirrored else puzzle).rotated(turns)
        pixels, cells = degraded(rng, pixels, cells)
        blocks = targets(puzzle)
        magnify = 1.0
        if rng.random() < VARIATION.magnified:
            magnify = rng.uniform(*VARIATION.magnification)
            blocks[::2] = blocks[:, ::2] = IGNORE
        canvas = board_canvas(pixels, jittered(rng, cells), magnify=magnify)
        canvas = np.concatenate([perturbed(rng, canvas[:1]), recoloured(rng, canvas[1:])])
        return torch.from_numpy(canvas), torch.from_numpy(blocks), torch.tensor(float(upright))


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
    """A photo (H x W x 3 uint8) and its cell centres, sometimes with fewer pixels, blur, sharpening, JPEG or inverted."""
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
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(VARIATION.least_blur, most) + VARIATION.blur_added)
    elif roll < VARIATION.blurred + VARIATION.sharpened:
        soft = cv2.GaussianBlur(pixels, (0, 0), VARIATION.sharpening_sigma)
        pixels = cv2.addWeighted(pixels, 1 + VARIATION.sharpening, soft, -VARIATION.sharpening, 0)
    if rng.random() < VARIATION.compressed:
        pixels = compressed(pixels, rng.randint(*VARIATION.quality))
    if rng.random() < VARIATION.inverted:
        pixels = 255 - pixels
    return pixels, cells


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


def clue_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy over the classes that a block can hold, plus that of the upright channel.

    The digits of turned boards have no name: there the only target of a cell is whether it is blank.
    """
    canvas, blocks, upright = batch
    logits = model(canvas.contiguous(memory_format=torch.channels_last))
    cells, *signs = split_logits(logits)
    wanted, *wanted_signs = split_targets(blocks)
    given, stands = wanted > 0, (upright > 0)[:, None, None]
    nameless = given & ~stands
    cell_loss = _entropy(cells, wanted.masked_fill(nameless, IGNORE))
    not_blank = torch.logsumexp(cells[:, 1:], 1) - torch.logsumexp(cells, 1)
    cell_loss = cell_loss - not_blank[nameless].sum()
    across_loss, down_loss = map(_entropy, signs, wanted_signs)
    truth = stands.expand_as(wanted)[given].float()
    guess = logits[:, UPRIGHT, 1::2, 1::2][given]
    upright_loss = nn.functional.binary_cross_entropy_with_logits(guess, truth, reduction="sum") if given.any() else 0.0
    count = (blocks != IGNORE).sum().clamp(min=1)
    return (cell_loss + across_loss + down_loss + UPRIGHT_WEIGHT * upright_loss) / count * LOSS_SCALE


def _entropy(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    return nn.functional.cross_entropy(logits, wanted, ignore_index=IGNORE, reduction="sum")


def split_logits(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logits of cells (B x 10 x N x N), edges across (B x 3 x N x N-1) and down (B x 3 x N-1 x N)."""
    across = logits[:, [NO_SIGN, LESS, GREATER], 1::2, 2:-1:2]
    down = logits[:, [NO_SIGN, UP, DOWN], 2:-1:2, 1::2]
    return logits[:, :NO_SIGN, 1::2, 1::2], across, down


def split_targets(blocks: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Classes of cells (B x N x N), edges across (B x N x N-1) and down (B x N-1 x N), numbered as in `split_logits`."""
    return blocks[:, 1::2, 1::2], _sign_targets(blocks[:, 1::2, 2:-1:2], LESS), _sign_targets(blocks[:, 2:-1:2, 1::2], UP)


def _sign_targets(blocks: torch.Tensor, first: int) -> torch.Tensor:
    """0 no sign, 1 the `first` kind (`<` or `∧`), 2 the second."""
    signs = torch.where(blocks == NO_SIGN, torch.zeros_like(blocks), blocks - first + 1)
    return torch.where(blocks == IGNORE, blocks, signs)


@torch.no_grad()
def clue_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Share of cells, signs and whole upright boards that are read without a fault."""
    right = {"cells": 0, "signs": 0, "boards": 0}
    total = {"cells": 0, "signs": 0, "boards": 0}
    for canvas, blocks, upright in loader:
        guesses = split_logits(model(canvas.contiguous(memory_format=torch.channels_last)))
        wanted = split_targets(blocks)
        counts = [truth != IGNORE for truth in wanted]
        faults = [(guess.argmax(1) != truth) & count for guess, truth, count in zip(guesses, wanted, counts, strict=True)]
        stands = upright > 0
        counts[0] &= stands[:, None, None]  # digits of turned boards have no name
        for name, count, fault in zip(("cells", "signs", "signs"), counts, faults, strict=True):
            total[name] += int(count.sum())
            right[name] += int((count & ~fault).sum())
        is_whole = ~torch.stack([fault.flatten(1).any(1) for fault in faults]).any(0)
        right["boards"] += int((is_whole & stands).sum())
        total["boards"] += int(stands.sum())
    return {f"exact_{name}": right[name] / max(total[name], 1) for name in right}


def train_clues(data: SampleSet, run: Run, *, sudoku: Path | None = None, weights: Path | None = None) -> Path:
    """Train on synthetic samples and on a folder of real `sudoku` photos, if given; returns the path of the best weights.

    Raises:
        MissingPartError: there are too few samples, or the `weights` to begin with do not fit.
    """
    held_out, rest = data.parts()
    boards, seed, batch = boards_of(rest), run.regime.seed, run.regime.batch_size
    torch.manual_seed(seed)
    model = ClueNet().to(memory_format=torch.channels_last)
    if weights:
        load_all(model, weights)
    model.hold_handwriting()
    real = sudoku_boards(sudoku) if sudoku else []
    training = BoardCanvases(boards, real, Draws(data.epoch_size // batch * batch, seed, batch))
    together = max(1, min(batch, len(held_out)))  # boards of one size
    checks = BoardCanvases(boards_of(held_out), [], Draws(len(held_out) // together * together, HELD_OUT_SEED, together))
    loader = DataLoader(training, batch, num_workers=run.workers)
    course = Course("clues", model, loader, DataLoader(checks, together), clue_loss, clue_metrics)
    about = {"data": len(held_out) + len(rest), "boards": len(boards), "real_boards": len(real)}
    return fit(course, run, about)
