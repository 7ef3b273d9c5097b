"""Videos of a page under a moving camera, with the ground truth for every frame.

Only the tests and benchmarks of video use this module; no network is trained on its videos. A picture with a board
serves as a flat page. The camera pans, tilts, turns, zooms and shakes above it. Hands pass over the page, and one page
follows another. Frames are noisy, blurred by the motion, and lit unevenly in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from futoshiki.evaluation.truth import truth_pairs
from futoshiki.geometry import board_outline, fill_polygons, transform
from futoshiki.photo import load_photo
from futoshiki.puzzle import Grid, freeze_grid

TABLE = (96, 84, 74)
"""Colour of the table around a page."""
SKIN = (196, 150, 124)
"""Colour of a hand unless another one is given."""
HAND_WIDTH = 0.3
"""Width of a hand as a share of the frame's width."""
FINGERS = 4
"""Fingers of a hand that are drawn."""
SHADOW_SHIFT, SHADOW_BLUR = 0.03, 0.015
"""How far a hand's shadow falls to the left and down, and its blur (sigma), as shares of the frame's height."""
FOCAL = 1.2
"""Focal length of the camera in widths of a frame."""
SLIDE = 1.3
"""Widths of a frame by which a page is moved to be out of view."""
FLICKER_RATE = 1.7
"""Angular frequency (radians per second) of the changing light."""
SWING_RATES = np.linspace(0.6, 1.4, 6)
"""Frequencies of the camera's six swings (zoom, two tilts, roll, pan in x and in y), relative to `Motion.speed`.
All differ, so that no motion repeats soon."""
OPAQUE = 127
"""Share of a pixel, of 255, above which it counts as covered by the hand."""
EXPOSURES = 3
"""Number of views whose mean makes a frame with motion blur."""


@dataclass(frozen=True, eq=False)
class FilmedPage:
    """A picture (H x W x 3 uint8 RGB), and the cell centres (N x N x 2) and the outline (K x 2) of its board in its pixels."""

    pixels: np.ndarray
    cells: np.ndarray
    outline: np.ndarray
    name: str = "page"

    @classmethod
    def of(cls, pixels: np.ndarray, truth: Mapping[str, Any], name: str = "page") -> FilmedPage:
        """The page of a picture and its ground truth, which must have `cells` and `corners`."""
        cells, corners = np.array(truth["cells"], float), np.array(truth["corners"], float)
        return cls(pixels, cells, board_outline(cells, corners), name)


def filmed_pages(folder: Path) -> Iterator[tuple[FilmedPage, Grid]]:
    """The pictures of a folder whose ground truth has `cells` and one solution, as pages, with that solution."""
    for picture, truth in truth_pairs(folder):
        if truth.get("cells") and truth.get("solution") and len(truth["givens"]) < truth["size"] ** 2:
            yield FilmedPage.of(load_photo(picture).pixels, truth, picture.stem), freeze_grid(truth["solution"])


@dataclass(frozen=True)
class Motion:
    """How a camera moves, and what disturbs it."""

    tilt: float = 0.22
    """Largest tilt about each axis of the frame, in radians."""
    roll: float = 0.12
    """Largest turn in the plane of the frame, in radians."""
    pan: float = 0.07
    """Largest shift, as a share of the frame."""
    zoom: float = 0.12
    """Largest change of scale, as a share."""
    speed: float = 0.35
    """Swings per second."""
    shake: float = 0.8
    """Standard deviation of the random shift of each frame, in pixels."""
    noise: float = 4.0
    """Standard deviation of the noise, in grey levels."""
    flicker: float = 0.12
    """Largest change of brightness, as a share."""
    blur: float = 0.5
    """Share of a frame's time for which the shutter is open."""
    hand: tuple[float, float] | None = None
    """Start and end, in seconds, of the time in which a hand passes over each page."""
    skin: tuple[int, int, int] = SKIN
    """Colour of the hand, or of its glove."""
    shadow: float = 0.0
    """Share of the light that the hand takes from what lies in its shadow."""


@dataclass(frozen=True, eq=False)
class ClipFrame:
    """One frame: pixels (H x W x 3 uint8 RGB), the page's number, and where its board and the hand are.

    `cells` are the cell centres, None while the board is cut off. `outline` (K x 2) is that of the whole board, which may
    reach beyond the frame. `hand` is H x W bool.
    """

    pixels: np.ndarray
    page: int
    cells: np.ndarray | None
    outline: np.ndarray
    hand: np.ndarray

    @property
    def board_mask(self) -> np.ndarray:
        """The whole board as far as it is in the frame, H x W uint8 of 0 and 1."""
        return fill_polygons([self.outline], *self.hand.shape)[..., 0]

    @property
    def visible_mask(self) -> np.ndarray:
        """The part of the board that no hand covers, H x W uint8 of 0 and 1."""
        return np.where(self.hand, np.uint8(0), self.board_mask)


