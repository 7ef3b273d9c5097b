"""Draws the answers of `futoshiki solve`: each into a copy of its picture, or all into a copy of their PDF."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from futoshiki.cli.answers import Answer
from futoshiki.cli.outputs import is_same_file, output_for, write_drawing
from futoshiki.errors import ExitCode, FutoshikiError, OutputError
from futoshiki.files import write_file
from futoshiki.formats import writable_suffix
from futoshiki.result import Result
from futoshiki.text import shown


@dataclass(frozen=True)
class Written:
    """The outcome of drawing an answer: the answer, with its drawing time, and the picture's path, or why there is none."""

    answer: Answer
    path: Path | None = None
    note: str | None = None
    failure: str | None = None


class Drawings(Protocol):
    """What becomes of the answers of a command."""

    def write(self, answer: Answer) -> Written:
        """Draw the solutions of an answer, if there are any."""

    def finish(self) -> str | None:
        """End after the last answer. Returns what there is to say, if anything."""


@dataclass(frozen=True)
class Pictures:
    """Writes the solved pictures of a command, each when its answer is there.

    `output` is the file or folder for them, `several` is true if there are several inputs, and `taken` are the files that
    must not be written to. With `every`, complete boards are chosen, too. Without `overwrite`, existing files are kept.
    """

    output: Path | None
    several: bool
    taken: set[Path]
    every: bool
    overwrite: bool

    def write(self, answer: Answer) -> Written:
        """Draw the solutions of an answer into its picture, if there are any, and save it."""
        if answer.picture is None:
            if self.output is None or not answer.result.boards:
                return Written(answer, note=answer.missing)
            return Written(answer, failure=answer.missing or f"{shown(answer.result.source)}: no picture to draw on")
        if not _has_solution(answer.result.chosen(every=self.every)):
            return Written(answer)
        target = self._target(answer.picture)
        if is_same_file(target, answer.file):
            failure = f"{target} is the picture itself: choose another output"
            return Written(replace(answer, code=ExitCode.USAGE), failure=failure)
        if os.path.exists(target) and not self.overwrite:
            return Written(answer, note=f"{target} exists already and is kept")
        return self._draw(answer, target)

    def finish(self) -> None:
        """Nothing is left to do."""

    def _target(self, picture: Path) -> Path:
        """The file for a solved picture; inputs with the same name get different files."""
        return output_for(picture, self.output, f".solved{writable_suffix(picture)}", self.taken, several=self.several)

    def _draw(self, answer: Answer, target: Path) -> Written:
        from futoshiki.drawing.answer import annotate

        started = time.perf_counter()
        try:
            photo = answer.load()
            pixels = annotate(photo, answer.result.chosen(every=self.every), every=True)
        except FutoshikiError as error:  # the picture of an earlier result may have been damaged since
            return _undrawn(answer, f"cannot draw the solution: {error}", ExitCode.USAGE)
        spent = {**answer.result.timings_ms, "draw": (time.perf_counter() - started) * 1000}
        answer = replace(answer, result=replace(answer.result, timings_ms=spent))
        try:
            write_drawing(pixels, target, answer.picture or target, photo.info)
        except OutputError as error:
            return _undrawn(answer, str(error), error.exit_code)
        return Written(answer, target)


def _undrawn(answer: Answer, failure: str, code: ExitCode) -> Written:
    """The outcome if a picture cannot be drawn or saved. It changes the exit code of an answer that is solved."""
    return Written(replace(answer, code=code if answer.code == ExitCode.SOLVED else answer.code), failure=failure)


def _has_solution(chosen: Result) -> bool:
    """Whether there is a solution to draw. Texts have no cells, and complete boards hold their solution already."""
    return any(board.solution is not None and board.cells and not board.complete for board in chosen.boards)


@dataclass(frozen=True)
class PdfCopy:
    """Writes a copy of a PDF with the solutions of its pages, when all of them are there.

    `source` is the PDF, `output` the file for the copy. With `every`, complete boards are chosen, too. Without
    `overwrite`, an existing file is kept.
    """

    source: Path | bytes
    output: Path
    every: bool
    overwrite: bool
    solved: dict[int, Result] = field(default_factory=dict)

    def write(self, answer: Answer) -> Written:
        """Keep the solutions of a page, if there are any."""
        chosen = answer.result.chosen(every=self.every)
        if _has_solution(chosen):
            self.solved[answer.item.page or 1] = chosen
        return Written(answer)

    def finish(self) -> str | None:
        """Write the copy, unless nothing is solved. Returns where it is, or why there is none.

        Raises:
            OutputError: it cannot be written.
            UnreadableFileError: the PDF is not there any more.
        """
        if not self.solved:
            return None
        if os.path.exists(self.output) and not self.overwrite:
            return f"{self.output} exists already and is kept"
        from futoshiki.drawing.pdf_overlay import annotate_pdf

        write_file(self.output, annotate_pdf(self.source, self.solved))
        return f"written to {self.output}"
