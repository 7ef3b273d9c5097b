"""Where commands write: pictures and results, and what they must not overwrite."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import numpy as np


def refuse_overwriting(target: Path, source: Path | None) -> None:
    """End the command where the target is the source itself.

    Raises:
        click.UsageError: it is.
    """
    if source is not None and source.exists() and target.exists() and target.samefile(source):
        raise click.UsageError(f"{target} is an input: choose another output")


def free_path(folder: Path, stem: str, ending: str, taken: set[Path]) -> Path:
    """A path in a folder that nothing else of this command goes to or comes from; it is `taken` from then on."""
    path, number = folder / f"{stem}{ending}", 2
    while path in taken:
        path, number = folder / f"{stem}-{number}{ending}", number + 1
    taken.add(path)
    return path


def save_picture(pixels: np.ndarray, target: Path) -> str | None:
    """Write a picture (H x W x 3 uint8 RGB), its folder if need be; what went wrong, if anything."""
    from PIL import Image

    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if target.suffix.lower() in (".jpg", ".jpeg") else {}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(target, **options)
    except (ValueError, OSError) as error:
        return f"cannot write {target}: {error}"
    return None


@contextmanager
def line_writer(target: str | None) -> Iterator[Callable[[str], None] | None]:
    """Writes lines to standard output (`-`) or to a file of results, whose old content stays until there is a new line.

    Raises:
        click.UsageError: the file cannot be written, or holds something else.
    """
    if target is None:
        yield None
    elif target == "-":
        yield click.echo
    else:
        path = Path(target)
        try:
            if path.exists() and path.stat().st_size and '"schema"' not in path.read_text(errors="replace")[:200]:
                raise click.UsageError(f"{path} exists and is not a result of this command: it is not overwritten")
            file = path.open("a", encoding="utf-8")
        except OSError as error:
            raise click.UsageError(f"cannot write {path}: {error.strerror}") from error
        with file:
            written = 0

            def write(line: str) -> None:
                nonlocal written
                if not written:
                    file.truncate(0)
                written += 1
                file.write(line + "\n")
                file.flush()

            yield write


def speak_utf8() -> None:
    """Let signs such as ∧ and file names in any script pass through pipes, whatever their encoding was to be."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure and not stream.isatty():
            reconfigure(encoding="utf-8", errors="surrogateescape")
        elif reconfigure:
            reconfigure(errors="replace")
