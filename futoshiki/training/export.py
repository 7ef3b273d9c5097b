"""Export of trained weights: an ONNX file, checked against torch, and its model card."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save
from torch import nn

from futoshiki.errors import TrainingError
from futoshiki.files import write_file
from futoshiki.networks.engine import CARD, Network, digest
from futoshiki.training.models import within
from futoshiki.training.trainable import Trainable

TOLERANCE = 0.03
"""Largest difference between torch and ONNX, of probabilities or relative to the largest logit. It is not zero because
weights are stored in 16 bits or fewer."""
HALF_FROM = 256
"""Weights of at least this many values are stored in 16 bits. Smaller ones would save nothing."""
BYTE_FROM = 200_000
"""Weights of at least this many values are stored in 8 bits. The grid network has nine of them, two thirds of all its weights,
and its output hardly depends on their last bits: on real pictures it changes by 0.004 at most. With nearly all weights in
8 bits it would change by 0.06, and boards would be missed."""
NO_DIGEST = "0" * 64
"""Stands for the digest of a network whose card is not complete, so that the length of the file is already known."""
OPSET = 17
"""Version of ONNX's operators; ONNX Runtime 1.17 and later run it."""


def export(network: nn.Module, trainable: Trainable, folder: Path, about: dict[str, Any]) -> Path:
    """Write the ONNX file of a network and its card; `about` holds `data`, `seed` and `metrics`. Returns the ONNX file.

    The card is in the file, which can be shared alone, and beside it, where it is easier to read.

    Raises:
        TrainingError: the output of the ONNX file differs from that of the network.
        OutputError: a file cannot be written.
    """
    spec, sample = trainable.spec, trainable.sample()
    target = folder / f"{spec.name}.onnx"
    network.eval()
    with TemporaryDirectory() as build, warnings.catch_warnings():
        path = Path(build) / target.name
        # The exporter with dynamo=True cannot prove that height and width are multiples of 32 throughout the decoder.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (sample,),
            str(path),
            input_names=["input"],
            output_names=["output"],
            dynamic_axes={"input": trainable.axes},
            opset_version=OPSET,
            dynamo=False,
        )
        store_compactly(path)
        made = {"name": spec.name, "file": path.name, "sha256": NO_DIGEST, "input": spec.description, "classes": spec.classes}
        blank = json.dumps({**made, **about}, indent=1, ensure_ascii=False) + "\n"
        content = with_card(path, blank)
        card = blank.replace(NO_DIGEST, digest(content))
        content = content.replace(blank.encode(), card.encode())
        path.write_bytes(content)
        with torch.no_grad():
            wanted = network(sample).numpy()
        given = Network(spec, path)(sample.numpy())
    difference = float(np.abs(given - wanted).max() / max(1.0, float(np.abs(wanted).max())))
    if difference > TOLERANCE:
        raise TrainingError(f"{target}: ONNX differs from torch by {difference:.2g}, more than {TOLERANCE}; please report it")
    write_file(target, content)
    write_file(target.with_suffix(".json"), card)
    return target


def with_card(path: Path, card: str) -> bytes:
    """The content of an ONNX file with a card as its last metadata."""
    import onnx

    model = onnx.load(path)
    model.metadata_props.add(key=CARD, value=card)
    return model.SerializeToString()


def store_compactly(path: Path) -> None:
    """Shrink an ONNX file: large weights as float16, the largest as int8 times a float32 step for each output channel.

    The nodes that make float32 of them again have constant inputs: ONNX Runtime computes them once, when it loads the file.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(path)
    graph = model.graph
    nodes = []
    for tensor in list(graph.initializer):
        values, name = numpy_helper.to_array(tensor), tensor.name
        if tensor.data_type != TensorProto.FLOAT or values.size < HALF_FROM:
            continue
        graph.initializer.remove(tensor)
        if values.size < BYTE_FROM:
            graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
            nodes.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
            continue
        steps, step = in_steps(values)
        graph.initializer.extend([numpy_helper.from_array(steps, f"{name}.steps"), numpy_helper.from_array(step, f"{name}.step")])
        nodes.append(helper.make_node("Cast", [f"{name}.steps"], [f"{name}.whole"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.whole", f"{name}.step"], [name]))
    for node in reversed(nodes):
        graph.node.insert(0, node)
    onnx.save(model, path)


def in_steps(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights as int8 numbers of steps, and the float32 step of each output channel (the first axis); their product is close."""
    largest = np.abs(values).max(axis=tuple(range(1, values.ndim)), keepdims=True)
    step = np.where(largest > 0, largest / np.iinfo(np.int8).max, 1).astype(np.float32)
    return np.round(values / step).astype(np.int8), step


def save_half(weights: Path, target: Path) -> None:
    """Copy weights with floats in 16 bits. The copy ships beside the ONNX file, to continue training from."""
    tensors = {name: within(t, torch.float16).half() if t.is_floating_point() else t for name, t in load_file(weights).items()}
    write_file(target, save(tensors))
