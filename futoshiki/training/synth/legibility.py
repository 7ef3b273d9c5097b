"""Which clues of a board a photo shows too badly for anybody to read: too faint, too small, too blurred, or lost in noise.

What stands in a block of the flat board is compared with what was drawn there. What the photo shows of it is the difference to
a second photo of the same page without ink, in the same light and with other sensor noise. Its correlation with the drawn ink
falls with the contrast and the sharpness of the photo, and with all that hides the ink. A sign of two or three pixels correlates
with its mirror image just as well: then the photo does not tell its direction. A digit of a few pixels fits another digit as
well: then the photo shows that something stands there, but not what.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from futoshiki.geometry import TINY, mean_pitch
from futoshiki.networks.canvas import BLOCK, lattice_map
from futoshiki.training.synth.board import BoardTruth

LEGIBLE = 0.6
"""Correlation below which a clue counts as illegible; chosen by looking at clues in the order of it."""
TELLING = 0.03
"""How much better than its mirror image a sign must fit, as a difference of correlations; chosen by looking at signs in the
order of it."""
DISTINCT = 1.5
"""How much better than the others of its board a digit must fit, in standard deviations of what else is seen; chosen by looking
at digits in the order of it."""
SLIPS = range(-2, 3)
"""Shifts in pixels of the flat board, along both axes, at which a digit is compared with others."""
SHIFTS = range(-4, 5)
"""Shifts in pixels of the flat board at which a sign and its mirror image are compared: signs are not exactly centred."""


@dataclass(frozen=True)
class Exposure:
    """A photo (H x W x 3 uint8), another one of the same page without ink, and the drawn ink as it would be seen without any
    fault of the camera (H x W x 3 float32, in grey levels).
    """

    photo: np.ndarray
    blank: np.ndarray
    ink: np.ndarray

    def judged(self, board: BoardTruth, covered: Iterable[tuple[int, int]] = ()) -> BoardTruth:
        """A board with its `hidden` blocks, which are covered or hold a clue or an entry that is hardly seen, and with the
        others that do not tell which way a sign points or which digit is printed as `vague`.
        """
        shown = _blocks(self._flat(self.photo, board) - self._flat(self.blank, board))
        drawn = _blocks(self._flat(self.ink, board))
        likeness = _overlap(shown, drawn) / _energy(shown, drawn)
        hidden = {*covered, *(block for block in board.marked_blocks if likeness[block] < LEGIBLE)}
        is_vague = np.zeros(likeness.shape, bool)
        is_vague[1::2, ::2] = _is_vague(shown[1::2, ::2], drawn[1::2, ::2], 1)
        is_vague[::2, 1::2] = _is_vague(shown[::2, 1::2], drawn[::2, 1::2], 0)
        vague = {*_vague_digits(shown, drawn, board), *(block for block in board.sign_blocks if is_vague[block])}
        return replace(board, hidden=tuple(sorted(hidden)), vague=tuple(sorted(vague - hidden)))

    def _flat(self, pixels: np.ndarray, board: BoardTruth) -> np.ndarray:
        source = lattice_map(board.cells)
        flat = cv2.remap(pixels, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return flat.astype(np.float32)


def _vague_digits(shown: np.ndarray, drawn: np.ndarray, board: BoardTruth) -> Iterator[tuple[int, int]]:
    """The blocks of printed digits that fit hardly better than another digit printed on the board, wherever that lies.

    How much better is measured along the difference of the two, against what the photo shows besides the digit. Where the photo
    has fewer pixels than the flat board, their noise is shared by several of its pixels, so more is asked for.
    """
    digits = {(2 * row + 1, 2 * column + 1): value for row, column, value in board.puzzle.given_cells}
    if len(set(digits.values())) < 2:
        return
    values = np.array([*digits.values()])
    seen, own = (np.array([blocks[block] for block in digits]) for blocks in (shown, drawn))
    moved = np.concatenate([np.roll(own, shift, (1, 2)) for shift in itertools.product(SLIPS, SLIPS)])
    energy, moved_energy = _overlap(own, own), _overlap(moved, moved)[:, None]
    contrast = _overlap(seen, own) / np.maximum(energy, TINY)
    with_seen, with_own = (moved.reshape(len(moved), -1) @ blocks.reshape(len(blocks), -1).T for blocks in (seen, own))
    fit = contrast * (energy + moved_energy) / 2 - with_seen
    better = fit / np.sqrt(np.maximum(energy + moved_energy - 2 * with_own, TINY))
    better[np.tile(values, len(SLIPS) ** 2)[:, None] == values] = np.inf
    noise = (seen - contrast[:, None, None, None] * own).std(axis=(1, 2, 3))
    scale = min(mean_pitch(board.cells) / (2 * BLOCK), 1.0)
    yield from itertools.compress(digits, scale * better.min(axis=0) < DISTINCT * noise)


def _is_vague(shown: np.ndarray, drawn: np.ndarray, axis: int) -> np.ndarray:
    """Whether blocks (... x B x B x 3) are hardly more like what was drawn than like its mirror image, wherever that lies.

    What was drawn is mirrored and shifted along `axis`: 0 is from top to bottom, 1 from left to right.
    """
    axis += shown.ndim - 3

    def best(ink: np.ndarray) -> np.ndarray:
        return np.max([_overlap(shown, np.roll(ink, shift, axis)) for shift in SHIFTS], axis=0)

    return best(drawn) - best(np.flip(drawn, axis)) < TELLING * _energy(shown, drawn)


def _overlap(shown: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The sum of the products of blocks' pixels (... x B x B x 3, differences from their mean); over `_energy`, a correlation."""
    return (shown * drawn).sum(axis=(-3, -2, -1))


def _energy(shown: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The overlap of blocks that are alike."""
    return np.sqrt(np.maximum(_overlap(shown, shown) * _overlap(drawn, drawn), TINY))


def _blocks(flat: np.ndarray) -> np.ndarray:
    """The pixels of each block of a flat board (S x S x 3), as differences from their mean: 2N+1 x 2N+1 x B x B x 3."""
    count = len(flat) // BLOCK
    blocks = flat.reshape(count, BLOCK, count, BLOCK, -1).swapaxes(1, 2)
    return blocks - blocks.mean(axis=(2, 3), keepdims=True)
