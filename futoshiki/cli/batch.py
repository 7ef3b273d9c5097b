"""`futoshiki batch`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from futoshiki.cli.options import GRID_MODEL, QUIET
from futoshiki.errors import ArgumentError, ExitCode, UnreadableFileError
from futoshiki.text import shown

if TYPE_CHECKING:
    from futoshiki.batch.report import Report

LINE_EVERY = 60
"""Seconds between two lines of progress where standard error is no terminal."""


def _bytes(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
    if text is None:
        return None
    from futoshiki.batch.clusters import size_in

    try:
        return size_in(text)
    except ArgumentError as error:
        raise click.BadParameter(str(error)) from error


@click.command("batch")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", required=True, metavar="RESULTS", help="Folder or address, such as results.parquet.")
@click.option("--workers", type=click.IntRange(1), help="Processes on this machine.  [default: one for each core]")
@click.option(
    "--memory", metavar="SIZE", callback=_bytes, help="Memory of each such process, as 2GB; one that takes more is replaced."
)
@click.option("--scheduler", metavar="ADDRESS", help="Use the workers of this Dask scheduler, such as tcp://host:8786.")
@click.option(
    "--shard", type=click.IntRange(1), default=64, show_default=True, help="Pictures of a part, about; fewer in a small archive."
)
@click.option("--pictures", metavar="OUT", help="Folder or address for the solved pictures.")
@click.option("--column", metavar="NAME", help="Column of the pictures in a parquet SOURCE, if it has several of bytes.")
@click.option("--only-failed", is_flag=True, help="Try only pictures again whose status is failed or unreadable_file.")
@GRID_MODEL
@QUIET
def command(
    sources: tuple[str, ...], output: str, workers: int | None, memory: int | None, scheduler: str | None, shard: int,
    pictures: str | None, column: str | None, only_failed: bool, grid_model: Path | None, quiet: bool,
) -> int:  # fmt: skip
    """Solve an archive with many processes or machines, and write what is read as parquet.

    SOURCE is a picture, a PDF, a zip or tar archive, a parquet file with a column of bytes, a folder of those, whose
    folders are looked into, too, a glob in quotes, or an address such as s3://bucket/scans.

    RESULTS becomes a folder of parts, which pandas, DuckDB and others read as one table: a row for each board, or one for a
    picture without. The same command goes on where an earlier one ended, however it ended.

    Exit codes: 0 every picture has its rows, whatever they say, 3 a SOURCE cannot be read, 8 something is not installed
    or the scheduler is gone, 9 a part cannot be written, 130 interrupted: Ctrl-C finishes the parts that are being read.
    """
    if scheduler and (workers or memory):
        raise click.UsageError("--workers and --memory are for this machine: give either them or --scheduler")
    from futoshiki.batch.clusters import local_workers, workers_of
    from futoshiki.batch.items import part_size
    from futoshiki.batch.reading import PictureReading
    from futoshiki.batch.run import run
    from futoshiki.batch.sources import items
    from futoshiki.batch.storage import Folder

    console = Console(stderr=True, quiet=quiet, highlight=False, emoji=False)
    results, out = Folder(output), Folder(pictures).root if pictures else None
    reading = PictureReading.here(grid_model=grid_model, pictures=out, column=column)
    total = _count(sources, column, console)
    with workers_of(scheduler) if scheduler else local_workers(workers, memory) as client, _progress(console, total) as on_part:
        started = time.perf_counter()
        size = part_size(total, shard)
        report = run(items(sources, column), reading, results, client, size=size, only_failed=only_failed, on_part=on_part)
    console.print(summary(report, time.perf_counter() - started), markup=False, soft_wrap=True)
    return int(ExitCode.INTERRUPTED if report.stopped else ExitCode.SOLVED)


def _count(sources: tuple[str, ...], column: str | None, console: Console) -> int:
    """The number of pictures. A source that is not there ends the command before anything is read."""
    from futoshiki.batch.sources import items

    with console.status("listing the pictures"):
        total = sum(1 for _ in items(sources, column))
    if not total:
        raise UnreadableFileError(f"no pictures in {', '.join(map(shown, sources))}; give a folder or an archive that holds some")
    return total


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[Report], None]]:
    """A function that shows how far a run is: a bar on a terminal, elsewhere a line from time to time."""
    started = printed = time.perf_counter()
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[note]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=total, note="starting")

        def show(report: Report) -> None:
            nonlocal printed
            now = time.perf_counter()
            note = f"{report.read / (now - started):.1f} a second, {report.unread} failed"
            progress.update(task, completed=report.pictures, note=note)
            if not console.is_terminal and now - printed > LINE_EVERY:
                left = (total - report.pictures) * (now - started) / max(1, report.read)
                console.print(f"{report.pictures} of {total}, {note}, {left / 60:.0f} minutes left")
                printed = now

        yield show


def summary(report: Report, seconds: float) -> str:
    """The report at the end, in lines."""
    boards = f"{report.boards.total()} boards" + _counts(report.boards)
    sizes = ", ".join(f"{count} of {size} x {size}" for size, count in sorted(report.sizes.items()))
    others = f"{report.others.total()} pictures without a board" + _counts(report.others)
    rate = f", {report.read / seconds:.1f} a second" if report.read else ""
    lines = [f"{report.pictures} pictures, {report.read} of them read in {seconds:.0f} s{rate}", boards, sizes, others]
    if report.slowest:
        lines.append("slowest:")
    for milliseconds, (source, member, page) in sorted(report.slowest, reverse=True):
        name = ", ".join([source, *([member] if member else []), *([f"page {page}"] if page else [])])
        lines.append(f"  {milliseconds / 1000:.1f} s  {name}")
    if report.moved:
        lines.append(f"{report.moved} parts of other or changed pictures were moved to _superseded, and can be deleted")
    if report.unread and not report.stopped:
        lines.append("pictures that failed are tried again with --only-failed")
    if report.stopped:
        lines.append("stopped; the same command goes on from here")
    return "\n".join(filter(None, lines))


def _counts(counter: dict[str, int]) -> str:
    named = ", ".join(f"{count} {name}" for name, count in sorted(counter.items(), key=lambda pair: -pair[1]))
    return f": {named}" if named else ""
