"""`futoshiki label`."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.progress import track

from futoshiki.cli.inputs import pictures_in
from futoshiki.errors import MissingPartError, UnreadableFileError
from futoshiki.geometry import board_outline
from futoshiki.labels import LabelledPicture, write_via
from futoshiki.labels.via import CSV, PROJECT
from futoshiki.networks.engine import shipped_network
from futoshiki.photo import load_photo
from futoshiki.reading.locate import locate
from futoshiki.reading.pipeline import solve_image
from futoshiki.result import ExitCode


@click.command("label")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite labels that lie there already.")
def command(folder: Path, force: bool) -> int:
    """Outline the puzzles in every picture of FOLDER, for a person to correct in VIA 2.

    Writes a VIA project and a CSV, which `futoshiki train masks` takes.
    """
    if not force and any((folder / name).exists() for name in (PROJECT, CSV)):
        raise click.UsageError(f"{folder} holds labels already; --force overwrites them")
    paths = pictures_in(folder)
    if not paths:
        raise click.UsageError(f"{folder} holds no picture")
    console = Console(stderr=True, highlight=False)
    progress = track(paths, "outlining", console=console, disable=not console.is_terminal)
    pictures, failures, code = [], [], ExitCode.SOLVED
    for path in progress:
        try:
            pictures.append(LabelledPicture(_named_in_unicode(path), outlines(path)))
        except (UnreadableFileError, MissingPartError) as error:  # one bad picture must not cost the others' outlines
            failures.append(str(error))
            code = ExitCode.worst([code, ExitCode(error.exit_code)])
    for failure in failures:
        console.print(f"left out: {failure}", markup=False, soft_wrap=True)
    if not pictures:
        return int(code)
    project, table = write_via(folder, pictures)
    empty = [picture.path.name for picture in pictures if not picture.polygons]
    console.print(f"{len(pictures)} pictures: {project} to open in VIA 2, {table} to train on", markup=False, soft_wrap=True)
    if empty:
        console.print(
            f"no puzzle was found in {', '.join(empty)}: outline it there by hand if there is one", markup=False, soft_wrap=True
        )
    return int(code)


def _named_in_unicode(path: Path) -> Path:
    try:
        path.name.encode()
    except UnicodeEncodeError as error:
        raise UnreadableFileError(f"{path}: its name is not in UTF-8, label files cannot hold it; rename it") from error
    return path


def outlines(path: Path) -> tuple[np.ndarray, ...]:
    """The outlines of the puzzles in a picture, bent as the page is; where none can be read, of what looks like one."""
    photo = load_photo(path)
    size = photo.pixels.shape[1::-1]
    boards = [board for board in solve_image(photo).boards if not board.complete]
    if boards:
        found = [board_outline(np.array(board.cells, float), np.array(board.corners, float)) for board in boards]
        return tuple(np.clip(outline, 0, size) for outline in found)  # boards that the picture's edge cuts off
    areas = locate(photo, shipped_network("grid"))
    return tuple(np.clip(area.quad, 0, size) for area in areas if not area.complete)[:1]
