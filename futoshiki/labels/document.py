"""The text of a label file, and the JSON in it, whatever was done to it: decoded, and each part with its line."""

from __future__ import annotations

import codecs
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from futoshiki.errors import LabelError
from futoshiki.text import shortened, shown

LARGEST = 200_000_000
"""Bytes above which a label file is not read."""
MOST_MEMORY = 500_000_000
"""Bytes that the content of a label file may take once it is decoded."""
JSON_BYTES = {"{": 240, "[": 60, ",": 40, '"': 25}
CSV_BYTES = {"\n": 800, "\r": 800}
"""About how many bytes each of these characters stands for."""
MOST_DIGITS = 18
"""Digits of the longest whole numbers that are kept exact; longer ones become floats, which may be infinite."""
LEVELS = 4
"""Levels of a document that are searched for the place of a fault: from the file down to one region."""
BETWEEN = re.compile(r"[\s,:]*")
"""What stands between two values of a JSON text that is known to be sound."""


class BrokenJsonError(ValueError):
    """A text is not sound JSON; `place` is the index of the character where it is not."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(reason)
        self.place = place


class _RepeatedKeyError(ValueError):
    """An object has one key twice, so that one of two values would be lost."""


def read_text(path: Path) -> str:
    """The text of a file in UTF-8, in UTF-16 with a byte order mark, or else in Latin-1, as spreadsheets write it.

    Raises:
        LabelError: it cannot be read, or is larger than `LARGEST`.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > LARGEST or len(data := file.read(LARGEST + 1)) > LARGEST:
                raise LabelError(shown(f"{path}: larger than {LARGEST // 1_000_000} MB; split it into several files"))
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LabelError(shown(f"{path}: cannot be read ({reason}); give CSV or JSON from VIA 2, or COCO")) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def memory_of(text: str, bytes_of: dict[str, int]) -> int:
    """About how many bytes the content of a text takes once it is decoded."""
    return sum(size * text.count(character) for character, size in bytes_of.items())


def load_json(text: str) -> Any:
    """What a JSON text holds. Its numbers may be NaN or infinite.

    Raises:
        BrokenJsonError: it is not sound, nested too deeply, or an object has one key twice.
    """
    try:
        return STRICT.decode(text)
    except json.JSONDecodeError as error:
        raise BrokenJsonError(error.msg, error.pos) from error
    except _RepeatedKeyError as error:
        raise BrokenJsonError(str(error), _repeated(text)) from error
    except RecursionError as error:
        raise BrokenJsonError("nested too deeply", 0) from error


def line_and_column(text: str, place: int) -> tuple[int, int]:
    """The line and the column, both 1-based, of the character with that index."""
    return text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place)


def lines_of(text: str, key: str | None = None) -> list[int]:
    """The line (1-based) of each member of the array or object that a JSON object holds under `key`, or of that object itself.

    The text must be sound.
    """
    start = _after(text, 0)
    if key is not None:
        start = next(value for name, _, value in _members(text, start) if name == key)
    lines, line, before = [], 1, 0
    for _, place, _ in _members(text, start):
        line += text.count("\n", before, place)
        before = place
        lines.append(line)
    return lines


def _members(text: str, start: int) -> Iterator[tuple[str | None, int, int]]:
    """The key, the place and the place of the value of each member of the array or object that begins at `start`."""
    in_object = text[start] == "{"
    place = _after(text, start + 1)
    while text[place] not in "}]":
        key, value = None, place
        if in_object:
            key, end = LENIENT.raw_decode(text, place)
            value = _after(text, end)
        yield key, place, value
        place = _after(text, LENIENT.raw_decode(text, value)[1])


def _after(text: str, place: int) -> int:
    found = BETWEEN.match(text, place)
    return found.end() if found else place


def _repeated(text: str) -> int:
    """The place of the object that has one key twice, or that of what holds it `LEVELS` deep."""
    place = _after(text, 0)
    for _ in range(LEVELS):
        inner = (value for _, _, value in _members(text, place) if text[value] in "{[" and _repeats(text, value))
        place = next(inner, place)
    return place


def _repeats(text: str, place: int) -> bool:
    try:
        STRICT.raw_decode(text, place)
    except _RepeatedKeyError:
        return True
    return False


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= MOST_DIGITS else float(digits)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeated = Counter(key for key, _ in pairs).most_common(1)[0][0]
    raise _RepeatedKeyError(f"the key {shortened(repeated)} twice in one object")


STRICT = json.JSONDecoder(parse_int=_integer, object_pairs_hook=_unique)
LENIENT = json.JSONDecoder(parse_int=_integer)
"""Decoders that refuse one key twice in an object, and that do not look."""
