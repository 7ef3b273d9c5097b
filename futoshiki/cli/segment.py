"""`futoshiki segment`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import cv2
import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from futoshiki.cli.inputs import pictures_in
from futoshiki.cli.labels import GRID_MODEL
from futoshiki.cli.outputs import free_path, refuse_overwriting, save_picture
from futoshiki.drawing.masks import draw_mask, puzzle_mask
from futoshiki.errors import MissingPartError, UnreadableFileError
from futoshiki.networks.engine import shipped_network, trained_network
from futoshiki.photo import load_photo
from futoshiki.reading.locate import GridNetwork
from futoshiki.result import ExitCode

VIDEOS = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".gif")
DEFAULT_FPS = 25.0
GIF_SIDE, GIF_FPS = 480, 12.5
"""Longer side in pixels, and frames a second at most: larger GIFs are hardly ever wanted."""


@click.command("segment")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True,
              help="A picture; a folder for a folder; .mp4 or .gif for a video.")  # fmt: skip
@GRID_MODEL
def command(source: Path, output: Path, grid_model: Path | None) -> int:
    """Lay what the grid network takes for a puzzle over SOURCE: a photo, a folder of photos, or a video."""
    network: GridNetwork = trained_network(grid_model) if grid_model else shipped_network("grid")
    console = Console(stderr=True, highlight=False)
    refuse_overwriting(output, source)
    code = ExitCode.SOLVED
    with Progress(console=console, disable=not console.is_terminal) as progress:
        if source.is_dir():
            taken: set[Path] = set()
            for path in progress.track(pictures_in(source), description="segmenting"):
                try:
                    _save(_overlaid(load_photo(path).pixels, network), free_path(output, path.stem, ".png", taken))
                except (UnreadableFileError, MissingPartError) as error:  # one bad picture must not stop the others
                    console.print(str(error), markup=False, soft_wrap=True)
                    code = ExitCode.worst([code, ExitCode(error.exit_code)])
        elif source.suffix.lower() in VIDEOS and output.suffix.lower() in VIDEOS:
            count, rate, frames = _frames(source)
            shown = progress.track(frames, total=count or None, description="segmenting")
            _write_video((_overlaid(frame, network) for frame in shown), output, rate)
        else:
            _save(_overlaid(load_photo(source).pixels, network), output)
    console.print(f"written to {output}", markup=False, soft_wrap=True)
    return int(code)


def _overlaid(pixels: np.ndarray, network: GridNetwork) -> np.ndarray:
    return draw_mask(pixels, puzzle_mask(pixels, network))


def _save(pixels: np.ndarray, path: Path) -> None:
    failure = save_picture(pixels, path)
    if failure:
        raise click.UsageError(failure)


def _frames(path: Path) -> tuple[int, float, Iterator[np.ndarray]]:
    """The number of frames (0 if unknown), frames a second, and the frames, H x W x 3 uint8 RGB."""
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise UnreadableFileError(f"{path}: not a video that OpenCV can read; convert it to MP4")
    rate = capture.get(cv2.CAP_PROP_FPS) or DEFAULT_FPS

    def each() -> Iterator[np.ndarray]:
        while True:
            found, frame = capture.read()
            if not found:
                capture.release()
                return
            yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))

    return max(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), 0), rate, each()


def _write_video(frames: Iterator[np.ndarray], path: Path, rate: float) -> None:
    if path.suffix.lower() == ".gif":
        step = max(1, round(rate / GIF_FPS))
        kept = [_reduced(frame) for k, frame in enumerate(frames) if k % step == 0]
        if not kept:
            raise UnreadableFileError(f"{path}: the video has no frame")
        kept[0].save(path, save_all=True, append_images=kept[1:], duration=round(1000 * step / rate), loop=0)
        return
    writer: cv2.VideoWriter | None = None
    for frame in frames:
        if writer is None:
            writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), rate, frame.shape[1::-1])
            if not writer.isOpened():
                raise click.UsageError(f"cannot write {path}: give a name that ends in .mp4 or .gif, in a folder that exists")
        writer.write(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    if writer is None:
        raise UnreadableFileError(f"{path}: the video has no frame")
    writer.release()


def _reduced(frame: np.ndarray) -> Image.Image:
    picture = Image.fromarray(frame)
    picture.thumbnail((GIF_SIDE, GIF_SIDE))
    return picture
