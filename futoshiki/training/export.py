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
from futoshiki.training.trainable import Trainable

TOLERANCE = 0.03
"""Largest difference between torch and ONNX, of probabilities or relative to the largest logit. It is not zero because
weights are stored in 16 bits."""
HALF_FROM = 256
"""Tensors of at least this many values are stored as float16, and widened when the network is loaded. Smaller ones would
save nothing."""
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
        store_half(path)
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


def store_half(path: Path) -> None:
    """Halve the size of an ONNX file: weights as float16, each with a cast that ONNX Runtime folds when it loads the file."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(path)
    graph = model.graph
    casts = []
    for tensor in list(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < HALF_FROM:
            continue
        name = tensor.name
        graph.initializer.remove(tensor)
        graph.initializer.append(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    onnx.save(model, path)


def save_half(weights: Path, target: Path) -> None:
    """Copy weights with floats in 16 bits. The copy ships beside the ONNX file, to continue training from."""
    tensors = {name: t.half() if t.is_floating_point() else t for name, t in load_file(weights).items()}
    write_file(target, save(tensors))
