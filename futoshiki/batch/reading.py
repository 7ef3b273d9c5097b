"""Reads the pictures of a part, inside a worker. Whatever happens to one of them becomes its row."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

import cv2

from futoshiki import __version__
from futoshiki.batch.archives import Archive, archive_type
from futoshiki.batch.items import Item
from futoshiki.batch.rows import ROW_SCHEMA, Row, row_without, rows_of
from futoshiki.batch.storage import Folder, file_system
from futoshiki.drawing.answer import annotated
from futoshiki.errors import ClusterError, FutoshikiError, UnreadableFileError, failure
from futoshiki.formats import writable_suffix
from futoshiki.networks.shipped import Networks, digests, trained_network
from futoshiki.photo import MAX_FILE, Photo, photo_in
from futoshiki.picture_output import picture_bytes
from futoshiki.reading.reader import Reader
from futoshiki.result import Result
from futoshiki.text import LINK, shown

UNSAFE = re.compile(r'[<>:"|?*\\\x00-\x1f]')
"""Characters of a name in an archive that a name of a file may not have everywhere."""


class Reading(Protocol):
    """Makes rows of pictures. It is sent to the workers."""

    @property
    def fingerprint(self) -> str:
        """What changes whenever the rows may change."""

    def rows(self, items: Sequence[Item]) -> Iterator[list[Row]]:
        """The rows of each picture, one after the other; an error that is raised ends the whole run."""


@dataclass(frozen=True)
class PictureReading:
    """Reads and solves pictures with one thread.

    `networks` are what `digests` says where the run was started; a worker with others is refused. `grid_model` is a training
    run whose grid network finds the puzzles, `pictures` the folder or address to which solved pictures are written, and
    `column` the column of pictures in parquet files.
    """

    networks: tuple[str, ...]
    version: str = __version__
    grid_model: Path | None = None
    pictures: str | None = None
    column: str | None = None

    @classmethod
    def here(cls, *, grid_model: Path | None = None, pictures: str | None = None, column: str | None = None) -> PictureReading:
        """A reading with the networks of this installation.

        Raises:
            MissingPartError: a network is missing.
        """
        return cls(digests(grid_model), grid_model=grid_model, pictures=pictures, column=column)

    @property
    def fingerprint(self) -> str:
        """Version, networks, column, and where pictures go: parts that were made without pictures are made again."""
        return repr((self.version, ROW_SCHEMA, self.networks, self.column, self.pictures))

    def rows(self, items: Sequence[Item]) -> Iterator[list[Row]]:
        """The rows of each picture.

        Raises:
            ClusterError: this worker has another version of futoshiki, or other networks.
            MissingPartError: a network is missing or broken.
        """
        if (self.version, self.networks) != (__version__, digests(self.grid_model)):
            raise ClusterError(f"a worker has futoshiki {__version__} with other networks than futoshiki {self.version} here")
        reader = _reader(self.grid_model)
        with Opener(self.column) as opener:
            for item in items:
                yield self._rows(reader, opener, item)

    def _rows(self, reader: Reader, opener: Opener, item: Item) -> list[Row]:
        started = time.perf_counter()
        try:
            photo = opener.photo(item)
            result = reader.open(photo).result()
            if self.pictures is not None:
                _write_picture(Folder(self.pictures), item, photo, result)
        except Exception as error:
            return [row_without(item, *failure(error), (time.perf_counter() - started) * 1000)]
        return rows_of(item, result, (time.perf_counter() - started) * 1000)


@cache
def _reader(grid_model: Path | None) -> Reader:
    """The reader of this process, which uses one thread: other processes use the other cores."""
    cv2.setNumThreads(1)
    grid = trained_network(grid_model, threads=1) if grid_model else None
    return Reader(Networks(grid=grid, threads=1).load())


class Opener:
    """Opens pictures wherever they are. The last archive stays open, for the next picture is likely to be in it, too."""

    def __init__(self, column: str | None = None) -> None:
        self._column = column
        self._open = ExitStack()
        self._source: str | None = None
        self._archive: Archive | None = None

    def __enter__(self) -> Opener:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def photo(self, item: Item) -> Photo:
        """The picture.

        Raises:
            UnreadableFileError: it cannot be read, or is not a picture.
            MissingPartError: a package that it needs is not installed.
        """
        if item.error:
            raise UnreadableFileError(item.error)
        try:
            with self._file(item) as file:
                return photo_in(file, item.name, item.page)
        except FutoshikiError:
            raise
        except Exception as error:  # file systems and archives raise unrelated types
            raise UnreadableFileError(f"{shown(item.name)}: cannot be read: {error or type(error).__name__}") from error

    def _file(self, item: Item) -> IO[bytes]:
        """A file, which can be read from any place, with what the picture or the document holds."""
        if item.member is None:
            files, path = file_system(item.source)
            if item.page is None:  # a document is read by the page, however large it is
                _check_size(item, files.size(path) or 0)
            return files.open(path, "rb")
        content = self._archive_of(item).content(item)
        _check_size(item, len(content))
        return BytesIO(content)

    def _archive_of(self, item: Item) -> Archive:
        if self._archive is None or self._source != item.source:
            self._open.close()
            self._source = None
            kind = archive_type(item.source)
            if kind is None:
                raise UnreadableFileError(f"{shown(item.source)}: not an archive in a known format")
            files, path = file_system(item.source)
            self._archive = kind(self._open.enter_context(files.open(path, "rb")), self._column)
            self._source = item.source
        return self._archive


def _check_size(item: Item, size: int) -> None:
    if size > MAX_FILE:
        raise UnreadableFileError(f"{shown(item.name)}: more than {MAX_FILE // 1_000_000} MB; reduce the picture first")


def _write_picture(folder: Folder, item: Item, photo: Photo, result: Result) -> None:
    """Draw the solutions of the open boards into a picture, if there are any, and write it."""
    chosen = result.chosen()
    if any(board.solution and not board.complete for board in chosen.boards):
        drawn = annotated(photo, chosen)
        name = picture_name(item)
        folder.write(name, picture_bytes(drawn.pixels, PurePosixPath(name).suffix, drawn.info))


def picture_name(item: Item) -> str:
    """Where the solved picture is written inside the folder for pictures: under the whole path or address of its source.

    A name in an archive cannot lead out of that folder.
    """
    path = PurePosixPath(LINK.sub("", item.source), *([item.member] if item.member is not None else []))
    if item.member is not None:
        path = PurePosixPath(LINK.sub("", item.source)) / item.member.lstrip("/")
    parts = [UNSAFE.sub("_", part) for part in path.parts if part not in ("/", "..", ".")]
    number = "" if item.page is None else f"-{item.page}"
    suffix = writable_suffix(Path(parts[-1]))
    return str(PurePosixPath(*parts[:-1], f"{PurePosixPath(parts[-1]).stem}{number}.solved{suffix}"))
