"""`futoshiki hint`."""

from __future__ import annotations

import click

from futoshiki.cli.puzzles import ENTRIES, Asked, Entries, puzzle_command, subject_of
from futoshiki.drawing.marking import hint_marks
from futoshiki.solving.hints import hint


@puzzle_command("hint", "File for the marked picture; by default NAME.hint1.jpg, with its level, beside the input.")
@ENTRIES
@click.option("--level", type=click.IntRange(1, 3), default=1, show_default=True,
              help="1: where to look. 2: and why. 3: and the move.")  # fmt: skip
def command(asked: Asked, entries: Entries | None, level: int) -> int:
    """The step that is easiest to see in SOURCE (a picture, text, JSON file or game ID), in as much detail as you ask for.

    For a picture, a copy is written with the cells marked and the sentences below.
    """
    subject = subject_of(asked)
    found = hint(subject.puzzle, subject.entries(entries), budget=subject.budget)
    if asked.as_json:
        asked.say_json(found.to_dict(level))
    else:
        asked.say(*found.sentences(level))
        if level > 1 and found.details and not asked.quiet:
            click.echo("the smaller steps are listed by futoshiki explain, or with --json", err=True)
    if not asked.as_json or asked.output:
        asked.told(subject.draw(hint_marks(found, level), found.sentences(level), asked.output, f"hint{level}"))
    return 0
