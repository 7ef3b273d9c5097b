"""The one place that runs networks: ONNX files with a card that says what is in them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.errors import MissingPartError
from futoshiki.resources import folder


@dataclass(frozen=True)
class ModelCard:
    """What stands beside an ONNX file as NAME.json.

    `classes` names the output channels; `sha256` is that of the ONNX file; `data`, `seed` and
    `metrics` say how the weights came about.
    """

    name: str
    file: str
    sha256: str
    input: str
    classes: tuple[str, ...]
    data: str
    seed: int
    metrics: dict[str, float]

    @classmethod
    def read(cls, path: Path) -> ModelCard:
        """The card in a JSON file.

        Raises:
            MissingPartError: there is none, or it is not a card.
        """
        try:
            fields: dict[str, Any] = json.loads(path.read_text())
            return cls(**{**fields, "classes": tuple(fields["classes"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise MissingPartError(f"{path}: no model card ({error}); install futoshiki again") from error

    def matches(self, path: Path) -> bool:
        """Whether the file at `path` is the one the card speaks of."""
        return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256


class Network:
    """An ONNX network of one input and one output, on the CPU."""

    def __init__(self, path: Path) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise MissingPartError(
                f"ONNX Runtime cannot be loaded ({error}): pip install --force-reinstall onnxruntime"
            ) from error
        if not path.exists():
            raise MissingPartError(f"the model {path} is missing: install futoshiki again")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # three networks take turns: a thread that waits by spinning takes a core from the next one (twice as slow on two)
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime raises its own, unrelated types
            raise MissingPartError(
                f"{path} is no ONNX network ({error}); if it came with futoshiki, install that again"
            ) from error
        self._input = self._session.get_inputs()[0].name

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """The output for a batch; shapes and dtypes as the model card says."""
        return self._session.run(None, {self._input: batch})[0]


AREA_CLASSES = ("puzzle",)
"""Output of a network that was trained on outlines alone: it finds puzzles and knows nothing of their cells."""


class AreaNetwork:
    """A network that only finds puzzles, with the shipped one to see finished boards and cells.

    Takes and gives what the shipped grid network does; its first channel comes from `areas`.
    """

    def __init__(self, areas: Network) -> None:
        self._areas = areas

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """1 x H x W x 3 uint8 RGB to 1 x 3 x H x W probabilities."""
        maps = shipped_network("grid")(batch).copy()
        maps[:, :1] = self._areas(batch)
        return maps


def trained_network(run: Path) -> Network | AreaNetwork:
    """The grid network of a training run: its folder, or the ONNX file in it.

    Raises:
        MissingPartError: there is none, or no card beside it.
    """
    path = run / "grid.onnx" if run.is_dir() else run
    if run.is_dir() and not path.exists():
        raise MissingPartError(f"{run} holds no grid.onnx; if its training was stopped: futoshiki train export {run}")
    network = Network(path)
    return AreaNetwork(network) if ModelCard.read(path.with_suffix(".json")).classes == AREA_CLASSES else network


@lru_cache(maxsize=4)
def shipped_network(name: str) -> Network:
    """`grid`, `clues` or `entries`, loaded once a process."""
    return Network(folder("models") / f"{name}.onnx")
