"""Videos of a page under a moving camera, with the ground truth for every frame.

Only the tests and benchmarks of the live mode use this module; no network is trained on its videos. A picture with a board
serves as a flat page. The camera pans, tilts, turns, zooms and shakes above it. Hands pass over the page, and one page
follows another. Frames are noisy, blurred by the motion, and lit unevenly in time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import transform

TABLE = (96, 84, 74)
"""Colour of the table around a page."""
SKIN = (196, 150, 124)
"""Colour of a hand."""
HAND_WIDTH = 0.3
"""Width of a hand as a share of the frame's width."""
FINGERS = 4
"""Fingers of a hand that are drawn."""
FOCAL = 1.2
"""Focal length of the camera in widths of a frame."""
SLIDE = 1.3
"""Widths of a frame by which a page is moved to be out of view."""
FLICKER_RATE = 1.7
"""Angular frequency (radians per second) of the changing light."""
SWING_RATES = np.linspace(0.6, 1.4, 6)
"""Frequencies of the camera's six swings (zoom, two tilts, roll, pan in x and in y), relative to `Motion.speed`.
All differ, so that no motion repeats soon."""
EXPOSURES = 3
"""Number of views whose mean makes a frame with motion blur."""


@dataclass(frozen=True, eq=False)
class FilmedPage:
    """A picture (H x W x 3 uint8 RGB) and the cell centres of its board, N x N x 2, in its pixels."""

    pixels: np.ndarray
    cells: np.ndarray
    name: str = "page"


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


@dataclass(frozen=True, eq=False)
class ClipFrame:
    """One frame: pixels (H x W x 3 uint8 RGB), the page's number, and the cell centres; None while the board is cut off."""

    pixels: np.ndarray
    page: int
    cells: np.ndarray | None


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
            if motion.hand and motion.hand[0] <= local <= motion.hand[1]:
                _draw_hand(pixels, (local - motion.hand[0]) / (motion.hand[1] - motion.hand[0]))
            gain = 1 + motion.flicker * np.sin(FLICKER_RATE * t + phases[11])
            noise = rng.normal(0, motion.noise, (*pixels.shape[:2], 1)).astype(np.float32)
            cells = transform(page.cells, homography)
            inside = (cells >= 0).all() and (cells < np.array(size)).all()
            noisy = np.clip(pixels.astype(np.float32) * gain + noise, 0, 255).astype(np.uint8)
            yield ClipFrame(noisy, number, cells if inside else None)


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


def _draw_hand(pixels: np.ndarray, progress: float) -> None:
    """A forearm and fingers that come in from the right, cross the page, and leave; `progress` is 0 to 1."""
    h, w = pixels.shape[:2]
    x = w * (1.15 - 1.1 * np.sin(np.pi * progress))
    wide = HAND_WIDTH * w
    arm = np.array([[x + 0.45 * wide, 0.36 * h], [x + 0.4 * wide, 0.6 * h], [x + 1.5 * w, 1.5 * h], [x + 1.5 * w, 1.1 * h]])
    cv2.fillConvexPoly(pixels, arm.astype(np.int32), SKIN, cv2.LINE_AA)
    for k in range(FINGERS):
        start = (round(x + 0.5 * wide), round(0.5 * h + 0.05 * h * k))
        end = (round(x + 0.1 * wide * abs(k - 1)), round(0.36 * h + 0.075 * h * k))
        cv2.line(pixels, start, end, SKIN, round(0.05 * h), cv2.LINE_AA)
