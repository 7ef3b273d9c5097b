"""Distillation: a small grid network learns what a larger one says, besides the truth.

Hinton, Vinyals and Dean, Distilling the Knowledge in a Neural Network, 2015 (https://arxiv.org/abs/1503.02531).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

from futoshiki.reading.locate import GridNetwork
from futoshiki.training.grid import MEAN, STD, UNLABELLED, mask_loss

WEIGHT = 4.0
"""Of the likeness to the teacher over the truth."""
TEACHER_SAYS = 0.5
"""Probability from which a pixel lies inside."""


class Distillation:
    """A loss for `train_grid`; `teacher` takes and gives what the shipped grid network does.

    Where the truth is known and the teacher errs, only the truth counts: what it cannot do can still be learnt.
    """

    def __init__(self, teacher: GridNetwork) -> None:
        self.teacher = teacher

    def __call__(self, model: nn.Module, batch: Any) -> torch.Tensor:
        """`WEIGHT` times the cross-entropy to the teacher's probabilities, and the loss by the truth where it is known."""
        image, masks, counts = batch
        pixels = np.clip(image.cpu().numpy().transpose(0, 2, 3, 1) * STD + MEAN + 0.5, 0, 255).astype(np.uint8)
        said = torch.from_numpy(np.concatenate([self.teacher(one[None]) for one in pixels])).to(image.device)
        logits = model(image.contiguous(memory_format=torch.channels_last))
        trusted = ((said > TEACHER_SAYS) == (masks > TEACHER_SAYS)) | (counts == UNLABELLED)[:, None, None, None]
        likeness = nn.functional.binary_cross_entropy_with_logits(logits, said, weight=trusted.float())
        return WEIGHT * likeness + mask_loss(logits, masks, counts)
