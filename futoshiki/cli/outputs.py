"""Writes results, and protects files that must not be overwritten."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from futoshiki.errors import OutputError
from futoshiki.files import replacing, write_file
from futoshiki.formats import writable_suffix

if TYPE_CHECKING:
    import numpy as np

    from futoshiki.picture_info import PictureInfo

STDOUT = "-"
"""The output that stands for standard output."""
SCHEMA_WITHIN = 200
"""Bytes at the beginning of a file within which the schema of a result must stand."""


def refuse_overwriting(target: Path, source: Path | None) -> None:
    """End the command if the target is the source itself.

    Raises:
        click.UsageError: it is.
    """
    if is_same_file(target, source):
        raise click.UsageError(f"{target} is an input: choose another output")


def is_same_file(target: Path, source: Path | None) -> bool:
    """Whether writing to the target would overwrite the source."""
    return source is not None and os.path.exists(source) and os.path.exists(target) and target.samefile(source)


def is_stdout(output: Path | None) -> bool:
    """Whether an output is `-`, standard output."""
    return output is not None and str(output) == STDOUT


def write_drawing(pixels: np.ndarray, target: Path, source: Path, info: PictureInfo | None = None) -> None:
    """Write a picture (H x W x 3 uint8 RGB) that was drawn on `source` to a file, or to standard output in the same format.

    Raises:
        OutputError: it cannot be written.
    """
    from futoshiki.picture_output import picture_bytes, save_picture

    if is_stdout(target):
        sys.stdout.buffer.write(picture_bytes(pixels, writable_suffix(source), info))
    else:
        save_picture(pixels, target, info)


def output_for(source: Path, output: Path | None, ending: str, taken: set[Path], *, several: bool = False) -> Path:
    """The file for what is made of `source`: `output` itself, or a name in the folder `output` or beside the source.

    That name ends in `ending` and is not `taken`. An output is a folder if it is one, if it has no ending and is not there
    yet, or if there are `several` sources.
    """
    is_file = output and not os.path.isdir(output) and (output.suffix or os.path.exists(output))
    if output is not None and (is_stdout(output) or is_file) and not several:
        return output
    return free_path(output or source.parent, source.stem, ending, taken)


def free_path(folder: Path, stem: str, ending: str, taken: set[Path]) -> Path:
    """A path in a folder that is not `taken` by an input or an output of this command. It is added to `taken`."""
    path, number = folder / f"{stem}{ending}", 2
    while path in taken:
        path, number = folder / f"{stem}-{number}{ending}", number + 1
    taken.add(path)
    return path


@contextmanager
def text_output(output: Path | None) -> Iterator[TextIO]:
    """Where a command prints its text: a file, or standard output without one or for `-`.

    The file is written when the command ends, also if it is interrupted.

    Raises:
        OutputError: it cannot be written; one that was there is as it was.
    """
    if output is None or is_stdout(output):
        yield sys.stdout
        return
    text = StringIO()
    try:
        yield text
    finally:
        write_file(output, text.getvalue().encode())


class _NothingWritten(Exception):
    """No line was written, so that the file stays as it was."""


@contextmanager
def line_writer(target: str | None) -> Iterator[Callable[[str], None] | None]:
    """A function that writes lines to standard output (`-`) or to a file; None without a target.

    The file is replaced when the command ends, or is interrupted; if no line was written, it stays as it was.

    Raises:
        click.UsageError: the file holds something else than results.
        OutputError: it cannot be written.
    """
    if target is None:
        yield None
    elif target == STDOUT:
        yield click.echo
    else:
        path, written, interruption = Path(target), 0, None
        _refuse_foreign(path)
        with suppress(_NothingWritten), replacing(path) as part:
            with part.open("w", encoding="utf-8") as file:

                def write(line: str) -> None:
                    nonlocal written
                    file.write(line + "\n")
                    file.flush()
                    written += 1

                try:
                    yield write
                except BaseException as error:  # what is done is kept, whatever ends the command
                    interruption = error
            if not written:
                raise _NothingWritten
        if interruption:
            raise interruption


def _refuse_foreign(path: Path) -> None:
    """Refuse to replace a file that holds something else than results.

    Raises:
        click.UsageError: it does.
        OutputError: the file cannot be looked at.
    """
    try:
        if not os.path.isfile(path) or not path.stat().st_size:
            return
        with path.open("rb") as file:
            begin = file.read(SCHEMA_WITHIN)
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write {path}: {getattr(error, 'strerror', None) or error}; choose another place") from error
    if b'"schema"' not in begin:
        raise click.UsageError(f"{path} exists and holds no results: it is not overwritten; choose another file")


def prepare_streams() -> None:
    """Make standard output and error fit to be written to.

    To pipes and files UTF-8 is written whatever the locale says, so that signs such as ∧ and all file names can be written.
    On a terminal, characters that it cannot show are replaced. What is written to a closed stream is dropped.
    """
    if os.environ.get("COLUMNS") == "0":  # what some terminals say when they do not know; nothing would be printed
        del os.environ["COLUMNS"]
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, as in `futoshiki … >&-`
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
            continue
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and not stream.isatty():
            reconfigure(encoding="utf-8", errors="surrogateescape")
        elif reconfigure:
            reconfigure(errors="replace")


def silence_stdout() -> None:
    """Drop what is still to be written to standard output: it cannot be written, and Python would say so when it exits."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
