"""How well outlines are found: overlap and boundaries by picture, and panels to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from futoshiki.drawing.masks import TINT, draw_mask
from futoshiki.drawing.tiles import Tile, contact_sheet
from futoshiki.geometry import mask_iou
from futoshiki.labels.picture import LabelledPicture
from futoshiki.photo import load_photo
from futoshiki.reading.puzzle_areas import area_mask, puzzle_areas
from futoshiki.reading.puzzle_mask import puzzle_mask
from futoshiki.reading.reader import Reader

SCORED_SIDE = 1024
"""Longer side in pixels to which masks are reduced before they are compared."""
TILE_SIDE = 320
"""Longer side in pixels of a picture in a panel."""
ONE_COLUMN = 6
"""Most pictures that a panel shows below each other; more are laid out in two columns."""
TRUTH, REFINED = (20, 160, 60), (200, 40, 160)
"""Colours of a label and of the refined mask in a panel."""
FARTHEST = 100.0
"""Boundary distance where only one of two masks is empty: the whole diagonal of the picture."""


@dataclass(frozen=True)
class Agreement:
    """How well a mask agrees with a label.

    `iou` is intersection over union; 1 where both are empty. `distance` is the boundary distance, see `boundary_distance`.
    """

    iou: float
    distance: float

    @classmethod
    def of(cls, truth: np.ndarray, found: np.ndarray) -> Agreement:
        """That of two masks of one size, H x W, not 0 inside."""
        return cls(mask_iou(truth, found), boundary_distance(truth, found))


@dataclass(frozen=True, eq=False)
class MaskScore:
    """The score of one picture.

    `raw` is that of what the grid network alone sees (see `reading.puzzle_mask`), `refined` that of the outlines after
    everything that the pipeline knows. `view` is the picture, reduced, h x w x 3 uint8 RGB; `masks` are the label, the raw and
    the refined mask, each h x w uint8 of 0 and 1.
    """

    picture: LabelledPicture
    raw: Agreement
    refined: Agreement
    view: np.ndarray
    masks: tuple[np.ndarray, np.ndarray, np.ndarray]

    @cached_property
    def worst_iou(self) -> float:
        """The lower one of the two IoUs."""
        return min(self.raw.iou, self.refined.iou)


FIGURES: dict[str, Callable[[MaskScore], float]] = {
    "raw IoU": lambda score: score.raw.iou,
    "refined IoU": lambda score: score.refined.iou,
    "raw boundary distance, %": lambda score: score.raw.distance,
    "refined boundary distance, %": lambda score: score.refined.distance,
}
"""What is told of every picture, by name: the columns of tables."""


def score_masks(pictures: Iterable[LabelledPicture], reader: Reader) -> Iterator[MaskScore]:
    """Compare the outlines of every picture with the raw and the refined mask of a reader.

    Raises:
        MissingPartError: a model is not installed.
        UnreadableFileError: a picture cannot be read.
    """
    for picture in pictures:
        photo = load_photo(picture.path)
        raw = puzzle_mask(photo.pixels, reader.networks.grid)
        small = replace(photo, pixels=_reduced(photo.pixels, SCORED_SIDE))
        h, w = small.pixels.shape[:2]
        scale = photo.pixels.shape[1] / w * photo.scale
        truth = picture.rescaled(1 / scale).mask(h, w)[..., 0]
        raw = np.asarray(cv2.resize(raw, (w, h), interpolation=cv2.INTER_NEAREST))
        refined = area_mask(puzzle_areas(photo, reader), replace(small, scale=scale))
        view = _reduced(small.pixels, TILE_SIDE)
        size = view.shape[1::-1]
        masks = tuple(np.asarray(cv2.resize(m, size, interpolation=cv2.INTER_NEAREST)) for m in (truth, raw, refined))
        yield MaskScore(picture, Agreement.of(truth, raw), Agreement.of(truth, refined), view, (masks[0], masks[1], masks[2]))


def _reduced(pixels: np.ndarray, side: int) -> np.ndarray:
    scale = side / max(pixels.shape[:2])
    return np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)) if scale < 1 else pixels


def boundary_distance(a: np.ndarray, b: np.ndarray) -> float:
    """Mean distance between the boundaries of two masks (H x W, not 0 inside), in per cent of the picture's diagonal.

    It is the average symmetric surface distance (Heimann et al., "Comparison and evaluation of methods for liver
    segmentation from CT datasets", IEEE Transactions on Medical Imaging 28, 2009): from every boundary pixel of each mask to
    the nearest one of the other mask. 0 where both masks are empty, `FARTHEST` where only one is.
    """
    edges = [_boundary(mask) for mask in (a, b)]
    if not all(edge.any() for edge in edges):
        return FARTHEST if any(edge.any() for edge in edges) else 0.0
    to = [cv2.distanceTransform((~edge).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for edge in edges]
    distances = np.concatenate([to[1][edges[0]], to[0][edges[1]]])
    return float(distances.mean() / np.hypot(*a.shape) * 100)


def _boundary(mask: np.ndarray) -> np.ndarray:
    """The pixels inside a mask that touch the outside or the edge of the picture, H x W of true and false."""
    inside = (mask > 0).astype(np.uint8)
    core = cv2.erode(inside, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)), borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return (inside > 0) & (core == 0)


def worst_first(scores: Iterable[MaskScore]) -> list[MaskScore]:
    """The scores, those with the lowest IoU first."""
    return sorted(scores, key=lambda score: score.worst_iou)


def panel_of(scores: Sequence[MaskScore]) -> np.ndarray:
    """A picture (H x W x 3 uint8 RGB) with a row for every score: the photo, its label, the raw and the refined mask."""
    columns = 1 if len(scores) <= ONE_COLUMN else 2
    height = -(-len(scores) // columns)
    return contact_sheet([[tile for score in scores[k::height] for tile in _tiles(score)] for k in range(height)], TILE_SIDE)


def _tiles(score: MaskScore) -> list[Tile]:
    parts = {"raw": score.raw, "refined": score.refined}
    captions = ["label", *(f"{name}: IoU {part.iou:.3f}, distance {part.distance:.2f} %" for name, part in parts.items())]
    drawn = zip(score.masks, (TRUTH, TINT, REFINED), captions, strict=True)
    return [Tile(score.view, score.picture.path.name), *(Tile(draw_mask(score.view, m, c), text) for m, c, text in drawn)]
