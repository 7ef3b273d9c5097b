"""What the arguments of a command stand for: pictures, folders, standard input, texts, game IDs."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from futoshiki import notation
from futoshiki.errors import PuzzleError, UnreadableFileError
from futoshiki.formats import READABLE
from futoshiki.puzzle import Puzzle
from futoshiki.result import Result

RESULTS = (".json", ".jsonl")
TEXTS = (".txt", *RESULTS, ".fut")
OURS = (".solved", ".hint")
"""Ends of the names of pictures that this program has drawn."""
STDIN = "-"


@dataclass(frozen=True)
class Input:
    """One thing to solve: `name` as the user wrote it, `path` if it is a file, `data` from standard input.

    `error` is set where the argument stands for nothing that could be solved.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    error: str | None = None

    @property
    def source(self) -> Path | bytes:
        """What a picture is loaded from."""
        return self.data if self.data is not None else self.path or Path(self.name)

    @property
    def is_picture(self) -> bool:
        """Whether this holds a picture rather than a text or a result."""
        try:
            return self.given() is None
        except (PuzzleError, UnreadableFileError):
            return False

    def given(self) -> Puzzle | Result | None:
        """What needs no reading: a puzzle as text, or an earlier result, edited perhaps; None for a picture.

        Raises:
            PuzzleError: a text that is no puzzle.
            UnreadableFileError: a file that cannot be read.
        """
        if self.error:
            raise UnreadableFileError(self.error)
        if self.path is None and self.data is None:
            return notation.parse(self.name)
        if self.path is not None and self.path.suffix.lower() not in TEXTS:
            return None
        try:
            data = self.data if self.data is not None else self.path.read_bytes() if self.path else b""
        except OSError as error:
            raise UnreadableFileError(f"{self.name}: {error.strerror}") from error
        text = _decoded(data)
        if text is None:
            if self.path is not None:
                raise PuzzleError(f"{self.name}: not a text in UTF-8")
            return None
        return _from_json(text, self.name) if text.lstrip().startswith(("{", "[")) else notation.parse(text)


def expand(arguments: Iterable[str]) -> Iterator[Input]:
    """The inputs that the arguments name; a folder stands for every picture in it, and so may a text for its lines.

    Pictures that this program has drawn are left out beside others, for `*.jpg` names them too.
    """
    arguments = list(arguments)
    ours = [argument for argument in arguments if _is_ours(Path(argument))]
    if 0 < len(ours) < len(arguments):
        click.echo(f"left out, for this program has drawn them: {', '.join(ours)}", err=True)
        arguments = [argument for argument in arguments if argument not in ours]
    for argument in arguments:
        if argument == STDIN:
            yield from _each_in(sys.stdin.buffer.read(), "stdin")
        elif os.path.isdir(argument):
            yield from _pictures(Path(argument))
        elif notation.looks_like_game_id(argument) and not os.path.exists(argument):
            yield Input(argument)
        elif argument.lower().endswith(TEXTS):
            yield from _each_in(_content(argument), argument, Path(argument))
        else:
            yield Input(argument, path=Path(argument))


def _each_in(data: bytes | None, name: str, path: Path | None = None) -> Iterator[Input]:
    """One input, or where every line of a text is a game ID or a JSON object of its own, one for each."""
    text = None if data is None else _decoded(data)
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if len(lines) > 1 and all(re.match(r"\d+(d[a-z])?:", line) for line in lines):
        yield from (Input(line) for line in lines)
    elif len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines):
        yield from (Input(f"{name}, line {k}", path, line.encode()) for k, line in enumerate(lines, 1))
    else:
        yield Input(name, path, data)


def _decoded(data: bytes) -> str | None:
    """The text in UTF-8, or in UTF-16 (as PowerShell redirects it) where it says so; None where it is none."""
    try:
        return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def _content(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None


def _is_ours(path: Path) -> bool:
    """Whether a picture's name says that this program has drawn it."""
    return path.stem.endswith(OURS) and path.suffix.lower() in READABLE


def pictures_in(folder: Path) -> list[Path]:
    """Every picture in a folder but those that this program has drawn, by name."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in READABLE and not _is_ours(p))


def _pictures(folder: Path) -> Iterator[Input]:
    try:
        pictures = pictures_in(folder)
    except OSError as error:
        yield Input(str(folder), error=f"{folder}: {error.strerror}")
        return
    if not pictures:
        yield Input(str(folder), error=f"{folder}: a folder without pictures")
    yield from (Input(str(path), path=path) for path in pictures)


def _from_json(text: str, name: str) -> Puzzle | Result:
    """A puzzle from its own JSON or a truth file, or a result of `solve --json`."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise PuzzleError(f"{name}: broken JSON ({error}); of several results each stands on a line of its own") from error
    if isinstance(data, dict) and isinstance(data.get("boards"), list):
        try:
            return Result.from_dict(data)
        except PuzzleError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise PuzzleError(f"{name}: not a result of `futoshiki solve --json` ({type(error).__name__}: {error})") from error
    if not isinstance(data, dict):
        raise PuzzleError(f"{name}: expected a JSON object with size, givens and less")
    return notation.from_dict(data)
