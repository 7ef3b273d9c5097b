"""Recipes: everything that decides what becomes of a network, in a file, so that anyone can make its weights again.

A recipe is a TOML file: the network, the weights that it begins with, the photos, and the regime. Those of the networks that
ship are in `recipes/`.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from futoshiki.errors import TrainingError
from futoshiki.networks.shipped import trained_network
from futoshiki.resources import folder
from futoshiki.text import shown
from futoshiki.training.architecture import SHIPPED, Architecture
from futoshiki.training.clues import train_clues
from futoshiki.training.data import Photos
from futoshiki.training.distill import Distillation
from futoshiki.training.engine import refuse_existing
from futoshiki.training.grid import grid_loss, train_grid
from futoshiki.training.photo_plan import PhotoPlan
from futoshiki.training.photo_stream import photo_stream
from futoshiki.training.regime import Regime, Run
from futoshiki.training.synth.sample import Mix
from futoshiki.training.text import train_text

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parent / "recipes"
LEAST_MINUTES = 0.1
"""Minutes that are left for training if making the first photos took all of them: there is an epoch in any case."""


@dataclass(frozen=True)
class Recipe:
    """How the weights of a network are made.

    `network` is "grid", "clues" or "text", `items` the number of views or boards in an epoch. `weights` are those that it
    begins with: "shipped", for the grid network also "imagenet", a safetensors file, or None for random ones. `teacher` is the
    run or the ONNX file of a grid network to learn from, too. A change of any of this makes another `version`.
    """

    name: str
    version: int
    network: str
    photos: PhotoPlan
    regime: Regime
    items: int
    weights: str | None = None
    teacher: str | None = None

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
    if recipe.network not in TRAINERS:
        raise ValueError(f"there is no network {recipe.network!r}, only {', '.join(TRAINERS)}")
    return recipe


def follow(
    recipe: Recipe, output: Path, *, minutes: float | None = None, device: str = "auto", workers: int = 1, resume: bool = False,
    photos: Path | None = None, scans: Path | None = None,
) -> Path:  # fmt: skip
    """Make the weights of a recipe; returns the path of the best ones. With `minutes`, training ends in time.

    `workers` processes make photos, and as many make views of them. The photos lie in a folder of their own while the run
    lasts, or in `photos`, where they stay. `device` is one that Fabric knows; `scans` are scanned digits for the photos.

    Raises:
        RunExistsError: the output folder holds a run, or one that cannot be resumed.
        MissingPartError: the weights to begin with are missing.
    """
    run = Run(output, recipe.regime, resume, workers, device=device, recipe=recipe.title)
    refuse_existing(run)
    began, made = time.perf_counter(), photos or output / "photos"
    with photo_stream(made, recipe.photos, recipe.items, workers=workers, kept=photos is not None, scans=scans) as stream:
        stream.held_out()
        if minutes is not None:  # the first photos have taken some of them
            left = max(minutes - (time.perf_counter() - began) / 60, LEAST_MINUTES)
            run = replace(run, regime=replace(recipe.regime, minutes=left))
        best = TRAINERS[recipe.network](recipe, stream, run)
    if photos is None:
        shutil.rmtree(made, ignore_errors=True)
    return best


def _train_grid(recipe: Recipe, photos: Photos, run: Run) -> Path:
    loss = Distillation(trained_network(Path(recipe.teacher))) if recipe.teacher else grid_loss
    return train_grid(photos, run, Architecture(weights=recipe.weights), loss=loss)


def _train_clues(recipe: Recipe, photos: Photos, run: Run) -> Path:
    first = folder("models") / "clues.safetensors" if recipe.weights == SHIPPED else recipe.weights
    return train_clues(photos, run, weights=Path(first) if first else None)


def _train_text(_recipe: Recipe, photos: Photos, run: Run) -> Path:
    return train_text(photos, run)


TRAINERS: dict[str, Callable[[Recipe, Photos, Run], Path]] = {"grid": _train_grid, "clues": _train_clues, "text": _train_text}
"""What trains each network."""
