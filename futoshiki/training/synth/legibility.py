"""Which clues of a board a photo shows too badly for anybody to read: too faint, too small, too blurred, or lost in noise.

What stands in a block of the flat board is compared with what was drawn there. What the photo shows of it is the difference to
a second photo of the same page without ink, in the same light and with other sensor noise. Its correlation with the drawn ink
falls with the contrast and the sharpness of the photo, and with all that hides the ink.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from futoshiki.geometry import TINY
from futoshiki.networks.canvas import BLOCK, lattice_map
from futoshiki.training.synth.board import Blocks, BoardTruth

LEGIBLE = 0.6
"""Correlation below which a clue counts as illegible; chosen by looking at clues in the order of it."""


@dataclass(frozen=True)
class Exposure:
    """A photo (H x W x 3 uint8), another one of the same page without ink, and the drawn ink as it would be seen without any
    fault of the camera (H x W x 3 float32, in grey levels).
    """

    photo: np.ndarray
    blank: np.ndarray
    ink: np.ndarray

    def illegible(self, board: BoardTruth) -> Blocks:
        """The blocks of a board's clues and entries that cannot be read."""
        shown = _blocks(self._flat(self.photo, board) - self._flat(self.blank, board))
        drawn = _blocks(self._flat(self.ink, board))
        energy = (shown**2).sum(axis=-1) * (drawn**2).sum(axis=-1)
        likeness = (shown * drawn).sum(axis=-1) / np.sqrt(np.maximum(energy, TINY))
        return tuple(block for block in board.marked_blocks if likeness[block] < LEGIBLE)

    def _flat(self, pixels: np.ndarray, board: BoardTruth) -> np.ndarray:
        source = lattice_map(board.cells)
        flat = cv2.remap(pixels, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return flat.astype(np.float32)


def _blocks(flat: np.ndarray) -> np.ndarray:
    """The pixels of each block of a flat board (S x S x 3), as differences from their mean: 2N+1 x 2N+1 x K."""
    count = len(flat) // BLOCK
    blocks = flat.reshape(count, BLOCK, count, BLOCK, -1).swapaxes(1, 2)
    return (blocks - blocks.mean(axis=(2, 3), keepdims=True)).reshape(count, count, -1)
