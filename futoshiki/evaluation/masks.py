"""How well outlines are found: IoU by picture, and panels to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.drawing.masks import draw_mask
from futoshiki.geometry import convex_areas, mask_iou
from futoshiki.labels.picture import LabelledPicture
from futoshiki.photo import load_photo
from futoshiki.reading.locate import OPEN, GridNetwork, page_maps, page_view

SIDE = 256
"""Longer side at which masks are compared: that at which the network sees them."""
TRUTH = (20, 160, 60)
TILE, BAND, GAP = 256, 22, 6
"""Pixels of a picture in a panel, of the line below it, and between two."""


@dataclass(frozen=True, eq=False)
class MaskScore:
    """One picture: the mask that was found beside the labelled one, both h x w uint8 of 0 and 1, and their IoU."""

    picture: LabelledPicture
    view: np.ndarray
    truth: np.ndarray
    found: np.ndarray

    @property
    def iou(self) -> float:
        """Intersection over union; 1 where there is no puzzle and none is found."""
        return mask_iou(self.truth, self.found)


def score_masks(pictures: Iterable[LabelledPicture], network: GridNetwork) -> Iterator[MaskScore]:
    """Run the network over every picture and compare with its outlines."""
    for picture in pictures:
        pixels = load_photo(picture.path).pixels
        found = convex_areas((page_maps(pixels, network, side=SIDE)[OPEN] > 0.5).astype(np.uint8))
        h, w = found.shape
        scale = np.array([w, h]) / pixels.shape[1::-1]
        truth = LabelledPicture(picture.path, tuple((polygon + 0.5) * scale - 0.5 for polygon in picture.polygons)).mask(h, w)
        yield MaskScore(picture, page_view(pixels, SIDE), truth[..., 0], found)


def panel_of(scores: Sequence[MaskScore]) -> np.ndarray:
    """A picture (H x W x 3 uint8 RGB) of every score, worst first: the photo, its label, and what was found, in a row."""
    ordered = sorted(scores, key=lambda score: score.iou)
    columns = 1 if len(ordered) <= 6 else 2
    rows = -(-len(ordered) // columns)
    width, height = 3 * TILE + 4 * GAP, TILE + BAND + GAP
    sheet = Image.new("RGB", (columns * width, rows * height + GAP), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=14)
    for k, score in enumerate(ordered):
        x, y = k // rows * width + GAP, k % rows * height + GAP
        tiles = (score.view, draw_mask(score.view, score.truth, TRUTH), draw_mask(score.view, score.found))
        for column, tile in enumerate(tiles):
            sheet.paste(Image.fromarray(_fitted(tile)), (x + column * (TILE + GAP), y))
        draw.text((x, y + TILE + 2), f"{score.picture.path.name}: IoU {score.iou:.3f}  (photo, label, found)", "black", font)
    return np.asarray(sheet)


def _fitted(pixels: np.ndarray) -> np.ndarray:
    """The picture in a TILE x TILE square."""
    scale = TILE / max(pixels.shape[:2])
    reduced = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    square = np.full((TILE, TILE, 3), 255, np.uint8)
    square[: reduced.shape[0], : reduced.shape[1]] = reduced[:TILE, :TILE]
    return square
