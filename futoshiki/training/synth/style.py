"""How a board looks: random styles that cover what newspapers, books, web pages and apps show.

All shares and ranges are chosen by hand. The draws happen in a fixed order, so that a seed always gives the same style.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from futoshiki.training.synth.canvas import Colour
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.strokes import Hand, stencil

SignKind = Literal["chevron", "glyph", "filled", "outlined", "sketched", "arrow", "filled arrow", "disc"]
CellKind = Literal["boxes", "shared", "tint", "bare", "corners", "brackets"]
Range = tuple[float, float]
T = TypeVar("T")

CELL_KINDS: dict[CellKind, float] = {
    "boxes": 0.54, "shared": 0.2, "tint": 0.14, "bare": 0.05, "corners": 0.04, "brackets": 0.03,
}  # fmt: skip
"""How cells are shown, with the share of the boards: a box for each cell, boxes with shared borders, filled areas without
borders, nothing at all, only the corners of each cell, or brackets as in plain text: [ ]."""
SIGN_KINDS: dict[SignKind, float] = {
    "chevron": 0.41, "glyph": 0.3, "filled": 0.1, "outlined": 0.06, "sketched": 0.05, "arrow": 0.025, "filled arrow": 0.025,
    "disc": 0.03,
}  # fmt: skip
"""How signs are drawn, with the share of the boards: two lines, a character, a filled or an outlined triangle, pen strokes, an
arrow with an open or a filled head, or half a disc whose round side is the tip."""
CELL_SIDES: dict[Range, float] = {(0.48, 0.6): 0.4, (0.6, 0.72): 0.4, (0.72, 0.9): 0.2}
"""Ranges for the side of a separate cell, as a share of the pitch, with the share of the boards."""
PLACEHOLDERS = (".", "·", "-", "_")
"""Characters in blank cells that are not drawn. On a board without a frame nothing else shows where those cells are."""
BLANK_MARKS = {"0": 0.4, "?": 0.06, ".": 0.14, "·": 0.14, "-": 0.12, "_": 0.14}
"""Characters that some programs show in a blank cell, with the share of their boards."""
BLANK_MARK_SHARE = 0.2
"""Share of the boards on a screen that mark their blank cells."""
PALE_SHARE = 0.4
"""Share of the boards with filled cells whose fill is hardly visible."""
PALE_DIFFERENCE = (5, 13)
"""Grey levels between the ground and a fill that is hardly visible."""
HUE_SHARE = 0.2
"""Share of the boards with filled cells whose fill is as light as the ground."""
CLEAR_DIFFERENCE = 14
"""Minimum difference between the ground and a clearly visible fill, in grey levels of one colour channel."""
ARROW_HEADS, SHAFTS, LONGEST_ARROW = (0.07, 0.3), (1.3, 3.5), 0.6
"""Height of an arrow's head in pitches, length of an arrow over that of its head, and greatest length of an arrow in pitches."""
CORNER_MARKS = (0.25, 0.75)
"""Range of the length of the lines at a cell's corners, in half sides."""
SMALL_SHARE, SMALL_DIGITS, SMALL_SIGNS = 0.2, (0.2, 0.36), (0.07, 0.14)
"""Share of the boards with small digits, and of those with small signs; ranges of their heights, in sides of the cell and in
pitches."""
RAISED_SHARE, RAISED_SCREEN_SHARE = 0.03, 0.15
"""Shares of the boards with separate cells, printed and on a screen, whose cells seem to stand above the ground."""
PASTEL_SHARE = 0.25
"""Share of the boards on a light screen whose cells are filled in a pastel colour, where cells are filled."""
SEGMENTS_SHARE, STENCIL_SHARE = 0.03, 0.015
"""Shares of the boards whose printed digits are made of seven segments, and of strokes."""
DARK = 110
"""Mean grey level below which a ground counts as dark, so that lighter ink is used."""
MIDDLE_GREY = 128
"""Pale fills are lighter than a ground that is at most this grey level, and darker than any other."""
BLACK_SIGN_GROUNDS = (40, 160)
"""Grey levels of the grounds, dark to medium, on which signs are sometimes black."""


