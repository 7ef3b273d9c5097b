"""One puzzle from one argument, for the commands that help a player."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from futoshiki.cli.inputs import Input, expand
from futoshiki.cli.outputs import refuse_overwriting, save_picture
from futoshiki.cli.solve import picture_of, solve_input
from futoshiki.errors import PuzzleError
from futoshiki.formats import writable_suffix
from futoshiki.notation import parse_entries
from futoshiki.puzzle import Puzzle
from futoshiki.result import BoardResult

if TYPE_CHECKING:
    from futoshiki.drawing.marks import Mark


Entries = tuple[tuple[int, int, int], ...]


def _entries(context: click.Context, option: click.Parameter, text: str | None) -> Entries | None:
    try:
        return None if text is None else parse_entries(text)
    except PuzzleError as error:
        raise click.BadParameter(str(error)) from error


ENTRIES = click.option(
    "--entries", metavar="r1c2=3,…", callback=_entries,
    help="What you have filled in so far; by default what is written by hand on the photo.",
)  # fmt: skip
MARKED = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="Where the marked picture goes; NAME.hint.jpg beside the input by default.",
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """What a command is about: the board that was read, and the picture that it lies in, if there is one."""

    picture: Input | None
    board: BoardResult

    @property
    def puzzle(self) -> Puzzle:
        """The puzzle as it was read."""
        return self.board.puzzle

    def entries(self, given: Entries | None) -> Entries:
        """Those that were given as an option, else those on the photo."""
        if given is None and self.board.entries:
            shown = ", ".join(f"r{r + 1}c{c + 1}={value}" for r, c, value in self.board.entries)
            click.echo(f"written by hand: {shown}", err=True)
        return self.board.entries if given is None else given

    def draw(self, marks: Mapping[tuple[int, int], Mark], caption: Sequence[str], output: Path | None) -> Path | None:
        """Write the picture with cells marked and a caption below; None where the input is no picture."""
        if self.picture is None:
            if output:
                raise click.UsageError("-o needs a picture as input: there is nothing to draw on")
            return None
        from futoshiki.drawing.marks import draw_marks
        from futoshiki.photo import load_photo

        source = self.picture.path or Path("stdin.png")
        target = output or source.with_name(f"{source.stem}.hint{writable_suffix(source)}")
        refuse_overwriting(target, source)
        pixels = load_photo(self.picture.source).pixels
        failure = save_picture(draw_marks(pixels, self.board.cells, self.board.corners, marks, caption), target)
        if failure:
            raise click.UsageError(failure)
        return target


def subject_from(argument: str) -> Subject:
    """The puzzle in a picture, text, JSON file, game ID or standard input; ends the command where there is none.

    A picture's reading is taken as it is: `futoshiki read` shows it, and its doubts are told here too.
    """
    items = list(expand([argument]))
    if len(items) > 1 or os.path.isdir(argument):
        raise click.UsageError(f"{argument} holds several puzzles or is a folder: name one")
    item = items[0]
    result, code = solve_input(item)
    if result.board is None:
        click.echo(f"{result.source}: {result.error}", err=True)
        raise click.exceptions.Exit(int(code))
    for doubt in result.board.doubts:
        from futoshiki.cli.show import doubt_text

        click.echo(f"read with doubt: {doubt_text(doubt)}", err=True)
    return Subject(picture_of(item, result), result.board)
