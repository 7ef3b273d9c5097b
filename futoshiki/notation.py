"""Puzzles as text: the grid people type, Simon Tatham's game ID, and JSON.

A text grid has 2N-1 lines. `.` `0` `_` or a space is a blank. `<` and `>` stand between two cells of a row, `^` (or `∧`:
the cell above is less) and `v` (or `∨`: the cell above is greater) below a cell:

    . < 2   .
    ^       v
    .   . > .

    3   .   .
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import unquote

from futoshiki.board_text import DIGITS, TYPED, board_text
from futoshiki.errors import ArgumentError, PuzzleError
from futoshiki.puzzle import GREATER, LESS, MAX_SIZE, MIN_SIZE, Cell, Edge, Less, Place, Puzzle
from futoshiki.text import quoted
from futoshiki.values import Value, about

MAX_TEXT = 100_000
"""Characters of the longest text that is looked at; a text grid of the largest size has 2,000."""

BLANKS = ".0_"
"""Characters that mark a blank cell in a text grid."""
_ACROSS = dict.fromkeys("<‹＜", LESS) | dict.fromkeys(">›＞", GREATER)
_DOWN = dict.fromkeys("^∧Λ", LESS) | dict.fromkeys("vV∨", GREATER)

SIGNS = {True: ("none", "<", ">"), False: ("none", "∧", "∨")}
"""Text of no sign, LESS and GREATER on an edge inside a row (True) or a column (False)."""

_FLAGS = {"U": (-1, 0), "R": (0, 1), "D": (1, 0), "L": (0, -1)}
"""Flags of a cell in a game ID: it is greater than its neighbour in that direction (row, column). The format is that of
unequal.c in Simon Tatham's Portable Puzzle Collection."""
_GAME = re.compile(r"([0-9]+)(a?)(?:d[a-z])?(a?)\s*([:#])")
"""The head of a game ID: the size, `a` in the adjacent mode, a difficulty; `#` in place of the colon begins a random seed."""
_PAGE = re.compile(r"\s*(?:(?:https?://|www\.)[^\s#]*)?#", re.IGNORECASE)
"""What stands before the game ID in a link to a page that shows the puzzle."""


def parse(text: str) -> Puzzle:
    """A puzzle from a game ID or a text grid, whichever `text` is.

    Raises:
        PuzzleError: says where the text is wrong and what was expected there.
    """
    return parse_game_id(text) if looks_like_game_id(text) else parse_text(text)


def looks_like_game_id(text: str) -> bool:
    """Whether a text begins like a game ID, such as `5:0,0L,…` or `5de:…`, or is a link to a page with one.

    What follows the colon is not checked.
    """
    return len(text) <= MAX_TEXT and _GAME.match(_without_page(text)) is not None


def _without_page(text: str) -> str:
    """What stands in a link after the page, otherwise the text itself."""
    page = _PAGE.match(text)
    return (unquote(text[page.end() :]) if page else text).strip()


def format_text(puzzle: Puzzle, *, ascii_only: bool = True) -> str:
    """The text grid; `parse_text` reads it back exactly. Without `ascii_only`, ∧ and ∨ are used."""
    return board_text(puzzle.givens, puzzle.less, form=replace(TYPED, ascii_only=ascii_only))


def value_text(place: Place, value: int) -> str:
    """A value as text: `blank` or a digit in a cell; `none`, `<`, `>`, `∧` or `∨` on an edge."""
    if isinstance(place, Edge):
        return SIGNS[place.is_across][value]
    return str(value) if value else "blank"


def parse_text(text: str) -> Puzzle:
    """A puzzle from the text grid.

    Cells stand in every fourth column, as `format_text` writes them, or in every second one (`.<2 .`). If blanks are
    marked by `.`, `0` or `_`, all lines may be indented alike. If they are spaces, the first cell stands in the first
    column of the text.

    Raises:
        PuzzleError: with the line, the column and what was expected there.
    """
    _check_length(text)
    lines = text.expandtabs().splitlines()
    filled = [k for k, line in enumerate(lines) if line.strip()]
    if not filled:
        raise PuzzleError("empty text: expected the first row of a puzzle, such as `. < 2   .`")
    first, last = filled[0], filled[-1]
    shown = lines[first : last + 1]
    width = max(map(len, lines)) - (_indent(shown) if _marks_blanks(shown) else 0)
    likely, other = (2, 4) if width <= last - first + 1 else (4, 2)  # 2N-1 lines are as wide, or twice as wide
    try:
        return _parse_block(_block(lines, first, last, likely), likely)
    except PuzzleError as error:
        try:
            return _parse_block(_block(lines, first, last, other), other)
        except PuzzleError:
            raise error from None


