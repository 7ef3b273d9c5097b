"""The weights that turn a reading's share, expected errors and cost into its confidence (`CALIBRATION` in `reading.trust`).

usage: python benchmarks/confidence.py [-n 1000] [--seed 1400000] [--workers 2]
The boards of fresh synthetic photos are read as usual. A logistic regression (Platt, 1999) is fitted to whether their
solutions are right. Two calibration errors are printed: that of the plain shares, and that with the weights, cross-validated.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor

import cv2
import numpy as np
from calibration import SAME_PLACE, calibration_error
from scipy.optimize import minimize

from futoshiki.evaluation.answers import ANSWERED
from futoshiki.geometry import mean_pitch, quad_iou
from futoshiki.photo import Photo
from futoshiki.reading.reader import PhotoReader, default_reader
from futoshiki.reading.trust import evidence, share_of
from futoshiki.solving import solve
from futoshiki.training.synth.sample import make_sample

MIN_PITCH = 16.0
"""Boards whose cells are closer together than this (pixels) are left out: they are illegible."""
FOLDS = 5
"""Parts of the boards, each of which is left out of one fit of the cross-validation."""
PLAIN = np.array([1.0, 0.0, 0.0, 0.0])
"""Weights of `evidence` that leave the share as it is."""

Row = tuple[float, float, float, bool]
"""Share, expected errors, cost, and whether the solution is right."""


def rows_of(seed: int) -> list[Row]:
    """The boards of one photo that were answered and have one solution."""
    sample = make_sample(seed)
    truths = [board for board in sample.boards if mean_pitch(board.cells) >= MIN_PITCH]
    found, _ = PhotoReader(default_reader(), Photo(sample.photo, str(seed))).boards() if truths else ([], [])
    rows = []
    for one in found:
        corners = np.array(one.result.corners)
        truth = next((board for board in truths if quad_iou(corners, board.corners) > SAME_PLACE), None)
        outcome = solve(truth.puzzle) if truth else None
        if outcome and outcome.status == "one" and one.result.status in ANSWERED:
            known = one.reading
            rows.append((share_of(known), known.misreads, known.cost, one.result.solution == outcome.solutions[0]))
    return rows


def fit(known: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The weights, with a little regularisation towards `PLAIN`; only the constant is free."""

    def loss(weights: np.ndarray) -> float:
        odds = known @ weights
        return float((np.logaddexp(0, odds) - right * odds).sum() + ((weights - PLAIN)[:-1] ** 2).sum())

    return np.asarray(minimize(loss, PLAIN).x)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1_400_000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.n)
    with ProcessPoolExecutor(arguments.workers, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        rows = [row for found in pool.map(rows_of, seeds, chunksize=4) for row in found]
    known, right = np.array([evidence(*row[:3]) for row in rows]), np.array([row[3] for row in rows])
    held_out = np.empty(len(rows))
    for fold in range(FOLDS):
        chosen = np.arange(len(rows)) % FOLDS == fold
        held_out[chosen] = 1 / (1 + np.exp(-known[chosen] @ fit(known[~chosen], right[~chosen])))
    shares = np.array([row[0] for row in rows])
    print(f"{len(rows)} boards, {right.mean():.1%} right")
    errors = [calibration_error(confidence, right) for confidence in (shares, held_out)]
    print(f"calibration error: shares {errors[0]:.4f}, with weights {errors[1]:.4f}")
    print("weights:", np.round(fit(known, right), 2).tolist())


if __name__ == "__main__":
    main()
