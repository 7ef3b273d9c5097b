"""Training the grid network, which finds puzzles, complete boards and cells."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import albumentations as A
import cv2
import numpy as np
import segmentation_models_pytorch as smp
import torch
from torch import nn
from torch.utils.data import DataLoader

from futoshiki.geometry import fill_polygons, mean_pitch, perspective, shrink_quads, transform, view_square
from futoshiki.networks.grid import CELLS, CORE, GREY, GRID, MEAN, SIDE, SOFTNESS, STD
from futoshiki.training import showthrough, wires
from futoshiki.training.architecture import Architecture
from futoshiki.training.data import HELD_OUT_BATCH, HELD_OUT_SEED, DrawnItems, Draws, Photos, Range
from futoshiki.training.engine import Course, Metrics, fit
from futoshiki.training.models import grid_model
from futoshiki.training.regime import Run
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.store import StoredSample

MIN_CORE_PITCH = 5.5
"""Views with cells closer together than this (pixels) have no target for the cell channel: their cells would merge."""
CROP = 192
"""Side in pixels of the crops that some batches see of their views, for speed."""
CHANNEL_WEIGHT = (1.0, 4.0, 1.5)
"""Weight of a pixel inside an area, by channel. Complete boards are rare, and would be learnt last without it."""
HALF_SHOWN = 0.5
"""Share of a board that the photo must show for its area to be a target; of boards that show less, nothing is marked."""
NO_TARGET = -1.0
"""What stands in masks where there is no target: boards that nobody can read, and the cells of boards that are cut off."""
SURE_LOGIT = 20.0
"""Logit that stands for certainty where a channel has no target."""
CELLS_COUNT, CELLS_TOO_SMALL, UNLABELLED = 1.0, 0.0, -1.0
"""What of a view's masks is a target: all of it, all but the cells, or nothing."""


@dataclass(frozen=True)
class ViewChoices:
    """How views of samples are drawn. Lengths are shares of the view's side unless they say otherwise."""

    cropped: float = 0.5
    """Share of the batches that see only CROP x CROP pixels of each view: they take half as long."""
    unlabelled: float = 0.08
    """Share of the views that show photos without ground truth, where there are such photos."""
    close: float = 0.3
    """Share of the views with one board squared up, as when the network is run again on a board."""
    near: float = 0.35
    """Share of the views with one board large and unrectified, as in a photo that holds little else."""
    near_side: Range = (0.35, 0.8)
    """Side of the board in a near view."""
    near_middle: Range = (0.38, 0.62)
    """Place of the board's middle in a near view, for x and for y."""
    near_turn: float = 14.0
    """Standard deviation in degrees of the angle by which a near view is turned."""
    zoom: Range = (0.85, 1.35)
    """Size of a whole photo; at 1 it fits the view exactly."""
    stretch: Range = (0.9, 1.1)
    """Factor of a whole photo's width, and divisor of its height."""
    shift: Range = (-0.12, 0.12)
    """Distance of a whole photo from the middle of the view, for x and for y."""
    margin: Range = (0.07, 0.3)
    """Border around the board in a close view."""
    corner_error: float = 0.025
    """Standard deviation of the error in the place of a close view's corners, as a share of the board's side."""
    empty_side: Range = (0.3, 0.9)
    """Side of a close view without a board, as a share of the photo's shorter side."""
    turns: tuple[int, ...] = (0, 0, 0, 1, 2, 3)
    """Quarter turns of whole and near views, half of which keep the photo's orientation."""
    mirrored: float = 0.3
    """Share of whole and near views that are mirrored."""
    close_mirrored: float = 0.5
    """Share of close views that are mirrored."""
    blurred_below: float = 0.8
    """Photos reduced to less than this share of their size are blurred first, against aliasing."""


VIEWS = ViewChoices()


def light_augmentation() -> A.Compose:
    """Changes of a picture's pixels that leave its geometry alone."""
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


