"""Take the photo: a bent sheet in perspective on a table, in uneven light, through an imperfect lens."""

from __future__ import annotations

import copy
import random
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from futoshiki.training.synth.canvas import Box, Colour
from futoshiki.training.synth.clutter import Clutter
from futoshiki.training.synth.legibility import Exposure
from futoshiki.training.synth.page import Page

FOCAL = 1.3
"""Focal length of the camera, in longer sides of the photo."""
MAX_TILT = 0.75
"""Largest angle (radians) between the camera's axis and the perpendicular of the page."""
CUT_SHARE = 0.1
"""Share of the photos that cut their main board off."""
CUT_PLACE = (-0.15, 0.45)
"""How far inside of the photo's edge the middle of such a board lies, in sides of the board."""
BEND_STEPS = 8
"""Fixed-point steps that invert the bend of a sheet. Slopes stay below 0.5, so that the error is a fraction of a pixel."""
WOOD_GRAINS = ((3, 60), (60, 3), (20, 20))
"""Features (x, y) of the grain of a wooden table: along the photo, across it, and burl."""
CHECK_SIDE = 60
"""Side of a square of a chequered table cloth, in pixels of the page."""
EXPOSURE = (0.25, 1.1)
"""Range of the factor of all light: photos of a dark room to those of a bright page."""
Subject = Literal["paper", "screen", "screenshot"]
"""What the photo is of; a screenshot is the page as it is."""
MOIRE_SHARES: dict[Subject, float] = {"paper": 0.04, "screen": 0.65, "screenshot": 0.0}
"""Shares of the photos with moire: a few of paper too, as scans of print have it."""
MOIRE_LENGTH, MOIRE_STRENGTH, MOIRE_BOW = (4, 30), (0.02, 0.12), 0.0006
"""Ranges of the length of its ripples in pixels and of their strength as a share of the light; how much they bend at most."""
JPEG_QUALITY = (35, 95)
"""Lowest and highest JPEG quality of a photo."""


@dataclass(frozen=True)
class View:
    """The map between page and photo: page = u + bend(u) with u = homography^-1 (photo).

    The bend is a sum of `waves` (amplitude, frequency and phase) along `bend_axis`, which move points along `bend_shift`.
    """

    homography: np.ndarray
    bend_axis: np.ndarray
    bend_shift: np.ndarray
    waves: tuple[tuple[float, float, float], ...]

    def _bend(self, u: np.ndarray) -> np.ndarray:
        s = u @ self.bend_axis
        height = np.zeros_like(s)
        for amplitude, frequency, phase in self.waves:
            height += amplitude * np.sin(frequency * s + phase)
        return height

    def slope(self, u: np.ndarray) -> np.ndarray:
        """Steepness of the sheet along its bend, for shading."""
        s = u @ self.bend_axis
        steep = np.zeros_like(s)
        for amplitude, frequency, phase in self.waves:
            steep += amplitude * frequency * np.cos(frequency * s + phase)
        return steep

    def page_to_photo(self, points: np.ndarray) -> np.ndarray:
        """K x 2 page points as photo points."""
        u = points.astype(np.float64)
        for _ in range(BEND_STEPS):
            u = points - self._bend(u)[:, None] * self.bend_shift
        return cv2.perspectiveTransform(u[None], self.homography)[0]

    def photo_to_page(self, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        """The page point of every photo pixel, without and with the bend: two arrays H x W x 2 float32."""
        inverse = np.linalg.inv(self.homography)
        xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        x, y, depth = (row[0] * xs + row[1] * ys + row[2] for row in inverse)
        u = np.stack([x / depth, y / depth], axis=-1).astype(np.float32)
        return u, u + (self._bend(u)[..., None] * self.bend_shift).astype(np.float32)


def random_view(
    rng: random.Random, page_side: int, width: int, height: int, scale: float, share: float, subject: Subject
) -> View:
    """A camera that looks at the middle of the page.

    `scale` is photo pixels per page pixel, and `share` the board's share of the photo's shorter side.
    A screenshot has neither tilt nor turn, and only paper is bent.
    """
    flat = subject == "screenshot"
    angle = _turn(rng, flat=flat)
    tilt = 0.0 if flat else min(abs(rng.gauss(0, 0.28)), MAX_TILT)
    azimuth = rng.uniform(0, 2 * np.pi)
    rotation, _ = cv2.Rodrigues(np.array([np.cos(azimuth), np.sin(azimuth), 0.0]) * tilt)
    rotation = rotation @ np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])
    longer, middle = max(width, height), page_side / 2
    # page -> plane around the board, in longer sides of the photo -> camera -> pixels
    to_plane = np.array([[scale / longer, 0, -middle * scale / longer], [0, scale / longer, -middle * scale / longer], [0, 0, 1]])
    plane = np.column_stack([rotation[:, 0], rotation[:, 1], [0, 0, FOCAL]])
    spread = 0.0 if flat else 0.24 * max(0.08, 0.9 - share)  # the smaller the board, the farther from the middle it may lie
    x, y = width / 2 + rng.gauss(0, spread) * width, height / 2 + rng.gauss(0, spread) * height
    if rng.random() < CUT_SHARE:
        x, y = _at_edge(rng, x, y, width, height, share * min(width, height))
    camera = np.array([[FOCAL * longer, 0, x], [0, FOCAL * longer, y], [0, 0, 1]])
    waves = _waves(rng, page_side) if subject == "paper" else ()
    direction = rng.uniform(0, 2 * np.pi)
    lean = direction + rng.uniform(-1.2, 1.2)
    bend_axis, bend_shift = (np.array([np.cos(k), np.sin(k)]) for k in (direction, lean))
    return View(camera @ plane @ to_plane, bend_axis, bend_shift, waves)


