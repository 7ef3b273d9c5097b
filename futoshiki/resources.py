"""Where the files that ship with the package are: models and samples."""

from __future__ import annotations

from pathlib import Path

from futoshiki.errors import MissingPartError

_HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """`models` or `samples`: inside the installed package, or at the top of a checkout.

    Raises:
        MissingPartError: the folder is missing.
    """
    for place in (_HERE / name, _HERE.parent / name):
        if place.is_dir():
            return place
    raise MissingPartError(f"the folder {name!r} of this package is missing: install futoshiki again")
