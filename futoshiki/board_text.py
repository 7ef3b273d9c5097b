"""Boards as lines of text: every form of a board that people read or type is written here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

PartKind = Literal["given", "found", "blank", "sign", "number"]
"""What a part of a line is: a given digit, one of the solution, a blank cell, signs, or the numbers of rows and columns."""


class Part(NamedTuple):
    """A piece of a line and what it is."""

    text: str
    kind: PartKind


@dataclass(frozen=True)
class Form:
    """How a board is written.

    `brackets` stand around given digits, so that they differ by more than their style, and spaces around all others. `gap`
    is the number of spaces on either side of a sign. `numbered` boards count their rows and columns at the edge. `blank`
    stands in blank cells. With `letters`, 10 and more are one character, A and so on. `ascii_only` writes ∧ as ^, ∨ as v.
    """

    brackets: bool = True
    gap: int = 1
    numbered: bool = True
    blank: str = "·"
    letters: bool = False
    ascii_only: bool = False

    def width(self, size: int) -> int:
        """Columns that a board of that size takes."""
        margin = len(str(size)) + 1 if self.numbered else 0
        return margin + size * (self.digits(size) + 2 * self.brackets) + (size - 1) * len(self.between(" "))

    def digits(self, size: int) -> int:
        """Columns of the longest number."""
        return 1 if self.letters else len(str(size))

    def in_cell(self, text: str, size: int, *, given: bool = False) -> str:
        """A text as wide as a cell."""
        before, after = ("[", "]") if self.brackets and given else (" ", " ") if self.brackets else ("", "")
        return f"{before}{text:>{self.digits(size)}}{after}"

    def between(self, sign: str) -> str:
        """A sign as wide as the space between two cells."""
        gap = " " * self.gap
        return f"{gap}{self.plain(sign)}{gap}"

    def value(self, value: int) -> str:
        """A digit, or the mark of a blank cell for 0."""
        return self.plain(self.blank) if not value else DIGITS[value] if self.letters else str(value)

    def plain(self, char: str) -> str:
        """A character that the encoding has."""
        return _ASCII.get(char, char) if self.ascii_only else char


WIDE = Form()
"""Boards where there is room."""
NARROW = Form(brackets=False, gap=0)
"""Boards on narrow terminals."""
TYPED = Form(brackets=False, numbered=False, blank=".", letters=True)
"""The text grid that people type, and that `notation.parse_text` reads."""
DIGITS = "0123456789ABCDEF"
"""Character of each value in the text grid that people type."""
_ASCII = {"∧": "^", "∨": "v", "·": "."}


def board_lines(
    givens: Sequence[Sequence[int]],
    less: Iterable[tuple[int, int, int, int]],
    solution: Sequence[Sequence[int]] | None = None,
    form: Form = WIDE,
) -> list[list[Part]]:
    """The lines of a board in parts: its rows, and between them the signs inside the columns.

    `givens` and `solution` are N rows of N numbers, 0 for a blank. `less` holds (r1, c1, r2, c2), 0-based: two neighbours
    of which the first is less.
    """
    n, signs = len(givens), {((r1, c1), (r2, c2)) for r1, c1, r2, c2 in less}

    def sign(first: tuple[int, int], second: tuple[int, int], marks: str) -> str:
        return marks[0] if (first, second) in signs else marks[1] if (second, first) in signs else " "

    def cell(r: int, c: int) -> Part:
        given = givens[r][c]
        value = given or (solution[r][c] if solution else 0)
        kind: PartKind = "given" if given else "found" if value else "blank"
        return Part(form.in_cell(form.value(value), n, given=bool(given)), kind)

    def numbered(number: int | str, *parts: Part) -> list[Part]:
        return [*([Part(f"{number:>{len(str(n))}} ", "number")] if form.numbered else []), *parts]

    heads = form.between(" ").join(form.in_cell(str(c + 1), n) for c in range(n)).rstrip()
    lines = [numbered("", Part(heads, "number"))] if form.numbered else []
    for r in range(n):
        row = [cell(r, 0)]
        for c in range(1, n):
            row += [Part(form.between(sign((r, c - 1), (r, c), "<>")), "sign"), cell(r, c)]
        lines.append(numbered(r + 1, *row))
        if r + 1 < n:
            below = (form.in_cell(form.plain(sign((r, c), (r + 1, c), "∧∨")), n) for c in range(n))
            lines.append(numbered("", Part(form.between(" ").join(below).rstrip(), "sign")))
    return lines


def board_text(
    givens: Sequence[Sequence[int]],
    less: Iterable[tuple[int, int, int, int]],
    solution: Sequence[Sequence[int]] | None = None,
    form: Form = WIDE,
) -> str:
    """The lines of `board_lines` as one text, without spaces at the ends of lines."""
    return "\n".join("".join(part.text for part in line).rstrip() for line in board_lines(givens, less, solution, form))
