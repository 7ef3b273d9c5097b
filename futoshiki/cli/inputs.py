"""Turns the arguments of a command into inputs: pictures, pages, folders, standard input, text files, game IDs, links to them."""

from __future__ import annotations

import codecs
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

import click

from futoshiki import notation
from futoshiki.errors import ArgumentError, FutoshikiError, PuzzleError, UnreadableFileError
from futoshiki.formats import MAX_LEAD, PDF, READABLE, TEXTS, is_own_output, is_pdf, may_have_pages
from futoshiki.puzzle import Puzzle
from futoshiki.result import Result
from futoshiki.text import LINK, page_name, quoted, shown
from futoshiki.values import about, parse_json

STDIN = "-"
"""The argument that stands for standard input."""
MAX_BYTES = 50_000_000
"""Bytes of the longest text file that is read: ten thousand results."""
MAX_STDIN = 500_000_000
"""Bytes that are read from standard input at most, which may be a picture."""
FILE_LINK = re.compile(r"file:(?://(?:localhost)?(?=/))?(?=/)(?:/(?=[a-z]:))?", re.IGNORECASE)
"""What stands before the path in a link to a file; before a drive, one more slash."""
FETCH_IT = "nothing is fetched from the internet; download the picture and give its file, or copy the game ID that the page shows"
"""What to do with an address on the internet."""
MAX_LINES = 100_000
"""Lines of a list at most; each puzzle in it takes memory until the command ends."""


@dataclass(frozen=True)
class Input:
    """One thing to solve: a picture, a text, a result in JSON, or a game ID.

    `name` is its name in messages, or the game ID itself. `path` is its file, if it has one, and `data` the content of a
    text file or of standard input, or one line of it. `page` is its page in a file of several, from 1. `error` is the message
    if there is nothing to solve.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    error: str | None = None
    page: int | None = None

    @property
    def source(self) -> Path | bytes:
        """What to load the picture from."""
        return self.data if self.data is not None else self.path or Path(self.name)

    @property
    def folder(self) -> Path:
        """The folder that the user has named: that of the file, or the current one."""
        return self.path.parent if self.path else Path()

    @property
    def head(self) -> bytes:
        """The first bytes of its content, which tell its format; none if it cannot be looked at without reading it."""
        if self.data is not None:
            return self.data[:MAX_LEAD]
        if self.path is None or not os.path.isfile(self.path):
            return b""
        with suppress(OSError), self.path.open("rb") as file:
            return file.read(MAX_LEAD)
        return b""

    def given(self) -> Puzzle | Result | None:
        """A puzzle, or an earlier result, that needs no reading; None for a picture.

        Raises:
            PuzzleError: a text is neither a puzzle nor a result.
            UnreadableFileError: a file cannot be read, or there is nothing to solve.
        """
        if self.error:
            raise UnreadableFileError(self.error)
        if self.data is None:
            return notation.parse(self.name) if self.path is None else None
        with about(shown(self.name)):
            text = _decoded(self.data)
            if text is None and self.path is not None:
                raise PuzzleError(f"not a text file in UTF-8 of at most {MAX_BYTES // 1_000_000} MB; save it as such")
            return None if text is None else _parsed(text)


def expand(arguments: Iterable[str], *, recursive: bool = False, pages: Sequence[range] = ()) -> Iterator[Input]:
    """The inputs that the arguments stand for: for a folder every picture in it, for a file of several puzzles or pages each.

    `recursive` looks into the folders of a folder, too. Of PDF and TIFF files only the `pages` are taken, if any are given.
    Pictures that this program has drawn are skipped if there are other arguments, because `*.jpg` matches them too.
    """
    arguments = list(arguments)
    own = [argument for argument in arguments if is_own_output(Path(argument))]
    if 0 < len(own) < len(arguments):
        click.echo(f"skipped (output of an earlier run): {', '.join(map(shown, own))}", err=True)
        arguments = [argument for argument in arguments if argument not in own]
    for argument in arguments:
        for item in _named(argument, recursive):
            yield from _pages_of(item, pages)


def _named(argument: str, recursive: bool) -> Iterator[Input]:
    """The inputs that one argument names; a file of several pages is one."""
    if argument == STDIN:
        yield from _standard_input()
    elif os.path.exists(argument):
        yield from _at(Path(argument), argument, recursive)
    elif notation.looks_like_game_id(argument):
        yield Input(argument)
    elif FILE_LINK.match(argument):
        path = unquote(FILE_LINK.sub("", argument), errors="surrogateescape")
        yield from _at(Path(path), path, recursive)
    elif LINK.match(argument):
        yield Input(argument, error=f"{shown(argument)}: {FETCH_IT}")
    else:
        yield from _at(Path(argument), argument, recursive)


def _pages_of(item: Input, chosen: Sequence[range]) -> Iterator[Input]:
    """The chosen pages of an input, each as an input; the input itself if it has one page, or cannot be opened."""
    count, last = 1, max((pages[-1] for pages in chosen), default=1)
    if item.error is None and (last > 1 or may_have_pages(item.head)):
        from futoshiki.documents import page_count
        from futoshiki.picture_file import check_page

        try:
            count = page_count(item.source) if may_have_pages(item.head) else 1
            check_page(last, count, item.name)
        except FutoshikiError as error:
            yield item if not isinstance(error, ArgumentError) else replace(item, error=str(error))
            return
    if count == 1:
        yield item
    else:
        for number in range(1, count + 1):
            if not chosen or any(number in pages for pages in chosen):
                yield replace(item, name=page_name(item.name, number), page=number)


def _at(path: Path, name: str, recursive: bool) -> Iterator[Input]:
    """The inputs at a path: a picture, a folder of pictures, or a text."""
    if os.path.isdir(path):
        pictures = pictures_in(path, recursive=recursive, kinds=(*READABLE, PDF))
        if not pictures:
            yield Input(name, error=f"{shown(name)}: the folder holds no pictures; --recursive looks into its folders, too")
        yield from (Input(str(picture), picture) for picture in pictures)
    elif path.suffix.lower() in TEXTS:
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError) as error:
            yield Input(name, path, error=f"{shown(name)}: {_reason(error)}; give the name of a file")
        else:
            yield from _each_in(data, name, path)
    else:
        yield Input(name, path)


def _reason(error: OSError | ValueError) -> str:
    """Why a file cannot be read, in the words of the system."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _standard_input() -> Iterator[Input]:
    try:
        data = sys.stdin.buffer.read(MAX_STDIN + 1) if sys.stdin else None
    except (OSError, ValueError) as error:
        yield Input("stdin", error=f"standard input: {_reason(error)}; give a file")
        return
    if data is None:
        yield Input("stdin", error="standard input is closed; send a picture or a text to it, or give a file")
    elif len(data) > MAX_STDIN:
        yield Input("stdin", error=f"standard input: more than {MAX_STDIN // 1_000_000} MB; give a file")
    else:
        yield from _each_in(data, "stdin")


