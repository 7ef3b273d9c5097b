"""The files that ship with the package: models, samples, and the schema of results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from futoshiki.errors import MissingPartError

_HERE = Path(__file__).resolve().parent
RESULT_SCHEMA = _HERE / "result.schema.json"
"""JSON Schema (2020-12) of what `Result.to_dict` gives. The description of the HTTP API is made from it."""


def folder(name: str) -> Path:
    """`models` or `samples`: inside the installed package, or at the top of a checkout.

    Raises:
        MissingPartError: the folder is missing.
    """
    for place in (_HERE / name, _HERE.parent / name):
        if place.is_dir():
            return place
    raise MissingPartError(f"the folder {name!r} of this package is missing: install futoshiki again")


def result_schema() -> dict[str, Any]:
    """What `RESULT_SCHEMA` holds."""
    return dict(json.loads(RESULT_SCHEMA.read_text(encoding="utf-8")))
