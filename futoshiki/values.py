"""Values from JSON, checked where they come in: each knows the path of its field, and every error names it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from futoshiki.errors import PuzzleError
from futoshiki.text import quoted

MAX_FIELD = 10_000
"""Length of the longest text in a field; a game ID of the largest size has 1,600 characters, a path up to 4,096."""
MAX_JSON = 5_000_000
"""Characters of the longest JSON text that is parsed, which takes twenty times that memory; a hundred boards take 2,000,000."""
PRINTED = 1e15
"""Numbers from here on are not printed in messages."""


@contextmanager
def about(name: str) -> Iterator[None]:
    """Puts a name before the message of an error that the block raises.

    Raises:
        PuzzleError: the block has raised one.
    """
    try:
        yield
    except PuzzleError as error:
        raise PuzzleError(f"{name}: {error}" if name else str(error)) from error


def parse_json(text: str) -> Value:
    """The value that a JSON text holds.

    Raises:
        PuzzleError: says where the text is broken.
    """
    if len(text) > MAX_JSON:
        raise PuzzleError(f"a JSON text of {len(text):,} characters: a result has at most {MAX_JSON:,}; give less at once")
    try:
        return Value(json.loads(text))
    except RecursionError as error:
        raise PuzzleError("broken JSON (lists or objects nested too deeply); write it again") from error
    except json.JSONDecodeError as error:
        raise PuzzleError(f"broken JSON (line {error.lineno}, column {error.colno}: {error.msg})") from error
    except ValueError as error:
        raise PuzzleError("broken JSON (a number with thousands of digits); write it again") from error


@dataclass(frozen=True)
class Value:
    """A value from JSON and the path of its field, such as `boards[0].size`.

    Each method raises PuzzleError if the value is not what it returns.
    """

    raw: Any
    path: str = ""

    def wrong(self, expected: str) -> PuzzleError:
        """The error to raise for this value."""
        return PuzzleError(f"{self.path}: {self._described} found, expected {expected}".removeprefix(": "))

    @property
    def _described(self) -> str:
        if self.raw is None or isinstance(self.raw, bool):
            return {None: "null", True: "true", False: "false"}[self.raw]
        if isinstance(self.raw, str):
            return quoted(self.raw)
        if isinstance(self.raw, int | float):
            return str(self.raw) if abs(self.raw) < PRINTED or isinstance(self.raw, float) else "a huge number"
        if isinstance(self.raw, list | tuple):
            return f"a list of {len(self.raw)}"
        return "an object" if isinstance(self.raw, Mapping) else f"a {type(self.raw).__name__}"

    def fields(self) -> dict[str, Value]:
        """The fields of an object."""
        if not isinstance(self.raw, Mapping) or not all(isinstance(key, str) for key in self.raw):
            raise self.wrong("an object")
        return {key: Value(value, f"{self.path}.{key}".removeprefix(".")) for key, value in self.raw.items()}

    def field(self, key: str) -> Value:
        """The field of that name of an object."""
        found = self.fields().get(key)
        if found is None:
            raise PuzzleError(f"{self.path}: `{key}` is missing".removeprefix(": "))
        return found

    def items(self, *, at_most: int) -> list[Value]:
        """The items of a list."""
        if not isinstance(self.raw, list | tuple):
            raise self.wrong("a list")
        if len(self.raw) > at_most:
            raise self.wrong(f"at most {at_most}")
        return [Value(item, f"{self.path}[{k}]") for k, item in enumerate(self.raw)]

    def several(self, count: int, what: str) -> list[Value]:
        """The items of a list of that length; `what` says in messages what they are."""
        if not isinstance(self.raw, list | tuple) or len(self.raw) != count:
            raise self.wrong(what)
        return self.items(at_most=count)

    def whole(self, least: int, most: int) -> int:
        """A whole number in that range."""
        return int(self._within(least, most, f"a whole number from {least} to {most}", whole=True))

    def number(self, least: float, most: float) -> float:
        """A number in that range."""
        return float(self._within(least, most, f"a number from {least:,} to {most:,}"))

    def _within(self, least: float, most: float, expected: str, *, whole: bool = False) -> float:
        value = self.raw
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.wrong(expected)
        if whole and value != int(value):
            raise self.wrong(expected)
        return value

    def flag(self) -> bool:
        """True or false."""
        if not isinstance(self.raw, bool):
            raise self.wrong("true or false")
        return self.raw

    def text(self) -> str:
        """A text that can be a file's name: without NUL, and with no other halves of surrogate pairs than such names have."""
        if not isinstance(self.raw, str) or len(self.raw) > MAX_FIELD:
            raise self.wrong(f"a text of at most {MAX_FIELD} characters")
        try:
            self.raw.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError as error:
            raise self.wrong("a text that UTF-8 can hold") from error
        if "\0" in self.raw:
            raise self.wrong("a text without NUL")
        return self.raw

    def one_of(self, options: Sequence[str]) -> str:
        """One of these texts."""
        if not isinstance(self.raw, str) or self.raw not in options:
            raise self.wrong(" or ".join((", ".join(options[:-1]), options[-1])) if len(options) > 1 else options[0])
        return self.raw
