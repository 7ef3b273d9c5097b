"""The results of a run: curves, the ONNX network and its card."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from futoshiki.errors import MissingPartError
from futoshiki.evaluation.answers import evaluate_folder
from futoshiki.files import write_file
from futoshiki.networks.engine import ModelCard, Network
from futoshiki.networks.shipped import SPECS, Networks
from futoshiki.reading.reader import Reader
from futoshiki.training.engine import BEST, CONFIG, METRICS, epochs_in
from futoshiki.training.export import export, save_half
from futoshiki.training.trainable import TRAINABLE, Config

PACE = ("images_per_second", "seconds")
"""Metrics of an epoch that say how fast it was, which is nothing about the network."""
SHARES = ("iou", "exact", "recall", "precision", "probability")
"""How the names of metrics begin that lie between 0 and 1."""
SUDOKU_CREDIT = "real sudoku photos of wichtounet/sudoku_dataset (CC BY 4.0)"


def finish_run(folder: Path, target: Path | None = None, more: Mapping[str, float] | None = None) -> Path:
    """Draw the curves, export the best weights as ONNX with a card and as 16-bit safetensors.

    The export goes to `target`, by default the run's own folder; returns the ONNX file. `more` are further metrics for the card.

    Raises:
        MissingPartError: the folder holds no run that has finished an epoch.
    """
    target = target or folder
    if not all((folder / name).exists() for name in (CONFIG, METRICS, BEST)):
        raise MissingPartError(f"{folder} holds no run that has finished an epoch: train it for longer")
    config = json.loads((folder / CONFIG).read_text())
    rows = read_metrics(folder / METRICS)
    draw_curves(rows, folder / "curves.png")
    trainable = TRAINABLE[config["network"]]
    best = best_row(folder)
    about = {
        "data": _data(config, int(best["epoch"])),
        "seed": config["regime"]["seed"],
        "metrics": {name: round(value, 5) for name, value in {**best, **(more or {})}.items() if name not in PACE},
    }
    path = export(trainable.rebuild(config, folder / BEST), trainable, target, about)
    save_half(folder / BEST, path.with_suffix(".safetensors"))
    return path


def measured(network: Path, folders: Iterable[Path]) -> dict[str, float]:
    """The shares of the pictures of folders that a reader with this network solves right, and that it reports as solved, too.

    Each picture has its ground truth beside it, as for `futoshiki evaluate`.
    """
    spec = SPECS[ModelCard.read(network).name]
    own: dict[str, Any] = {spec.name: Network(spec, network)}
    reader = Reader(Networks(**own))
    metrics = {}
    for folder in folders:
        asked = [one for one in evaluate_folder(folder, reader=reader) if one.solution is not None]
        for name, kept in (("right", asked), ("solved", [one for one in asked if one.status == "solved"])):
            metrics[f"{name}_{folder.name}"] = sum(bool(one.solution) for one in kept) / max(len(asked), 1)
    return metrics


def _data(config: Config, epochs: int) -> str:
    """What the network was trained on in so many epochs, in words."""
    if config["network"] == "masks":
        train, validation, test = config["pictures"]
        begun = f"; first weights: {config['weights']}" if config["weights"] else ""
        return f"{train} labelled pictures, {validation} for validation, {test} for the test{begun}"
    real = f"; {config['real_boards']} {SUDOKU_CREDIT}" if config.get("real_boards") else ""
    taught = f"; {config['unlabelled']} photos without ground truth" if config.get("unlabelled") else ""
    sheets = f"; {config['sheets']} sheets of text" if config.get("sheets") else ""
    seen = f"{epochs * config['items']} views of " if "items" in config else ""
    photos = config["data"] + (epochs - 1) * config.get("fresh", 0)
    source = f"recipe {config['recipe']}, seeds from {config['seed']}" if config.get("recipe") else "futoshiki synth"
    return f"{seen}{photos} synthetic photos ({source}){real}{taught}{sheets}"


def read_metrics(path: Path) -> list[dict[str, float]]:
    """The metrics of a run, one row per epoch."""
    with path.open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def best_row(folder: Path) -> dict[str, float]:
    """The metrics of the epoch whose weights a run has kept as the best ones."""
    rows, epoch = read_metrics(folder / METRICS), epochs_in(folder / BEST)
    return rows[-1 if epoch is None else int(epoch) - 1]  # earlier versions did not note the epoch


def draw_curves(rows: list[dict[str, float]], path: Path) -> None:
    """Draw the loss and the other metrics over the epochs. Axes of shares run from 0 to 1, so that runs can be compared."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    epochs = [row["epoch"] for row in rows]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for axes, title, names in (
        (left, "loss", [name for name in rows[0] if name.endswith("loss")]),
        (right, "validation", [name for name in rows[0] if name.startswith(SHARES)]),
    ):
        for name in names:
            axes.plot(epochs, [row[name] for row in rows], label="training" if name == "loss" else name.replace("_", " "))
        axes.set(title=title, xlabel="epoch", ylim=(0, 1))
        axes.legend()
    left.set_ylim(0, max(1, *(row[name] for row in rows for name in row if name.endswith("loss"))))
    content = BytesIO()
    figure.savefig(content, dpi=110)
    write_file(path, content.getvalue())
    pyplot.close(figure)
