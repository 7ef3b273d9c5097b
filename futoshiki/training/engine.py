"""The training loop that all networks share; it can be resumed, and runs on one device or several.

Lightning Fabric places the model and averages gradients (https://lightning.ai/docs/fabric). Checkpoints are safetensors,
the optimiser's state included: no pickle is written or read.
"""

from __future__ import annotations

import copy
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
from futoshiki.files import write_file
from futoshiki.training.data import MOST_EPOCHS, DrawnItems
from futoshiki.training.models import load_weights
from futoshiki.training.regime import Run
from futoshiki.training.trainable import TRAINABLE, Config

Metrics = dict[str, float]
CONFIG, METRICS = "config.json", "metrics.csv"
LAST, BEST, AVERAGE, STATE = "last.safetensors", "best.safetensors", "average.safetensors", "optimizer.safetensors"
RESUMED_FROM = (LAST, AVERAGE, STATE)
"""The files that a run is resumed from."""
WEIGHT_DECAY = 1e-4
"""Weight decay of AdamW (Loshchilov and Hutter, 2019)."""
LABEL_SMOOTHING = 0.02
"""Share of a target's probability that goes to the other classes, against overconfidence."""


@dataclass(frozen=True, eq=False)
class Course:
    """What is trained and on what. `network` is its name in `TRAINABLE`, which says by which metric the best epoch is chosen.

    `loss` takes the model and a batch, `metrics` the model and the loader of held-out data. `prepare` is called before each
    epoch with its number, counted from 0.
    """

    network: str
    model: nn.Module
    training: DataLoader
    held_out: DataLoader
    loss: Callable[[nn.Module, Any], torch.Tensor]
    metrics: Callable[[nn.Module, DataLoader], Metrics]
    prepare: Callable[[int], None] = lambda _epoch: None


def fit(course: Course, run: Run, config: Config) -> Path:
    """Train and return the path of the best weights.

    The run's folder gets config.json with `config`, metrics.csv (a line per epoch) and the best weights. Until the run is
    finished it holds what is needed to resume, too: Ctrl-C keeps what the last whole epoch reached. On CUDA devices the model
    runs in mixed precision; on CPUs that is slower.

    Raises:
        RunExistsError: the folder holds a run and `resume` is not set, or that run cannot be resumed.
    """
    on_cuda = run.device == "cuda" or (run.device == "auto" and torch.cuda.is_available())
    devices: Any = 1 if run.device == "cpu" else "auto"
    fabric = Fabric(accelerator=run.device, devices=devices, precision="16-mixed" if on_cuda else "32-true")
    fabric.launch()
    regime, folder = run.regime, run.folder
    refuse_existing(run)
    folder.mkdir(parents=True, exist_ok=True)
    training = _Training(course, run, fabric)
    training.begin({"regime": asdict(regime), "network": course.network, "recipe": run.recipe, **config})
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[info]}"), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, disable=not (fabric.is_global_zero and console.is_terminal)) as progress:
            task = progress.add_task("training", total=(regime.epochs - training.done) * len(training.loader), info="")
            while not training.is_finished:
                started = time.perf_counter()
                loss, pace = training.train_epoch(lambda info: progress.update(task, advance=1, info=info))
                metrics = {"loss": loss, **training.check(), "images_per_second": pace}
                metrics["seconds"] = time.perf_counter() - started
                if fabric.is_global_zero:
                    number = f"epoch {training.done + 1}/{regime.epochs}"
                    shown = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())
                    progress.update(task, description=number)
                    console.print(f"{number}  {shown}  ({pace / regime.batch_size:.2f} steps/s)")
                training.finish_epoch(metrics)
    except KeyboardInterrupt:
        is_kept = (folder / LAST).exists()
        kept = "keeps the last and the best weights; continue with --resume" if is_kept else "holds no weights yet"
        console.print(f"interrupted: {folder} {kept}")
        raise
    if fabric.is_global_zero and not run.keep_optimizer:
        for name in RESUMED_FROM:
            (folder / name).unlink(missing_ok=True)
    return folder / BEST


