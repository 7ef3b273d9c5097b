"""Truth files: what a picture shows, as NAME.json beside the picture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from futoshiki.errors import PuzzleError
from futoshiki.formats import READABLE

Truth = dict[str, Any]
"""`size`, `givens` as [r, c, value], `less`; and where known `solution`, `corners`, `cells`, `kind`, `level`, `negative`."""


def truth_pairs(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each picture of a folder with the truth beside it; of several with one name, the first in the order of `READABLE`.

    Raises:
        PuzzleError: a truth file is not a JSON object.
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
        truth = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PuzzleError(f"{path}: not a truth file ({error}); repair it, or move it elsewhere") from error
    if not isinstance(truth, dict):
        raise PuzzleError(f"{path}: not a truth file, which holds a JSON object; repair it, or move it elsewhere")
    return truth


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
