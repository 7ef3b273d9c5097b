"""Puzzles as text: the grid people type, Simon Tatham's game ID, and JSON.

Text grid, 2N-1 lines; `.` `0` `_` or a space is a blank, `<` `>` stand between two cells of a row,
`^` (or `∧`: the cell above is less) and `v` (`∨`: the cell above is greater) below a cell:

    . < 2   .
    ^       v
    .   . > .

    3   .   .
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from futoshiki.errors import PuzzleError
from futoshiki.puzzle import MAX_SIZE, Clue, Less, Puzzle

BLANKS = ".0_"
DIGITS = "0123456789ABCDEF"
_ACROSS = {"<": "<", "‹": "<", "＜": "<", ">": ">", "›": ">", "＞": ">"}
_DOWN = {"^": "^", "∧": "^", "Λ": "^", "v": "v", "V": "v", "∨": "v"}

# One flag per direction of the game ID: the cell is greater than its neighbour there
# (file format in unequal.c of Simon Tatham's Portable Puzzle Collection).
_FLAGS = {"U": (-1, 0), "R": (0, 1), "D": (1, 0), "L": (0, -1)}


def parse(text: str) -> Puzzle:
    """A puzzle from a game ID or a text grid, whichever `text` holds."""
    return parse_game_id(text) if looks_like_game_id(text) else parse_text(text)


def looks_like_game_id(text: str) -> bool:
    """True for `5:0,0L,…` and `5de:…`, whatever follows the colon."""
    return re.match(r"\s*\d+(d[a-z])?a?\s*:", text) is not None


def format_text(puzzle: Puzzle, *, ascii_only: bool = True) -> str:
    """The text grid; `parse_text` reads it back exactly. Without `ascii_only`, ∧ and ∨ are used."""
    n = puzzle.size
    up, down = ("^", "v") if ascii_only else ("∧", "∨")
    signs = set(puzzle.less)
    lines = []
    for r in range(n):
        row = ""
        for c in range(n):
            value = puzzle.givens[r][c]
            row += DIGITS[value] if value else "."
            if c + 1 < n:
                across = "<" if (r, c, r, c + 1) in signs else ">" if (r, c + 1, r, c) in signs else " "
                row += f" {across} "
        lines.append(row.rstrip())
        if r + 1 < n:
            below = (up if (r, c, r + 1, c) in signs else down if (r + 1, c, r, c) in signs else " " for c in range(n))
            lines.append("   ".join(below).rstrip())
    return "\n".join(lines)


def parse_text(text: str) -> Puzzle:
    """A puzzle from the text grid.

    Cells stand in every fourth column, as `format_text` writes them, or in every second one
    (`.<2 .`). Where blanks are marked by `.`, `0` or `_`, all lines may be indented alike; where
    they are left as spaces, the first column of the text is the first cell's.

    Raises:
        PuzzleError: with the line, the column and what was expected there.
    """
    lines = text.expandtabs().splitlines()
    filled = [k for k, line in enumerate(lines) if line.strip()]
    if not filled:
        raise PuzzleError("empty text: expected the first row of a puzzle, such as `. < 2   .`")
    first, last = filled[0], filled[-1]
    width = max(map(len, lines)) - min(len(line) - len(line.lstrip()) for line in lines[first : last + 1] if line.strip())
    likely, other = (2, 4) if width <= last - first + 1 else (4, 2)  # 2N-1 lines are as wide, or twice as wide
    try:
        return _parse_lines(lines, first, last, likely)
    except PuzzleError as error:
        try:
            return _parse_lines(lines, first, last, other)
        except PuzzleError:
            raise error from None


def _parse_lines(lines: list[str], first: int, last: int, pitch: int) -> Puzzle:
    """The puzzle in `lines[first : last + 1]`, blank lines around it aside, with a cell in every `pitch` columns."""
    shown = [line for line in lines[first : last + 1] if line.strip()]
    marked = any(char in BLANKS for line in shown for char in line)
    indent = min(len(line) - len(line.lstrip()) for line in shown) if marked else 0
    if not marked:  # rows at the top or bottom may be nothing but spaces
        height = 2 * (-(-max(map(len, lines)) // pitch)) - 1
        last = max(last, min(first + height, len(lines)) - 1)
        first = min(first, max(last + 1 - height, 0))
    block = [line[indent:].rstrip() for line in lines[first : last + 1]]
    size = (len(block) + 1) // 2
    if len(block) % 2 == 0 or size > MAX_SIZE:
        raise PuzzleError(f"{len(block)} lines: expected 2N-1 of them, rows and the lines of signs between")
    givens = [[0] * size for _ in range(size)]
    less: list[Less] = []
    for k, line in enumerate(block):
        r, is_row = k // 2, k % 2 == 0
        for column in range(max(len(line), pitch * (size - 1) + 1)):
            char = line[column] if column < len(line) else " "
            where = f"line {first + k + 1}, column {column + indent + 1}"
            c, offset = divmod(column, pitch)
            if is_row and offset == 0 and c < size:
                givens[r][c] = _cell_value(char, size, where)
            elif is_row and offset == pitch // 2 and c + 1 < size and char in _ACROSS:
                less.append((r, c, r, c + 1) if _ACROSS[char] == "<" else (r, c + 1, r, c))
            elif not is_row and offset == 0 and c < size and char in _DOWN:
                less.append((r, c, r + 1, c) if _DOWN[char] == "^" else (r + 1, c, r, c))
            elif char != " ":
                raise PuzzleError(f"{where}: `{char}` found, expected {_expected(is_row, offset == 0, c, size, pitch)}")
    return Puzzle.of(size, [(r, c, v) for r, row in enumerate(givens) for c, v in enumerate(row)], less)


def _cell_value(char: str, size: int, where: str) -> int:
    if char in BLANKS or char == " ":
        return 0
    value = DIGITS.find(char.upper())
    if not 1 <= value <= size:
        raise PuzzleError(f"{where}: `{char}` found, expected 1 to {size} or `.` for a blank")
    return value


def _expected(is_row: bool, at_cell: bool, c: int, size: int, pitch: int) -> str:
    if c >= size:
        return f"the end of the line ({size} cells, one every {'fourth' if pitch == 4 else 'second'} column)"
    if is_row and not at_cell and c + 1 < size:
        return "`<`, `>` or a space"
    if not is_row and at_cell:
        return "`^`, `v` or a space"
    return "a space"


def format_game_id(puzzle: Puzzle) -> str:
    """Simon Tatham's game ID of the puzzle, to be played in his Unequal."""
    n = puzzle.size
    signs = set(puzzle.less)
    cells = []
    for r in range(n):
        for c in range(n):
            flags = (f for f, (dr, dc) in _FLAGS.items() if (r + dr, c + dc, r, c) in signs)
            cells.append(f"{puzzle.givens[r][c]}{''.join(flags)},")
    return f"{n}:{''.join(cells)}"


