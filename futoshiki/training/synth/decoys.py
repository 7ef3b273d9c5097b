"""What a page holds besides Futoshiki puzzles: text, other puzzles, tables, buttons, pictures."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from futoshiki.training.synth.canvas import Canvas, Colour, glyph_mask, square
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.style import paper_colour

LETTER_WEIGHTS = (8, 2, 3, 4, 12, 2, 2, 6, 7, 1, 1, 4, 2, 7, 8, 2, 1, 6, 6, 9, 3, 1, 2, 1, 2, 1)
"""Frequencies of the letters a to z in English text, in percent."""
HEADLINES = ("FUTOSHIKI", "Futoshiki", "Puzzle 12", "More or Less", "Unequal", "Brain games", "No 1,234")
PARAGRAPHS = 12
"""Different paragraphs that are kept for each type size: drawing new text for each page would take most of its time."""
TYPE_SIZES = (5, 6, 7, 9, 11, 14, 18, 24)
"""Type sizes of the paragraphs, in pixels."""
PARAGRAPH_WIDTH = 640
"""Width of a paragraph in pixels."""
PARAGRAPH_LINES = 24
"""Lines of a paragraph."""
LETTER_WIDTH = 0.45
"""Mean width of a letter as a share of the type size, estimated low so that lines are filled to their end."""


def word(rng: random.Random) -> str:
    """A word of letters about as frequent as in English, sometimes with a capital."""
    text = "".join(rng.choices(string.ascii_lowercase, LETTER_WEIGHTS, k=rng.choice([2, 3, 4, 5, 6, 7, 9])))
    return text.capitalize() if rng.random() < 0.12 else text


@lru_cache(maxsize=PARAGRAPHS * len(TYPE_SIZES))
def _paragraph(index: int, size: int) -> np.ndarray:
    """Coverage (uint8) of a justified paragraph in `size` pixel type; some lines are cut short."""
    rng = random.Random(index * 100 + size)
    font = random_font(rng)
    step = round(size * rng.uniform(1.15, 1.5))
    sheet = np.zeros((PARAGRAPH_LINES * step, PARAGRAPH_WIDTH), np.uint8)
    for k in range(PARAGRAPH_LINES):
        words = ""
        while len(words) * size * LETTER_WIDTH < PARAGRAPH_WIDTH + 20:
            words += word(rng) + " "
        if rng.random() < 0.15:
            words = words[: len(words) // 2]
        mask = glyph_mask(font, size, words)[: step - 1, :PARAGRAPH_WIDTH]
        sheet[k * step : k * step + mask.shape[0], : mask.shape[1]] = mask
    return sheet


def text_block(canvas: Canvas, rng: random.Random, x: float, y: float, w: float, h: float, size: float, ink: Colour) -> None:
    """A paragraph of `size` pixel type in the rectangle."""
    nearest = min(TYPE_SIZES, key=lambda known: abs(known - size))
    sheet = _paragraph(rng.randrange(PARAGRAPHS), nearest)
    canvas.stamp(sheet[: max(1, int(h)), : max(1, int(w))], x, y, ink)


def headline(canvas: Canvas, rng: random.Random, x: float, y: float, w: float, height: float, ink: Colour) -> None:
    """A line of large words, cut off at the width."""
    words = " ".join(word(rng).capitalize() for _ in range(5))
    if rng.random() < 0.3:
        words = rng.choice(HEADLINES)
    mask = glyph_mask(random_font(rng), max(6, round(height)), words)
    canvas.stamp(mask[:, : max(1, int(w))], x, y, ink)


@dataclass(frozen=True)
class _NumberGrid:
    """A puzzle of `size` x `size` touching cells; (x, y) is its top left corner, `fill` the share of cells with a digit."""

    canvas: Canvas
    rng: random.Random
    x: float
    y: float
    side: float
    size: int
    font: str
    ink: Colour
    paper: Colour
    dark: Colour
    fill: float

    @property
    def pitch(self) -> float:
        """Side of a cell."""
        return self.side / self.size

    def middle(self, row: int, column: int) -> tuple[float, float]:
        """The centre of a cell."""
        return self.x + (column + 0.5) * self.pitch, self.y + (row + 0.5) * self.pitch

    def text(self, x: float, y: float, text: str, height: float) -> None:
        """Text centred on (x, y); `height` is a share of the pitch."""
        self.canvas.text(x, y, text, self.font, self.pitch * height, self.ink)

    def lines(self, thin: float, heavy: float, heavy_step: int) -> None:
        """The lines between cells; every `heavy_step`-th one is `heavy`."""
        x, y, side = self.x, self.y, self.side
        for k in range(self.size + 1):
            at, width = k * self.pitch, thin if k % heavy_step else heavy
            self.canvas.polyline([(x + at, y), (x + at, y + side)], self.ink, width)
            self.canvas.polyline([(x, y + at), (x + side, y + at)], self.ink, width)


def _digit(grid: _NumberGrid, row: int, column: int) -> None:
    if grid.rng.random() < grid.fill:
        grid.text(*grid.middle(row, column), str(grid.rng.randint(1, grid.size)), 0.55)


def _target(grid: _NumberGrid, row: int, column: int) -> None:
    """The result of a cage in a corner of its first cell, as in kenken."""
    if grid.rng.random() < 0.4:
        x, y = grid.middle(row, column)
        label = f"{grid.rng.randint(1, 40)}{grid.rng.choice('+-x')}"
        grid.text(x - grid.pitch * 0.2, y - grid.pitch * 0.3, label, 0.22)


def _black_cell(grid: _NumberGrid, row: int, column: int) -> None:
    if grid.rng.random() < 0.22:
        grid.canvas.box(*square(*grid.middle(row, column), grid.pitch), fill=grid.dark)


def _chess_square(grid: _NumberGrid, row: int, column: int) -> None:
    """A black square, or a white one that may hold a piece."""
    x, y = grid.middle(row, column)
    if (row + column) % 2:
        grid.canvas.box(*square(x, y, grid.pitch), fill=grid.dark)
    elif grid.rng.random() < 0.3:
        grid.canvas.disc(x, y, grid.pitch * 0.3, grid.rng.choice([grid.ink, grid.paper]))


def _table_entry(grid: _NumberGrid, row: int, column: int) -> None:
    text = grid.rng.choice([word(grid.rng)[:5], str(grid.rng.randint(1, 999))])
    grid.text(*grid.middle(row, column), text, 0.22)


def _dot(grid: _NumberGrid, row: int, column: int) -> None:
    """A dot in a cell (binairo) or on the line beside it (kropki)."""
    if grid.rng.random() < 0.3:
        x, y = grid.middle(row, column)
        shift = grid.rng.choice([0, grid.pitch / 2])
        grid.canvas.disc(x + shift, y, grid.pitch * 0.12, grid.rng.choice([grid.ink, grid.paper]))


def _cage_lines(grid: _NumberGrid, heavy: float) -> None:
    """Heavy lines above some cells, as around the cages of kenken."""
    x, y, pitch = grid.x, grid.y, grid.pitch
    for _ in range(grid.size * 2):
        row, column = grid.rng.randrange(grid.size), grid.rng.randrange(grid.size)
        above = y + row * pitch
        grid.canvas.polyline([(x + column * pitch, above), (x + (column + 1) * pitch, above)], grid.ink, heavy)


def _outer_digits(grid: _NumberGrid) -> None:
    """A digit above each column and left of each row, as in towers."""
    for k in range(grid.size):
        x, y = grid.middle(k, k)
        grid.text(x, grid.y - grid.pitch * 0.6, str(grid.rng.randint(1, grid.size)), 0.5)
        grid.text(grid.x - grid.pitch * 0.6, y, str(grid.rng.randint(1, grid.size)), 0.5)


NUMBER_GRIDS: dict[str, Callable[[_NumberGrid, int, int], None]] = {
    "sudoku": _digit,
    "kenken": _target,
    "kakuro": _black_cell,
    "crossword": _black_cell,
    "chess": _chess_square,
    "table": _table_entry,
    "dots": _dot,
    "towers": _digit,
}
"""Puzzles of touching cells, with the function that fills one of their cells."""
GRID_SIZES = {"sudoku": (9, 9), "chess": (8, 8), "crossword": (4, 13)}
"""Minimum and maximum number of cells per side, where they differ from `OTHER_SIZES`."""
OTHER_SIZES = (4, 9)
"""Minimum and maximum number of cells per side of all other puzzles."""


def number_grid(canvas: Canvas, rng: random.Random, x: float, y: float, side: float, ink: Colour) -> None:
    """A puzzle of touching cells: sudoku, kenken, kakuro, crossword, chess board, table, kropki, binairo or towers."""
    kind = rng.choice(["sudoku", *NUMBER_GRIDS])
    low, high = GRID_SIZES.get(kind, OTHER_SIZES)
    size = low if low == high else rng.randint(low, high)
    pitch = side / size
    font = random_font(rng)
    thin = max(0.4, pitch * rng.uniform(0.01, 0.05))
    paper, dark = paper_colour(rng), ink if rng.random() < 0.6 else (rng.randint(60, 190),) * 3
    margin = rng.choice([0, 0, pitch * 0.3])
    canvas.box(x - margin, y - margin, x + side + margin, y + side + margin, line=ink, width=pitch * 0.06, fill=paper)
    fill = rng.random() * 0.6 if rng.random() < 0.8 else 1.0
    grid = _NumberGrid(canvas, rng, x, y, side, size, font, ink, paper, dark, fill)
    for row, column in np.ndindex(size, size):
        NUMBER_GRIDS[kind](grid, row, column)
    grid.lines(thin, 3 * thin if kind == "sudoku" else thin, 3)
    if kind == "kenken":
        _cage_lines(grid, 3 * thin)
    if kind == "towers":
        _outer_digits(grid)


def separate_boxes(canvas: Canvas, rng: random.Random, x: float, y: float, side: float, ink: Colour) -> None:
    """Boxes with gaps like a Futoshiki, but with dots, letters or symbols: the hardest decoy."""
    columns, rows = rng.randint(3, 8), rng.randint(1, 8)
    pitch = side / max(columns, rows)
    cell = pitch * rng.uniform(0.5, 0.85)
    font = random_font(rng)
    dots = rng.randrange(4) == 0
    fill = paper_colour(rng) if rng.random() < 0.5 else None
    for row, column in np.ndindex(rows, columns):
        cx, cy = x + (column + 0.5) * pitch, y + (row + 0.5) * pitch
        canvas.box(*square(cx, cy, cell), line=ink, width=pitch * 0.03, fill=fill)
        if dots and rng.random() < 0.5:
            dx, dy = rng.choice([(pitch / 2, 0), (0, pitch / 2)])
            canvas.disc(cx + dx, cy + dy, pitch * 0.08, ink, width=rng.choice([-1, 1]))
        elif not dots and rng.random() < 0.7:
            canvas.text(cx, cy, rng.choice(string.ascii_uppercase + "+-=?*"), font, cell * 0.5, ink)


def _picture(canvas: Canvas, rng: random.Random, x: float, y: float, side: float) -> None:
    """A grey area with discs, about like a photo."""
    grey = rng.randint(60, 200)
    canvas.box(x, y, x + side, y + side * 0.7, fill=(grey, grey, min(255, grey + rng.randint(0, 40))))
    for _ in range(6):
        cx, cy = x + rng.random() * side, y + rng.random() * side * 0.6
        canvas.disc(cx, cy, side * rng.uniform(0.03, 0.15), (rng.randint(0, 255),) * 3)


def decoy(canvas: Canvas, rng: random.Random, x: float, y: float, side: float, ink: Colour) -> None:
    """Any of the decoys, about `side` pixels large."""
    roll = rng.random()
    if roll < 0.55:
        number_grid(canvas, rng, x, y, side, ink)
    elif roll < 0.68:
        separate_boxes(canvas, rng, x, y, side, ink)
    elif roll < 0.8:
        text_block(canvas, rng, x, y, side, side, side * rng.uniform(0.04, 0.09), ink)
    elif roll < 0.9:
        _picture(canvas, rng, x, y, side)
    else:
        headline(canvas, rng, x, y, side, side * 0.15, ink)
