"""Videos of a page under a moving camera, with the truth for every frame: to test and measure the live mode with.

A picture with a board is taken for a flat page. The camera pans, tilts, turns, zooms and shakes above it; hands
pass over; pages leave and others come; frames are blurred by their motion, noisy, and lit unevenly in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import transform

TABLE = (96, 84, 74)
SKIN = (196, 150, 124)
HAND_SHARE = 0.3
"""Width of a hand, of the frame's."""


@dataclass(frozen=True, eq=False)
class Page:
    """A picture (H x W x 3 uint8 RGB) and the cell centres of its board, N x N x 2, in its pixels."""

    pixels: np.ndarray
    cells: np.ndarray
    name: str = "page"


@dataclass(frozen=True)
class Motion:
    """How a camera moves; amplitudes of slow swings, in radians, shares of the frame, and factors.

    `shake` is in pixels a frame, `noise` in grey levels, `flicker` a factor; `hand` tells when a hand passes
    over the page, as (from, to) in seconds; `blur` is the share of a frame's time that its shutter is open.
    """

    tilt: float = 0.22
    roll: float = 0.12
    pan: float = 0.07
    zoom: float = 0.12
    speed: float = 0.35
    shake: float = 0.8
    noise: float = 4.0
    flicker: float = 0.12
    blur: float = 0.5
    hand: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class ClipFrame:
    """One frame: pixels (H x W x 3 uint8 RGB), the page's number, and its cell centres there; None while it is out of view."""

    pixels: np.ndarray
    page: int
    cells: np.ndarray | None


def film(
    pages: Sequence[Page], *, seconds: float = 4.0, fps: float = 30.0, size: tuple[int, int] = (1280, 720), seed: int = 0,
    motion: Motion = Motion(), fill: float = 0.62, change: float = 0.5,
) -> Iterator[ClipFrame]:  # fmt: skip
    """Film each page for so many seconds; between two the first slides out and the next one in, `change` seconds each.

    `size` is width and height; `fill` the share of the frame's height that the board takes.
    """
    rng = np.random.default_rng(seed)
    phases = rng.uniform(0, 2 * np.pi, 12)
    previous = None
    count = round(seconds * fps)
    for k, page in enumerate(pages):
        for index in range(count):
            t = (k * count + index) / fps
            local = index / fps
            slide = _slide(local, seconds, change, first=k == 0, last=k == len(pages) - 1)
            homography = _view(page, size, fill, motion, t, phases, rng, slide)
            cells = transform(page.cells, homography)
            pixels = _exposed(page, homography, previous if previous is not None else homography, size, motion)
            previous = homography
            if motion.hand and motion.hand[0] <= local <= motion.hand[1]:
                _draw_hand(pixels, (local - motion.hand[0]) / (motion.hand[1] - motion.hand[0]))
            gain = 1 + motion.flicker * np.sin(1.7 * t + phases[11])
            noisy = pixels.astype(np.float32) * gain + rng.normal(0, motion.noise, (*pixels.shape[:2], 1)).astype(np.float32)
            inside = (cells >= 0).all() and (cells < np.array(size)).all()
            yield ClipFrame(np.clip(noisy, 0, 255).astype(np.uint8), k, cells if inside else None)
        previous = None


def _slide(local: float, seconds: float, change: float, *, first: bool, last: bool) -> float:
    """Frame widths by which the page is moved aside."""
    if not first and local < change:
        return 1.3 * (1 - local / change) ** 2
    if not last and local > seconds - change:
        return -1.3 * (1 - (seconds - local) / change) ** 2
    return 0.0


def _view(
    page: Page, size: tuple[int, int], fill: float, motion: Motion, t: float, phases: np.ndarray, rng: np.random.Generator,
    slide: float,
) -> np.ndarray:  # fmt: skip
    """Homography from page to frame: a pinhole camera that looks down on the board's middle."""
    width, height = size
    rates = np.linspace(0.6, 1.4, 6)
    swing = np.sin(2 * np.pi * motion.speed * rates * t + phases[:6])
    middle = page.cells.reshape(-1, 2).mean(axis=0)
    extent = np.ptp(page.cells.reshape(-1, 2), axis=0).max() * page.cells.shape[0] / (page.cells.shape[0] - 1)
    scale = fill * height / extent * (1 + motion.zoom * swing[0])
    a, b, c = motion.tilt * swing[1], motion.tilt * swing[2], motion.roll * swing[3]
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    focal = 1.2 * width
    turn = rz @ ry @ rx
    to_plane = np.array([[scale, 0, -scale * middle[0]], [0, scale, -scale * middle[1]], [0, 0, 1]])
    lay = np.column_stack([turn[:, 0], turn[:, 1], [0, 0, focal]])
    camera = np.diag([focal, focal, 1.0])
    shake = rng.normal(0, motion.shake, 2)
    shift = np.array(
        [
            width / 2 + motion.pan * width * swing[4] + slide * width + shake[0],
            height / 2 + motion.pan * height * swing[5] + shake[1],
        ]
    )
    homography = np.array([[1, 0, shift[0]], [0, 1, shift[1]], [0, 0, 1]]) @ camera @ lay @ to_plane
    return homography / homography[2, 2]


def _exposed(page: Page, now: np.ndarray, before: np.ndarray, size: tuple[int, int], motion: Motion) -> np.ndarray:
    """The page while the shutter is open: the mean of what is seen on the way from the last frame."""
    steps = 3 if motion.blur else 1
    total = np.zeros((size[1], size[0], 3), np.float32)
    for k in range(steps):
        share = motion.blur * k / max(steps - 1, 1)
        homography = (1 - share) * now + share * before
        total += cv2.warpPerspective(page.pixels, homography, size, flags=cv2.INTER_AREA, borderValue=TABLE)
    return total / steps


def _draw_hand(pixels: np.ndarray, progress: float) -> None:
    """A forearm and fingers that come in from the right, cross the page, and leave."""
    h, w = pixels.shape[:2]
    x = w * (1.15 - 1.1 * np.sin(np.pi * progress))
    wide = HAND_SHARE * w
    arm = np.array([[x + 0.45 * wide, 0.36 * h], [x + 0.4 * wide, 0.6 * h], [x + 1.5 * w, 1.5 * h], [x + 1.5 * w, 1.1 * h]])
    cv2.fillConvexPoly(pixels, arm.astype(np.int32), SKIN, cv2.LINE_AA)
    for k in range(4):
        start = (round(x + 0.5 * wide), round(0.5 * h + 0.05 * h * k))
        end = (round(x + 0.1 * wide * abs(k - 1)), round(0.36 * h + 0.075 * h * k))
        cv2.line(pixels, start, end, SKIN, round(0.05 * h), cv2.LINE_AA)