def parse_game_id(text: str) -> Puzzle:
    """A puzzle from a game ID such as `4:0,0L,3,…`; a difficulty (`4de:`) is read over.

    Raises:
        PuzzleError: with the number of the cell and what was expected there.
    """
    head, _, body = text.strip().partition(":")
    match = re.fullmatch(r"(\d+)(d[a-z])?(a?)", head.strip())
    if not match:
        raise PuzzleError(f"`{head}` found before the colon, expected a size, such as `5:`")
    if match[3]:
        raise PuzzleError("this game ID is of the `adjacent` variant, whose signs mean something else")
    n = int(match[1])
    tokens = [token.strip() for token in body.strip().strip(",").split(",")]
    if len(tokens) != n * n:
        raise PuzzleError(f"{len(tokens)} cells after the colon, expected {n * n} for size {n}")
    givens, less = [], set()
    for k, token in enumerate(tokens):
        r, c = divmod(k, n)
        cell = re.fullmatch(r"(\d+)([URDL]*)", token)
        if not cell:
            raise PuzzleError(f"cell {k + 1} is `{token}`: expected a number and flags of U, R, D, L")
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
    """The inverse of `to_dict`; also reads truth files, whose givens are [row, column, value].

    Givens that could be either (three of them at size 3) are taken for rows.

    Raises:
        PuzzleError: a key is missing or a value has the wrong shape.
    """
    missing = [key for key in ("size", "givens", "less") if key not in data]
    if missing:
        raise PuzzleError(f"not a puzzle in JSON: {' and '.join(missing)} missing; expected size, givens and less")
    try:
        size, givens, less = int(data["size"]), data["givens"], data["less"]
        signs = [(int(a), int(b), int(c), int(d)) for a, b, c, d in less]
        if len(givens) == size and all(len(row) == size for row in givens):
            return Puzzle(size, givens, tuple(signs))
        return Puzzle.of(size, [(int(r), int(c), int(v)) for r, c, v in givens], signs)
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, PuzzleError):
            raise
        wanted = "size a number, givens rows of numbers or lists [row, column, value], less lists of four numbers"
        raise PuzzleError(f"not a puzzle in JSON: expected {wanted} ({error})") from error


def parse_entries(text: str) -> tuple[tuple[int, int, int], ...]:
    """What a player has written, from `r1c2=3, r2c2=1`, as 0-based (row, column, value).

    Raises:
        PuzzleError: with the part that is malformed and what was expected.
    """
    entries = []
    for part in re.split(r"[,;\s]+", text.strip()):
        match = re.fullmatch(r"r(\d+)c(\d+)=(\d+)", part, re.IGNORECASE)
        if part and not match:
            raise PuzzleError(f"entry `{part}`: expected a cell and a value, such as r1c2=3")
        if match:
            entries.append((int(match[1]) - 1, int(match[2]) - 1, int(match[3])))
    return tuple(entries)


def parse_clue(text: str) -> Clue:
    """One clue: `r3c2=4`, `r3c2=0` for a blank, `r1c1<r1c2`, `r1c1>r2c1`, or `r1c1|r1c2` for no sign.

    Raises:
        PuzzleError: with what was expected.
    """
    match = re.fullmatch(r"r(\d+)c(\d+)(?:=(\d+)|([<>|])r(\d+)c(\d+))", re.sub(r"\s", "", text), re.IGNORECASE)
    if not match:
        raise PuzzleError(f"`{text}`: expected a clue such as r3c2=4, r3c2=0 (blank), r1c1<r1c2 or r1c1|r1c2 (no sign)")
    r1, c1 = int(match[1]) - 1, int(match[2]) - 1
    if match[3]:
        return Clue(int(match[3]), cell=(r1, c1))
    r2, c2 = int(match[5]) - 1, int(match[6]) - 1
    return Clue(int(match[4] != "|"), sign=(r2, c2, r1, c1) if match[4] == ">" else (r1, c1, r2, c2))
