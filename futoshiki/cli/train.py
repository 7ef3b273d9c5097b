"""`futoshiki train`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from futoshiki.cli.labels import PICTURES, STORED
from futoshiki.training.engine import Regime
from futoshiki.training.models import DEFAULT_ENCODER
from futoshiki.training.runs import draw_panel, finish_run

if TYPE_CHECKING:
    from futoshiki.labels import LabelledPicture

DATA = click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True,
                    help="A folder made by `futoshiki synth`.")  # fmt: skip
OUTPUT = click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), required=True, help="The run's folder.")
EPOCHS = click.option("--epochs", default=40, show_default=True)
RATE = click.option("--rate", default=5e-4, show_default=True, help="Learning rate; a tenth of it in the last quarter.")
PATCH_RATE = click.option("--rate", default=2e-3, show_default=True, help="Learning rate; a tenth of it in the last quarter.")
RESUME = click.option("--resume", is_flag=True, help="Go on with the run in the output folder.")
SEED = click.option("--seed", default=0, show_default=True)
WORKERS = click.option("--workers", default=1, show_default=True, help="Processes that prepare pictures.")
ARCH = click.option("--arch", default="Unet", show_default=True, help="Any architecture of segmentation-models-pytorch.")
ENCODER = click.option("--encoder", default=DEFAULT_ENCODER, show_default=True, help="Any encoder of it.")
MOST_TESTED = 0.9
START = click.option("--weights", default="imagenet", show_default=True, help="imagenet, shipped, none, or a safetensors file.")


@click.group("train")
def command() -> None:
    """Train a network; Ctrl-C keeps what was reached, --resume goes on."""


def _regime(epochs: int, rate: float, batch: int, seed: int) -> Regime:
    return Regime(epochs, rate, rate / 10, round(epochs * 0.75), batch, seed)


@command.command("grid")
@DATA
@OUTPUT
@EPOCHS
@RATE
@click.option("--batch", default=8, show_default=True)
@click.option("--epoch-size", default=400, show_default=True, help="Pictures an epoch.")
@ARCH
@ENCODER
@START
@click.option("--teacher", type=click.Path(exists=True, path_type=Path),
              help="A larger network's run, or its ONNX file, to learn from besides the truth.")  # fmt: skip
@click.option("--unlabelled", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="A folder of JPEG photos without a truth, on which only the teacher is asked.")  # fmt: skip
@SEED
@RESUME
@WORKERS
def grid(
    data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, arch: str, encoder: str, weights: str,
    teacher: Path | None, unlabelled: Path | None, seed: int, resume: bool, workers: int,
) -> None:  # fmt: skip
    """Train the network that finds puzzles and cells."""
    from futoshiki.networks.engine import trained_network
    from futoshiki.training.distill import Distillation
    from futoshiki.training.grid import grid_loss, train_grid

    if unlabelled and not teacher:
        raise click.UsageError("--unlabelled photos teach nothing without a --teacher")
    train_grid(
        data, output, regime=_regime(epochs, rate, batch, seed), epoch_size=epoch_size, arch=arch, encoder=encoder,
        weights=None if weights == "none" else weights, resume=resume, workers=workers,
        loss=Distillation(trained_network(teacher)) if teacher else grid_loss,
        unlabelled=sorted(unlabelled.glob("*.jpg")) if unlabelled else (),
    )  # fmt: skip
    finish_run(output)


@command.command("clues")
@DATA
@OUTPUT
@EPOCHS
@RATE
@click.option("--batch", default=16, show_default=True)
@click.option("--epoch-size", default=1600, show_default=True, help="Boards an epoch.")
@click.option("--sudoku", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="A folder of real sudoku photos with truth, for real digits.")  # fmt: skip
@click.option("--weights", type=click.Path(exists=True, path_type=Path), help="A safetensors file to begin with.")
@SEED
@RESUME
@WORKERS
def clues(
    data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, sudoku: Path | None,
    weights: Path | None, seed: int, resume: bool, workers: int,
) -> None:  # fmt: skip
    """Train the network that reads digits and signs."""
    from futoshiki.training.clues import train_clues

    train_clues(
        data, output, regime=_regime(epochs, rate, batch, seed), epoch_size=epoch_size, sudoku=sudoku, weights=weights,
        resume=resume, workers=workers,
    )  # fmt: skip
    finish_run(output)


@command.command("entries")
@DATA
@OUTPUT
@EPOCHS
@PATCH_RATE
@click.option("--batch", default=128, show_default=True)
@click.option("--epoch-size", default=20_000, show_default=True, help="Cells an epoch.")
@SEED
@RESUME
def entries(data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, seed: int, resume: bool) -> None:
    """Train the network that reads what is written by hand (`futoshiki synth --handwriting` for real hands)."""
    from futoshiki.training.entries import train_entries

    train_entries(data, output, regime=_regime(epochs, rate, batch, seed), epoch_size=epoch_size, resume=resume)
    finish_run(output)


@command.command("text")
@DATA
@OUTPUT
@EPOCHS
@PATCH_RATE
@click.option("--batch", default=64, show_default=True)
@click.option("--epoch-size", default=10_000, show_default=True, help="Tiles an epoch.")
@SEED
@RESUME
def text(data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, seed: int, resume: bool) -> None:
    """Train the network that tells by a page's text which way is up, for boards without a digit."""
    from futoshiki.training.text import train_text

    train_text(data, output, regime=_regime(epochs, rate, batch, seed), epoch_size=epoch_size, resume=resume)
    finish_run(output)


