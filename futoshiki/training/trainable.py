"""Every network that can be trained: how to rebuild it from a run, and how to export it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from futoshiki.networks.canvas import canvas_side
from futoshiki.networks.clues import CLUES
from futoshiki.networks.engine import Spec
from futoshiki.networks.grid import AREAS, GRID, MEAN, STD
from futoshiki.networks.text import TEXT
from futoshiki.training.architecture import Architecture
from futoshiki.training.models import ClueNet, TextNet, grid_model, load_all

Config = Mapping[str, Any]
"""What a run writes to its config.json."""


@dataclass(frozen=True)
class Trainable:
    """How to turn the weights of a run into a network that fulfils a spec.

    `monitor` is the metric by which the best epoch is chosen; higher is better. `rebuild` makes the network from a run's
    configuration and its weights. `sizes` are lengths for the axes of the spec that vary, with which the export is checked.
    """

    spec: Spec
    monitor: str
    rebuild: Callable[[Config, Path], nn.Module]
    sizes: Mapping[str, int]

    @property
    def axes(self) -> dict[int, str]:
        """The input's axes that vary, by number."""
        return {number: length for number, length in enumerate(self.spec.takes) if isinstance(length, str)}

    def sample(self) -> torch.Tensor:
        """A random input; the same one every time."""
        shape = tuple(length if isinstance(length, int) else self.sizes[length] for length in self.spec.takes)
        noise = np.random.default_rng(0)
        if self.spec.dtype == "uint8":
            return torch.from_numpy(noise.integers(0, 255, shape, dtype=np.uint8))
        return torch.from_numpy(noise.standard_normal(shape, np.float32))


class GridExport(nn.Module):
    """A grid network with the input and output of its spec: RGB bytes in, probabilities out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.mean = nn.Buffer(torch.from_numpy(MEAN).view(1, 3, 1, 1))
        self.std = nn.Buffer(torch.from_numpy(STD).view(1, 3, 1, 1))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """B x H x W x 3 uint8 to B x C x H x W probabilities."""
        pixels = image.permute(0, 3, 1, 2).float()
        return torch.sigmoid(self.model((pixels - self.mean) / self.std))


def _grid(spec: Spec) -> Callable[[Config, Path], nn.Module]:
    def rebuild(config: Config, weights: Path) -> nn.Module:
        model = grid_model(Architecture(config["arch"], config["encoder"], None), classes=len(spec.classes))
        load_all(model, weights)
        return GridExport(model)

    return rebuild


def _plain(kind: type[nn.Module]) -> Callable[[Config, Path], nn.Module]:
    def rebuild(_config: Config, weights: Path) -> nn.Module:
        model = kind()
        load_all(model, weights)
        return model

    return rebuild


TRAINABLE = {
    "grid": Trainable(GRID, "probability", _grid(GRID), {"height": 320, "width": 256}),
    "masks": Trainable(AREAS, "iou", _grid(AREAS), {"height": 320, "width": 256}),
    "clues": Trainable(CLUES, "probability", _plain(ClueNet), {"batch": 2, "side": canvas_side(7)}),
    "text": Trainable(TEXT, "exact_turns", _plain(TextNet), {"batch": 3}),
}
"""What can be trained, by the name that a run's config.json gives its network. `masks` is a grid network that learns from
outlines alone."""
