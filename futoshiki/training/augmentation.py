"""Random changes of pictures and the outlines in them, built with albumentations (https://albumentations.ai)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import albumentations as A
import cv2
import numpy as np

from futoshiki.geometry import fill_polygons, quad_area, rescaled
from futoshiki.networks.grid import GREY, SIDE, page_view

Transform = Any
"""albumentations is not typed."""
LEAST_IN_VIEW = 0.5
"""Share of a puzzle's area that a view must show for it to count as a puzzle there."""
POINTS = A.KeypointParams(format="xy", remove_invisible=False)
"""Outlines move along with their picture as points, so that it is known how much of a puzzle a view leaves out."""


@dataclass(frozen=True, eq=False)
class Outlined:
    """A picture, H x W x 3 uint8 RGB, and the outlines of its puzzles, each K x 2 in its pixels.

    `shown` is H x W uint8: 1 where the picture is, 0 where it was padded. Outlines may reach beyond what is shown.
    """

    pixels: np.ndarray
    outlines: tuple[np.ndarray, ...]
    shown: np.ndarray

    @classmethod
    def whole(cls, pixels: np.ndarray, outlines: tuple[np.ndarray, ...]) -> Outlined:
        """A picture without padding."""
        return cls(pixels, outlines, np.ones(pixels.shape[:2], np.uint8))

    def resized(self, width: int, height: int) -> Outlined:
        """The same at another size."""
        pixels = np.asarray(cv2.resize(self.pixels, (width, height), interpolation=cv2.INTER_AREA))
        return self._at_size(pixels)

    def moved(self, transforms: Sequence[Transform], seed: int) -> Outlined:
        """The same after transforms that move pixels."""
        points = np.concatenate([np.empty((0, 2)), *self.outlines])
        stack = A.Compose(list(transforms), keypoint_params=POINTS, seed=seed)
        out = stack(image=self.pixels, mask=self.shown, keypoints=points)
        ends = np.cumsum([len(outline) for outline in self.outlines])[:-1]
        outlines = tuple(np.split(np.asarray(out["keypoints"]), ends)) if self.outlines else ()
        return Outlined(out["image"], outlines, out["mask"])

    def repainted(self, transforms: Sequence[Transform], seed: int) -> Outlined:
        """The same after transforms that leave every pixel where it is."""
        return replace(self, pixels=A.Compose(list(transforms), seed=seed)(image=self.pixels)["image"])

    def fitted(self) -> Outlined:
        """The whole picture in a SIDE x SIDE square, padded on the right and below, as the network sees it when it is used."""
        view = self._at_size(page_view(self.pixels))
        below, right = SIDE - view.pixels.shape[0], SIDE - view.pixels.shape[1]
        square = cv2.copyMakeBorder(view.pixels, 0, below, 0, right, cv2.BORDER_CONSTANT, value=(GREY,) * 3)
        return Outlined(np.asarray(square), view.outlines, np.pad(view.shown, ((0, below), (0, right))))

    def mask(self) -> np.ndarray:
        """H x W x 1 uint8: 1 in the puzzles of which at least `LEAST_IN_VIEW` is shown, as far as they are, 0 elsewhere."""
        h, w = self.pixels.shape[:2]
        shown = self.shown[..., None]
        areas = [(outline, np.count_nonzero(fill_polygons([outline], h, w) * shown)) for outline in self.outlines]
        kept = [outline for outline, area in areas if area >= LEAST_IN_VIEW * quad_area(outline)]
        return fill_polygons(kept, h, w) * shown

    def _at_size(self, pixels: np.ndarray) -> Outlined:
        """The same with the pixels of another size."""
        h, w = pixels.shape[:2]
        scale = np.array([w, h]) / self.pixels.shape[1::-1]
        shown = np.asarray(cv2.resize(self.shown, (w, h), interpolation=cv2.INTER_NEAREST))
        return Outlined(pixels, tuple(rescaled(outline, scale) for outline in self.outlines), shown)


def side_by_side(left: Outlined, right: Outlined, share: float) -> Outlined:
    """A picture of the size of `left` whose right part, a `share` of its width, is the left part of another picture.

    It holds more puzzles than most labelled ones, and puzzles that are cut off. The idea is that of mosaics (Bochkovskiy et
    al., YOLOv4, 2020, https://arxiv.org/abs/2004.10934), but nothing becomes smaller: small puzzles look like any others.
    """
    (height, width), (h, w) = left.pixels.shape[:2], right.pixels.shape[:2]
    right = right.resized(max(1, round(w * height / h)), height)
    start = min(round(share * width), right.pixels.shape[1])
    pixels, shown = (
        np.hstack(both)[:, start : start + width] for both in ((left.pixels, right.pixels), (left.shown, right.shown))
    )
    moved = [outline + np.array([-start, 0]) for outline in left.outlines]
    moved += [outline + np.array([width - start, 0]) for outline in right.outlines]
    return Outlined(pixels, tuple(moved), shown)


def geometry() -> list[Transform]:
    """Transforms that move the outlines along with the picture. They turn it, come closer, and cut puzzles off at its edges.

    Mirror images suit a network that only finds puzzles; a network that reads digits must not learn from them.
    """
    fill = {"fill": (GREY,) * 3, "fill_mask": 0, "border_mode": cv2.BORDER_CONSTANT}
    return [
        A.HorizontalFlip(p=0.5),
        A.RandomRotate90(p=0.5),
        A.Affine(scale=(0.8, 1.8), translate_percent=(-0.15, 0.15), rotate=(-30, 30), shear=(-4, 4), p=0.9, **fill),
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
        A.RandomShadow((0, 0, 1, 1), num_shadows_limit=(1, 1), shadow_dimension=4, shadow_intensity_range=(0.2, 0.6), p=0.25),
    ]


def augmented(picture: Outlined, seed: int) -> Outlined:
    """The default for training on masks: every transform above, at random, in the square that the network sees."""
    return picture.moved(geometry(), seed).fitted().repainted(appearance(), seed)


def each_alone(picture: Outlined, *, seed: int = 0) -> list[tuple[str, Outlined]]:
    """The result of every transform by itself, with its name, in the square that the network sees."""
    shown = [(type(transform).__name__, picture.moved([_surely(transform)], seed).fitted()) for transform in geometry()]
    for transform in appearance():
        for member in transform.transforms if isinstance(transform, A.OneOf) else [transform]:
            shown.append((type(member).__name__, picture.fitted().repainted([_surely(member)], seed)))
    return shown


def _surely(transform: Transform) -> Transform:
    """The transform, applied in any case."""
    transform.p = 1.0
    return transform
