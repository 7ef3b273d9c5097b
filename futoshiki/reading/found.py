"""What became of an area in which a board was looked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.reading.board import Board
from futoshiki.reading.decode import Reading
from futoshiki.reading.handwriting import Handwriting
from futoshiki.reading.ink import COLOUR, two_inks
from futoshiki.reading.scores import ClueScores

_FROM_WORST = ("none", "timed_out", "several", "one")
"""What solving a reading may give; a misread clue hardly ever leaves exactly one solution."""
SIZES = range(4, 10)
"""Board sizes that are read; 10 and more would need two-digit numbers."""


@dataclass(frozen=True, eq=False)
class Sighting:
    """What was seen of one board: where it lies, what its places may hold, and what is written by hand.

    `picture` is the height and width of the photo in pixels, `scale` the number of the picture's own pixels along one of
    them. A sighting is all that is needed to decode the board again, with clues that are known better, without the photo.
    """

    board: Board
    scores: ClueScores
    handwriting: Handwriting
    picture: tuple[int, int]
    scale: float = 1.0

    @property
    def printed(self) -> ClueScores:
        """The scores of what is printed."""
        return self.scores.in_print(self.handwriting.chances) if self.handwriting.is_there else self.scores

    def by_ink(self) -> tuple[Sighting, ...]:
        """The two sightings in which one of two inks is the player's; none if the digits do not have two inks."""
        digits = self.scores.cells.argmax(axis=-1)
        inks = None if self.scores.inks is None else two_inks(self.scores.inks[..., COLOUR], digits > 0)
        return tuple(replace(self, handwriting=Handwriting(digits, ink.astype(np.float32))) for ink in inks or ())


@dataclass(frozen=True, eq=False)
class Found:
    """A board that was read: what was seen, how that was decoded, and the answer.

    `is_clear` tells that no closer look is needed, `is_sure` that the answer is `solved` or would be if the board were not cut.
    """

    sighting: Sighting
    reading: Reading
    result: BoardResult
    is_clear: bool = False
    is_sure: bool = False

    @property
    def board(self) -> Board:
        """Where it lies."""
        return self.sighting.board

    @property
    def is_contradictory(self) -> bool:
        """Whether the reading has no solution: something is misread, or this is not a Futoshiki."""
        return self.result.status == "contradictory"

    @property
    def as_doubtful(self) -> Found:
        """The same with the status `doubtful`; then at least one doubt is named, that of the weakest clue."""
        weakest = (self.reading.weakest,) if self.reading.weakest else ()
        return replace(self, result=replace(self.result, status="doubtful", doubts=self.result.doubts or weakest))

    def unless_worse(self, later: Found) -> Found:
        """The later reading of the same board, or this one as `doubtful` if only this one has a single solution.

        A closer look is usually the better one, but magnified cells, for one, may cut off digits in their corners.
        """
        mine, other = (_FROM_WORST.index(one.reading.outcome.status) for one in (self, later))
        if mine <= other:
            return later
        return replace(self.as_doubtful, is_sure=False) if self.reading.outcome.status == "one" else self

    @property
    def is_whole(self) -> bool:
        """Whether it was read as a whole board: neither contradictory nor cut off."""
        return not self.is_contradictory and not self.result.cut

    @property
    def is_open(self) -> bool:
        """Whether it is a puzzle to solve: neither complete nor contradictory."""
        return not self.result.complete and not self.is_contradictory


@dataclass(frozen=True)
class Refused:
    """A board that was found and not read, because its size is not one of `SIZES`."""

    size: int
