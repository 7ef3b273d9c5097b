"""Training the clue network: digits in cells, signs on edges, and whether the board stands upright."""

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
from torch.utils.data import DataLoader, Dataset

from futoshiki.geometry import mean_pitch, perspective, transform
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.reading.canvas import CHROMA_GAIN, LIMIT, board_canvas
from futoshiki.reading.recognize import DOWN, GREATER, LESS, NO_SIGN, UP, UPRIGHT
from futoshiki.training import showthrough, wires
from futoshiki.training.engine import Metrics, Regime, fit
from futoshiki.training.models import ClueNet, load_all
from futoshiki.training.synth.camera import compressed
from futoshiki.training.synth.store import StoredSample, enough_samples, read_rgb

MIN_PITCH = 15.0
"""Boards with cells closer than this (pixels in the photo) cannot be read and teach nothing."""
IGNORE = -100
TURNED_SHARE = 0.25
MIRRORED_SHARE = 0.25
"""Of the turned boards: a webcam's preview shows the page as in a mirror."""
MAGNIFIED_SHARE = 0.2
"""Of the boards: seen with their cells magnified, as in a closer look; their signs are not asked for then."""
COLOURLESS_SHARE = 0.25
"""Of the boards: scans and copies have no colour, and reading must not hang on it."""
SUDOKU_SHARE = 0.3
"""Of the 9x9 boards."""


@dataclass(frozen=True)
class BoardPicture:
    """A board to learn from: its photo, cell centres (N x N x 2), clues, and what is written by hand (0 where nothing is)."""

    source: StoredSample | Path
    cells: np.ndarray
    puzzle: Puzzle
    entries: Grid

    def pixels(self) -> np.ndarray:
        """The photo, H x W x 3 uint8 RGB."""
        return read_rgb(self.source if isinstance(self.source, Path) else self.source.path)


def boards_of(samples: list[StoredSample]) -> list[BoardPicture]:
    """Every board that is large enough to be read."""
    return [
        BoardPicture(sample, board.cells, board.puzzle, board.entries)
        for sample in samples
        for board in sample.boards
        if mean_pitch(board.cells) >= MIN_PITCH
    ]


def sudoku_boards(folder: Path) -> list[BoardPicture]:
    """Real newspaper sudokus (truth: `digits` and grid `corners`) as boards without signs."""
    boards = []
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text())
        unit = np.array([[0, 0], [9, 0], [9, 9], [0, 9]])
        homography = perspective(unit, np.array(truth["corners"]))
        lattice = np.stack(np.meshgrid(np.arange(9) + 0.5, np.arange(9) + 0.5), axis=-1)
        cells = transform(lattice, homography).astype(np.float32)
        boards.append(BoardPicture(path.with_suffix(".jpg"), cells, Puzzle(9, truth["digits"]), ((0,) * 9,) * 9))
    return boards


