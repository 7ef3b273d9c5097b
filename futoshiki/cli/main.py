"""`futoshiki`: the group of commands, each loaded only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from futoshiki import __version__
from futoshiki.cli.outputs import speak_utf8
from futoshiki.errors import FutoshikiError, MissingPartError

COMMANDS = {
    "solve": "Solve puzzles in photos, folders, game IDs and text files.",
    "read": "Read the clues of a photo without solving.",
    "hint": "The next simplest step, without the whole answer.",
    "check": "Which of your entries are wrong.",
    "explain": "The whole way to the solution, step by step.",
    "grade": "How hard a puzzle is.",
    "live": "Point a camera at a puzzle and see it solved on the page.",
    "generate": "New puzzles of any difficulty, to solve or to print.",
    "evaluate": "Score answers against truth files, or outlines against labels.",
    "doctor": "Check the installation.",
    "synth": "Make synthetic photos with truth.",
    "label": "Outline the puzzles in a folder of pictures, to correct in VIA.",
    "augment": "Draw what training does to a picture.",
    "train": "Train a network, on synthetic photos or on your own pictures.",
    "segment": "Lay what the grid network finds over photos or videos.",
}


class LazyGroup(click.Group):
    """Imports a command's module when it is asked for: `--version` and `--help` import nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name."""
        if name not in COMMANDS:
            return None
        try:
            command: click.Command = import_module(f"futoshiki.cli.{name}").command
        except ImportError as error:
            raise MissingPartError(explain_import(name, error)) from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in `--help`, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def explain_import(command: str, error: ImportError) -> str:
    """What to install when a module of a command cannot be imported."""
    if "libGL" in str(error):
        return "OpenCV needs the system's libGL: apt-get install libgl1, or pip install opencv-python-headless"
    extra = "[train]" if command in ("synth", "train", "augment") else ""
    return f"{command} needs {error.name or error}: pip install 'futoshiki{extra}'"


HELP = """Solve a Futoshiki from a photo.

\b
futoshiki solve photo.jpg          the photo, solved, beside it
futoshiki solve --json *.jpg       one JSON object a line
"""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, help=HELP)
@click.version_option(__version__, prog_name="futoshiki")
def cli() -> None:
    """The group itself does nothing."""


def main() -> None:
    """Entry point; errors of the package become a message and their exit code."""
    speak_utf8()
    try:
        code = cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except ImportError as error:
        click.echo(f"futoshiki: {explain_import('this command', error)}", err=True)
        sys.exit(8)
    except FutoshikiError as error:
        click.echo(f"futoshiki: {error}", err=True)
        sys.exit(error.exit_code)
    sys.exit(code if isinstance(code, int) else 0)