def _at_edge(rng: random.Random, x: float, y: float, width: int, height: int, side: float) -> tuple[float, float]:
    """A place for the middle of a board with that side, so near to an edge of the photo that the edge cuts the board off."""
    inside = rng.uniform(*CUT_PLACE) * side
    edge = rng.randrange(4)
    if edge < 2:
        return (inside if edge else width - inside), y
    return x, (inside if edge == 2 else height - inside)


def _turn(rng: random.Random, *, flat: bool) -> float:
    """Angle (radians) by which the page is turned: nearly upright, any, or nearly a number of quarter turns."""
    angle = rng.gauss(0, 4)
    roll = rng.random()
    if flat:
        return 0.0
    if roll < 0.3:
        angle = rng.uniform(-180, 180)
    elif roll < 0.45:
        angle = rng.choice([-90, 90, 180]) + rng.gauss(0, 5)
    return float(np.radians(angle))


def _waves(rng: random.Random, page_side: int) -> tuple[tuple[float, float, float], ...]:
    """Amplitudes, frequencies and phases of a sheet's bend; none for a flat sheet."""
    if rng.random() >= 0.55:
        return ()
    waves = []
    for _ in range(rng.choice([1, 1, 2])):
        length = rng.uniform(0.5, 2.0) * page_side * 0.8
        waves.append((rng.uniform(0.004, 0.035) * length, 2 * np.pi / length, rng.uniform(0, 2 * np.pi)))
    return tuple(waves)


def take_photo(
    rng: random.Random, page: Page, view: View, width: int, height: int, subject: Subject
) -> tuple[Exposure, np.ndarray]:
    """A photo of a page with and without its ink, and where something covers the page (H x W uint8, above 0)."""
    noise = np.random.default_rng(rng.getrandbits(32))
    u, source = view.photo_to_page(width, height)
    seen = np.stack([_projected(pixels, source, page.paper) for pixels in (page.pixels, page.blank)])
    ink = seen[0].astype(np.float32) - seen[1]
    if subject == "screenshot":
        quality = rng.randint(*JPEG_QUALITY) if rng.random() < 0.4 else None
        photo, blank = (compressed(pixels, quality) if quality else pixels for pixels in seen)
        return Exposure(photo, blank, ink), np.zeros((height, width), np.uint8)
    photos = seen.astype(np.float32)
    if view.waves:
        photos *= (1 + rng.uniform(-0.8, 0.8) * view.slope(u))[..., None].astype(np.float32)
    _lay_on_table(rng, noise, photos, source, page.sheet)
    clutter = Clutter(rng, photos)
    clutter.add(np.concatenate([np.empty((0, 2)), *(view.page_to_photo(board.cells.reshape(-1, 2)) for board in page.boards)]))
    _light(rng, noise, photos)
    if rng.random() < MOIRE_SHARES[subject]:
        _moire(rng, photos)
    photo, blank = (_develop(copy.copy(rng), noise, pixels) for pixels in photos)  # they differ in grain alone
    return Exposure(photo, blank, ink), clutter.cover


def _projected(pixels: np.ndarray, source: np.ndarray, paper: Colour) -> np.ndarray:
    """A page as a perfect camera sees it."""
    pixels = _presmoothed(pixels, source)
    return cv2.remap(pixels, source[..., 0], source[..., 1], cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, paper)


