"""`futoshiki evaluate`."""

from __future__ import annotations

import csv
import statistics
import sys
from collections import Counter
from dataclasses import asdict, fields
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from futoshiki.cli.labels import GRID_MODEL, PICTURES, STORED
from futoshiki.cli.outputs import save_picture
from futoshiki.evaluation.answers import Score, evaluate_folder, truth_pairs
from futoshiki.evaluation.masks import MaskScore, panel_of, score_masks
from futoshiki.labels import read_labels
from futoshiki.networks.engine import shipped_network, trained_network
from futoshiki.reading.locate import GridNetwork

TABLE_WIDTH = 170
RATES = ("found", "size", "givens", "signs", "exact", "solution", "silent_error")


@click.command("evaluate")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--csv", "as_csv", is_flag=True, help="One line a picture on standard output instead of the table.")
@GRID_MODEL
@PICTURES
@STORED
@click.option("--panel", type=click.Path(dir_okay=False, path_type=Path), help="Of labels: draw photo, label and finding.")
def command(
    source: Path, as_csv: bool, grid_model: Path | None, pictures: Path | None, stored_pixels: bool, panel: Path | None
) -> int:
    """Score the answers to a folder of pictures with truth files beside them, or the outlines found in labelled pictures.

    SOURCE is a folder, whose pictures are solved, or a label file (VIA 2 CSV or JSON, or COCO), for whose
    pictures the intersection over union of the puzzles' area is given.
    """
    network: GridNetwork | None = trained_network(grid_model) if grid_model else None
    if source.is_file():
        labelled = read_labels(source, pictures=pictures, stored=stored_pixels)
        scored = list(score_masks(labelled, network or shipped_network("grid")))
        print_ious(scored, as_csv=as_csv)
        failure = save_picture(panel_of(scored), panel) if panel else None
        if failure:
            raise click.UsageError(failure)
        return 0
    return _evaluate_folder(source, as_csv, network)


def print_ious(scores: list[MaskScore], *, as_csv: bool = False) -> None:
    """IoU by picture, worst first, and the mean."""
    ordered = sorted(scores, key=lambda score: score.iou)
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([("name", "iou"), *((score.picture.path.name, round(score.iou, 4)) for score in ordered)])
        return
    for score in ordered:
        click.echo(f"{score.iou:.3f}  {score.picture.path.name}")
    click.echo(f"{statistics.fmean(score.iou for score in scores):.3f}  mean of {len(scores)}")


def _evaluate_folder(folder: Path, as_csv: bool, network: GridNetwork | None) -> int:
    count = sum(1 for _ in truth_pairs(folder))
    if not count:
        raise click.UsageError(f"{folder} holds no picture with a truth file NAME.json beside it")
    errors = Console(stderr=True)
    progress = track(
        evaluate_folder(folder, grid_network=network), "scoring", count, console=errors, disable=not errors.is_terminal
    )
    scores = list(progress)
    if as_csv:
        writer = csv.DictWriter(sys.stdout, [field.name for field in fields(Score)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(score) for score in scores)
        return 0
    console = Console(highlight=False)
    if console.width < TABLE_WIDTH:  # a table that runs over is better than one cut to pieces
        console = Console(highlight=False, width=TABLE_WIDTH)
    console.print(summary(scores))
    misses = [score for score in scores if score.missed]
    if misses:
        console.print(f"{len(misses)} missed:")
    for score in misses:
        wrong = [name for name in ("found", "size", "givens", "signs", "solution") if getattr(score, name) is False]
        silent = ", wrong under the status solved" if score.silent_error else ""
        console.print(f"  {score.name}: {score.status}; wrong: {', '.join(wrong) or '-'}{silent}", markup=False, soft_wrap=True)
    return 0


def summary(scores: list[Score]) -> Table:
    """Rates by group, and the statuses."""
    table = Table("group", "pictures", *(name.replace("_", " ") for name in RATES), "corner IoU", "mask IoU", "ms", "statuses")
    groups: dict[str, list[Score]] = {}
    for score in scores:
        groups.setdefault(score.group, []).append(score)
    if len(groups) > 1:
        groups["all"] = scores
    for name, members in groups.items():
        statuses = ", ".join(f"{n} {status}" for status, n in Counter(score.status for score in members).most_common())
        table.add_row(
            name, str(len(members)), *(_rate(members, rate) for rate in RATES),
            _mean(members, "corner_iou"), _mean(members, "mask_iou"),
            f"{statistics.median(score.milliseconds for score in members):.0f}", statuses,
        )  # fmt: skip
    return table


def _rate(scores: list[Score], name: str) -> str:
    known = [getattr(score, name) for score in scores if getattr(score, name) is not None]
    return f"{sum(known)}/{len(known)}" if known else "-"


def _mean(scores: list[Score], name: str) -> str:
    known = [getattr(score, name) for score in scores if getattr(score, name) is not None]
    return f"{statistics.fmean(known):.3f}" if known else "-"