@command.command("masks")
@click.argument("labels", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@OUTPUT
@PICTURES
@STORED
@EPOCHS
@RATE
@click.option("--batch", default=4, show_default=True)
@click.option("--views", type=click.IntRange(1), help="Random views an epoch; one of each picture and at least 112 by default.")
@click.option(
    "--validation", type=click.FloatRange(0.05, 0.9), default=0.25, show_default=True, help="Share held out to validate."
)
@click.option("--test", default="0", show_default=True, help="Share for the test, or a label file or labelled folder of its own.")
@ARCH
@ENCODER
@START
@SEED
@RESUME
@WORKERS
def masks(
    labels: Path, output: Path, pictures: Path | None, stored_pixels: bool, epochs: int, rate: float, batch: int,
    views: int | None, validation: float, test: str, arch: str, encoder: str, weights: str, seed: int, resume: bool,
    workers: int,
) -> None:  # fmt: skip
    """Train a network that finds puzzles on your own pictures, outlined in LABELS (VIA 2 CSV or JSON, or COCO)."""
    from futoshiki.cli.evaluate import print_ious
    from futoshiki.labels import read_labels
    from futoshiki.labels.via import CSV
    from futoshiki.training.masks import train_masks

    labelled = read_labels(labels, pictures=pictures, stored=stored_pixels)
    held_back: float | list[LabelledPicture]
    try:
        held_back = float(test)
    except ValueError:
        path = Path(test) / CSV if Path(test).is_dir() else Path(test)
        held_back = read_labels(path, stored=stored_pixels)
    else:
        if not 0 <= held_back <= MOST_TESTED:
            raise click.UsageError(f"--test {test}: a share lies between 0 and {MOST_TESTED:g}")
    tested = train_masks(
        labelled, output, regime=_regime(epochs, rate, batch, seed), arch=arch, encoder=encoder,
        weights=None if weights == "none" else weights, validation=validation, test=held_back, views=views, resume=resume,
        workers=workers,
    )  # fmt: skip
    finish_run(output)
    print_ious(draw_panel(output, tested))
    click.echo(f"{output}: curves.png, panel.png, grid.onnx; use it: futoshiki solve --grid-model {output} photo.jpg", err=True)


@command.command("export")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to; the run's folder by default.")
def export(run: Path, output: Path | None) -> None:
    """Export the best weights of a RUN, finished or not: ONNX, model card, safetensors."""
    click.echo(f"written {finish_run(run, output)}")
