"""What a finished run leaves behind: curves, the ONNX network and its card."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from PIL import Image

from futoshiki.errors import MissingPartError
from futoshiki.evaluation.masks import MaskScore, panel_of, score_masks
from futoshiki.labels import LabelledPicture
from futoshiki.networks.engine import AREA_CLASSES, trained_network
from futoshiki.training.engine import BEST
from futoshiki.training.export import export_clues, export_entries, export_grid, export_text, save_half

MONITORS = {"grid": "iou", "masks": "iou", "clues": "exact_boards", "entries": "f1", "text": "exact_turns"}
"""The metric by which a run's best epoch is chosen."""
SUDOKU_CREDIT = "real sudoku photos of wichtounet/sudoku_dataset (CC BY 4.0)"


def finish_run(folder: Path, target: Path | None = None) -> Path:
    """Draw the curves, export the best weights as ONNX with a card and as 16-bit safetensors.

    The export goes to `target`, by default the run's own folder; returns the ONNX file.

    Raises:
        MissingPartError: the folder holds no run, or not one whole epoch of it.
    """
    target = target or folder
    if not all((folder / name).exists() for name in ("config.json", "metrics.csv", BEST)):
        raise MissingPartError(f"{folder} holds no run of which an epoch was finished: train it for longer")
    config = json.loads((folder / "config.json").read_text())
    rows = read_metrics(folder / "metrics.csv")
    draw_curves(rows, folder / "curves.png")
    best = max(rows, key=lambda row: row[MONITORS[config["network"]]])
    card: dict[str, Any] = {
        "data": _data(config),
        "seed": config["regime"]["seed"],
        "metrics": {name: round(value, 5) for name, value in best.items() if name != "images_per_second"},
    }
    if config["network"] == "clues":
        path = export_clues(folder / BEST, target, **card)
    elif config["network"] == "entries":
        path = export_entries(folder / BEST, target, **card)
    elif config["network"] == "text":
        path = export_text(folder / BEST, target, **card)
    else:
        if config["network"] == "masks":
            card["classes"] = AREA_CLASSES
        path = export_grid(folder / BEST, target, arch=config["arch"], encoder=config["encoder"], **card)
    save_half(folder / BEST, path.with_suffix(".safetensors"))
    return path


def _data(config: dict[str, Any]) -> str:
    """What the network was trained on, for its card."""
    if config["network"] == "masks":
        train, validation, test = config["pictures"]
        begun = f", begun with {config['weights']} weights" if config["weights"] else ""
        return f"{train} labelled pictures, {validation} for validation, {test} for the test{begun}"
    real = f"; {config['real_boards']} {SUDOKU_CREDIT}" if config.get("real_boards") else ""
    taught = f"; {config['unlabelled']} photos without a truth" if config.get("unlabelled") else ""
    sheets = f"; {config['sheets']} sheets of text" if config.get("sheets") else ""
    return f"{config['data']} synthetic photos (futoshiki synth){real}{taught}{sheets}"


def draw_panel(folder: Path, pictures: list[LabelledPicture]) -> list[MaskScore]:
    """Run a finished run's network on pictures with outlines; panel.png shows photo, label and finding of each."""
    scores = list(score_masks(pictures, trained_network(folder)))
    Image.fromarray(panel_of(scores)).save(folder / "panel.png")
    return scores


def read_metrics(path: Path) -> list[dict[str, float]]:
    """The metrics of a run, one row an epoch."""
    with path.open(newline="") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def draw_curves(rows: list[dict[str, float]], path: Path) -> None:
    """Loss beside the other metrics, over the epochs, as a picture."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    epochs = [row["epoch"] for row in rows]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for axes, title, names in (
        (left, "loss", [name for name in rows[0] if name.endswith("loss")]),
        (right, "validation", [name for name in rows[0] if name.startswith(("iou", "exact", "recall", "precision"))]),
    ):
        for name in names:
            axes.plot(epochs, [row[name] for row in rows], label="training" if name == "loss" else name.replace("_", " "))
        axes.set(title=title, xlabel="epoch")
        axes.legend()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
