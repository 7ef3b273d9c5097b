"""The article's experiment: a network that finds puzzles, from 36 labelled pictures, tested on others.

usage: python benchmarks/article.py FOLDER [FOLDER ...] -o RUNS [--weights imagenet,shipped] [--pictures 48]

The folders hold pictures with truth files: `corners`, `cells` if the page is bent, `others` with the `corners` of other open
puzzles, `level` or `kind`, and `puzzle_group` if several pictures show one puzzle. One VIA CSV is written for 48 of them and
another one for the rest, with no puzzle in both. Then a network is trained on the first (a quarter of it validates), and the
test IoU is printed by level.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from futoshiki.evaluation.truth import Truth, truth_pairs
from futoshiki.geometry import board_outline
from futoshiki.labels import LabelledPicture, read_labels, write_via
from futoshiki.photo import picture_frame
from futoshiki.training.architecture import Architecture
from futoshiki.training.engine import Regime, Run
from futoshiki.training.masks import HeldOut, train_masks
from futoshiki.training.runs import draw_panel, finish_run

GROUPS = {"easy and medium": ("easy", "medium"), "hard": ("hard",), "real": ("photo", "scan")}
"""The columns of the table: levels of rendered pictures, and kinds of real ones."""
WORST = 3
"""Number of the worst pictures that are listed."""


def outlines(truth: Truth, width: int, height: int) -> tuple[np.ndarray, ...]:
    """The outline of the puzzle, and those of other open puzzles on the page, cut off at the edges of the picture."""
    corners = np.array(truth["corners"], float)
    found = [board_outline(np.array(truth["cells"], float), corners) if truth.get("cells") else corners]
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    for other in truth.get("others", ()):
        area, shared = cv2.intersectConvexConvex(np.array(other["corners"], np.float32), frame)
        if area > 1:
            found.append(shared[:, 0].astype(float))
    return tuple(found)


def labelled(folders: list[Path], target: Path, kinds: list[str]) -> tuple[list[LabelledPicture], dict[str, tuple[str, str]]]:
    """Every picture with a puzzle, linked into one folder; and the level and the puzzle of each by its name."""
    target.mkdir(parents=True, exist_ok=True)
    pictures, about = [], {}
    for folder in folders:
        for path, truth in truth_pairs(folder):
            kind = truth.get("level") or truth.get("kind") or "all"
            if truth.get("negative") or not truth.get("corners") or kind not in kinds:
                continue
            link = target / f"{folder.name}_{path.name}"
            if not link.exists():
                link.symlink_to(path.resolve())
            frame = picture_frame(path)
            pictures.append(LabelledPicture(link, outlines(truth, frame.width, frame.height)))
            about[link.name] = (kind, str(truth.get("puzzle_group") or link.name))
    return pictures, about


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--weights", default="imagenet,shipped")
    parser.add_argument("--pictures", type=int, default=48, help="for training and validation together")
    parser.add_argument("--kinds", default="easy,medium,hard,photo,scan", help="levels and kinds of pictures to use")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    pictures, about = labelled(arguments.folders, arguments.output / "pictures", arguments.kinds.split(","))
    random.Random(arguments.seed).shuffle(pictures)
    known, puzzles = pictures[: arguments.pictures], {about[p.path.name][1] for p in pictures[: arguments.pictures]}
    rest = [picture for picture in pictures if about[picture.path.name][1] not in puzzles]
    sets = {}
    for name, members in (("train", known), ("test", rest)):
        _, labels = write_via(arguments.output / "pictures", members)
        sets[name] = labels.rename(arguments.output / f"{name}.csv")
    train, test = (read_labels(path, pictures=arguments.output / "pictures") for path in sets.values())
    console = Console(highlight=False)
    regime = Regime.falling(arguments.epochs, arguments.rate, arguments.batch, arguments.seed)
    table = Table("weights", "minutes", *GROUPS, "all", title=f"mean IoU on {len(test)} other pictures")
    for weights in arguments.weights.split(","):
        folder = arguments.output / weights
        started = time.perf_counter()
        train_masks(train, Run(folder, regime), Architecture(weights=weights), HeldOut(test=test))
        minutes = (time.perf_counter() - started) / 60
        finish_run(folder)
        scores = draw_panel(folder, test)
        levels = {score.picture.path.name: (about[score.picture.path.name][0], score.iou) for score in scores}
        (folder / "test.json").write_text(json.dumps(levels, indent=1))
        columns = [[iou for level, iou in levels.values() if level in group] for group in GROUPS.values()]
        columns.append([score.iou for score in scores])
        table.add_row(weights, f"{minutes:.1f}", *(f"{statistics.fmean(c):.3f} ({len(c)})" if c else "-" for c in columns))
        for score in sorted(scores, key=lambda score: score.iou)[:WORST]:
            console.print(f"{weights}: {score.picture.path.name} {score.iou:.3f}")
    console.print(table)


if __name__ == "__main__":
    main()
