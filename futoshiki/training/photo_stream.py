"""Synthetic photos that processes make while a network is trained on them: every epoch gets new ones."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from futoshiki.training.data import Photos
from futoshiki.training.photo_plan import PhotoPlan, make_photos
from futoshiki.training.synth.store import StoredSample, read_sample

CHUNK = 10
"""Seeds that a process works off at once."""


class PhotoStream(Photos):
    """The photos of a plan, in a folder, made at most one epoch ahead; see `photo_stream`.

    What the folder holds already is not made again, so that a run can be resumed. Unless they are `kept`, photos that no later
    epoch draws from are deleted.
    """

    def __init__(
        self, folder: Path, plan: PhotoPlan, epoch_size: int, pool: ProcessPoolExecutor, *, kept: bool, scans: Path | None
    ) -> None:
        self.epoch_size = epoch_size
        self._folder, self._plan, self._pool, self._kept, self._scans = folder, plan, pool, kept, scans
        self._samples: dict[int, StoredSample | None] = {}
        self._orders: deque[tuple[Sequence[int], Future[None]]] = deque()
        self._ordered = plan.seed

    def held_out(self) -> list[StoredSample]:
        """The photos that validate, whether the reader gets them right or not; waits for those of the first epoch, too."""
        self.at(0)
        return self._ready(self._plan.held_out_seeds())

    def at(self, epoch: int) -> list[StoredSample]:
        """The photos of an epoch; waits for them, and orders those of the next one."""
        seeds = self._plan.seeds(epoch)
        self._order(self._plan.held_out_seeds().stop)
        self._ordered = max(self._ordered, seeds.start)  # a run that is resumed needs no older ones
        self._order(seeds.stop)
        self._order(self._plan.seeds(epoch + 1).stop)
        samples = self._ready(seeds)
        if not self._kept:
            self._delete_before(seeds.start)
        return samples

    def about(self) -> dict[str, int]:
        """What the plan says."""
        plan = self._plan
        return {"data": plan.held_out + plan.start, "fresh": plan.fresh, "seed": plan.seed}

    def _order(self, end: int) -> None:
        """Have the photos of all seeds before `end` made."""
        while self._ordered < end:
            seeds = range(self._ordered, min(end, self._ordered + CHUNK))
            held_out = seeds.start < self._plan.held_out_seeds().stop
            plan = replace(self._plan, kept_right=1.0) if held_out else self._plan
            self._orders.append((seeds, self._pool.submit(make_photos, self._folder, seeds, plan, self._scans)))
            self._ordered = seeds.stop

    def _delete_before(self, end: int) -> None:
        """Delete photos that are out of date, but none of those that validate."""
        for seed in [seed for seed in self._samples if self._plan.held_out_seeds().stop <= seed < end]:
            old = self._samples.pop(seed)
            if old is not None:
                old.path.unlink(missing_ok=True)
                old.path.with_suffix(".json").unlink(missing_ok=True)

    def _ready(self, seeds: range) -> list[StoredSample]:
        """The photos of those seeds that are used; waits until they are made."""
        while self._orders and self._orders[0][0][0] < seeds.stop:
            made, order = self._orders.popleft()
            order.result()
            for seed in made:
                path = self._folder / f"{seed:08d}.json"
                self._samples[seed] = read_sample(path) if path.exists() else None
        return [sample for seed in seeds if (sample := self._samples.get(seed)) is not None]


@contextmanager
def photo_stream(
    folder: Path, plan: PhotoPlan, epoch_size: int, *, workers: int, kept: bool = False, scans: Path | None = None
) -> Iterator[PhotoStream]:
    """Photos that `workers` processes make in a folder as they are needed; the processes end with the block.

    `kept` photos stay when they are out of date. `scans` are scanned digits to write with, see `synth.handwriting`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("spawn")  # a copy of a process in which torch has threads may hang
    pool = ProcessPoolExecutor(workers, context)
    try:
        yield PhotoStream(folder, plan, epoch_size, pool, kept=kept, scans=scans)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