@dataclass(frozen=True)
class BoardStyle:
    """The look of one board. Lengths are shares of the pitch (distance of neighbouring cell centres) unless noted otherwise."""

    cell_kind: CellKind
    cell: float
    """Side of a cell; 1 where cells touch."""
    aspect: float
    """Width of the pitch over its height."""
    radius: float
    """Radius of a cell's rounded corners, 0 for square ones."""
    corner_mark: float
    """Length of the lines at a cell's corners, or of the ends of its brackets, in half sides of the cell."""
    line_width: float
    """Width of the lines around cells."""
    line: Colour
    paper: Colour
    cell_fill: Colour | None
    backdrop: Colour | None
    """Colour of the area between the cells, where it is not the paper's."""
    shadow: float
    """Distance of a cell's shadow to its lower right, 0 for none."""
    given_fill: Colour | None
    """Fill of the cells with a given digit, where they are shaded."""
    frame: float
    """Width of the outer frame, 0 for none."""
    frame_margin: float
    """Distance of the frame from the outer cells."""
    font: str
    segments: bool
    """Whether digits are made of seven segments instead of the font's."""
    stencil: Hand | None
    """The strokes that digits are made of instead of the font's, where they are."""
    digit: float
    """Height of a digit as a share of the cell's side."""
    digit_colour: Colour
    entry_colour: Colour
    """Colour of digits that an app shows for the player's own entries."""
    sign_kind: SignKind
    sign: float
    """Height of a `<`, its extent across the opening."""
    sign_depth: float
    """Depth of a sign over its height. Flat, wide chevrons are below 0.5."""
    shaft: float
    """Length of an arrow over that of its head."""
    sign_width: float
    """Line width of a drawn sign."""
    sign_font: str
    sign_colour: Colour
    halo: bool
    """Whether signs interrupt the lines that they lie on."""
    jitter: float
    """Largest random shift of a sign or digit."""
    blank_mark: str
    """Character in blank cells, mostly none."""
    mark_low: float
    """Distance of a dot or line in a blank cell below the middle, in digit heights: 0.5 is on the base line."""
    dashed: bool
    """Whether the lines around cells are dashed."""
    hidden_signs: bool
    """Whether cells are drawn over the signs and hide parts of them."""
    uneven: float
    """Largest random widening of a row or column, as in tables of word processors."""
    scatter: float
    """Standard deviation of a cell's position, as in forms laid out by hand."""


@dataclass(frozen=True)
class _Spacing:
    """What differs between boards with separate cells and boards whose cells touch; lengths as in `BoardStyle`."""

    digits: Range
    """Range of the digits' height."""
    frames: tuple[float, ...]
    """Widths of the outer frame, equally likely."""
    frame_margins: tuple[float, ...]
    """Distances of the frame from the outer cells, equally likely."""
    uneven_share: float
    """Share of the boards with rows and columns of unequal width."""


SEPARATE = _Spacing((0.36, 0.85), (0.0, 0.0, 0.02, 0.05, 0.1), (0.02, 0.1, 0.3, 0.5), 0.04)
"""Boards with gaps between their cells."""
TOUCHING = _Spacing((0.3, 0.74), (0.0, 0.04, 0.07, 0.1), (0.0, 0.0, 0.0, 0.15), 0.15)
"""Boards whose cells share their borders."""


