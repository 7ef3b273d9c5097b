"""Things that lie on a page: hands, pens and erasers, at the edge of the photo or over cells, and what they hide."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

import cv2
import numpy as np

from futoshiki.training.synth.board import Blocks

COUNTS = (0, 0, 0, 1, 1, 2)
"""Numbers of things that lie anywhere on a photo, equally likely."""
EDGE_SHARE = 0.75
"""Share of those that lie near the edge of the photo."""
OVER_SHARE = 0.14
"""Share of the photos with one thing more that lies over a board."""
SKINS = ((235, 190, 160), (220, 170, 135), (190, 135, 100), (140, 95, 70), (95, 65, 50))
"""Colours of skin."""
FINGER = (0.03, 0.075)
"""Range of the width of a finger, as a share of the photo's longer side."""
PEN = (0.22, 0.45)
"""Range of the width of a pen in widths of a finger."""
SHADOW = (0.1, 0.45)
"""Range of the share of the light that is missing in the shadow beside a thing."""
SAMPLES = np.linspace(-0.28, 0.28, 5)
"""Where a cell, or the gap between two, is looked at along each axis, in pitches from its middle."""
HIDDEN = 0.2
"""A cell or gap of which at least this share is covered counts as hidden: what stands in it may be illegible."""


@dataclass(frozen=True)
class _Shape:
    """A polygon (K x 2), or lines with round ends from point to point where they have a `width` in pixels."""

    points: np.ndarray
    colour: np.ndarray
    width: float = 0.0

    def draw(self, picture: np.ndarray, colour: Sequence[float]) -> None:
        points = [np.round(self.points).astype(np.int32)]
        if self.width:
            cv2.polylines(picture, points, False, colour, max(1, round(self.width)), cv2.LINE_AA)
        else:
            cv2.fillPoly(picture, points, colour, cv2.LINE_AA)


