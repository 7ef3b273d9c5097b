"""Synthetic photos on disk: a folder of JPEG files, each with its ground truth.

FOLDER/00000123.jpg      the photo of seed 123
FOLDER/00000123.json     {"seed": 123, "boards": [...]}, see `sample.truth_dict`
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from futoshiki.errors import TrainingError
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.sample import Sample, board_from_truth, make_sample, truth_dict

JPEG_QUALITY = 95
"""JPEG quality of stored photos: high, because photos show the artefacts of their own compression already."""
MIN_SAMPLES = 10
"""Minimum number of samples for training; some of them are held out for validation."""
CHUNK = 20
"""Samples that a process makes between two reports of progress."""


@dataclass(frozen=True)
class StoredSample:
    """A photo on disk and its boards; the pixels are read when they are asked for."""

    path: Path
    boards: tuple[BoardTruth, ...]

    def photo(self) -> np.ndarray:
        """H x W x 3 uint8 RGB."""
        return read_rgb(self.path)


def read_rgb(path: Path) -> np.ndarray:
    """A picture of a training set, H x W x 3 uint8 RGB.

    Raises:
        TrainingError: the file is missing or damaged.
    """
    pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if pixels is None:
        raise TrainingError(f"{path} is missing or damaged: restore it, or remove it from the training set")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)


def write_sample(folder: Path, sample: Sample) -> None:
    """Write one sample. The ground truth is written last, so that a pair of files is either whole or ignored."""
    path = folder / f"{sample.seed:08d}.jpg"
    cv2.imwrite(str(path), sample.photo[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    text = json.dumps({"seed": sample.seed, "boards": [truth_dict(board) for board in sample.boards]})
    partial = path.with_suffix(".part")
    partial.write_text(text)
    partial.rename(path.with_suffix(".json"))


def read_samples(folder: Path) -> list[StoredSample]:
    """Every whole sample in the folder, in the order of the seeds."""
    return [read_sample(path) for path in sorted(folder.glob("*.json"))]


def read_sample(path: Path) -> StoredSample:
    """The sample of a truth file."""
    return StoredSample(path.with_suffix(".jpg"), tuple(map(board_from_truth, json.loads(path.read_text())["boards"])))


def enough_samples(folder: Path) -> list[StoredSample]:
    """The samples of a folder to train on.

    Raises:
        TrainingError: there are fewer than `MIN_SAMPLES`.
    """
    samples = read_samples(folder)
    if len(samples) < MIN_SAMPLES:
        raise TrainingError(
            f"{folder} holds {len(samples)} samples, training needs {MIN_SAMPLES}: futoshiki synth -n 16000 -o {folder}"
        )
    return samples


def write_samples(
    folder: Path, first_seed: int, count: int, *, workers: int | None = None, scans: Path | None = None
) -> Iterator[int]:
    """Make samples in parallel and skip those that the folder already holds; yields how many are done so far."""
    folder.mkdir(parents=True, exist_ok=True)
    seeds = [s for s in range(first_seed, first_seed + count) if not (folder / f"{s:08d}.json").exists()]
    done = count - len(seeds)
    chunks = [seeds[k : k + CHUNK] for k in range(0, len(seeds), CHUNK)]
    with ProcessPoolExecutor(workers or os.cpu_count(), initializer=_use_one_thread) as pool:
        for written in pool.map(_write_chunk, [folder] * len(chunks), chunks, [scans] * len(chunks)):
            done += written
            yield done


def _use_one_thread() -> None:
    cv2.setNumThreads(1)


def _write_chunk(folder: Path, seeds: list[int], scans: Path | None) -> int:
    for seed in seeds:
        write_sample(folder, make_sample(seed, scans=scans))
    return len(seeds)
