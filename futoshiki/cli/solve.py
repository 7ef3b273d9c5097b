"""`futoshiki solve`."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import Progress

from futoshiki.cli.inputs import RESULTS, Input, expand
from futoshiki.cli.labels import GRID_MODEL
from futoshiki.cli.outputs import free_path, line_writer, refuse_overwriting, save_picture
from futoshiki.errors import EntryError, FutoshikiError, MissingPartError, PuzzleError, UnreadableFileError
from futoshiki.formats import writable_suffix
from futoshiki.notation import parse_clue
from futoshiki.puzzle import Clue, Puzzle
from futoshiki.result import ExitCode, Result

if TYPE_CHECKING:
    from futoshiki.reading.locate import GridNetwork


TAKE_A_VALUE = ("-o", "--output", "--set", "--grid-model")
"""Options of this command of which the next argument is the value, and no input."""


class JsonOption(click.Command):
    """Lets `--json` stand alone or with a file: `--json`, `--json -`, `--json out.jsonl`, `--json=FILE`.

    A value after a space is taken only where it cannot be an input: it is `-` or ends in .json or
    .jsonl, other arguments remain, and none of those does.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join `--json` and its value before click reads the arguments."""
        joined = list(args)
        if "--json" in joined:
            k = joined.index("--json")
            following = joined[k + 1] if k + 1 < len(joined) else ""
            rest = joined[:k] + joined[k + 2 :]
            others = [
                a for before, a in zip(["", *rest], rest, strict=False)
                if (a == "-" or not a.startswith("-")) and before not in TAKE_A_VALUE
            ]  # fmt: skip
            is_target = following == "-" or following.endswith(RESULTS)
            if is_target and others and not any(a == "-" or a.endswith(RESULTS) for a in others):
                joined[k : k + 2] = [f"--json={following}"]
            else:
                joined[k] = "--json=-"
        return super().parse_args(ctx, joined)


def _clues(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[Clue, ...]:
    try:
        return tuple(parse_clue(text) for text in texts)
    except PuzzleError as error:
        raise click.BadParameter(str(error)) from error


@click.command("solve", cls=JsonOption)
@click.argument("inputs", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the solved picture goes; a folder for several.")
@click.option("--json", "json_to", metavar="[FILE|-]", help="Write one JSON object a line; pictures only with -o.")
@click.option("--all", "every", is_flag=True, help="Draw and show every board of a picture, not only the best.")
@click.option(
    "--set",
    "clues",
    multiple=True,
    metavar="CLUE",
    callback=_clues,
    help='A clue as it really is: r3c2=4, r3c2=0 (blank), "r1c1<r1c2", "r1c1|r1c2" (no sign). For one input; repeatable.',
)
@click.option("--explain-reading", "explained", is_flag=True, help="Show the picture of every doubtful clue.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--no-overwrite", is_flag=True, help="Keep pictures that exist already.")
@GRID_MODEL
def command(
    inputs: tuple[str, ...], output: Path | None, json_to: str | None, every: bool, clues: tuple[Clue, ...],
    explained: bool, quiet: bool, no_overwrite: bool, grid_model: Path | None,
) -> int:  # fmt: skip
    """Solve the puzzle in each INPUT: a picture, a folder, - for standard input, a game ID, a text or JSON file.

    The solved picture is written beside the input as NAME.solved.jpg. Exit codes: 0 solved,
    3 unreadable file, 4 no puzzle, 5 contradictory, 6 ambiguous, 7 doubtful; of several the worst.
    Results of --json, corrected by hand, are inputs too: their clues are taken as they stand.
    """
    items = list(expand(inputs))
    if clues and len(items) > 1:
        raise click.UsageError("--set speaks of one puzzle: name one input")
    network = _network(grid_model) if grid_model else None
    _check_targets(items, output, json_to)
    console = Console(quiet=quiet or json_to is not None, highlight=False)
    errors = Console(stderr=True, highlight=False)
    codes = [ExitCode.SOLVED]
    taken = {item.path for item in items if item.path}
    with line_writer(json_to) as write_line, _progress(len(items), quiet) as step:
        for item in items:
            result, code = solve_input(item, network, clues)
            written = None
            picture = picture_of(item, result)
            if output and result.boards and picture is None:
                errors.print(f"{result.source}: no picture to draw on", markup=False, soft_wrap=True)
            if picture and has_solution(result, every=every) and (output or not write_line):
                target = _target(picture, output, len(items) > 1, taken)
                if picture.path and target.exists() and target.samefile(picture.path):
                    errors.print(f"{target} is the picture itself: choose another output", markup=False, soft_wrap=True)
                    code = ExitCode.USAGE
                elif no_overwrite and target.exists():
                    console.print(f"{target} exists and is kept", markup=False, soft_wrap=True)
                else:
                    result, failure = write_picture(picture, result, target, every=every)
                    written = target if failure is None else None
                    if failure:
                        errors.print(failure, markup=False, soft_wrap=True)
                        code = ExitCode.USAGE if code == ExitCode.SOLVED else code
            if write_line:
                write_line(json.dumps(result.to_dict()))
            else:
                from futoshiki.cli.show import print_result

                print_result(console if result.boards else errors, result, every=every)
                if explained and result.boards:
                    from futoshiki.cli.crops import print_crops

                    print_crops(console, picture, result, every=every)
                if written:
                    console.print(f"written to {written}", markup=False, soft_wrap=True)
            codes.append(code)
            step()
    return int(ExitCode.worst(codes))


def _network(run: Path) -> GridNetwork:
    from futoshiki.networks.engine import trained_network

    return trained_network(run)


def solve_input(item: Input, grid_network: GridNetwork | None = None, clues: Sequence[Clue] = ()) -> tuple[Result, ExitCode]:
    """The result for one input and its exit code; errors become results with a message."""
    try:
        given = item.given()
        if given is None:
            from futoshiki.reading.pipeline import solve_image

            result = replace(solve_image(item.source, settled=clues, grid_network=grid_network), source=item.name)
        elif isinstance(given, Puzzle):
            from futoshiki.reading.settle import solve_puzzle

            result = solve_puzzle(given.with_clues(clues), item.name)
        else:
            from futoshiki.reading.settle import settled

            result = settled(given, clues)
        return result, result.exit_code
    except EntryError:
        raise  # of --set, which speaks of the only input
    except MissingPartError as error:
        return Result(item.name, "unreadable_file", error=str(error)), ExitCode.MISSING_PART
    except (UnreadableFileError, PuzzleError) as error:
        return Result(item.name, "unreadable_file", error=str(error)), ExitCode.UNREADABLE_FILE
    except ImportError:
        raise
    except Exception as error:  # one bad picture must not stop the others
        text = f"unexpected {type(error).__name__}: {error}; please report it with the picture"
        return Result(item.name, "unreadable_file", error=text), ExitCode.UNEXPECTED


def picture_of(item: Input, result: Result) -> Input | None:
    """The picture that the result is about: the input, or of a result in JSON the one that it names, if it is there."""
    if not any(board.cells for board in result.boards):
        return None
    if item.is_picture:
        return item
    named = Path(result.source)
    beside = item.path.parent / named.name if item.path else named
    return next((Input(str(path), path=path) for path in (named, beside) if path.is_file()), None)


def has_solution(result: Result, *, every: bool) -> bool:
    """Whether there is a solution to draw: texts have no cells, boards that are complete hold it already."""
    shown = result.boards if every else result.boards[:1]
    return any(board.solution is not None and board.cells and not board.complete for board in shown)


def write_picture(picture: Input, result: Result, target: Path, *, every: bool) -> tuple[Result, str | None]:
    """Draw the solutions into the picture and save it; the result with its drawing time, and what went wrong."""
    from futoshiki.reading.pipeline import annotate

    started = time.perf_counter()
    try:
        pixels = annotate(picture.source, result, every=every)
    except FutoshikiError as error:  # the picture of an earlier result may have been damaged since
        return result, f"nothing is drawn: {error}"
    drawn = replace(result, timings_ms={**result.timings_ms, "draw": (time.perf_counter() - started) * 1000})
    return drawn, save_picture(pixels, target)


def _check_targets(items: Sequence[Input], output: Path | None, json_to: str | None) -> None:
    """Refuse outputs that would overwrite an input, before anything is done."""
    if output and str(output) == "-":
        raise click.UsageError("-o writes pictures to files: give a file or a folder")
    if output and len(items) > 1 and output.suffix and not output.is_dir():
        raise click.UsageError(f"several inputs need a folder to write to, and {output} looks like a file")
    targets = [path for path in (output, Path(json_to) if json_to and json_to != "-" else None) if path and path.is_file()]
    for item in items:
        for target in targets:
            refuse_overwriting(target, item.path)


def _target(item: Input, output: Path | None, several: bool, taken: set[Path]) -> Path:
    """Where the picture of an item goes; two inputs of one name get different files."""
    source = item.path or Path("stdin.png")
    if output is not None and not (several or output.is_dir() or not output.suffix):
        return output
    return free_path(output or source.parent, source.stem, f".solved{writable_suffix(source)}", taken)


@contextmanager
def _progress(count: int, quiet: bool) -> Iterator[Any]:
    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or count < 3 or not console.is_terminal, transient=True) as progress:
        task = progress.add_task("solving", total=count)
        yield lambda: progress.advance(task)
