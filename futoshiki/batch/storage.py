"""Files and folders on this machine and behind addresses such as s3://, by fsspec."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from futoshiki.errors import MissingPartError, OutputError, UnreadableFileError
from futoshiki.files import PART, write_file
from futoshiki.text import LINK, shown

STAMPS = ("mtime", "LastModified", "last_modified", "updated", "modified", "ETag", "etag", "created")
"""Names under which file systems give the time of a file's last change, or a checksum; the first one counts."""


def file_system(address: str) -> tuple[AbstractFileSystem, str]:
    """The file system of an address or a path, and the path in it, which is absolute.

    Raises:
        MissingPartError: reading such addresses needs a package that is not installed.
        UnreadableFileError: there is no such kind of address.
    """
    if not LINK.match(address):
        return LocalFileSystem(), Path(address).absolute().as_posix() if address else os.curdir
    try:
        return url_to_fs(address)
    except ImportError as error:
        raise MissingPartError(f"{shown(address)}: {error}") from error
    except ValueError as error:
        raise UnreadableFileError(f"{shown(address)}: {error}; give a path or an address that fsspec knows") from error


def address_of(files: AbstractFileSystem, path: str) -> str:
    """The address of a path in a file system; on this machine the path itself."""
    return path if isinstance(files, LocalFileSystem) else files.unstrip_protocol(path)


def stamp_of(info: dict[str, Any]) -> str:
    """When a file was last changed, or its checksum, from what its file system says about it.

    A date becomes seconds of Unix time, for some file systems give a number in a listing and a date for a single file.
    """
    value = next((info[name] for name in STAMPS if info.get(name) is not None), "")
    return str(value.timestamp() if isinstance(value, datetime) else value)


def listing(files: AbstractFileSystem, folder: str) -> dict[str, dict[str, Any] | None]:
    """The paths in a folder, in no order. Except on this machine, each comes with what its file system says about it.

    Asking a store about a single file takes a request or, in what it remembers of a listing, a search through all files of the
    folder; so nothing stays remembered. On this machine asking is cheap, and names alone take an eighth of the memory.
    """
    if isinstance(files, LocalFileSystem):
        return dict.fromkeys(files.ls(folder, detail=False))
    infos = files.ls(folder, detail=True)
    files.invalidate_cache(folder)
    return {info["name"].rstrip("/"): info for info in infos}


class Folder:
    """A folder to write to: a path, or an address.

    Raises:
        OutputError: it is a file.
        MissingPartError, UnreadableFileError: see `file_system`.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._files, self._path = file_system(address)
        if self._files.isfile(self._path):
            raise OutputError(f"{shown(address)} is a file, and a folder is written; choose another name")

    @property
    def root(self) -> str:
        """Its absolute path or its address, which other processes find it by."""
        return address_of(self._files, self._path)

    def names(self) -> set[str]:
        """The names of what is in it; nothing if it is not there.

        Raises:
            OutputError: it cannot be listed.
        """
        with self._told("list", ""), suppress(FileNotFoundError):
            return {path.rstrip("/").rpartition("/")[2] for path in self._files.ls(self._path, detail=False)}
        return set()

    def read(self, name: str) -> bytes:
        """The content of a file in it.

        Raises:
            OutputError: it cannot be read.
        """
        with self._told("read", name):
            return bytes(self._files.cat_file(f"{self._path}/{name}"))

    def write(self, name: str, content: bytes) -> None:
        """Write a file, which is whole at every moment: on this machine it is renamed, stores of objects put it whole.

        Raises:
            OutputError: it cannot be written; one that was there is as it was.
        """
        target = f"{self._path}/{name}"
        if isinstance(self._files, LocalFileSystem):
            write_file(Path(target), content)
            return
        with self._told("write", name):
            self._files.pipe_file(target, content)

    def move(self, name: str, folder: str) -> None:
        """Move a file into a folder in this one.

        Raises:
            OutputError: that cannot be done.
        """
        with self._told("move", name):
            self._files.makedirs(f"{self._path}/{folder}", exist_ok=True)
            self._files.mv(f"{self._path}/{name}", f"{self._path}/{folder}/{name}")

    def sweep(self) -> None:
        """Remove what a run that was killed while it wrote a file has left.

        Raises:
            OutputError: that cannot be done.
        """
        for name in self.names():
            if name.startswith(".") and PART in name:
                with self._told("remove", name):
                    self._files.rm_file(f"{self._path}/{name}")

    @contextmanager
    def _told(self, what: str, name: str) -> Iterator[None]:
        """Turn what goes wrong with a file into a sentence; every file system raises types of its own."""
        try:
            yield
        except Exception as error:
            where = f"{self.root}/{name}".rstrip("/")
            raise OutputError(f"cannot {what} {shown(where)}: {error or type(error).__name__}") from error
