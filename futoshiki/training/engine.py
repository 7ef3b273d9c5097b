"""The training loop that both networks share: resumable, on one device or several.

Lightning Fabric places the model and averages gradients (https://lightning.ai/docs/fabric).
Checkpoints are safetensors, the optimiser's state included: no pickle is written or read.
"""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from lightning.fabric import Fabric
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader

from futoshiki.errors import RunExistsError

Metrics = dict[str, float]
LAST, BEST, AVERAGE, STATE = "last.safetensors", "best.safetensors", "average.safetensors", "optimizer.safetensors"
AVERAGE_DECAY = 0.998
"""Of the running average of the weights (Polyak and Juditsky, 1992), which is what is validated and kept:
with small batches it is steadier, and mostly better, than the last step's weights."""


@dataclass(frozen=True)
class Regime:
    """How to train. The default is the article's: 40 epochs, 5e-4, then 5e-5 after epoch 30."""

    epochs: int = 40
    learning_rate: float = 5e-4
    late_learning_rate: float = 5e-5
    late_after: int = 30
    batch_size: int = 8
    seed: int = 0

    def rate(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0."""
        return self.late_learning_rate if epoch >= self.late_after else self.learning_rate


def fit(
    model: nn.Module,
    training: DataLoader,
    checking: DataLoader,
    loss_of: Callable[[nn.Module, Any], torch.Tensor],
    metrics_of: Callable[[nn.Module, DataLoader], Metrics],
    *,
    regime: Regime,
    folder: Path,
    monitor: str,
    resume: bool = False,
    config: dict[str, Any] | None = None,
    console: Console | None = None,
) -> Path:
    """Train and return the path of the best weights, by the metric `monitor` (higher is better).

    The folder gets config.json, metrics.csv (a line an epoch) and the last and best weights.
    Ctrl-C keeps what the last whole epoch reached; `resume` goes on from there. On CUDA devices the
    model runs in mixed precision; on CPUs that is slower.
    """
    fabric = Fabric(accelerator="auto", devices="auto", precision="16-mixed" if torch.cuda.is_available() else "32-true")
    fabric.launch()
    main = fabric.is_global_zero
    if not resume:
        refuse_existing(folder)
    folder.mkdir(parents=True, exist_ok=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=regime.learning_rate, weight_decay=1e-4)
    average = AveragedModel(model, avg_fn=_average, use_buffers=True)
    first, best = 0, float("-inf")
    if resume and (folder / LAST).exists():
        first, best = _load(folder, model, average, optimizer)
        if main:
            _forget_after(folder / "metrics.csv", first)
    elif main:
        (folder / "metrics.csv").unlink(missing_ok=True)  # of a run that was stopped before its first weights
    if main:
        (folder / "config.json").write_text(json.dumps({"regime": asdict(regime), **(config or {})}, indent=1))
    average.to(fabric.device)
    model, optimizer = fabric.setup(model, optimizer)
    loader, held_out = fabric.setup_dataloaders(training, checking)
    console = console or Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[info]}"), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, disable=not (main and console.is_terminal)) as progress:
            task = progress.add_task("training", total=(regime.epochs - first) * len(loader), info="")
            for epoch in range(first, regime.epochs):
                torch.manual_seed(regime.seed * 1000 + epoch)
                set_epoch = getattr(training.dataset, "set_epoch", None)
                if set_epoch:
                    set_epoch(epoch)
                for group in optimizer.param_groups:
                    group["lr"] = regime.rate(epoch)
                started, total, images = time.perf_counter(), 0.0, 0
                model.train()
                for batch in loader:
                    loss = loss_of(model, batch)
                    optimizer.zero_grad(set_to_none=True)
                    fabric.backward(loss)
                    optimizer.step()
                    average.update_parameters(_plain(model))
                    images += regime.batch_size
                    total += float(loss.detach()) * regime.batch_size
                    pace = images / (time.perf_counter() - started)
                    progress.update(task, advance=1, info=f"loss {total / images:.4f}  {pace:.1f} images/s")
                average.eval()
                metrics = {"loss": total / images, **metrics_of(average, held_out), "images_per_second": pace}
                if not main:
                    continue
                _append(folder / "metrics.csv", {"epoch": epoch + 1, "rate": regime.rate(epoch), **metrics})
                shown = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())
                progress.update(task, description=f"epoch {epoch + 1}/{regime.epochs}")
                console.print(f"epoch {epoch + 1}/{regime.epochs}  {shown}  ({pace / regime.batch_size:.2f} steps/s)")
                if metrics[monitor] > best:
                    best = metrics[monitor]
                    _save_weights(folder / BEST, average.module)
                _save(folder, model, average, optimizer, epoch + 1, best)
    except KeyboardInterrupt:
        kept = "keeps the last and the best weights; go on with --resume" if (folder / LAST).exists() else "holds no weights yet"
        console.print(f"interrupted: {folder} {kept}")
        raise
    return folder / BEST


def refuse_existing(folder: Path) -> None:
    """For a new run.

    Raises:
        RunExistsError: the folder holds one already.
    """
    if (folder / LAST).exists():
        raise RunExistsError(f"{folder} holds a run already: --resume goes on with it, or choose another folder")


def _average(old: torch.Tensor, new: torch.Tensor, count: torch.Tensor | int) -> torch.Tensor:
    """Running average whose memory grows to its full length over the first steps."""
    if not old.is_floating_point():
        return new
    steps = float(count)
    return torch.lerp(new, old, min(AVERAGE_DECAY, (1 + steps) / (10 + steps)))


def _plain(model: nn.Module) -> nn.Module:
    return getattr(model, "module", model)


def _save_weights(path: Path, model: nn.Module) -> None:
    _save_all({path: _weights(model)}, {})


def _weights(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.contiguous().cpu() for name, tensor in _plain(model).state_dict().items()}


def _save_all(files: dict[Path, dict[str, torch.Tensor]], notes: dict[str, str]) -> None:
    """Write files that belong together: none takes its place before all are written."""
    for path, tensors in files.items():
        save_file(tensors, path.with_suffix(".part"), metadata=notes)
    for path in files:
        path.with_suffix(".part").replace(path)


def _save(
    folder: Path, model: nn.Module, average: AveragedModel, optimizer: torch.optim.Optimizer, epochs: int, best: float
) -> None:
    state = optimizer.state_dict()["state"]
    tensors = {
        f"{index}.{name}": torch.as_tensor(value).contiguous().cpu()
        for index, slots in state.items()
        for name, value in slots.items()
    }
    notes = {"epochs": str(epochs), "best": str(best), "averaged": str(int(average.n_averaged))}
    _save_all({folder / AVERAGE: _weights(average.module), folder / LAST: _weights(model), folder / STATE: tensors}, notes)


def _load(folder: Path, model: nn.Module, average: AveragedModel, optimizer: torch.optim.Optimizer) -> tuple[int, float]:
    """Put the run's last state into the model, its average and the optimiser; epochs done and best score.

    Raises:
        RunExistsError: it is a run of another network, or was stopped just when it was saved.
    """
    if len({_epochs_in(folder / name) for name in (LAST, AVERAGE, STATE)} - {None}) > 1:  # earlier versions wrote one
        raise RunExistsError(f"{folder} was stopped while it was saved: begin anew with --weights {folder / AVERAGE}")
    try:
        model.load_state_dict(load_file(folder / LAST))
        average.module.load_state_dict(load_file(folder / AVERAGE))
    except RuntimeError as error:
        raise RunExistsError(
            f"{folder} is a run of another network, or of an earlier version: give the --arch and --encoder in its config.json"
        ) from error
    with safe_open(folder / STATE, "pt") as file:
        notes = file.metadata()
        slots: dict[int, dict[str, torch.Tensor]] = {}
        for key in list(file.keys()):
            index, name = key.split(".", 1)
            slots.setdefault(int(index), {})[name] = file.get_tensor(key)
    state = optimizer.state_dict()
    optimizer.load_state_dict({**state, "state": slots})
    average.n_averaged.fill_(int(notes["averaged"]))
    return int(notes["epochs"]), float(notes["best"])


def _epochs_in(path: Path) -> str | None:
    with safe_open(path, "pt") as file:
        return (file.metadata() or {}).get("epochs")


def _forget_after(path: Path, epoch: int) -> None:
    """Drop the lines of epochs whose weights were not saved any more when the run was killed."""
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[: epoch + 1]) + "\n")


def _append(path: Path, row: dict[str, float]) -> None:
    fresh = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        if fresh:
            writer.writeheader()
        writer.writerow(row)
