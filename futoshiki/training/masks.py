"""Training on one's own pictures: a network that finds puzzles, from outlines alone."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from futoshiki.errors import LabelError
from futoshiki.labels import LabelledPicture
from futoshiki.photo import load_photo
from futoshiki.training.augmentation import plain_stack, training_stack
from futoshiki.training.engine import Metrics, Regime, fit, refuse_existing
from futoshiki.training.grid import MEAN, STD
from futoshiki.training.models import DEFAULT_ENCODER, grid_model

KEPT_SIDE = 640
"""Longer side to which pictures are reduced when they are loaded: zooming in needs some more than the network sees."""
MIN_VIEWS = 112
"""Views an epoch, however few pictures there are: 36 pictures are each seen three times."""
LEAST_PICTURES = 4
SMOOTH = 1.0


@dataclass(frozen=True)
class Split:
    """Which pictures are for what, by path; written down with the run."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]

    def of(self, pictures: list[LabelledPicture]) -> tuple[list[LabelledPicture], list[LabelledPicture], list[LabelledPicture]]:
        """The pictures, parted as they were; what was labelled since is trained on.

        Raises:
            LabelError: the pictures to train on, or to validate with, are not among them.
        """
        by_path = {str(picture.path): picture for picture in pictures}
        validation, test = ([by_path[path] for path in part if path in by_path] for part in (self.validation, self.test))
        others = {*self.validation, *self.test, *self.train}
        train = [by_path[path] for path in self.train if path in by_path] + [
            p for path, p in by_path.items() if path not in others
        ]
        if not train or not validation:
            raise LabelError("the pictures are not those that the run was begun with: begin another run in another folder")
        return train, validation, test


def split(
    pictures: list[LabelledPicture], *, seed: int = 0, validation: float = 0.25, test: float | list[LabelledPicture] = 0.0
) -> tuple[list[LabelledPicture], list[LabelledPicture], list[LabelledPicture]]:
    """Training, validation and test pictures, drawn at random from the seed; `test` is a share, or pictures of its own.

    Raises:
        LabelError: too few pictures, or the test pictures are among the others.
    """
    pool = sorted(pictures, key=lambda picture: str(picture.path))
    if isinstance(test, list):
        tested = test
        known = {picture.path.resolve() for picture in tested}
        pool = [picture for picture in pool if picture.path.resolve() not in known]
        random.Random(seed).shuffle(pool)
    else:
        random.Random(seed).shuffle(pool)
        count = round(test * len(pool))
        tested, pool = pool[:count], pool[count:]
    held_out = min(max(1, round(validation * len(pool))), len(pool) - 1)
    if len(pool) < LEAST_PICTURES:
        raise LabelError(f"{len(pool)} pictures to train on: label {LEAST_PICTURES} or more beside those for the test")
    return pool[held_out:], pool[:held_out], tested


def _loaded(picture: LabelledPicture) -> tuple[np.ndarray, np.ndarray]:
    """The picture, reduced, and its mask of the same size."""
    pixels = load_photo(picture.path).pixels
    scale = min(1.0, KEPT_SIDE / max(pixels.shape[:2]))
    if scale < 1:
        pixels = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    h, w = pixels.shape[:2]
    scaled = LabelledPicture(picture.path, tuple(polygon * scale for polygon in picture.polygons))
    return pixels, scaled.mask(h, w)