def _each_in(data: bytes, name: str, path: Path | None = None) -> Iterator[Input]:
    """One input for each line of a list, otherwise one input.

    A text is a list if any of its lines is a game ID or a puzzle in JSON. Empty lines and those that begin with `#` are
    skipped, and so is what follows ` #` after a game ID.
    """
    text = _decoded(data)
    if text is None or _is_json(text):
        yield Input(name, path, data)
    elif text.count("\n") + text.count("\r") > MAX_LINES:
        yield Input(name, path, error=f"{shown(name)}: more than {MAX_LINES:,} lines; split it into several files")
    elif any(map(_is_item, (lines := _filled_lines(text)).values())):
        for number, line in lines.items():
            where = f"{name}, line {number}"
            stray = f"{shown(where)}: {quoted(line)} found, expected a game ID or an object in JSON; comments begin with #"
            yield Input(where, path, line.encode(), None if _is_item(line) or line.startswith("{") else stray)
    else:
        yield Input(name, path, data)


def _is_json(text: str) -> bool:
    """Whether the whole text is one JSON document."""
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        parse_json(text)
    except PuzzleError:
        return False
    return True


def _filled_lines(text: str) -> dict[int, str]:
    """The lines of a list that are neither empty nor comments, by their numbers."""
    lines = (line.strip() for line in re.split(r"\r\n|\r|\n", text))
    return {k: line if "{" in line else re.split(r"\s#", line)[0] for k, line in enumerate(lines, 1) if line and line[0] != "#"}


def _is_item(line: str) -> bool:
    """Whether a line is a game ID, or a puzzle or a result in JSON."""
    in_json = line.startswith("{") and line.endswith("}") and ('"boards"' in line or '"givens"' in line)
    return in_json or notation.looks_like_game_id(line)


def _decoded(data: bytes) -> str | None:
    """The text in UTF-8, or in UTF-16 with a byte order mark, as PowerShell writes it; None if it is not text, or too long.

    A PDF is not text, even one in ASCII.
    """
    if len(data) > MAX_BYTES or is_pdf(data):
        return None
    try:
        return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def pictures_in(folder: Path, *, recursive: bool = False, kinds: Collection[str] = READABLE) -> list[Path]:
    """Every picture in a folder, by name, except hidden ones and those that this program has drawn.

    `kinds` are the endings of their names. `recursive` looks into its folders, too, but follows no links to folders. A folder
    that cannot be listed stands in the list itself: opening it says why.
    """
    found, folders = list[Path](), [folder]
    while folders:
        current = folders.pop()
        try:
            with os.scandir(current) as listing:
                entries = [entry for entry in listing if not entry.name.startswith(".")]
        except OSError:
            found.append(current)
        else:
            found += [Path(entry.path) for entry in entries if _is_picture(Path(entry.path), kinds)]
            folders += [
                Path(entry.path) for entry in entries if recursive and os.path.isdir(entry.path) and not entry.is_symlink()
            ]
    return sorted(found)


def _is_picture(path: Path, kinds: Collection[str]) -> bool:
    """Whether something in a folder is, by its name, a picture to read; a link to nothing is, so that it is reported."""
    is_file = os.path.isfile(path) or not os.path.exists(path)
    return path.suffix.lower() in kinds and is_file and not is_own_output(path)


def _parsed(text: str) -> Puzzle | Result:
    """The puzzle in a text, or the puzzle or the result of `solve --json` in a JSON text.

    Raises:
        PuzzleError: says where the text is wrong.
    """
    if not text.lstrip().startswith(("{", "[")):
        return notation.parse(re.sub(r"(?m)^[ \t]*#.*$", "", text))
    value = parse_json(text)
    if isinstance(value.raw, list):
        raise PuzzleError("a list in JSON; put each of several puzzles or results on a line of its own")
    return Result.from_dict(value.raw) if "boards" in value.raw else notation.from_dict(value.raw)
