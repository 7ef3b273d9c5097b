"""The puzzle that a command is about, for the commands that help a player."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from futoshiki.board_result import BoardResult
from futoshiki.cli.answers import Answer, Solver
from futoshiki.cli.inputs import expand
from futoshiki.cli.outputs import refuse_overwriting
from futoshiki.cli.show import doubt_text, failure_text
from futoshiki.clue_text import parse_entries
from futoshiki.drawing.marking import Marks
from futoshiki.errors import PuzzleError
from futoshiki.formats import writable_suffix
from futoshiki.picture_output import save_picture
from futoshiki.puzzle import Cell, Puzzle
from futoshiki.solving.budget import Budget
from futoshiki.text import shown

PATIENCE = 3.0
"""Seconds after which a command says how long it may take."""
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

    def entries(self, given: Entries | None) -> Entries:
        """The entries that were given as an option, otherwise those on the photo."""
        if given is None and self.board.entries:
            shown = ", ".join(f"{Cell(r, c)}={value}" for r, c, value in self.board.entries)
            click.echo(f"written by hand: {shown}", err=True)
        return self.board.entries if given is None else given

    def draw(self, marks: Marks, caption: Sequence[str], output: Path | None) -> Path | None:
        """Write the picture with cells marked and a caption below. Returns its path; None if the input is not a picture.

        Raises:
            click.UsageError: there is no picture for the output.
            OutputError: it cannot be written.
        """
        source = self.answer.picture
        if source is None:
            if output:
                raise click.UsageError(self.answer.missing or "-o needs a picture as input: there is nothing to draw on")
            return None
        from futoshiki.drawing.marks import draw_marks

        target = output or source.with_name(f"{source.stem}.hint{writable_suffix(source)}")
        refuse_overwriting(target, self.answer.file)
        photo = self.answer.load()
        drawn = draw_marks(photo.pixels, self.board.rescaled(1 / photo.scale), marks, caption)
        save_picture(drawn, target, photo.info)
        return target


def subject_from(argument: str, grid_model: Path | None = None) -> Subject:
    """The puzzle in a picture, text, JSON file, game ID or standard input. Ends the command if there is none.

    `grid_model` is the run of the network that finds puzzles in pictures, if it is not the shipped one.

    A reading with doubts is taken as it is; the doubts are printed.
    """
    items = list(expand([argument]))
    if len(items) > 1 or os.path.isdir(argument):
        raise click.UsageError(f"{shown(argument)} holds several puzzles or is a folder: name one puzzle")
    budget = Budget()
    _say_if_it_takes_long(budget)
    answer = Solver(grid_model).answer(items[0], Budget(0))  # solving is left to the command itself
    board = answer.result.board
    if board is None:
        click.echo(failure_text(answer.result), err=True)
        raise click.exceptions.Exit(int(answer.code))
    for doubt in board.doubts:
        click.echo(f"uncertain: {doubt_text(doubt)}", err=True)
    return Subject(answer, board, budget)


def _say_if_it_takes_long(budget: Budget) -> None:
    """Say after a while how long the command may take at most, unless it has ended by then."""
    text = f"this takes long; it ends after {budget.seconds:g} seconds at the latest"
    notice = threading.Timer(PATIENCE, click.echo, [text], {"err": True})
    notice.daemon = True
    notice.start()
    click.get_current_context().call_on_close(notice.cancel)
