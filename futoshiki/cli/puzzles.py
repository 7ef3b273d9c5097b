"""The puzzle that a command is about, for the commands that help a player."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from futoshiki.cli.answers import Answer, Solver
from futoshiki.cli.inputs import expand
from futoshiki.cli.outputs import refuse_overwriting, save_picture
from futoshiki.cli.show import doubt_text, failure_text
from futoshiki.errors import PuzzleError
from futoshiki.formats import writable_suffix
from futoshiki.notation import parse_entries
from futoshiki.puzzle import Cell, Puzzle
from futoshiki.result import BoardResult
from futoshiki.solving.budget import Budget

if TYPE_CHECKING:
    from futoshiki.drawing.marks import Mark


Entries = tuple[tuple[int, int, int], ...]
"""A player's entries, (row, column, value), 0-based."""


def _entries(context: click.Context, option: click.Parameter, text: str | None) -> Entries | None:
    try:
        return None if text is None else parse_entries(text)
    except PuzzleError as error:
        raise click.BadParameter(str(error)) from error


ENTRIES = click.option(
    "--entries",
    metavar="r1c2=3,…",
    callback=_entries,
    help="Your entries so far; by default the handwritten digits on the photo.",
)
MARKED = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File for the marked picture; by default NAME.hint.jpg beside the input.",
)


@dataclass(frozen=True)
class Subject:
    """The board that a command is about. `budget` is the time that is left to the command."""

    answer: Answer
    board: BoardResult
    budget: Budget

    @property
    def puzzle(self) -> Puzzle:
        """The puzzle as it was read."""
        return self.board.puzzle

    @property
    def is_picture(self) -> bool:
        """Whether there is a picture to draw on."""
        return self.answer.picture is not None

    def entries(self, given: Entries | None) -> Entries:
        """The entries that were given as an option, otherwise those on the photo."""
        if given is None and self.board.entries:
            shown = ", ".join(f"{Cell(r, c)}={value}" for r, c, value in self.board.entries)
            click.echo(f"written by hand: {shown}", err=True)
        return self.board.entries if given is None else given

    def draw(self, marks: Mapping[tuple[int, int], Mark], caption: Sequence[str], output: Path | None) -> Path | None:
        """Write the picture with cells marked and a caption below. Returns its path; None if the input is not a picture.

        Raises:
            click.UsageError: there is no picture for the output, or it cannot be written.
        """
        source = self.answer.picture
        if source is None:
            if output:
                raise click.UsageError("-o needs a picture as input: there is nothing to draw on")
            return None
        from futoshiki.drawing.marks import draw_marks

        target = output or source.with_name(f"{source.stem}.hint{writable_suffix(source)}")
        refuse_overwriting(target, self.answer.file)
        failure = save_picture(draw_marks(self.answer.load().pixels, self.board, marks, caption), target)
        if failure:
            raise click.UsageError(failure)
        return target


def subject_from(argument: str) -> Subject:
    """The puzzle in a picture, text, JSON file, game ID or standard input. Ends the command if there is none.

    A reading with doubts is taken as it is; the doubts are printed.
    """
    items = list(expand([argument]))
    if len(items) > 1 or os.path.isdir(argument):
        raise click.UsageError(f"{argument} holds several puzzles or is a folder: name one puzzle")
    budget = Budget()
    answer = Solver().answer(items[0], budget.at_most(budget.seconds / 2))  # the rest is for the command itself
    board = answer.result.board
    if board is None:
        click.echo(failure_text(answer.result), err=True)
        raise click.exceptions.Exit(int(answer.code))
    for doubt in board.doubts:
        click.echo(f"uncertain: {doubt_text(doubt)}", err=True)
    return Subject(answer, board, budget)
