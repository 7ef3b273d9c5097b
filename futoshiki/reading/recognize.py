"""Reading the clues of a board: log-probabilities for every cell and edge, in the right way up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.geometry import Orientation, mean_pitch
from futoshiki.photo import Photo
from futoshiki.puzzle import Clue, Puzzle
from futoshiki.reading.canvas import MAGNIFIED, board_canvas
from futoshiki.reading.close_up import Board

ClueNetwork = Callable[[np.ndarray], np.ndarray]
"""B x 3 x S x S float32 canvases in, B x 16 x L x L logits out; see `training.models.ClueNet`."""

ByText = Callable[[], dict[Orientation, float]]
"""Nats for each way up from what stands around the board, see `vision.text`."""

RULED_OUT = -50.0
"""Log-probability of what cannot be."""
NO_SIGN, LESS, GREATER, UP, DOWN, UPRIGHT = 10, 11, 12, 13, 14, 15
PRIOR = {
    **{Orientation(turns): odds for turns, odds in enumerate((0.0, -2.0, -4.0, -2.0))},
    **{Orientation(turns, mirrored=True): odds for turns, odds in enumerate((-6.0, -8.0, -10.0, -8.0))},
}
"""Log-odds of each way up against the one in which the photo shows the page: most photos are upright, and
only a webcam's preview is mirrored."""
SHIFTS = ((0.04, 0.04), (-0.04, -0.04))
"""Pitches by which the board is shifted when it is read again in doubt."""
CLEAR = 0.9
"""Probability of the least certain element from which one look is enough."""
NEARLY_FULL = 0.9
"""Share of the cells with a digit from which a board may be a finished one."""
A_DIGIT = 0.5
"""Probability from which a cell is asked whether what it holds stands upright."""
SURE_UPRIGHT = 6.0
"""Nats of evidence for the photo's own way up that make a look at the others, and at the page's text, needless."""


@dataclass(frozen=True, eq=False)
class ClueScores:
    """What the recogniser saw, as log-probabilities in the puzzle's own orientation.

    `cells` N x N x 10: blank, 1 to 9. `across` N x N-1 x 3: none, <, >. `down` N-1 x N x 3: none,
    ∧ (upper cell is less), ∨. `orientation` is how the board as it lies in the photo was turned;
    `margin` the nats by which that beats the next best way up. `too_large` is the highest probability that a cell holds
    a digit for which the board is too small: then it may be a part of a larger one. `canvas` is the board as it was seen,
    laid flat and turned the right way up (3 x S x S, see `vision.rectify`); None where nothing was seen.
    """

    cells: np.ndarray
    across: np.ndarray
    down: np.ndarray
    orientation: Orientation
    margin: float
    too_large: float = 0.0
    canvas: np.ndarray | None = None

    @property
    def size(self) -> int:
        """N."""
        return len(self.cells)

    @property
    def misread_share(self) -> float:
        """Share of the elements that are to be expected wrong if the likeliest values are taken."""
        tables = self.cells, self.across, self.down
        return sum(map(misreads, tables)) / sum(table[..., 0].size for table in tables)

    @property
    def may_be_full(self) -> bool:
        """Whether nearly every cell's likeliest value is a digit."""
        return float((self.cells.argmax(axis=-1) > 0).mean()) > NEARLY_FULL

    def in_print(self, by_hand: np.ndarray) -> ClueScores:
        """The scores of what is printed, where each cell's digit was written by hand with probability `by_hand` (N x N)."""
        cells = np.exp(self.cells)
        cells[..., 0] += (by_hand * (1 - cells[..., 0])).astype(cells.dtype)
        cells[..., 1:] *= 1 - by_hand[..., None]
        return replace(self, cells=np.log(np.maximum(cells, np.exp(RULED_OUT))))

    def settled(self, clues: Iterable[Clue]) -> ClueScores:
        """The scores with those clues beyond doubt.

        Raises:
            EntryError: a clue does not fit a board of this size.
        """
        tables = {"cells": self.cells.copy(), "across": self.across.copy(), "down": self.down.copy()}
        for clue in clues:
            puzzle = Puzzle.blank(self.size).with_clue(clue)
            if clue.cell:
                row, value = tables["cells"][clue.cell], clue.value
            else:
                r1, c1, r2, c2 = clue.sign or (0, 0, 0, 0)
                row = tables["across" if r1 == r2 else "down"][min(r1, r2), min(c1, c2)]
                value = 0 if not puzzle.less else 1 if (r1, c1) < (r2, c2) else 2
            row[:] = RULED_OUT
            row[value] = 0.0
        return replace(self, cells=tables["cells"], across=tables["across"], down=tables["down"])


