"""The whole way from a photo to its answers.

source -> load_photo()  Photo        a search proposes areas       list[Area]
-> views()       Board        where its cells are
-> recognize()   ClueScores   what every cell and edge may hold
-> decode()      Reading      the most likely puzzle with one solution
-> judge()       Verdict      how far that is to be trusted
Result
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from futoshiki.clue_text import as_clue
from futoshiki.errors import Status
from futoshiki.geometry import DUPLICATE_OVERLAP, overlap
from futoshiki.networks.shipped import Networks
from futoshiki.photo import ImageSource, Photo, load_photo
from futoshiki.puzzle import Clue
from futoshiki.reading.answer import answer, decoded
from futoshiki.reading.board import Board
from futoshiki.reading.close_up import PROMISING, views
from futoshiki.reading.cover import covered_cells
from futoshiki.reading.decode import Reading
from futoshiki.reading.found import SIZES, Found, Refused, Sighting
from futoshiki.reading.given import take_as_given
from futoshiki.reading.handwriting import see_handwriting
from futoshiki.reading.limits import Limits, Stopwatch
from futoshiki.reading.locate import Area
from futoshiki.reading.orientation import Votes, most_likely, page_votes
from futoshiki.reading.page_text import orientation_votes
from futoshiki.reading.recognize import recognize
from futoshiki.reading.scores import ClueScores
from futoshiki.reading.search import (
    LINES,
    SEARCHES,
    WHOLE,
    Search,
    asks_for,
    ends_search,
    is_covered,
    is_cut_off,
    is_explained,
    places_beside,
    why_none,
    without_duplicates,
)
from futoshiki.reading.trust import is_futoshiki, is_worth_decoding, lacks_cells, signs_are_clear
from futoshiki.result import Result
from futoshiki.solving.budget import Budget

LOGGER = logging.getLogger("futoshiki")
MIN_BOARD_SCORE = 0.45
"""Score of the best view below which an area holds no board."""


class Reader:
    """Reads photos with one set of networks and limits. May be shared between threads.

    `networks` are the shipped ones unless others are given; see `Networks` for other processors and fewer threads.
    """

    def __init__(self, networks: Networks | None = None, limits: Limits | None = None) -> None:
        self.networks = networks or Networks()
        self.limits = limits or Limits()

    def read(self, source: ImageSource | Photo) -> Result:
        """Find, read and solve every Futoshiki in a picture.

        `source` is a path, the bytes of an image file, a PIL image, or an array (H x W x 3 RGB; see `load_photo`).

        Raises:
            UnreadableFileError: the source is not a picture.
            MissingPartError: a model or an extra is not installed.
        """
        return self.open(source).result()

    def open(self, source: ImageSource | Photo) -> PhotoReader:
        """Load a picture and get ready to read it; raises what `read` does."""
        watch = Stopwatch(self.limits.seconds)
        with watch.stage("load"):
            photo = source if isinstance(source, Photo) else load_photo(source)
        return PhotoReader(self, photo, watch)

    def settle(self, result: Result, clues: Iterable[Clue | str] = (), budget: Budget | None = None) -> Result:
        """The result with clues of its best board put right; neither searches nor looks at the photo again.

        A board that was read in this process is decoded anew with those clues beyond doubt. A result from text or JSON is
        somebody's word and not a reading; see `take_as_given`.

        Raises:
            EntryError: a clue does not fit the board.
            ArgumentError, PuzzleError: something that is no clue is among them.
        """
        settled, best = tuple(map(as_clue, clues)), result.board
        if best is None or not isinstance(best.sighting, Sighting):
            return take_as_given(result, settled, budget)
        watch = Stopwatch()
        watch.spent.update(result.timings_ms)
        board = answer(best.sighting, self.limits, watch, clues=settled).result
        return replace(result, status=board.status, boards=(board, *result.boards[1:]), timings_ms=watch.spent)


class PhotoReader:
    """Reads the boards of one photo; a reader makes one for each."""

    def __init__(self, reader: Reader, photo: Photo, watch: Stopwatch | None = None) -> None:
        self.photo = photo
        self._networks, self._limits = reader.networks, reader.limits
        self._watch = watch or Stopwatch(reader.limits.seconds)
        self._is_cut_short = False
        self._strangers: list[np.ndarray] = []
        self._stranger_limit = reader.limits.strangers
        self._is_illegible = False
        self._blank: set[Area] = set()

    def result(self) -> Result:
        """The answers to every Futoshiki in the photo, or why there is none."""
        found, refused = self.boards()
        boards = tuple(one.result for one in found)
        status: Status = boards[0].status if boards else "no_puzzle"
        error = None if boards else why_none(refused, len(self._strangers), is_illegible=self._is_illegible)
        if self._is_cut_short:
            error = f"the time limit of {self._limits.seconds} seconds was reached: boards may be missing; allow more time"
        spent = ", ".join(f"{stage} {ms:.0f} ms" for stage, ms in self._watch.spent.items())
        LOGGER.info("%s: %s, boards of size %s; %s", self.photo.source, status, [board.puzzle.size for board in boards], spent)
        return Result(self.photo.source, status, boards, self._watch.spent, error)

    def boards(self) -> tuple[list[Found], list[Refused]]:
        """Every Futoshiki in the photo, best first, and the boards that were refused."""
        found: list[Found] = []
        refused: list[Refused] = []
        seen: list[np.ndarray] = []
        for area in self._areas(found):
            beside = any(one.is_whole for one in found)
            if is_covered(area, found, seen) or (beside and is_cut_off(area, self.photo)):
                continue
            one = self.read_area(area, beside=beside)
            seen.append(area.quad)
            if isinstance(one, Found):
                found.append(one)
                self._stranger_limit += not one.is_contradictory
            elif isinstance(one, Refused):
                refused.append(one)
        found = without_duplicates(found)
        return [self._turned_as_others(one, found) for one in found], refused

    def _turned_as_others(self, one: Found, found: Sequence[Found]) -> Found:
        """The board; read once more where the page's other boards stand another way, weighed against its own digits and text."""
        others = [(other.board, other.sighting.scores) for other in found if other is not one]
        votes = page_votes(one.board, ((board, seen.orientation, seen.margin) for board, seen in others))
        if not votes or most_likely(votes)[0] == one.sighting.scores.orientation:
            return one
        return self._read_board(one.board, votes) or one

    def _areas(self, found: Sequence[Found]) -> Iterator[Area]:
        """The areas of one search after the other. Once a board was `found`, what it leaves unexplained decides what follows."""
        shown: list[Area] = []
        for search in SEARCHES:
            if any(ends_search(one, self.photo) for one in found):
                left = (area for area in shown if not self._is_explained(area, found))
                if not any(asks_for(search, area, is_blank=area in self._blank) for area in left):
                    continue
            if self._is_over():
                return
            areas = self.search(search)
            if search is WHOLE:
                shown = areas
            for area in areas:
                if self._is_over():
                    return
                yield area
                if search is LINES:  # they may frame a whole page, so places beside a board mean nothing
                    continue
                inside = [one for one in found if overlap(area.quad, one.board.corners) > DUPLICATE_OVERLAP]
                if len(inside) == 1 and not self._is_explained(area, found):
                    yield from itertools.takewhile(lambda _: not self._is_over(), places_beside(area, inside[0]))

    def _is_explained(self, area: Area, found: Sequence[Found]) -> bool:
        return is_explained(area, found, self._strangers, self.photo)

    def _is_over(self) -> bool:
        """Whether a limit of this photo is reached."""
        self._is_cut_short = self._is_cut_short or self._watch.is_up
        return self._is_cut_short or len(self._strangers) >= self._stranger_limit

    def search(self, search: Search) -> list[Area]:
        """The areas that one search proposes."""
        with self._watch.stage("locate"):
            return search(self.photo, self._networks.grid)

    def read_area(self, area: Area, *, beside: bool = False) -> Found | Refused | None:
        """The Futoshiki in an area; None if there is none.

        A view costs more than reading, so a board is read in every promising view, and the first clear answer is taken.
        `beside` a whole board, one whose outer cells lie outside the photo is skipped.
        """
        best: Board | None = None
        found: Found | None = None
        for board in self._views(area):
            if beside and lacks_cells(board, self.photo.pixels.shape[:2]):
                return found
            if best is None or board.score > best.score:  # the low-resolution estimate may be surer than a close view
                best = board
            if _is_promising(board):
                one = self.read_board(board)
                found = self._better(found, one) if found and one else found or one
                if found and found.is_clear:
                    return found
        if best is None:
            self._blank.add(area)
            return None
        if best.score < MIN_BOARD_SCORE:
            return None
        if best.size not in SIZES:
            return Refused(best.size)
        return found or (None if _is_promising(best) else self.read_board(best))

    def _views(self, area: Area) -> Iterator[Board]:
        boards = views(self.photo, area, self._networks.grid)
        for board in self._watch.each("rectify", boards):
            yield board
            if self._is_over():
                return

    def read_board(self, board: Board) -> Found | None:
        """The answer to a board; None if it is no Futoshiki."""
        found = self._read_board(board)
        if found is None:
            self._strangers.append(board.corners)
        return found

    def _read_board(self, board: Board, by_page: Votes | None = None) -> Found | None:
        """The answer at the first look at a board that is clear, or at the last one; `by_page` are other boards' votes."""
        found: Found | None = None
        looks = recognize(self.photo, board, self._networks.clues, lambda: self._text_votes(board), by_page)
        for scores in self._watch.each("recognize", looks):
            look = self._decoded_board(board, scores)
            found = self._better(found, look) if found and look else look
            if found and found.is_clear:
                break
        return found

    def _decoded_board(self, board: Board, scores: ClueScores) -> Found | None:
        if is_worth_decoding(scores):
            reading = decoded(scores, self._limits, self._watch)
            if is_futoshiki(reading, scores, board.cell_share):
                return self.answer(board, scores, reading)
        self._is_illegible |= signs_are_clear(scores)
        return None

    def answer(self, board: Board, scores: ClueScores, reading: Reading | None = None) -> Found:
        """The answer to a board that is known to be a Futoshiki; `reading` is that of the scores, if known."""
        sighting = Sighting(board, scores, see_handwriting(scores), self.photo.pixels.shape[:2], self.photo.scale)
        return self._with_covered(answer(sighting, self._limits, self._watch, reading=reading))

    def _better(self, earlier: Found, later: Found) -> Found:
        """The one of two answers to a board that counts."""
        kept = earlier.unless_worse(later)
        return later if kept is later else self._with_covered(kept)

    def _with_covered(self, found: Found) -> Found:
        """The answer; if it is not `solved`, with the cells on which something seems to lie, which may be why."""
        if found.result.status == "solved":
            return found
        covered = covered_cells(self.photo.pixels, found.board.cells)
        cells = np.argwhere(found.sighting.scores.orientation.apply(covered)).tolist()
        return replace(found, result=replace(found.result, covered=tuple((r, c) for r, c in cells)))

    def _text_votes(self, board: Board) -> Votes:
        return orientation_votes(self.photo.grey, board.cells, self._networks.text)


def _is_promising(board: Board) -> bool:
    return board.score > PROMISING and board.size in SIZES and not board.goes_on


@lru_cache(maxsize=1)
def default_reader() -> Reader:
    """The reader with the shipped networks that calls without a reader share."""
    return Reader()
