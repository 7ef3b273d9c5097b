"""Which synthetic photos a network is trained on, and the making of them, for which processes need no torch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.geometry import mean_pitch, quad_iou
from futoshiki.networks.shipped import Networks
from futoshiki.reading.reader import Reader
from futoshiki.result import Result
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.sample import MIX, Mix, Sample, make_sample
from futoshiki.training.synth.store import write_sample

LEGIBLE_PITCH = 16.0
"""Pixels from cell to cell below which a board that is not read teaches nothing about the reader."""
SAME_BOARD = 0.5
"""Overlap (IoU) with a true board above which the reader has found that one."""


@dataclass(frozen=True)
class PhotoPlan:
    """Which photos a network is trained on.

    Seeds are consecutive, from `seed` on: the first `held_out` photos validate, the next `start` are for the first epoch, and
    each later epoch adds `fresh` new ones. An epoch draws from the latest `most` photos. Photos that the shipped networks read
    correctly are mostly skipped: only the share `kept_right` of them is used (hard example mining: Shrivastava et al., 2016,
    https://arxiv.org/abs/1604.03540). `mix` gives the shares of the kinds of photos.
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


def make_photos(folder: Path, seeds: Sequence[int], plan: PhotoPlan, scans: Path | None) -> None:
    """Make those photos of a plan that are not there yet. In place of one that is not used stands a file without content."""
    cv2.setNumThreads(1)
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
    wanted = [board for board in sample.boards if not board.complete and _can_be_read(board)]
    named = [(board, _true_board(sample, board)) for board in result.boards if not board.complete and not board.cut]
    if any(truth is None for _, truth in named):
        return False
    right = [truth for board, truth in named if truth and board.status == "solved" and board.puzzle == truth.puzzle]
    return all(any(truth is one for truth in right) for one in wanted)


def _true_board(sample: Sample, found: BoardResult) -> BoardTruth | None:
    """The board of a photo that the reader has found."""
    corners = np.array(found.corners)
    return next((board for board in sample.boards if quad_iou(board.corners, corners) > SAME_BOARD), None)


def _can_be_read(board: BoardTruth) -> bool:
    return board.is_readable and mean_pitch(board.cells) >= LEGIBLE_PITCH
