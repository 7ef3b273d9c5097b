"""Where the files that travel with the package lie: models and samples."""

from __future__ import annotations

from pathlib import Path

from futoshiki.errors import MissingPartError

_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """`models` or `samples`: inside the installed package, or at the top of a checkout.

    Raises:
        MissingPartError: it is in neither place.
    """
    for place in (_HERE / name, _HERE.parent / name):
        if place.is_dir():
            return place
    raise MissingPartError(f"the folder {name!r} is missing: install futoshiki again")
