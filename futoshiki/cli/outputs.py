"""Writes results, and protects files that must not be overwritten."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from futoshiki.errors import OutputError
from futoshiki.files import replacing

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


def output_for(source: Path, output: Path | None, ending: str, taken: set[Path], *, several: bool = False) -> Path:
    """The file for what is made of `source`: `output` itself, or a name in the folder `output` or beside the source.

    That name ends in `ending` and is not `taken`. An output is a folder if it is one, if it has no ending and is not there
    yet, or if there are `several` sources.
    """
    is_file = output and not os.path.isdir(output) and (output.suffix or os.path.exists(output))
    if output is not None and is_file and not several:
        return output
    return free_path(output or source.parent, source.stem, ending, taken)


def free_path(folder: Path, stem: str, ending: str, taken: set[Path]) -> Path:
    """A path in a folder that is not `taken` by an input or an output of this command. It is added to `taken`."""
    path, number = folder / f"{stem}{ending}", 2
    while path in taken:
        path, number = folder / f"{stem}-{number}{ending}", number + 1
    taken.add(path)
    return path


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
    elif target == "-":
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
