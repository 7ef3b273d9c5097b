"""How well outlines are found: IoU by picture, and panels to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from futoshiki.drawing.masks import draw_mask
from futoshiki.drawing.tiles import Tile, contact_sheet
from futoshiki.geometry import mask_iou
from futoshiki.labels.picture import LabelledPicture
from futoshiki.networks.engine import Runner
from futoshiki.networks.grid import SIDE, page_view
from futoshiki.photo import load_photo
from futoshiki.reading.locate import puzzle_mask

TRUTH = (20, 160, 60)
"""Colour of a label in a panel."""
ONE_COLUMN = 6
"""Most pictures that a panel shows below each other; more are laid out in two columns."""


@dataclass(frozen=True, eq=False)
class MaskScore:
    """One picture as the network saw it (`view`, h x w x 3), its labelled mask and the mask that was found, both h x w uint8
    of 0 and 1.
    """

    picture: LabelledPicture
    view: np.ndarray
    truth: np.ndarray
    found: np.ndarray

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where there is no puzzle and none is found."""
        return mask_iou(self.truth, self.found)


def score_masks(pictures: Iterable[LabelledPicture], network: Runner) -> Iterator[MaskScore]:
    """Run a grid network over every picture and compare its masks with the outlines."""
    for picture in pictures:
        photo = load_photo(picture.path)
        pixels = photo.pixels
        found = puzzle_mask(pixels, network, side=SIDE)
        truth = picture.rescaled(np.array(found.shape[::-1]) / pixels.shape[1::-1] / photo.scale).mask(*found.shape)
        yield MaskScore(picture, page_view(pixels), truth[..., 0], found)


def panel_of(scores: Sequence[MaskScore]) -> np.ndarray:
    """A picture (H x W x 3 uint8 RGB) of every score, worst first: the photo, its label, and what was found, in a row."""
    ordered = sorted(scores, key=lambda score: score.iou)
    columns = 1 if len(ordered) <= ONE_COLUMN else 2
    height = -(-len(ordered) // columns)
    return contact_sheet([[tile for score in ordered[k::height] for tile in _tiles(score)] for k in range(height)], SIDE)


def _tiles(score: MaskScore) -> tuple[Tile, Tile, Tile]:
    caption = f"{score.picture.path.name}: IoU {score.iou:.3f}  (photo, label, found)"
    masks = draw_mask(score.view, score.truth, TRUTH), draw_mask(score.view, score.found)
    return Tile(score.view, caption), Tile(masks[0]), Tile(masks[1])
