"""The article's experiment, for several encoders, first weights and seeds: how well puzzles are found after a few labels.

usage: python benchmarks/article.py FOLDER -o RUNS [--encoders E,...] [--weights imagenet,shipped] [--seeds 0,1,2] [--no-test]

FOLDER holds train.csv and test.csv (labels as `futoshiki train masks` takes them) with their pictures. Every combination is one
run, with its report in a folder of RUNS; the table shows means over pictures. Choose by the validation pictures, which differ
with the seed; `--no-test` leaves the others alone. Encoders are those of segmentation-models-pytorch.
"""

from __future__ import annotations

import argparse
import statistics
from itertools import product
from pathlib import Path

from rich.console import Console
from rich.table import Table

from futoshiki.evaluation.masks import FIGURES, MaskScore
from futoshiki.labels import read_labels
from futoshiki.training.architecture import DEFAULT_ENCODER, IMAGENET, Architecture
from futoshiki.training.masks import HeldOut, mask_regime, train_masks
from futoshiki.training.regime import Run
from futoshiki.training.report import report_run
from futoshiki.training.runs import finish_run, read_metrics


def figures(scores: list[MaskScore]) -> list[str]:
    """The mean of each figure; dashes if nothing was scored."""
    return [f"{statistics.fmean(map(figure, scores)):.3f}" if scores else "-" for figure in FIGURES.values()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--encoders", default=DEFAULT_ENCODER)
    parser.add_argument("--weights", default=IMAGENET)
    parser.add_argument("--seeds", default="0")
    parser.add_argument("--epochs", type=int, help="that of `futoshiki train masks` by default")
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--no-test", action="store_true", help="validate only, to choose without looking at the test")
    arguments = parser.parse_args()
    train = read_labels(arguments.folder / "train.csv")
    test = [] if arguments.no_test else read_labels(arguments.folder / "test.csv")
    console = Console(highlight=False, width=200)
    table = Table("encoder", "weights", "seed", "minutes", "part", *FIGURES, title="mean over the pictures")
    choices = (part.split(",") for part in (arguments.encoders, arguments.weights, arguments.seeds))
    for encoder, weights, seed in product(*choices):
        folder = arguments.output / f"{encoder}-{weights}-{seed}"
        regime = mask_regime(weights, arguments.rate, arguments.batch, epochs=arguments.epochs, seed=int(seed))
        _, validated, tested = train_masks(
            train, Run(folder, regime), Architecture(encoder=encoder, weights=weights), HeldOut(test=test)
        )
        finish_run(folder)
        scores, test_scores = report_run(folder, validated, tested)
        minutes = sum(row["seconds"] for row in read_metrics(folder / "metrics.csv")) / 60
        for part, members in (("validation", scores), ("test", test_scores)):
            table.add_row(encoder, weights, seed, f"{minutes:.1f}", part, *figures(members))
    console.print(table)


if __name__ == "__main__":
    main()
