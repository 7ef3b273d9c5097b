"""How a board looks: sampled at random over everything that newspapers, books and apps print."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from futoshiki.training.synth.canvas import Colour
from futoshiki.training.synth.fonts import random_font

SignKind = Literal["chevron", "glyph", "filled", "outlined", "sketched"]
CellKind = Literal["boxes", "shared", "tint", "bare"]

CELL_KINDS: tuple[CellKind, ...] = ("boxes", "shared", "tint", "bare")
CELL_KIND_WEIGHTS = (0.63, 0.19, 0.14, 0.04)
PALE_SHARE = 0.4
"""Of the tinted boards: their cells can hardly be told from the ground."""
SIGN_KINDS: tuple[SignKind, ...] = ("chevron", "glyph", "filled", "outlined", "sketched")
SIGN_KIND_WEIGHTS = (0.46, 0.34, 0.1, 0.06, 0.04)
PLACES = (".", "·", "-", "_")
"""What stands in blank cells that are not drawn: without a frame nothing else shows where they are."""
BLANK_MARKS, BLANK_MARK_WEIGHTS = ("0", "?", *PLACES), (0.4, 0.06, 0.14, 0.14, 0.12, 0.14)
"""What some programs show in a blank cell."""
BLANK_MARK_SHARE = 0.2
"""Of the boards on a screen."""


@dataclass(frozen=True)
class BoardStyle:
    """Lengths are shares of the pitch (distance of neighbouring cell centres) unless said otherwise."""

    cell_kind: CellKind
    cell: float
    """Side of a cell; 1 where cells touch."""
    aspect: float
    """Width of the pitch over its height."""
    radius: float
    line_width: float
    line: Colour
    paper: Colour
    cell_fill: Colour | None
    backdrop: Colour | None
    given_fill: Colour | None
    """Fill of the cells with a given digit, where they are shaded."""
    frame: float
    """Width of the outer frame, 0 for none."""
    frame_margin: float
    font: str
    digit: float
    """Height of a digit over the cell's side."""
    digit_colour: Colour
    entry_colour: Colour
    sign_kind: SignKind
    sign: float
    """Height of a sign (of `<`), its extent across the opening."""
    sign_depth: float
    """Depth over height of a sign: flat wide chevrons are below 0.5."""
    sign_width: float
    """Line width of a drawn sign."""
    sign_font: str
    sign_colour: Colour
    jitter: float
    """Random shift of each sign and digit."""
    blank_mark: str
    """What blank cells show, mostly nothing."""
    mark_low: float
    """How far below the middle a dot or a line stands for a blank, in heights of a digit: 0.5 is on the line."""
    dashed: bool
    hidden_signs: bool
    """Cells are drawn over the signs and hide part of them."""
    uneven: float
    """Random widening of each row and column, as tables in word processors have."""
    scatter: float
    """Random shift of each cell, as in forms laid out by hand."""


def _grey(rng: random.Random, low: int, high: int, *, tint: int = 6) -> Colour:
    level = rng.randint(low, high)
    r, g, b = (min(255, max(0, level + rng.randint(-tint, tint))) for _ in range(3))
    return r, g, b


def _vivid(rng: random.Random, low: int, high: int) -> Colour:
    return rng.randint(low, high), rng.randint(low, high), rng.randint(low, high)


def _sign_colour(rng: random.Random, ink: Colour, colourful: Colour, ground: Colour) -> Colour:
    """Mostly the digits' ink; now and then a colour, or black on a dark ground."""
    roll = rng.random()
    if roll < 0.1 and 120 < sum(ground) < 480:
        return (0, 0, 0)
    return ink if roll < 0.75 else colourful


def _shifted(colour: Colour, by: int, rng: random.Random) -> Colour:
    """The colour, lighter or darker by about that much, its hue moved a little."""
    r, g, b = (min(255, max(0, level + by + rng.randint(-12, 12))) for level in colour)
    return r, g, b


def _tint(rng: random.Random, ground: Colour) -> Colour:
    """A fill that differs from the ground, clearly or just so."""
    if rng.random() < PALE_SHARE:
        delta = rng.randint(5, 13)
        delta *= -1 if sum(ground) > 384 else 1
        r, g, b = (min(255, max(0, level + delta + rng.randint(-2, 2))) for level in ground)
        return r, g, b
    down = sum(ground) >= 330 and rng.random() < 0.5
    fill = _shifted(ground, rng.randint(14, 60) * (-1 if down else 1), rng)
    return fill if max(abs(a - b) for a, b in zip(fill, ground, strict=True)) >= 14 else _shifted(ground, -30, rng)


def _mixed(a: Colour, b: Colour) -> Colour:
    return (a[0] + b[0]) // 2, (a[1] + b[1]) // 2, (a[2] + b[2]) // 2


def paper_colour(rng: random.Random) -> Colour:
    """White to cream and newsprint grey."""
    level = rng.randint(205, 255)
    return level, max(0, level - rng.randint(0, 8)), max(0, level - rng.randint(0, 28))