class _Training:
    """A run in progress: the model, its running average and its optimiser, and the number of epochs `done`."""

    def __init__(self, course: Course, run: Run, fabric: Fabric) -> None:
        self._course, self._run, self._regime, self._fabric = course, run, run.regime, fabric
        self._model: Any = course.model
        self._optimizer: Any = torch.optim.AdamW(self._model.parameters(), lr=run.regime.learning_rate, weight_decay=WEIGHT_DECAY)
        self._average = AveragedModel(self._model, avg_fn=_averaging(run.regime.average_decay), use_buffers=True)
        self._first = load_weights(run.anchor) if run.anchor else copy.deepcopy(self._model.state_dict())
        self._best, self._best_epoch = float("-inf"), 0
        self._seconds, self._longest = 0.0, 0.0
        self.done = 0
        self.loader: Any = course.training
        self._held_out: Any = course.held_out

    @property
    def is_finished(self) -> bool:
        """Whether all epochs are done, another one would take too long, or the last ones have brought nothing better."""
        patience = self._regime.patience
        stalled = patience is not None and self.done - self._best_epoch >= patience
        is_done = self.done >= self._regime.epochs
        is_late = self.done > 0 and self._regime.progress(0, self._seconds + self._longest) > 1
        return is_done or is_late or stalled

    def begin(self, config: Config) -> None:
        """Load the state of the folder's run, or start a new one there, and place everything on the device."""
        folder = self._run.folder
        if self._run.resume and (folder / LAST).exists():
            self._load(folder)
            if self._fabric.is_global_zero:
                _forget_after(folder / METRICS, self.done)
        elif self._fabric.is_global_zero:
            (folder / METRICS).unlink(missing_ok=True)  # of a run that was stopped before its first weights
        if self._fabric.is_global_zero:
            write_file(folder / CONFIG, json.dumps(config, indent=1))
        self._average.to(self._fabric.device)
        self._model, self._optimizer = self._fabric.setup(self._model, self._optimizer)
        self.loader, self._held_out = self._fabric.setup_dataloaders(self._course.training, self._course.held_out)

    def train_epoch(self, report: Callable[[str], None]) -> tuple[float, float]:
        """One epoch over the training data: mean loss, and images per second; `report` gets a line after each step."""
        self._course.prepare(self.done)
        torch.manual_seed(self._regime.seed * MOST_EPOCHS + self.done)
        dataset = self._course.training.dataset
        if isinstance(dataset, DrawnItems):
            dataset.epoch = self.done
        for group in self._optimizer.param_groups:
            group["lr"] = self._regime.rate(self.done, self._seconds)
        started, total, images, pace = time.perf_counter(), 0.0, 0, 0.0
        self._model.train()
        for batch in self.loader:
            loss = self._course.loss(self._model, batch)
            self._optimizer.zero_grad(set_to_none=True)
            self._fabric.backward(loss)
            self._optimizer.step()
            self._average.update_parameters(_plain(self._model))
            images += self._regime.batch_size
            total += float(loss.detach()) * self._regime.batch_size
            pace = images / (time.perf_counter() - started)
            report(f"loss {total / images:.4f}  {pace:.1f} images/s")
        return total / images, pace

    def check(self) -> Metrics:
        """The metrics on the held-out data of the weights that would be kept."""
        kept = copy.deepcopy(self._average.module)
        kept.load_state_dict(self._kept())
        return self._course.metrics(kept.eval(), self._held_out)

    def finish_epoch(self, metrics: Metrics) -> None:
        """Write down an epoch's metrics and weights."""
        rate = self._regime.rate(self.done, self._seconds)
        self.done += 1
        self._spend(metrics["seconds"])
        if not self._fabric.is_global_zero:
            return
        folder, files = self._run.folder, {}
        _append(folder / METRICS, {"epoch": self.done, "rate": rate, **metrics})
        score = metrics[TRAINABLE[self._course.network].monitor]
        if score > self._best:
            self._best, self._best_epoch = score, self.done
        if self._regime.keeps_last or self._best_epoch == self.done:
            files[folder / BEST] = self._kept()
        files[folder / AVERAGE], files[folder / LAST] = _weights(self._average.module), _weights(self._model)
        files[folder / STATE] = self._state()
        numbers = {"epochs": self.done, "best": self._best, "best_epoch": self._best_epoch}
        numbers |= {"seconds": self._seconds, "longest": self._longest}
        notes = {name: str(number) for name, number in {**numbers, "averaged": int(self._average.n_averaged)}.items()}
        _save_all(files, notes)

    def _spend(self, seconds: float) -> None:
        """Count the time of an epoch."""
        self._seconds, self._longest = self._seconds + seconds, max(self._longest, seconds)

    def _kept(self) -> dict[str, torch.Tensor]:
        """The weights that are validated and kept: the running average, with a share of the first ones."""
        average, share = _weights(self._average.module), self._regime.first_share
        if not share:
            return average
        return {
            name: torch.lerp(tensor, self._first[name].to(tensor), share) if tensor.is_floating_point() else tensor
            for name, tensor in average.items()
        }

    def _state(self) -> dict[str, torch.Tensor]:
        """The state of the optimiser."""
        return {
            f"{index}.{name}": torch.as_tensor(value).contiguous().cpu()
            for index, values in self._optimizer.state_dict()["state"].items()
            for name, value in values.items()
        }

    def _load(self, folder: Path) -> None:
        """Go back to what `finish_epoch` wrote.

        Raises:
            RunExistsError: it is a run of another network, was stopped while it was being saved, or chose its best epoch by
                another metric.
        """
        monitor = TRAINABLE[self._course.network].monitor
        with (folder / METRICS).open(newline="") as file:
            if monitor not in next(csv.reader(file)):
                raise RunExistsError(
                    f"{folder} is a run of another network or of an earlier version, which did not measure {monitor}: "
                    f"begin again with --weights {folder / AVERAGE}"
                )
        if len({epochs_in(folder / name) for name in RESUMED_FROM} - {None}) > 1:  # earlier versions noted it once
            raise RunExistsError(f"{folder} was stopped while it was being saved: begin again with --weights {folder / AVERAGE}")
        try:
            self._model.load_state_dict(load_file(folder / LAST))
            self._average.module.load_state_dict(load_file(folder / AVERAGE))
        except RuntimeError as error:
            raise RunExistsError(
                f"{folder} is a run of another network or of an earlier version: use the --arch and --encoder in its config.json"
            ) from error
        with safe_open(folder / STATE, "pt") as file:
            notes = file.metadata()
            slots: dict[int, dict[str, torch.Tensor]] = {}
            for key in list(file.keys()):
                index, name = key.split(".", 1)
                slots.setdefault(int(index), {})[name] = file.get_tensor(key)
        self._optimizer.load_state_dict({**self._optimizer.state_dict(), "state": slots})
        self._average.n_averaged.fill_(int(notes["averaged"]))
        self.done, self._best = int(notes["epochs"]), float(notes["best"])
        self._best_epoch = int(notes.get("best_epoch", self.done))  # earlier versions did not note these
        self._seconds, self._longest = float(notes.get("seconds", 0)), float(notes.get("longest", 0))


