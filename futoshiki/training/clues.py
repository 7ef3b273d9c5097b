"""Training the clue network, which reads digits and signs, whether what stands in a cell is upright, and handwriting."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from futoshiki.errors import TrainingError
from futoshiki.geometry import Orientation
from futoshiki.networks.canvas import LARGE_CELLS, MARGIN, PLAIN, around_board, board_canvas
from futoshiki.networks.clues import BY_HAND, DOWN, GREATER, LESS, MAX_DIGIT, NO_SIGN, PRINTED, UP, UPRIGHT
from futoshiki.puzzle import Puzzle
from futoshiki.training import showthrough, wires
from futoshiki.training.boards import (
    VARIATION,
    BoardPicture,
    boards_of,
    by_size,
    degraded,
    jittered,
    perturbed,
    recoloured,
    sudoku_boards,
)
from futoshiki.training.data import HELD_OUT_SEED, DrawnItems, Draws, Photos
from futoshiki.training.engine import LABEL_SMOOTHING, Course, Metrics, fit
from futoshiki.training.models import ClueNet, load_all
from futoshiki.training.regime import Run

IGNORE = -100
"""Class of blocks without a target; the default of torch's cross-entropy."""
UPRIGHT_WEIGHT = 0.5
"""Weight of the orientation in the loss, relative to digits and signs."""
USED_MARGIN = 2 * MARGIN
"""Pitches around the outer cell centres of which a canvas may show something, wherever the finder's errors put it."""
LOSS_SCALE = 10.0
"""Factor of the whole loss. It only makes the printed values handier: the steps of AdamW hardly depend on it."""
ENTRY_WEIGHT = 1.0
"""Weight of what is written by hand in the loss, relative to all that is read in print."""
UNWRITTEN_WEIGHT = 0.3
"""Weight of an empty cell among those of what is written by hand: there are many, and they are easily told."""


def targets(puzzle: Puzzle, hidden: np.ndarray | None = None) -> np.ndarray:
    """The class of each block of the flat board, (2N+1) x (2N+1) int64; IGNORE where there is no target.

    Block (2r+1, 2c+1) is cell (r, c); see `networks.canvas`. `hidden` blocks, (2N+1) x (2N+1) bool, have no target: a guess
    would be all that a network could learn there.
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
    return blocks if hidden is None else np.where(hidden, IGNORE, blocks)


def written(board: BoardPicture) -> np.ndarray:
    """What each cell holds, N x N int64: 0 for nothing, 1 to 9 by hand, `PRINTED`; IGNORE if it is hidden."""
    values = np.where(np.array(board.puzzle.givens) > 0, PRINTED, np.array(board.entries))
    return np.where(hidden_blocks(board)[1::2, 1::2], IGNORE, values).astype(np.int64)


def hidden_blocks(board: BoardPicture) -> np.ndarray:
    """The blocks of the flat board that something covers, (2N+1) x (2N+1) bool."""
    side = 2 * board.puzzle.size + 1
    hidden = np.zeros((side, side), bool)
    hidden[tuple(np.array(board.hidden, np.intp).reshape(-1, 2).T)] = True
    return hidden


class BoardCanvases(DrawnItems[tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]]):
    """Flat boards as the clue network gets them; all boards of a batch have one size.

    Yields canvas 3 x S x S, target blocks (2N+1) x (2N+1), 1 if upright or 0 if turned, and what is `written` (N x N), which
    has a target on upright boards alone. `real` are sudokus, which are drawn besides the 9 x 9 boards.
    """

    def __init__(self, boards: list[BoardPicture], real: list[BoardPicture], draws: Draws) -> None:
        super().__init__(draws)
        self.real, self.by_size = real, by_size(boards)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        size, rng = self.batch_rng(index).choice(sorted(self.by_size)), self.rng(index)
        others = self.by_size[size]
        is_sudoku = size == MAX_DIGIT and self.real and rng.random() < VARIATION.sudokus
        board = rng.choice(self.real if is_sudoku else others)
        pixels, cells, puzzle, hidden = board.pixels(), board.cells, board.puzzle, hidden_blocks(board)
        if rng.random() < showthrough.SHARE:
            pixels = showthrough.show_through(rng, pixels, rng.choice(others).pixels()[..., 1])
        pixels, cells = around_board(pixels, cells, USED_MARGIN)
        if rng.random() < wires.SHARE:
            pixels = wires.lay_wires(rng, pixels, cells, puzzle.less)
        upright = rng.random() >= VARIATION.turned
        if not upright:
            mirrored = rng.random() < VARIATION.mirrored
            turns = rng.choice([0, 1, 2, 3] if mirrored else [1, 2, 3])
            orientation = Orientation(turns, mirrored)
            cells, hidden = orientation.apply(cells).copy(), orientation.apply(hidden)
            puzzle = (puzzle.mirrored() if mirrored else puzzle).rotated(turns)
        pixels, cells = degraded(rng, pixels, cells)
        blocks = targets(puzzle, hidden)
        lens = PLAIN
        if rng.random() < VARIATION.magnified:
            lens = replace(LARGE_CELLS, magnify=rng.uniform(*VARIATION.magnification))
            blocks[::2] = blocks[:, ::2] = IGNORE
        canvas = board_canvas(pixels, jittered(rng, cells), lens=lens)
        canvas = np.concatenate([perturbed(rng, canvas[:1]), recoloured(rng, canvas[1:])])
        values = written(board) if upright else np.full((size, size), IGNORE)
        return torch.from_numpy(canvas), torch.from_numpy(blocks), torch.tensor(float(upright)), torch.from_numpy(values)


def clue_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Cross-entropy over the classes that a block can hold, plus those of the upright channel and of what is written.

    The digits of turned boards have no name: there the only target of a cell is whether it is blank.
    """
    canvas, blocks, upright, values = batch
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
    print_loss = (cell_loss + across_loss + down_loss + UPRIGHT_WEIGHT * upright_loss) / count * LOSS_SCALE
    return print_loss + ENTRY_WEIGHT * entry_loss(logits, values)