def board_style(rng: random.Random, *, screen: bool, paper: Colour, ink: Colour | None = None, even: bool = False) -> BoardStyle:
    """A random style for print, or for a screen (apps, web pages, dark mode, pale solved boards).

    In an `even` choice all kinds of cells and signs are equally likely.
    """
    kind = _pick(rng, CELL_KINDS, even=even)
    touching = kind == "shared"
    spacing = TOUCHING if touching else SEPARATE
    ink = ink or _grey(rng, 0, 70)
    backdrop: Colour | None = None
    if screen:
        paper, ink = _screen_theme(rng, paper, ink)
    elif rng.random() < 0.2:
        backdrop = _shifted(paper, -rng.randint(8, 50), rng)
    ground = backdrop or paper
    dark = is_dark(paper)
    sides = _pick(rng, CELL_SIDES)
    cell = 1.0 if touching else rng.uniform(*sides)
    cell_fill = _cell_fill(rng, kind, paper, backdrop, screen=screen)
    line = _one_of(rng, 0.7, ink, _mixed(ink, ground))
    sign_kind = _pick(rng, SIGN_KINDS, even=even)
    sign, sign_depth = _sign_height(rng, sign_kind, 1.0 - cell, touching=touching), rng.uniform(0.35, 1.0)
    digit = _digit_height(rng, spacing)
    font = random_font(rng)
    frame = rng.choice(spacing.frames)
    mark = _blank_mark(rng, screen=screen, placeholder=kind == "bare" and not frame)
    colourful = _vivid(rng, 150, 255) if dark else _vivid(rng, 0, 150)
    thin = rng.random() < 0.7
    shaded_givens = not dark and kind in ("boxes", "shared")
    return BoardStyle(
        cell_kind=kind,
        cell=cell,
        aspect=1.0 if rng.random() < 0.8 else rng.uniform(0.85, 1.2),
        radius=0.0 if touching else _sometimes(rng, 0.25, (0.08, 0.5)),
        corner_mark=rng.uniform(*CORNER_MARKS),
        line_width=rng.uniform(0.012, 0.035) if thin else rng.uniform(0.035, 0.09),
        line=line,
        paper=paper,
        cell_fill=cell_fill,
        backdrop=backdrop,
        shadow=_sometimes(rng, RAISED_SCREEN_SHARE if screen else RAISED_SHARE, (0.02, 0.08))
        if cell_fill and not touching
        else 0.0,
        given_fill=_grey(rng, 175, 235) if shaded_givens and rng.random() < 0.2 else None,
        frame=frame,
        frame_margin=rng.choice(spacing.frame_margins),
        font=font,
        segments=rng.random() < SEGMENTS_SHARE,
        stencil=stencil(rng) if rng.random() < STENCIL_SHARE else None,
        digit=digit,
        digit_colour=_one_of(rng, 0.8, ink, colourful),
        entry_colour=_one_of(rng, 0.5, ink, colourful),
        sign_kind=sign_kind,
        sign=sign,
        sign_depth=sign_depth,
        shaft=min(rng.uniform(*SHAFTS), LONGEST_ARROW / (sign * sign_depth)),
        sign_width=_sometimes(rng, 0.12, (0.004, 0.015), rng.uniform(0.015, 0.05)),
        sign_font=font if rng.random() < 0.5 else random_font(rng),
        sign_colour=_sign_colour(rng, ink, colourful, ground),
        halo=touching and rng.random() < 0.3,
        jitter=rng.choice([0.0, 0.0, 0.01, 0.03, 0.06]) if rng.random() > 0.04 else 0.12,
        blank_mark=mark,
        mark_low=rng.choice([0.0, 0.5]),
        dashed=touching and rng.random() < 0.2,
        hidden_signs=kind == "tint" and rng.random() < 0.25,
        uneven=_sometimes(rng, spacing.uneven_share, (0.05, 0.35)),
        scatter=0.0 if touching else _sometimes(rng, 0.06, (0.01, 0.05)),
    )


def paper_colour(rng: random.Random) -> Colour:
    """White to cream and newsprint grey."""
    level = rng.randint(205, 255)
    return level, max(0, level - rng.randint(0, 8)), max(0, level - rng.randint(0, 28))


def is_dark(ground: Colour) -> bool:
    """Whether print and pen on a ground of that colour have to be light."""
    return sum(ground) < 3 * DARK


def _screen_theme(rng: random.Random, paper: Colour, ink: Colour) -> tuple[Colour, Colour]:
    """Background and ink of an app or web page; `paper` and `ink` where it has no theme of its own."""
    roll = rng.random()
    if roll < 0.22:  # dark mode
        return _grey(rng, 0, 70), _grey(rng, 180, 255)
    if roll < 0.40:  # coloured theme
        return _vivid(rng, 120, 255), ink
    if roll < 0.58:  # pale, as web pages show a finished board
        return _grey(rng, 245, 255, tint=2), _grey(rng, 165, 215, tint=4)
    return (paper, ink) if roll < 0.8 else ((255, 255, 255), ink)  # the latter as in documents


def _cell_fill(rng: random.Random, kind: CellKind, paper: Colour, backdrop: Colour | None, *, screen: bool) -> Colour | None:
    if kind == "tint":
        return _tint(rng, backdrop or paper)
    if kind != "bare" and (backdrop or rng.random() < 0.35):
        if is_dark(paper):
            return _shifted(paper, rng.randint(5, 40), rng)
        return _vivid(rng, 195, 255) if screen and rng.random() < PASTEL_SHARE else _grey(rng, 235, 255)
    return None


def _sign_height(rng: random.Random, kind: SignKind, gap: float, *, touching: bool) -> float:
    """Height of a sign; characters grow with the `gap` between cells."""
    if touching:
        height = rng.uniform(0.14, 0.42)
    elif kind in ("arrow", "filled arrow"):
        height = rng.uniform(*ARROW_HEADS)
    elif kind == "glyph":
        height = min(max(rng.uniform(0.3, 1.05) * gap, 0.14), 0.45)
    else:
        height = rng.uniform(0.14, 0.5)
    return _sometimes(rng, SMALL_SHARE, SMALL_SIGNS, height)


