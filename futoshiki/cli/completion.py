"""`futoshiki completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = {
    "bash": 'eval "$(futoshiki completion bash)"   in ~/.bashrc',
    "zsh": 'eval "$(futoshiki completion zsh)"    in ~/.zshrc, after compinit',
    "fish": "futoshiki completion fish > ~/.config/fish/completions/futoshiki.fish",
}
"""The shells, and how each of them learns the completion."""
VARIABLE = "_FUTOSHIKI_COMPLETE"
"""The environment variable by which a shell asks for completions; click derives it from the program's name."""


@click.command("completion", epilog="\b\n" + "\n".join(SHELLS.values()))
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def command(context: click.Context, shell: str) -> int:
    """Print the script with which your SHELL completes commands, options and file names when you press Tab.

    Put the line of your shell below into its startup file, or run it once:
    """
    completion = get_completion_class(shell)
    assert completion is not None
    click.echo(completion(context.find_root().command, {}, "futoshiki", VARIABLE).source())
    return 0
