"""What is read from a photo: plain frozen data that can be turned into JSON and back."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast, get_args

from futoshiki.board_result import BoardResult, board_in
from futoshiki.errors import ArgumentError, BoardStatus, EntryError, ExitCode, Status, UnreadableFileError
from futoshiki.files import write_file
from futoshiki.values import Value, about

if TYPE_CHECKING:
    from PIL.Image import Image

    from futoshiki.photo import Photo

SCHEMA = 1
"""Version of the JSON schema; it grows when a field changes its meaning or goes."""
MAX_BOARDS = 100
"""Boards of one picture, at most, in a result that is given back; a page in print holds a dozen."""
HOUR = 3.6e6
"""Largest timing that is accepted, in milliseconds."""
STATUS_OF: dict[str, BoardStatus] = {
    "one": "solved",
    "several": "ambiguous",
    "none": "contradictory",
    "timed_out": "ambiguous",
}
"""The status of a board whose clues are certain, for each status of the solver's outcome."""
WITHOUT_BOARD = tuple(status for status in get_args(Status) if status not in get_args(BoardStatus))
"""The statuses of a picture in which no board was read."""

NOTEBOOK_SIDE = 800
"""Longest side in pixels of a picture that a notebook shows."""


class Picture(Protocol):
    """A picture that solutions can be drawn into."""

    def with_solutions(self, result: Result) -> Photo:
        """The picture with the solutions of all boards of a result drawn in."""


@dataclass(frozen=True)
class Result:
    """Everything about one picture.

    `boards` is best first, open puzzles before complete ones. `error` says what went wrong and what to do about it.
    `timings_ms` holds milliseconds by stage. `picture` is what `solve_image` has read, for drawing. Neither is compared, and
    the picture is not part of the JSON.
    """

    source: str
    status: Status
    boards: tuple[BoardResult, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict, compare=False)
    error: str | None = None
    picture: Picture | None = field(default=None, compare=False, repr=False)

    @property
    def board(self) -> BoardResult | None:
        """The best board, if any."""
        return self.boards[0] if self.boards else None

    def without_solutions(self) -> Result:
        """The clues alone: no board has a solution, and the status `solved` becomes `read`."""
        boards = tuple(
            replace(board, status="read" if board.status == "solved" else board.status, solution=None) for board in self.boards
        )
        return replace(self, status="read" if self.status == "solved" else self.status, boards=boards)

    def in_page_order(self) -> tuple[BoardResult, ...]:
        """The boards as one reads a page: row by row from the top, each row from the left. `--board N` counts in this order."""
        left, rows = sorted(self.boards, key=lambda board: board.top), list[BoardResult]()
        while left:
            middle = (left[0].top + left[0].bottom) / 2
            row = [board for board in left if board is left[0] or board.top < middle]
            rows += sorted(row, key=lambda board: min((x for x, _ in board.corners), default=0.0))
            left = [board for board in left if all(board is not other for other in row)]
        return tuple(rows)

    def chosen(self, *, every: bool = False) -> Result:
        """The result with its open boards only, in page order; with complete ones if there are no others, or with `every`."""
        boards = self.in_page_order()
        opened = tuple(board for board in boards if not board.complete)
        return replace(self, boards=boards if every else opened or self.boards[:1])

    def only(self, number: int) -> Result:
        """The result with one board, by its number in page order from 1.

        Raises:
            EntryError: there is no such board.
        """
        if not 1 <= number <= len(self.boards):
            raise EntryError(f"board {number}: there are {len(self.boards)} boards in {self.source}, counted from the top left")
        board = self.in_page_order()[number - 1]
        return replace(self, status=board.status, boards=(board,))

    @property
    def image(self) -> Image:
        """The picture with the solution of every board drawn in, as a PIL image in RGB.

        Raises:
            ArgumentError: the result does not know its picture, because it comes from JSON or from text.
            UnreadableFileError: the picture is not there any more.
        """
        from PIL import Image

        return Image.fromarray(self._drawn().pixels)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the picture with its solutions, or the result itself if the name ends in `.json`; raises what `image` does.

        Raises:
            OutputError: it cannot be written; a file that was there is as it was.
        """
        from futoshiki.picture_output import save_picture

        target = Path(path)
        if target.suffix.lower() == ".json":
            write_file(target, json.dumps(self.to_dict()).encode())
        else:
            drawn = self._drawn()
            save_picture(drawn.pixels, target, drawn.info)

    def _drawn(self) -> Photo:
        if self.picture is None:
            raise ArgumentError("this result does not know its picture; give both to futoshiki.annotate(picture, result)")
        return self.picture.with_solutions(self)

    def __str__(self) -> str:
        """Every board in page order, as text; or why there is none."""
        boards = [f"{self.source}: {board}" for board in self.in_page_order()]
        notes = [f"{self.source}: {self.status}: {self.error}"] if self.error else []
        return "\n".join([*boards, *notes]) or f"{self.source}: {self.status}"

    def _repr_png_(self) -> bytes | None:
        """The picture with its solutions in a notebook; None if the result does not know it, or it is not there any more."""
        try:
            image = self.image
        except (ArgumentError, UnreadableFileError):
            return None
        buffer = BytesIO()
        image.thumbnail((NOTEBOOK_SIDE, NOTEBOOK_SIDE))
        image.save(buffer, "PNG")
        return buffer.getvalue()

    def _repr_html_(self) -> str:
        """The picture, if it is known, and the boards in a notebook. `source` is not opened: it may come from somebody else."""
        png = self._repr_png_()
        picture = f'<img src="data:image/png;base64,{b64encode(png).decode()}" alt="solved puzzle">' if png else ""
        return f"{picture}<pre>{escape(str(self))}</pre>"

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of a command that solved this picture only."""
        return ExitCode.of(self.status)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; `from_dict` reads them back."""
        return {
            "schema": SCHEMA,
            "source": self.source,
            "status": self.status,
            "boards": [board.to_dict() for board in self.boards],
            "timings_ms": {stage: round(ms, 2) for stage, ms in self.timings_ms.items()},
            "error": self.error,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Result:
        """The inverse of `to_dict`.

        Raises:
            PuzzleError: names the field that is missing or wrong, such as `boards[0].size`.
        """
        with about("not a result of futoshiki"):
            return _result_in(Value(data))


def _result_in(value: Value) -> Result:
    fields = value.fields()
    if "schema" in fields and fields["schema"].raw != SCHEMA:
        raise fields["schema"].wrong(f"{SCHEMA}; a newer futoshiki can read this result")
    boards = tuple(board_in(board) for board in value.field("boards").items(at_most=MAX_BOARDS))
    error = value.field("error")
    return Result(
        source=value.field("source").text(),
        status=cast(Status, value.field("status").one_of(get_args(BoardStatus) if boards else WITHOUT_BOARD)),
        boards=boards,
        timings_ms={stage: spent.number(0, HOUR) for stage, spent in value.field("timings_ms").fields().items()},
        error=None if error.raw is None else error.text(),
    )
