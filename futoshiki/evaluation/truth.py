"""Truth files: what a picture shows, as NAME.json beside the picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from futoshiki.errors import PuzzleError
from futoshiki.formats import READABLE
from futoshiki.notation import digits_in
from futoshiki.puzzle import MAX_SIZE, MIN_SIZE
from futoshiki.text import shown
from futoshiki.values import Value, parse_json

FARTHEST = 1e6
"""Largest coordinate of a point in pixels."""
Truth = dict[str, Any]
"""`size`, `givens` as [r, c, value], `less`; and where known `solution`, `corners`, `cells`, `kind`, `level`, `negative`."""


def truth_pairs(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each picture of a folder with the truth beside it; of several with one name, the first in the order of `READABLE`.

    Raises:
        PuzzleError: a truth file is broken.
    """
    pictures: dict[str, Path] = {}
    for path in sorted(folder.iterdir(), key=lambda path: (_kind(path), path)):
        if _kind(path) < len(READABLE):
            pictures.setdefault(path.stem, path)
    for path in sorted(folder.glob("*.json")):
        if path.stem in pictures:
            yield pictures[path.stem], _truth(path)


def _kind(path: Path) -> int:
    """The index of a file's ending among those of pictures; other files come after all of them."""
    suffix = path.suffix.lower()
    return READABLE.index(suffix) if suffix in READABLE else len(READABLE)


def _truth(path: Path) -> dict[str, Any]:
    try:
        truth = parse_json(path.read_text(encoding="utf-8"))
        _check(truth)
    except (OSError, ValueError) as error:
        raise PuzzleError(f"{shown(path)}: not a truth file ({error}); repair it, or move it elsewhere") from error
    return dict(truth.raw)


def _check(truth: Value) -> None:
    """Refuse a truth whose fields do not have the shapes that scoring needs; one of a picture without a puzzle has none.

    Raises:
        PuzzleError: names the field.
    """
    fields = truth.fields()
    if not fields.get("size") or not fields["size"].raw or fields.get("negative", Value(None)).raw:
        return
    size = fields["size"].whole(MIN_SIZE, MAX_SIZE)
    for name in ("givens", "printed_givens"):
        if name == "givens" or (name in fields and fields[name].raw is not None):
            digits_in(truth.field(name), size, least=1)
    for sign in truth.field("less").items(at_most=2 * size * size):
        for number in sign.several(4, "two cells, four numbers"):
            number.whole(0, size - 1)
    if "solution" in fields and fields["solution"].raw:
        for row in fields["solution"].several(size, f"{size} rows"):
            for value in row.several(size, f"{size} values"):
                value.whole(1, size)
    _check_points(fields, "corners", (4,))
    _check_points(fields, "cells", (size, size))


def _check_points(fields: dict[str, Value], name: str, shape: tuple[int, ...]) -> None:
    """Refuse a field that is there and does not hold points in lists of these lengths."""
    values = [fields[name]] if name in fields and fields[name].raw else []
    for length in (*shape, 2):
        values = [item for value in values for item in value.several(length, f"a list of {length}")]
    for value in values:
        value.number(-FARTHEST, FARTHEST)


def turned(truth: dict[str, Any]) -> dict[str, Any]:
    """The same truth a quarter turn later."""
    last = truth["size"] - 1
    other = {
        **truth,
        "givens": [[c, last - r, v] for r, c, v in truth["givens"]],
        "less": [[b, last - a, d, last - c] for a, b, c, d in truth["less"]],
    }
    if truth.get("printed_givens") is not None:
        other["printed_givens"] = [[c, last - r, v] for r, c, v in truth["printed_givens"]]
    if truth.get("solution"):
        other["solution"] = [list(row) for row in zip(*truth["solution"][::-1], strict=True)]
    if truth.get("corners"):
        other["corners"] = [truth["corners"][3], *truth["corners"][:3]]
    if truth.get("cells"):
        other["cells"] = [list(row) for row in zip(*truth["cells"][::-1], strict=True)]
    return other
