"""Training the branch of the clue network that tells what is written by hand; all that reads print stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from futoshiki.networks.canvas import board_canvas
from futoshiki.networks.clues import BY_HAND, PRINTED
from futoshiki.training.clues import BoardPicture, boards_of, degraded, jittered, perturbed, recoloured
from futoshiki.training.data import HELD_OUT_SEED, DrawnItems, Draws, SampleSet
from futoshiki.training.engine import LABEL_SMOOTHING, Course, Metrics, Run, fit
from futoshiki.training.models import ClueNet, load_all

UNWRITTEN_WEIGHT = 0.3
"""Weight of an empty cell in the loss: there are many, and they are easily told."""


class WrittenBoards(DrawnItems[tuple[torch.Tensor, torch.Tensor]]):
    """Upright flat boards as the clue network gets them, of one size within a batch, and what is written in each cell.

    Yields canvas 3 x S x S and classes N x N: 0 for nothing, 1 to 9 by hand, `PRINTED`.
    """

    def __init__(self, boards: list[BoardPicture], draws: Draws) -> None:
        super().__init__(draws)
        self.by_size: dict[int, list[BoardPicture]] = {}
        for board in boards:
            self.by_size.setdefault(board.puzzle.size, []).append(board)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        rng = self.rng(index)
        board = rng.choice(self.by_size[self.batch_rng(index).choice(sorted(self.by_size))])
        pixels, cells = degraded(rng, board.pixels(), board.cells)
        canvas = board_canvas(pixels, jittered(rng, cells))
        canvas = np.concatenate([perturbed(rng, canvas[:1]), recoloured(rng, canvas[1:])])
        return torch.from_numpy(canvas), torch.from_numpy(written(board))


def written(board: BoardPicture) -> np.ndarray:
    """The class of each cell, N x N int64."""
    return np.where(np.array(board.puzzle.givens) > 0, PRINTED, np.array(board.entries)).astype(np.int64)


def is_by_hand(values: torch.Tensor) -> torch.Tensor:
    """Whether these classes are digits written by hand."""
    return (values > 0) & (values < PRINTED)


def _logits(model: nn.Module, canvas: torch.Tensor) -> torch.Tensor:
    return model(canvas.contiguous(memory_format=torch.channels_last))[:, BY_HAND:, 1::2, 1::2]


def entry_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy over the cells."""
    canvas, values = batch
    logits = _logits(model, canvas)
    weights = logits.new_ones(logits.shape[1])
    weights[0] = UNWRITTEN_WEIGHT
    return nn.functional.cross_entropy(logits, values, weights, label_smoothing=LABEL_SMOOTHING)


@torch.no_grad()
def entry_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Recall (share of written digits that are read), precision (share of digits read that were written), and their F1."""
    read = wrong = there = 0
    for canvas, values in loader:
        guess = _logits(model, canvas).argmax(1)
        by_hand = is_by_hand(values)
        read += int(((guess == values) & by_hand).sum())
        wrong += int(((guess != values) & is_by_hand(guess)).sum())
        there += int(by_hand.sum())
    recall, precision = read / max(there, 1), read / max(read + wrong, 1)
    return {"recall": recall, "precision": precision, "f1": 2 * recall * precision / max(recall + precision, 1e-9)}


def train_entries(data: SampleSet, run: Run, weights: Path) -> Path:
    """Train on synthetic samples, beginning with the `weights` of a clue network; returns the path of the best weights.

    Raises:
        MissingPartError: there are too few samples, or the weights do not fit.
    """
    held_out, rest = data.parts()
    seed, batch = run.regime.seed, run.regime.batch_size
    torch.manual_seed(seed)
    model = ClueNet().to(memory_format=torch.channels_last)
    load_all(model, weights)
    model.hold_print()
    boards = boards_of(rest)

    def drawn(pictures: list[BoardPicture], count: int, seed: int, together: int) -> DataLoader:
        draws = Draws(max(1, count // together) * together, seed, together)
        return DataLoader(WrittenBoards(pictures, draws), together, num_workers=run.workers)

    checks = boards_of(held_out)
    course = Course(
        "entries", model, drawn(boards, data.epoch_size, seed, batch),
        drawn(checks, len(checks), HELD_OUT_SEED, min(batch, len(checks))), entry_loss, entry_metrics,
    )  # fmt: skip
    return fit(course, run, {"data": len(held_out) + len(rest), "boards": len(boards)})
