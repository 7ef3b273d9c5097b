"""`futoshiki solve`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console

from futoshiki.cli.answers import Answer, Solver
from futoshiki.cli.inputs import Input, expand
from futoshiki.cli.options import BOARD, CLUES, EVERY, GRID_MODEL, QUIET, RECURSIVE
from futoshiki.cli.outputs import is_same_file, is_stdout, line_writer, output_for, refuse_overwriting, write_drawing
from futoshiki.cli.show import print_result
from futoshiki.errors import ExitCode, FutoshikiError, OutputError
from futoshiki.formats import RESULTS, writable_suffix
from futoshiki.puzzle import Clue
from futoshiki.result import Result
from futoshiki.text import shown

TAKE_A_VALUE = ("-o", "--output", "--set", "--grid-model")
"""Options of this command whose value is the next argument, which is therefore not an input."""
LEAST_FOR_PROGRESS = 3
"""Least number of inputs that get a progress bar."""


class JsonOption(click.Command):
    """Lets `--json` stand alone or with a file: `--json`, `--json -`, `--json out.jsonl`, `--json=FILE`.

    The next argument is taken as the file only if it cannot be an input: it is `-` or ends in .json or .jsonl, and there
    are other inputs, none of which does.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join `--json` and its value before click reads the arguments."""
        joined = list(args)
        if "--json" in joined:
            k = joined.index("--json")
            following = joined[k + 1] if k + 1 < len(joined) else ""
            rest = joined[:k] + joined[k + 2 :]
            inputs = [
                argument
                for before, argument in zip(["", *rest], rest, strict=False)
                if (argument == "-" or not argument.startswith("-")) and before not in TAKE_A_VALUE
            ]
            is_target = following == "-" or following.endswith(RESULTS)
            if is_target and inputs and not any(one == "-" or one.endswith(RESULTS) for one in inputs):
                joined[k : k + 2] = [f"--json={following}"]
            else:
                joined[k] = "--json=-"
        return super().parse_args(ctx, joined)


@click.command("solve", cls=JsonOption)
@click.argument("inputs", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File for the solved picture, a folder for several, or - for standard output.",
)
@click.option("--json", "json_to", metavar="[FILE|-]", help="Write one JSON object per line; pictures only with -o.")
@BOARD
@EVERY
@CLUES
@click.option("--explain-reading", "explained", is_flag=True, help="Show how each doubtful clue looks in the picture.")
@QUIET
@click.option("--no-overwrite", is_flag=True, help="Keep pictures that exist already.")
@RECURSIVE
@GRID_MODEL
def command(
    inputs: tuple[str, ...],
    output: Path | None,
    json_to: str | None,
    board: int | None,
    every: bool,
    clues: tuple[Clue, ...],
    explained: bool,
    quiet: bool,
    no_overwrite: bool,
    recursive: bool,
    grid_model: Path | None,
) -> int:
    """Solve the puzzle in each INPUT: a picture, a folder, - for standard input, a game ID, a text or JSON file.

    On a page with several puzzles all open ones are solved; --board N chooses one of them.
    The solved picture is written beside the input as NAME.solved.jpg. A result of --json may be corrected by
    hand and is then an input too: its clues are taken as they stand.

    Exit codes: 0 solved, 3 unreadable file, 4 no puzzle, 5 contradictory, 6 ambiguous, 7 doubtful,
    8 something is not installed, 9 an output cannot be written, 1 a bug. For several inputs or boards it is the worst
    of their codes.
    """
    items = list(expand(inputs, recursive=recursive))
    if clues and len(items) > 1:
        raise click.UsageError("--set corrects a single puzzle: give one input")
    solver = Solver(grid_model, clues, board=board, every=every)
    _check_targets(items, output, json_to)
    quiet = quiet or is_stdout(output)
    console = Console(quiet=quiet or json_to is not None, highlight=False, emoji=False)
    errors = Console(stderr=True, highlight=False, emoji=False)
    draws = output is not None or json_to is None
    pictures = Pictures(output, len(items) > 1, {item.path for item in items if item.path}, every, not no_overwrite)
    codes = [ExitCode.SOLVED]
    with line_writer(json_to) as write_line, _progress(len(items), quiet) as step:
        for item in items:
            answer = solver.answer(item)
            written = pictures.write(answer) if draws else Written(answer)
            for target, message in ((console, written.note), (errors, written.failure)):
                if message:
                    target.print(shown(message), markup=False, soft_wrap=True)
            answer = written.answer
            if write_line:
                write_line(json.dumps(answer.result.to_dict()))
            else:
                chosen = answer.result.chosen(every=every)
                print_result(console if chosen.boards else errors, chosen, with_doubts=not explained, has_set=bool(clues))
                if explained and chosen.boards:
                    from futoshiki.cli.crops import print_crops

                    print_crops(console, answer, chosen.boards)
                if written.path:
                    console.print(f"written to {shown(written.path)}", markup=False, soft_wrap=True)
            codes.append(answer.code)
            step()
    return int(ExitCode.worst(codes))


@dataclass(frozen=True)
class Written:
    """The outcome of drawing an answer: the answer, with its drawing time, and the picture's path, or why there is none."""

    answer: Answer
    path: Path | None = None
    note: str | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Pictures:
    """Writes the solved pictures of a command.

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
        if not self._has_solution(answer.result):
            return Written(answer)
        target = self._target(answer.picture)
        if is_same_file(target, answer.file):
            failure = f"{target} is the picture itself: choose another output"
            return Written(replace(answer, code=ExitCode.USAGE), failure=failure)
        if os.path.exists(target) and not self.overwrite:
            return Written(answer, note=f"{target} exists already and is kept")
        return self._draw(answer, target)

    def _has_solution(self, result: Result) -> bool:
        """Whether there is a solution to draw. Texts have no cells, and complete boards hold their solution already."""
        boards = result.chosen(every=self.every).boards
        return any(board.solution is not None and board.cells and not board.complete for board in boards)

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


def _check_targets(items: Sequence[Input], output: Path | None, json_to: str | None) -> None:
    """Refuse an output that cannot be used or would overwrite an input, before anything is done."""
    if is_stdout(output) and (len(items) > 1 or json_to == "-"):
        raise click.UsageError("-o - writes one picture to standard output, which nothing else can use: give a file or a folder")
    if output and len(items) > 1 and output.suffix and not output.is_dir():
        raise click.UsageError(f"several inputs need an output folder, but {output} looks like a file")
    targets = [path for path in (output, Path(json_to) if json_to and json_to != "-" else None) if path and path.is_file()]
    for item in items:
        for target in targets:
            refuse_overwriting(target, item.path)


@contextmanager
def _progress(count: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """A progress bar for several inputs on a terminal, and the function that moves it on."""
    console = Console(stderr=True, emoji=False)
    if quiet or count < LEAST_FOR_PROGRESS or not console.is_terminal:
        yield lambda: None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("solving", total=count)
        yield lambda: progress.advance(task)
