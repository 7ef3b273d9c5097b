"""Writes files so that each is whole at every moment: what is there, or what replaces it, and nothing in between."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from futoshiki.errors import FutoshikiError, OutputError
from futoshiki.text import shown

PART = ".part"
"""Ending of a file that is being written."""


def write_file(target: Path, content: bytes | str) -> None:
    """Write a file, and create its folder. A text is written in UTF-8.

    Raises:
        OutputError: it cannot be written; a file that was there is as it was.
    """
    with replacing(target) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """An empty file beside the target to write to, with the same ending; it replaces the target when the block ends.

    If the block fails, the target stays as it was. A target that is a symbolic link is replaced by a file; what the link
    names is not touched. Devices and pipes, such as /dev/stdout, and links to them are written to directly.

    Raises:
        OutputError: it cannot be written.
    """
    target = Path(target)
    part: Path | None = None
    try:
        if _is_special(target):
            yield target
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        number, name = mkstemp(prefix=f".{target.stem[:30]}-", suffix=f"{PART}{target.suffix}", dir=target.parent)
        part = Path(name)
        os.close(number)
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.chmod(_mode(target))
        part.replace(target)
    except FutoshikiError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"cannot write {shown(target)}: {reason}; free some space or choose another place") from error
    finally:
        if part:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _is_special(target: Path) -> bool:
    """Whether a target is a device or a pipe, which cannot be replaced."""
    is_link = target.is_symlink() and target.absolute().parts[1:2] in (("dev",), ("proc",))
    return is_link or (target.exists() and not target.is_file() and not target.is_dir())


def _mode(target: Path) -> int:
    """The permissions of a file that is there, or those of a new one."""
    with suppress(OSError):
        return stat.S_IMODE(target.lstat().st_mode) if not target.is_symlink() else _new_mode()
    return _new_mode()


def _new_mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
