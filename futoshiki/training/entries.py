"""Training the entry network, which tells apart empty cells, digits by hand and digits in print."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from futoshiki.networks.canvas import board_canvas
from futoshiki.networks.entries import CELL, PRINTED, cell_pictures
from futoshiki.training.clues import BoardPicture, boards_of, degraded, jittered, perturbed
from futoshiki.training.data import HELD_OUT_BATCH_SMALL, HELD_OUT_SEED, DrawnItems, Draws, SampleSet
from futoshiki.training.engine import LABEL_SMOOTHING, Course, Metrics, Run, fit
from futoshiki.training.models import EntryNet

VARIANTS = 3
"""Random variants of a board with entries, which are rare; there is one of every other board."""
MAX_SHIFT = 3
"""Pixels by which a cell's picture may be moved in training."""


def _cells_of(board: BoardPicture, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """The cells of one board as the network gets them, K x 40 x 40 float16, and their classes, K."""
    pixels, cells = degraded(rng, board.pixels(), board.cells)
    pictures = cell_pictures(perturbed(rng, board_canvas(pixels, jittered(rng, cells))[0]))
    classes = np.where(np.array(board.puzzle.givens) > 0, PRINTED, np.array(board.entries))
    return pictures.reshape(-1, CELL, CELL).astype(np.float16), classes.reshape(-1)


def cell_data(boards: list[BoardPicture], seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Pictures K x 1 x 40 x 40 and classes K of the cells of all boards, held in memory."""
    rng = random.Random(seed)
    pictures, values = [], []
    for board in boards:
        for _ in range(VARIANTS if any(map(any, board.entries)) else 1):
            picture, value = _cells_of(board, rng)
            pictures.append(picture)
            values.append(value)
    return torch.from_numpy(np.concatenate(pictures))[:, None], torch.from_numpy(np.concatenate(values)).long()


class CellPictures(DrawnItems[tuple[torch.Tensor, torch.Tensor]]):
    """As many empty cells as written and as printed ones, each moved by a few pixels."""

    def __init__(self, pictures: torch.Tensor, values: torch.Tensor, draws: Draws) -> None:
        super().__init__(draws)
        self.pictures, self.values = pictures, values
        kinds = (values == 0, is_written(values), values == PRINTED)
        self.pools = [pool for kind in kinds if len(pool := torch.nonzero(kind)[:, 0])]

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        rng = self.rng(index)
        pool = rng.choice(self.pools)
        k = int(pool[rng.randrange(len(pool))])
        shift = (rng.randint(-MAX_SHIFT, MAX_SHIFT), rng.randint(-MAX_SHIFT, MAX_SHIFT))
        return torch.roll(self.pictures[k].float(), shift, (1, 2)), self.values[k]


def is_written(values: torch.Tensor) -> torch.Tensor:
    """Whether these classes are digits written by hand."""
    return (values > 0) & (values < PRINTED)


def entry_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy."""
    pictures, values = batch
    return nn.functional.cross_entropy(model(pictures), values, label_smoothing=LABEL_SMOOTHING)


@torch.no_grad()
def entry_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Recall (share of written digits that are read), precision (share of digits read that were written), and their F1."""
    read = wrong = written = 0
    for pictures, values in loader:
        guess = model(pictures.float()).argmax(1)
        by_hand = is_written(values)
        read += int(((guess == values) & by_hand).sum())
        wrong += int(((guess != values) & is_written(guess)).sum())
        written += int(by_hand.sum())
    recall, precision = read / max(written, 1), read / max(read + wrong, 1)
    return {"recall": recall, "precision": precision, "f1": 2 * recall * precision / max(recall + precision, 1e-9)}


def train_entries(data: SampleSet, run: Run) -> Path:
    """Train on synthetic samples, held in memory; returns the path of the best weights.

    Raises:
        MissingPartError: there are too few samples.
    """
    held_out, rest = data.parts()
    checks, boards, seed = boards_of(held_out), boards_of(rest), run.regime.seed
    torch.manual_seed(seed)
    training = CellPictures(*cell_data(boards, seed), Draws(data.epoch_size, seed))
    checking = DataLoader(TensorDataset(*cell_data(checks, HELD_OUT_SEED)), HELD_OUT_BATCH_SMALL)
    loader = DataLoader(training, run.regime.batch_size)
    course = Course("entries", EntryNet(), loader, checking, entry_loss, entry_metrics)
    return fit(course, run, {"data": len(held_out) + len(rest), "boards": len(boards)})
