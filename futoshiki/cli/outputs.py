"""Writes pictures and results, and protects files that must not be overwritten."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from futoshiki.formats import JPEG

if TYPE_CHECKING:
    import numpy as np

JPEG_OPTIONS: dict[str, Any] = {"quality": 95, "subsampling": 0}
"""How JPEG files are written: thin coloured lines need full colour resolution."""
SCHEMA_WITHIN = 200
"""Characters at the beginning of a file within which the schema of a result must stand."""


def refuse_overwriting(target: Path, source: Path | None) -> None:
    """End the command if the target is the source itself.

    Raises:
        click.UsageError: it is.
    """
    if is_same_file(target, source):
        raise click.UsageError(f"{target} is an input: choose another output")


def is_same_file(target: Path, source: Path | None) -> bool:
    """Whether writing to the target would overwrite the source."""
    return source is not None and source.exists() and target.exists() and target.samefile(source)


def free_path(folder: Path, stem: str, ending: str, taken: set[Path]) -> Path:
    """A path in a folder that is not `taken` by an input or an output of this command. It is added to `taken`."""
    path, number = folder / f"{stem}{ending}", 2
    while path in taken:
        path, number = folder / f"{stem}-{number}{ending}", number + 1
    taken.add(path)
    return path


def save_picture(pixels: np.ndarray, target: Path) -> str | None:
    """Write a picture (H x W x 3 uint8 RGB), and create its folder. Returns a message if that fails."""
    from PIL import Image

    options = JPEG_OPTIONS if target.suffix.lower() in JPEG else {}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(target, **options)
    except (ValueError, OSError) as error:
        return f"cannot write {target}: {error}"
    return None


@contextmanager
def line_writer(target: str | None) -> Iterator[Callable[[str], None] | None]:
    """A function that writes lines to standard output (`-`) or to a file; None without a target.

    The file is emptied when the first line is written, so earlier results stay if the command fails before that.

    Raises:
        click.UsageError: the file cannot be written, or holds something else than results.
    """
    if target is None:
        yield None
    elif target == "-":
        yield click.echo
    else:
        path = Path(target)
        try:
            if path.exists() and path.stat().st_size and '"schema"' not in path.read_text(errors="replace")[:SCHEMA_WITHIN]:
                raise click.UsageError(f"{path} exists and holds no results: it is not overwritten")
            file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"cannot write {path}: {error.strerror}") from error
        with file:
            is_new = True

            def write(line: str) -> None:
                nonlocal is_new
                if is_new:
                    file.truncate(0)
                is_new = False
                file.write(line + "\n")
                file.flush()

            yield write


def use_utf8() -> None:
    """Write UTF-8 to pipes and files whatever the locale says, so that signs such as ∧ and all file names can be written.

    On a terminal, characters that it cannot show are replaced.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and not stream.isatty():
            reconfigure(encoding="utf-8", errors="surrogateescape")
        elif reconfigure:
            reconfigure(errors="replace")
