"""Scores of fresh synthetic photos, which no network was trained on.

usage: python benchmarks/synthetic.py [-n 200] [--seed 900000] [--min-pitch 16] [--workers 2] [--csv SCORES.csv]
Photos whose main board has cells closer together than --min-pitch pixels are left out: they are illegible. So are those that
cut the main board off, hide a part of it, or do not show which way all of its signs point and which digit each is. The CSV file
is the input of benchmarks/calibration.py.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path

import cv2
from rich.console import Console

from futoshiki.api import solve_image
from futoshiki.cli.evaluate import TABLE_WIDTH, summary
from futoshiki.evaluation.answers import Score, score
from futoshiki.geometry import mean_pitch
from futoshiki.solving import solve
from futoshiki.training.synth.sample import make_sample


def evaluate(seed: int, *, min_pitch: float) -> Score | None:
    """The score of one photo; None if its main board is too small or not readable."""
    sample = make_sample(seed)
    if not sample.boards:
        return score(str(seed), solve_image(sample.photo), {"negative": True})
    board = sample.boards[0]
    if not board.is_readable or mean_pitch(board.cells) < min_pitch:
        return None
    outcome = solve(board.puzzle)
    truth = {
        "size": board.puzzle.size,
        "givens": board.puzzle.given_cells,
        "less": board.puzzle.less,
        "solution": [list(row) for row in outcome.solutions[0]] if outcome.status == "one" else None,
        "corners": board.corners.tolist(),
        "cells": board.cells.tolist(),
        # Without a digit, the solution of a turned reading is right in the photo, too.
        "orientation_cue": "digits" if board.puzzle.given_cells else "none",
        "kind": "complete" if board.complete else f"{board.puzzle.size} x {board.puzzle.size}",
    }
    return score(str(seed), solve_image(sample.photo), truth)


def scores_of(seeds: range, min_pitch: float, workers: int) -> Iterator[Score]:
    """The scores of all legible photos, in the order of their seeds."""
    with ProcessPoolExecutor(workers, initializer=partial(cv2.setNumThreads, 1)) as pool:
        yield from (found for found in pool.map(partial(evaluate, min_pitch=min_pitch), seeds, chunksize=4) if found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=900_000)
    parser.add_argument("--min-pitch", type=float, default=16.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--csv", type=Path)
    arguments = parser.parse_args()
    started = time.perf_counter()
    seeds = range(arguments.seed, arguments.seed + arguments.n)
    scores = list(scores_of(seeds, arguments.min_pitch, arguments.workers))
    if arguments.csv:
        with arguments.csv.open("w", newline="") as file:
            writer = csv.DictWriter(file, [field.name for field in fields(Score)])
            writer.writeheader()
            writer.writerows(asdict(one) for one in scores)
    console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(summary(sorted(scores, key=lambda one: one.group)))
    wrong = [one.name for one in scores if one.silent_error]
    seconds = time.perf_counter() - started
    console.print(f"{len(scores)} photos in {seconds:.0f} s; wrong but reported as solved: {wrong or 'none'}")


if __name__ == "__main__":
    main()
