"""Taking the photo: a bent sheet in perspective on a table, in some light, through some lens."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.training.synth.page import Page

WOOD_GRAIN = ((3, 60), (60, 3), (20, 20))
JPEG_QUALITY = 35, 95


@dataclass(frozen=True)
class View:
    """Where a page point lands in the photo: page = u + bend(u) with u = homography^-1 (photo)."""

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
        for _ in range(8):
            u = points - self._bend(u)[:, None] * self.bend_shift
        return cv2.perspectiveTransform(u[None], self.homography)[0]

    def photo_to_page(self, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        """For every photo pixel its page point before and after the bend, H x W x 2 float32."""
        inverse = np.linalg.inv(self.homography)
        xs, ys = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        depth = inverse[2, 0] * xs + inverse[2, 1] * ys + inverse[2, 2]
        u = np.stack(
            [
                (inverse[0, 0] * xs + inverse[0, 1] * ys + inverse[0, 2]) / depth,
                (inverse[1, 0] * xs + inverse[1, 1] * ys + inverse[1, 2]) / depth,
            ],
            axis=-1,
        ).astype(np.float32)
        return u, u + (self._bend(u)[..., None] * self.bend_shift).astype(np.float32)


def random_view(rng: random.Random, page_side: int, width: int, height: int, scale: float, share: float, *, flat: bool) -> View:
    """A camera that looks at the page's middle.

    `scale` is photo pixels per page pixel; `share` the board's part of the photo's shorter side.
    """
    centre = np.array([page_side / 2, page_side / 2])
    angle = np.radians(rng.gauss(0, 4))
    roll = rng.random()
    if flat:
        angle = 0.0
    elif roll < 0.3:
        angle = np.radians(rng.uniform(-180, 180))
    elif roll < 0.45:
        angle = np.radians(rng.choice([-90, 90, 180]) + rng.gauss(0, 5))
    tilt = 0.0 if flat else abs(rng.gauss(0, 0.28))
    azimuth = rng.uniform(0, 2 * np.pi)
    focal = 1.3
    tilt = min(tilt, 0.75)
    axis = np.array([np.cos(azimuth), np.sin(azimuth), 0.0]) * tilt
    rotation, _ = cv2.Rodrigues(axis)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])
    rotation = rotation @ turn
    norm = max(width, height)
    # page -> unit plane around the board -> camera -> pixels
    to_unit = np.array([[scale / norm, 0, -centre[0] * scale / norm], [0, scale / norm, -centre[1] * scale / norm], [0, 0, 1]])
    plane = np.column_stack([rotation[:, 0], rotation[:, 1], [0, 0, focal]])
    spread = 0.0 if flat else 0.24 * max(0.08, 0.9 - share)
    offset = (width / 2 + rng.gauss(0, spread) * width, height / 2 + rng.gauss(0, spread) * height)
    camera = np.array([[focal * norm, 0, offset[0]], [0, focal * norm, offset[1]], [0, 0, 1]])
    waves: list[tuple[float, float, float]] = []
    if not flat and rng.random() < 0.55:
        for _ in range(rng.choice([1, 1, 2])):
            length = rng.uniform(0.5, 2.0) * page_side * 0.8
            waves.append((rng.uniform(0.004, 0.035) * length, 2 * np.pi / length, rng.uniform(0, 2 * np.pi)))
    direction = rng.uniform(0, 2 * np.pi)
    lean = direction + rng.uniform(-1.2, 1.2)
    return View(
        camera @ plane @ to_unit,
        np.array([np.cos(direction), np.sin(direction)]),
        np.array([np.cos(lean), np.sin(lean)]),
        tuple(waves),
    )


def take_photo(rng: random.Random, page: Page, view: View, width: int, height: int, *, flat: bool) -> np.ndarray:
    """The photo of a page, H x W x 3 uint8 RGB."""
    noise = np.random.default_rng(rng.getrandbits(32))
    u, source = view.photo_to_page(width, height)
    pixels = _presmoothed(page.pixels, source)
    photo = cv2.remap(pixels, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    if flat:
        return compressed(photo, rng.randint(*JPEG_QUALITY)) if rng.random() < 0.4 else photo
    photo = photo.astype(np.float32)
    if view.waves:
        slope = view.slope(u)
        photo *= (1 + rng.uniform(-0.8, 0.8) * slope)[..., None].astype(np.float32)
    _lay_on_table(rng, noise, photo, source, page)
    _light(rng, noise, photo)
    _clutter(rng, photo)
    return _lens(rng, noise, photo)


def _presmoothed(pixels: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Blur by the amount that the photo shrinks the page, so that thin lines do not break."""
    h, w = source.shape[:2]
    step = float(np.linalg.norm(source[h // 2, w // 2 + 1] - source[h // 2, w // 2 - 1])) / 2
    sigma = 0.45 * max(step, 1.0) - 0.15
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


def smooth_noise(noise: np.random.Generator, width: int, height: int, cells: tuple[int, int]) -> np.ndarray:
    """Smooth random field in 0 to 1 with about `cells` (x, y) features."""
    small = noise.random((cells[1] + 2, cells[0] + 2), dtype=np.float32)
    return np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)


def _lay_on_table(rng: random.Random, noise: np.random.Generator, photo: np.ndarray, source: np.ndarray, page: Page) -> None:
    x0, y0, x1, y1 = page.sheet
    outside = (source[..., 0] < x0) | (source[..., 0] > x1) | (source[..., 1] < y0) | (source[..., 1] > y1)
    if not outside.any():
        return
    h, w = photo.shape[:2]
    base = np.array([rng.randint(15, 235) for _ in range(3)], np.float32)
    kind = rng.random()
    if kind < 0.15:  # cloth and crumpled paper: busy at every scale
        field = smooth_noise(noise, w, h, (12, 12)) * smooth_noise(noise, w, h, (60, 60)) + 0.4 * smooth_noise(
            noise, w, h, (160, 160)
        )
        table = base * (0.5 + 0.8 * field[..., None])
    elif kind < 0.45:
        base = np.array([rng.randint(90, 200)] * 3, np.float32) * np.array([1, 0.8, 0.6], np.float32)
        field = smooth_noise(noise, w, h, rng.choice(WOOD_GRAIN))
        table = base * (0.7 + 0.5 * field[..., None])
    elif kind < 0.6:
        other = np.array([rng.randint(15, 235) for _ in range(3)], np.float32)
        check = ((source[..., 0] // 60).astype(int) + (source[..., 1] // 60).astype(int)) % 2
        table = np.where(check[..., None] == 1, base, other)
    else:
        table = base * (0.8 + 0.4 * smooth_noise(noise, w, h, (8, 8))[..., None])
    shade = cv2.GaussianBlur((~outside).astype(np.float32), (0, 0), 6)
    table = table * (1 - 0.5 * shade[..., None])
    photo[outside] = table[outside]


def _light(rng: random.Random, noise: np.random.Generator, photo: np.ndarray) -> None:
    """Uneven light, colour cast, hard and soft shadows, stripes of a blind, glare."""
    h, w = photo.shape[:2]
    light = 0.75 + 0.5 * smooth_noise(noise, w, h, (2, 2)) if rng.random() < 0.7 else np.ones((h, w), np.float32)
    if rng.random() < 0.35:
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
        light = light * (1 - rng.uniform(0.2, 0.65) * soft)
    photo *= (light * rng.uniform(0.45, 1.1))[..., None]
    photo *= np.array([rng.uniform(0.88, 1.06), 1.0, rng.uniform(0.8, 1.06)], np.float32)
    if rng.random() < 0.08:
        _crease(rng, photo)
    if rng.random() < 0.06:
        _moire(rng, photo)
    if rng.random() < 0.08:
        glare = np.zeros((h, w), np.float32)
        centre = (int(rng.random() * w), int(rng.random() * h))
        cv2.ellipse(glare, centre, (int(w * 0.15), int(h * 0.1)), rng.uniform(0, 180), 0, 360, 1.0, -1)
        photo += (cv2.GaussianBlur(glare, (0, 0), 30) * rng.uniform(30, 110))[..., None]


def _crease(rng: random.Random, photo: np.ndarray) -> None:
    """A fold: the page is a little darker on one side, with a thin bright or dark line between."""
    h, w = photo.shape[:2]
    lean = rng.uniform(0, np.pi)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    distance = (xs - w * rng.uniform(0.25, 0.75)) * np.cos(lean) + (ys - h * rng.uniform(0.25, 0.75)) * np.sin(lean)
    fade = np.exp(-np.abs(distance) / rng.uniform(20, 90))
    shade = 1 - rng.uniform(0.05, 0.25) * fade * (distance > 0) + rng.uniform(-0.25, 0.25) * np.exp(-((distance / 1.5) ** 2))
    photo *= shade[..., None].astype(np.float32)


def _moire(rng: random.Random, photo: np.ndarray) -> None:
    """Beats between the pixels of a screen and those of the camera: slow coloured ripples."""
    h, w = photo.shape[:2]
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    lean, length = rng.uniform(0, np.pi), rng.uniform(4, 30)
    bow = rng.uniform(-0.003, 0.003) * (xs - w / 2) * (ys - h / 2) / 10
    phase = 2 * np.pi * (xs * np.cos(lean) + ys * np.sin(lean) + bow) / length
    for channel in range(3):
        photo[..., channel] *= 1 + rng.uniform(0.02, 0.08) * np.sin(phase + channel * rng.uniform(0, 1))


def _clutter(rng: random.Random, photo: np.ndarray) -> None:
    """Pens, fingers and erasers, mostly near the edge of the photo."""
    h, w = photo.shape[:2]
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        edge = rng.random() < 0.75
        angle = rng.uniform(0, 2 * np.pi)
        reach = rng.uniform(0.36, 0.6) if edge else rng.uniform(0, 0.36)
        x, y = w / 2 + np.cos(angle) * reach * w, h / 2 + np.sin(angle) * reach * h
        kind = rng.random()
        if kind < 0.5:
            colour = tuple(rng.uniform(10, 240) for _ in range(3))
            lean = rng.uniform(0, 2 * np.pi)
            end = (int(x + np.cos(lean) * w * rng.uniform(0.2, 0.5)), int(y + np.sin(lean) * w * 0.4))
            thickness = rng.randint(4, 14)
            cv2.line(photo, (int(x), int(y)), end, colour, thickness, cv2.LINE_AA)
            bright = tuple(min(255.0, c * 1.3 + 25) for c in colour)
            cv2.line(photo, (int(x) + 2, int(y)), (end[0] + 2, end[1]), bright, max(1, thickness // 4), cv2.LINE_AA)
        elif kind < 0.75 and edge:
            skin = np.array([rng.uniform(0.5, 1) * k for k in (235, 185, 150)])
            axes = (int(w * rng.uniform(0.1, 0.25)), int(w * rng.uniform(0.03, 0.06)))
            tip = (int(w / 2 + (x - w / 2) * 1.25), int(h / 2 + (y - h / 2) * 1.25))
            cv2.ellipse(photo, tip, axes, np.degrees(angle), 0, 360, tuple(skin), -1, cv2.LINE_AA)
        else:
            box = cv2.boxPoints(((x, y), (w * rng.uniform(0.05, 0.15), w * rng.uniform(0.04, 0.08)), rng.uniform(0, 180)))
            cv2.fillPoly(photo, [box.astype(np.int32)], tuple(rng.uniform(20, 240) for _ in range(3)), cv2.LINE_AA)


def _lens(rng: random.Random, noise: np.random.Generator, photo: np.ndarray) -> np.ndarray:
    """Defocus or shake, sensor noise, tone curve, sharpening, JPEG."""
    roll = rng.random()
    if roll < 0.3:
        photo = cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.4, 1.5))
    elif roll < 0.42:
        length = rng.randint(2, 6)
        kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
        lean = rng.uniform(0, np.pi)
        dx, dy = round(float(np.cos(lean) * length)), round(float(np.sin(lean) * length))
        cv2.line(kernel, (length - dx, length - dy), (length + dx, length + dy), 1.0, 1)
        photo = cv2.filter2D(photo, -1, kernel / kernel.sum())
    if rng.random() < 0.7:
        h, w = photo.shape[:2]
        grain = noise.standard_normal((h, w), dtype=np.float32) * rng.uniform(1, 9)
        if rng.random() < 0.5:
            grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 1.6
        photo = photo + grain[..., None]
    photo = np.clip(photo, 0, 255)
    if rng.random() < 0.5:
        gamma = rng.uniform(0.7, 1.4)
        photo = cv2.LUT(photo.astype(np.uint8), (255 * (np.arange(256) / 255) ** gamma).astype(np.uint8))
    photo = photo.astype(np.uint8)
    if rng.random() < 0.25:
        photo = cv2.addWeighted(photo, 1.6, cv2.GaussianBlur(photo, (0, 0), 1.2), -0.6, 0)
    return compressed(photo, rng.randint(*JPEG_QUALITY))


def compressed(photo: np.ndarray, quality: int) -> np.ndarray:
    """The photo (H x W x 3 uint8 RGB) as it comes out of a JPEG file of that quality."""
    _, data = cv2.imencode(".jpg", cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.cvtColor(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)), cv2.COLOR_BGR2RGB)