@dataclass
class Clutter:
    """Things laid on photos of one scene (K x H x W x 3 float32, changed in place); `cover` (H x W uint8) is above 0 where they
    lie.
    """

    rng: random.Random
    photos: np.ndarray
    cover: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.cover = np.zeros(self.photos.shape[1:3], np.uint8)

    def add(self, targets: np.ndarray) -> None:
        """A random number of things; `targets` (K x 2) are the cells that one of them may point to."""
        rng, extent = self.rng, np.array(self.cover.shape[::-1])
        for _ in range(rng.choice(COUNTS)):
            angle = rng.uniform(0, 2 * np.pi)
            reach = rng.uniform(0.36, 0.6) if rng.random() < EDGE_SHARE else rng.uniform(0, 0.36)
            thing = rng.choice([self._pen, self._pen, self._hand, self._eraser])
            self._lay(thing(extent / 2 + np.array([np.cos(angle), np.sin(angle)]) * reach * extent))
        if len(targets) and rng.random() < OVER_SHARE:
            thing = rng.choice([self._pen, self._hand, self._hand, self._writing_hand, self._eraser])
            self._lay(thing(targets[rng.randrange(len(targets))]))

    def _lay(self, shapes: list[_Shape]) -> None:
        """Draw the shapes of one thing, with its shadow beside it."""
        rng, mask = self.rng, np.zeros_like(self.cover)
        for shape in shapes:
            shape.draw(mask, (255,))
        far = 0.01 * max(mask.shape)
        offset = np.array([[1, 0, rng.uniform(-far, far)], [0, 1, rng.uniform(-far, far)]])
        shadow = cv2.GaussianBlur(cv2.warpAffine(mask, offset, mask.shape[::-1]), (0, 0), rng.uniform(0.3, 1.0) * far + 0.5)
        self.photos *= 1 - (rng.uniform(*SHADOW) / 255) * shadow[..., None].astype(np.float32)
        for shape, photo in product(shapes, self.photos):
            shape.draw(photo, shape.colour.tolist())
        self.cover |= mask

    def _finger(self) -> float:
        return self.rng.uniform(*FINGER) * max(self.cover.shape)

    def _pen(self, tip: np.ndarray) -> list[_Shape]:
        """A pen or pencil in any direction from its tip."""
        return self._pen_along(tip, _direction(self.rng.uniform(0, 2 * np.pi)), self._finger())

    def _pen_along(self, tip: np.ndarray, along: np.ndarray, finger: float) -> list[_Shape]:
        rng = self.rng
        width = finger * rng.uniform(*PEN)
        colour = np.array([rng.uniform(10, 240) for _ in range(3)])
        neck, end = tip + along * 2 * width, tip + along * finger * rng.uniform(6, 10)
        across = np.array([-along[1], along[0]]) * width / 2
        highlight = np.minimum(255, colour * 1.3 + 25)
        return [
            _Shape(np.stack([tip, neck + across, neck - across]), colour * rng.uniform(0.3, 1.0)),
            _Shape(np.stack([neck + across, neck - across, end - across, end + across]), colour),
            _Shape(np.stack([neck, end]) + across * 0.4, highlight, max(1.0, width / 5)),
        ]

    def _hand(self, tip: np.ndarray) -> list[_Shape]:
        """A hand that reaches in from an edge of the photo, with its first finger at the tip."""
        return self._hand_along(tip, self._towards_edge(tip), self._finger())

    def _hand_along(self, tip: np.ndarray, along: np.ndarray, finger: float) -> list[_Shape]:
        rng = self.rng
        skin = np.array(rng.choice(SKINS)) * rng.uniform(0.85, 1.08)
        across = np.array([-along[1], along[0]]) * rng.choice([-1, 1])
        count = rng.choice([1, 1, 2, 3, 4])
        palm = tip + along * finger * rng.uniform(4.2, 5.5) + across * finger * 1.2
        wrist = palm + along * finger * 3
        arm = [
            _Shape(np.stack([palm, wrist + along * finger * 20]), skin * 0.92, finger * 3.2),
            _Shape(np.stack([palm - across * finger * 0.3, wrist]), skin * 0.96, finger * 3.8),
        ]
        for k in reversed(range(count)):
            end = tip + across * finger * 1.02 * k + along * finger * abs(rng.gauss(0.35, 0.3)) * (k > 0)
            bend = (end + palm) / 2 + across * finger * (0.5 * k - 0.75 + rng.gauss(0, 0.2))
            line = np.stack([end, bend, palm + across * finger * (0.8 * k - 1.2)])
            arm += [_Shape(line, skin * 0.8, finger), _Shape(line + along * finger * 0.04, skin, finger * 0.8)]
            arm.append(_Shape(np.stack([end, end + along * finger * 0.25]), np.minimum(255, skin * 1.1 + 8), finger * 0.5))
        return arm

    def _writing_hand(self, tip: np.ndarray) -> list[_Shape]:
        """A pen in a hand."""
        along, finger = self._towards_edge(tip), self._finger()
        lean = _direction(float(np.arctan2(along[1], along[0])) + self.rng.uniform(-0.5, 0.5))
        return [*self._pen_along(tip, lean, finger), *self._hand_along(tip + lean * finger * 2.2, along, finger)]

    def _eraser(self, middle: np.ndarray) -> list[_Shape]:
        """A rectangle of one colour."""
        rng, side = self.rng, self.cover.shape[1]
        size = (side * rng.uniform(0.05, 0.15), side * rng.uniform(0.04, 0.08))
        box = cv2.boxPoints((middle.tolist(), size, rng.uniform(0, 180)))
        return [_Shape(box, np.array([rng.uniform(20, 240) for _ in range(3)]))]

    def _towards_edge(self, tip: np.ndarray) -> np.ndarray:
        """The direction of an arm, a unit vector: away from the photo's middle, or to where the photographer stands."""
        rng = self.rng
        away = tip - np.array(self.cover.shape[::-1]) / 2
        angle = np.pi / 2 if rng.random() < 0.5 else float(np.arctan2(away[1], away[0]))
        return _direction(angle + rng.gauss(0, 0.5))


def _direction(angle: float) -> np.ndarray:
    return np.array([np.cos(angle), np.sin(angle)])


def hidden_blocks(cells: np.ndarray, cover: np.ndarray) -> Blocks:
    """Which cells of a board and gaps between them are hidden where `cover` (H x W uint8) is above 0.

    `cells` are the cell centres in the photo (N x N x 2). Cells and gaps are numbered as in `BoardTruth.hidden`.
    """
    middles = np.repeat(np.repeat(cells.astype(np.float64), 2, axis=0), 2, axis=1)[:-1, :-1]
    middles[1::2] = (middles[:-1:2] + middles[2::2]) / 2
    middles[:, 1::2] = (middles[:, :-1:2] + middles[:, 2::2]) / 2
    right, down = np.diff(cells, axis=1).mean(axis=(0, 1)), np.diff(cells, axis=0).mean(axis=(0, 1))
    steps = SAMPLES[:, None, None] * down + SAMPLES[None, :, None] * right
    points = np.round(middles[:, :, None, None] + steps).astype(int)
    height, width = cover.shape
    inside = ((points >= 0) & (points < [width, height])).all(axis=-1)
    x, y = np.where(inside[..., None], points, 0).transpose(4, 0, 1, 2, 3)
    covered = ((cover[y, x] > 0) & inside).mean(axis=(2, 3)) >= HIDDEN
    covered[1::2, 1::2] = False  # no sign stands between four cells
    return tuple((int(row) + 1, int(column) + 1) for row, column in np.argwhere(covered))