def _check_length(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise PuzzleError(f"a text of {len(text):,} characters: a puzzle has at most {MAX_TEXT:,}; give one puzzle only")


def _marks_blanks(lines: list[str]) -> bool:
    """Whether blanks are marked by characters, so that spaces are none."""
    return any(char in BLANKS for line in lines for char in line)


def _indent(lines: list[str]) -> int:
    """Number of spaces that every line begins with; empty lines do not count."""
    return min(len(line) - len(line.lstrip()) for line in lines if line.strip())


class _Block(NamedTuple):
    """The lines of a text grid without its margins of `top` lines and `left` columns; if `marked`, a space is no blank."""

    lines: list[str]
    top: int
    left: int
    marked: bool

    def where(self, line: int, column: int) -> str:
        """A position in the block as a position in the text, 1-based."""
        return f"line {self.top + line + 1}, column {self.left + column + 1}"


def _block(lines: list[str], first: int, last: int, pitch: int) -> _Block:
    """The grid in `lines[first : last + 1]`, with a cell in every `pitch` columns."""
    shown = lines[first : last + 1]
    marked = _marks_blanks(shown)
    indent = _indent(shown) if marked else 0
    if not marked:  # rows at the top or bottom may be nothing but spaces
        height = 2 * (-(-max(map(len, lines)) // pitch)) - 1
        last = max(last, min(first + height, len(lines)) - 1)
        first = min(first, max(last + 1 - height, 0))
    return _Block([line[indent:].rstrip() for line in lines[first : last + 1]], first, indent, marked)


def _parse_block(block: _Block, pitch: int) -> Puzzle:
    """The puzzle in a block, with a cell in every `pitch` columns."""
    count = len(block.lines)
    size = (count + 1) // 2
    if size < MIN_SIZE:
        raise PuzzleError("1 line: a puzzle has at least 3, two rows and the line of signs between")
    if count % 2 == 0 or size > MAX_SIZE:
        raise PuzzleError(f"{count} lines: expected 2N-1 of them, rows and the lines of signs between")
    givens: list[tuple[int, int, int]] = []
    less: list[Less] = []
    for k, line in enumerate(block.lines):
        r, is_row = k // 2, k % 2 == 0
        for column, char in enumerate(line.ljust(pitch * (size - 1) + 1)):
            c, offset = divmod(column, pitch)
            if is_row and offset == 0 and c < size:
                givens.append((r, c, _cell_value(char, size, block.where(k, column), marked=block.marked)))
            elif is_row and offset == pitch // 2 and c + 1 < size and char in _ACROSS:
                less.append(Edge(Cell(r, c), Cell(r, c + 1)).less(_ACROSS[char]))
            elif not is_row and offset == 0 and c < size and char in _DOWN:
                less.append(Edge(Cell(r, c), Cell(r + 1, c)).less(_DOWN[char]))
            elif char != " ":
                expected = _expected(is_row, offset == 0, c, size, pitch)
                raise PuzzleError(f"{block.where(k, column)}: {quoted(char)} found, expected {expected}")
    return Puzzle.of(size, givens, less)


def _cell_value(char: str, size: int, where: str, *, marked: bool) -> int:
    """The value of a cell in a text grid; 0 for a blank."""
    if char in BLANKS or (char == " " and not marked):
        return 0
    value = DIGITS.find(char.upper())
    if not 1 <= value <= size:
        raise PuzzleError(f"{where}: {quoted(char)} found, expected 1 to {size} or `.` for a blank")
    return value


def _expected(is_row: bool, at_cell: bool, c: int, size: int, pitch: int) -> str:
    """What a text grid may hold in a column: that of cell `c` (`at_cell`), or one between it and the next."""
    if c >= size:
        return f"the end of the line ({size} cells, one every {'fourth' if pitch == 4 else 'second'} column)"
    if is_row and not at_cell and c + 1 < size:
        return "`<`, `>` or a space"
    if not is_row and at_cell:
        return "`^`, `v` or a space"
    return "a space"


def format_game_id(puzzle: Puzzle) -> str:
    """The puzzle as a game ID of Unequal, from Simon Tatham's Portable Puzzle Collection."""
    n = puzzle.size
    signs = set(puzzle.less)
    cells = []
    for r in range(n):
        for c in range(n):
            flags = (f for f, (dr, dc) in _FLAGS.items() if (r + dr, c + dc, r, c) in signs)
            cells.append(f"{puzzle.givens[r][c]}{''.join(flags)},")
    return f"{n}:{''.join(cells)}"


def parse_game_id(text: str) -> Puzzle:
    """A puzzle from a game ID such as `4:0,0L,3,…`, or from a link that ends in `#4:0,0L,3,…`; a difficulty is ignored.

    Raises:
        PuzzleError: with the number of the cell and what was expected there.
    """
    _check_length(text)
    text = _without_page(text)
    head = _GAME.match(text)
    if not head:
        raise PuzzleError(f"{quoted(text)} found, expected a size and a colon, such as `5:`, as a game ID begins")
    if head[2] or head[3]:
        raise PuzzleError("this game ID is one of the `adjacent` mode, which is not supported; choose the mode `unequal`")
    if head[4] == "#":
        wanted = "paste the game ID that describes the puzzle, with a colon after the size, such as `5:0,0L,…`"
        raise PuzzleError(f"{quoted(text)} is a random seed and holds no puzzle; {wanted}")
    n = int(head[1]) if len(head[1]) < 4 else 0
    if not MIN_SIZE <= n <= MAX_SIZE:
        raise PuzzleError(f"{quoted(head[1])} before the colon, expected a size from {MIN_SIZE} to {MAX_SIZE}")
    tokens = [token.strip() for token in text[head.end() :].strip().removesuffix(",").split(",")]
    if len(tokens) != n * n:
        cells = f"{len(tokens)} cell{'s' * (len(tokens) != 1)}"
        raise PuzzleError(f"{cells} after the colon, expected {n * n} for size {n}")
    givens, less = [], set()
    for k, token in enumerate(tokens):
        r, c = divmod(k, n)
        cell = re.fullmatch("([0-9]{1,3})([URDL]*)", token)
        if not cell:
            raise PuzzleError(f"cell {k + 1} is {quoted(token)}: expected a number and flags of U, R, D, L")
        givens.append((r, c, int(cell[1])))
        less |= {(r + _FLAGS[f][0], c + _FLAGS[f][1], r, c) for f in cell[2]}
    return Puzzle.of(n, givens, sorted(less))


def to_dict(puzzle: Puzzle) -> dict[str, Any]:
    """The puzzle as plain JSON values: `size`, `givens` (rows, 0 = blank), `less`."""
    return {
        "size": puzzle.size,
        "givens": [list(row) for row in puzzle.givens],
        "less": [list(sign) for sign in puzzle.less],
    }


def from_dict(data: Mapping[str, Any]) -> Puzzle:
    """The inverse of `to_dict`. Also reads truth files, whose givens are lists [row, column, value].

    If givens could be either (three of them at size 3), they are taken for rows.

    Raises:
        PuzzleError: names the field that is missing or wrong.
    """
    with about("not a puzzle in JSON"):
        return puzzle_in(Value(data))


def puzzle_in(value: Value) -> Puzzle:
    """The puzzle in an object with the fields `size`, `givens` and `less`; see `from_dict`.

    Raises:
        PuzzleError: names the field that is missing or wrong.
    """
    size, givens, less = (value.field(key) for key in ("size", "givens", "less"))
    n = size.whole(MIN_SIZE, MAX_SIZE)
    rows = givens.items(at_most=n * n)
    if len(rows) == n and all(len(row.items(at_most=n * n)) == n for row in rows):
        digits = [(r, c, cell.whole(0, n)) for r, row in enumerate(rows) for c, cell in enumerate(row.items(at_most=n))]
    else:
        digits = digits_in(givens, n, least=0)
    ends = [sign.several(4, "four numbers, r1, c1, r2, c2") for sign in less.items(at_most=4 * n * n)]
    signs = [tuple(end.whole(0, n - 1) for end in sign) for sign in ends]
    with about(less.path):
        return Puzzle.of(n, digits, signs)


def digits_in(value: Value, size: int, *, least: int) -> list[tuple[int, int, int]]:
    """The digits (row, column, value), 0-based, in a list; each is `least` or more, and stands in a cell of its own.

    Raises:
        PuzzleError: names the item that is wrong.
    """
    digits: dict[Cell, int] = {}
    for item in value.items(at_most=size * size):
        r, c, digit = item.several(3, "three numbers: row, column, value")
        cell = Cell(r.whole(0, size - 1), c.whole(0, size - 1))
        if cell in digits:
            raise PuzzleError(f"{item.path}: a second value for {cell}")
        digits[cell] = digit.whole(least, size)
    return [(*cell, digit) for cell, digit in digits.items()]


def as_puzzle(puzzle: Puzzle | str) -> Puzzle:
    """A puzzle, or the one that a game ID or a text grid describes.

    Raises:
        PuzzleError: the text describes no puzzle.
        ArgumentError: it is neither a puzzle nor a text.
    """
    if isinstance(puzzle, str):
        return parse(puzzle)
    if not isinstance(puzzle, Puzzle):
        board = (
            "; take its `puzzle`, such as result.board.puzzle" if hasattr(puzzle, "boards") or hasattr(puzzle, "puzzle") else ""
        )
        raise ArgumentError(f"expected a Puzzle, a game ID or a text grid, not {type(puzzle).__name__}{board}")
    return puzzle
