"""Masks as PNG files: a folder with NAME.png for each picture NAME.jpg, NAME.png or the like."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from futoshiki.errors import UnreadableFileError
from futoshiki.formats import READABLE
from futoshiki.geometry import rescaled
from futoshiki.labels.masks import MOST_RUNS
from futoshiki.labels.outlines import outlines_of
from futoshiki.labels.picture import Fault, Parsed, PictureLabels, Region
from futoshiki.picture_file import SIDEWAYS, decoded, has_alpha, opened, orientation_of, stored_size

PNG = ".png"


@dataclass(frozen=True)
class MaskFile:
    """A picture file whose black or transparent pixels are background and all others puzzle."""

    path: Path

    def outlines(self, height: int, width: int) -> tuple[np.ndarray, ...]:
        """The outlines of its areas, each K x 2 float64, for a picture of that size; none if all of it is background.

        Raises:
            ValueError: it has another size, or cannot be read.
        """
        name = f"mask {self.path.name}"
        try:
            with self.path.open("rb") as file, opened(file, name) as image:
                own = stored_size(image)[::-1] if orientation_of(image) < SIDEWAYS else stored_size(image)
                mask = _mask_in(decoded(image))
        except OSError as error:
            raise ValueError(f"{name}: {error.strerror}; save it again") from error
        except UnreadableFileError as error:
            raise ValueError(str(error)) from error
        if own != (height, width):
            raise ValueError(f"{name} has {own[1]} x {own[0]} pixels, the picture {width} x {height}; save both in one size")
        if np.count_nonzero(mask[:, 1:] != mask[:, :-1]) > MOST_RUNS:
            raise ValueError(f"{name} is noise; fill the area of each puzzle with one colour, and all else with black")
        reduction = np.array([width, height]) / mask.shape[::-1]  # very large pictures are reduced when they are decoded
        return tuple(rescaled(outline, reduction) for outline in outlines_of(mask))


def _mask_in(image: Image.Image) -> np.ndarray:
    """The mask in a picture of any mode, H x W uint8 of 0 and 1. Palettes count by their colours, which editors reorder."""
    mode = "RGBA" if has_alpha(image) else "RGB" if image.mode == "P" else image.mode
    levels = np.asarray(image.convert(mode)).reshape(image.height, image.width, -1)
    if mode == "RGBA":
        levels = levels[..., :3] * (levels[..., 3:] > 0)
    return np.asarray(levels.any(axis=-1), np.uint8)


def parse_masks(folder: Path, pictures: Path) -> Parsed:
    """The labels of the pictures in a folder, which may be that of the masks."""
    try:
        masks = {path.stem: path for path in _files(folder, {PNG})}
        photos = _files(pictures, {*READABLE} - ({PNG} if pictures.samefile(folder) else set()))
    except OSError as error:
        return Parsed([], [Fault(0, f"a folder cannot be read ({error.strerror}); give another")])
    if not masks:
        return Parsed([], [Fault(0, "no masks NAME.png in this folder; give a folder of masks, or a label file")])
    labels, faults = [], []
    for path in photos:
        if path.stem in masks:
            labels.append(PictureLabels(0, path.name, (Region(MaskFile(masks[path.stem])),)))
        else:
            remedy = "draw one, all black if there is no puzzle, or move the picture away"
            faults.append(Fault(0, f"{path.name}: there is no mask {path.stem}{PNG}; {remedy}"))
    for stem in masks.keys() - {path.stem for path in photos}:
        remedy = "move it there or say --pictures FOLDER"
        faults.append(Fault(0, f"{masks[stem].name}: there is no picture {stem} in {pictures}; {remedy}"))
    return Parsed(labels, sorted(faults))


def _files(folder: Path, endings: Container[str]) -> list[Path]:
    """The files of a folder whose names end like that, by name, except hidden ones."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in endings and not path.name.startswith("."))
