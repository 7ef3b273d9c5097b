"""Recipes: everything that decides what becomes of a network, in a file, so that anyone can make its weights again.

A recipe is a TOML file: the network, the weights that it begins with, the photos, and the regime. Those of the networks that
ship are in `recipes/`. Reading one needs no torch, so that its faults are told at once.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from futoshiki.errors import TrainingError
from futoshiki.text import shown
from futoshiki.training.photo_plan import PhotoPlan
from futoshiki.training.regime import Regime
from futoshiki.training.synth.sample import Mix

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parent / "recipes"
"""Where the package's recipes lie."""
NETWORKS = ("grid", "clues", "text")
"""The networks that recipes make."""


@dataclass(frozen=True)
class Recipe:
    """How the weights of a network are made.

    `network` is "grid", "clues" or "text", `items` the number of views or boards in an epoch. `weights` are those that it
    begins with: "shipped", for the grid network also "imagenet", a safetensors file, or None for random ones. `teacher` is the
    run or the ONNX file of a grid network to learn from, too. `anchor` are the weights of which the regime's `first_share` is
    kept, "shipped" or a safetensors file; None for those that it begins with. A change of any of this makes another `version`.
    """

    name: str
    version: int
    network: str
    photos: PhotoPlan
    regime: Regime
    items: int
    weights: str | None = None
    teacher: str | None = None
    anchor: str | None = None

    @property
    def title(self) -> str:
        """Name and version, for the card."""
        return f"{self.name} {self.version}"


def recipe_names() -> list[str]:
    """The names of the recipes in the package."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def read_recipe(name: str) -> Recipe:
    """The recipe of that name in the package, or the one in a file.

    Raises:
        TrainingError: there is none, or the file is not a recipe.
    """
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise TrainingError(f"no recipe {shown(name)}: give a file NAME.toml, or one of {', '.join(recipe_names())}")
    try:
        return _recipe(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise TrainingError(f"{shown(str(path))} is not a recipe ({error}); compare it with {FOLDER / 'clues.toml'}") from error


def _recipe(name: str, table: Mapping[str, Any]) -> Recipe:
    regime = dict(table["regime"])
    items = int(regime.pop("items"))
    falling = Regime.falling(int(regime.pop("epochs")), float(regime.pop("rate")), int(regime.pop("batch")))
    photos = {**table["photos"], "mix": Mix(**table["photos"].get("mix", {}))}
    rest = {key: value for key, value in table.items() if key not in ("photos", "regime")}
    recipe = Recipe(name, photos=PhotoPlan(**photos), regime=replace(falling, **regime), items=items, **rest)
    if recipe.network not in NETWORKS:
        raise ValueError(f"there is no network {recipe.network!r}, only {', '.join(NETWORKS)}")
    return recipe
