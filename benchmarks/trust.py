"""Which answers may be called `solved`: right and wrong answers by the measures that decide it.

usage: futoshiki synth -n 2000 --seed 8100000 -o synth            (seeds that no network has seen)
       python benchmarks/trust.py synth [--rows rows.jsonl] [--picture risk.png] [--cut 3]

Reads every photo, compares each answer to an open board with the truth, and writes its measures to a file, so that
thresholds can be tried without reading again. Then prints how many right and wrong answers several thresholds let through,
and those of `reading/trust.py`. With --cut, boards that are solved right are cropped through their cells on one or two sides,
so many times each; no answer to what is left may be called solved unless it is that of the whole board.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from futoshiki.geometry import overlap, quad_iou
from futoshiki.photo import Photo, load_photo
from futoshiki.reading.confidence import Evidence
from futoshiki.reading.found import Found
from futoshiki.reading.reader import PhotoReader, Reader
from futoshiki.reading.trust import SOLVED
from futoshiki.solving import solve
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.store import StoredSample, read_samples

CONFIDENCES = (0.8, 0.9, 0.93, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99)
"""Least confidences that are tried."""
LIES_ON = 0.4
"""IoU above which an answer is about a board."""
CUTS = (0.35, 1.9)
"""Range of the depth of a cut, in cells."""


def rows_of(sample: StoredSample, found: list[Found]) -> Iterator[dict[str, Any]]:
    """The measures of every answer to an open board of a photo, and whether it is right."""
    for one in found:
        result, reading = one.result, one.reading
        if reading.outcome.status != "one" or result.complete:
            continue
        corners = np.array(result.corners)
        truth = max(sample.boards, key=lambda board: quad_iou(board.corners.astype(float), corners), default=None)
        lies_on = truth is not None and quad_iou(truth.corners.astype(float), corners) > LIES_ON
        right = lies_on and truth is not None and solve(truth.puzzle).solution == result.solution
        yield {
            "photo": sample.path.name,
            "right": bool(right),
            "solved": result.status == "solved",
            "eligible": not result.cut and not reading.cut_short and one.sighting.scores.margin >= SOLVED.turn_margin,
            "confidence": result.confidence,
            **asdict(Evidence.of(reading, one.sighting.printed)),
            "by_hand": one.sighting.handwriting.is_there,
        }


def risk_table(rows: list[dict[str, Any]]) -> Table:
    """Right and wrong answers that pass, for each threshold, and by the rules as they are.

    Boards on which nobody has written are counted apart from those on which somebody has.
    """
    table = Table("confidence", "right", "wrong", "right, by hand", "wrong, by hand")
    for least in CONFIDENCES:
        passed = [row for row in rows if row["eligible"] and row["confidence"] >= least]
        table.add_row(f"{least}", *_counts(passed))
    table.add_row("as in trust.py", *_counts([row for row in rows if row["solved"]]))
    table.add_row("all answers", *_counts(rows))
    return table


def _counts(rows: list[dict[str, Any]]) -> list[str]:
    kinds = itertools.product((False, True), (True, False))
    return [str(sum(row["by_hand"] == by_hand and row["right"] == right for row in rows)) for by_hand, right in kinds]


def draw_risk(rows: list[dict[str, Any]], path: Path) -> None:
    """The share of wrong answers over the share of answers to whole boards, the surest first, by each measure."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
    for name, sign in (("core", -1), ("conflict", 1), ("confidence", -1)):
        wrong = np.cumsum([not row["right"] for row in sorted(rows, key=lambda row: sign * row[name])])
        count = np.arange(1, len(rows) + 1)
        axes.plot(count / len(rows), wrong / count, label=name)
    axes.set(xlabel="share of answers (coverage)", ylabel="share of them that are wrong (risk)", xlim=(0, 1), ylim=(0, None))
    axes.legend()
    figure.savefig(path, dpi=110)


def cropped(photo: Photo, board: BoardTruth, rng: random.Random) -> tuple[Photo, np.ndarray]:
    """The photo cut through the board's cells on one side or two, and the board's corners in it."""
    low, high = board.corners.min(axis=0), board.corners.max(axis=0)
    start, end = np.zeros(2), np.array(photo.pixels.shape[1::-1], float)
    for side in rng.sample(range(4), rng.choice((1, 1, 2))):
        axis, depth = side % 2, rng.uniform(*CUTS) / board.puzzle.size * (high - low)[side % 2]
        if side < 2:
            start[axis] = max(low[axis] + depth, 0)
        else:
            end[axis] = high[axis] - depth
    (x0, y0), (x1, y1) = start.astype(int), end.astype(int)
    return Photo(np.ascontiguousarray(photo.pixels[y0:y1, x0:x1]), photo.source), board.corners - [x0, y0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="a folder made by futoshiki synth")
    parser.add_argument("--rows", type=Path, help="write the measures to this file")
    parser.add_argument("--picture", type=Path, help="draw risk over coverage")
    parser.add_argument("--cut", type=int, default=0, help="crops of each board that is solved")
    arguments = parser.parse_args()
    reader, rng, console = Reader(), random.Random(1), Console(highlight=False)
    rows: list[dict[str, Any]] = []
    cuts, wrong_cuts = 0, []
    for sample in track(read_samples(arguments.data), "reading", console=Console(stderr=True)):
        photo = load_photo(sample.path)
        found = PhotoReader(reader, photo).boards()[0]
        mine = list(rows_of(sample, found))
        rows += mine
        solved = any(row["right"] and row["solved"] for row in mine)
        for board in (board for board in sample.boards if solved and not board.complete):
            for _ in range(arguments.cut):
                part, corners = cropped(photo, board, rng)
                cuts += 1
                answers = reader.read(part).boards if min(part.pixels.shape[:2]) else ()
                on_board = [a for a in answers if overlap(np.array(a.corners), corners) > LIES_ON]
                whole = solve(board.puzzle).solution
                wrong_cuts += [sample.path.name for a in on_board if a.status == "solved" and a.solution != whole]
    if arguments.rows:
        arguments.rows.write_text("".join(json.dumps(row) + "\n" for row in rows))
    console.print(risk_table(rows))
    if cuts:
        console.print(f"{cuts} cut boards, {len(wrong_cuts)} wrong under solved: {', '.join(wrong_cuts) or 'none'}")
    if arguments.picture:
        draw_risk([row for row in rows if row["eligible"]], arguments.picture)


if __name__ == "__main__":
    main()
