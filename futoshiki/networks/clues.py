"""The clue network: digits in cells, signs on edges, what stands upright, and what is written by hand, for a whole board.

Its input is the flat board (see `networks.canvas`), its output one vector of logits for each block of half a pitch.
"""

from __future__ import annotations

import numpy as np

from futoshiki.networks.engine import Spec, log_softmax

MAX_DIGIT = 9
"""The largest digit that is read; boards of 10 and more would need two characters in a cell."""
NO_SIGN, LESS, GREATER, UP, DOWN, UPRIGHT = range(MAX_DIGIT + 1, MAX_DIGIT + 7)
"""Output channels after blank and the digits: no sign, `<`, `>`, `∧`, `∨`, and "what stands in this cell stands upright"."""
BY_HAND = UPRIGHT + 1
"""The first of the channels that say what is written by hand: nothing, 1 to 9, and "this is printed"."""
PRINTED = MAX_DIGIT + 1
"""Channel of a printed digit, counted from `BY_HAND`."""
CLUES = Spec(
    "clues", ("batch", 3, "side", "side"), "float32", ("batch", 27, "blocks", "blocks"),
    ("blank", *"123456789", "none", "<", ">", "∧", "∨", "upright",
     "unwritten", *(f"{digit} by hand" for digit in range(1, MAX_DIGIT + 1)), "printed"),
    "flat boards, side = 20 (2N + 1), see networks/canvas.py; logits of 2N + 1 x 2N + 1 blocks",
)  # fmt: skip
RULED_OUT = -50.0
"""Log-probability of an impossible value."""


def cells_of(output: np.ndarray) -> np.ndarray:
    """Log-probabilities of cells, 10 x N x N: blank, 1 to 9; `output` is that for one board."""
    return log_softmax(output[:NO_SIGN, 1::2, 1::2])


def across_of(output: np.ndarray) -> np.ndarray:
    """Log-probabilities of the edges inside rows, 3 x N x N-1: none, `<`, `>`."""
    return log_softmax(output[[NO_SIGN, LESS, GREATER], 1::2, 2:-1:2])


def down_of(output: np.ndarray) -> np.ndarray:
    """Log-probabilities of the edges inside columns, 3 x N-1 x N: none, `∧`, `∨`."""
    return log_softmax(output[[NO_SIGN, UP, DOWN], 2:-1:2, 1::2])


def upright_of(output: np.ndarray) -> np.ndarray:
    """Logits of "what stands in this cell stands upright", N x N."""
    return output[UPRIGHT, 1::2, 1::2]


def by_hand_of(output: np.ndarray) -> np.ndarray:
    """Log-probabilities of what is written by hand in cells, 11 x N x N: nothing, 1 to 9, and that a digit is printed."""
    return log_softmax(output[BY_HAND:, 1::2, 1::2])
