"""The driver: sends parts of an archive to the workers and writes their rows, until every picture has its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

import pyarrow as pa
from distributed import Client, Future, as_completed
from distributed.scheduler import KilledWorker

from futoshiki.batch.interrupts import noted_interrupts
from futoshiki.batch.items import PART_NAME, Item, shards
from futoshiki.batch.reading import Reading
from futoshiki.batch.report import UNREAD, Report
from futoshiki.batch.rows import Row, by_picture, from_parquet, picture_of, row_without, to_parquet
from futoshiki.batch.storage import Folder
from futoshiki.batch.worker import read_all, read_alone
from futoshiki.errors import ClusterError, FutoshikiError

IN_FLIGHT = 2
"""Parts for each thread of a worker that are with the scheduler: one that is read and one that waits, so that none is idle."""
TRIALS = 4
"""Times that a part is given to a worker which then dies. From the second on, its pictures are read in processes of their own,
so that the worker dies of something else."""
ASIDE = "_superseded"
"""Folder for parts whose pictures have changed or are gone. Readers of data sets skip folders with such names."""


@dataclass(frozen=True)
class Work:
    """Pictures of a part to read; `rows` are those that the part has already, and `trial` counts from 1."""

    name: str
    items: tuple[Item, ...]
    rows: tuple[Row, ...] = ()
    trial: int = 1


def run(
    items: Iterable[Item], reading: Reading, results: Folder, client: Client, *, size: int = 64, only_failed: bool = False,
    on_part: Callable[[Report], None] = lambda report: None,
) -> Report:  # fmt: skip
    """Read pictures in parts of about `size`, and write a parquet file for each part; those that are there are not made again.

    With `only_failed`, only pictures whose rows say that they could not be read are tried, in the parts that are there. Ctrl-C
    finishes the parts that are being read; a second one raises KeyboardInterrupt. `on_part` is told of every part.

    Raises:
        OutputError: a part cannot be written. As after every end, those that were written are whole, and are not made again.
        ClusterError: the scheduler is gone, or a worker cannot read pictures at all.
        MissingPartError: a worker has no networks.
    """
    with noted_interrupts() as interrupted:
        return Driver(reading, results, client, on_part, interrupted).run(items, size, only_failed=only_failed)


class Driver:
    """One run."""

    def __init__(
        self, reading: Reading, results: Folder, client: Client, on_part: Callable[[Report], None], interrupted: threading.Event
    ) -> None:
        self._reading, self._results, self._client, self._on_part = reading, results, client, on_part
        self._interrupted = interrupted
        self._there = {name for name in results.names() if PART_NAME.fullmatch(name)}
        self._named = set[str]()
        self._report = Report()
        self._works: dict[Future, Work] = {}
        self._completed = as_completed(loop=client.loop)

    def run(self, items: Iterable[Item], size: int, *, only_failed: bool) -> Report:
        """Read the pictures; see the function `run`."""
        self._results.sweep()
        try:
            for work in self._left(items, size, only_failed=only_failed):
                while self._completed.count() >= self._most_in_flight():
                    self._collect()
                self._submit(work)
            self._finish()
        except KeyboardInterrupt:
            self._report.stopped = True
            self._cancel_waiting()
            self._finish()
        if not self._report.stopped and not only_failed:
            self._put_aside(self._there - self._named)
        return self._report

    def _left(self, items: Iterable[Item], size: int, *, only_failed: bool) -> Iterator[Work]:
        """What is left to read. Parts that are there are counted."""
        for shard in shards(items, size):
            name = shard.name(self._reading.fingerprint)
            self._named.add(name)
            rows = self._rows_of(name)
            if rows is None:
                if not only_failed:
                    yield Work(name, shard.items)
                continue
            unread = {picture for picture, its in by_picture(rows) if its[0]["status"] in UNREAD} if only_failed else set()
            again = tuple(item for item in shard.items if picture_of(item) in unread)
            if again:
                yield Work(name, again, tuple(rows))
            else:
                self._count(rows, 0)

    def _rows_of(self, name: str) -> list[Row] | None:
        """The rows of a part; None if it is not there, or damaged."""
        if name not in self._there:
            return None
        try:
            return from_parquet(self._results.read(name))
        except pa.ArrowException:
            return None

    def _most_in_flight(self) -> int:
        with self._talking():
            return IN_FLIGHT * max(1, sum(self._client.nthreads().values()))

    def _submit(self, work: Work) -> None:
        read = read_all if work.trial == 1 else read_alone
        with self._talking():
            future = self._client.submit(read, self._reading, work.items, pure=False)
        self._works[future] = work
        self._completed.add(future)

    def _collect(self) -> None:
        """Wait for a part, and write its rows.

        Raises:
            KeyboardInterrupt: the run has been asked to end, and the exception that told so was lost.
        """
        if self._interrupted.is_set() and not self._report.stopped:
            raise KeyboardInterrupt
        future = next(self._completed)
        work = self._works.pop(future)
        if self._report.stopped and future.cancelled():
            return
        try:
            with self._talking():
                rows = future.result()
        except KilledWorker:
            self._try_again(work)
        else:
            self._write(work, rows)

    def _try_again(self, work: Work) -> None:
        """Read a part whose worker has died."""
        if work.trial < TRIALS:
            self._submit(replace(work, trial=work.trial + 1))
        else:
            lost = f"the workers that read it died, {TRIALS} times; see why, and try again with --only-failed"
            self._write(work, [row_without(item, "failed", lost) for item in work.items])

    def _write(self, work: Work, rows: list[Row]) -> None:
        """Write the rows of a part; those that it had are replaced by new ones of the same picture."""
        pictures = {**dict(by_picture(work.rows)), **dict(by_picture(rows))}
        merged = [row for its in pictures.values() for row in its]
        self._results.write(work.name, to_parquet(merged))
        self._count(merged, len(work.items))

    def _count(self, rows: Sequence[Row], read: int) -> None:
        self._report.add(rows, read)
        self._on_part(self._report)

    def _finish(self) -> None:
        while not self._completed.is_empty():
            self._collect()

    def _cancel_waiting(self) -> None:
        """Cancel the parts that no worker reads yet; if the scheduler does not say which, none."""
        with suppress(Exception):
            stacks = self._client.call_stack(list(self._works))
            running = {key for keys in stacks.values() for key in keys}
            self._client.cancel([future for future in self._works if future.key not in running])

    def _put_aside(self, names: Iterable[str]) -> None:
        """Move parts that no picture stands in any more, for it has changed or is not among the sources."""
        for name in sorted(names):
            self._results.move(name, ASIDE)
            self._report.moved += 1

    @contextmanager
    def _talking(self) -> Iterator[None]:
        """Turn what goes wrong between scheduler, workers and this process into a sentence."""
        try:
            yield
        except (KilledWorker, FutoshikiError):
            raise
        except (CancelledError, OSError, asyncio.TimeoutError) as error:
            kept = "the parts that are written stay; start it again, and repeat the command"
            raise ClusterError(f"the scheduler is gone: {kept}") from error
        except Exception as error:
            remedy = "install the same futoshiki[batch] on every worker"
            raise ClusterError(f"a worker cannot read pictures ({type(error).__name__}: {error}); {remedy}") from error