def recognize(photo: Photo, board: Board, network: ClueNetwork, by_text: ByText | None = None) -> ClueScores:
    """Read the board in the most likely of its orientations; `by_text` is asked for it where no digit tells surely.

    Mirror images are tried when no other way fits. Where an element is in doubt, the board is read again with
    small shifts, and their log-probabilities are averaged (test-time augmentation; a logarithmic opinion pool:
    Heskes, 1998), and with its cells magnified, which is believed where it leaves less doubt.
    """
    cells = board.cells.astype(np.float32)
    canvas = board_canvas(photo.pixels, cells)
    output, way, margin = _upright(photo.pixels, cells, canvas, network, by_text)
    scores = replace(_scores(output, way, margin), canvas=_turned(canvas, way))
    if min(np.exp(table.max(axis=-1)).min() for table in (scores.cells, scores.across, scores.down)) > CLEAR:
        return scores
    canvases = [board_canvas(photo.pixels, cells + np.array(shift, np.float32) * mean_pitch(cells)) for shift in SHIFTS]
    canvases.append(board_canvas(photo.pixels, cells, magnify=MAGNIFIED))
    *shifted, closer = (_scores(other, way, margin) for other in _read(canvases, [way], network))
    pooled = _pooled([scores, *shifted])
    return replace(pooled, cells=min(pooled.cells, closer.cells, key=misreads))


def misreads(table: np.ndarray) -> float:
    """Number of elements that are to be expected wrong in log-probabilities (... x classes)."""
    return float((1 - np.exp(table.max(axis=-1))).sum())


def _upright(
    pixels: np.ndarray, cells: np.ndarray, canvas: np.ndarray, network: ClueNetwork, by_text: ByText | None
) -> tuple[np.ndarray, Orientation, float]:
    """The network's output for the most likely way up, that way, and its margin in nats."""
    first = _read([canvas], [Orientation()], network)[0]
    evidence = _upright_evidence(_holds_digit(first)[None], _stands_upright(first)[None])
    if evidence and evidence[0] > SURE_UPRIGHT:
        return first, Orientation(), evidence[0]
    outputs = {Orientation(): first}
    votes = _by_digits(pixels, cells, canvas, outputs, network) if evidence else {}
    best, margin = _likeliest(votes)
    if by_text and (not votes or margin < SURE_UPRIGHT):
        best, margin = _likeliest(_together(votes, by_text()))
    output = outputs.get(best)
    return _read([canvas], [best], network)[0] if output is None else output, best, margin


def _by_digits(
    pixels: np.ndarray, cells: np.ndarray, canvas: np.ndarray, outputs: dict[Orientation, np.ndarray], network: ClueNetwork
) -> dict[Orientation, float]:
    """Nats for each way up by how digits stand in it, none where there is no digit; adds the network's `outputs` for them.

    Where that leaves doubt cells are magnified, too, and where no way fits its mirror images are tried.
    """
    looks = [outputs]
    canvases = [canvas]
    votes: dict[Orientation, float] = {}
    for mirrored in (False, True):
        for seen, laid in zip(looks, canvases, strict=True):
            _look(laid, seen, mirrored, network)
        votes = _votes(looks)
        if not mirrored and not _is_settled(votes):
            canvases.append(board_canvas(pixels, cells, magnify=MAGNIFIED))
            looks.append({})
            _look(canvases[-1], looks[-1], mirrored, network)
            votes = _votes(looks)
        if not votes or _fits(votes):
            break
    return votes


def _look(canvas: np.ndarray, outputs: dict[Orientation, np.ndarray], mirrored: bool, network: ClueNetwork) -> None:
    """Add the outputs for all four turns that are not there yet."""
    ways = [way for way in PRIOR if way.mirrored == mirrored and way not in outputs]
    outputs.update(zip(ways, _read([canvas], ways, network), strict=True))


def _fits(votes: dict[Orientation, float]) -> bool:
    """Whether digits stand upright in some way."""
    return bool(votes) and max(votes.values()) >= 0


def _is_settled(votes: dict[Orientation, float]) -> bool:
    """Whether one way has so much more than the others that no other look is needed; more than one cell alone can say."""
    return bool(votes) and min(max(votes.values()), _likeliest(votes)[1]) > SURE_UPRIGHT


