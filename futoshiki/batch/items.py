"""What is read: one picture of an archive, and the parts that the pictures are divided into."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

PART_NAME = re.compile(r"part-[0-9a-f]{20}\.parquet")
"""The name of a part of the output."""
LEAST_PARTS = 16
"""Parts of a small archive, at least about: with fewer, most cores would have nothing to do at the end."""
LARGEST = 2
"""Most pictures of a part, in sizes of a part."""


@dataclass(frozen=True)
class Item:
    """One picture to read.

    `source` is a file: its absolute path, or its address. `member` is the name of the picture in an archive, or the number
    of its row in a parquet file, and `offset` where it begins there: the byte in a tar, the row in a parquet file. `page` is
    its page in a PDF or TIFF, from 1. `size` in bytes and `stamp`, the time of its last change or a checksum, tell whether it
    has changed. `error` says why there is nothing to read.
    """

    source: str
    member: str | None = None
    page: int | None = None
    size: int = 0
    stamp: str = ""
    offset: int = 0
    error: str | None = None

    @property
    def name(self) -> str:
        """What the file is called in messages; a page's number is added by those who open it."""
        return self.source if self.member is None else f"{self.source}, {self.member}"

    @property
    def digest(self) -> bytes:
        """The hash of where the picture is, whatever it is."""
        return _hash(self.source, self.member, self.page)


@dataclass(frozen=True)
class Shard:
    """Pictures that one process reads one after the other, and whose rows are one part of the output."""

    items: tuple[Item, ...]

    def name(self, fingerprint: str) -> str:
        """The file name of its part: it changes with the pictures, and with the fingerprint of what reads them."""
        return f"part-{_hash(fingerprint, *map(astuple, self.items)).hex()[:20]}.parquet"


def part_size(total: int, most: int) -> int:
    """About how many pictures a part of an archive of `total` pictures has: `most`, or a smaller power of two.

    The size of a small archive's parts changes only when the archive doubles: then all of it is read again.
    """
    size = 1
    while 2 * size * LEAST_PARTS <= total:
        size *= 2
    return min(size, most)


def shards(items: Iterable[Item], size: int) -> Iterator[Shard]:
    """Divide pictures into parts of about `size`, at most twice as many, in their order.

    A part ends after a picture whose own hash says so, not at every multiple of `size`, so that a new picture changes
    the part that it is in, and not all that follow. (Content-defined chunking, as in rsync and borg.)
    """
    part = list[Item]()
    for item in items:
        part.append(item)
        if int.from_bytes(item.digest[:8], "big") % size == 0 or len(part) == LARGEST * size:
            yield Shard(tuple(part))
            part.clear()
    if part:
        yield Shard(tuple(part))


def _hash(*values: object) -> bytes:
    return hashlib.sha256(repr(values).encode("utf-8", "surrogatepass")).digest()
