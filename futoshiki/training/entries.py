"""Training the entry network: blank cells, digits by hand and digits in print, told apart."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from futoshiki.reading.canvas import board_canvas
from futoshiki.reading.handwriting import CELL, PRINTED, cell_pictures
from futoshiki.training.clues import BoardPicture, boards_of, degraded, jittered, perturbed
from futoshiki.training.engine import Metrics, Regime, fit
from futoshiki.training.models import EntryNet
from futoshiki.training.synth.store import enough_samples

LOOKS = 3
"""Times that a board with entries is looked at, each time a little differently; boards without any are seen once."""
MAX_SHIFT = 3
"""Pixels by which a cell's picture is moved in training."""


def _cells_of(board: BoardPicture, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """The cells of one board as the network sees them, K x 40 x 40 float16, and their classes, K."""
    pixels, cells = degraded(rng, board.pixels(), board.cells)
    pictures = cell_pictures(perturbed(rng, board_canvas(pixels, jittered(rng, cells))[0]))
    classes = np.where(np.array(board.puzzle.givens) > 0, PRINTED, np.array(board.entries))
    return pictures.reshape(-1, CELL, CELL).astype(np.float16), classes.reshape(-1)


def cell_data(boards: list[BoardPicture], seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures K x 1 x 40 x 40 and classes K of the cells of all boards, held in memory."""
    rng = random.Random(seed)
    pictures, values = [], []
    for board in boards:
        for _ in range(LOOKS if any(map(any, board.entries)) else 1):
            picture, value = _cells_of(board, rng)
            pictures.append(picture)
            values.append(value)
    return torch.from_numpy(np.concatenate(pictures))[:, None], torch.from_numpy(np.concatenate(values)).long()


class CellPictures(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """As many blank cells as written and as printed ones, moved by a few pixels; other ones in each epoch."""

    def __init__(self, pictures: torch.Tensor, values: torch.Tensor, length: int, seed: int) -> None:
        self.pictures, self.values, self.length, self.seed = pictures, values, length, seed
        kinds = (values == 0, (values > 0) & (values < PRINTED), values == PRINTED)
        self.pools = [pool for kind in kinds if len(pool := torch.nonzero(kind)[:, 0])]
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """New random cells in each epoch, the same ones when it is repeated."""
        self.epoch = epoch

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        rng = random.Random((self.seed * 1000 + self.epoch) * 10_000_019 + index)
        pool = rng.choice(self.pools)
        k = int(pool[rng.randrange(len(pool))])
        shift = (rng.randint(-MAX_SHIFT, MAX_SHIFT), rng.randint(-MAX_SHIFT, MAX_SHIFT))
        return torch.roll(self.pictures[k].float(), shift, (1, 2)), self.values[k]


def entry_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy."""
    pictures, values = batch
    return nn.functional.cross_entropy(model(pictures), values, label_smoothing=0.02)


@torch.no_grad()
def entry_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Share of cells written by hand whose digit is read, and of cells read as written in which just that stands."""
    read = wrong = written = 0
    for pictures, values in loader:
        guess = model(pictures.float()).argmax(1)
        by_hand = (values > 0) & (values < PRINTED)
        read += int(((guess == values) & by_hand).sum())
        wrong += int(((guess != values) & (guess > 0) & (guess < PRINTED)).sum())
        written += int(by_hand.sum())
    recall, precision = read / max(written, 1), read / max(read + wrong, 1)
    return {"recall": recall, "precision": precision, "f1": 2 * recall * precision / max(recall + precision, 1e-9)}


def train_entries(
    data: Path, folder: Path, *, regime: Regime, epoch_size: int = 20_000, validation: int = 500, resume: bool = False
) -> Path:
    """Train on a folder of synthetic samples; returns the best weights' path."""
    samples = enough_samples(data)
    validation = min(validation, len(samples) // 5)
    parts = (samples[:validation], samples[validation:])
    held_out, rest = (boards_of(part) for part in parts)
    torch.manual_seed(regime.seed)
    return fit(
        EntryNet(),
        DataLoader(CellPictures(*cell_data(rest, regime.seed), epoch_size, regime.seed), regime.batch_size),
        DataLoader(TensorDataset(*cell_data(held_out, 7)), 256),
        entry_loss,
        entry_metrics,
        regime=regime,
        folder=folder,
        monitor="f1",
        resume=resume,
        config={"network": "entries", "data": len(samples), "boards": len(rest)},
    )
