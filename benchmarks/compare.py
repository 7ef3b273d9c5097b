"""Compare two sets of results, to see what a change does to answers that were the same before.

usage: futoshiki solve --json FOLDER ... > before.jsonl      (and the same with the other version)
       python benchmarks/compare.py before.jsonl after.jsonl [--pixels 0.5]

Prints one line for each difference in status, boards, givens, signs, solution, entries or doubts, and for corners that lie
further apart than so many pixels. Exits with 1 if there is any.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

FIELDS = ("status", "size", "givens", "less", "solution", "solutions", "complete", "cut", "entries")


def results(path: Path) -> dict[str, dict[str, Any]]:
    """The results of a file by the name of their picture and its folder."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return {"/".join(Path(line["source"]).parts[-2:]): line for line in lines}


def differences(before: dict[str, Any], after: dict[str, Any], pixels: float) -> Iterator[str]:
    """What differs between two results of one picture, in words."""
    if before["status"] != after["status"]:
        yield f"status {before['status']} -> {after['status']}"
    if len(before["boards"]) != len(after["boards"]):
        yield f"{len(before['boards'])} -> {len(after['boards'])} boards"
    for number, (one, other) in enumerate(zip(before["boards"], after["boards"], strict=False), 1):
        changed = [field for field in FIELDS if one[field] != other[field]]
        if _places(one) != _places(other):
            changed.append("doubts")
        if changed:
            yield f"board {number}: {', '.join(changed)}"
        if one["corners"] and one["size"] == other["size"]:
            apart = float(np.abs(np.subtract(one["corners"], other["corners"])).max())
            if apart > pixels:
                yield f"board {number}: corners {apart:.2f} pixels apart"


def _places(board: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The doubts of a board without their probabilities, in the order of places."""
    return sorted((str(d.get("cell") or d.get("sign")), d["read"], d["instead"], d["corrected"]) for d in board["doubts"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare two sets of results.")
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--pixels", type=float, default=0.5, help="largest distance of two corners that counts as none")
    arguments = parser.parse_args()
    before, after = results(arguments.before), results(arguments.after)
    count = 0
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            found = [f"only in {(arguments.before if name in before else arguments.after).name}"]
        else:
            found = list(differences(before[name], after[name], arguments.pixels))
        for difference in found:
            print(f"{name}: {difference}")
        count += bool(found)
    print(f"{len(before)} and {len(after)} pictures, {count} with a difference")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
