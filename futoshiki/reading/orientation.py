"""Which way a board has to be turned to be read: by how its digits stand, by the text around it, or by other boards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from futoshiki.geometry import Orientation
from futoshiki.networks.clues import cells_of, upright_of
from futoshiki.networks.engine import Runner
from futoshiki.reading.board import Board

Votes = dict[Orientation, float]
"""Nats of evidence for each orientation; empty where nothing tells."""

PRIOR: Votes = {
    **{Orientation(turns): odds for turns, odds in enumerate((0.0, -2.0, -4.0, -2.0))},
    **{Orientation(turns, mirrored=True): odds for turns, odds in enumerate((-6.0, -8.0, -10.0, -8.0))},
}
"""Log-odds of each orientation against the photo's own one: most photos are upright, and only a webcam's preview is
mirrored."""
SURE = 6.0
"""Nats of evidence above which no other orientation, and no text, is looked at. No single cell can give more."""
HOLDS_DIGIT = 0.5
"""Probability of a digit above which a cell takes part in the vote."""


class FlatBoard:
    """A flat board (3 x S x S) and the clue network's outputs for it in each orientation, computed when first needed."""

    def __init__(self, canvas: np.ndarray, network: Runner) -> None:
        self.canvas, self._network = canvas, network
        self._outputs: dict[Orientation, np.ndarray] = {}

    def output(self, orientation: Orientation) -> np.ndarray:
        """The output for the board, turned."""
        return self.outputs([orientation])[orientation]

    def outputs(self, orientations: Iterable[Orientation]) -> dict[Orientation, np.ndarray]:
        """The outputs for several orientations; those not known yet are computed in one batch."""
        wanted = list(orientations)
        missing = [orientation for orientation in wanted if orientation not in self._outputs]
        if missing:
            batch = np.ascontiguousarray(np.stack([turned(self.canvas, orientation) for orientation in missing]))
            self._outputs.update(zip(missing, self._network(batch), strict=True))
        return {orientation: self._outputs[orientation] for orientation in wanted}


def turned(canvas: np.ndarray, orientation: Orientation) -> np.ndarray:
    """A flat board (3 x S x S), turned."""
    return orientation.apply(canvas.transpose(1, 2, 0)).transpose(2, 0, 1)


def find_orientation(
    board: FlatBoard, magnified: Callable[[], FlatBoard], by_text: Callable[[], Votes] | None = None, by_page: Votes | None = None
) -> tuple[Orientation, float]:
    """The most likely orientation, and its margin in nats over the runner-up.

    `magnified` gives the same board with its cells enlarged, which is looked at if the digits leave doubt. `by_text` gives
    the votes of the text around the board, and is called if they still do. `by_page` are those of the page's other boards, which
    count as much as the digits do.
    """
    upright = board.output(Orientation())
    evidence = _evidence(_holds_digit(upright)[None], _stands_upright(upright)[None])
    if evidence and evidence[0] > SURE and not by_page:
        return Orientation(), evidence[0]
    votes = combined(_by_digits(board, magnified) if evidence else {}, by_page or {})
    if by_text and (not votes or most_likely(votes)[1] < SURE):
        votes = combined(votes, by_text())
    return most_likely(votes)


def _by_digits(board: FlatBoard, magnified: Callable[[], FlatBoard]) -> Votes:
    """The votes of the digits. Mirror images are tried if the digits stand upright in no other orientation."""
    boards = [board]
    turns = [orientation for orientation in PRIOR if not orientation.mirrored]
    votes = _votes(boards, turns)
    if not is_settled(votes):
        boards.append(magnified())
        votes = _votes(boards, turns)
    if votes and max(votes.values()) < 0:
        votes = _votes(boards, list(PRIOR))
    return votes


def _votes(boards: Sequence[FlatBoard], orientations: Sequence[Orientation]) -> Votes:
    """The mean votes of several canvases of one board; empty without digits."""
    outputs = [board.outputs(orientations) for board in boards]
    turns = [orientation for orientation in orientations if not orientation.mirrored]  # a mirror image has the same digits
    held = np.array([way.inverse.apply(_holds_digit(seen[way])) for seen in outputs for way in turns])
    stands = np.array([[way.inverse.apply(_stands_upright(seen[way])) for way in orientations] for seen in outputs])
    return dict(zip(orientations, _evidence(held, stands.mean(axis=0)), strict=False))


def is_settled(votes: Votes) -> bool:
    """Whether the digits stand upright in one orientation so much rather than in any other that no other canvas is needed."""
    return bool(votes) and max(votes.values()) > 0 and most_likely(votes)[1] > SURE


def combined(votes: Votes, around: Votes) -> Votes:
    """The votes of a board and of what stands around it; that tells nothing about a mirror image."""
    if not votes or not around:
        return votes or around
    most = max(around.values())
    return {orientation: nats + around.get(orientation, most) - most for orientation, nats in votes.items()}


def page_votes(board: Board, others: Iterable[tuple[Board, Orientation, float]]) -> Votes:
    """The votes of other boards on the page, which stand as this one does; empty if none of them is sure.

    Each of the `others` comes with its orientation and the margin of that in nats.
    """
    votes: Votes = {}
    for other, orientation, margin in others:
        if np.isfinite(margin) and margin > SURE and not orientation.mirrored:
            apart = round((_angle(other) - _angle(board)) / (np.pi / 2))  # quarter turns, where the page lies aslant
            way = Orientation((orientation.turns - apart) % 4)
            votes[way] = votes.get(way, 0.0) + SURE
    return {way: votes.get(way, 0.0) for way in PRIOR if not way.mirrored} if votes else {}


def _angle(board: Board) -> float:
    """The direction of a board's rows in the photo, in radians."""
    x, y = board.cells[0, -1] - board.cells[0, 0]
    return float(np.arctan2(y, x))


def most_likely(votes: Votes) -> tuple[Orientation, float]:
    """Most likely orientation and its margin (nats) over the runner-up, prior included.

    Without votes: the photo's own orientation, with an infinite margin.
    """
    if not votes:
        return Orientation(), np.inf
    odds = {orientation: nats + PRIOR[orientation] for orientation, nats in votes.items()}
    best, second = sorted(odds, key=lambda orientation: -odds[orientation])[:2]
    return best, odds[best] - odds[second]


def _holds_digit(output: np.ndarray) -> np.ndarray:
    """N x N probabilities that a cell is not blank."""
    return 1 - np.exp(cells_of(output)[0])


def _stands_upright(output: np.ndarray) -> np.ndarray:
    """N x N nats for "what stands in this cell stands upright", limited so that no cell decides alone."""
    return np.clip(upright_of(output), -SURE, SURE)


def _evidence(held: np.ndarray, stands: np.ndarray) -> list[float]:
    """Nats for "the digits stand upright" in each orientation (W x N x N in the frame of the photo); empty without digits.

    The voting cells are the same for all orientations: those that hold a digit by the mean of several outputs (K x N x N).
    Otherwise a spot would vote in the orientations that take it for a digit, and be silent in the others.
    """
    mean = held.mean(axis=0)
    digits = mean > HOLDS_DIGIT
    return [float((mean * nats)[digits].sum()) for nats in stands] if digits.any() else []
