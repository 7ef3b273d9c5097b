"""`futoshiki`: the group of commands, each of which is imported only when it is called."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module
from io import StringIO
from pathlib import Path

import click

from futoshiki import __version__
from futoshiki.cli.outputs import prepare_streams, silence_stdout
from futoshiki.errors import ExitCode, FutoshikiError, MissingPartError
from futoshiki.formats import PDF, READABLE, TEXTS
from futoshiki.notation import looks_like_game_id
from futoshiki.text import shown

GROUPS = {
    "Solve": {
        "solve": "Solve puzzles in photos, folders, game IDs and text files.",
        "read": "Read the clues of a photo without solving.",
        "batch": "Solve an archive with many processes or machines.",
        "live": "Point a camera at a puzzle and see it solved on the page.",
        "web": "Serve a page for phones, and an HTTP API.",
    },
    "Play": {
        "hint": "Show the next step, without the whole answer.",
        "check": "Find the mistakes in your entries.",
        "explain": "Explain the whole solution, step by step.",
        "grade": "Grade how hard a puzzle is.",
    },
    "Print": {
        "generate": "Make new puzzles of any difficulty, to solve or to print.",
    },
    "Train": {
        "label": "Outline the puzzles in a folder of pictures, to correct in VIA.",
        "augment": "Show what augmentation does to a picture.",
        "synth": "Make synthetic photos with their ground truth.",
        "train": "Train a network, on synthetic photos or on your own pictures.",
        "segment": "Mark where puzzles are in photos or videos.",
        "evaluate": "Score answers against truth files, or outlines against labels.",
    },
    "Tools": {
        "doctor": "Check the installation.",
        "completion": "Complete commands and options in your shell by Tab.",
    },
}
"""The commands by what they are for."""
COMMANDS = {name: text for group in GROUPS.values() for name, text in group.items()}
DEBUG = "FUTOSHIKI_DEBUG"
"""Environment variable with which a bug shows its traceback."""
EXTRA_OF = {"synth": "train", "augment": "train", "train": "train", "web": "web", "batch": "batch"}
"""The extra that a command needs, where it needs one."""
EXTRA_PACKAGES = {
    "train": ("torch", "segmentation_models_pytorch", "albumentations", "lightning", "safetensors", "onnx", "matplotlib"),
    "web": ("starlette", "uvicorn", "segno", "cryptography"),
    "pdf": ("pypdfium2",),
    "batch": ("dask", "distributed", "pyarrow", "fsspec", "cloudpickle", "psutil"),
}
"""What the extras install."""


class LazyGroup(click.Group):
    """Imports a command's module when it is called, so that `--version` and `--help` stay fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name.

        Raises:
            MissingPartError: something that the command needs is not installed.
        """
        if name not in COMMANDS:
            from difflib import get_close_matches

            if likely := get_close_matches(name, COMMANDS, 1):
                ctx.fail(f"no such command: {shown(name)}; did you mean {likely[0]}?")
            return None
        try:
            command: click.Command = import_module(f"futoshiki.cli.{name}").command
        except ImportError as error:
            raise MissingPartError(explain_import(name, error)) from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, from the table, which needs no import."""
        width = max(map(len, COMMANDS))
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{width}}", text) for name, text in commands.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Let `futoshiki photo.jpg` solve, and likewise what else cannot be the name of a command."""
        if args and args[0] not in COMMANDS and is_input(args[0]):
            args = ["solve", *args]
        return super().parse_args(ctx, args)


def is_input(argument: str) -> bool:
    """Whether an argument is something to solve: a file or folder, a game ID, or - for standard input."""
    named = Path(argument).suffix.lower() in (*READABLE, PDF, *TEXTS)
    return argument == "-" or looks_like_game_id(argument) or named or os.path.exists(argument)


def explain_import(command: str, error: ImportError) -> str:
    """What to install if a module of a command cannot be imported."""
    if "libGL" in str(error):
        return "OpenCV needs the system library libGL: apt-get install libgl1, or pip install opencv-python-headless"
    missing = (error.name or "").split(".")[0]
    extra = EXTRA_OF.get(command) or next((extra for extra, packages in EXTRA_PACKAGES.items() if missing in packages), None)
    return f"{command} needs {error.name or error}: pip install 'futoshiki{f'[{extra}]' if extra else ''}'"


HELP = """Solve a Futoshiki from a photo.

\b
futoshiki photo.jpg                write the solved photo beside it
futoshiki hint photo.jpg           where to look next
futoshiki COMMAND --help           what a command can do
"""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, help=HELP)
@click.version_option(__version__, prog_name="futoshiki")
def cli() -> None:
    """Does nothing but hold the commands."""


def main() -> None:
    """Run the command line and exit. Whatever happens becomes a message of one sentence and an exit code."""
    prepare_streams()
    signal.signal(signal.SIGTERM, _interrupt)
    code, message = _outcome()
    with suppress(OSError):  # where standard error cannot be written, the exit code has to do
        if message:
            click.echo(shown(message, lines=True), err=True)
    try:
        sys.stdout.flush()
    except OSError as error:
        code = _unwritable(error)
    gc.freeze()  # all memory is about to be freed: the search for garbage on exit would take 80 ms
    sys.exit(code)


def _outcome() -> tuple[int, str | None]:
    """The exit code of the command line, and what to tell if it failed."""
    try:
        code = cli(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return ExitCode.INTERRUPTED, None
    except SystemExit:  # click and rich exit by themselves where a pipe is broken, and nowhere else
        return _unwritable(BrokenPipeError()), None
    except click.ClickException as error:
        told = StringIO()
        error.show(file=told)
        return error.exit_code, told.getvalue().rstrip("\n")
    except ImportError as error:
        return ExitCode.MISSING_PART, f"futoshiki: {explain_import('this command', error)}"
    except FutoshikiError as error:
        return error.exit_code, f"futoshiki: {error}"
    except OSError as error:
        if error.filename is None:
            return _unwritable(error), None
        return ExitCode.UNREADABLE_FILE, f"futoshiki: {error.filename}: {error.strerror or error}; give a file that can be used"
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        reason = f"unexpected {type(error).__name__}: {error}"
        return ExitCode.FAILED, f"futoshiki: {reason}; please report it, with what {DEBUG}=1 shows"
    return code if isinstance(code, int) else 0, None


def _interrupt(*_: object) -> None:
    """Treat the request to end as Ctrl-C, so that what is done is kept."""
    raise KeyboardInterrupt


def _unwritable(error: OSError) -> int:
    """The exit code where standard output cannot be written; nothing more is written to it.

    A reader that has seen enough, such as `head`, is no failure worth a word.
    """
    silence_stdout()
    if isinstance(error, BrokenPipeError):
        return ExitCode.BROKEN_PIPE
    with suppress(OSError):
        click.echo(f"futoshiki: cannot write the output: {error.strerror or error}", err=True)
    return ExitCode.CANNOT_WRITE
