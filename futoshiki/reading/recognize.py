"""Reading the clues of a board: log-probabilities for every cell and edge, in the puzzle's own orientation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from futoshiki.geometry import Orientation
from futoshiki.networks.canvas import LARGE_CELLS, LARGE_SIGNS, PLAIN, Lens, board_canvas
from futoshiki.networks.clues import MAX_DIGIT, RULED_OUT, across_of, by_hand_of, cells_of, down_of
from futoshiki.networks.engine import Runner, log_softmax
from futoshiki.photo import Photo
from futoshiki.reading.board import Board
from futoshiki.reading.ink import ink_looks
from futoshiki.reading.orientation import FlatBoard, Votes, find_orientation, turned
from futoshiki.reading.scores import ClueScores, expected_errors, pooled

SHIFTS = ((0.04, 0.04), (-0.04, -0.04))
"""Shifts of the board, in pitches, with which it is read again in doubt."""
SHARP = 0.1
"""Expected errors in the signs below which they are not magnified."""
CLEARLY_LESS = 0.7
"""Ratio of the expected errors in magnified signs to those in the others below which the magnified ones count."""
CLEAR = 0.9
"""Probability of the least certain place above which one look is enough."""


def recognize(
    photo: Photo, board: Board, network: Runner, by_text: Callable[[], Votes] | None = None, by_page: Votes | None = None
) -> Iterator[ClueScores]:
    """What a board shows in its most likely orientation: at a first look and, if any place is then in doubt, at a closer one.

    `network` is the clue network; for `by_text` and `by_page` see `find_orientation`. The closer look costs three or four times
    as much: the board is read again with small shifts, and the log-probabilities are averaged (test-time augmentation). It is
    also read with its cells magnified; of the two readings of the cells the one with less doubt is taken. If signs are in
    doubt, they are magnified, too, and averaged with the others if they leave clearly less doubt; alone they are too sure of
    blurred signs.
    """
    cells = board.cells.astype(np.float32)

    def flat(shift: tuple[float, float] = (0.0, 0.0), lens: Lens = PLAIN) -> np.ndarray:
        moved = cells + np.array(shift, np.float32) * board.pitch if any(shift) else cells
        return board_canvas(photo.pixels, moved, lens=lens)

    seen = FlatBoard(flat(), network)
    orientation, margin = find_orientation(seen, lambda: FlatBoard(flat(lens=LARGE_CELLS), network), by_text, by_page)
    scores = scores_of(seen.output(orientation), orientation, margin)
    scores = replace(scores, inks=ink_looks(turned(seen.canvas, orientation)))
    yield scores
    if scores.surest_below > CLEAR:
        return
    lenses = [LARGE_CELLS] if _doubt_in_signs(scores) < SHARP else [LARGE_CELLS, LARGE_SIGNS]
    canvases = [*(flat(shift) for shift in SHIFTS), *(flat(lens=lens) for lens in lenses)]
    outputs = network(np.ascontiguousarray(np.stack([turned(canvas, orientation) for canvas in canvases])))
    looks = [scores_of(output, orientation, margin) for output in outputs]
    mean, (closer, *signs) = pooled([scores, *looks[: len(SHIFTS)]]), looks[len(SHIFTS) :]
    surer = min(mean, closer, key=_doubt_in_cells)
    signed = pooled([mean, *(look for look in signs if _doubt_in_signs(look) < CLEARLY_LESS * _doubt_in_signs(mean))])
    yield replace(mean, cells=surer.cells, too_large=surer.too_large, across=signed.across, down=signed.down)


def _doubt_in_cells(look: ClueScores) -> float:
    return expected_errors(look.cells) + min(look.too_large, 1 - look.too_large)


def _doubt_in_signs(look: ClueScores) -> float:
    return expected_errors(look.across) + expected_errors(look.down)


def scores_of(output: np.ndarray, orientation: Orientation, margin: float) -> ClueScores:
    """The scores in the clue network's output for one board; digits larger than its size are ruled out."""
    cells = cells_of(output)
    size = cells.shape[1]
    too_large = 0.0
    if size < MAX_DIGIT:
        too_large = float(np.exp(cells[size + 1 :]).sum(axis=0).max())
        cells = log_softmax(np.concatenate([cells[: size + 1], np.full_like(cells[size + 1 :], RULED_OUT)]))
    tables = (cells, across_of(output), down_of(output), by_hand_of(output))
    cells, across, down, by_hand = (np.moveaxis(table, 0, -1) for table in tables)
    return ClueScores(cells, across, down, orientation, margin, too_large, by_hand)