def entry_loss(logits: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
    """Cross-entropy over the cells of what is written; 0 if no cell has a target."""
    if (values == IGNORE).all():
        return 0.0 * logits.sum()
    guess = logits[:, BY_HAND:, 1::2, 1::2]
    weights = guess.new_ones(guess.shape[1])
    weights[0] = UNWRITTEN_WEIGHT
    return nn.functional.cross_entropy(guess, values, weights, ignore_index=IGNORE, label_smoothing=LABEL_SMOOTHING)


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
    """Share of cells, signs and whole upright boards that are read without a fault, recall and precision of handwriting, and
    the probability that the network gives to what is there.

    Recall is the share of the written digits that are read, precision that of the digits read that were written. The
    probability is the geometric mean over all that is printed. It tells epochs apart that read the same number
    of boards.
    """
    right = {"cells": 0, "signs": 0, "boards": 0}
    total = {"cells": 0, "signs": 0, "boards": 0}
    read = wrong = there = 0
    nats = 0.0
    for canvas, blocks, upright, values in loader:
        logits = model(canvas.contiguous(memory_format=torch.channels_last))
        guesses, wanted = split_logits(logits), split_targets(blocks)
        counts = [truth != IGNORE for truth in wanted]
        faults = [(guess.argmax(1) != truth) & count for guess, truth, count in zip(guesses, wanted, counts, strict=True)]
        stands = upright > 0
        counts[0] &= stands[:, None, None]  # digits of turned boards have no name
        named = [torch.where(count, truth, IGNORE) for truth, count in zip(wanted, counts, strict=True)]
        nats += sum(float(_entropy(guess, truth)) for guess, truth in zip(guesses, named, strict=True))
        for name, count, fault in zip(("cells", "signs", "signs"), counts, faults, strict=True):
            total[name] += int(count.sum())
            right[name] += int((count & ~fault).sum())
        is_whole = ~torch.stack([fault.flatten(1).any(1) for fault in faults]).any(0)
        right["boards"] += int((is_whole & stands).sum())
        total["boards"] += int(stands.sum())
        guess = logits[:, BY_HAND:, 1::2, 1::2].argmax(1)[stands]
        truth = values[stands]
        read += int(((guess == truth) & is_by_hand(truth)).sum())
        wrong += int(((guess != truth) & (truth != IGNORE) & is_by_hand(guess)).sum())
        there += int(is_by_hand(truth).sum())
    shares = {f"exact_{name}": right[name] / max(total[name], 1) for name in right}
    probability = math.exp(-nats / max(total["cells"] + total["signs"], 1))
    return {**shares, "recall": read / max(there, 1), "precision": read / max(read + wrong, 1), "probability": probability}


def is_by_hand(values: torch.Tensor) -> torch.Tensor:
    """Whether these classes are digits written by hand."""
    return (values > 0) & (values < PRINTED)


def train_clues(data: Photos, run: Run, *, sudoku: Path | None = None, weights: Path | None = None) -> Path:
    """Train on synthetic samples and on a folder of real `sudoku` photos, if given; returns the path of the best weights.

    Raises:
        MissingPartError: the `weights` to begin with do not fit.
        TrainingError: the photos hold no legible board to train on, or none to validate with.
    """
    held_out, boards = boards_of(data.held_out()), boards_of(data.at(0))
    if not held_out or not boards:
        raise TrainingError("the photos hold no legible board to train on, or none to validate with: make more of them")
    seed, batch = run.regime.seed, run.regime.batch_size
    torch.manual_seed(seed)
    model = ClueNet().to(memory_format=torch.channels_last)
    if weights:
        load_all(model, weights)
    real = sudoku_boards(sudoku) if sudoku else []
    training = BoardCanvases(boards, real, Draws(data.epoch_size // batch * batch, seed, batch))
    together = max(1, min(batch, len(held_out)))  # boards of one size
    checks = BoardCanvases(held_out, [], Draws(len(held_out) // together * together, HELD_OUT_SEED, together))
    loader = DataLoader(training, batch, num_workers=run.workers)

    def prepare(epoch: int) -> None:
        training.by_size = by_size(boards_of(data.at(epoch)))

    course = Course("clues", model, loader, DataLoader(checks, together), clue_loss, clue_metrics, prepare)
    about = {**data.about(), "items": data.epoch_size, "boards": len(boards), "real_boards": len(real)}
    return fit(course, run, about)