class GridViews(DrawnItems[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]):
    """Random views of stored samples: whole photos, near views, and close views of one board.

    Yields image 3 x SIDE x SIDE (normalised), masks 3 x SIDE x SIDE (see `networks.grid`), and what of them is a target
    (`CELLS_COUNT` and so on). Without `augment` the samples come in turn, and their pixels are unchanged. `unlabelled` are
    photos without ground truth, for `Distillation`.
    """

    def __init__(self, samples: list[StoredSample], draws: Draws, *, augment: bool, unlabelled: Sequence[Path] = ()) -> None:
        super().__init__(draws)
        self.samples, self.augment, self.unlabelled = samples, augment, unlabelled
        self.pixels = light_augmentation()

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rng = self.rng(index)
        sample = rng.choice(self.samples) if self.augment else self.samples[index % len(self.samples)]
        if self.unlabelled and rng.random() < VIEWS.unlabelled:
            sample = StoredSample(rng.choice(self.unlabelled), ())
        photo = sample.photo()
        if self.augment:
            photo = self._overlaid(rng, photo, sample)
        homography = _some_view(rng, tuple(board for board in sample.boards if board.is_whole), photo.shape)
        boards = [board.moved(transform(board.all_points, homography)) for board in sample.boards]
        image = view(photo, homography)
        masks, large = draw_masks(boards)
        if self.augment:
            self.pixels.set_random_seed(rng.getrandbits(31))
            image = self.pixels(image=image)["image"]
            if self.batch_rng(index).random() < VIEWS.cropped:
                x, y = rng.randint(0, SIDE - CROP), rng.randint(0, SIDE - CROP)
                image, masks = image[y : y + CROP, x : x + CROP], masks[:, y : y + CROP, x : x + CROP].copy()
        target = UNLABELLED if sample.path in self.unlabelled else CELLS_COUNT if large else CELLS_TOO_SMALL
        normal = (image.astype(np.float32) - MEAN) / STD
        return torch.from_numpy(normal.transpose(2, 0, 1).copy()), torch.from_numpy(masks), torch.tensor(target)

    def _overlaid(self, rng: random.Random, photo: np.ndarray, sample: StoredSample) -> np.ndarray:
        """The photo, sometimes with print showing through from behind, and with wires on a board."""
        if rng.random() < showthrough.SHARE:
            photo = showthrough.show_through(rng, photo, rng.choice(self.samples).photo()[..., 1])
        if sample.boards and rng.random() < wires.SHARE:
            photo = wires.lay_wires(rng, photo, rng.choice(sample.boards).cells)
        return photo


def view(photo: np.ndarray, homography: np.ndarray) -> np.ndarray:
    """The photo through a homography, SIDE x SIDE, blurred first if it is reduced."""
    shrink = np.sqrt(abs(np.linalg.det(homography[:2, :2])))
    if shrink < VIEWS.blurred_below:
        photo = cv2.GaussianBlur(photo, (0, 0), SOFTNESS / shrink)
    return cv2.warpPerspective(photo, homography, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=(GREY,) * 3)


def draw_masks(boards: list[BoardTruth]) -> tuple[np.ndarray, bool]:
    """3 x SIDE x SIDE float32 masks of 0, 1 and `NO_TARGET`, and whether all cells are large enough to be seen apart."""
    legible = [b for b in boards if b.is_legible]
    seen, whole = [b for b in legible if b.shown >= HALF_SHOWN], [b for b in legible if b.is_whole]
    open_mask = fill_polygons([b.corners for b in seen if not b.complete], SIDE, SIDE)
    complete = fill_polygons([b.corners for b in seen if b.complete], SIDE, SIDE)
    cores = fill_polygons([q for b in whole for q in shrink_quads(b.quads, CORE).reshape(-1, 4, 2)], SIDE, SIDE)
    masks = np.concatenate([open_mask, complete, cores], axis=-1).transpose(2, 0, 1).astype(np.float32)
    cut = fill_polygons([b.corners for b in boards if not b.is_whole], SIDE, SIDE)[..., 0]
    masks[CELLS][(cut > 0) & (masks[CELLS] == 0)] = NO_TARGET
    illegible = fill_polygons([b.corners for b in boards if not b.is_legible], SIDE, SIDE)[..., 0]
    masks[:, illegible > 0] = NO_TARGET
    return masks, all(mean_pitch(b.cells) >= MIN_CORE_PITCH for b in whole)