def film(
    pages: Sequence[FilmedPage],
    *,
    seconds: float = 4.0,
    fps: float = 30.0,
    size: tuple[int, int] = (1280, 720),
    seed: int = 0,
    motion: Motion = Motion(),
    fill: float = 0.62,
    change: float = 0.5,
) -> Iterator[ClipFrame]:
    """Film each page for `seconds`. Between two pages, one slides out and the next one in, for `change` seconds each.

    `size` is width and height in pixels; `fill` is the board's share of the frame's height.
    """
    rng = np.random.default_rng(seed)
    phases = rng.uniform(0, 2 * np.pi, 12)
    count = round(seconds * fps)
    for number, page in enumerate(pages):
        before = None
        for index in range(count):
            t, local = (number * count + index) / fps, index / fps
            slide = _slide(local, seconds, change, first=number == 0, last=number == len(pages) - 1)
            swing = np.sin(2 * np.pi * motion.speed * SWING_RATES * t + phases[:6])
            homography = _view(page, size, fill, motion, swing, slide, rng.normal(0, motion.shake, 2))
            pixels = _exposed(page, homography, homography if before is None else before, size, motion.blur)
            before = homography
            hand = np.zeros(pixels.shape[:2], np.uint8)
            if motion.hand and motion.hand[0] <= local <= motion.hand[1]:
                hand = _hand((local - motion.hand[0]) / (motion.hand[1] - motion.hand[0]), size)
                pixels = _with_hand(pixels, hand, motion)
            gain = 1 + motion.flicker * np.sin(FLICKER_RATE * t + phases[11])
            noise = rng.normal(0, motion.noise, (*pixels.shape[:2], 1)).astype(np.float32)
            cells = transform(page.cells, homography)
            inside = (cells >= 0).all() and (cells < np.array(size)).all()
            noisy = np.clip(pixels.astype(np.float32) * gain + noise, 0, 255).astype(np.uint8)
            yield ClipFrame(noisy, number, cells if inside else None, transform(page.outline, homography), hand > OPAQUE)


def _slide(local: float, seconds: float, change: float, *, first: bool, last: bool) -> float:
    """Frame widths by which the page is moved aside, `local` seconds after it appeared."""
    if not first and local < change:
        return SLIDE * (1 - local / change) ** 2
    if not last and local > seconds - change:
        return -SLIDE * (1 - (seconds - local) / change) ** 2
    return 0.0


def _view(
    page: FilmedPage, size: tuple[int, int], fill: float, motion: Motion, swing: np.ndarray, slide: float, shake: np.ndarray
) -> np.ndarray:
    """Homography from page to frame: a pinhole camera that looks down on the board's middle.

    `swing` has the six values of `SWING_RATES`, from -1 to 1.
    """
    width, height = size
    middle = page.cells.reshape(-1, 2).mean(axis=0)
    extent = np.ptp(page.cells.reshape(-1, 2), axis=0).max() * page.cells.shape[0] / (page.cells.shape[0] - 1)
    scale = fill * height / extent * (1 + motion.zoom * swing[0])
    a, b, c = motion.tilt * swing[1], motion.tilt * swing[2], motion.roll * swing[3]
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    focal = FOCAL * width
    turn = rz @ ry @ rx
    to_plane = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    lay = np.column_stack([turn[:, 0], turn[:, 1], [0, 0, focal]])
    camera = np.diag([focal, focal, 1.0])
    x = width / 2 + motion.pan * width * swing[4] + slide * width + shake[0]
    y = height / 2 + motion.pan * height * swing[5] + shake[1]
    homography = np.array([[1, 0, x], [0, 1, y], [0, 0, 1]]) @ camera @ lay @ to_plane
    return homography / homography[2, 2]


def _exposed(page: FilmedPage, now: np.ndarray, before: np.ndarray, size: tuple[int, int], blur: float) -> np.ndarray:
    """The page while the shutter is open: the mean of views on the way back to the previous frame."""
    steps = EXPOSURES if blur else 1
    total = np.zeros((size[1], size[0], 3), np.float32)
    for k in range(steps):
        share = blur * k / max(steps - 1, 1)
        homography = (1 - share) * now + share * before
        total += cv2.warpPerspective(page.pixels, homography, size, flags=cv2.INTER_AREA, borderValue=TABLE)
    return total / steps


def _hand(progress: float, size: tuple[int, int]) -> np.ndarray:
    """A forearm and fingers that come in from the right, cross the page, and leave; `progress` is 0 to 1.

    Returns the share of each pixel that they cover, H x W uint8 of 0 to 255.
    """
    w, h = size
    covered = np.zeros((h, w), np.uint8)
    x = w * (1.15 - 1.1 * np.sin(np.pi * progress))
    wide = HAND_WIDTH * w
    arm = np.array([[x + 0.45 * wide, 0.36 * h], [x + 0.4 * wide, 0.6 * h], [x + 1.5 * w, 1.5 * h], [x + 1.5 * w, 1.1 * h]])
    cv2.fillConvexPoly(covered, arm.astype(np.int32), 255, cv2.LINE_AA)
    for k in range(FINGERS):
        start = (round(x + 0.5 * wide), round(0.5 * h + 0.05 * h * k))
        end = (round(x + 0.1 * wide * abs(k - 1)), round(0.36 * h + 0.075 * h * k))
        cv2.line(covered, start, end, 255, round(0.05 * h), cv2.LINE_AA)
    return covered


def _with_hand(pixels: np.ndarray, hand: np.ndarray, motion: Motion) -> np.ndarray:
    """A frame (H x W x 3 float32) with a hand, given by the share of each pixel that it covers, and its shadow."""
    if motion.shadow:
        shift = SHADOW_SHIFT * len(hand)
        fallen = cv2.warpAffine(hand, np.array([[1, 0, -shift], [0, 1, shift]]), hand.shape[::-1])
        fallen = cv2.GaussianBlur(fallen, (0, 0), SHADOW_BLUR * len(hand))
        pixels = pixels * (1 - motion.shadow * fallen[..., None].astype(np.float32) / 255)
    share = hand[..., None].astype(np.float32) / 255
    return pixels * (1 - share) + np.array(motion.skin, np.float32) * share
