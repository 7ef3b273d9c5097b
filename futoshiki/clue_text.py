"""Clues and entries as people type them."""

from __future__ import annotations

import re

from futoshiki.errors import ArgumentError, PuzzleError
from futoshiki.puzzle import NO_SIGN, Cell, Clue, Edge
from futoshiki.text import quoted

_NUMBER = "[0-9]{1,3}"
"""A number as people write it."""
_CELL = re.compile(r"r([1-9][0-9]?)c([1-9][0-9]?)|([a-o])([1-9][0-9]?)", re.IGNORECASE)
"""A cell as people write it: r3c2, or B3 as in a spreadsheet, a letter for the column and a number for the row."""


def parse_entries(text: str) -> tuple[tuple[int, int, int], ...]:
    """A player's entries, such as `r1c2=3, r2c2=1` or `B1=3, B2=1`, as (row, column, value), 0-based.

    Raises:
        PuzzleError: names the malformed part and what was expected.
    """
    entries = []
    for part in filter(None, re.split(r"[,;\s]+", text.strip())):
        where, _, value = part.partition("=")
        cell = _cell_in(where)
        if not cell or not re.fullmatch(_NUMBER, value):
            raise PuzzleError(f"entry {quoted(part)}: expected a cell and a value, such as r1c2=3")
        entries.append((*cell, int(value)))
    return tuple(entries)


def parse_clue(text: str) -> Clue:
    """One clue: `r3c2=4`, `r3c2=0` for a blank, `r1c1<r1c2`, `r1c1>r2c1`, or `r1c1|r1c2` for no sign.

    Cells may be written as in a spreadsheet, too: `B3=4`, `A1<B1`.

    Raises:
        PuzzleError: says what was expected.
    """
    first, relation, second = ([*re.split("([=<>|])", re.sub(r"\s", "", text), maxsplit=1), "", ""])[:3]
    cell, other = _cell_in(first), _cell_in(second)
    if cell and relation == "=" and re.fullmatch(_NUMBER, second):
        return Clue(cell, int(second))
    if not cell or not other or relation not in ("<", ">", "|"):
        example = "expected a clue such as r3c2=4, r3c2=0 (blank), r1c1<r1c2 or r1c1|r1c2 (no sign)"
        raise PuzzleError(f"{quoted(text)}: {example}")
    if relation == "|":
        return Clue(Edge.between(cell, other), NO_SIGN)
    return Clue(*Edge.of((*cell, *other) if relation == "<" else (*other, *cell)))


def _cell_in(text: str) -> Cell | None:
    """The cell of that name, 0-based; None if the text names none."""
    match = _CELL.fullmatch(text)
    if not match:
        return None
    row, column, letter, number = match.groups()
    return Cell(int(number) - 1, ord(letter.lower()) - ord("a")) if letter else Cell(int(row) - 1, int(column) - 1)


def as_clue(clue: Clue | str) -> Clue:
    """A clue, or the one that a text such as `r3c2=4` describes; see `parse_clue`.

    Raises:
        PuzzleError: the text describes no clue.
        ArgumentError: it is neither a clue nor a text.
    """
    if isinstance(clue, str):
        return parse_clue(clue)
    if not isinstance(clue, Clue):
        raise ArgumentError(f"expected a Clue or a text such as 'r3c2=4', not {type(clue).__name__}")
    return clue
