"""`futoshiki augment`."""

from __future__ import annotations

from pathlib import Path

import click
import cv2
import numpy as np

from futoshiki.cli.outputs import refuse_overwriting
from futoshiki.drawing.masks import draw_mask
from futoshiki.drawing.tiles import Tile, contact_sheet
from futoshiki.labels.outlines import outlines_of
from futoshiki.networks.grid import SIDE
from futoshiki.photo import load_photo
from futoshiki.picture_output import save_picture
from futoshiki.text import shown

SAMPLES = 8
"""Number of samples of all transforms together."""
COLUMNS = 5
"""Pictures in a row of the sheet."""
MAX_SIDE = 640
"""Longer side, in pixels, to which the picture is reduced first, as in training."""
WHITE = 127
"""Grey level of the mask's picture above which a pixel lies in the puzzle."""


@click.command("augment")
@click.argument("image", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("mask", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default=Path("augment.png"), show_default=True)
@click.option("--seed", default=0, show_default=True)
def command(image: Path, mask: Path | None, output: Path, seed: int) -> int:
    """Draw what training does to IMAGE (and its MASK, white where the puzzle is): each transform alone, then eight samples."""
    from futoshiki.training.augmentation import Outlined, augmented, each_alone

    for source in (image, mask):
        refuse_overwriting(output, source)
    pixels = load_photo(image).pixels
    area = load_photo(mask).pixels[..., 1] > WHITE if mask else np.zeros(pixels.shape[:2], bool)
    if area.shape != pixels.shape[:2]:
        sizes = [f"{shape[1]} x {shape[0]}" for shape in (area.shape, pixels.shape)]
        raise click.UsageError(f"{mask} has {sizes[0]} pixels, {image} {sizes[1]}: they must be alike")
    scale = min(1.0, MAX_SIDE / max(pixels.shape[:2]))
    pixels = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    small = np.asarray(cv2.resize(area.astype(np.uint8), pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
    picture = Outlined.whole(pixels, outlines_of(small))
    alone = [Tile(draw_mask(view.pixels, view.mask()), name) for name, view in each_alone(picture, seed=seed)]
    views = [augmented(picture, seed + k) for k in range(SAMPLES)]
    samples = [Tile(draw_mask(view.pixels, view.mask()), f"sample {k}") for k, view in enumerate(views, 1)]
    rows = [group[k : k + COLUMNS] for group in (alone, samples) for k in range(0, len(group), COLUMNS)]
    save_picture(contact_sheet(rows, SIDE), output)
    click.echo(f"written to {shown(output)}", err=True)
    return 0
