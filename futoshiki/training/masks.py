"""Training on your own pictures: a network that finds puzzles, from outlines alone."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from futoshiki.errors import LabelError
from futoshiki.files import write_file
from futoshiki.labels import LabelledPicture
from futoshiki.networks.grid import AREAS, MEAN, STD
from futoshiki.photo import load_photo
from futoshiki.training.architecture import IMAGENET, Architecture
from futoshiki.training.augmentation import Outlined, augmented, side_by_side
from futoshiki.training.data import HELD_OUT_BATCH, MOST_EPOCHS, DrawnItems, Draws
from futoshiki.training.engine import Course, Metrics, fit, refuse_existing
from futoshiki.training.models import grid_model
from futoshiki.training.regime import Regime, Run

SPLIT = "split.json"
KEPT_SIDE = 640
"""Longer side to which pictures are reduced when they are loaded: more than the network sees, for views that zoom in."""
MIN_VIEWS = 112
"""Least number of views in an epoch, so that a few pictures are seen often: 36 of them, three times each."""
PAIRED, RIGHT_SHARE = 0.2, (0.25, 0.75)
"""Share of the views in which two pictures lie side by side, and share of the right one in such a view."""
MIN_PICTURES = 4
"""Least number of pictures to train on and to validate with."""
SMOOTH = 1.0
"""Pixels added to both parts of the Dice ratio, which has no gradient otherwise where there is no puzzle."""
MOST_ROUNDS, MOST_PICTURES = 1000, 100_003
"""Times that an epoch may go through all pictures, and number of pictures, that get random seeds of their own."""
AVERAGE_DECAY = 0.98
"""Decay of the running average of the weights; two epochs of the least size are its memory."""
EPOCHS, TUNING_EPOCHS = 40, 16
"""Epochs for an encoder that knows only ImageNet, as in the article, and for a network that finds puzzles already."""
Parts = tuple[list[LabelledPicture], list[LabelledPicture], list[LabelledPicture]]
"""Pictures for training, validation and test."""


@dataclass(frozen=True)
class HeldOut:
    """What is not trained on: a share for `validation`, and for `test` a share or other pictures."""

    validation: float = 0.25
    test: float | list[LabelledPicture] = 0.0


@dataclass(frozen=True)
class Split:
    """The paths of the pictures for training, validation and test, as they are written down with a run."""

    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]

    def of(self, pictures: list[LabelledPicture]) -> Parts:
        """The pictures, split as before; those labelled since then are trained on.

        Raises:
            LabelError: no picture to train on, or none to validate with, is among them.
        """
        by_path = {str(picture.path): picture for picture in pictures}
        train, validation, test = (
            [by_path[path] for path in part if path in by_path] for part in (self.train, self.validation, self.test)
        )
        known = {*self.train, *self.validation, *self.test}
        train += [picture for path, picture in by_path.items() if path not in known]
        if not train or not validation:
            raise LabelError("these are not the pictures that the run began with: begin another run in another folder")
        return train, validation, test


def mask_regime(
    weights: str | None, rate: float, batch_size: int, *, epochs: int | None = None, seed: int = 0, patience: int | None = None
) -> Regime:
    """The regime for labelled pictures. `weights` are those of the `Architecture`; unless given, they decide on the epochs."""
    epochs = epochs or (EPOCHS if weights in (None, IMAGENET) else TUNING_EPOCHS)
    return replace(Regime.falling(epochs, rate, batch_size, seed), average_decay=AVERAGE_DECAY, patience=patience)


def split(pictures: list[LabelledPicture], held_out: HeldOut, *, seed: int = 0) -> Parts:
    """The pictures for training, validation and test, drawn at random from the seed.

    Raises:
        LabelError: there are too few pictures.
    """
    pool = sorted(pictures, key=lambda picture: str(picture.path))
    test = held_out.test
    if isinstance(test, list):
        tested = test
        known = {picture.path.resolve() for picture in tested}
        pool = [picture for picture in pool if picture.path.resolve() not in known]
        random.Random(seed).shuffle(pool)
    else:
        random.Random(seed).shuffle(pool)
        count = round(test * len(pool))
        tested, pool = pool[:count], pool[count:]
    if len(pool) < MIN_PICTURES:
        raise LabelError(f"{len(pool)} pictures to train on: label {MIN_PICTURES} or more besides those for the test")
    validation = min(max(1, round(held_out.validation * len(pool))), len(pool) - 1)
    return pool[validation:], pool[:validation], tested


def _loaded(picture: LabelledPicture) -> Outlined:
    """The picture and its outlines, reduced to `KEPT_SIDE`."""
    photo = load_photo(picture.path)
    h, w = photo.pixels.shape[:2]
    whole = Outlined.whole(photo.pixels, picture.rescaled(1 / photo.scale).outlines)
    scale = min(1.0, KEPT_SIDE / max(h, w))
    return whole.resized(max(1, round(w * scale)), max(1, round(h * scale))) if scale < 1 else whole


class MaskViews(DrawnItems[tuple[torch.Tensor, torch.Tensor]]):
    """Pictures and masks as the network gets them: image 3 x SIDE x SIDE, normalised, and mask 1 x SIDE x SIDE of 0 and 1.

    With `draws` the views are random; without, every picture is shown once as it is. The pictures are held in memory, about a
    megabyte each.
    """

    def __init__(self, pictures: list[LabelledPicture], draws: Draws | None = None) -> None:
        super().__init__(draws or Draws(len(pictures)))
        self.pictures = [_loaded(picture) for picture in pictures]
        self.augment = draws is not None

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        view = self._random_view(index) if self.augment else self.pictures[index].fitted()
        normal, inside = (view.pixels.astype(np.float32) - MEAN) / STD, view.mask().astype(np.float32)
        return torch.from_numpy(normal.transpose(2, 0, 1).copy()), torch.from_numpy(inside.transpose(2, 0, 1).copy())

    def _random_view(self, index: int) -> Outlined:
        round_, place = divmod(index, len(self.pictures))
        seed = ((self.draws.seed * MOST_EPOCHS + self.epoch) * MOST_ROUNDS + round_) * MOST_PICTURES
        order = random.Random(seed).sample(range(len(self.pictures)), len(self.pictures))
        picture, rng = self.pictures[order[place]], random.Random(seed + place)
        if rng.random() < PAIRED:
            picture = side_by_side(picture, rng.choice(self.pictures), rng.uniform(*RIGHT_SHARE))
        return augmented(picture, rng.getrandbits(31))


def mask_loss(model: nn.Module, batch: Any) -> torch.Tensor:
    """Soft Dice loss, the mean over the pictures, so that small puzzles count as much as large ones.

    Milletari, Navab and Ahmadi, "V-Net", 2016 (https://arxiv.org/abs/1606.04797).
    """
    image, mask = batch
    return dice_loss(model(image.contiguous(memory_format=torch.channels_last)), mask)


def dice_loss(logits: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """One minus the mean over the batch of 2 sum(p g) / (sum(p^2) + sum(g^2)), smoothed; B x 1 x H x W logits and masks."""
    p = torch.sigmoid(logits.float())
    both, each = (p * mask).sum((1, 2, 3)), (p * p + mask * mask).sum((1, 2, 3))
    return 1 - ((2 * both + SMOOTH) / (each + SMOOTH)).mean()


@torch.no_grad()
def mask_metrics(model: nn.Module, loader: DataLoader) -> Metrics:
    """Mean IoU of the pictures at the network's size, and the loss. The IoU is 1 where no puzzle is, and none is found."""
    losses, scores = [], []
    for image, mask in loader:
        logits = model(image.contiguous(memory_format=torch.channels_last))
        losses.append(float(dice_loss(logits, mask)))
        scores += _ious(logits > 0, mask > 0)
    return {"validation_loss": float(np.mean(losses)), "iou": float(np.mean(scores))}


def _ious(guess: torch.Tensor, truth: torch.Tensor) -> list[float]:
    both = (guess & truth).sum((1, 2, 3)).float()
    either = (guess | truth).sum((1, 2, 3)).float()
    return torch.where(either > 0, both / either.clamp(min=1), torch.ones_like(both)).tolist()


def train_masks(
    pictures: list[LabelledPicture],
    run: Run,
    architecture: Architecture,
    held_out: HeldOut,
    *,
    views: int | None = None,
) -> Parts:
    """Train on labelled pictures; the run's folder gets a split.json. Returns the pictures, split.

    `views` is the number of random views in an epoch: by default as many as pictures, and at least `MIN_VIEWS`.

    Raises:
        LabelError: there are too few pictures, or they are not those of the run that is to be resumed.
        MissingPartError: the weights to begin with do not fit.
        RunExistsError: the folder holds a run and `resume` is not set, or that run cannot be resumed.
    """
    folder, regime = run.folder, run.regime
    refuse_existing(run)
    kept = folder / SPLIT
    if run.resume and kept.exists():
        others = held_out.test if isinstance(held_out.test, list) else []
        parts = Split(**json.loads(kept.read_text())).of([*pictures, *others])
    else:
        parts = split(pictures, held_out, seed=regime.seed)
    training, validation, _ = parts
    folder.mkdir(parents=True, exist_ok=True)
    paths = Split(*(tuple(str(picture.path) for picture in part) for part in parts))
    write_file(kept, json.dumps(asdict(paths), indent=1))
    torch.manual_seed(regime.seed)
    model = grid_model(architecture, classes=len(AREAS.classes)).to(memory_format=torch.channels_last)
    dataset = MaskViews(training, Draws(views or max(MIN_VIEWS, len(training)), regime.seed))
    batch = regime.batch_size
    loader = DataLoader(dataset, batch, num_workers=run.workers, drop_last=len(dataset) > batch)
    course = Course("masks", model, loader, DataLoader(MaskViews(validation), HELD_OUT_BATCH), mask_loss, mask_metrics)
    counts = {"pictures": [len(part) for part in parts], "validation": held_out.validation, "views": len(dataset)}
    fit(course, run, {**asdict(architecture), **counts})
    return parts
