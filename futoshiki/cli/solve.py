"""`futoshiki solve`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from rich.progress import Progress

from futoshiki.cli.inputs import Input, expand
from futoshiki.errors import MissingPartError, PuzzleError, UnreadableFileError
from futoshiki.result import ExitCode, Result

NEVER_TRUST = 1  # a bug is worse than any other outcome


class JsonOption(click.Command):
    """Lets `--json` stand alone or with a file: `--json`, `--json -`, `--json out.jsonl`, `--json=FILE`.

    A value after a space is taken only where it cannot be the input: it is `-` or ends in .json or
    .jsonl, and another argument follows.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Join `--json` and its value before click reads the arguments."""
        joined = list(args)
        for k, argument in enumerate(joined):
            if argument != "--json":
                continue
            following = joined[k + 1] if k + 1 < len(joined) else ""
            others = [a for a in joined[:k] + joined[k + 2 :] if a == "-" or not a.startswith("-")]
            if others and (following == "-" or following.endswith((".json", ".jsonl"))):
                joined[k : k + 2] = [f"--json={following}"]
            else:
                joined[k] = "--json=-"
            break
        return super().parse_args(ctx, joined)


@click.command("solve", cls=JsonOption)
@click.argument("inputs", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where the solved picture goes; a folder for several.")
@click.option("--json", "json_to", metavar="[FILE|-]", help="Write one JSON object a line instead of pictures and text.")
@click.option("--all", "every", is_flag=True, help="Draw and show every board of a picture, not only the best.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--no-overwrite", is_flag=True, help="Keep pictures that exist already.")
def command(
    inputs: tuple[str, ...], output: Path | None, json_to: str | None, every: bool, quiet: bool, no_overwrite: bool
) -> int:
    """Solve the puzzle in each INPUT: a picture, a folder, - for standard input, a game ID, a text or JSON file.

    The solved picture is written beside the input as NAME.solved.jpg. Exit codes: 0 solved,
    3 unreadable file, 4 no puzzle, 5 contradictory, 6 ambiguous, 7 doubtful; of several the worst.
    """
    items = list(expand(inputs))
    if output and len(items) > 1 and not output.is_dir() and output.suffix:
        raise click.UsageError(f"several inputs need a folder to write to, and {output} looks like a file")
    console = Console(quiet=quiet or json_to is not None, highlight=False)
    worst = 0
    with _json_stream(json_to) as stream, _progress(len(items), quiet) as step:
        for item in items:
            result, code = solve_input(item)
            if stream:
                stream.write(json.dumps(result.to_dict(), ensure_ascii=False) + "\n")
                stream.flush()
            else:
                from futoshiki.cli.show import print_result

                print_result(console if result.boards else Console(stderr=True, highlight=False), result, every=every)
            if result.boards and item.puzzle() is None and (output or not stream):
                write_picture(item, result, output, several=len(items) > 1, every=every, keep=no_overwrite, console=console)
            worst = code if worst != NEVER_TRUST and (code == NEVER_TRUST or code > worst) else worst
            step()
    return worst


def solve_input(item: Input) -> tuple[Result, int]:
    """The result for one input and its exit code; errors become results with a message."""
    try:
        puzzle = item.puzzle()
        if puzzle is not None:
            from futoshiki.pipeline import solve_puzzle

            result = solve_puzzle(puzzle, item.name)
        else:
            from futoshiki.pipeline import solve_image

            result = solve_image(item.data if item.data is not None else item.path or item.name)
        result = _named(result, item.name)
        return result, int(result.exit_code)
    except MissingPartError as error:
        return Result(item.name, "unreadable_file", error=str(error)), int(ExitCode.MISSING_PART)
    except (UnreadableFileError, PuzzleError) as error:
        return Result(item.name, "unreadable_file", error=str(error)), int(ExitCode.UNREADABLE_FILE)
    except Exception as error:  # one bad picture must not stop the others
        if len(sys.argv) > 1 and "--debug" in sys.argv:
            raise
        text = f"unexpected {type(error).__name__}: {error}; please report it with the picture"
        return Result(item.name, "unreadable_file", error=text), int(ExitCode.UNEXPECTED)


def _named(result: Result, name: str) -> Result:
    from dataclasses import replace

    return replace(result, source=name)


def write_picture(
    item: Input, result: Result, output: Path | None, *, several: bool, every: bool, keep: bool, console: Console
) -> None:
    """Draw the solutions into the picture and save it."""
    from PIL import Image

    from futoshiki.pipeline import annotate

    target = _target(item, output, several)
    if item.path is not None and target.exists() and target.samefile(item.path):
        raise click.UsageError(f"{target} is the input itself: choose another output")
    if keep and target.exists():
        console.print(f"{target} exists and is kept")
        return
    pixels = annotate(item.data if item.data is not None else item.path or item.name, result, every=every)
    target.parent.mkdir(parents=True, exist_ok=True)
    options: dict[str, Any] = {"quality": 95, "subsampling": 0} if target.suffix.lower() in (".jpg", ".jpeg") else {}
    try:
        Image.fromarray(pixels).save(target, **options)
    except (ValueError, OSError) as error:
        raise click.UsageError(f"cannot write {target}: {error}") from error
    console.print(f"written to {target}")


def _target(item: Input, output: Path | None, several: bool) -> Path:
    source = item.path or Path("stdin.png")
    suffix = source.suffix.lower() if source.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".bmp") else ".png"
    if output is None:
        return source.with_name(f"{source.stem}.solved{suffix}")
    if several or output.is_dir() or not output.suffix:
        return output / f"{source.stem}.solved{suffix}"
    return output


@contextmanager
def _json_stream(target: str | None) -> Iterator[TextIO | None]:
    if target is None:
        yield None
    elif target == "-":
        yield sys.stdout
    else:
        path = Path(target)
        if path.exists() and path.stat().st_size and '"schema"' not in path.read_text(errors="replace")[:200]:
            raise click.UsageError(f"{path} exists and is not a result of this command: it is not overwritten")
        with path.open("w", encoding="utf-8") as file:
            yield file


@contextmanager
def _progress(count: int, quiet: bool) -> Iterator[Any]:
    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or count < 3 or not console.is_terminal, transient=True) as progress:
        task = progress.add_task("solving", total=count)
        yield lambda: progress.advance(task)
