"""The weights by which a reading's share, misreads and cost become its confidence (`CALIBRATION` in futoshiki/reading.py).

usage: python benchmarks/confidence.py [-n 1000] [--seed 1400000] [--workers 2]
Boards of fresh synthetic photos are read as when a photo is solved. What is fitted is a logistic regression (Platt, 1999)
on whether their solution is right; the calibration errors are those of the shares as they are, and cross-validated with
the weights.
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
from futoshiki.reading.pipeline import find_boards
from futoshiki.reading.reader import Clock, Networks, evidence, share_of
from futoshiki.solving import solve
from futoshiki.training.synth.sample import make_sample

MIN_PITCH = 16.0
FOLDS = 5

Row = tuple[float, float, float, bool]
"""Share, misreads to be expected, cost, and whether the solution is right."""


def rows_of(seed: int) -> list[Row]:
    """The boards of one photo that were answered and have one solution, or are finished."""
    sample = make_sample(seed)
    truths = [board for board in sample.boards if mean_pitch(board.cells) >= MIN_PITCH]
    found, _ = find_boards(Photo(sample.photo, str(seed)), Networks.of(), Clock()) if truths else ([], [])
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
    """The four weights, held near "the share means what it says" by a little regularisation."""
    plain = np.array([1.0, 0.0, 0.0, 0.0])

    def loss(weights: np.ndarray) -> float:
        odds = known @ weights
        return float((np.logaddexp(0, odds) - right * odds).sum() + ((weights - plain)[:3] ** 2).sum())

    return np.asarray(minimize(loss, plain).x)


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
    print(
        f"calibration error: shares {calibration_error(shares, right):.4f}, with weights {calibration_error(held_out, right):.4f}"
    )
    print("weights:", np.round(fit(known, right), 2).tolist())


if __name__ == "__main__":
    main()