def board_style(rng: random.Random, *, screen: bool, paper: Colour, ink: Colour | None = None) -> BoardStyle:
    """A random style for print, or for a screen (apps, web pages, dark mode, pale solved boards)."""
    kind = rng.choices(CELL_KINDS, CELL_KIND_WEIGHTS)[0]
    ink = ink or _grey(rng, 0, 70)
    backdrop: Colour | None = None
    if screen:
        roll = rng.random()
        if roll < 0.22:  # dark mode
            paper, ink = _grey(rng, 0, 70), _grey(rng, 180, 255)
        elif roll < 0.40:  # coloured theme
            paper = _vivid(rng, 120, 255)
        elif roll < 0.58:  # pale, as web pages show a finished board
            paper, ink = _grey(rng, 245, 255, tint=2), _grey(rng, 165, 215, tint=4)
    elif rng.random() < 0.2:
        backdrop = _shifted(paper, -rng.randint(8, 50), rng)
    dark = sum(paper) < 330
    low, high = rng.choices([(0.48, 0.6), (0.6, 0.72), (0.72, 0.9)], [0.4, 0.4, 0.2])[0]
    cell = 1.0 if kind == "shared" else rng.uniform(low, high)
    gap = 1.0 - cell
    ground = backdrop or paper
    cell_fill: Colour | None = None
    if kind == "tint":
        cell_fill = _tint(rng, ground)
    elif kind != "bare" and (backdrop or rng.random() < 0.35):
        cell_fill = _shifted(paper, rng.randint(5, 40), rng) if dark else _grey(rng, 235, 255)
    line = ink if rng.random() < 0.7 else _mixed(ink, ground)
    sign_kind = rng.choices(SIGN_KINDS, SIGN_KIND_WEIGHTS)[0]
    if kind == "shared":
        sign = rng.uniform(0.14, 0.42)
    elif sign_kind == "glyph":
        sign = min(max(rng.uniform(0.3, 1.05) * gap, 0.14), 0.45)
    else:
        sign = rng.uniform(0.14, 0.5)
    if rng.random() < 0.06:  # signs of a few pixels
        sign = rng.uniform(0.08, 0.14)
    digit = rng.uniform(0.38, 0.78) if kind != "shared" else rng.uniform(0.32, 0.62)
    if rng.random() < 0.08:  # digits that fill a quarter of their cell
        digit = rng.uniform(0.2, 0.36)
    font = random_font(rng)
    frame = rng.choice([0.0, 0.0, 0.02, 0.05, 0.1]) if kind != "shared" else rng.choice([0.0, 0.04, 0.07, 0.1])
    mark = rng.choices(BLANK_MARKS, BLANK_MARK_WEIGHTS)[0] if screen and rng.random() < BLANK_MARK_SHARE else ""
    if kind == "bare" and not frame:
        mark = rng.choice(PLACES)
    colourful = _vivid(rng, 0, 150) if not dark else _vivid(rng, 150, 255)
    thin = rng.random() < 0.7
    return BoardStyle(
        cell_kind=kind,
        cell=cell,
        aspect=1.0 if rng.random() < 0.8 else rng.uniform(0.85, 1.2),
        radius=rng.uniform(0.08, 0.3) if kind != "shared" and rng.random() < 0.25 else 0.0,
        line_width=rng.uniform(0.012, 0.035) if thin else rng.uniform(0.035, 0.09),
        line=line,
        paper=paper,
        cell_fill=cell_fill,
        backdrop=backdrop,
        given_fill=_grey(rng, 175, 235) if not dark and kind not in ("tint", "bare") and rng.random() < 0.2 else None,
        frame=frame,
        frame_margin=rng.choice([0.02, 0.1, 0.3, 0.5]) if kind != "shared" else rng.choice([0.0, 0.0, 0.0, 0.15]),
        font=font,
        digit=digit,
        digit_colour=ink if rng.random() < 0.8 else colourful,
        entry_colour=ink if rng.random() < 0.5 else colourful,
        sign_kind=sign_kind,
        sign=sign,
        sign_depth=rng.uniform(0.35, 1.0),
        sign_width=rng.uniform(0.015, 0.05),
        sign_font=font if rng.random() < 0.5 else random_font(rng),
        sign_colour=_sign_colour(rng, ink, colourful, ground),
        jitter=rng.choice([0.0, 0.0, 0.01, 0.03, 0.06]) if rng.random() > 0.04 else 0.12,
        blank_mark=mark,
        mark_low=rng.choice([0.0, 0.5]),
        dashed=kind == "shared" and rng.random() < 0.2,
        hidden_signs=kind == "tint" and rng.random() < 0.25,
        uneven=rng.uniform(0.05, 0.35) if rng.random() < (0.15 if kind == "shared" else 0.04) else 0.0,
        scatter=rng.uniform(0.01, 0.05) if kind != "shared" and rng.random() < 0.06 else 0.0,
    )