def _some_view(rng: random.Random, boards: tuple[BoardTruth, ...], shape: tuple[int, ...]) -> np.ndarray:
    kind = rng.random()
    if kind < VIEWS.close:
        return _close_view(rng, boards, shape)
    if boards and kind < VIEWS.close + VIEWS.near:
        return _near_view(rng, rng.choice(boards))
    return _whole_view(rng, shape)


def _near_view(rng: random.Random, board: BoardTruth) -> np.ndarray:
    """One board large in the square, as it lies in the photo or turned by some degrees."""
    corners = board.corners.astype(np.float64)
    side = np.sqrt(abs(cv2.contourArea(board.corners)))
    scale = SIDE * rng.uniform(*VIEWS.near_side) / side
    angle = np.radians(rng.gauss(0, VIEWS.near_turn))
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.array([rng.uniform(*VIEWS.near_middle) * SIDE for _ in range(2)])
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = turn, middle - turn @ corners.mean(axis=0)
    return _dihedral(rng.choice(VIEWS.turns), rng.random() < VIEWS.mirrored) @ matrix


def _whole_view(rng: random.Random, shape: tuple[int, ...]) -> np.ndarray:
    """The whole photo, fitted into the square with some zoom, shift and stretch; sometimes mirrored or turned."""
    h, w = shape[:2]
    scale = SIDE / max(h, w) * rng.uniform(*VIEWS.zoom)
    stretch = rng.uniform(*VIEWS.stretch)
    sx, sy = scale * stretch, scale / stretch
    dx = SIDE / 2 - w * sx / 2 + rng.uniform(*VIEWS.shift) * SIDE
    dy = SIDE / 2 - h * sy / 2 + rng.uniform(*VIEWS.shift) * SIDE
    matrix = np.array([[sx, 0, dx], [0, sy, dy], [0, 0, 1.0]])
    return _dihedral(rng.choice(VIEWS.turns), rng.random() < VIEWS.mirrored) @ matrix


def _close_view(rng: random.Random, boards: tuple[BoardTruth, ...], shape: tuple[int, ...]) -> np.ndarray:
    """One board squared up with a margin; any square of the photo if it shows no board."""
    h, w = shape[:2]
    if boards:
        quad = rng.choice(boards).corners.astype(np.float64)
    else:
        extent = rng.uniform(*VIEWS.empty_side) * min(h, w)
        x, y = rng.uniform(0, w - extent), rng.uniform(0, h - extent)
        quad = np.array([[x, y], [x + extent, y], [x + extent, y + extent], [x, y + extent]])
    size = np.sqrt(abs(cv2.contourArea(quad.astype(np.float32))))
    quad = quad + np.array([[rng.gauss(0, VIEWS.corner_error) * size for _ in range(2)] for _ in range(4)])
    matrix = perspective(quad, view_square(SIDE, rng.uniform(*VIEWS.margin)))
    return _dihedral(rng.randrange(4), rng.random() < VIEWS.close_mirrored) @ matrix


def _dihedral(turns: int, mirrored: bool) -> np.ndarray:
    """The homography of quarter turns of the SIDE x SIDE square, followed by a reflection if `mirrored`."""
    turn = np.array([[0, -1, SIDE], [1, 0, 0], [0, 0, 1.0]])
    matrix = np.linalg.matrix_power(turn, turns)
    return np.array([[-1, 0, SIDE], [0, 1, 0], [0, 0, 1.0]]) @ matrix if mirrored else matrix


GridLoss = Callable[[nn.Module, Any], torch.Tensor]
"""The loss of a model on a batch of `GridViews`."""


