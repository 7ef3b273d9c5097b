"""Archives: pictures a second in one process, in two, and with `futoshiki batch`; what Dask costs; a simulated million.

usage: python benchmarks/batch.py throughput FOLDER [--pictures 300] [--workers 2] [--shard 64]
       python benchmarks/batch.py overhead [--items 20000]
       python benchmarks/batch.py simulate [--items 1000000] [--folders 1000] [--seconds 600]

`throughput` reads copies of the pictures in FOLDER in three ways, one after the other, without what starting takes: every
process has loaded the networks and read one picture before the clock starts. `overhead` and `simulate` list empty files in
so many folders and read nothing: their workers return at once, or after a time drawn from `MEASURED`, divided by `SCALE`.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from futoshiki.batch.clusters import local_workers
from futoshiki.batch.items import Item, part_size
from futoshiki.batch.reading import PictureReading
from futoshiki.batch.report import Report
from futoshiki.batch.rows import Row, row_without
from futoshiki.batch.run import run
from futoshiki.batch.sources import items
from futoshiki.batch.storage import Folder
from futoshiki.formats import READABLE

MEASURED = (0.092, 0.115, 0.141, 0.173, 0.232, 0.260, 0.465, 0.526, 0.832, 1.257)
"""Seconds of a picture with one thread at the 5th, 15th, ..., 95th percentile, of 50 photos, November 2026."""
SCALE = 10_000
"""By how much a simulated picture is faster."""
CONSOLE = Console(highlight=False)


@dataclass(frozen=True)
class NoReading:
    """Rows without reading anything; each takes a time drawn from `MEASURED`, divided by `scale`."""

    scale: float = float("inf")
    fingerprint: str = "none"

    def rows(self, pictures: Sequence[Item]) -> Iterator[list[Row]]:
        """One row for each."""
        for item in pictures:
            seconds = random.choice(MEASURED) / self.scale
            ends = time.perf_counter() + seconds
            while time.perf_counter() < ends:
                pass
            yield [row_without(item, "no_puzzle", "nothing", seconds * 1000)]


def megabytes(process: psutil.Process) -> float:
    return process.memory_info().rss / 1e6


class Cost:
    """What a block takes: seconds, seconds of all cores in this process and its children, megabytes of the largest child."""

    def __enter__(self) -> Cost:
        self.seconds, self.core_seconds = -time.perf_counter(), -self._core_seconds()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter()
        self.core_seconds += self._core_seconds()
        self.megabytes = max(map(megabytes, self._processes()[1:] or self._processes()))

    def _processes(self) -> list[psutil.Process]:
        return [psutil.Process(), *psutil.Process().children(recursive=True)]

    def _core_seconds(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self._processes())


def read(listed: Sequence[Item]) -> None:
    """Read pictures in this process; the networks are loaded when the first one is."""
    for _ in PictureReading.here().rows(listed):
        pass


def read_one(item: Item) -> None:
    read([item])


def in_this_process(listed: Sequence[Item]) -> Cost:
    """A plain loop."""
    read_one(listed[0])
    with Cost() as cost:
        read(listed)
    return cost


def in_processes(listed: Sequence[Item], workers: int) -> Cost:
    """concurrent.futures, a picture at a time."""
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(read_one, listed[:1] * workers * 4))
        with Cost() as cost:
            list(pool.map(read_one, listed))
    return cost


def in_batch(listed: Sequence[Item], workers: int, shard: int, folder: Path) -> Cost:
    """`futoshiki batch`."""
    with local_workers(workers) as client:
        client.run(read_one, listed[0])
        with Cost() as cost:
            run(listed, PictureReading.here(), Folder(str(folder)), client, size=shard)
    return cost


def throughput(source: Path, count: int, workers: int, shard: int) -> None:
    pictures = sorted(path for path in source.rglob("*") if path.suffix.lower() in READABLE)
    table = Table("way", "seconds", "pictures a second", "against the loop", "core seconds a picture", "MB a process")
    with tempfile.TemporaryDirectory() as folder:
        scans = Path(folder, "scans")
        scans.mkdir()
        for number, path in zip(range(count), itertools.cycle(pictures)):
            shutil.copy(path, scans / f"{number:04}{path.suffix}")
        listed = list(items([str(scans)]))
        ways = {
            "plain loop": lambda: in_this_process(listed),
            "futures": lambda: in_processes(listed, workers),
            "batch": lambda: in_batch(listed, workers, part_size(count, shard), Path(folder, "r.parquet")),
        }
        costs = {way: measured() for way, measured in ways.items()}
    for way, cost in costs.items():
        table.add_row(
            way, f"{cost.seconds:.1f}", f"{count / cost.seconds:.2f}", f"{costs['plain loop'].seconds / cost.seconds:.2f}",
            f"{cost.core_seconds / count:.3f}", f"{cost.megabytes:.0f}",
        )  # fmt: skip
    CONSOLE.print(table)
    CONSOLE.print(
        f"{count} pictures; the loop in one process, the others in {workers}; batch in parts of about {part_size(count, shard)}"
    )


def without_reading(count: int, folders: int, seconds: float, scale: float, workers: int) -> None:
    """Run files that are not read, for so many seconds at most, and print memory and rate as they grow."""
    table = Table("pictures", "seconds", "pictures a second", "driver and scheduler MB", "largest worker MB", "parts MB on disk")
    driver = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        scans, parts = Path(folder, "scans"), Path(folder, "r.parquet")
        for number in range(folders):
            (scans / f"{number:04}").mkdir(parents=True)
        for number in range(count):
            Path(scans, f"{number % folders:04}", f"{number:07}.jpg").touch()
        before, started = megabytes(driver), time.perf_counter()
        listed = sum(1 for _ in items([str(scans)]))
        CONSOLE.print(
            f"{listed:,} files in {folders} folders listed in {time.perf_counter() - started:.0f} s; "
            f"the driver grew from {before:.0f} to {megabytes(driver):.0f} MB"
        )
        started = printed = time.perf_counter()

        def show(report: Report) -> None:
            nonlocal printed
            now = time.perf_counter()
            if now - printed > seconds / 20 or report.pictures == count:
                printed = now
                disk = sum(path.stat().st_size for path in parts.iterdir()) / 1e6
                table.add_row(
                    f"{report.pictures:,}", f"{now - started:.0f}", f"{report.pictures / (now - started):.0f}",
                    f"{megabytes(driver):.0f}", f"{max(map(megabytes, driver.children(recursive=True))):.0f}", f"{disk:.0f}",
                )  # fmt: skip
            if now - started > seconds and not report.stopped:
                raise KeyboardInterrupt

        with local_workers(workers) as client:
            started = printed = time.perf_counter()
            report = run(items([str(scans)]), NoReading(scale), Folder(str(parts)), client, on_part=show)
            spent = time.perf_counter() - started
    CONSOLE.print(table)
    each = spent / report.pictures
    CONSOLE.print(f"{report.pictures:,} of {count:,} pictures in {spent:.0f} s: {each * 1000:.3f} ms each with {workers} workers")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("throughput", "overhead", "simulate"))
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent / "samples")
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--items", type=int)
    parser.add_argument("--folders", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--shard", type=int, default=64)
    arguments = parser.parse_args()
    if arguments.what == "throughput":
        throughput(arguments.folder, arguments.pictures, arguments.workers, arguments.shard)
    elif arguments.what == "overhead":
        without_reading(arguments.items or 20_000, arguments.folders, arguments.seconds, float("inf"), arguments.workers)
    else:
        without_reading(arguments.items or 1_000_000, arguments.folders, arguments.seconds, SCALE, arguments.workers)


if __name__ == "__main__":
    main()
