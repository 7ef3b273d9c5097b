"""How the page of `futoshiki web` should put the answer on the camera's picture: on the frame it was computed for, or moved on.

usage: python benchmarks/overlay.py [--clips 20] [--seconds 4] [--late 3]
An answer comes some frames late. Drawn on its own frame, it lies where the reader put it, but the picture is that old. Drawn
on the newest frame, it has to be moved. Compared are three ways to move it: not at all, by the shift of the board's area
(phase correlation, which a page could compute without a library), and by a homography from optical flow, which needs OpenCV
in the page. The figure is the distance of the moved cells from the true ones, in pitches: a digit that is a quarter of a
pitch off touches its cell's frame.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from futoshiki.geometry import transform
from futoshiki.training.synth.clip import ClipFrame, Motion, film, filmed_pages

FPS = 30.0
"""Frames per second of the camera."""
SIDE = 320
"""Width in pixels of the pictures that are compared: what a page can afford for each frame."""
TOUCHES = 0.25
"""Error in pitches at which a digit begins to touch the frame of its cell."""
SAMPLES = Path(__file__).resolve().parent.parent / "samples"

Move = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""(the answer's frame, the newest frame, the cells K x 2 in the first) -> the cells in the second. Frames are small and grey."""


def stay(before: np.ndarray, after: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Cells that are not moved."""
    return cells


def area_of(cells: np.ndarray, frame: np.ndarray) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the cells' area within a frame."""
    (left, top), (right, bottom) = cells.min(axis=0), cells.max(axis=0)
    height, width = frame.shape
    return max(int(left), 0), max(int(top), 0), min(int(right) + 1, width), min(int(bottom) + 1, height)


def shift(before: np.ndarray, after: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Cells moved by the shift of the area around them."""
    left, top, right, bottom = area_of(cells, before)
    parts = [np.float32(frame[top:bottom, left:right]) for frame in (before, after)]
    step, _ = cv2.phaseCorrelate(*parts, cv2.createHanningWindow(parts[0].shape[::-1], cv2.CV_32F))
    return cells + step


def follow(before: np.ndarray, after: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Cells moved by a homography between points that optical flow has followed."""
    area = np.zeros_like(before)
    cv2.fillConvexPoly(area, cv2.convexHull(np.int32(cells)), 255)
    points = cv2.goodFeaturesToTrack(before, 100, 0.01, 4, mask=area)
    if points is None:
        return cells
    found, kept, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None)
    kept = kept.ravel() > 0
    if kept.sum() < 8:
        return cells
    homography, _ = cv2.findHomography(points[kept], found[kept], cv2.RANSAC, 1.5)
    return cells if homography is None else transform(cells, homography)


MOVES: dict[str, Move] = {"not moved": stay, "moved by a shift": shift, "moved by a homography": follow}


def errors(frames: list[ClipFrame], late: int, move: Move) -> list[float]:
    """The error of each frame whose answer is `late` frames old, in pitches."""
    scale = SIDE / frames[0].pixels.shape[1]
    small = [cv2.cvtColor(cv2.resize(frame.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
             for frame in frames]  # fmt: skip
    found = []
    for k in range(late, len(frames)):
        before, now = frames[k - late].cells, frames[k].cells
        if before is None or now is None or frames[k - late].page != frames[k].page:
            continue
        moved = move(small[k - late], small[k], before.reshape(-1, 2) * scale) / scale
        pitch = np.linalg.norm(np.diff(now, axis=1), axis=-1).mean()
        found.append(float(np.linalg.norm(moved - now.reshape(-1, 2), axis=-1).mean() / pitch))
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--late", type=int, default=3, help="frames by which an answer is late; 3 are 0.1 s")
    arguments = parser.parse_args()
    pages, rng = list(filmed_pages(SAMPLES)), np.random.default_rng(0)
    found: dict[str, list[float]] = {name: [] for name in MOVES}
    for clip in range(arguments.clips):
        chosen = [pages[k][0] for k in rng.choice(len(pages), 2, replace=False)]
        hand = (0.45 * arguments.seconds, 0.7 * arguments.seconds) if clip % 2 else None
        frames = list(film(chosen, seconds=arguments.seconds, fps=FPS, seed=clip, motion=Motion(hand=hand)))
        for name, move in MOVES.items():
            found[name] += errors(frames, arguments.late, move)
    table = Table("answer on the newest frame", "mean", "p95", f"over {TOUCHES}", title="error in pitches")
    for name, values in found.items():
        over = np.mean(np.array(values) > TOUCHES)
        table.add_row(name, f"{np.mean(values):.3f}", f"{np.quantile(values, 0.95):.3f}", f"{over:.1%}")
    Console(highlight=False).print(table)


if __name__ == "__main__":
    main()
