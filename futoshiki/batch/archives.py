"""Files that hold many pictures: zip, tar, and a column of bytes in parquet."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate
from typing import IO, Any, ClassVar, Protocol
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq

from futoshiki.batch.items import Item
from futoshiki.errors import UnreadableFileError
from futoshiki.photo import MAX_FILE
from futoshiki.text import shown

BATCH = 16
"""Rows of a parquet file that are in memory at once."""
COMPRESSED: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZ": bz2.BZ2File,
    b"\xfd7": lzma.LZMAFile,
}
"""What opens a compressed file, by its first two bytes."""


class Archive(Protocol):
    """An open archive. `by_name` says whether the names of its members tell which of them are pictures."""

    by_name: ClassVar[bool]

    def __init__(self, file: IO[bytes], column: str | None = None) -> None: ...

    def members(self, whole: Item) -> Iterator[Item]:
        """What is in it, in its order; `whole` is the archive itself."""

    def content(self, item: Item) -> bytes:
        """The bytes of one of its members: all of them, or one more than a picture may have."""


class Zip:
    """A zip archive."""

    by_name: ClassVar[bool] = True

    def __init__(self, file: IO[bytes], column: str | None = None) -> None:
        self._zip = ZipFile(file)

    def members(self, whole: Item) -> Iterator[Item]:
        """Its files. Their checksums tell whether they have changed."""
        for info in self._zip.infolist():
            if not info.is_dir():
                yield replace(whole, member=info.filename, size=info.file_size, stamp=f"{info.CRC:08x}")

    def content(self, item: Item) -> bytes:
        """The bytes of a file in it."""
        with self._zip.open(item.member or "") as file:
            return file.read(MAX_FILE + 1)


class Tar:
    """A tar archive, also a compressed one.

    A member is found by the byte at which it begins. In a compressed archive everything before it is decompressed, too.
    """

    by_name: ClassVar[bool] = True

    def __init__(self, file: IO[bytes], column: str | None = None) -> None:
        begin = file.read(2)
        file.seek(0)
        self._file: IO[bytes] = COMPRESSED[begin](file) if begin in COMPRESSED else file

    def members(self, whole: Item) -> Iterator[Item]:
        """Its files. Their sizes and times tell whether they have changed."""
        with tarfile.open(fileobj=self._file, mode="r:") as tar:
            for info in tar:
                if info.isreg():
                    size, stamp, offset = info.size, str(info.mtime), info.offset_data
                    yield replace(whole, member=info.name, size=size, stamp=stamp, offset=offset)
                tar.members = []  # type: ignore[attr-defined]  # otherwise all of them would stay in memory

    def content(self, item: Item) -> bytes:
        """The bytes of a file in it."""
        self._file.seek(item.offset)
        return self._file.read(min(item.size, MAX_FILE + 1))


class Table:
    """A parquet file with a column of bytes. The name of a nested one has a dot, as Hugging Face's `image.bytes`.

    Raises:
        UnreadableFileError: it has no such column, or several and none is named.
    """

    by_name: ClassVar[bool] = False

    def __init__(self, file: IO[bytes], column: str | None = None) -> None:
        self._table = pq.ParquetFile(file, pre_buffer=False)
        self._column = _column_of(self._table, column)
        counts = (self._table.metadata.row_group(k).num_rows for k in range(self._table.num_row_groups))
        self._starts = list(accumulate(counts, initial=0))
        self._first, self._values = 0, list[bytes | None]()
        self._batches: Iterator[pa.RecordBatch] = self._table.iter_batches(BATCH, columns=[self._column])

    def members(self, whole: Item) -> Iterator[Item]:
        """Its rows, counted from 0. The size and the time of the file tell whether they have changed."""
        return (replace(whole, member=str(row), offset=row) for row in range(self._starts[-1]))

    def content(self, item: Item) -> bytes:
        """The bytes in a row. Rows are best asked for in their order: others are read from the start of their group."""
        row, end = item.offset, self._first + len(self._values)
        group = bisect_right(self._starts, row) - 1
        if row < self._first or self._starts[group] > end:
            self._first, self._values = self._starts[group], []
            groups = list(range(group, self._table.num_row_groups))
            self._batches = self._table.iter_batches(BATCH, row_groups=groups, columns=[self._column])
        while row >= self._first + len(self._values):
            self._first += len(self._values)
            self._values = _leaf(pa.Table.from_batches([next(self._batches)])).to_pylist()
        value = self._values[row - self._first]
        if value is None:
            raise UnreadableFileError(f"{shown(item.name)}: the row holds no bytes")
        return value


def _column_of(table: pq.ParquetFile, wanted: str | None) -> str:
    """The name of the column of pictures, with those of the columns that it is nested in before it."""
    leaves = [table.schema.column(k) for k in range(len(table.schema))]
    names = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY" and leaf.logical_type.type == "NONE"]
    if wanted in names:
        return str(wanted)
    if wanted is None and len(names) == 1:
        return str(names[0])
    found = f"its columns of bytes are {', '.join(names)}" if names else "it has no column of bytes"
    raise UnreadableFileError(f"{found}; name that of the pictures with --column")


def _leaf(table: pa.Table) -> pa.ChunkedArray:
    """The only column of a table, taken out of those that it is nested in."""
    while pa.types.is_struct(table.schema.field(0).type):
        table = table.flatten()
    return table.column(0)


ARCHIVES: dict[tuple[str, ...], type[Archive]] = {
    (".zip",): Zip,
    (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz"): Tar,
    (".parquet",): Table,
}
"""What opens an archive, by the ending of its name."""


def archive_type(name: str) -> type[Archive] | None:
    """What opens a file of that name; None if it is no archive."""
    return next((kind for endings, kind in ARCHIVES.items() if name.lower().endswith(endings)), None)
