"""How well fresh synthetic photos are read that no network was trained on.

usage: python benchmarks/synthetic.py [-n 200] [--seed 900000] [--min-pitch 16]
Photos whose main board has cells closer than --min-pitch pixels are left out: nobody can read them.
"""

from __future__ import annotations

import argparse
import time

from rich.console import Console

from futoshiki.cli.evaluate import TABLE_WIDTH, summary
from futoshiki.evaluate import Score, score
from futoshiki.pipeline import solve_image
from futoshiki.solving import solve
from futoshiki.training.synth.sample import make_sample
from futoshiki.vision.geometry import mean_pitch


def evaluate(seed: int, min_pitch: float) -> Score | None:
    sample = make_sample(seed)
    if not sample.boards:
        return score(str(seed), solve_image(sample.photo), {"negative": True})
    board = sample.boards[0]
    if mean_pitch(board.cells) < min_pitch:
        return None
    outcome = solve(board.puzzle)
    truth = {
        "size": board.puzzle.size,
        "givens": board.puzzle.given_cells,
        "less": board.puzzle.less,
        "solution": [list(row) for row in outcome.solutions[0]] if outcome.status == "one" else None,
        "corners": board.corners.tolist(),
        "cells": board.cells.tolist(),
        "kind": "complete" if board.complete else f"{board.puzzle.size} x {board.puzzle.size}",
    }
    return score(str(seed), solve_image(sample.photo), truth)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=900_000)
    parser.add_argument("--min-pitch", type=float, default=16.0)
    arguments = parser.parse_args()
    started = time.perf_counter()
    seeds = range(arguments.seed, arguments.seed + arguments.n)
    scores = [found for seed in seeds if (found := evaluate(seed, arguments.min_pitch)) is not None]
    console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(summary(sorted(scores, key=lambda one: one.group)))
    wrong = [one.name for one in scores if one.silent_error]
    console.print(
        f"{len(scores)} photos in {time.perf_counter() - started:.0f} s; wrong under the status solved: {wrong or 'none'}"
    )


if __name__ == "__main__":
    main()
