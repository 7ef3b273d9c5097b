"""Telling what a player has written by hand from what is printed, on the flat board, cell by cell."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from futoshiki.puzzle import Grid
from futoshiki.vision.board import Board
from futoshiki.vision.photo import Photo
from futoshiki.vision.recognize import log_softmax
from futoshiki.vision.rectify import BLOCK, board_canvas

EntryNetwork = Callable[[np.ndarray], np.ndarray]
"""B x 1 x 40 x 40 float32 cells in, B x 11 logits out: nothing, 1 to 9, print; see `training.models.EntryNet`."""

CELL = 2 * BLOCK
"""Pixels of a cell's picture: one pitch."""
PRINTED = 10
SURE, LIKELY = 0.7, 0.3
"""Probability of a digit by hand that one cell of a board must reach before any is believed, and then the others:
who has written one has written more."""
INK = 0.35
"""Deviation of the middle of a cell, in units of the board's contrast, below which nothing can stand there."""


def read_entries(photo: Photo, upright: Board, givens: Grid, network: EntryNetwork) -> tuple[tuple[int, int, int], ...]:
    """(r, c, digit) of every cell that holds a digit by hand; `upright` is the board the right way up.

    `givens` is what the recogniser of printed clues read: where it read a digit, that is the digit,
    and the only question is whether somebody has written it.
    """
    pictures = cell_pictures(board_canvas(photo.grey, upright.cells.astype(np.float32)))
    n = upright.size
    places = [(r, c) for r in range(n) for c in range(n) if _inked(pictures[r, c])]
    if not places:
        return ()
    probabilities = np.exp(log_softmax(network(np.stack([pictures[place] for place in places])[:, None]).T)).T
    entries = {}
    for (r, c), chances in zip(places, probabilities, strict=True):
        by_hand = chances[1 : n + 1]
        digit = givens[r][c] or int(by_hand.argmax()) + 1
        entries[r, c, digit] = float(by_hand.sum() if givens[r][c] else by_hand.max())
    if max(entries.values()) < SURE:
        return ()
    return tuple(entry for entry, chance in entries.items() if chance >= LIKELY)


def cell_pictures(canvas: np.ndarray) -> np.ndarray:
    """N x N x CELL x CELL views of the cells on a board's canvas (S x S; see `vision.rectify`), without copying."""
    windows = np.lib.stride_tricks.sliding_window_view(canvas, (CELL, CELL))
    return windows[BLOCK // 2 :: CELL, BLOCK // 2 :: CELL]


def _inked(picture: np.ndarray) -> bool:
    quarter = CELL // 4
    return bool(picture[quarter:-quarter, quarter:-quarter].std() > INK)
