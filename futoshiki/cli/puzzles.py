"""The puzzle that a command is about, for the commands that help a player."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import Any

import click

from futoshiki.board_result import BoardResult
from futoshiki.cli.answers import Answer, Solver
from futoshiki.cli.inputs import expand
from futoshiki.cli.options import BOARD, CLUES, GRID_MODEL, PAGE, QUIET
from futoshiki.cli.outputs import is_stdout, refuse_overwriting, write_drawing
from futoshiki.cli.show import doubt_text, failure_text
from futoshiki.clue_text import parse_entries
from futoshiki.drawing.marking import Marks
from futoshiki.errors import PuzzleError
from futoshiki.formats import writable_suffix
from futoshiki.puzzle import Cell, Clue, Puzzle
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


@dataclass(frozen=True)
class Asked:
    """What every command about one puzzle may be asked.

    `source` is a picture, a text, a JSON file, a game ID or `-`. `clues` are beyond doubt. `page` is the page of a PDF or TIFF,
    and `board` the number of the board on it. With `as_json` the answer is printed as JSON, with `quiet` nothing is printed.
    `output` is the file for what the command makes. `grid_model` is the run of the network that finds puzzles in pictures, if
    it is not the shipped one.
    """

    source: str
    output: Path | None = None
    as_json: bool = False
    page: int | None = None
    board: int | None = None
    clues: tuple[Clue, ...] = ()
    quiet: bool = False
    grid_model: Path | None = None

    def say(self, *lines: str) -> None:
        """Print the answer, unless standard output is wanted for something else or for nothing."""
        for line in () if self.quiet or is_stdout(self.output) else lines:
            click.echo(line)

    def say_json(self, value: Any) -> None:
        """Print a line of JSON.

        Raises:
            click.UsageError: a picture is to go to standard output, too.
        """
        if is_stdout(self.output):
            raise click.UsageError("--json and -o - would both write to standard output: give a file for the picture")
        click.echo(json.dumps(value))

    def told(self, written: Path | None) -> None:
        """Say where something was written."""
        if written and not self.quiet and not is_stdout(written):
            click.echo(f"written to {shown(written)}", err=True)


def puzzle_command(name: str, output_help: str) -> Callable[[Callable[..., int]], click.Command]:
    """Makes a command about one puzzle, with the options that all of them share; the function is called with what was `Asked`.

    `output_help` says what -o writes.
    """

    def decorate(function: Callable[..., int]) -> click.Command:
        @click.argument("source")
        @click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help=output_help)
        @click.option("--json", "as_json", is_flag=True, help="Print JSON.")
        @PAGE
        @BOARD
        @CLUES
        @QUIET
        @GRID_MODEL
        @wraps(function)
        def asking(**given: Any) -> int:
            shared = {field.name: given.pop(field.name) for field in fields(Asked)}
            return function(Asked(**shared), **given)

        return click.command(name)(asking)

    return decorate


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

    def draw(self, marks: Marks, caption: Sequence[str], output: Path | None, kind: str) -> Path | None:
        """Write the picture with cells marked and a caption below. Returns its path; None if the input is not a picture.

        Without an output, the file is NAME.kind.jpg beside the picture.

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

        target = output or source.with_name(f"{source.stem}.{kind}{writable_suffix(source)}")
        refuse_overwriting(target, self.answer.file)
        photo = self.answer.load()
        drawn = draw_marks(photo.pixels, self.board.rescaled(1 / photo.scale), marks, caption)
        write_drawing(drawn, target, source, photo.info)
        return target


def subject_of(asked: Asked) -> Subject:
    """The puzzle that a command is asked about. Ends the command if there is none.

    A reading with doubts is taken as it is; the doubts are printed.
    """
    items = list(expand([asked.source], pages=[range(asked.page, asked.page + 1)] if asked.page else ()))
    if len(items) > 1 and items[0].page:
        raise click.UsageError(f"{shown(asked.source)} has {len(items)} pages: choose one with --page")
    if len(items) > 1 or os.path.isdir(asked.source):
        raise click.UsageError(f"{shown(asked.source)} holds several puzzles or is a folder: name one puzzle")
    budget = Budget()
    if not asked.quiet:
        _say_if_it_takes_long(budget)
    # solving is left to the command itself
    answer = Solver(asked.grid_model, asked.clues, board=asked.board).answer(items[0], Budget(0))
    board = answer.result.board
    if board is None:
        click.echo(failure_text(answer.result), err=True)
        raise click.exceptions.Exit(int(answer.code))
    if not asked.quiet:
        for doubt in board.doubts:
            click.echo(f"uncertain: {doubt_text(doubt, remedy=True)}", err=True)
        others = len(answer.result.boards) - 1
        if others:
            click.echo(f"one of {others + 1} boards in the picture; --board takes another one", err=True)
    return Subject(answer, board, budget)


def _say_if_it_takes_long(budget: Budget) -> None:
    """Say after a while how long the command may take at most, unless it has ended by then."""
    text = f"this takes long; it ends after {budget.seconds:g} seconds at the latest"
    notice = threading.Timer(PATIENCE, click.echo, [text], {"err": True})
    notice.daemon = True
    notice.start()
    click.get_current_context().call_on_close(notice.cancel)
