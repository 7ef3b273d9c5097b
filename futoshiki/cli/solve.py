"""`futoshiki solve`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from futoshiki.cli.answers import Solver
from futoshiki.cli.drawings import Drawings, PdfCopy, Pictures, Written
from futoshiki.cli.inputs import Input, expand
from futoshiki.cli.options import BOARD, CLUES, EVERY, GRID_MODEL, PAGES, QUIET, RECURSIVE, refuse_clues_for_several
from futoshiki.cli.outputs import is_stdout, line_writer, refuse_overwriting
from futoshiki.errors import ExitCode
from futoshiki.formats import PDF, RESULTS, is_pdf
from futoshiki.puzzle import Clue
from futoshiki.text import shown

TAKE_A_VALUE = ("-o", "--output", "--page", "--board", "--set", "--grid-model")
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
    help="File for the solved picture, a folder for several, a PDF for a copy of a PDF, or - for standard output.",
)
@click.option("--json", "json_to", metavar="[FILE|-]", help="Write one JSON object per line; pictures only with -o.")
@PAGES
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
    pages: tuple[range, ...],
    board: int | None,
    every: bool,
    clues: tuple[Clue, ...],
    explained: bool,
    quiet: bool,
    no_overwrite: bool,
    recursive: bool,
    grid_model: Path | None,
) -> int:
    """Solve the puzzle in each INPUT: a picture, a PDF, a folder, - for standard input, a game ID, a text or JSON file.

    On a page with several puzzles all open ones are solved; --board N chooses one of them.
    The solved picture is written beside the input as NAME.solved.jpg; that of page 3 of a PDF or TIFF has -3 after its name.
    With -o solved.pdf the solutions are drawn into a copy of the PDF. A result of --json may be corrected by
    hand and is then an input too: its clues are taken as they stand.

    Exit codes: 0 solved, 3 unreadable file, 4 no puzzle, 5 contradictory, 6 ambiguous, 7 doubtful,
    8 something is not installed, 9 an output cannot be written, 1 a bug. For several inputs or boards it is the worst
    of their codes.
    """
    items = list(expand(inputs, recursive=recursive, pages=pages))
    refuse_clues_for_several(clues, items)
    solver = Solver(grid_model, clues, board=board, every=every)
    _check_targets(items, output, json_to)
    quiet = quiet or is_stdout(output)
    say = _say_nothing if quiet or json_to is not None else _say
    draws = output is not None or json_to is None
    drawings: Drawings
    if output and _is_pdf_name(output):
        drawings = PdfCopy(items[0].source, output, every, not no_overwrite)
    else:
        drawings = Pictures(output, len(items) > 1, {item.path for item in items if item.path}, every, not no_overwrite)
    codes = [ExitCode.SOLVED]
    with line_writer(json_to) as write_line, _progress(len(items), quiet) as step, _finishing(drawings, say):
        for item in items:
            answer = solver.answer(item)
            written = drawings.write(answer) if draws else Written(answer)
            if written.note:
                say(written.note)
            if written.failure:
                click.echo(shown(written.failure), err=True)
            answer = written.answer
            if write_line:
                write_line(json.dumps(answer.result.to_dict()))
            else:
                from futoshiki.cli.report import print_answer  # rich takes long to load, and JSON needs none

                print_answer(answer, every=every, explained=explained, has_set=bool(clues), quiet=quiet)
                if written.path:
                    say(f"written to {written.path}")
            codes.append(answer.code)
            step()
    return int(ExitCode.worst(codes))


def _check_targets(items: Sequence[Input], output: Path | None, json_to: str | None) -> None:
    """Refuse an output that cannot be used or would overwrite an input, before anything is done."""
    if is_stdout(output) and (len(items) > 1 or json_to == "-"):
        raise click.UsageError("-o - writes one picture to standard output, which nothing else can use: give a file or a folder")
    if output and _is_pdf_name(output):
        if len({item.source for item in items}) != 1 or not is_pdf(items[0].head):
            raise click.UsageError(f"-o {output} is for a copy of one PDF with its solutions: give one PDF as input")
    elif output and len(items) > 1 and output.suffix and not output.is_dir():
        raise click.UsageError(f"several inputs need an output folder, but {output} looks like a file")
    targets = [path for path in (output, Path(json_to) if json_to and json_to != "-" else None) if path and path.is_file()]
    for item in items:
        for target in targets:
            refuse_overwriting(target, item.path)


def _is_pdf_name(output: Path) -> bool:
    """Whether an output is a PDF by its name."""
    return output.suffix.lower() == PDF and not output.is_dir()


def _say(message: str) -> None:
    click.echo(shown(message))


def _say_nothing(_: str) -> None:
    pass


@contextmanager
def _finishing(drawings: Drawings, say: Callable[[str], None]) -> Iterator[None]:
    """Ends the drawings of a command with the block, also if it is interrupted: what is done is kept."""
    try:
        yield
    finally:
        if message := drawings.finish():
            say(message)


@contextmanager
def _progress(count: int, quiet: bool) -> Iterator[Callable[[], None]]:
    """A progress bar for several inputs on a terminal, and the function that moves it on."""
    if quiet or count < LEAST_FOR_PROGRESS:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True, emoji=False)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("solving", total=count)
        yield lambda: progress.advance(task)