def _digit_height(rng: random.Random, spacing: _Spacing) -> float:
    height = rng.uniform(*spacing.digits)
    return _sometimes(rng, SMALL_SHARE, SMALL_DIGITS, height)


def _blank_mark(rng: random.Random, *, screen: bool, placeholder: bool) -> str:
    """What blank cells show. A `placeholder` is needed where nothing else shows the cells."""
    mark = _pick(rng, BLANK_MARKS) if screen and rng.random() < BLANK_MARK_SHARE else ""
    return rng.choice(PLACEHOLDERS) if placeholder else mark


def _sign_colour(rng: random.Random, ink: Colour, colourful: Colour, ground: Colour) -> Colour:
    """Mostly the digits' ink, sometimes a colour, and sometimes black on a dark ground."""
    roll = rng.random()
    low, high = BLACK_SIGN_GROUNDS
    if roll < 0.1 and 3 * low < sum(ground) < 3 * high:
        return (0, 0, 0)
    return ink if roll < 0.75 else colourful


def _tint(rng: random.Random, ground: Colour) -> Colour:
    """A fill that differs from the ground: clearly, only just, or in its hue alone."""
    if rng.random() < HUE_SHARE:
        return _other_hue(rng, ground)
    if rng.random() < PALE_SHARE:
        difference = rng.randint(*PALE_DIFFERENCE)
        return _shifted(ground, -difference if sum(ground) > 3 * MIDDLE_GREY else difference, rng, spread=2)
    darker = not is_dark(ground) and rng.random() < 0.5
    fill = _shifted(ground, rng.randint(CLEAR_DIFFERENCE, 60) * (-1 if darker else 1), rng)
    clear = max(abs(a - b) for a, b in zip(fill, ground, strict=True)) >= CLEAR_DIFFERENCE
    return fill if clear else _shifted(ground, -30, rng)


def _other_hue(rng: random.Random, colour: Colour) -> Colour:
    """A colour as light as the given one: what is taken from red or blue is given to green, or the other way round."""
    by = rng.choice([-1, 1]) * rng.randint(8, 30)
    r, g, b = colour
    is_red = rng.random() < 0.5
    if not 0 <= (r if is_red else b) - by <= 255:
        by = -by  # there is room in the other direction
    lost, kept = (by, 0) if is_red else (0, by)
    changed = (r - lost, g + round(0.51 * lost + 0.19 * kept), b - kept)
    return (min(255, max(0, changed[0])), min(255, max(0, changed[1])), min(255, max(0, changed[2])))


def _shifted(colour: Colour, by: int, rng: random.Random, *, spread: int = 12) -> Colour:
    """The colour, lighter (or darker) by about `by` grey levels; each channel differs from that by at most `spread`."""
    r, g, b = (min(255, max(0, level + by + rng.randint(-spread, spread))) for level in colour)
    return r, g, b


def _grey(rng: random.Random, low: int, high: int, *, tint: int = 6) -> Colour:
    """A grey between `low` and `high`; each channel differs from it by at most `tint`."""
    level = rng.randint(low, high)
    return _shifted((level, level, level), 0, rng, spread=tint)


def _vivid(rng: random.Random, low: int, high: int) -> Colour:
    return rng.randint(low, high), rng.randint(low, high), rng.randint(low, high)


def _mixed(a: Colour, b: Colour) -> Colour:
    return (a[0] + b[0]) // 2, (a[1] + b[1]) // 2, (a[2] + b[2]) // 2


def _pick(rng: random.Random, weights: Mapping[T, float], *, even: bool = False) -> T:
    """One of the keys, each as likely as its weight says; all are equally likely in an `even` choice."""
    return rng.choices(tuple(weights), None if even else tuple(weights.values()))[0]


def _one_of(rng: random.Random, share: float, first: T, second: T) -> T:
    """`first` with the probability `share`, otherwise `second`."""
    return first if rng.random() < share else second


def _sometimes(rng: random.Random, share: float, values: Range, otherwise: float = 0.0) -> float:
    """A random number in the range `values` with the probability `share`, otherwise `otherwise`."""
    return rng.uniform(*values) if rng.random() < share else otherwise
