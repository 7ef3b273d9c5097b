"""The live mode under a moving camera, in real time: frame rate, delay, error of the overlay, wrong answers, memory.

usage: python benchmarks/live.py [FOLDER ...] [--clips 20] [--seconds 4] [--minutes 0]
Each clip films two pages, one after the other, with tilt, zoom, shake, blur, noise, changing light and a hand
(`futoshiki.training.synth.clip`), at 1280 x 720 and 30 frames per second. The pages are those pictures of the folders whose
ground truth has `cells` and one solution; by default the samples. Frames are made before the clock starts and then played at
their rate; a frame that comes too late is dropped, as a camera would do. With --minutes, the last clip is played repeatedly
for so long, to watch the memory.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from futoshiki.live.overlay import draw_sight
from futoshiki.live.session import Session
from futoshiki.puzzle import Grid
from futoshiki.training.synth.clip import ClipFrame, Motion, film, filmed_pages

FPS = 30.0
"""Frames per second of the camera."""
HAND = (0.45, 0.7)
"""Part of each page's time in which a hand passes over it, in every other clip."""
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@dataclass
class Tally:
    """Figures of all clips."""

    drawn: list[float] = field(default_factory=list)
    """Frames drawn per second, by clip."""
    delays: list[float] = field(default_factory=list)
    """Seconds from the first view of a page to its first right answer."""
    errors: list[float] = field(default_factory=list)
    """Mean distance of the overlay's cells from the true ones, in pitches, by frame."""
    shown: int = 0
    """Frames with an answer."""
    wrong: int = 0
    """Frames with a wrong answer."""
    unsolved: list[str] = field(default_factory=list)
    """Names of the pages that were never solved."""


def play(frames: list[ClipFrame], answers: list[Grid], names: list[str], tally: Tally) -> None:
    """Play one clip in real time."""
    session = Session()
    started = time.perf_counter()
    last, steps = -1, 0
    visible: dict[int, float] = {}
    solved: dict[int, float] = {}
    while True:
        now = time.perf_counter() - started
        index = int(now * FPS)
        if index >= len(frames):
            break
        if index == last:
            time.sleep(max(0.0, (index + 1) / FPS - now))
            continue
        last, frame = index, frames[index]
        sight = session.step(frame.pixels, index / FPS)
        draw_sight(sight, pace=FPS)
        steps += 1
        at = time.perf_counter() - started
        if frame.cells is None:
            continue
        visible.setdefault(frame.page, index / FPS)
        if sight.state != "solved" or sight.board is None:
            continue
        tally.shown += 1
        if sight.board.solution != answers[frame.page]:
            tally.wrong += 1
            continue
        solved.setdefault(frame.page, at)
        pitch = np.linalg.norm(np.diff(frame.cells, axis=1), axis=-1).mean()
        tally.errors.append(float(np.linalg.norm(np.array(sight.board.cells) - frame.cells, axis=-1).mean() / pitch))
    session.close()
    tally.drawn.append(steps / (len(frames) / FPS))
    for page, since in visible.items():
        if page in solved:
            tally.delays.append(solved[page] - since)
        else:
            tally.unsolved.append(names[page])


def memory() -> float:
    """Resident memory in megabytes: the present one on Linux, else the peak."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def watch(frames: list[ClipFrame], minutes: float, console: Console) -> None:
    """Play one clip repeatedly in one session and print the memory."""
    session = Session()
    started = time.perf_counter()
    number, minute = 0, -1
    while (now := time.perf_counter() - started) < minutes * 60:
        draw_sight(session.step(frames[number % len(frames)].pixels, now))
        number += 1
        time.sleep(max(0.0, number / FPS - (time.perf_counter() - started)))
        if int(now // 60) != minute:
            minute = int(now // 60)
            console.print(f"minute {minute}: {memory():.0f} MB, {number} frames")
    console.print(f"end: {memory():.0f} MB, {number} frames")
    session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--minutes", type=float, default=0.0)
    arguments = parser.parse_args()
    pages = [page for folder in arguments.folders or [SAMPLES] for page in filmed_pages(folder)]
    rng = np.random.default_rng(0)
    tally, console = Tally(), Console(highlight=False)
    frames: list[ClipFrame] = []
    for clip in range(arguments.clips):
        chosen = [pages[k] for k in rng.choice(len(pages), 2, replace=False)]
        hand = (HAND[0] * arguments.seconds, HAND[1] * arguments.seconds) if clip % 2 else None
        frames = list(film([page for page, _ in chosen], seconds=arguments.seconds, fps=FPS, seed=clip, motion=Motion(hand=hand)))
        play(frames, [answer for _, answer in chosen], [page.name for page, _ in chosen], tally)
    table = Table("figure", "value", title=f"{arguments.clips} clips of 1280 x 720, two pages each")
    table.add_row("frames drawn per second, median / least", f"{statistics.median(tally.drawn):.1f} / {min(tally.drawn):.1f}")
    delays = f"{statistics.median(tally.delays):.2f} / {max(tally.delays):.2f}" if tally.delays else "-"
    table.add_row("first right answer, median / worst (s)", delays)
    table.add_row("pages never solved", f"{len(tally.unsolved)} of {2 * arguments.clips}: {', '.join(tally.unsolved) or '-'}")
    overlay = f"{np.mean(tally.errors):.3f} / {np.quantile(tally.errors, 0.95):.3f}" if tally.errors else "-"
    table.add_row("overlay error, mean / p95 (pitches)", overlay)
    table.add_row("frames with a wrong answer", f"{tally.wrong} of {tally.shown}")
    console.print(table)
    if arguments.minutes:
        watch(frames, arguments.minutes, console)


if __name__ == "__main__":
    main()
