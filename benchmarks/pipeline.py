"""Time for one photo: cold start of the whole command, warm time by stage, images per second, peak memory.

usage: python benchmarks/pipeline.py [PICTURE ...] [--runs 15]
Without pictures the shipped samples are used. Quote medians; timings on shared machines are noisy.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


def cold(picture: Path, runs: int) -> tuple[float, float]:
    """Median seconds of `futoshiki solve --json PICTURE` as a whole process, and its peak memory in MB."""
    command = [sys.executable, "-m", "futoshiki", "solve", "--json", str(picture)]
    times = []
    for _ in range(runs + 1):  # the first one does not count
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
        times.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return statistics.median(times[1:]), peak


def warm(pictures: list[Path], runs: int) -> tuple[dict[str, list[float]], list[float]]:
    """Milliseconds by stage and in total for every picture and run, after a first run that does not count."""
    from futoshiki import solve_image

    stages: dict[str, list[float]] = {}
    totals = []
    for picture in pictures:
        solve_image(picture)
        for _ in range(runs):
            started = time.perf_counter()
            result = solve_image(picture)
            totals.append((time.perf_counter() - started) * 1000)
            for stage, ms in result.timings_ms.items():
                stages.setdefault(stage, []).append(ms)
    return stages, totals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pictures", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    pictures = arguments.pictures or sorted(SAMPLES.glob("*.jpg"))
    console = Console(highlight=False)
    seconds, peak = cold(pictures[0], arguments.runs)
    console.print(f"cold, whole command, {pictures[0].name}: median {seconds:.2f} s, peak memory {peak:.0f} MB")
    stages, totals = warm(pictures, arguments.runs)
    table = Table("stage", "median ms", "p95 ms", title=f"warm, {len(pictures)} pictures x {arguments.runs} runs")
    for stage, times in [*stages.items(), ("total", totals)]:
        table.add_row(stage, f"{statistics.median(times):.1f}", f"{sorted(times)[int(len(times) * 0.95)]:.1f}")
    console.print(table)
    console.print(f"{1000 / statistics.fmean(totals):.1f} images per second")


if __name__ == "__main__":
    main()
