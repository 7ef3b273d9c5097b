"""Data to train on: the samples of a folder, and random items of which each epoch gets new ones."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from torch.utils.data import Dataset

from futoshiki.training.synth.store import StoredSample, enough_samples

Item = TypeVar("Item", covariant=True)
Range = tuple[float, float]
"""The least and the greatest value of something drawn at random."""
HELD_OUT_PART = 5
"""At most one sample in this many is held out."""
HELD_OUT_SEED = 7
"""Seed of held-out items. It is the same in every run, so that runs can be compared."""
HELD_OUT_BATCH, HELD_OUT_BATCH_SMALL = 16, 256
"""Held-out pictures that are run at once, and tiles of a page's text, which are small."""
MOST_EPOCHS, MOST_ITEMS = 1000, 10_000_019
"""Epochs of a run and items of an epoch that get random seeds of their own."""


class Photos(Protocol):
    """Samples to train on. `epoch_size` is the number of items of an epoch, which are drawn from them."""

    epoch_size: int

    def held_out(self) -> list[StoredSample]:
        """The samples that validate; training never sees them."""

    def at(self, epoch: int) -> list[StoredSample]:
        """The samples that an epoch, counted from 0, draws from."""

    def about(self) -> dict[str, int]:
        """What the model card tells: the number of samples (`data`), of `fresh` ones in each epoch, and the first `seed`."""


class SampleSet(Photos):
    """A folder of synthetic samples, of which the first `validation` are held out, but no more than a fifth.

    Raises:
        TrainingError: there are too few samples.
    """

    def __init__(self, folder: Path, epoch_size: int, validation: int = 200) -> None:
        self.epoch_size = epoch_size
        samples = enough_samples(folder)
        validation = min(validation, len(samples) // HELD_OUT_PART)
        self._held_out, self._rest = samples[:validation], samples[validation:]

    def held_out(self) -> list[StoredSample]:
        """The first samples of the folder."""
        return self._held_out

    def at(self, _epoch: int) -> list[StoredSample]:
        """All other samples, in every epoch."""
        return self._rest

    def about(self) -> dict[str, int]:
        """The number of samples."""
        return {"data": len(self._held_out) + len(self._rest)}


@dataclass(frozen=True)
class Draws:
    """Number of random items in an epoch, the seed they are drawn from, and the batch size."""

    count: int
    seed: int = 0
    batch: int = 1


class DrawnItems(Dataset[Item]):
    """Items drawn at random: new ones in each `epoch`, the same ones if an epoch is repeated."""

    def __init__(self, draws: Draws) -> None:
        self.draws, self.epoch = draws, 0

    def __len__(self) -> int:
        return self.draws.count

    def rng(self, index: int) -> random.Random:
        """The source of the random choices for one item."""
        return random.Random(self._seed() + index)

    def batch_rng(self, index: int) -> random.Random:
        """The source of the random choices that all items of a batch share."""
        return random.Random(self._seed() - 1 - index // self.draws.batch)

    def _seed(self) -> int:
        return (self.draws.seed * MOST_EPOCHS + self.epoch) * MOST_ITEMS
