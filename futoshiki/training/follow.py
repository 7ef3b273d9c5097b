"""Following a recipe: photos are made and a network is trained on them, until its weights are there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from futoshiki.errors import MissingPartError
from futoshiki.networks.shipped import trained_network
from futoshiki.resources import folder
from futoshiki.training.architecture import IMAGENET, SHIPPED, Architecture
from futoshiki.training.clues import train_clues
from futoshiki.training.data import Photos
from futoshiki.training.distill import Distillation
from futoshiki.training.engine import refuse_existing
from futoshiki.training.grid import grid_loss, train_grid
from futoshiki.training.photo_stream import photo_stream
from futoshiki.training.recipe import Recipe
from futoshiki.training.regime import Run
from futoshiki.training.text import train_text

LEAST_MINUTES = 0.1
"""Minutes that are left for training if making the first photos took all of them: there is an epoch in any case."""


def follow(
    recipe: Recipe, output: Path, *, minutes: float | None = None, device: str = "auto", workers: int = 1, resume: bool = False,
    photos: Path | None = None, scans: Path | None = None, sudoku: Path | None = None,
) -> Path:  # fmt: skip
    """Make the weights of a recipe; returns the path of the best ones. With `minutes`, training ends in time.

    `workers` processes make photos, and as many make views of them. The photos lie in a folder of their own while the run
    lasts, or in `photos`, where they stay. `device` is one that Fabric knows; `scans` are scanned digits for the photos, and
    `sudoku` real photos of sudokus, for the clue network.

    Raises:
        RunExistsError: the output folder holds a run, or one that cannot be resumed.
        MissingPartError: a file that the recipe begins with is missing.
    """
    refuse_missing(recipe)
    anchor = _weights_file(recipe, recipe.anchor)
    run = Run(output, recipe.regime, resume, workers, device=device, recipe=recipe.title, anchor=anchor)
    refuse_existing(run)
    began, made = time.perf_counter(), photos or output / "photos"
    with photo_stream(made, recipe.photos, recipe.items, workers=workers, kept=photos is not None, scans=scans) as stream:
        stream.held_out()
        if minutes is not None:  # the first photos have taken some of them
            left = max(minutes - (time.perf_counter() - began) / 60, LEAST_MINUTES)
            run = replace(run, regime=replace(recipe.regime, minutes=left))
        best = TRAINERS[recipe.network](recipe, stream, run, sudoku)
    if photos is None:
        shutil.rmtree(made, ignore_errors=True)
    return best


def refuse_missing(recipe: Recipe) -> None:
    """Raise MissingPartError if a file that a recipe begins with is missing: the photos, which come first, take long."""
    teacher = Path(recipe.teacher) if recipe.teacher else None
    for path in (_weights_file(recipe, recipe.weights), _weights_file(recipe, recipe.anchor), teacher):
        if path and not path.exists():
            remedy = "shipped weights are in the repository, not in the installed package"
            raise MissingPartError(f"{path} is missing, with which the recipe {recipe.name} begins; {remedy}")


def _weights_file(recipe: Recipe, name: str | None) -> Path | None:
    """The file of weights that a recipe names, if it names one."""
    if name in (None, IMAGENET):
        return None
    return folder("models") / f"{recipe.network}.safetensors" if name == SHIPPED else Path(name)


def _train_grid(recipe: Recipe, photos: Photos, run: Run, _sudoku: Path | None) -> Path:
    loss = Distillation(trained_network(Path(recipe.teacher))) if recipe.teacher else grid_loss
    return train_grid(photos, run, Architecture(weights=recipe.weights), loss=loss)


def _train_clues(recipe: Recipe, photos: Photos, run: Run, sudoku: Path | None) -> Path:
    return train_clues(photos, run, sudoku=sudoku, weights=_weights_file(recipe, recipe.weights))


def _train_text(recipe: Recipe, photos: Photos, run: Run, _sudoku: Path | None) -> Path:
    return train_text(photos, run, weights=_weights_file(recipe, recipe.weights))


Trainer = Callable[[Recipe, Photos, Run, Path | None], Path]
TRAINERS: dict[str, Trainer] = {"grid": _train_grid, "clues": _train_clues, "text": _train_text}
"""What trains each network."""
