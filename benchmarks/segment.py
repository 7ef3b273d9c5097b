"""`futoshiki segment` on videos in which a hand passes over the puzzle: IoU of the masks, and frames a second.

usage: python benchmarks/segment.py [FOLDER ...] [--clips 10] [--seconds 4]
Each clip films one page with tilt, zoom, shake, blur, noise, changing light, and a hand with a shadow that passes over it
(`futoshiki.training.synth.clip`), at 1280 x 720 and 30 frames per second; it is written to an MP4 file and read again. The
pages are those pictures of the folders whose ground truth has `cells` and one solution; by default the samples. The masks
are compared with the whole board and, with --visible, with the part that no hand covers, in every frame from the first one
in which a puzzle is read; those of the network alone with the whole board. The speed is that of the command from the file
to the file, without the start of Python.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from futoshiki.cli.segment import command
from futoshiki.geometry import mask_iou
from futoshiki.live.areas import mask_frames
from futoshiki.live.video import VideoWriter, read_frames, to_rgb
from futoshiki.reading.puzzle_mask import puzzle_mask
from futoshiki.reading.reader import default_reader
from futoshiki.training.synth.clip import ClipFrame, FilmedPage, Motion, film, filmed_pages

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
FPS = 30.0
"""Frames per second of the camera."""
HAND = (0.3, 0.7)
"""Part of the clip in which the hand passes."""
SHADOW = 0.4
"""Share of the light that the hand takes from the page."""
SKINS = ((196, 150, 124), (120, 80, 60), (232, 196, 176), (70, 50, 42), (60, 60, 66))
"""Colours of the hands that take turns; the last one wears a dark glove."""
RAW_STEP = 4
"""Of so many frames, one is looked at by the network alone."""


@dataclass(frozen=True)
class Score:
    """One clip: the largest share of the board that the hand covers, and the time in seconds of the first answer.

    `whole`, `visible` and `raw` are the least and the mean IoU of the masks; `fps` are frames a second of the command without
    and with --visible.
    """

    name: str
    cover: float
    first: float
    whole: tuple[float, float]
    visible: tuple[float, float]
    raw: tuple[float, float]
    fps: tuple[float, float]


def frames_of(path: Path) -> Iterator[np.ndarray]:
    return map(to_rgb, read_frames(path))


def least_and_mean(values: Iterable[float]) -> tuple[float, float]:
    taken = list(values)
    return (min(taken), statistics.fmean(taken)) if taken else (0.0, 0.0)


def speed(path: Path, count: int, *options: str) -> float:
    """Frames a second of the command."""
    started = time.perf_counter()
    with redirect_stderr(StringIO()):
        command.main([str(path), "-o", str(path.with_name("out.mp4")), *options], standalone_mode=False)
    return count / (time.perf_counter() - started)


def score(page: FilmedPage, clip: list[ClipFrame], path: Path) -> Score:
    """Write a clip to a file, and measure the command on it."""
    with VideoWriter(path, FPS) as video:
        for frame in clip:
            video.add(frame.pixels)
    reader = default_reader()
    whole = list(mask_frames(frames_of(path), reader, fps=FPS))
    first = next((number for number, masked in enumerate(whole) if masked.followed), len(clip))
    visible = list(mask_frames(frames_of(path), reader, fps=FPS, visible=True))
    glimpses = list(zip(clip, frames_of(path), strict=True))[::RAW_STEP]
    return Score(
        name=page.name,
        cover=max(1 - float(frame.visible_mask.sum()) / max(int(frame.board_mask.sum()), 1) for frame in clip),
        first=first / FPS,
        whole=least_and_mean(mask_iou(m.mask, f.board_mask) for f, m in list(zip(clip, whole, strict=True))[first:]),
        visible=least_and_mean(mask_iou(m.mask, f.visible_mask) for f, m in list(zip(clip, visible, strict=True))[first:]),
        raw=least_and_mean(mask_iou(puzzle_mask(pixels, reader.networks.grid), f.board_mask) for f, pixels in glimpses),
        fps=(speed(path, len(clip)), speed(path, len(clip), "--visible")),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--clips", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=4.0)
    arguments = parser.parse_args()
    pages = [page for folder in arguments.folders or [SAMPLES] for page, _ in filmed_pages(folder)]
    hand = (HAND[0] * arguments.seconds, HAND[1] * arguments.seconds)
    scores = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.clips):
            page = pages[number % len(pages)]
            motion = Motion(hand=hand, skin=SKINS[number % len(SKINS)], shadow=SHADOW)
            clip = list(film([page], seconds=arguments.seconds, fps=FPS, seed=number, motion=motion))
            scores.append(score(page, clip, Path(folder) / f"clip{number}.mp4"))
    table = Table(title=f"{arguments.clips} clips of {arguments.seconds:g} s, 1280 x 720: IoU, least / mean")
    for heading in ("page", "hand covers", "first answer", "whole", "visible", "raw", "frames/s", "with --visible"):
        table.add_column(heading)
    for one in scores:
        ious = (f"{least:.3f} / {mean:.3f}" for least, mean in (one.whole, one.visible, one.raw))
        table.add_row(one.name, f"{one.cover:.0%}", f"{one.first:.2f} s", *ious, *(f"{fps:.1f}" for fps in one.fps))
    columns = zip(*((one.whole, one.visible, one.raw) for one in scores), strict=True)
    ious = (f"{min(pair[0] for pair in pairs):.3f} / {statistics.fmean(pair[1] for pair in pairs):.3f}" for pairs in columns)
    speeds = (f"{statistics.median(values):.1f}" for values in zip(*(one.fps for one in scores), strict=True))
    table.add_row("all (median speed)", "", "", *ious, *speeds, style="bold")
    console = Console(highlight=False, width=120)
    console.print(table)
    console.print(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