def _votes(looks: list[dict[Orientation, np.ndarray]]) -> dict[Orientation, float]:
    """Nats for each way up by the mean of several looks at a board, each one output for every way; none without digits."""
    turns = [way for way in PRIOR if not way.mirrored]  # mirrored or not, the cells that hold a digit are the same
    given = np.array([way.inverse.apply(_holds_digit(outputs[way])) for outputs in looks for way in turns])
    ways = list(looks[0])
    stands = np.array([[way.inverse.apply(_stands_upright(outputs[way])) for way in ways] for outputs in looks])
    return dict(zip(ways, _upright_evidence(given, stands.mean(axis=0)), strict=False))  # of all ways, or of none


def _together(votes: dict[Orientation, float], by_text: dict[Orientation, float]) -> dict[Orientation, float]:
    """The nats of digits and text; a mirrored page's text tells nothing."""
    if not votes or not by_text:
        return votes or by_text
    most = max(by_text.values())
    return {way: nats + by_text.get(way, most) - most for way, nats in votes.items()}


def _likeliest(votes: dict[Orientation, float]) -> tuple[Orientation, float]:
    """The way up that has most nats, with those that it had before, and how many it has more than the next; the photo's
    own, by any number, where nothing tells.
    """
    if not votes:
        return Orientation(), np.inf
    odds = {way: nats + PRIOR[way] for way, nats in votes.items()}
    best, second = sorted(odds, key=lambda way: -odds[way])[:2]
    return best, odds[best] - odds[second]


def _holds_digit(output: np.ndarray) -> np.ndarray:
    """N x N probabilities that a cell is not blank."""
    return 1 - np.exp(log_softmax(output[:NO_SIGN, 1::2, 1::2])[0])


def _stands_upright(output: np.ndarray) -> np.ndarray:
    """N x N nats for "what stands in this cell stands upright"; no cell may decide alone."""
    return np.clip(output[UPRIGHT, 1::2, 1::2], -6, 6)


def _upright_evidence(given: np.ndarray, stands: np.ndarray) -> list[float]:
    """Nats for "the digits stand upright", for each way up (W x N x N in the frame of the photo); empty without digits.

    The cells that hold a digit, by the mean of several looks (K x N x N), are the same for all ways: otherwise
    spots would speak where a way takes them for digits, and be silent elsewhere.
    """
    held = given.mean(axis=0)
    digits = held > A_DIGIT
    return [float((held * way)[digits].sum()) for way in stands] if digits.any() else []


def _pooled(several: list[ClueScores]) -> ClueScores:
    """The mean of the log-probabilities of several readings of one board."""
    cells, across, down = (
        np.moveaxis(log_softmax(np.moveaxis(np.mean([getattr(scores, name) for scores in several], axis=0), -1, 0)), 0, -1)
        for name in ("cells", "across", "down")
    )
    return replace(several[0], cells=cells, across=across, down=down)


def _read(canvases: list[np.ndarray], ways: list[Orientation], network: ClueNetwork) -> np.ndarray:
    """The network's outputs for each canvas in each of the orientations, canvas by canvas."""
    return network(np.ascontiguousarray(np.stack([_turned(canvas, way) for canvas in canvases for way in ways])))


def _turned(canvas: np.ndarray, way: Orientation) -> np.ndarray:
    """A canvas (3 x S x S), turned."""
    return way.apply(canvas.transpose(1, 2, 0)).transpose(2, 0, 1)


def _scores(output: np.ndarray, orientation: Orientation, margin: float) -> ClueScores:
    cells = log_softmax(output[:NO_SIGN, 1::2, 1::2])
    across = log_softmax(output[[NO_SIGN, LESS, GREATER], 1::2, 2:-1:2])
    down = log_softmax(output[[NO_SIGN, UP, DOWN], 2:-1:2, 1::2])
    size = cells.shape[1]
    too_large = 0.0
    if size < 9:  # digits that the size does not allow
        too_large = float(np.exp(cells[size + 1 :]).sum(axis=0).max())
        cells = log_softmax(np.concatenate([cells[: size + 1], np.full_like(cells[size + 1 :], RULED_OUT)]))
    cells, across, down = (np.moveaxis(table, 0, -1) for table in (cells, across, down))
    return ClueScores(cells, across, down, orientation, margin, too_large)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log-probabilities over the first axis."""
    shifted = logits - logits.max(axis=0, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True))
