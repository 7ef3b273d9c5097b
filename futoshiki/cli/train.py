"""`futoshiki train`."""

from __future__ import annotations

from pathlib import Path

import click

from futoshiki.training.engine import Regime
from futoshiki.training.runs import finish_run

DATA = click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True,
                    help="A folder made by `futoshiki synth`.")  # fmt: skip
OUTPUT = click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The run's folder.")
EPOCHS = click.option("--epochs", default=40, show_default=True)
RATE = click.option("--rate", default=5e-4, show_default=True, help="Learning rate; a tenth of it in the last quarter.")
RESUME = click.option("--resume", is_flag=True, help="Go on with the run in the output folder.")
SEED = click.option("--seed", default=0, show_default=True)
WORKERS = click.option("--workers", default=1, show_default=True, help="Processes that prepare pictures.")


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
@click.option("--arch", default="Unet", show_default=True, help="Any architecture of segmentation-models-pytorch.")
@click.option("--encoder", default="timm-tf_efficientnet_lite0", show_default=True, help="Any encoder of it.")
@click.option("--weights", default="imagenet", show_default=True, help="imagenet, none, or a safetensors file.")
@SEED
@RESUME
@WORKERS
def grid(
    data: Path, output: Path, epochs: int, rate: float, batch: int, epoch_size: int, arch: str, encoder: str, weights: str,
    seed: int, resume: bool, workers: int,
) -> None:  # fmt: skip
    """Train the network that finds puzzles and cells."""
    from futoshiki.training.grid import train_grid

    train_grid(
        data, output, regime=_regime(epochs, rate, batch, seed), epoch_size=epoch_size, arch=arch, encoder=encoder,
        weights=None if weights == "none" else weights, resume=resume, workers=workers,
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


@command.command("export")
@click.argument("run", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to; the run's folder by default.")
def export(run: Path, output: Path | None) -> None:
    """Export the best weights of a RUN, finished or not: ONNX, model card, safetensors."""
    click.echo(f"written {finish_run(run, output)}")
