"""Training the grid network: where puzzles, finished boards and cells are."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import albumentations as A
import cv2
import numpy as np
import segmentation_models_pytorch as smp
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from futoshiki.geometry import fill_polygons, mean_pitch, perspective, shrink_quads, transform, view_square
from futoshiki.reading.close_up import CORE
from futoshiki.reading.locate import GREY
from futoshiki.training import showthrough, wires
from futoshiki.training.engine import Metrics, Regime, fit
from futoshiki.training.models import GRID_CHANNELS, grid_model
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.store import StoredSample, enough_samples

SIDE = 256
MIN_CORE_PITCH = 5.5
"""Pixels between cells in a view below which the cell channel is not trained on."""
CROP = 192
CROP_SHARE = 0.5
"""Of the batches, that see only CROP x CROP pixels of each view: they cost half as much."""
BOARD_VIEW_SHARE, NEAR_VIEW_SHARE = 0.3, 0.35
"""Of the views: boards squared up as in the second pass, and photos taken nearer than the sample was."""
CHANNEL_WEIGHT = (1.0, 4.0, 1.5)
"""Weight of a pixel inside, by channel: finished boards are rare and would be learnt last."""
UNLABELLED_SHARE = 0.08
"""Of the views, where there are photos without a truth."""
CELLS_COUNT, CELLS_TOO_SMALL, UNLABELLED = 1.0, 0.0, -1.0
"""What a view's truth says: all of it counts, all but the cells, nothing."""
MEAN = np.array([0.485, 0.456, 0.406], np.float32) * 255
STD = np.array([0.229, 0.224, 0.225], np.float32) * 255


def light_augmentation() -> A.Compose:
    """What changes a picture's pixels and leaves its geometry alone."""
    return A.Compose(
        [
            A.RandomBrightnessContrast(0.3, 0.3, p=0.5),
            A.HueSaturationValue(20, 30, 20, p=0.3),
            A.ToGray(p=0.15),
            A.InvertImg(p=0.05),
            A.OneOf([A.GaussianBlur((3, 5)), A.MotionBlur((3, 5)), A.Downscale((0.5, 0.9))], p=0.25),
            A.GaussNoise(std_range=(0.01, 0.06), p=0.25),
        ]
    )


