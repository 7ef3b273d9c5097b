"""`futoshiki augment`."""

from __future__ import annotations

from pathlib import Path

import click
import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from futoshiki.cli.outputs import refuse_overwriting, save_picture
from futoshiki.drawing.masks import draw_mask
from futoshiki.photo import load_photo
from futoshiki.training.augmentation import SIDE, each_alone, stacked

COLUMNS, BAND, GAP = 5, 20, 4
MAX_SIDE = 640


@click.command("augment")
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("mask", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=Path("augment.png"), show_default=True)
@click.option("--seed", default=0, show_default=True)
def command(image: Path, mask: Path | None, output: Path, seed: int) -> int:
    """Draw what training does to IMAGE (and its MASK, white where the puzzle is): each transform alone, then eight samples."""
    for source in (image, mask):
        refuse_overwriting(output, source)
    pixels = load_photo(image).pixels
    area = load_photo(mask).pixels[..., 1] > 127 if mask else np.zeros(pixels.shape[:2], bool)
    if area.shape != pixels.shape[:2]:
        sizes = [f"{shape[1]} x {shape[0]}" for shape in (area.shape, pixels.shape)]
        raise click.UsageError(f"{mask} has {sizes[0]} pixels, {image} {sizes[1]}: they must be alike")
    scale = min(1.0, MAX_SIDE / max(pixels.shape[:2]))
    pixels = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    area = cv2.resize(area.astype(np.uint8), pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST)[..., None]
    alone = each_alone(pixels, area, seed=seed)
    samples = [(f"sample {k + 1}", *pair) for k, pair in enumerate(stacked(pixels, area, seed=seed))]
    failure = save_picture(_sheet([alone, samples]), output)
    if failure:
        raise click.UsageError(failure)
    click.echo(f"written to {output}", err=True)
    return 0


def _sheet(groups: list[list[tuple[str, np.ndarray, np.ndarray]]]) -> np.ndarray:
    """Captioned pictures in rows; every group begins a new row."""
    rows = sum(-(-len(group) // COLUMNS) for group in groups)
    sheet = Image.new("RGB", (COLUMNS * (SIDE + GAP), rows * (SIDE + BAND)), "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=14)
    row = 0
    for group in groups:
        for k, (name, pixels, mask) in enumerate(group):
            x, y = k % COLUMNS * (SIDE + GAP), (row + k // COLUMNS) * (SIDE + BAND)
            sheet.paste(Image.fromarray(draw_mask(pixels, mask)), (x, y))
            draw.text((x, y + SIDE + 1), name, "black", font)
        row += -(-len(group) // COLUMNS)
    return np.asarray(sheet)
