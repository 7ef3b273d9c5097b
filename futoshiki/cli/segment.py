"""`futoshiki segment`."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress

from futoshiki.cli.inputs import pictures_in
from futoshiki.cli.options import GRID_MODEL, RECURSIVE, reader_with
from futoshiki.cli.outputs import free_path, refuse_overwriting, save_picture
from futoshiki.drawing.masks import draw_mask
from futoshiki.errors import ExitCode, MissingPartError, UnreadableFileError
from futoshiki.live.video import SUFFIXES, VideoWriter, frame_count, frame_rate, read_frames, to_rgb
from futoshiki.networks.engine import Runner
from futoshiki.photo import Photo, load_photo
from futoshiki.reading.locate import puzzle_mask
from futoshiki.text import shown


@click.command("segment")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="File for a photo, folder for a folder, .mp4 or .gif file for a video.",
)
@RECURSIVE
@GRID_MODEL
def command(source: Path, output: Path, recursive: bool, grid_model: Path | None) -> int:
    """Draw the area that the grid network takes for a puzzle into SOURCE: a photo, a folder of photos, or a video."""
    network = reader_with(grid_model).networks.grid
    console = Console(stderr=True, highlight=False, emoji=False)
    refuse_overwriting(output, source)
    code = ExitCode.SOLVED
    with Progress(console=console, disable=not console.is_terminal) as progress:
        if source.is_dir():
            taken: set[Path] = set()
            for path in progress.track(pictures_in(source, recursive=recursive), description="segmenting"):
                try:
                    _save(load_photo(path), network, free_path(output, path.stem, ".png", taken))
                except (UnreadableFileError, MissingPartError) as error:  # one bad picture must not stop the others
                    console.print(str(error), markup=False, soft_wrap=True)
                    code = ExitCode.worst([code, error.exit_code])
        elif source.suffix.lower() in SUFFIXES and output.suffix.lower() in SUFFIXES:
            frames = progress.track(read_frames(source), total=frame_count(source) or None, description="segmenting")
            with VideoWriter(output, frame_rate(source)) as video:
                for frame in frames:
                    video.add(_overlaid(to_rgb(frame), network))
        else:
            _save(load_photo(source), network, output)
    console.print(f"written to {shown(output)}", markup=False, soft_wrap=True)
    return int(code)


def _overlaid(pixels: np.ndarray, network: Runner) -> np.ndarray:
    """The picture with the network's mask drawn in."""
    return draw_mask(pixels, puzzle_mask(pixels, network))


def _save(photo: Photo, network: Runner, path: Path) -> None:
    save_picture(_overlaid(photo.pixels, network), path, photo.info)
