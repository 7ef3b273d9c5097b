"""Random changes of pictures and masks, built with albumentations (https://albumentations.ai)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import albumentations as A
import cv2
import numpy as np

from futoshiki.networks.grid import GREY, SIDE, SOFTNESS

Transform = Any
"""albumentations is not typed."""


def geometry() -> list[Transform]:
    """Transforms that move the mask along with the picture.

    Mirror images suit a network that only finds puzzles; a network that reads digits must not learn from them.
    """
    fill = {"fill": (GREY,) * 3, "fill_mask": 0, "border_mode": cv2.BORDER_CONSTANT}
    return [
        A.HorizontalFlip(p=0.5),
        A.RandomRotate90(p=0.5),
        A.Affine(scale=(0.75, 1.6), translate_percent=(-0.1, 0.1), rotate=(-30, 30), shear=(-4, 4), p=0.9, **fill),
        A.Perspective(scale=(0.02, 0.09), p=0.4, **fill),
    ]


def appearance() -> list[Transform]:
    """Transforms of the picture alone: noise, light, sharpness and colour, as in the examples of segmentation_models.pytorch.

    Sharpness is changed less often than there: cells are only a few pixels wide, and once blurred away they teach nothing.
    """
    return [
        A.GaussNoise(std_range=(0.01, 0.05), p=0.2),
        A.OneOf([A.CLAHE(p=1), A.RandomBrightnessContrast(0.35, 0, p=1), A.RandomGamma(p=1)], p=0.6),
        A.OneOf([A.Sharpen(p=1), A.Blur(3, p=1), A.MotionBlur(3, p=1)], p=0.25),
        A.OneOf([A.RandomBrightnessContrast(0, 0.35, p=1), A.HueSaturationValue(p=1)], p=0.6),
        A.RandomShadow(p=0.15),
    ]


def fitted() -> list[Transform]:
    """The whole picture in a SIDE x SIDE square, padded on the right and below and softened, as when a photo is solved."""
    return [
        A.LongestMaxSize(SIDE, interpolation=cv2.INTER_AREA),
        A.PadIfNeeded(SIDE, SIDE, position="top_left", fill=(GREY,) * 3, fill_mask=0, border_mode=cv2.BORDER_CONSTANT),
        A.GaussianBlur(blur_limit=0, sigma_limit=(SOFTNESS, SOFTNESS), p=1),
    ]


def training_stack() -> A.Compose:
    """The default for training on masks: every transform above, at random."""
    return A.Compose([*geometry(), *fitted(), *appearance()])


def plain_stack() -> A.Compose:
    """The fit into the square alone, for validation."""
    return A.Compose(fitted())


def each_alone(image: np.ndarray, mask: np.ndarray, *, seed: int = 0) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """The result of every transform by itself: its name, the picture and the mask, both SIDE x SIDE."""
    shown = []
    for transform in [*geometry(), *appearance()]:
        members = transform.transforms if isinstance(transform, A.OneOf) else [transform]
        for member in members:
            member.p = 1.0
            out = _applied([member, *fitted()], image, mask, seed)
            shown.append((type(member).__name__, *out))
    return shown


def stacked(image: np.ndarray, mask: np.ndarray, *, count: int = 8, seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pictures and masks (SIDE x SIDE) changed by the whole stack, `count` times."""
    return [_applied([*geometry(), *fitted(), *appearance()], image, mask, seed + k) for k in range(count)]


def _applied(transforms: Sequence[Transform], image: np.ndarray, mask: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    out = A.Compose(list(transforms), seed=seed)(image=image, mask=mask)
    return out["image"], out["mask"]