class MaskViews(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Pictures and masks as the network sees them: image 3 x SIDE x SIDE, normalised, and mask 1 x SIDE x SIDE of 0 and 1.

    With `augment` each of `length` views is another random one, the same in each repetition of an epoch.
    The pictures are held in memory, about a megabyte each.
    """

    def __init__(self, pictures: list[LabelledPicture], *, augment: bool, length: int | None = None, seed: int = 0) -> None:
        self.pictures = [_loaded(picture) for picture in pictures]
        self.augment, self.length, self.seed = augment, length or len(pictures), seed
        self.stack = training_stack() if augment else plain_stack()
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """New random views in each epoch, the same ones when it is repeated."""
        self.epoch = epoch if self.augment else 0

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        turn, place = divmod(index, len(self.pictures))
        seed = ((self.seed * 1000 + self.epoch) * 1000 + turn) * 100_003 + place
        order = random.Random(seed - place).sample(range(len(self.pictures)), len(self.pictures))
        pixels, mask = self.pictures[order[place] if self.augment else place]
        self.stack.set_random_seed(seed % 2**31)
        out = self.stack(image=pixels, mask=mask)
        normal = (out["image"].astype(np.float32) - MEAN) / STD
        return torch.from_numpy(normal.transpose(2, 0, 1).copy()), torch.from_numpy(
            out["mask"].astype(np.float32).transpose(2, 0, 1).copy()
        )


def mask_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Soft Dice loss of each picture, so that small puzzles count as much as large ones.

    Milletari, Navab and Ahmadi, "V-Net", 2016 (https://arxiv.org/abs/1606.04797). Their formula has no
    gradient where there is no puzzle; with `SMOOTH` pixels added above and below it has.
    """
    image, mask = batch
    return dice_loss(model(image.contiguous(memory_format=torch.channels_last)), mask)


def dice_loss(logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """One minus the mean over the batch of 2 sum(p g) / (sum(p^2) + sum(g^2)); B x 1 x H x W logits and masks."""
    p = torch.sigmoid(logits.float())
    both, each = (p * mask).sum((1, 2, 3)), (p * p + mask * mask).sum((1, 2, 3))
    return 1 - ((2 * both + SMOOTH) / (each + SMOOTH)).mean()


@torch.no_grad()
def mask_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Mean IoU by picture at the network's size, and the loss; a picture without a puzzle counts 1 if none is seen."""
    losses, scores = [], []
    for image, mask in loader:
        logits = model(image.contiguous(memory_format=torch.channels_last))
        losses.append(float(dice_loss(logits, mask)))
        scores += _ious(logits > 0, mask > 0.5)
    return {"validation_loss": float(np.mean(losses)), "iou": float(np.mean(scores))}


def _ious(guess: torch.Tensor, truth: torch.Tensor) -> list[float]:
    both = (guess & truth).sum((1, 2, 3)).float()
    either = (guess | truth).sum((1, 2, 3)).float()
    return torch.where(either > 0, both / either.clamp(min=1), torch.ones_like(both)).tolist()


def train_masks(
    pictures: list[LabelledPicture], folder: Path, *, regime: Regime, arch: str = "Unet", encoder: str = DEFAULT_ENCODER,
    weights: str | None = "imagenet", validation: float = 0.25, test: float | list[LabelledPicture] = 0.0,
    views: int | None = None, resume: bool = False, workers: int = 1,
) -> list[LabelledPicture]:  # fmt: skip
    """Train on labelled pictures; the split stands in the folder's split.json. Returns the test (or validation) pictures.

    `views` is the number of random views an epoch, by default as many as pictures and at least `MIN_VIEWS`.
    """
    if not resume:
        refuse_existing(folder)
    kept = folder / "split.json"
    if resume and kept.exists():
        parts = Split(**json.loads(kept.read_text())).of(pictures if isinstance(test, float) else [*pictures, *test])
    else:
        parts = split(pictures, seed=regime.seed, validation=validation, test=test)
    training, held_out, tested = parts
    folder.mkdir(parents=True, exist_ok=True)
    paths = Split(*(tuple(str(picture.path) for picture in part) for part in parts))
    kept.write_text(json.dumps(asdict(paths), indent=1))
    torch.manual_seed(regime.seed)
    model = grid_model(arch, encoder, weights, classes=1).to(memory_format=torch.channels_last)
    dataset = MaskViews(training, augment=True, length=views or max(MIN_VIEWS, len(training)), seed=regime.seed)
    about = {"network": "masks", "arch": arch, "encoder": encoder, "weights": weights}
    fit(
        model,
        DataLoader(dataset, regime.batch_size, num_workers=workers, drop_last=len(dataset) > regime.batch_size),
        DataLoader(MaskViews(held_out, augment=False), 16),
        mask_loss,
        mask_metrics,
        regime=regime,
        folder=folder,
        monitor="iou",
        resume=resume,
        config={**about, "pictures": [len(part) for part in parts], "validation": validation, "views": len(dataset)},
    )
    return tested or held_out
