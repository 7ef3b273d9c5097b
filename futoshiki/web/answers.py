"""What the service answers to a picture, and to questions about an earlier result: plain JSON values."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import Any

from futoshiki.board_result import BoardResult
from futoshiki.clue_text import parse_clue
from futoshiki.errors import PuzzleError
from futoshiki.notation import digits_in
from futoshiki.reading.reader import Reader
from futoshiki.result import Result
from futoshiki.solving.budget import Budget
from futoshiki.solving.hints import check, hint
from futoshiki.values import Value, about
from futoshiki.web.bodies import photo_in
from futoshiki.web.limits import PHOTO_PIXELS, WORK_SECONDS

REMEMBERED = 64
"""Boards whose sightings are kept, so that their clues can be settled by what was seen."""
MOST_CLUES = 700
"""Clues that can be settled at once: every cell and every edge of the largest puzzle."""

Json = dict[str, Any]
Entries = tuple[tuple[int, int, int], ...]
"""A player's entries, (row, column, value), 0-based."""


class Answers:
    """Answers with one reader. To be used from one thread.

    Results come from clients: only their puzzles, entries and places are used, and their `source` is never opened.
    """

    def __init__(self, reader: Reader, seconds: float = WORK_SECONDS) -> None:
        self._seconds = seconds
        self._reader = Reader(reader.networks, replace(reader.limits, seconds=seconds))
        self._recent: OrderedDict[BoardResult, BoardResult] = OrderedDict()

    def solve(self, picture: bytes) -> Json:
        """The result for the bytes of a picture file, as `futoshiki solve --json` gives it, and the size of the picture.

        Raises:
            UnreadableFileError: it is not a picture, or has too many pixels.
            MissingPartError: a HEIC picture needs a decoder that is not installed.
        """
        photo = photo_in(picture, PHOTO_PIXELS)
        result = self._reader.read(photo)
        self._recent.update((board, board) for board in result.boards)
        while len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        height, width = (round(side * photo.scale) for side in photo.pixels.shape[:2])
        return {**result.to_dict(), "picture": {"width": width, "height": height}}

    def settle(self, question: Value) -> Json:
        """The result with the clues in `settled` put right.

        With the number of a `board`, in page order from 1, it holds that board only; otherwise the best one is put right.
        A board as it was read here lately is decoded anew from what was seen, so `settled` names all clues that are known
        by then; another board is taken as it stands.

        Raises:
            PuzzleError: the question is malformed, or a clue does not fit the board.
        """
        clues = []
        for item in question.field("settled").items(at_most=MOST_CLUES):
            with about(item.path):
                clues.append(parse_clue(item.text()))
        result = _result_in(question)
        result = replace(result, boards=tuple(self._recent.get(board, board) for board in result.boards))
        return self._reader.settle(result, clues, Budget(self._seconds)).to_dict()

    def hint(self, question: Value) -> Json:
        """The next step on a board in three levels: where, why, and the move.

        Raises:
            PuzzleError: the question is malformed, or the puzzle has not just one solution.
            TimeUp: the puzzle takes too long.
        """
        board = _board_in(question)
        return hint(board.puzzle, _entries_in(question, board), budget=Budget(self._seconds)).to_dict()

    def check(self, question: Value) -> Json:
        """The mistakes among the entries, without what belongs there; raises what `hint` does."""
        board = _board_in(question)
        return check(board.puzzle, _entries_in(question, board), budget=Budget(self._seconds)).to_dict()


def _result_in(question: Value) -> Result:
    """The result in a question; with the number of a `board`, in page order from 1, it holds that board only.

    Raises:
        PuzzleError: it is not a result, or has no such board.
    """
    result = Result.from_dict(question.field("result").raw)
    if not result.boards:
        raise PuzzleError("result.boards: the list is empty; send a picture of a puzzle to /api/solve first")
    return result.only(question.field("board").whole(1, len(result.boards))) if "board" in question.fields() else result


def _board_in(question: Value) -> BoardResult:
    """The board that a question is about: that of the number `board`, otherwise the best one; raises what `_result_in` does."""
    return _result_in(question).boards[0]


def _entries_in(question: Value, board: BoardResult) -> Entries:
    """The entries in a question, otherwise those that were read on the photo."""
    if question.fields().get("entries", Value(None)).raw is None:
        return board.entries
    return tuple(digits_in(question.field("entries"), board.puzzle.size, least=1))
