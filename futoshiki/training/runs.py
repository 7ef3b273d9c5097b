"""What a finished run leaves behind: curves, the ONNX network and its card."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from futoshiki.training.engine import BEST
from futoshiki.training.export import export_clues, export_grid, save_half

SUDOKU_CREDIT = "real sudoku photos of wichtounet/sudoku_dataset (CC BY 4.0)"


def finish_run(folder: Path, target: Path | None = None) -> Path:
    """Draw the curves, export the best weights as ONNX with a card and as 16-bit safetensors.

    The export goes to `target`, by default the run's own folder; returns the ONNX file.
    """
    target = target or folder
    config = json.loads((folder / "config.json").read_text())
    rows = read_metrics(folder / "metrics.csv")
    draw_curves(rows, folder / "curves.png")
    monitor = "iou" if config["network"] == "grid" else "exact_boards"
    best = max(rows, key=lambda row: row[monitor])
    card: dict[str, Any] = {
        "data": f"{config['data']} synthetic photos (futoshiki synth)",
        "seed": config["regime"]["seed"],
        "metrics": {name: round(value, 5) for name, value in best.items() if name != "images_per_second"},
    }
    if config["network"] == "grid":
        path = export_grid(folder / BEST, target, arch=config["arch"], encoder=config["encoder"], **card)
        save_half(folder / BEST, path.with_suffix(".safetensors"))
        return path
    if config["real_boards"]:
        card["data"] += f"; {config['real_boards']} {SUDOKU_CREDIT}"
    path = export_clues(folder / BEST, target, **card)
    save_half(folder / BEST, path.with_suffix(".safetensors"))
    return path


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
    left.plot(epochs, [row["loss"] for row in rows])
    left.set(title="training loss", xlabel="epoch")
    for name in rows[0]:
        if name not in ("epoch", "rate", "loss", "images_per_second"):
            right.plot(epochs, [row[name] for row in rows], label=name)
    right.set(title="validation", xlabel="epoch")
    right.legend()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
