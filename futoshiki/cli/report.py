"""The answer of `futoshiki solve` in the terminal."""

from __future__ import annotations

from rich.console import Console

from futoshiki.cli.answers import Answer
from futoshiki.cli.show import print_result


def print_answer(answer: Answer, *, every: bool, explained: bool, has_set: bool, quiet: bool) -> None:
    """Print the boards of an answer, or on standard error why there are none.

    With `every`, complete boards are chosen, too. With `explained`, each doubtful clue is shown as it looks in the picture.
    `has_set` means that clues were given by --set. With `quiet`, only errors are printed.
    """
    chosen = answer.result.chosen(every=every)
    console = Console(stderr=not chosen.boards, quiet=quiet and bool(chosen.boards), highlight=False, emoji=False)
    print_result(console, chosen, with_doubts=not explained, has_set=has_set)
    if explained and chosen.boards:
        from futoshiki.cli.crops import print_crops

        print_crops(console, answer, chosen.boards)
