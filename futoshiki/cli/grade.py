"""`futoshiki grade`."""

from __future__ import annotations

import json

import click

from futoshiki.cli.outputs import text_output
from futoshiki.cli.puzzles import Asked, puzzle_command, subject_of
from futoshiki.solving.explain import grade


@puzzle_command("grade", "File for what is printed; - is standard output.")
def command(asked: Asked) -> int:
    """How hard the puzzle in SOURCE is: Simon Tatham's level, and a score."""
    subject = subject_of(asked)
    found = grade(subject.puzzle, budget=subject.budget)
    if asked.output or not asked.quiet:
        with text_output(asked.output) as out:
            click.echo(json.dumps(found.to_dict()) if asked.as_json else str(found), file=out)
    return 0