def targets(puzzle: Puzzle) -> np.ndarray:
    """Class of each block of the lattice, (2N+1) x (2N+1) int64; IGNORE where nothing is asked.

    Block (2r+1, 2c+1) is cell (r, c); see `vision.rectify`.
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


class BoardCanvases(Dataset[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]):
    """Flat boards as the recogniser sees them; all boards of a batch have one size.

    Yields canvas 3 x S x S, target blocks (2N+1) x (2N+1), and 1 if upright or 0 if turned.
    """

    def __init__(self, boards: list[BoardPicture], real: list[BoardPicture], batches: int, batch: int, seed: int) -> None:
        self.real, self.length, self.batch, self.seed = real, batches * batch, batch, seed
        self.by_size: dict[int, list[BoardPicture]] = {}
        for board in boards:
            self.by_size.setdefault(board.puzzle.size, []).append(board)
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """New random boards in each epoch, the same ones when it is repeated."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        epoch_seed = (self.seed * 1000 + self.epoch) * 10_000_019
        size = random.Random(epoch_seed - 1 - index // self.batch).choice(sorted(self.by_size))
        rng = random.Random(epoch_seed + index)
        board = rng.choice(self.real if size == 9 and self.real and rng.random() < SUDOKU_SHARE else self.by_size[size])
        pixels, cells, puzzle, upright = board.pixels(), board.cells, board.puzzle, True
        if rng.random() < showthrough.SHARE:
            pixels = showthrough.show_through(rng, pixels, rng.choice(self.by_size[size]).pixels()[..., 1])
        if rng.random() < wires.SHARE:
            pixels = wires.lay_wires(rng, pixels, cells, puzzle.less)
        if rng.random() < TURNED_SHARE:
            upright = False
            mirrored = rng.random() < MIRRORED_SHARE
            turns = rng.choice([0, 1, 2, 3] if mirrored else [1, 2, 3])
            cells = np.rot90(cells[:, ::-1] if mirrored else cells, -turns).copy()  # clockwise, as Puzzle.rotated
            puzzle = (puzzle.mirrored() if mirrored else puzzle).rotated(turns)
        pixels, cells = degraded(rng, pixels, cells)
        blocks = targets(puzzle)
        magnify = 1.0
        if rng.random() < MAGNIFIED_SHARE:
            magnify = rng.uniform(1.2, 1.8)
            blocks[::2] = blocks[:, ::2] = IGNORE
        canvas = board_canvas(pixels, jittered(rng, cells), magnify=magnify)
        canvas = np.concatenate([perturbed(rng, canvas[:1]), recoloured(rng, canvas[1:])])
        return torch.from_numpy(canvas), torch.from_numpy(blocks), torch.tensor(float(upright))


def jittered(rng: random.Random, cells: np.ndarray) -> np.ndarray:
    """Errors such as the finder makes: a shift and skew of the whole, a wobble of each centre."""
    noise = np.random.default_rng(rng.getrandbits(32))
    pitch = mean_pitch(cells)
    shift = noise.normal(0, 0.03 * pitch, 2)
    corners = noise.normal(0, 0.035 * pitch, (2, 2, 2)).astype(np.float32)
    n = len(cells)
    skew = cv2.resize(corners, (n, n), interpolation=cv2.INTER_LINEAR)
    wobble = noise.normal(0, 0.012 * pitch, cells.shape)
    return (cells + shift + skew + wobble).astype(np.float32)


def degraded(rng: random.Random, pixels: np.ndarray, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Fewer pixels, less focus, worse compression: what far and cheap cameras add; pixels are H x W x 3 uint8."""
    pitch = mean_pitch(cells)
    if rng.random() < 0.25:
        least = MIN_PITCH / pitch
        if least < 0.95:
            factor = rng.uniform(least, 1.0)
            pixels = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            cells = (cells + 0.5) * factor - 0.5
            pitch *= factor
    roll = rng.random()
    if roll < 0.2:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.2, 0.055 * min(pitch, 45)) + 0.1)
    elif roll < 0.3:
        pixels = cv2.addWeighted(pixels, 1.8, cv2.GaussianBlur(pixels, (0, 0), 1.5), -0.8, 0)
    if rng.random() < 0.1:
        pixels = compressed(pixels, rng.randint(25, 70))
    if rng.random() < 0.12:
        pixels = 255 - pixels
    return pixels, cells


def perturbed(rng: random.Random, grey: np.ndarray) -> np.ndarray:
    """The grey levels of a canvas with sensor noise, and more or less contrast."""
    noise = np.random.default_rng(rng.getrandbits(32))
    if rng.random() < 0.3:
        grey = grey + noise.normal(0, rng.uniform(0.02, 0.35), grey.shape).astype(np.float32)
    return grey * rng.uniform(0.7, 1.2)


def recoloured(rng: random.Random, chroma: np.ndarray) -> np.ndarray:
    """The chroma of a canvas (2 x S x S) paler or stronger, turned to other hues, with a camera's noise; or all zero, as of
    a grey scan.
    """
    if rng.random() < COLOURLESS_SHARE:
        return np.zeros_like(chroma)
    turn = rng.choice([0.0, 0.0, rng.uniform(0, 2 * np.pi)])
    c, s = rng.uniform(0.3, 1.5) * np.array([np.cos(turn), np.sin(turn)])
    red, blue = chroma
    other = np.stack([c * red - s * blue, s * red + c * blue]).astype(np.float32)
    if rng.random() < 0.5:
        noise = np.random.default_rng(rng.getrandbits(32))
        side, strength = chroma.shape[1] // rng.choice([1, 2, 4, 8]), np.float32(CHROMA_GAIN * rng.uniform(0.01, 0.12))
        for plane in other:
            plane += cv2.resize(strength * noise.standard_normal((side, side), np.float32), plane.shape)
    return np.clip(other, -LIMIT, LIMIT)


def clue_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy over the classes that a block can hold, plus that of the upright channel.

    On turned boards digits have no name: there a cell is asked only whether it is blank.
    """
    canvas, blocks, upright = batch
    logits = model(canvas.contiguous(memory_format=torch.channels_last))
    cells, across, down = split_logits(logits)
    wanted = blocks[:, 1::2, 1::2]
    named = torch.where((upright[:, None, None] > 0) | (wanted <= 0), wanted, torch.full_like(wanted, IGNORE))
    cell_loss = nn.functional.cross_entropy(cells, named, ignore_index=IGNORE, reduction="sum")
    nameless = (upright[:, None, None] == 0) & (wanted > 0)
    not_blank = torch.logsumexp(cells[:, 1:], 1) - torch.logsumexp(cells, 1)
    cell_loss = cell_loss - not_blank[nameless].sum()
    across_loss = nn.functional.cross_entropy(
        across, _sign_targets(blocks[:, 1::2, 2:-1:2], LESS), ignore_index=IGNORE, reduction="sum"
    )
    down_loss = nn.functional.cross_entropy(
        down, _sign_targets(blocks[:, 2:-1:2, 1::2], UP), ignore_index=IGNORE, reduction="sum"
    )
    given = wanted > 0
    stands = logits[:, UPRIGHT, 1::2, 1::2][given]
    truth = upright[:, None, None].expand_as(wanted)[given]
    upright_loss = nn.functional.binary_cross_entropy_with_logits(stands, truth, reduction="sum") if given.any() else 0.0
    asked = (blocks != IGNORE).sum().clamp(min=1)
    return (cell_loss + across_loss + down_loss + 0.5 * upright_loss) / asked * 10


def split_logits(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Logits of cells (B x 10 x N x N), edges across (B x 3 x N x N-1) and down (B x 3 x N-1 x N)."""
    across = logits[:, [NO_SIGN, LESS, GREATER], 1::2, 2:-1:2]
    down = logits[:, [NO_SIGN, UP, DOWN], 2:-1:2, 1::2]
    return logits[:, :NO_SIGN, 1::2, 1::2], across, down


def _sign_targets(blocks: torch.Tensor, first: int) -> torch.Tensor:
    """0 no sign, 1 the first kind (`<` or `∧`), 2 the second."""
    signs = torch.where(blocks == NO_SIGN, torch.zeros_like(blocks), blocks - first + 1)
    return torch.where(blocks == IGNORE, blocks, signs)


@torch.no_grad()
def clue_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Share of cells, signs and whole upright boards that are read without a fault."""
    right = {"cells": 0, "signs": 0, "boards": 0}
    total = {"cells": 0, "signs": 0, "boards": 0}
    for canvas, blocks, upright in loader:
        cells, across, down = split_logits(model(canvas.contiguous(memory_format=torch.channels_last)))
        wanted = blocks[:, 1::2, 1::2]
        signs = [
            (across.argmax(1), _sign_targets(blocks[:, 1::2, 2:-1:2], LESS)),
            (down.argmax(1), _sign_targets(blocks[:, 2:-1:2, 1::2], UP)),
        ]
        cell_ok = (cells.argmax(1) == wanted) | (wanted == IGNORE)
        sign_ok = [(guess == truth) | (truth == IGNORE) for guess, truth in signs]
        whole = cell_ok.flatten(1).all(1) & sign_ok[0].flatten(1).all(1) & sign_ok[1].flatten(1).all(1)
        up = upright > 0
        asked = (wanted != IGNORE) & up[:, None, None]
        right["cells"] += int((cell_ok & asked).sum())
        total["cells"] += int(asked.sum())
        for ok, (_, truth) in zip(sign_ok, signs, strict=True):
            right["signs"] += int((ok & (truth != IGNORE)).sum())
            total["signs"] += int((truth != IGNORE).sum())
        right["boards"] += int((whole & up).sum())
        total["boards"] += int(up.sum())
    return {f"exact_{name}": right[name] / max(total[name], 1) for name in right}


def train_clues(
    data: Path, folder: Path, *, regime: Regime, epoch_size: int = 1000, validation: int = 200,
    sudoku: Path | None = None, weights: Path | None = None, resume: bool = False, workers: int = 1,
) -> Path:  # fmt: skip
    """Train on a folder of synthetic samples and, where given, real sudokus; returns the best weights' path."""
    samples = enough_samples(data)
    validation = min(validation, len(samples) // 5)
    held_out, rest = boards_of(samples[:validation]), boards_of(samples[validation:])
    torch.manual_seed(regime.seed)
    model = ClueNet().to(memory_format=torch.channels_last)
    if weights:
        load_all(model, weights)
    real = sudoku_boards(sudoku) if sudoku else []
    batch = regime.batch_size
    training = BoardCanvases(rest, real, epoch_size // batch, batch, regime.seed)
    together = max(1, min(batch, validation))  # boards of one size
    checking = DataLoader(BoardCanvases(held_out, [], validation // together, together, seed=7), together)
    return fit(
        model,
        DataLoader(training, batch, num_workers=workers),
        checking,
        clue_loss,
        clue_metrics,
        regime=regime,
        folder=folder,
        monitor="exact_boards",
        resume=resume,
        config={"network": "clues", "data": len(samples), "boards": len(rest), "real_boards": len(real)},
    )