class GridViews(Dataset[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]):
    """Random views of stored samples: whole photos, and close-ups as the second pass sees them.

    Yields image 3 x SIDE x SIDE (normalised), masks 3 x SIDE x SIDE (see `GRID_CHANNELS`), and
    what of them counts (`CELLS_COUNT` and so on). `unlabelled` are photos without a truth, for `Distillation`.
    """

    def __init__(
        self, samples: list[StoredSample], length: int, *, augment: bool, seed: int = 0, batch: int = 1,
        unlabelled: Sequence[Path] = (),
    ) -> None:  # fmt: skip
        self.samples, self.length, self.augment, self.seed, self.batch = samples, length, augment, seed, batch
        self.unlabelled = unlabelled
        self.epoch = 0
        self.pixels = light_augmentation()

    def set_epoch(self, epoch: int) -> None:
        """New random views in each epoch, the same ones when it is repeated."""
        self.epoch = epoch if self.augment else 0

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        epoch_seed = (self.seed * 1000 + self.epoch) * 10_000_019
        cropped = self.augment and random.Random(epoch_seed - 1 - index // self.batch).random() < CROP_SHARE
        rng = random.Random(epoch_seed + index)
        sample = rng.choice(self.samples) if self.augment else self.samples[index % len(self.samples)]
        if self.unlabelled and rng.random() < UNLABELLED_SHARE:
            sample = StoredSample(rng.choice(self.unlabelled), ())
        photo = sample.photo()
        if self.augment and rng.random() < showthrough.SHARE:
            photo = showthrough.show_through(rng, photo, rng.choice(self.samples).photo()[..., 1])
        if self.augment and sample.boards and rng.random() < wires.SHARE:
            photo = wires.lay_wires(rng, photo, rng.choice(sample.boards).cells)
        homography = _some_view(rng, sample.boards, photo.shape)
        boards = [board.moved(transform(board.all_points, homography)) for board in sample.boards]
        image = view(photo, homography)
        if self.augment:
            self.pixels.set_random_seed(rng.getrandbits(31))
            image = self.pixels(image=image)["image"]
        masks, large = draw_masks(boards)
        counts = UNLABELLED if sample.path in self.unlabelled else CELLS_COUNT if large else CELLS_TOO_SMALL
        if cropped:
            x, y = rng.randint(0, SIDE - CROP), rng.randint(0, SIDE - CROP)
            image, masks = image[y : y + CROP, x : x + CROP], masks[:, y : y + CROP, x : x + CROP].copy()
        normal = (image.astype(np.float32) - MEAN) / STD
        return (
            torch.from_numpy(normal.transpose(2, 0, 1).copy()),
            torch.from_numpy(masks),
            torch.tensor(counts),
        )


def view(photo: np.ndarray, homography: np.ndarray) -> np.ndarray:
    """The photo through a homography, SIDE x SIDE, smoothed first where it is reduced."""
    shrink = np.sqrt(abs(np.linalg.det(homography[:2, :2])))
    if shrink < 0.8:
        photo = cv2.GaussianBlur(photo, (0, 0), 0.4 / shrink)
    return cv2.warpPerspective(photo, homography, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3)


def draw_masks(boards: list[BoardTruth]) -> tuple[np.ndarray, bool]:
    """3 x SIDE x SIDE float32 masks, and whether all cells are large enough to be told apart."""
    open_mask = fill_polygons([b.corners for b in boards if not b.complete], SIDE, SIDE)
    complete = fill_polygons([b.corners for b in boards if b.complete], SIDE, SIDE)
    cores = fill_polygons([q for b in boards for q in shrink_quads(b.quads, CORE).reshape(-1, 4, 2)], SIDE, SIDE)
    large = all(mean_pitch(b.cells) >= MIN_CORE_PITCH for b in boards)
    return np.concatenate([open_mask, complete, cores], axis=-1).transpose(2, 0, 1).astype(np.float32), large


def _some_view(rng: random.Random, boards: tuple[BoardTruth, ...], shape: tuple[int, ...]) -> np.ndarray:
    kind = rng.random()
    if kind < BOARD_VIEW_SHARE:
        return _close_view(rng, boards, shape)
    if boards and kind < BOARD_VIEW_SHARE + NEAR_VIEW_SHARE:
        return _near_view(rng, rng.choice(boards))
    return _whole_view(rng, shape)


def _near_view(rng: random.Random, board: BoardTruth) -> np.ndarray:
    """One board large in the square, as it lies or turned a little more: a photo that holds little else."""
    corners = board.corners.astype(np.float64)
    side = np.sqrt(abs(cv2.contourArea(board.corners)))
    scale = SIDE * rng.uniform(0.35, 0.8) / side
    angle = np.radians(rng.gauss(0, 14))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([rng.uniform(0.38, 0.62) * SIDE for _ in range(2)])
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = turn, middle - turn @ corners.mean(axis=0)
    return _dihedral(rng.choice([0, 0, 0, 1, 2, 3]), rng.random() < 0.3) @ matrix


def _whole_view(rng: random.Random, shape: tuple[int, ...]) -> np.ndarray:
    """The whole photo, fitted into the square with some zoom, shift and stretch; sometimes flipped or turned."""
    h, w = shape[:2]
    scale = SIDE / max(h, w) * rng.uniform(0.85, 1.35)
    stretch = rng.uniform(0.9, 1.1)
    sx, sy = scale * stretch, scale / stretch
    dx = SIDE / 2 - w * sx / 2 + rng.uniform(-0.12, 0.12) * SIDE
    dy = SIDE / 2 - h * sy / 2 + rng.uniform(-0.12, 0.12) * SIDE
    matrix = np.array([[sx, 0, dx], [0, sy, dy], [0, 0, 1.0]])
    turns = rng.choice([0, 0, 0, 1, 2, 3])
    return _dihedral(turns, rng.random() < 0.3) @ matrix


def _close_view(rng: random.Random, boards: tuple[BoardTruth, ...], shape: tuple[int, ...]) -> np.ndarray:
    """One board squared up with a margin, as the second pass sees it; without a board any quad."""
    h, w = shape[:2]
    if boards:
        quad = rng.choice(boards).corners.astype(np.float64)
    else:
        extent = rng.uniform(0.3, 0.9) * min(h, w)
        x, y = rng.uniform(0, w - extent), rng.uniform(0, h - extent)
        quad = np.array([[x, y], [x + extent, y], [x + extent, y + extent], [x, y + extent]])
    size = np.sqrt(abs(cv2.contourArea(quad.astype(np.float32))))
    quad = quad + np.array([[rng.gauss(0, 0.025) * size for _ in range(2)] for _ in range(4)])
    matrix = perspective(quad, view_square(SIDE, rng.uniform(0.07, 0.3)))
    return _dihedral(rng.randrange(4), rng.random() < 0.5) @ matrix


def _dihedral(turns: int, flip: bool) -> np.ndarray:
    """A quarter turn or mirror image of the SIDE x SIDE square."""
    turn = np.array([[0, -1, SIDE], [1, 0, 0], [0, 0, 1.0]])
    matrix = np.linalg.matrix_power(turn, turns)
    return np.array([[-1, 0, SIDE], [0, 1, 0], [0, 0, 1.0]]) @ matrix if flip else matrix


GridLoss = Callable[[nn.Module, Any], torch.Tensor]
"""The loss of a model on a batch of `GridViews`."""


def grid_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Soft Dice (Milletari et al., V-Net, 2016, as smp has it) plus binary cross-entropy.

    Cross-entropy is there for the pictures without a puzzle, where Dice has no gradient.
    """
    image, masks, counts = batch
    return mask_loss(model(image.contiguous(memory_format=torch.channels_last)), masks, counts)


def mask_loss(logits: torch.Tensor, masks: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """`grid_loss` of logits and masks, B x 3 x H x W; `counts` as `GridViews` gives it, B."""
    labelled = counts != UNLABELLED
    if not labelled.any():
        return 0.0 * logits.sum()
    logits, masks, counts = logits[labelled], masks[labelled], counts[labelled]
    keep = torch.ones_like(masks)
    keep[:, 2] = counts[:, None, None]
    dice = smp.losses.DiceLoss("multilabel", from_logits=True)
    # outside of what counts the prediction is set to the truth
    fixed = torch.where(keep > 0, logits, (masks * 2 - 1) * 20)
    rare = logits.new_tensor(CHANNEL_WEIGHT).view(1, -1, 1, 1)
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, masks, weight=keep, pos_weight=rare)
    return dice(fixed, masks) + entropy


@torch.no_grad()
def grid_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Mean IoU of each channel over the pictures that hold it, and of all."""
    sums = {name: [0.0, 0.0] for name in GRID_CHANNELS}
    for image, masks, counts_of in loader:
        guess = model(image.contiguous(memory_format=torch.channels_last)) > 0
        truth = masks > 0.5
        both = (guess & truth).sum((2, 3)).float()
        either = (guess | truth).sum((2, 3)).float()
        for k, name in enumerate(GRID_CHANNELS):
            counts = truth[:, k].flatten(1).any(1)
            if name == "cells":
                counts = counts & (counts_of == CELLS_COUNT)
            sums[name][0] += float((both[:, k] / either[:, k].clamp(min=1))[counts].sum())
            sums[name][1] += float(counts.sum())
    scores = {f"iou_{name}": hit / max(count, 1) for name, (hit, count) in sums.items()}
    return {**scores, "iou": sum(scores.values()) / len(scores)}


def train_grid(
    data: Path, folder: Path, *, regime: Regime, epoch_size: int = 400, validation: int = 200,
    arch: str = "Unet", encoder: str = "timm-tf_efficientnet_lite0", weights: str | None = "imagenet",
    resume: bool = False, workers: int = 1, loss: GridLoss = grid_loss, unlabelled: Sequence[Path] = (),
) -> Path:  # fmt: skip
    """Train on a folder of synthetic samples (see `synth.store`); returns the best weights' path.

    `loss` is `grid_loss` or a `Distillation`, which learns from `unlabelled` photos too.
    """
    samples = enough_samples(data)
    validation = min(validation, len(samples) // 5)
    held_out, rest = samples[:validation], samples[validation:]
    torch.manual_seed(regime.seed)
    model = grid_model(arch, encoder, weights).to(memory_format=torch.channels_last)
    training = GridViews(rest, epoch_size, augment=True, seed=regime.seed, batch=regime.batch_size, unlabelled=unlabelled)
    checking = DataLoader(GridViews(held_out, len(held_out), augment=False, seed=7), batch_size=16)
    return fit(
        model,
        DataLoader(training, regime.batch_size, num_workers=workers, drop_last=True),
        checking,
        loss,
        grid_metrics,
        regime=regime,
        folder=folder,
        monitor="iou",
        resume=resume,
        config={
            "network": "grid", "arch": arch, "encoder": encoder, "weights": weights, "data": len(samples),
            "unlabelled": len(unlabelled),
        },
    )  # fmt: skip
