"""The answer to each input of a command, with its exit code and the picture that it is about."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from futoshiki.cli.inputs import Input
from futoshiki.cli.options import reader_with
from futoshiki.errors import ArgumentError, EntryError, ExitCode, MissingPartError, PuzzleError, Status, UnreadableFileError
from futoshiki.puzzle import Clue, Puzzle
from futoshiki.result import Result
from futoshiki.solving.budget import Budget
from futoshiki.text import named_page, shown

if TYPE_CHECKING:
    from futoshiki.photo import Photo
    from futoshiki.reading.reader import Reader

STDIN_PICTURE = Path("stdin.png")
"""The name of a picture from standard input, which the names of drawings are made from."""


@dataclass(frozen=True, eq=False)
class Answer:
    """The result for one input and its exit code. `photo` is the picture if it was read."""

    item: Input
    result: Result
    code: ExitCode
    photo: Photo | None = None

    @property
    def file(self) -> Path | None:
        """The picture file that the result is about: the input, or the one that a result in JSON names.

        A file that a result names is only taken if it lies in the folder of the result, for that is what the user has named.
        """
        return self._place[0]

    @property
    def _place(self) -> tuple[Path | None, int | None]:
        """That file, and the number of the page if it has several."""
        if self.photo is not None:
            return self.item.path, self.item.page
        folder = self.item.folder
        for name, number in ((self.result.source, None), named_page(self.result.source) or ("", None)):
            for path in (Path(name), folder / name, folder / Path(name).name):
                if _is_file_in(folder, path):
                    return path, number
        return None, None

    @property
    def missing(self) -> str | None:
        """Why there is nothing to draw on, if the result was read from a picture."""
        if self.picture or not any(board.cells for board in self.result.boards):
            return None
        folder, name = shown(self.item.folder.absolute()), shown(self.result.source)
        return f"{name}: no such picture in {folder}, where the result is; put both into one folder to draw on it"

    @property
    def picture(self) -> Path | None:
        """The name of the picture to draw on; None if there is no picture, or no board in it. A page has its own name."""
        if not any(board.cells for board in self.result.boards):
            return None
        file, page = self._place
        name = file or (STDIN_PICTURE if self.photo is not None else None)
        return name.with_name(f"{name.stem}-{page}{name.suffix}") if name and page else name

    def load(self) -> Photo:
        """The picture to draw on, which must exist. It is only loaded if that has not been done.

        Raises:
            UnreadableFileError: the picture of an earlier result is not there, or has been damaged since.
            ArgumentError: its page is not there any more.
        """
        if self.photo is not None:
            return self.photo
        file, page = self._place
        if file is None:
            raise UnreadableFileError(self.missing or f"{shown(self.result.source)}: not a picture")
        return _loaded(file, page)


def _loaded(source: Path | bytes, page: int | None) -> Photo:
    """The picture in a file or its bytes, or one of its pages."""
    if page is None:
        from futoshiki.photo import load_photo

        return load_photo(source)
    from futoshiki import documents

    return documents.page(source, page)


def _is_file_in(folder: Path, path: Path) -> bool:
    """Whether a path is a file inside that folder; a link is where it leads to."""
    return os.path.isfile(path) and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


class Solver:
    """Answers the inputs of one command with the same reader.

    `grid_model` is a training run whose grid network finds the puzzles. `board` is the number of the only board that is
    asked for, in page order; otherwise all open boards are, or with `every` all boards. `clues` are beyond doubt; they are
    put into that board, or the best one.

    Raises:
        MissingPartError: the training run holds no network that can be used.
    """

    def __init__(
        self,
        grid_model: Path | None = None,
        clues: tuple[Clue, ...] = (),
        *,
        board: int | None = None,
        every: bool = False,
    ) -> None:
        self._clues, self._board, self._every = clues, board, every
        self._reader: Reader | None = reader_with(grid_model) if grid_model else None

    def answer(self, item: Input, budget: Budget | None = None) -> Answer:
        """The answer to one input. An error becomes a result with a message, so that the other inputs are still answered.

        `budget` is the time for solving a puzzle that needs no reading; every input has its own by default.

        Raises:
            EntryError: one of the clues does not fit the puzzle.
        """
        try:
            return self._answer(item, budget or Budget())
        except EntryError:
            raise  # a wrong option, not a wrong input
        except MissingPartError as error:
            return _failed(item, "failed", str(error), ExitCode.MISSING_PART)
        except (UnreadableFileError, ArgumentError, PuzzleError) as error:
            return _failed(item, "unreadable_file", str(error), ExitCode.UNREADABLE_FILE)
        except ImportError:
            raise
        except Exception as error:  # a bug that one picture brings to light must not stop the others
            text = f"unexpected {type(error).__name__}: {error}; please report it with the picture"
            return _failed(item, "failed", text, ExitCode.FAILED)

    def _answer(self, item: Input, budget: Budget) -> Answer:
        given = item.given()
        if given is None:
            return self._read(item)
        from futoshiki.reading.given import solve_puzzle, take_as_given

        if isinstance(given, Puzzle):
            return self._answered(item, solve_puzzle(given.with_clues(self._clues), item.name, budget))
        return self._answered(item, take_as_given(self._selected(given), self._clues, budget))

    def _read(self, item: Input) -> Answer:
        self._reader = self._reader or reader_with(None)
        started = time.perf_counter()
        photo = _loaded(item.source, item.page)
        loading = (time.perf_counter() - started) * 1000
        read = self._reader.read(photo)
        result = self._selected(replace(read, source=item.name, timings_ms={**read.timings_ms, "load": loading}))
        if self._clues:
            result = self._reader.settle(result, self._clues)
        return self._answered(item, result, photo)

    def _selected(self, result: Result) -> Result:
        """The result, with one board only if one was asked for."""
        return result if self._board is None or not result.boards else result.only(self._board)

    def _answered(self, item: Input, result: Result, photo: Photo | None = None) -> Answer:
        codes = [ExitCode.of(board.status) for board in result.chosen(every=self._every).boards]
        return Answer(item, result, ExitCode.worst(codes) if codes else result.exit_code, photo)


def _failed(item: Input, status: Status, error: str, code: ExitCode) -> Answer:
    return Answer(item, Result(item.name, status, error=error), code)
