"""`futoshiki check`."""

from __future__ import annotations

from futoshiki.cli.puzzles import ENTRIES, Asked, Entries, puzzle_command, subject_of
from futoshiki.drawing.marking import Marks
from futoshiki.errors import ExitCode
from futoshiki.solving.hints import check


@puzzle_command("check", "File for the picture with mistakes crossed out; by default NAME.check.jpg beside the input.")
@ENTRIES
def command(asked: Asked, entries: Entries | None) -> int:
    """Find the mistakes in your entries, without showing what belongs there. The exit code is 5 if there are any.

    If SOURCE is a picture, a copy with the wrong entries crossed out is written.
    """
    subject = subject_of(asked)
    found = check(subject.puzzle, subject.entries(entries), budget=subject.budget)
    if asked.as_json:
        asked.say_json(found.to_dict())
    else:
        asked.say(found.message)
    if asked.output or (found.wrong and not asked.as_json):
        asked.told(subject.draw(Marks(wrong=found.wrong), [found.message], asked.output, "check"))
    return ExitCode.CONTRADICTORY if found.wrong else ExitCode.SOLVED