def refuse_existing(run: Run) -> None:
    """Refuse to start a run in a folder that already holds one, and to continue one that is finished.

    Raises:
        RunExistsError: the folder holds such a run.
    """
    folder = run.folder
    if not (folder / BEST).exists():
        return
    if not run.resume:
        raise RunExistsError(f"{folder} holds a run already: --resume continues it, or choose another folder")
    if not (folder / STATE).exists():
        raise RunExistsError(
            f"{folder} is finished, and {STATE}, without which it cannot be resumed, was removed (--keep-optimizer keeps it): "
            f"train on from its weights in another folder, --weights {folder / BEST}"
        )


def _averaging(decay: float) -> Callable[[torch.Tensor, torch.Tensor, torch.Tensor | int], torch.Tensor]:
    """A running average whose memory grows during the first steps, by the formula of TensorFlow's ExponentialMovingAverage."""

    def average(old: torch.Tensor, new: torch.Tensor, count: torch.Tensor | int) -> torch.Tensor:
        if not old.is_floating_point():
            return new
        steps = float(count)
        return torch.lerp(new, old, min(decay, (1 + steps) / (10 + steps)))

    return average


def _plain(model: nn.Module) -> nn.Module:
    return getattr(model, "module", model)


def _weights(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: tensor.contiguous().cpu() for name, tensor in _plain(model).state_dict().items()}


def _save_all(files: dict[Path, dict[str, torch.Tensor]], notes: dict[str, str]) -> None:
    """Write files that belong together: none replaces an older one before all are written."""
    for path, tensors in files.items():
        save_file(tensors, path.with_suffix(".part"), metadata=notes)
    for path in files:
        path.with_suffix(".part").replace(path)


def epochs_in(path: Path) -> str | None:
    """The number of epochs after which weights were saved; None if it is not noted in the file."""
    with safe_open(path, "pt") as file:
        return (file.metadata() or {}).get("epochs")


def _forget_after(path: Path, epoch: int) -> None:
    """Drop the lines of epochs whose weights had not been saved when the run was killed."""
    lines = path.read_text().splitlines()
    write_file(path, "\n".join(lines[: epoch + 1]) + "\n")


def _append(path: Path, row: dict[str, float]) -> None:
    fresh = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(row))
        if fresh:
            writer.writeheader()
        writer.writerow(row)
