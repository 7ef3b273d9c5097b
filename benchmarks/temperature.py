"""The temperature at which the clue network's probabilities mean what they say (Guo et al., 2017, arXiv:1706.04599).

usage: python benchmarks/temperature.py [-n 300] [--seed 950000] [FOLDER ...]
Boards of fresh synthetic photos (and of folders with truth) are found and read as when a photo is solved; for each
temperature the mean negative log-likelihood of the true clues is printed. The best ones lie so near to 1 that the
recogniser does without: see docs/accuracy.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from futoshiki.evaluation.answers import truth_pairs
from futoshiki.geometry import mean_pitch
from futoshiki.networks.engine import shipped_network
from futoshiki.photo import Photo, load_photo
from futoshiki.puzzle import Puzzle
from futoshiki.reading.close_up import looks
from futoshiki.reading.handwriting import see_handwriting
from futoshiki.reading.locate import locate
from futoshiki.reading.reader import SIZES
from futoshiki.reading.recognize import ClueScores, recognize
from futoshiki.training.synth.sample import make_sample

MIN_PITCH = 16.0
TEMPERATURES = np.round(np.geomspace(0.6, 2.5, 16), 2)

Truth = tuple[np.ndarray, Puzzle]
"""Cell centres, N x N x 2, and clues."""


def photos(count: int, seed: int, folders: list[Path]) -> Iterator[tuple[Photo, list[Truth]]]:
    """Photos and the boards in them that can be read."""
    for k in range(seed, seed + count):
        sample = make_sample(k)
        yield Photo(sample.photo, str(k)), [(b.cells, b.puzzle) for b in sample.boards if mean_pitch(b.cells) >= MIN_PITCH]
    for folder in folders:
        for path, truth in truth_pairs(folder):
            if truth.get("cells"):
                yield load_photo(path), [(np.array(truth["cells"]), Puzzle.of(truth["size"], truth["givens"], truth["less"]))]


def readings(photo: Photo, truths: list[Truth]) -> Iterator[tuple[ClueScores, Puzzle]]:
    """What was read of each board that was found where it is, in its surest look and the right way up."""
    for area in locate(photo, shipped_network("grid")):
        board = max(looks(photo, area, shipped_network("grid")), key=lambda board: board.score, default=None)
        if board is None or board.size not in SIZES:
            continue
        scores = recognize(photo, board, shipped_network("clues"))
        cells = scores.orientation.apply(board.cells)
        scores = scores.in_print(see_handwriting(scores, shipped_network("entries")).chances)
        for centres, puzzle in truths:
            if cells.shape == centres.shape and np.abs(cells - centres).max() < 0.3 * mean_pitch(centres):
                yield scores, puzzle


def rows(scores: ClueScores, puzzle: Puzzle) -> Iterator[tuple[str, np.ndarray, int]]:
    """Log-probabilities and true class of every element."""
    n, signs = puzzle.size, set(puzzle.less)
    for r in range(n):
        for c in range(n):
            yield "cells", scores.cells[r, c], puzzle.givens[r][c]
            for kind, table, (r2, c2) in (("signs", scores.across, (r, c + 1)), ("signs", scores.down, (r + 1, c))):
                if r2 < n and c2 < n:
                    first, second = (r, c, r2, c2) in signs, (r2, c2, r, c) in signs
                    yield kind, table[r, c], 1 if first else 2 if second else 0


def likelihood(logs: np.ndarray, classes: np.ndarray, temperature: float) -> float:
    """Mean negative log-likelihood when the logits, as they are now, are divided by the temperature."""
    scaled = logs / temperature
    scaled -= np.log(np.exp(scaled - scaled.max(1, keepdims=True)).sum(1, keepdims=True)) + scaled.max(1, keepdims=True)
    return float(-scaled[np.arange(len(classes)), classes].mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("-n", type=int, default=300)
    parser.add_argument("--seed", type=int, default=950_000)
    arguments = parser.parse_args()
    found: dict[str, list[tuple[np.ndarray, int]]] = {"cells": [], "signs": []}
    boards = 0
    for photo, truths in photos(arguments.n, arguments.seed, arguments.folders):
        for scores, puzzle in readings(photo, truths):
            boards += 1
            for kind, logs, value in rows(scores, puzzle):
                found[kind].append((logs, value))
    for kind, elements in found.items():
        logs, classes = np.array([row for row, _ in elements]), np.array([value for _, value in elements])
        right = (logs.argmax(1) == classes).mean()
        print(f"{kind}: {len(classes)} of {boards} boards, {right:.4f} right; by temperature:")
        print("  " + "  ".join(f"{t:g}: {likelihood(logs, classes, t):.5f}" for t in TEMPERATURES))


if __name__ == "__main__":
    main()
