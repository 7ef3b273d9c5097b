"""The weights that turn what speaks for and against an answer into its confidence (`CALIBRATION` in `reading.confidence`).

usage: python benchmarks/confidence.py [-n 1000] [--seed 1400000] [--workers 2]
The boards of fresh synthetic photos are read as usual. A logistic regression (Platt, 1999), times the answer's share of the
probability of all readings considered, is fitted to whether their solutions are right. Two calibration errors are printed:
that of the plain shares, and that with the weights, cross-validated.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor

import cv2
import numpy as np
from calibration import SAME_PLACE, calibration_error
from scipy.optimize import minimize
from scipy.special import expit

from futoshiki.evaluation.answers import ANSWERED
from futoshiki.geometry import mean_pitch, quad_iou
from futoshiki.photo import Photo
from futoshiki.reading.confidence import Evidence
from futoshiki.reading.reader import PhotoReader, default_reader
from futoshiki.reading.trust import SOLVED
from futoshiki.solving import solve
from futoshiki.training.synth.sample import make_sample

MIN_PITCH = 16.0
"""Boards whose cells are closer together than this (pixels) are left out: they are illegible."""
FOLDS = 5
"""Parts of the boards, each of which is left out of one fit of the cross-validation."""
LEAST = 1e-9
"""Least probability whose logarithm is taken."""
RIDGE = 0.03
"""Weight of the squares of the weights in what a fit minimises, for few boards; the constant is free."""

Row = tuple[Evidence, bool]
"""What tells whether a solution is right, and whether it is."""


def rows_of(seed: int) -> list[Row]:
    """The open boards of one photo that were answered with one solution, stand surely upright, and are not cut off."""
    sample = make_sample(seed)
    truths = [board for board in sample.boards if mean_pitch(board.cells) >= MIN_PITCH]
    found, _ = PhotoReader(default_reader(), Photo(sample.photo, str(seed))).boards() if truths else ([], [])
    rows = []
    for one in found:
        corners = np.array(one.result.corners)
        truth = next((board for board in truths if quad_iou(corners, board.corners) > SAME_PLACE), None)
        outcome = solve(truth.puzzle) if truth else None
        is_open = one.result.status in ANSWERED and one.reading.outcome.status == "one" and not one.result.complete
        is_sure_to_stand = one.sighting.scores.margin >= SOLVED.turn_margin and truth is not None and truth.puzzle.given_cells
        if outcome and outcome.status == "one" and is_open and is_sure_to_stand and not one.result.cut:
            known = Evidence.of(one.reading, one.sighting.printed)
            rows.append((known, one.result.solution == outcome.solutions[0]))
    return rows


def fit(rows: list[Row]) -> np.ndarray:
    """The weights under which what became of the answers is most likely."""
    measures, shares, right = _columns(rows)

    def loss(weights: np.ndarray) -> float:
        chance = np.clip(_confidence(weights, measures, shares), LEAST, 1 - LEAST)
        return float(-np.log(np.where(right, chance, 1 - chance)).sum() + RIDGE * (weights[:-1] ** 2).sum())

    return np.asarray(minimize(loss, np.zeros(measures.shape[1])).x)


def _columns(rows: list[Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The measures, the shares, and which answers are right."""
    columns = ([one.measures for one, _ in rows], [one.share for one, _ in rows], [is_right for _, is_right in rows])
    return np.array(columns[0]), np.array(columns[1]), np.array(columns[2])


def _confidence(weights: np.ndarray, measures: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """What `Evidence.confidence` is with those weights."""
    return np.asarray(shares * expit(measures @ weights))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1_400_000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.n)
    with ProcessPoolExecutor(arguments.workers, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        rows = [row for found in pool.map(rows_of, seeds, chunksize=4) for row in found]
    measures, shares, right = _columns(rows)
    held_out = np.empty(len(rows))
    for fold in range(FOLDS):
        chosen = np.arange(len(rows)) % FOLDS == fold
        weights = fit([row for row, is_chosen in zip(rows, chosen, strict=True) if not is_chosen])
        held_out[chosen] = _confidence(weights, measures[chosen], shares[chosen])
    print(f"{len(rows)} boards, {right.mean():.1%} right")
    errors = [calibration_error(confidence, right) for confidence in (shares, held_out)]
    print(f"calibration error: shares {errors[0]:.4f}, with weights {errors[1]:.4f}")
    print("weights:", np.round(fit(rows), 2).tolist())


if __name__ == "__main__":
    main()
