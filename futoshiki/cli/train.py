"""`futoshiki train`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from futoshiki.cli.options import CATEGORIES, GUESSES, PICTURES, STORED
from futoshiki.training.architecture import DEFAULT_ENCODER, IMAGENET, SHIPPED, Architecture

if TYPE_CHECKING:
    from futoshiki.labels import LabelledPicture

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
DATA = click.option("--data", type=FOLDER, required=True, help="A folder made by `futoshiki synth`.")
OUTPUT = click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The run's folder.")
EPOCHS = click.option("--epochs", default=40, show_default=True)
RATE = click.option("--rate", default=5e-4, show_default=True, help="Learning rate; a tenth of it in the last quarter.")
RESUME = click.option("--resume", is_flag=True, help="Continue the run in the output folder.")
SEED = click.option("--seed", default=0, show_default=True)
KEEP = click.option(
    "--keep-optimizer",
    is_flag=True,
    help="Keep what a finished run needs to be resumed with more epochs: four times the weights.",
)
WORKERS = click.option("--workers", default=1, show_default=True, help="Processes that prepare pictures.")
ARCH = click.option("--arch", default="Unet", show_default=True, help="Any architecture of segmentation-models-pytorch.")
ENCODER = click.option("--encoder", default=DEFAULT_ENCODER, show_default=True, help="Any encoder of that package.")
NONE = "none"
START = click.option(
    "--weights", default=IMAGENET, show_default=True, help=f"{IMAGENET}, {SHIPPED}, {NONE}, or a safetensors file."
)
SUDOKU = click.option(
    "--sudoku", type=FOLDER, help="A folder of real sudoku photos with ground truth, for real digits in the clue network."
)
LEAST_VALIDATED, MOST_HELD_OUT = 0.05, 0.9
"""Least share of the pictures that validates, and largest share that validates or is for the test."""


@click.group("train")
def command() -> None:
    """Train a network; Ctrl-C keeps the epochs that are done, --resume continues."""


def _architecture(arch: str, encoder: str, weights: str) -> Architecture:
    return Architecture(arch, encoder, None if weights == NONE else weights)


@command.command("grid")
@DATA
@OUTPUT
@EPOCHS
@RATE
@click.option("--batch", default=8, show_default=True)
@click.option("--epoch-size", default=400, show_default=True, help="Pictures per epoch.")
@ARCH
@ENCODER
@START
@click.option(
    "--teacher",
    type=click.Path(exists=True, path_type=Path),
    help="The run of a larger network, or its ONNX file, to learn from besides the ground truth.",
)
@click.option("--unlabelled", type=FOLDER, help="A folder of JPEG photos without ground truth, for the teacher alone.")
@SEED
@RESUME
@KEEP
@WORKERS
def grid(
    data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, arch: str, encoder: str, weights: str,
    teacher: Path | None, unlabelled: Path | None, seed: int, resume: bool, keep_optimizer: bool, workers: int,
) -> None:  # fmt: skip
    """Train the network that finds puzzles and cells."""
    if unlabelled and not teacher:
        raise click.UsageError("--unlabelled photos teach nothing without a --teacher")
    from futoshiki.networks.shipped import trained_network
    from futoshiki.training.data import SampleSet
    from futoshiki.training.distill import Distillation
    from futoshiki.training.grid import grid_loss, train_grid
    from futoshiki.training.regime import Regime, Run
    from futoshiki.training.runs import finish_run

    train_grid(
        SampleSet(data, epoch_size),
        Run(output, Regime.falling(epochs, rate, batch, seed), resume, workers, keep_optimizer),
        _architecture(arch, encoder, weights),
        loss=Distillation(trained_network(teacher)) if teacher else grid_loss,
        unlabelled=sorted(unlabelled.glob("*.jpg")) if unlabelled else (),
    )
    finish_run(output)


@command.command("clues")
@DATA
@OUTPUT
@EPOCHS
@RATE
@click.option("--batch", default=16, show_default=True)
@click.option("--epoch-size", default=1600, show_default=True, help="Boards per epoch.")
@SUDOKU
@click.option("--weights", type=click.Path(exists=True, path_type=Path), help="A safetensors file to begin with.")
@SEED
@RESUME
@KEEP
@WORKERS
def clues(
    data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, sudoku: Path | None,
    weights: Path | None, seed: int, resume: bool, keep_optimizer: bool, workers: int,
) -> None:  # fmt: skip
    """Train the network that reads digits and signs."""
    from futoshiki.training.clues import train_clues
    from futoshiki.training.data import SampleSet
    from futoshiki.training.regime import Regime, Run
    from futoshiki.training.runs import finish_run

    run = Run(output, Regime.falling(epochs, rate, batch, seed), resume, workers, keep_optimizer)
    train_clues(SampleSet(data, epoch_size), run, sudoku=sudoku, weights=weights)
    finish_run(output)


@command.command("text")
@DATA
@OUTPUT
@EPOCHS
@click.option("--rate", default=2e-3, show_default=True, help="Learning rate; a tenth of it in the last quarter.")
@click.option("--batch", default=64, show_default=True)
@click.option("--epoch-size", default=10_000, show_default=True, help="Tiles per epoch.")
@click.option("--weights", type=click.Path(exists=True, path_type=Path), help="A safetensors file to begin with.")
@SEED
@RESUME
@KEEP
def text(
    data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, weights: Path | None, seed: int,
    resume: bool, keep_optimizer: bool,
) -> None:  # fmt: skip
    """Train the network that finds the orientation of a page from its text, for boards without a digit."""
    from futoshiki.training.data import SampleSet
    from futoshiki.training.regime import Regime, Run
    from futoshiki.training.runs import finish_run
    from futoshiki.training.text import train_text

    run = Run(output, Regime.falling(epochs, rate, batch, seed), resume, keep_optimizer=keep_optimizer)
    train_text(SampleSet(data, epoch_size, validation=400), run, weights=weights)
    finish_run(output)


@command.command("masks")
@click.argument("labels", type=click.Path(exists=True, path_type=Path))
@OUTPUT
@PICTURES
@STORED
@CATEGORIES
@GUESSES
@click.option("--epochs", type=click.IntRange(1), help="By default 40, or 16 if the first weights are of a whole network.")
@RATE
@click.option("--patience", type=click.IntRange(1), help="Stop after so many epochs without a better validation IoU.")
@click.option("--batch", type=click.IntRange(1), default=4, show_default=True)
@click.option("--views", type=click.IntRange(1), help="Random views per epoch; as many as pictures by default, and at least 112.")
@click.option(
    "--validation",
    type=click.FloatRange(LEAST_VALIDATED, MOST_HELD_OUT),
    default=0.25,
    show_default=True,
    help="Share held out for validation.",
)
@click.option("--test", default="0", show_default=True, help="Share for the test, or another label file or labelled folder.")
@ARCH
@ENCODER
@START
@SEED
@RESUME
@KEEP
@WORKERS
def masks(
    labels: Path, output: Path, pictures: Path | None, stored_pixels: bool, categories: tuple[str, ...], guesses: bool,
    epochs: int | None, rate: float, patience: int | None, batch: int, views: int | None, validation: float,
    test: str, arch: str, encoder: str, weights: str, seed: int, resume: bool, keep_optimizer: bool, workers: int,
) -> None:  # fmt: skip
    """Train a network that finds puzzles on your own pictures, outlined in LABELS.

    LABELS is a file (VIA 2 CSV or JSON, or COCO), a folder labelled by `futoshiki label`, or a folder of masks NAME.png.
    The run's folder gets the network, grid.onnx, which can be shared alone, and report.md, which says what it is worth.
    """
    from futoshiki.labels import read_labels

    # Faults of the labels are told before torch is imported, which takes seconds.
    labelled = read_labels(labels, pictures=pictures, stored=stored_pixels, categories=categories or None, guesses=guesses)
    tests = _test_set(test, stored_pixels, categories, guesses)
    from futoshiki.cli.evaluate import print_mask_scores
    from futoshiki.training.masks import HeldOut, mask_regime, train_masks
    from futoshiki.training.regime import Run
    from futoshiki.training.report import REPORT, report_run
    from futoshiki.training.runs import finish_run

    architecture = _architecture(arch, encoder, weights)
    regime = mask_regime(architecture.weights, rate, batch, epochs=epochs, seed=seed, patience=patience)
    run = Run(output, regime, resume, workers, keep_optimizer)
    _, validated, tested = train_masks(labelled, run, architecture, HeldOut(validation, tests), views=views)
    network = finish_run(output)
    scores, test_scores = report_run(output, validated, tested)
    print_mask_scores(test_scores or scores)
    size = sum(path.stat().st_size for path in output.iterdir()) / 1e6
    click.echo(
        f"{output}: {size:.0f} MB; read {output / REPORT}; use it: futoshiki solve --grid-model {network} photo.jpg", err=True
    )


def _test_set(test: str, stored_pixels: bool, categories: tuple[str, ...], guesses: bool) -> float | list[LabelledPicture]:
    """The value of --test: a share, or the pictures of a label file or folder.

    Raises:
        click.UsageError: the share is out of bounds.
    """
    from futoshiki.labels import read_labels

    try:
        share = float(test)
    except ValueError:
        return read_labels(Path(test), stored=stored_pixels, categories=categories or None, guesses=guesses)
    if not 0 <= share <= MOST_HELD_OUT:
        raise click.UsageError(f"--test {test}: a share is between 0 and {MOST_HELD_OUT:g}")
    return share


@command.command("recipe")
@click.argument("name", metavar="RECIPE")
@OUTPUT
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), help="End after so long; the learning rate falls in time."
)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda", "mps"]), default="auto", show_default=True)
@click.option(
    "--photos", type=click.Path(file_okay=False, path_type=Path), help="Keep the photos in this folder, to use them again."
)
@click.option("--handwriting", type=FOLDER, help="Folder with scanned digits to write with, as for `futoshiki synth`.")
@SUDOKU
@click.option(
    "--measure", type=FOLDER, multiple=True, help="Solve the pictures of this folder at the end, for the card; repeatable."
)
@RESUME
@click.option(
    "--workers",
    type=click.IntRange(1),
    help="Processes that make photos, and as many that prepare them.  [default: half the cores]",
)
def recipe(
    name: str, output: Path, minutes: float | None, device: str, photos: Path | None, handwriting: Path | None,
    sudoku: Path | None, measure: tuple[Path, ...], resume: bool, workers: int | None,
) -> None:  # fmt: skip
    """Make the weights of a network from a RECIPE: the name of one in the package, or a file NAME.toml.

    The photos are made while it trains, new ones for every epoch.
    """
    from futoshiki.training.recipe import read_recipe

    wanted = read_recipe(name)  # its faults are told before torch is imported, which takes seconds
    from futoshiki.training.follow import follow
    from futoshiki.training.runs import finish_run, measured

    follow(
        wanted, output, minutes=minutes, device=device, workers=workers or max(1, (os.cpu_count() or 1) // 2),
        resume=resume, photos=photos, scans=handwriting, sudoku=sudoku,
    )  # fmt: skip
    network = finish_run(output)
    if measure:
        network = finish_run(output, more=measured(network, measure))
    click.echo(f"written {network}", err=True)


@command.command("export")
@click.argument("run", type=FOLDER)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder to write to; that of the run by default.")
def export(run: Path, output: Path | None) -> None:
    """Export the best weights of a RUN, finished or not: ONNX, model card, safetensors."""
    from futoshiki.training.runs import finish_run

    click.echo(f"written {finish_run(run, output)}")
