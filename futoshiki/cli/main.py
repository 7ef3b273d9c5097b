"""`futoshiki`: the group of commands, each of which is imported only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from futoshiki import __version__
from futoshiki.cli.outputs import use_utf8
from futoshiki.errors import ExitCode, FutoshikiError, MissingPartError

COMMANDS = {
    "solve": "Solve puzzles in photos, folders, game IDs and text files.",
    "read": "Read the clues of a photo without solving.",
    "hint": "Show the next step, without the whole answer.",
    "check": "Find the mistakes in your entries.",
    "explain": "Explain the whole solution, step by step.",
    "grade": "Grade how hard a puzzle is.",
    "live": "Point a camera at a puzzle and see it solved on the page.",
    "generate": "Make new puzzles of any difficulty, to solve or to print.",
    "evaluate": "Score answers against truth files, or outlines against labels.",
    "doctor": "Check the installation.",
    "synth": "Make synthetic photos with their ground truth.",
    "label": "Outline the puzzles in a folder of pictures, to correct in VIA.",
    "augment": "Show what augmentation does to a picture.",
    "train": "Train a network, on synthetic photos or on your own pictures.",
    "segment": "Draw what the grid network finds into photos or videos.",
}
NEED_TRAINING = ("synth", "augment", "train")
"""Commands that need the extra `train`."""


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
            return None
        try:
            command: click.Command = import_module(f"futoshiki.cli.{name}").command
        except ImportError as error:
            raise MissingPartError(explain_import(name, error)) from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, from the table, which needs no import."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def explain_import(command: str, error: ImportError) -> str:
    """What to install if a module of a command cannot be imported."""
    if "libGL" in str(error):
        return "OpenCV needs the system library libGL: apt-get install libgl1, or pip install opencv-python-headless"
    extra = "[train]" if command in NEED_TRAINING else ""
    return f"{command} needs {error.name or error}: pip install 'futoshiki{extra}'"


HELP = """Solve a Futoshiki from a photo.

\b
futoshiki solve photo.jpg          write the solved photo beside it
futoshiki solve --json *.jpg       print one JSON object per line
"""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, help=HELP)
@click.version_option(__version__, prog_name="futoshiki")
def cli() -> None:
    """Does nothing but hold the commands."""


def main() -> None:
    """Entry point. Errors of the package become a message and an exit code."""
    use_utf8()
    try:
        code = cli(standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ImportError as error:
        click.echo(f"futoshiki: {explain_import('this command', error)}", err=True)
        sys.exit(ExitCode.MISSING_PART)
    except FutoshikiError as error:
        click.echo(f"futoshiki: {error}", err=True)
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
