"""The live mode under a moving camera, in real time: pace, delay, error of the overlay, wrong answers, memory.

usage: python benchmarks/live.py [FOLDER ...] [--clips 20] [--seconds 4] [--minutes 0]
Each clip films two pages, one after the other, with tilt, zoom, shake, blur, noise, changing light and a hand
(`futoshiki.training.synth.clip`), at 1280 x 720 and 30 frames a second. Pages are the pictures of the folders that
have truth with `cells` and one solution; without folders the samples. Frames are made before the clock starts and
then played at their pace: a frame that comes too late is left out, as a camera would. With --minutes the last clip
is played over and over for so long, to watch the memory.
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

from futoshiki.evaluation.answers import truth_pairs
from futoshiki.live.overlay import draw_sight
from futoshiki.live.session import Session
from futoshiki.photo import load_photo
from futoshiki.puzzle import Grid, freeze_grid
from futoshiki.training.synth.clip import ClipFrame, Motion, Page, film

FPS = 30.0
SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@dataclass
class Tally:
    """What is counted over all clips."""

    drawn: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    shown: int = 0
    wrong: int = 0
    unsolved: list[str] = field(default_factory=list)


def pages_of(folders: list[Path]) -> list[tuple[Page, Grid]]:
    """Pages with one known solution."""
    pages = []
    for folder in folders:
        for picture, truth in truth_pairs(folder):
            if truth.get("cells") and truth.get("solution") and len(truth["givens"]) < truth["size"] ** 2:
                page = Page(load_photo(picture).pixels, np.array(truth["cells"], float), picture.stem)
                pages.append((page, freeze_grid(truth["solution"])))
    return pages


def play(frames: list[ClipFrame], answers: list[Grid], names: list[str], tally: Tally) -> None:
    """One clip in real time."""
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
    """Resident megabytes now (Linux), or at most so far."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def watch(frames: list[ClipFrame], minutes: float, console: Console) -> None:
    """Play one clip over and over in one session and print the memory."""
    session = Session()
    started = time.perf_counter()
    number, said = 0, -1
    while (now := time.perf_counter() - started) < minutes * 60:
        draw_sight(session.step(frames[number % len(frames)].pixels, now))
        number += 1
        time.sleep(max(0.0, number / FPS - (time.perf_counter() - started)))
        if int(now // 60) != said:
            said = int(now // 60)
            console.print(f"minute {said}: {memory():.0f} MB, {number} frames")
    console.print(f"end: {memory():.0f} MB, {number} frames")
    session.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--clips", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--minutes", type=float, default=0.0)
    arguments = parser.parse_args()
    pages = pages_of(arguments.folders or [SAMPLES])
    rng = np.random.default_rng(0)
    tally, console = Tally(), Console(highlight=False)
    frames: list[ClipFrame] = []
    for clip in range(arguments.clips):
        chosen = [pages[k] for k in rng.choice(len(pages), 2, replace=False)]
        hand = (0.45 * arguments.seconds, 0.7 * arguments.seconds) if clip % 2 else None
        frames = list(film([page for page, _ in chosen], seconds=arguments.seconds, fps=FPS, seed=clip, motion=Motion(hand=hand)))
        play(frames, [answer for _, answer in chosen], [page.name for page, _ in chosen], tally)
    table = Table("figure", "value", title=f"{arguments.clips} clips of 1280 x 720, two pages each")
    table.add_row("frames drawn a second, median / least", f"{statistics.median(tally.drawn):.1f} / {min(tally.drawn):.1f}")
    table.add_row("first right answer, median / worst (s)", f"{statistics.median(tally.delays):.2f} / {max(tally.delays):.2f}")
    table.add_row("pages never solved", f"{len(tally.unsolved)} of {2 * arguments.clips}: {', '.join(tally.unsolved) or '-'}")
    errors = sorted(tally.errors)
    table.add_row("overlay error, mean / p95 (cells)", f"{statistics.fmean(errors):.3f} / {errors[int(0.95 * len(errors))]:.3f}")
    table.add_row("frames with a wrong answer", f"{tally.wrong} of {tally.shown}")
    console.print(table)
    if arguments.minutes:
        watch(frames, arguments.minutes, console)


if __name__ == "__main__":
    main()
