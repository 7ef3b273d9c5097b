"""Distillation: a small grid network learns from the output of a larger one, besides the ground truth.

Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015 (https://arxiv.org/abs/1503.02531).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from futoshiki.networks.engine import Runner
from futoshiki.networks.grid import MEAN, STD
from futoshiki.training.grid import UNLABELLED, mask_loss

WEIGHT = 4.0
"""Weight of the teacher's output, relative to the ground truth."""
INSIDE = 0.5
"""Probability above which a pixel lies inside an area."""


class Distillation:
    """A loss for `train_grid`; `teacher` is a network with the input and output of the grid network.

    Where the ground truth is known and the teacher errs, only the truth counts, so that its errors are not learnt.
    """

    def __init__(self, teacher: Runner) -> None:
        self.teacher = teacher

    def __call__(self, model: nn.Module, batch: Any) -> torch.Tensor:
        """`WEIGHT` times the cross-entropy to the teacher's probabilities, plus the loss by the ground truth where known."""
        image, masks, counts = batch
        pixels = np.clip(image.cpu().numpy().transpose(0, 2, 3, 1) * STD + MEAN + 0.5, 0, 255).astype(np.uint8)
        taught = torch.from_numpy(np.concatenate([self.teacher(one[None]) for one in pixels])).to(image.device)
        logits = model(image.contiguous(memory_format=torch.channels_last))
        trusted = ((taught > INSIDE) == (masks > INSIDE)) | (counts == UNLABELLED)[:, None, None, None]
        likeness = nn.functional.binary_cross_entropy_with_logits(logits, taught, weight=trusted.float())
        return WEIGHT * likeness + mask_loss(logits, masks, counts)
