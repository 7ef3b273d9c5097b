"""The report of a run on labelled pictures: what it reached, what that is worth, and pictures to look at."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from futoshiki.evaluation.masks import FIGURES, MaskScore, panel_of, score_masks, worst_first
from futoshiki.files import write_file
from futoshiki.labels import LabelledPicture
from futoshiki.networks.shipped import Networks, trained_network
from futoshiki.picture_info import encoded
from futoshiki.reading.reader import Reader
from futoshiki.training.engine import CONFIG, METRICS
from futoshiki.training.runs import best_row, read_metrics

Scores = list[MaskScore]
REPORT, PANEL, EXAMPLES = "report.md", "panel.png", "examples.png"
RESAMPLES = 10_000
"""Number of sets of pictures that are drawn for an interval."""
INTERVAL = (2.5, 97.5)
"""Percentiles of their means between which 95 % of them lie."""


def report_run(folder: Path, validation: list[LabelledPicture], test: list[LabelledPicture]) -> tuple[Scores, Scores]:
    """Score the network of a finished run on the pictures that validated and on those of the test, and report the scores."""
    reader = Reader(Networks(grid=trained_network(folder)))
    scores, test_scores = (list(score_masks(part, reader)) for part in (validation, test))
    write_report(folder, scores, test_scores)
    return scores, test_scores


def write_report(folder: Path, validation: Sequence[MaskScore], test: Sequence[MaskScore]) -> Path:
    """Write report.md, panel.png and examples.png into the folder of a run; returns the report.

    The pictures shown are those of the test or, without a test, those that validated.
    """
    shown = worst_first(test or validation)
    write_file(folder / PANEL, encoded(panel_of(shown), ".png"))
    examples = dict.fromkeys([0, len(shown) // 2, len(shown) - 1])  # worst, median and best, or fewer
    write_file(folder / EXAMPLES, encoded(panel_of([shown[place] for place in examples]), ".png"))
    config, rows = json.loads((folder / CONFIG).read_text()), read_metrics(folder / METRICS)
    best = best_row(folder)
    regime, (trained_on, *_) = config["regime"], config["pictures"]
    minutes = sum(row["seconds"] for row in rows) / 60
    parts = [("validation", validation), ("test", test)]
    text = f"""# {folder.resolve().name}

{config["arch"]} with the encoder {config["encoder"]}, first weights: {config["weights"]}, seed {regime["seed"]}.
{trained_on} pictures to train on, {len(validation)} to validate with, {len(test)} for the test. {len(rows)} of {regime["epochs"]}
epochs of {config["views"]} views in {minutes:.1f} minutes; the weights are those after epoch {best["epoch"]:.0f}, which
validated best.

{_table([(name, scores) for name, scores in parts if scores])}

IoU is intersection over union with the label: 1 is best. The boundary distance is the mean distance between the boundaries
of mask and label, in per cent of the picture's diagonal: 0 is best, 100 stands for a mask that is missing altogether. *Raw* is
what the network alone sees, without puzzles cut off beside a whole one; *refined* is what the pipeline makes of it with
everything else that it knows.

## What these figures can and cannot tell

{_worth(validation, test)}

## Curves

![Loss and validation IoU by epoch](curves.png)

## The worst, the median and the best picture

![Photo, label, raw and refined mask]({EXAMPLES})

All of them, worst first: [{PANEL}]({PANEL}).
"""
    write_file(folder / REPORT, text)
    return folder / REPORT


def _table(parts: Sequence[tuple[str, Sequence[MaskScore]]]) -> str:
    """The mean of every figure, its 95 % interval, and the worst picture's, as Markdown."""
    lines = ["| | pictures | figure | mean | 95 % interval | worst picture |", "|---|---|---|---|---|---|"]
    for part, scores in parts:
        for name, figure in FIGURES.items():
            values = [figure(score) for score in scores]
            low, high = interval(values)
            worst = min(values) if name.endswith("IoU") else max(values)
            mean = statistics.fmean(values)
            lines.append(f"| {part} | {len(values)} | {name} | {mean:.3f} | {low:.3f} to {high:.3f} | {worst:.3f} |")
    return "\n".join(lines)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of a mean by the bootstrap: of the means of sets drawn from the values with replacement.

    Efron, "Bootstrap methods: another look at the jackknife", The Annals of Statistics 7, 1979; by percentiles.
    """
    drawn = np.random.default_rng(0).choice(np.asarray(values, float), (RESAMPLES, len(values)))
    low, high = np.percentile(drawn.mean(axis=1), INTERVAL)
    return float(low), float(high)


def _worth(validation: Sequence[MaskScore], test: Sequence[MaskScore]) -> str:
    """What so few pictures say about other pictures, in words."""
    (mean, low, high), few = _mean_and_interval(validation), len(validation)
    told = [
        f"The raw IoU of {few} validation pictures is {mean:.3f} on average, but other {few} pictures of the same kind might as",
        f"well have given anything between about {low:.2f} and {high:.2f}. Two runs whose means differ by less than",
        f"{high - low:.2f} cannot be told apart with these pictures alone: one missed puzzle costs up to {1 / few:.2f}.",
        "They have chosen the best epoch, too, so that their own mean is somewhat too good. The interval covers the choice",
        "of pictures, not that of the seed, and it is too narrow if there are very few of them: where no picture has failed",
        "yet, it does not know that one can.",
    ]
    if not test:
        return "\n".join([*told, "Without a test, nothing here was measured on pictures that had no part in the training."])
    mean, low, high = _mean_and_interval(test)
    told += [
        "",
        f"The {len(test)} test pictures had no part in the training. Their mean is {mean:.3f}; on other pictures of the same",
        f"kind expect one between about {low:.2f} and {high:.2f}. Pictures of another kind, such as another newspaper's, are",
        "another matter.",
    ]
    return "\n".join(told)


def _mean_and_interval(scores: Sequence[MaskScore]) -> tuple[float, float, float]:
    ious = [score.raw.iou for score in scores]
    return statistics.fmean(ious), *interval(ious)
