"""What a source of frames gives: a frame, or the news that there is none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class VideoFrame:
    """A frame, H x W x 3 uint8 RGB, and its time in seconds since the source was opened."""

    pixels: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Gap:
    """A moment without a new frame, `seconds` after the source was opened and `silent` seconds after the last frame.

    `note` says what is going on once that takes longer than usual; None until then.
    """

    seconds: float
    silent: float
    note: str | None = None