def _presmoothed(pixels: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Blur the page according to how much the photo shrinks it, so that thin lines do not break."""
    h, w = source.shape[:2]
    step = float(np.linalg.norm(source[h // 2, w // 2 + 1] - source[h // 2, w // 2 - 1])) / 2
    return cv2.GaussianBlur(pixels, (0, 0), 0.45 * max(step, 1.0) - 0.15)


def _smooth_noise(noise: np.random.Generator, width: int, height: int, features: tuple[int, int]) -> np.ndarray:
    """A smooth random field in 0 to 1 with about `features` (x, y) bumps."""
    small = noise.random((features[1] + 2, features[0] + 2), dtype=np.float32)
    return np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)


def _lay_on_table(rng: random.Random, noise: np.random.Generator, photos: np.ndarray, source: np.ndarray, sheet: Box) -> None:
    """Replace what lies outside of the sheet by a table, in the sheet's shadow at its edge."""
    x0, y0, x1, y1 = sheet
    outside = (source[..., 0] < x0) | (source[..., 0] > x1) | (source[..., 1] < y0) | (source[..., 1] > y1)
    if not outside.any():
        return
    table = _table(rng, noise, source)
    shade = cv2.GaussianBlur((~outside).astype(np.float32), (0, 0), 6)
    photos[:, outside] = (table * (1 - 0.5 * shade[..., None]))[outside]


def _table(rng: random.Random, noise: np.random.Generator, source: np.ndarray) -> np.ndarray:
    """A table, H x W x 3: cloth, wood, a chequered cloth, or one colour."""
    h, w = source.shape[:2]
    base = _any_colour(rng)
    kind = rng.random()
    if kind < 0.15:  # cloth and crumpled paper: busy at every scale
        coarse, medium, fine = (_smooth_noise(noise, w, h, (count, count)) for count in (12, 60, 160))
        field = coarse * medium + 0.4 * fine
        return base * (0.5 + 0.8 * field[..., None])
    if kind < 0.45:
        wood = np.array([rng.randint(90, 200)] * 3, np.float32) * np.array([1, 0.8, 0.6], np.float32)
        return wood * (0.7 + 0.5 * _smooth_noise(noise, w, h, rng.choice(WOOD_GRAINS))[..., None])
    if kind < 0.6:
        other = _any_colour(rng)
        check = ((source[..., 0] // CHECK_SIDE).astype(int) + (source[..., 1] // CHECK_SIDE).astype(int)) % 2
        return np.where(check[..., None] == 1, base, other)
    return base * (0.8 + 0.4 * _smooth_noise(noise, w, h, (8, 8))[..., None])


def _any_colour(rng: random.Random) -> np.ndarray:
    return np.array([rng.randint(15, 235) for _ in range(3)], np.float32)


def _light(rng: random.Random, noise: np.random.Generator, photos: np.ndarray) -> None:
    """Uneven light, shadows, a colour cast, a crease and glare."""
    h, w = photos.shape[1:3]
    light = 0.75 + 0.5 * _smooth_noise(noise, w, h, (2, 2)) if rng.random() < 0.7 else np.ones((h, w), np.float32)
    if rng.random() < 0.35:
        light = light * _shadow(rng, w, h)
    photos *= (light * rng.uniform(*EXPOSURE))[..., None]
    photos *= np.array([rng.uniform(0.88, 1.06), 1.0, rng.uniform(0.8, 1.06)], np.float32)
    if rng.random() < 0.08:
        _crease(rng, photos)
    if rng.random() < 0.08:
        _glare(rng, photos)


def _shadow(rng: random.Random, w: int, h: int) -> np.ndarray:
    """Light that is left (H x W, 0 to 1) under a hard or soft shadow: a polygon, an ellipse, or the stripes of a blind."""
    shadow = np.zeros((h, w), np.uint8)
    kind = rng.random()
    if kind < 0.35:
        points = np.array([[rng.uniform(-0.5, 1.5) * w, rng.uniform(-0.5, 1.5) * h] for _ in range(rng.randint(3, 6))])
        cv2.fillPoly(shadow, [points.astype(np.int32)], 255)
    elif kind < 0.7:
        centre = (int(rng.random() * w), int(rng.random() * h))
        axes = (int(rng.uniform(0.1, 0.6) * w), int(rng.uniform(0.1, 0.4) * h))
        cv2.ellipse(shadow, centre, axes, rng.uniform(0, 180), 0, 360, 255, -1)
    else:
        step, slant = rng.uniform(40, 140), rng.uniform(-1, 1)
        for k in range(-12, 30):
            x = k * step
            cv2.line(shadow, (int(x), 0), (int(x + slant * h), h), 255, max(2, int(step * rng.uniform(0.2, 0.5))))
    soft = cv2.GaussianBlur(shadow, (0, 0), rng.choice([1.5, 4, 15, 30])).astype(np.float32) / 255
    return 1 - rng.uniform(0.2, 0.65) * soft


def _glare(rng: random.Random, photos: np.ndarray) -> None:
    """A soft bright spot."""
    h, w = photos.shape[1:3]
    glare = np.zeros((h, w), np.float32)
    centre = (int(rng.random() * w), int(rng.random() * h))
    cv2.ellipse(glare, centre, (int(w * 0.15), int(h * 0.1)), rng.uniform(0, 180), 0, 360, 1.0, -1)
    photos += (cv2.GaussianBlur(glare, (0, 0), 30) * rng.uniform(30, 110))[..., None]


def _crease(rng: random.Random, photos: np.ndarray) -> None:
    """A fold: the page is a little darker on one side, with a thin bright or dark line between."""
    h, w = photos.shape[1:3]
    lean = rng.uniform(0, np.pi)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    distance = (xs - w * rng.uniform(0.25, 0.75)) * np.cos(lean) + (ys - h * rng.uniform(0.25, 0.75)) * np.sin(lean)
    fade = np.exp(-np.abs(distance) / rng.uniform(20, 90))
    shade = 1 - rng.uniform(0.05, 0.25) * fade * (distance > 0) + rng.uniform(-0.25, 0.25) * np.exp(-((distance / 1.5) ** 2))
    photos *= shade[..., None].astype(np.float32)


def _moire(rng: random.Random, photos: np.ndarray) -> None:
    """Interference of a screen's pixels with those of the camera: coloured ripples, bent and in one or two directions."""
    h, w = photos.shape[1:3]
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    bow = rng.uniform(-MOIRE_BOW, MOIRE_BOW) * (xs - w / 2) * (ys - h / 2)
    for _ in range(rng.choice([1, 1, 2])):
        lean, length = rng.uniform(0, np.pi), rng.uniform(*MOIRE_LENGTH)
        phase = 2 * np.pi * (xs * np.cos(lean) + ys * np.sin(lean) + bow) / length
        spread = rng.uniform(0, 1)
        for channel in range(3):
            photos[..., channel] *= 1 + rng.uniform(*MOIRE_STRENGTH) * np.sin(phase + channel * spread)


def _develop(rng: random.Random, noise: np.random.Generator, photo: np.ndarray) -> np.ndarray:
    """What a camera does to a picture: defocus or shake, sensor noise, tone curve, sharpening, JPEG."""
    photo = np.clip(_with_grain(rng, noise, _blurred(rng, photo)), 0, 255)
    if rng.random() < 0.5:
        gamma = rng.uniform(0.7, 1.4)
        photo = cv2.LUT(photo.astype(np.uint8), (255 * (np.arange(256) / 255) ** gamma).astype(np.uint8))
    photo = photo.astype(np.uint8)
    if rng.random() < 0.25:
        photo = cv2.addWeighted(photo, 1.6, cv2.GaussianBlur(photo, (0, 0), 1.2), -0.6, 0)
    return compressed(photo, rng.randint(*JPEG_QUALITY))


def _blurred(rng: random.Random, photo: np.ndarray) -> np.ndarray:
    """Out of focus, or smeared along a line by a shaking hand, or sharp."""
    roll = rng.random()
    if roll < 0.3:
        return cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.4, 1.5))
    if roll < 0.42:
        length = rng.randint(2, 6)
        kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
        lean = rng.uniform(0, np.pi)
        dx, dy = round(float(np.cos(lean) * length)), round(float(np.sin(lean) * length))
        cv2.line(kernel, (length - dx, length - dy), (length + dx, length + dy), 1.0, 1)
        return cv2.filter2D(photo, -1, kernel / kernel.sum())
    return photo


def _with_grain(rng: random.Random, noise: np.random.Generator, photo: np.ndarray) -> np.ndarray:
    """Sensor noise, fine or coarse, in most photos."""
    if rng.random() >= 0.7:
        return photo
    grain = noise.standard_normal(photo.shape[:2], dtype=np.float32) * rng.uniform(1, 9)
    if rng.random() < 0.5:
        grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.6
    return photo + grain[..., None]


def compressed(photo: np.ndarray, quality: int) -> np.ndarray:
    """The photo (H x W x 3 uint8 RGB) as it comes out of a JPEG file of that quality."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.cvtColor(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB)
