"""The one place that runs networks: ONNX files, each with a card and held to the contract of its spec."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.errors import MissingPartError

Runner = Callable[[np.ndarray], np.ndarray]
"""Anything that turns an input batch into an output batch as a spec says: a `Network`, or a function in its place."""

CPU = ("CPUExecutionProvider",)


@dataclass(frozen=True)
class Spec:
    """The contract of a network. Adding a network begins with one of these.

    `name` is that of its files, NAME.onnx and NAME.json. `takes` and `gives` are the shapes of input and output: a
    number where an axis is fixed, a name where it varies. `dtype` is that of the input. `classes` names the output's
    channels, and `meaning` says in words what goes in and comes out.
    """

    name: str
    takes: tuple[int | str, ...]
    dtype: str
    gives: tuple[int | str, ...]
    classes: tuple[str, ...]
    meaning: str

    @property
    def description(self) -> str:
        """Input and output in one line, for the model card."""
        return f"{_product(self.takes)} {self.dtype} to {_product(self.gives)}: {self.meaning}"


def _product(shape: Sequence[int | str]) -> str:
    return " x ".join(map(str, shape))


@dataclass(frozen=True)
class ModelCard:
    """What a network is: in NAME.json beside its ONNX file and, so that the file can be shared alone, within that file.

    `classes` names the output channels, `sha256` is the hash of the network (see `digest`), and `data`, `seed` and `metrics`
    say how the weights were trained.
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
        """The card of an ONNX file: NAME.json beside it, or the one within it if there is no such file.

        Raises:
            MissingPartError: there is no card, or it is malformed.
        """
        beside = path.with_suffix(".json")
        try:
            text = beside.read_bytes() if beside.exists() else _card_within(path.read_bytes())
            fields: dict[str, Any] = json.loads(text)
            return cls(**{**fields, "classes": tuple(fields["classes"])})
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise MissingPartError(f"{path}: no model card beside it or within it ({error}); {REMEDY}") from error


CARD = "futoshiki.card"
"""Name of the card among the metadata of an ONNX file, which are its last bytes."""


def digest(content: bytes) -> str:
    """SHA-256 of the network in an ONNX file: of everything before its card, or of the whole file if there is no card in it."""
    return hashlib.sha256(content[: content.rfind(CARD.encode())] if CARD.encode() in content else content).hexdigest()


def _card_within(content: bytes) -> bytes:
    """The card in an ONNX file as JSON; nothing if it has none."""
    place = content.rfind(CARD.encode())
    return content[content.find(b"{", place) :] if place >= 0 else b""


REMEDY = "if the model came with futoshiki, install futoshiki again; otherwise export it again: futoshiki train export RUN"


class Network:
    """A network with one input and one output, run by ONNX Runtime. It may be called from several threads.

    `providers` are ONNX Runtime's execution providers, the most wanted first; `threads` limits those of one call (by
    default as many as there are cores).

    Raises:
        MissingPartError: ONNX Runtime or the model is missing, the file is not the one that its card describes, or the
            network does not fulfil the spec.
    """

    def __init__(self, spec: Spec, path: Path, *, providers: Sequence[str] = CPU, threads: int | None = None) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            remedy = "pip install --force-reinstall onnxruntime"
            raise MissingPartError(f"ONNX Runtime cannot be loaded ({error}): {remedy}") from error
        content = _checked(spec, path)
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            options.intra_op_num_threads = threads
        # Several networks take turns. A thread that spins while it waits would take a core from the next network.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(content, options, providers=list(providers))
        except Exception as error:  # ONNX Runtime raises unrelated types of its own
            raise MissingPartError(f"{path} is not an ONNX network ({error}); {REMEDY}") from error
        (taken,), (given,) = self._session.get_inputs(), self._session.get_outputs()
        if not (_fits(taken.shape, spec.takes) and _fits(given.shape, spec.gives)):
            shapes = f"takes {_product(taken.shape)} and gives {_product(given.shape)}"
            raise MissingPartError(f"{path} {shapes}; the {spec.name} network is {spec.description}; {REMEDY}")
        self._input = taken.name

    def __call__(self, batch: np.ndarray) -> np.ndarray:
        """The output for a batch, float32."""
        return self._session.run(None, {self._input: batch})[0]


def _checked(spec: Spec, path: Path) -> bytes:
    """The content of a model file that is the one its card describes."""
    if not path.exists():
        raise MissingPartError(f"the model {path} is missing; {REMEDY}")
    card, content = ModelCard.read(path), path.read_bytes()
    if card.classes != spec.classes:
        raise MissingPartError(f"{path} tells {', '.join(card.classes)} apart; the {spec.name} network {', '.join(spec.classes)}")
    if digest(content) != card.sha256:
        raise MissingPartError(f"{path} is not the file that its card describes: it is damaged or was replaced; {REMEDY}")
    return content


def _fits(found: Sequence[int | str], wanted: Sequence[int | str]) -> bool:
    """Whether a shape of the ONNX file has the axes of the spec, as far as both give numbers."""
    return len(found) == len(wanted) and all(
        f == w for f, w in zip(found, wanted, strict=True) if isinstance(f, int) and isinstance(w, int)
    )


def log_softmax(logits: np.ndarray, axis: int = 0) -> np.ndarray:
    """Log-probabilities over an axis."""
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
