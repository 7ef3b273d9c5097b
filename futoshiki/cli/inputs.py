"""Turns the arguments of a command into inputs: pictures, folders, standard input, text files, game IDs."""

from __future__ import annotations

import codecs
import json
import os
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
"""Endings of files with puzzles as text or JSON."""
OWN_OUTPUT = (".solved", ".hint")
"""What the names of pictures that this program has drawn end with, before the suffix."""
STDIN = "-"
"""The argument that stands for standard input."""


@dataclass(frozen=True)
class Input:
    """One thing to solve: a picture, a text, a result in JSON, or a game ID.

    `name` is its name in messages, or the game ID itself. `path` is its file, if it has one, and `data` its content, if
    that was read already. `error` is the message if there is nothing to solve.
    """

    name: str
    path: Path | None = None
    data: bytes | None = None
    error: str | None = None

    @property
    def source(self) -> Path | bytes:
        """What to load the picture from."""
        return self.data if self.data is not None else self.path or Path(self.name)

    def given(self) -> Puzzle | Result | None:
        """A puzzle, or an earlier result, that needs no reading; None for a picture.

        Raises:
            PuzzleError: a text is neither a puzzle nor a result.
            UnreadableFileError: a file cannot be read, or there is nothing to solve.
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
                raise PuzzleError(f"{self.name}: not a text file in UTF-8")
            return None
        return _from_json(text, self.name) if text.lstrip().startswith(("{", "[")) else notation.parse(text)


def expand(arguments: Iterable[str]) -> Iterator[Input]:
    """The inputs that the arguments stand for: for a folder every picture in it, for a file of several puzzles each of them.

    Pictures that this program has drawn are skipped if there are other arguments, because `*.jpg` matches them too.
    """
    arguments = list(arguments)
    own = [argument for argument in arguments if _is_own_output(Path(argument))]
    if 0 < len(own) < len(arguments):
        click.echo(f"skipped (output of an earlier run): {', '.join(own)}", err=True)
        arguments = [argument for argument in arguments if argument not in own]
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
    """One input for each line of a text if all lines are game IDs or all are JSON objects, otherwise one input."""
    text = None if data is None else _decoded(data)
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    if len(lines) > 1 and all(map(notation.looks_like_game_id, lines)):
        yield from (Input(line) for line in lines)
    elif len(lines) > 1 and all(line.startswith("{") and line.endswith("}") for line in lines):
        yield from (Input(f"{name}, line {k}", path, line.encode()) for k, line in enumerate(lines, 1))
    else:
        yield Input(name, path, data)


def _decoded(data: bytes) -> str | None:
    """The text in UTF-8, or in UTF-16 with a byte order mark, as PowerShell writes it; None if it is not text."""
    try:
        return data.decode("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def _content(path: str) -> bytes | None:
    """The content of a file, or None if it cannot be read, which is reported later."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return None


def _is_own_output(path: Path) -> bool:
    """Whether a file is, by its name, a picture that this program has drawn."""
    return path.stem.endswith(OWN_OUTPUT) and path.suffix.lower() in READABLE


def pictures_in(folder: Path) -> list[Path]:
    """Every picture in a folder, by name, except those that this program has drawn."""
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in READABLE and not _is_own_output(p))


def _pictures(folder: Path) -> Iterator[Input]:
    try:
        pictures = pictures_in(folder)
    except OSError as error:
        yield Input(str(folder), error=f"{folder}: {error.strerror}")
        return
    if not pictures:
        yield Input(str(folder), error=f"{folder}: the folder holds no pictures")
    yield from (Input(str(path), path=path) for path in pictures)


def _from_json(text: str, name: str) -> Puzzle | Result:
    """A puzzle in JSON, from a truth file for instance, or a result of `solve --json`."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise PuzzleError(f"{name}: broken JSON ({error}); put each of several results on its own line") from error
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
