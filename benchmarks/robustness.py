"""Scores of pictures that are tilted, reduced, blurred, darkened and so on.

usage: python benchmarks/robustness.py FOLDER ... [--only tilted --only noisy ...] [--workers 2]
Each FOLDER holds pictures with truth files as for `futoshiki evaluate`. A picture that is read right as it is, but not when it
is disturbed, was read by a narrow margin.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console

from futoshiki.api import solve_image
from futoshiki.cli.evaluate import TABLE_WIDTH, summary
from futoshiki.evaluation.answers import Score, score
from futoshiki.evaluation.truth import Truth, truth_pairs
from futoshiki.geometry import perspective, transform
from futoshiki.photo import load_photo

Disturbed = tuple[np.ndarray, np.ndarray]
"""A picture, and the homography from the original to it."""
SAME = np.eye(3)
"""The homography of a picture whose geometry is unchanged."""


def tilted(pixels: np.ndarray, rng: np.random.Generator) -> Disturbed:
    """Turned by 4 to 10 degrees."""
    height, width = pixels.shape[:2]
    angle = rng.choice([-1, 1]) * rng.uniform(4, 10)
    homography = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1), [0, 0, 1]])
    corners = transform(np.array([[0, 0], [width, 0], [width, height], [0, height]]), homography)
    homography[:2, 2] -= corners.min(axis=0)
    return _warped(pixels, homography, np.ptp(corners, axis=0).astype(int))


def from_the_side(pixels: np.ndarray, rng: np.random.Generator) -> Disturbed:
    """One side is a quarter shorter than the opposite one."""
    height, width = pixels.shape[:2]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], float)
    target, side = frame.copy(), int(rng.integers(4))
    target[side] += 0.12 * (frame[(side + 1) % 4] - frame[side])
    target[(side + 1) % 4] += 0.12 * (frame[side] - frame[(side + 1) % 4])
    return _warped(pixels, perspective(frame, target), np.array([width, height]))


def reduced(pixels: np.ndarray, _: np.random.Generator) -> Disturbed:
    """Half the pixels."""
    return cv2.resize(pixels, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA), np.diag([0.7, 0.7, 1.0])


def squeezed(pixels: np.ndarray, _: np.random.Generator) -> Disturbed:
    """Narrower by a fifth."""
    return cv2.resize(pixels, None, fx=0.8, fy=1.0, interpolation=cv2.INTER_AREA), np.diag([0.8, 1.0, 1.0])


def noisy(pixels: np.ndarray, rng: np.random.Generator) -> Disturbed:
    """Sensor noise, and JPEG at quality 35."""
    grained = np.clip(pixels + rng.normal(0, 10, pixels.shape), 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", grained, [cv2.IMWRITE_JPEG_QUALITY, 35])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)), SAME


def shaded(pixels: np.ndarray, rng: np.random.Generator) -> Disturbed:
    """Darker, and more so towards one side."""
    light = np.linspace(0.45, 1.05, pixels.shape[1])[:: rng.choice([-1, 1])]
    return np.clip(255 * (pixels / 255) ** 1.5 * light[None, :, None], 0, 255).astype(np.uint8), SAME


def blurred(pixels: np.ndarray, _: np.random.Generator) -> Disturbed:
    """Out of focus by a thousandth of the longer side."""
    return cv2.GaussianBlur(pixels, (0, 0), 0.0011 * max(pixels.shape[:2])), SAME


def inverted(pixels: np.ndarray, _: np.random.Generator) -> Disturbed:
    """White on black, as in dark mode."""
    return 255 - pixels, SAME


WAYS: dict[str, Callable[[np.ndarray, np.random.Generator], Disturbed]] = {
    way.__name__: way for way in (tilted, from_the_side, reduced, squeezed, noisy, shaded, blurred, inverted)
}


def _warped(pixels: np.ndarray, homography: np.ndarray, size: np.ndarray) -> Disturbed:
    border = np.median(pixels[[0, -1]].reshape(-1, 3), axis=0)
    return cv2.warpPerspective(pixels, homography, tuple(map(int, size)), borderValue=tuple(map(float, border))), homography


def evaluate(job: tuple[Path, Truth, str]) -> Score:
    """The score of one picture, disturbed in one way, the same in every run."""
    picture, truth, name = job
    rng = np.random.default_rng(zlib.crc32(f"{name} {picture.name}".encode()))
    pixels, homography = WAYS[name](load_photo(picture).pixels, rng)
    moved = {key: transform(np.array(truth[key]), homography).tolist() for key in ("corners", "cells") if truth.get(key)}
    scored = score(f"{name} {picture.stem}", solve_image(np.ascontiguousarray(pixels)), {**truth, **moved})
    return replace(scored, group=f"{name}, {'negative' if scored.group == 'negative' else 'boards'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--only", action="append", choices=sorted(WAYS))
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    names = arguments.only or list(WAYS)
    jobs = [(*pair, name) for name in names for folder in arguments.folders for pair in truth_pairs(folder)]
    with ProcessPoolExecutor(arguments.workers, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        scores = list(pool.map(evaluate, jobs, chunksize=4))
    console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(summary(scores))
    for one in scores:
        if one.missed:
            silent = ", wrong but reported as solved" if one.silent_error else ""
            console.print(f"  {one.name}: {one.status}{silent}", markup=False)


if __name__ == "__main__":
    main()
