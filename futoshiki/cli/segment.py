"""`futoshiki segment`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import cv2
import numpy as np
from rich.console import Console
from rich.progress import Progress

from futoshiki.cli.inputs import pictures_in
from futoshiki.cli.options import GRID_MODEL, RECURSIVE, reader_with
from futoshiki.cli.outputs import output_for, refuse_overwriting
from futoshiki.drawing.masks import draw_heat, draw_mask
from futoshiki.errors import ExitCode, MissingPartError, UnreadableFileError
from futoshiki.formats import writable_suffix
from futoshiki.geometry import rescaled
from futoshiki.live.ahead import ahead
from futoshiki.live.areas import mask_frames
from futoshiki.live.video import GIF, SUFFIXES, VideoWriter, frame_count, frame_rate, read_frames, to_rgb
from futoshiki.photo import Photo, load_photo
from futoshiki.picture_output import save_picture
from futoshiki.reading.cover import covered_area
from futoshiki.reading.puzzle_areas import area_mask, puzzle_areas
from futoshiki.reading.puzzle_mask import puzzle_mask, puzzle_probability
from futoshiki.reading.reader import Reader
from futoshiki.text import shown

EXACT = (".png", ".bmp", ".tif", ".tiff")
"""Endings of picture files that keep every pixel, as a mask needs it."""


@click.command("segment")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="A file, or a folder; for a video, a file that ends in .mp4 or .gif.  [default: beside SOURCE]",
)
@click.option(
    "--raw",
    is_flag=True,
    help="What the grid network alone sees, before anything is read, without puzzles cut off beside a whole one.",
)
@click.option("--heat", is_flag=True, help="How probable a puzzle is to the grid network at each pixel, as a heat map.")
@click.option(
    "--visible",
    is_flag=True,
    help="Leave out what lies on the page. In a video it is told from the frames before, in a photo by its colour alone.",
)
@click.option("--mask", "as_mask", is_flag=True, help="Write the mask itself, white on black, instead of drawing it in.")
@RECURSIVE
@GRID_MODEL
def command(
    source: Path,
    output: Path | None,
    raw: bool,
    heat: bool,
    visible: bool,
    as_mask: bool,
    recursive: bool,
    grid_model: Path | None,
) -> int:
    """Mark the open puzzles in SOURCE: a photo, a folder of photos, or a video.

    The areas are those of the puzzles that can be read, and guesses at those that the edge cuts off. In a video each is
    followed from frame to frame, also while a hand passes over it.
    The result is written beside the source as NAME.segmented.jpg (.mp4 for a video), with --mask as NAME.mask.png.
    """
    for first, other in ((heat, raw), (heat, visible), (heat, as_mask), (raw, visible)):
        if first and other:
            raise click.UsageError("--heat stands alone, and --raw goes with --mask only")
    segmenter = Segmenter(reader_with(grid_model), raw=raw, heat=heat, visible=visible, as_mask=as_mask)
    console = Console(stderr=True, highlight=False, emoji=False)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        if source.is_dir():
            code, written = _folder(source, output, segmenter, progress, recursive=recursive)
        elif _is_video(source, output):
            code, written = ExitCode.SOLVED, _video(source, output, segmenter, progress)
        else:
            code, written = ExitCode.SOLVED, _photo(source, output, segmenter, {source})
    console.print(f"written to {shown(written)}", markup=False, soft_wrap=True)
    return int(code)


@dataclass(frozen=True)
class Segmenter:
    """Makes the pictures that the options ask for; they are H x W x 3 uint8 RGB, masks H x W uint8 of 0 and 255."""

    reader: Reader
    raw: bool
    heat: bool
    visible: bool
    as_mask: bool

    @property
    def ending(self) -> str:
        """The end of the names of these pictures, before the suffix."""
        return ".mask" if self.as_mask else ".segmented"

    def photo(self, photo: Photo) -> np.ndarray:
        """The picture of a photo."""
        if self.raw or self.heat:
            return self._by_network_alone(photo.pixels)
        areas = puzzle_areas(photo, self.reader)
        mask = area_mask(areas, photo)
        for area in areas if self.visible else ():
            mask[covered_area(photo.pixels, rescaled(area.outline, 1 / photo.scale))] = 0
        return self._picture(photo.pixels, mask)

    def video(self, frames: Iterable[np.ndarray], fps: float) -> Iterator[np.ndarray]:
        """The picture of each frame."""
        if self.raw or self.heat:
            return (self._by_network_alone(pixels) for pixels in frames)
        masked = mask_frames(frames, self.reader, fps=fps, visible=self.visible)
        return (self._picture(frame.pixels, frame.mask) for frame in masked)

    def _by_network_alone(self, pixels: np.ndarray) -> np.ndarray:
        network = self.reader.networks.grid
        if self.heat:
            return draw_heat(pixels, puzzle_probability(pixels, network))
        return self._picture(pixels, puzzle_mask(pixels, network))

    def _picture(self, pixels: np.ndarray, mask: np.ndarray) -> np.ndarray:
        return mask * np.uint8(255) if self.as_mask else draw_mask(pixels, mask)


def _is_video(source: Path, output: Path | None) -> bool:
    """Whether to make a video. Of a GIF, a picture can be asked for by the name of the output."""
    suffix, wanted = source.suffix.lower(), output.suffix.lower() if output else ""
    as_video = not wanted or wanted in SUFFIXES
    if suffix in SUFFIXES and suffix != GIF and not as_video:
        raise click.UsageError(f"{shown(source)} is a video: give -o a name that ends in .mp4 or .gif")
    return suffix in SUFFIXES and as_video


def _folder(
    source: Path, output: Path | None, segmenter: Segmenter, progress: Progress, *, recursive: bool
) -> tuple[ExitCode, Path]:
    """Segment each picture of a folder; one bad picture does not stop the others."""
    if output is not None and os.path.isfile(output):
        raise click.UsageError(f"{shown(source)} is a folder, but {shown(output)} is a file: give -o a folder")
    pictures, code = pictures_in(source, recursive=recursive), ExitCode.SOLVED
    taken = set(pictures)
    for path in progress.track(pictures, description="segmenting"):
        try:
            _photo(path, output, segmenter, taken, several=True)
        except (UnreadableFileError, MissingPartError) as error:
            progress.console.print(str(error), markup=False, soft_wrap=True)
            code = ExitCode.worst([code, error.exit_code])
    return code, output or source


def _photo(source: Path, output: Path | None, segmenter: Segmenter, taken: set[Path], *, several: bool = False) -> Path:
    """Segment a photo, and return the path of the picture."""
    suffix = ".png" if segmenter.as_mask else writable_suffix(source)
    target = output_for(source, output, segmenter.ending + suffix, taken, several=several)
    if segmenter.as_mask and target.suffix.lower() not in EXACT:
        raise click.UsageError(f"{shown(target)} would not keep every pixel of a mask: give -o a name that ends in .png")
    refuse_overwriting(target, source)
    photo = load_photo(source)
    save_picture(segmenter.photo(photo), target, None if segmenter.as_mask else photo.info)
    return target


def _video(source: Path, output: Path | None, segmenter: Segmenter, progress: Progress) -> Path:
    """Segment a video, and return the path of the new one, which holds what is done if the command is interrupted."""
    suffix = GIF if source.suffix.lower() == GIF else ".mp4"
    target = output_for(source, output, segmenter.ending + suffix, {source})
    refuse_overwriting(target, source)
    fps = frame_rate(source)
    pictures = ahead(segmenter.video(map(to_rgb, ahead(read_frames(source))), fps))
    with VideoWriter(target, fps) as video:
        for picture in progress.track(pictures, total=frame_count(source) or None, description="segmenting"):
            video.add(picture if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB))
    return target
