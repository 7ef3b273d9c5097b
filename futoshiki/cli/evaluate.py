"""`futoshiki evaluate`."""

from __future__ import annotations

import csv
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from futoshiki.cli.options import CATEGORIES, GRID_MODEL, GUESSES, PICTURES, STORED, reader_with
from futoshiki.evaluation.answers import Score, evaluate_folder
from futoshiki.evaluation.masks import FIGURES, MaskScore, panel_of, score_masks, worst_first
from futoshiki.evaluation.truth import truth_pairs
from futoshiki.labels import read_labels
from futoshiki.picture_output import save_picture
from futoshiki.reading.reader import Reader
from futoshiki.text import shown

TABLE_WIDTH = 170
"""Least width of the table in characters; on a narrower terminal its lines run over, which is better than cut columns."""
LEGEND = """IoU: intersection over union with the label, 1 is best
boundary distance: mean distance of the boundaries in % of the picture's diagonal, 0 is best"""
"""Title of the table of masks."""
Scored = TypeVar("Scored")
RATES = ("found", "size", "givens", "signs", "exact", "solution", "silent_error")
"""The fields of a score that are true or false and are counted in the table."""
COMPARED = ("found", "size", "givens", "signs", "solution")
"""The fields of a score that are listed if they are wrong."""


@click.command("evaluate")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--csv", "as_csv", is_flag=True, help="Print one CSV line per picture instead of the table.")
@GRID_MODEL
@PICTURES
@STORED
@CATEGORIES
@GUESSES
@click.option(
    "--panel", type=click.Path(dir_okay=False, path_type=Path), help="For labels: draw each photo, its label and both masks."
)
def command(
    source: Path, as_csv: bool, grid_model: Path | None, pictures: Path | None, stored_pixels: bool,
    categories: tuple[str, ...], guesses: bool, panel: Path | None,
) -> int:  # fmt: skip
    """Score answers against truth files, or outlines against labels.

    If SOURCE is a folder, its pictures are solved and compared with the truth files NAME.json beside them. If it is
    a label file (VIA 2 CSV or JSON, or COCO), or a folder of masks NAME.png for the --pictures in another folder, two masks
    of every picture are compared with the outlines: the raw one, which is what the grid network alone sees,
    without puzzles cut off beside a whole one, and the refined one, which is what the whole pipeline makes of it.
    """
    reader = reader_with(grid_model)
    if source.is_file() or pictures:
        labelled = read_labels(source, pictures=pictures, stored=stored_pixels, categories=categories or None, guesses=guesses)
        scored = list(_tracked(score_masks(labelled, reader), len(labelled)))
        print_mask_scores(scored, as_csv=as_csv)
        if panel:
            save_picture(panel_of(worst_first(scored)), panel)
        return 0
    return _evaluate_folder(source, as_csv, reader)


def print_mask_scores(scores: Sequence[MaskScore], *, as_csv: bool = False) -> None:
    """Print the figures of each picture, worst first; in the table, their mean too."""
    rows = [(score.picture.path.name, [f"{figure(score):.4f}" for figure in FIGURES.values()]) for score in worst_first(scores)]
    if as_csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([("picture", *FIGURES), *((name, *row) for name, row in rows)])
        return
    table = Table("picture", *FIGURES, title=LEGEND)
    for name, row in rows:
        table.add_row(Text(shown(name)), *row)
    table.add_section()
    table.add_row(f"mean of {len(rows)}", *(f"{statistics.fmean(map(figure, scores)):.4f}" for figure in FIGURES.values()))
    _wide_console().print(table)


def _wide_console() -> Console:
    """Standard output, wide enough for the tables."""
    console = Console(highlight=False, emoji=False)
    return console if console.width >= TABLE_WIDTH else Console(highlight=False, emoji=False, width=TABLE_WIDTH)


def _evaluate_folder(folder: Path, as_csv: bool, reader: Reader) -> int:
    count = sum(1 for _ in truth_pairs(folder))
    if not count:
        remedy = "write one for each picture; for a folder of masks say where the --pictures are"
        raise click.UsageError(f"{folder} holds no picture with a truth file NAME.json beside it; {remedy}")
    scores = list(_tracked(evaluate_folder(folder, reader=reader), count))
    if as_csv:
        writer = csv.DictWriter(sys.stdout, [field.name for field in fields(Score)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(score) for score in scores)
        return 0
    console = _wide_console()
    console.print(summary(scores))
    misses = [score for score in scores if score.missed]
    if misses:
        console.print(f"{len(misses)} with errors:")
    for score in misses:
        wrong = [name for name in COMPARED if getattr(score, name) is False]
        silent = ", but reported as solved" if score.silent_error else ""
        console.print(f"  {score.name}: {score.status}; wrong: {', '.join(wrong) or '-'}{silent}", markup=False, soft_wrap=True)
    return 0


def _tracked(scores: Iterable[Scored], count: int) -> Iterable[Scored]:
    """The scores, with a progress bar on a terminal."""
    console = Console(stderr=True, emoji=False)
    return track(scores, "scoring", count, console=console, disable=not console.is_terminal)


def summary(scores: list[Score]) -> Table:
    """The rates and statuses of each group of pictures."""
    table = Table("group", "pictures", *(name.replace("_", " ") for name in RATES), "corner IoU", "mask IoU", "ms", "statuses")
    groups: dict[str, list[Score]] = {}
    for score in scores:
        groups.setdefault(score.group, []).append(score)
    if len(groups) > 1:
        groups["all"] = scores
    for name, members in groups.items():
        statuses = ", ".join(f"{n} {status}" for status, n in Counter(score.status for score in members).most_common())
        rates = [_rate(members, rate) for rate in RATES]
        means = [_mean(members, mean) for mean in ("corner_iou", "mask_iou")]
        milliseconds = f"{statistics.median(score.milliseconds for score in members):.0f}"
        table.add_row(name, str(len(members)), *rates, *means, milliseconds, statuses)
    return table


def _rate(scores: list[Score], name: str) -> str:
    known = [getattr(score, name) for score in scores if getattr(score, name) is not None]
    return f"{sum(known)}/{len(known)}" if known else "-"


def _mean(scores: list[Score], name: str) -> str:
    known = [getattr(score, name) for score in scores if getattr(score, name) is not None]
    return f"{statistics.fmean(known):.3f}" if known else "-"
