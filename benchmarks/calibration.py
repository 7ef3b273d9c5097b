"""Calibration of the confidence: reliability and risk-coverage curves, and the expected calibration error.

usage: python benchmarks/calibration.py SCORES.csv [SCORES.csv ...] -o PICTURE.png
The files come from `python benchmarks/synthetic.py --csv` or `futoshiki evaluate FOLDER --csv`. The boards that count are
those that were found, and that have one solution both in the ground truth and as read.
"""

from __future__ import annotations

import argparse
import csv
from itertools import pairwise
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import numpy as np
from matplotlib import pyplot
from matplotlib.axes import Axes
from scipy.optimize import minimize

from futoshiki.evaluation.answers import ANSWERED
from futoshiki.reading.trust import SOLVED

BINS = 10
"""Number of bins of the expected calibration error."""
EDGES = (0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.995, 1.0001)
"""Edges of the bins of the reliability curve, narrow where most confidences are."""
MIN_SHOWN = 5
"""Least number of boards in a bin of the reliability curve that is drawn."""
SAME_PLACE = 0.3
"""A board with at least this IoU with the true one is the same board."""
ROUNDING = 1e-4
"""Confidences are rounded to this."""


def read(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The confidence of each answered board, whether its solution is right, and whether its status is `solved`."""
    with path.open(newline="") as file:
        answered = [row for row in csv.DictReader(file) if row["status"] in ANSWERED and row["solution"] and row["confidence"]]
    rows = [row for row in answered if float(row["corner_iou"] or 1) > SAME_PLACE]  # others are other boards of the page
    right = np.array([row["solution"] == "True" for row in rows])
    return np.array([float(row["confidence"]) for row in rows]), right, np.array([row["status"] == "solved" for row in rows])


def calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over bins of equal count (Naeini, Cooper and Hauskrecht, 2015; Nixon et al., 2019)."""
    order = np.argsort(confidence, kind="stable")
    bins = np.array_split(order, BINS)
    return sum(len(b) * abs(confidence[b].mean() - right[b].mean()) for b in bins if len(b)) / max(len(order), 1)


def platt(confidence: np.ndarray, right: np.ndarray) -> tuple[float, float]:
    """Slope and shift of the logistic curve that turns the log-odds of a confidence into a probability (Platt, 1999)."""
    odds = log_odds(confidence)
    # Targets short of 0 and 1, as in that paper: a finite set of boards is never a reason for certainty.
    hits, misses = right.sum(), (~right).sum()
    target = np.where(right, (hits + 1) / (hits + 2), 1 / (misses + 2))

    def loss(line: np.ndarray) -> float:
        score = line[0] * odds + line[1]
        return float((np.logaddexp(0, score) - target * score).sum())

    slope, shift = minimize(loss, [1.0, 0.0]).x
    return float(slope), float(shift)


def log_odds(confidence: np.ndarray) -> np.ndarray:
    """The log-odds of rounded confidences."""
    bounded = np.clip(confidence, ROUNDING, 1 - ROUNDING)
    return np.log(bounded / (1 - bounded))


def halves(confidence: np.ndarray, right: np.ndarray) -> float:
    """Calibration error after each half of the boards is corrected by the curve that was fitted to the other half."""
    mapped = np.empty_like(confidence)
    for half in (0, 1):
        slope, shift = platt(confidence[half::2], right[half::2])
        mapped[1 - half :: 2] = 1 / (1 + np.exp(-(slope * log_odds(confidence[1 - half :: 2]) + shift)))
    return calibration_error(mapped, right)


def draw(name: str, confidence: np.ndarray, right: np.ndarray, left: Axes, middle: Axes) -> None:
    """Draw both curves of one set of scores."""
    bins = [(confidence >= low) & (confidence < high) for low, high in pairwise(EDGES)]
    shown = [chosen for chosen in bins if chosen.sum() >= MIN_SHOWN]
    left.plot([confidence[b].mean() for b in shown], [right[b].mean() for b in shown], "o-", label=name)
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    middle.plot(answered / len(order), np.cumsum(~right[order]) / answered, label=name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scores", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    arguments = parser.parse_args()
    figure, (left, middle) = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    for path in arguments.scores:
        confidence, right, solved = read(path)
        draw(path.stem, confidence, right, left, middle)
        coverage = (confidence >= SOLVED.confidence).mean()
        middle.axvline(coverage, color="0.7", linewidth=1)
        error = calibration_error(confidence, right)
        print(f"{path.stem}: {len(right)} boards, right {right.mean():.4f}, expected calibration error {error:.4f}")
        slope, shift = platt(confidence, right)
        mapped = halves(confidence, right)
        print(f"  curve fitted to the log-odds: slope {slope:.3f}, shift {shift:.3f}, cross-validated error {mapped:.4f}")
        print(f"  share with the status solved {solved.mean():.4f}, of these {(~right[solved]).sum()} wrong")
    left.plot([0, 1], [0, 1], "--", color="0.7")
    left.set(title="reliability", xlabel="confidence", ylabel="share of right solutions")
    middle.set(title="risk and coverage (grey: where `solved` begins)", xlabel="share answered", ylabel="share of wrong answers")
    left.legend()
    figure.savefig(arguments.output, dpi=110)


if __name__ == "__main__":
    main()
