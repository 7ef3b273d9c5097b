"""Which answer is shown: readings add up, and an answer must be confirmed before it counts."""

from __future__ import annotations

from futoshiki.board_result import BoardResult
from futoshiki.live.evidence import Evidence
from futoshiki.live.frame_reader import FrameReading

AGREEING = 2
"""Readings in a row that must lead to the same grid before it is shown, unless one of them is clear."""
AGAINST = 10
"""Unsure readings of another puzzle in a row that drop an answer; there may be some while a hand lies on the page."""
SURE_AGAINST = 5
"""Number of unsure readings that count as much as one that is sure of another puzzle: two of these drop an answer."""


class Answer:
    """The answer to the puzzle in view, and whether it is confirmed.

    `current` is the answer so far, and `is_locked` means that it is confirmed. `evidence` is all readings added up.
    """

    def __init__(self) -> None:
        self.evidence: Evidence | None = None
        self.current: BoardResult | None = None
        self.is_locked = False
        self._candidate: BoardResult | None = None
        self._agreeing = self._against = 0

    @property
    def is_in_question(self) -> bool:
        """Whether a reading was sure of another puzzle, and none has confirmed the answer since."""
        return self._against >= SURE_AGAINST

    def count_against(self, reading: FrameReading) -> bool:
        """Count a reading of another puzzle. True once there are so many that the answer is to be dropped."""
        sure = not self.is_locked or (reading.alone is not None and reading.alone.status == "solved")
        self._against += SURE_AGAINST if sure else 1
        return self._against >= AGAINST

    def take(self, reading: FrameReading) -> None:
        """Add a reading of this puzzle. An answer that is clear, or trusted and the same several times in a row, is locked."""
        together = reading.together
        if together is None:
            return
        self._against, self.evidence = 0, reading.evidence
        if together.status == "solved":
            same = self._candidate is not None and self._candidate.solution == together.solution
            self._agreeing = (self._agreeing if same else 0) + (AGREEING if reading.is_clear else 1)
            self._candidate = together
        else:
            self._agreeing = 0
        if self._agreeing >= AGREEING:
            self.is_locked, self.current = True, together
        elif not self.is_locked:
            self.current = together
