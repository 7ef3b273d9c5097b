"""`futoshiki label`."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from futoshiki.cli.inputs import pictures_in
from futoshiki.cli.options import GRID_MODEL, RECURSIVE, reader_with
from futoshiki.errors import ExitCode, MissingPartError, UnreadableFileError
from futoshiki.labels import LabelledPicture, write_via
from futoshiki.labels.via import CSV, PROJECT
from futoshiki.photo import load_photo
from futoshiki.reading.puzzle_areas import puzzle_areas
from futoshiki.text import shown

MOST_LISTED = 20
"""Number of pictures without a puzzle that are named."""
TO_DO = (
    "look at each: correct the outline and set its attribute `guess` to no, or delete it if it is no puzzle; "
    "training leaves these pictures out until then"
)
"""What a person does about outlines that are guesses."""


@click.command("label")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite labels that the folder holds already.")
@RECURSIVE
@GRID_MODEL
def command(folder: Path, force: bool, recursive: bool, grid_model: Path | None) -> int:
    """Outline the puzzles in every picture of FOLDER, for a person to correct in VIA 2.

    Writes a VIA project and a CSV file, which `futoshiki train masks` reads. Where nothing could be read but something
    looks like a puzzle, its outline is marked as a guess.
    """
    if not force and any((folder / name).exists() for name in (PROJECT, CSV)):
        raise click.UsageError(f"{folder} holds labels already; --force overwrites them")
    paths = pictures_in(folder, recursive=recursive)
    if not paths:
        raise click.UsageError(f"{folder} holds no picture; --recursive looks into its folders, too")
    reader = reader_with(grid_model)
    console = Console(stderr=True, highlight=False, emoji=False)
    progress = track(paths, "outlining", console=console, disable=not console.is_terminal)
    pictures, failures, code = [], [], ExitCode.SOLVED
    for path in progress:
        try:
            _check_name(path)
            areas = puzzle_areas(load_photo(path), reader)
            outlines, guesses = (tuple(area.outline for area in areas if area.guess is guess) for guess in (False, True))
            pictures.append(LabelledPicture(path, outlines, guesses))
        except (UnreadableFileError, MissingPartError) as error:  # one bad picture must not stop the others
            failures.append(str(error))
            code = ExitCode.worst([code, error.exit_code])
    for failure in failures:
        console.print(f"left out: {shown(failure)}", markup=False, soft_wrap=True)
    if not pictures:
        return int(code)
    project, table = write_via(folder, pictures)
    count = f"{len(pictures)} picture{'s' * (len(pictures) != 1)}"
    guessed = ", ".join(shown(picture.path.name) for picture in pictures if picture.guesses)
    empty = [shown(picture.path.name) for picture in pictures if not picture.outlines]
    messages = [f"{count}: open {shown(project)} in VIA 2, train on {shown(table)}"]
    if guessed:
        messages.append(f"an outline is only a guess, because nothing was read in it, in {guessed}; {TO_DO}")
    if empty:
        listed = ", ".join([*empty[:MOST_LISTED], *([f"{len(empty) - MOST_LISTED} more"] if len(empty) > MOST_LISTED else [])])
        messages.append(f"no puzzle was found in {listed}; if there is one, outline it by hand")
    for message in messages:
        console.print(message, markup=False, soft_wrap=True)
    return int(code)


def _check_name(path: Path) -> None:
    """Refuse a name that label files cannot hold."""
    try:
        path.name.encode()
    except UnicodeEncodeError as error:
        raise UnreadableFileError(f"{path}: its name is not in UTF-8, which label files need; rename it") from error
