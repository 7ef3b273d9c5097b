"""Synthetic photos that processes make while a network is trained on them: every epoch gets new ones."""

from __future__ import annotations

import multiprocessing
import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.geometry import mean_pitch, quad_iou
from futoshiki.networks.shipped import Networks
from futoshiki.reading.reader import Reader
from futoshiki.result import Result
from futoshiki.training.data import Photos
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.sample import MIX, Mix, Sample, make_sample
from futoshiki.training.synth.store import StoredSample, read_sample, write_sample

CHUNK = 10
"""Seeds that a process works off at once."""
LEGIBLE_PITCH = 16.0
"""Pixels from cell to cell below which a board that is not read teaches nothing about the reader."""
SAME_BOARD = 0.5
"""Overlap (IoU) with a true board above which the reader has found that one."""


@dataclass(frozen=True)
class PhotoPlan:
    """Which photos a network is trained on.

    The photos are those of consecutive seeds from `seed` on: first the ones that are `held_out`, then `start` for the first
    epoch and `fresh` more for each that follows. An epoch draws from the newest `most`. Of the photos that the shipped
    networks read without a fault only a share of `kept_right` is used, so that most photos show what is still misread (hard
    example mining: Shrivastava et al., 2016, https://arxiv.org/abs/1604.03540). `mix` are the shares of kinds of photos.
    """

    seed: int
    held_out: int = 200
    start: int = 1000
    fresh: int = 300
    most: int = 6000
    kept_right: float = 1.0
    mix: Mix = MIX

    def held_out_seeds(self) -> range:
        """Seeds of the photos that validate."""
        return range(self.seed, self.seed + self.held_out)

    def seeds(self, epoch: int) -> range:
        """Seeds of the photos that an epoch, counted from 0, draws from."""
        first = self.seed + self.held_out
        end = first + self.start + epoch * self.fresh
        return range(max(first, end - self.most), end)


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
            self._orders.append((seeds, self._pool.submit(_make, self._folder, seeds, plan, self._scans)))
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
    pool = ProcessPoolExecutor(workers, context, _begin)
    try:
        yield PhotoStream(folder, plan, epoch_size, pool, kept=kept, scans=scans)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    cv2.setNumThreads(1)


def _make(folder: Path, seeds: Sequence[int], plan: PhotoPlan, scans: Path | None) -> None:
    """Make those photos of a plan that are not there yet. In place of one that is not used stands a file without content."""
    reader = Reader(Networks(threads=1))
    for seed in seeds:
        path = folder / f"{seed:08d}"
        unused = path.with_suffix(".unused")
        if path.with_suffix(".json").exists() or unused.exists():
            continue
        sample = make_sample(seed, scans=scans, mix=plan.mix)
        if random.Random(seed).random() < plan.kept_right or not is_read(sample, reader.read(sample.photo)):
            write_sample(folder, sample)
        else:
            unused.touch()


def is_read(sample: Sample, result: Result) -> bool:
    """Whether a result has every open board of a photo that can be read, as it is, and none that is not there."""
    wanted = [board for board in sample.boards if not board.complete and _is_legible(board)]
    named = [(board, _true_board(sample, board)) for board in result.boards if not board.complete and not board.cut]
    if any(truth is None for _, truth in named):
        return False
    right = [truth for board, truth in named if truth and board.status == "solved" and board.puzzle == truth.puzzle]
    return all(any(truth is one for truth in right) for one in wanted)


def _true_board(sample: Sample, found: BoardResult) -> BoardTruth | None:
    """The board of a photo that the reader has found."""
    corners = np.array(found.corners)
    return next((board for board in sample.boards if quad_iou(board.corners, corners) > SAME_BOARD), None)


def _is_legible(board: BoardTruth) -> bool:
    return board.is_whole and not board.hidden and mean_pitch(board.cells) >= LEGIBLE_PITCH
