"""Lists the pictures of an archive one after the other: in folders, globs and addresses, in archives and documents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from fsspec import AbstractFileSystem
from fsspec.utils import glob_translate

from futoshiki.batch.archives import Archive, archive_type
from futoshiki.batch.items import PART_NAME, Item
from futoshiki.batch.storage import address_of, file_system, listing, stamp_of
from futoshiki.documents import count_in
from futoshiki.errors import FutoshikiError, UnreadableFileError
from futoshiki.formats import DOCUMENTS, READABLE, is_own_output
from futoshiki.text import shown

MAGIC = re.compile(r"[*?[]")
"""What makes a path a glob."""
ANYWHERE = "**"
"""The part of a glob that stands for any number of folders."""


@dataclass(frozen=True)
class Source:
    """A file that the user has named, or all files below a folder whose paths match `wanted`.

    `steps` are the globs of the folders that lead there, one for each part of a path. `column` is that of the pictures in
    parquet files.
    """

    files: AbstractFileSystem
    path: str
    column: str | None = None
    wanted: re.Pattern[str] | None = None
    steps: tuple[str, ...] = ()

    @classmethod
    def at(cls, address: str, column: str | None = None) -> Source:
        """The source at a path or an address: a file, a folder, or a glob.

        Raises:
            UnreadableFileError: there is nothing.
            MissingPartError: reading such addresses needs a package that is not installed.
        """
        files, path = file_system(address)
        try:
            if files.isdir(path):
                return cls(files, path, column, re.compile(re.escape(path.rstrip("/")) + "/.+", re.DOTALL))
            if files.exists(path):
                return cls(files, path, column)
            folder = MAGIC.split(path)[0].rpartition("/")[0] or files.root_marker
            if MAGIC.search(path) and files.isdir(folder):
                wanted = re.compile(glob_translate(path).removesuffix(r"\Z") + r"(?:/.*)?\Z")
                return cls(files, folder, column, wanted, tuple(path.split("/")))
        except Exception as error:  # every file system raises types of its own
            raise UnreadableFileError(f"{shown(address)}: {error}") from error
        raise UnreadableFileError(f"{shown(address)}: there is no such file; give a picture, an archive, a folder or a glob")

    def items(self) -> Iterator[Item]:
        """The pictures in it, by name; only the names in one folder are in memory, and in the folders that it lies in."""
        if self.wanted is None:
            yield from items_in(self.files, self.path, self.column)
        else:
            yield from self._items_below(self.path)

    def _items_below(self, folder: str) -> Iterator[Item]:
        try:
            infos = listing(self.files, folder)
        except Exception as error:
            yield Item(address_of(self.files, folder), error=f"{shown(folder)}: the folder cannot be listed: {error}")
            return
        for path in sorted(infos):
            if self.holds(path):
                yield from items_in(self.files, path, self.column, infos[path])
            elif path != folder and self._leads_on(path) and self._is_folder(path, infos[path]):
                yield from self._items_below(path)

    def _is_folder(self, path: str, info: dict[str, Any] | None) -> bool:
        """Whether there is a folder, and no link to one."""
        if info is None:
            return self.files.isdir(path) and not self.files.info(path).get("islink")
        return info["type"] == "directory" and not info.get("islink")

    def holds(self, path: str) -> bool:
        """Whether a file is one of those that it lists. In a folder they are known by their names, and hidden ones are not."""
        if self.wanted is None:
            return path == self.path
        return is_listed(path[len(self.path) :]) and bool(self.wanted.match(path))

    def _leads_on(self, folder: str) -> bool:
        """Whether there may be something to list in a folder."""
        for step, name in zip(self.steps, folder.split("/"), strict=False):
            if step == ANYWHERE:
                break
            if not fnmatchcase(name, step):
                return False
        return not PurePosixPath(folder).name.startswith(".")


def items(addresses: Iterable[str], column: str | None = None) -> Iterator[Item]:
    """The pictures of all sources in their order, each once, though a later source may hold it again.

    Raises:
        UnreadableFileError: a source is not there.
        MissingPartError: reading such an address needs a package that is not installed.
    """
    folders = list[Source]()
    for source in dict.fromkeys(Source.at(address, column) for address in addresses):
        for item in source.items():
            path = file_system(item.source)[1]
            if not any(folder.files == source.files and folder.holds(path) for folder in folders):
                yield item
        if source.wanted is not None:
            folders.append(source)


def is_listed(path: str) -> bool:
    """Whether a file in a folder or an archive is listed, by its path there.

    It is if it is a picture, a document or an archive, unless it is hidden or was written by this program.
    """
    name = PurePosixPath(path)
    known = name.suffix.lower() in (*READABLE, *DOCUMENTS) or archive_type(path) is not None
    own = is_own_output(name) or PART_NAME.fullmatch(name.name)
    return known and not own and not any(part.startswith(".") for part in name.parts)


def items_in(
    files: AbstractFileSystem, path: str, column: str | None = None, listed: dict[str, Any] | None = None
) -> Iterator[Item]:
    """The pictures in a file: itself, the members of an archive, the pages of a document.

    `listed` is what the listing of its folder says about it; if that does not tell whether the file has changed, the file system
    is asked. What cannot be opened here is listed as it is: whoever reads it tells why.
    """
    whole = Item(address_of(files, path))
    try:
        info = listed if listed and stamp_of(listed) else files.info(path)
        whole = replace(whole, size=info["size"] or 0, stamp=stamp_of(info))
        kind = archive_type(path)
        if kind is None:
            yield from _pages(whole, lambda: files.open(path, "rb"))
            return
        with files.open(path, "rb") as file:
            archive = kind(file, column)
            for member in archive.members(whole):
                if not archive.by_name or is_listed(member.member or ""):
                    yield from _pages(member, partial(_opened_member, archive, member))
    except Exception as error:  # whatever is wrong with one file does not concern the others
        yield replace(whole, error=f"{shown(path)}: {error}")


def _opened_member(archive: Archive, member: Item) -> IO[bytes]:
    return BytesIO(archive.content(member))


def _pages(item: Item, opened: Callable[[], IO[bytes]]) -> Iterator[Item]:
    """The pages of a document, or the picture itself."""
    if not (item.member or item.source).lower().endswith(DOCUMENTS):
        yield item
        return
    try:
        with opened() as file:
            count = count_in(file, item.name)
    except FutoshikiError:
        yield item
    else:
        yield from (replace(item, page=number) for number in range(1, count + 1))
