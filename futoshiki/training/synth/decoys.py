"""Everything on a page that is not a Futoshiki: text, other puzzles, tables, buttons."""

from __future__ import annotations

import random
import string
from functools import lru_cache

import numpy as np

from futoshiki.training.synth.canvas import Canvas, Colour, glyph_mask
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.style import paper_colour

PARAGRAPHS = 12
TYPE_SIZES = (5, 6, 7, 9, 11, 14, 18, 24)
"""Paragraphs and type sizes (pixels) kept ready: drawing text anew for each page would take most of its time."""


def word(rng: random.Random) -> str:
    """A word of letters about as frequent as in English, now and then with a capital."""
    letters = rng.choices(string.ascii_lowercase, [8, 2, 3, 4, 12, 2, 2, 6, 7, 1, 1, 4, 2, 7, 8, 2, 1, 6, 6, 9, 3, 1, 2, 1, 2, 1],
                          k=rng.choice([2, 3, 4, 5, 6, 7, 9]))  # fmt: skip
    text = "".join(letters)
    return text.capitalize() if rng.random() < 0.12 else text


@lru_cache(maxsize=PARAGRAPHS * len(TYPE_SIZES))
def _paragraph(index: int, size: int) -> np.ndarray:
    """Coverage of a justified paragraph, 640 pixels wide, 24 lines of `size` pixels."""
    rng = random.Random(index * 100 + size)
    font = random_font(rng)
    step = round(size * rng.uniform(1.15, 1.5))
    sheet = np.zeros((24 * step, 640), np.uint8)
    for k in range(24):
        words = ""
        while len(words) * size * 0.45 < 660:
            words += word(rng) + " "
        if rng.random() < 0.15:
            words = words[: len(words) // 2]
        mask = glyph_mask(font, size, words)[: step - 1, :640]
        sheet[k * step : k * step + mask.shape[0], : mask.shape[1]] = mask
    return sheet


def text_block(canvas: Canvas, rng: random.Random, x: float, y: float, w: float, h: float, size: float, ink: Colour) -> None:
    """A paragraph of `size` pixel type in the rectangle."""
    nearest = min(TYPE_SIZES, key=lambda known: abs(known - size))
    sheet = _paragraph(rng.randrange(PARAGRAPHS), nearest)
    canvas.stamp(sheet[: max(1, int(h)), : max(1, int(w))], x, y, ink)


def headline(canvas: Canvas, rng: random.Random, x: float, y: float, w: float, height: float, ink: Colour) -> None:
    """A line of large words, cut at the width."""
    words = " ".join(word(rng).capitalize() for _ in range(5))
    if rng.random() < 0.3:
        words = rng.choice(["FUTOSHIKI", "Futoshiki", "Puzzle 12", "More or Less", "Unequal", "Brain games", "No 1,234"])
    mask = glyph_mask(random_font(rng), max(6, round(height)), words)
    canvas.stamp(mask[:, : max(1, int(w))], x, y, ink)


def number_grid(canvas: Canvas, rng: random.Random, x: float, y: float, side: float, ink: Colour) -> None:
    """A puzzle of touching cells: sudoku, killer, kenken, kakuro, crossword, chess board, table, kropki or binairo."""
    kind = rng.choice(["sudoku", "sudoku", "kenken", "kakuro", "crossword", "chess", "table", "dots", "towers"])
    n = {"sudoku": 9, "chess": 8}.get(kind) or rng.randint(4, 13 if kind == "crossword" else 9)
    pitch = side / n
    font = random_font(rng)
    thin = max(0.4, pitch * rng.uniform(0.01, 0.05))
    colours = (paper_colour(rng), ink if rng.random() < 0.6 else (rng.randint(60, 190),) * 3)
    margin = rng.choice([0, 0, pitch * 0.3])
    canvas.box(x - margin, y - margin, x + side + margin, y + side + margin, line=ink, width=pitch * 0.06, fill=colours[0])
    fill = rng.random() * 0.6 if rng.random() < 0.8 else 1.0
    for r in range(n):
        for c in range(n):
            cx, cy = x + (c + 0.5) * pitch, y + (r + 0.5) * pitch
            dark = (kind in ("crossword", "kakuro") and rng.random() < 0.22) or (kind == "chess" and (r + c) % 2)
            if dark:
                canvas.box(cx - pitch / 2, cy - pitch / 2, cx + pitch / 2, cy + pitch / 2, fill=colours[1])
            elif kind in ("sudoku", "towers") and rng.random() < fill:
                canvas.text(cx, cy, str(rng.randint(1, n)), font, pitch * 0.55, ink)
            elif kind == "table":
                canvas.text(cx, cy, rng.choice([word(rng)[:5], str(rng.randint(1, 999))]), font, pitch * 0.22, ink)
            elif kind == "kenken" and rng.random() < 0.4:
                label = f"{rng.randint(1, 40)}{rng.choice('+-x')}"
                canvas.text(cx - pitch * 0.2, cy - pitch * 0.3, label, font, pitch * 0.22, ink)
            elif kind == "chess" and rng.random() < 0.3:
                canvas.disc(cx, cy, pitch * 0.3, rng.choice([ink, colours[0]]))
            elif kind == "dots" and rng.random() < 0.3:
                canvas.disc(cx + rng.choice([0, pitch / 2]), cy, pitch * 0.12, rng.choice([ink, colours[0]]))
    for k in range(n + 1):
        heavy = kind == "sudoku" and k % 3 == 0
        width = thin * (3 if heavy else 1)
        canvas.polyline([(x + k * pitch, y), (x + k * pitch, y + side)], ink, width)
        canvas.polyline([(x, y + k * pitch), (x + side, y + k * pitch)], ink, width)
    if kind == "kenken":
        for _ in range(n * 2):
            r, c = rng.randrange(n), rng.randrange(n)
            canvas.polyline([(x + c * pitch, y + r * pitch), (x + (c + 1) * pitch, y + r * pitch)], ink, thin * 3)
    if kind == "towers":
        for k in range(n):
            canvas.text(x + (k + 0.5) * pitch, y - pitch * 0.6, str(rng.randint(1, n)), font, pitch * 0.5, ink)
            canvas.text(x - pitch * 0.6, y + (k + 0.5) * pitch, str(rng.randint(1, n)), font, pitch * 0.5, ink)


def separate_boxes(canvas: Canvas, rng: random.Random, x: float, y: float, side: float, ink: Colour) -> None:
    """Boxes with gaps like a Futoshiki, but with dots, letters, arrows or icons: the hardest decoy."""
    columns, rows = rng.randint(3, 8), rng.randint(1, 8)
    pitch = side / max(columns, rows)
    cell = pitch * rng.uniform(0.5, 0.85)
    font = random_font(rng)
    kind = rng.choice(["dots", "letters", "buttons", "plain_letters"])
    fill = paper_colour(rng) if rng.random() < 0.5 else None
    for r in range(rows):
        for c in range(columns):
            cx, cy = x + (c + 0.5) * pitch, y + (r + 0.5) * pitch
            canvas.box(cx - cell / 2, cy - cell / 2, cx + cell / 2, cy + cell / 2, line=ink, width=pitch * 0.03, fill=fill)
            if kind == "dots" and rng.random() < 0.5:
                dx, dy = rng.choice([(pitch / 2, 0), (0, pitch / 2)])
                canvas.disc(cx + dx, cy + dy, pitch * 0.08, ink, width=rng.choice([-1, 1]))
            elif kind != "dots" and rng.random() < 0.7:
                canvas.text(cx, cy, rng.choice(string.ascii_uppercase + "+-=?*"), font, cell * 0.5, ink)


def decoy(canvas: Canvas, rng: random.Random, x: float, y: float, side: float, ink: Colour) -> None:
    """Any of the decoys of about that size."""
    roll = rng.random()
    if roll < 0.55:
        number_grid(canvas, rng, x, y, side, ink)
    elif roll < 0.68:
        separate_boxes(canvas, rng, x, y, side, ink)
    elif roll < 0.8:
        size = side * rng.uniform(0.04, 0.09)
        text_block(canvas, rng, x, y, side, side, size, ink)
    elif roll < 0.9:
        grey = rng.randint(60, 200)
        canvas.box(x, y, x + side, y + side * 0.7, fill=(grey, grey, min(255, grey + rng.randint(0, 40))))
        for _ in range(6):
            canvas.disc(
                x + rng.random() * side, y + rng.random() * side * 0.6, side * rng.uniform(0.03, 0.15), (rng.randint(0, 255),) * 3
            )
    else:
        headline(canvas, rng, x, y, side, side * 0.15, ink)