def grid_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Soft Dice (Milletari et al., V-Net, 2016, as implemented in smp) plus binary cross-entropy.

    Cross-entropy is needed for pictures without a puzzle, where Dice has no gradient.
    """
    image, masks, counts = batch
    return mask_loss(model(image.contiguous(memory_format=torch.channels_last)), masks, counts)


def mask_loss(logits: torch.Tensor, masks: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """`grid_loss` of logits and masks, B x 3 x H x W; `counts` (B) says what of them is a target, as in `GridViews`."""
    labelled = counts != UNLABELLED
    if not labelled.any():
        return 0.0 * logits.sum()
    logits, masks, counts = logits[labelled], masks[labelled], counts[labelled]
    keep = with_target(masks, counts)
    masks = masks.clamp(min=0)
    dice = smp.losses.DiceLoss("multilabel", from_logits=True)
    # Dice has no weights: where there is no target, the prediction is replaced by the truth.
    fixed = torch.where(keep > 0, logits, (masks * 2 - 1) * SURE_LOGIT)
    rare = logits.new_tensor(CHANNEL_WEIGHT).view(1, -1, 1, 1)
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, masks, weight=keep, pos_weight=rare)
    return dice(fixed, masks) + entropy


def with_target(masks: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """1 where masks of labelled views, B x 3 x H x W, have a target, elsewhere 0; `counts` (B) as in `GridViews`."""
    keep = (masks != NO_TARGET).float()
    keep[:, CELLS] *= counts[:, None, None]
    return keep


@torch.no_grad()
def grid_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Mean IoU of each channel over the pictures in which it is not empty, the mean over the channels, and the probability that
    the network gives to what is there: the geometric mean over all pixels with a target.

    Few pictures show a complete board, so that the IoU changes by chance from epoch to epoch; the probability does not.
    """
    sums = {name: [0.0, 0.0] for name in GRID.classes}
    nats = pixels = 0.0
    for image, masks, targets in loader:
        logits = model(image.contiguous(memory_format=torch.channels_last))
        keep = with_target(masks, targets)
        nats += float(nn.functional.binary_cross_entropy_with_logits(logits, masks.clamp(min=0), keep, reduction="sum"))
        pixels += float(keep.sum())
        guess = (logits > 0) & (masks != NO_TARGET)
        truth = masks > 0
        both = (guess & truth).sum((2, 3)).float()
        either = (guess | truth).sum((2, 3)).float()
        for k, name in enumerate(GRID.classes):
            counts = truth[:, k].flatten(1).any(1)
            if k == CELLS:
                counts = counts & (targets == CELLS_COUNT)
            sums[name][0] += float((both[:, k] / either[:, k].clamp(min=1))[counts].sum())
            sums[name][1] += float(counts.sum())
    scores = {f"iou_{name}": hit / max(count, 1) for name, (hit, count) in sums.items()}
    return {**scores, "iou": sum(scores.values()) / len(scores), "probability": math.exp(-nats / max(pixels, 1))}


def train_grid(
    data: Photos,
    run: Run,
    architecture: Architecture,
    *,
    loss: GridLoss = grid_loss,
    unlabelled: Sequence[Path] = (),
) -> Path:
    """Train on synthetic samples; returns the path of the best weights.

    `loss` is `grid_loss`, or a `Distillation`, which learns from `unlabelled` photos too.

    Raises:
        MissingPartError: the weights to begin with do not fit.
    """
    held_out = data.held_out()
    seed, batch = run.regime.seed, run.regime.batch_size
    torch.manual_seed(seed)
    model = grid_model(architecture).to(memory_format=torch.channels_last)
    training = GridViews(data.at(0), Draws(data.epoch_size, seed, batch), augment=True, unlabelled=unlabelled)
    checks = GridViews(held_out, Draws(len(held_out), HELD_OUT_SEED), augment=False)
    loader = DataLoader(training, batch, num_workers=run.workers, drop_last=True)

    def prepare(epoch: int) -> None:
        training.samples = data.at(epoch)

    course = Course("grid", model, loader, DataLoader(checks, HELD_OUT_BATCH), loss, grid_metrics, prepare)
    about = {**asdict(architecture), **data.about(), "items": data.epoch_size, "unlabelled": len(unlabelled)}
    return fit(course, run, about)
