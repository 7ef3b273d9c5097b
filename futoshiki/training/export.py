"""From trained weights to what is shipped: ONNX, checked against torch, with a model card."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from futoshiki.networks.engine import Network
from futoshiki.reading.canvas import canvas_side
from futoshiki.reading.handwriting import CELL
from futoshiki.reading.page_text import TILE
from futoshiki.training.grid import MEAN, STD
from futoshiki.training.models import GRID_CHANNELS, ClueNet, EntryNet, TextNet, grid_model, load_all

TOLERANCE = 0.03
"""Largest difference between torch and ONNX, of probabilities or relative to the largest logit: weights are stored in 16 bits."""
HALF_FROM = 256
"""Tensors with at least this many values are stored as float16 and widened when the network is loaded."""
CLUE_CLASSES = ("blank", *"123456789", "none", "<", ">", "∧", "∨", "upright")


class GridExport(nn.Module):
    """The grid network with its input and output as users have them: RGB bytes in, probabilities out."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model
        self.mean = nn.Buffer(torch.from_numpy(MEAN).view(1, 3, 1, 1))
        self.std = nn.Buffer(torch.from_numpy(STD).view(1, 3, 1, 1))

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """B x H x W x 3 uint8 to B x C x H x W probabilities."""
        pixels = image.permute(0, 3, 1, 2).float()
        return torch.sigmoid(self.model((pixels - self.mean) / self.std))


def export_grid(
    weights: Path, folder: Path, *, data: str, seed: int, metrics: dict[str, float], classes: Sequence[str] = GRID_CHANNELS,
    **model: Any,
) -> Path:  # fmt: skip
    """Write grid.onnx and its card; `classes` names the output channels."""
    network = GridExport(grid_model(weights=None, classes=len(classes), **model))
    network.model.load_state_dict(load_file(weights))
    example = torch.zeros(1, 256, 256, 3, dtype=torch.uint8)
    sample = torch.from_numpy(np.random.default_rng(0).integers(0, 255, (1, 320, 256, 3), dtype=np.uint8))
    card = {
        "input": "image: 1 x H x W x 3 uint8 RGB, H and W multiples of 32; output 1 x C x H x W probabilities",
        "classes": list(classes), "data": data, "seed": seed, "metrics": metrics,
    }  # fmt: skip
    return _export(network, example, sample, {1: "height", 2: "width"}, folder, "grid", card)


def export_clues(weights: Path, folder: Path, *, data: str, seed: int, metrics: dict[str, float]) -> Path:
    """Write clues.onnx and its card."""
    network = ClueNet()
    load_all(network, weights)
    example = torch.zeros(1, 3, canvas_side(5), canvas_side(5))
    sample = torch.randn(2, 3, canvas_side(7), canvas_side(7), generator=torch.Generator().manual_seed(0))
    card = {
        "input": "canvas: B x 3 x S x S float32, S = 20 (2N + 1), see vision/rectify.py; output B x 16 x 2N+1 x 2N+1 logits",
        "classes": CLUE_CLASSES, "data": data, "seed": seed, "metrics": metrics,
    }  # fmt: skip
    return _export(network, example, sample, {0: "batch", 2: "side", 3: "side"}, folder, "clues", card)


def export_entries(weights: Path, folder: Path, *, data: str, seed: int, metrics: dict[str, float]) -> Path:
    """Write entries.onnx and its card."""
    card = {
        "input": f"cells: B x 1 x {CELL} x {CELL} float32, one pitch each, see vision/entries.py; output B x 11 logits",
        "classes": ("nothing", *"123456789", "print"), "data": data, "seed": seed, "metrics": metrics,
    }  # fmt: skip
    return _export_patches(EntryNet(), weights, CELL, folder, "entries", card)


def export_text(weights: Path, folder: Path, *, data: str, seed: int, metrics: dict[str, float]) -> Path:
    """Write text.onnx and its card."""
    card = {
        "input": f"tiles: B x 1 x {TILE} x {TILE} float32, see vision/text.py; output B x 4 logits, clockwise quarter turns",
        "classes": ("0", "1", "2", "3"), "data": data, "seed": seed, "metrics": metrics,
    }  # fmt: skip
    return _export_patches(TextNet(), weights, TILE, folder, "text", card)


def _export_patches(network: nn.Module, weights: Path, side: int, folder: Path, name: str, card: dict[str, Any]) -> Path:
    """Export a network on patches of `side` x `side` pixels."""
    network.load_state_dict(load_file(weights))
    sample = torch.randn(3, 1, side, side, generator=torch.Generator().manual_seed(0))
    return _export(network, sample[:1], sample, {0: "batch"}, folder, name, card)


def store_half(path: Path) -> None:
    """Halve an ONNX file: weights as float16, each followed by a cast that ONNX Runtime folds when it loads."""
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
    """Copy weights with floats in 16 bits: what ships beside the ONNX file to go on training from."""
    tensors = {name: t.half() if t.is_floating_point() else t for name, t in load_file(weights).items()}
    save_file(tensors, target)


def _export(
    network: nn.Module, example: torch.Tensor, sample: torch.Tensor, axes: dict[int, str], folder: Path, name: str,
    card: dict[str, Any],
) -> Path:  # fmt: skip
    network.eval()
    path = folder / f"{name}.onnx"
    folder.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # the newer exporter wants a proof that H and W divide by 32 through all of the decoder
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network, (example,), str(path), input_names=["input"], output_names=["output"],
            dynamic_axes={"input": axes}, opset_version=17, dynamo=False,
        )  # fmt: skip
    store_half(path)
    with torch.no_grad():
        wanted = network(sample).numpy()
    difference = float(np.abs(Network(path)(sample.numpy()) - wanted).max() / max(1.0, float(np.abs(wanted).max())))
    if difference > TOLERANCE:
        raise ValueError(f"{path}: ONNX differs from torch by {difference:.2g}, more than {TOLERANCE}")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    full = {"name": name, "file": path.name, "sha256": digest, **card}
    path.with_suffix(".json").write_text(json.dumps(full, indent=1, ensure_ascii=False) + "\n")
    return path
