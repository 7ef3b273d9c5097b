"""Pages of several puzzles in rows and columns, as puzzle books and printed sheets have them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from futoshiki.training.synth.canvas import DIGIT_HEIGHT, MIN_FONT_SIZE, glyph_mask
from futoshiki.training.synth.decoys import number_grid
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.marks import random_marks
from futoshiki.training.synth.page import SIZES, Draft, Page, begin_page, random_sheet

ARRANGEMENTS = {(1, 2): 0.24, (1, 3): 0.1, (2, 2): 0.24, (2, 3): 0.28, (2, 4): 0.07, (3, 3): 0.07}
"""Numbers of puzzles along the shorter and the longer side of the page, with the share of the pages."""
GAP = (0.4, 2.0)
"""Range of the distance between neighbouring puzzles in pitches."""
MIXED_SHARE = 0.3
"""Share of the pages whose boards differ in size."""
COMPANY_SHARE, OTHER_SHARE = 0.35, 0.4
"""Share of the pages that hold puzzles of other kinds too, and share of those there."""
EMPTY_SHARE = 0.04
"""Share of the places that are left empty."""
FINISHED_SHARE = 0.06
"""Share of the boards that a program has filled in."""
BARE_SHARE = 0.5
"""Share of the pages that hold nothing around the puzzles."""
TOUCHED_SHARE = 0.6
"""Share of the boards with marks, on a page on which somebody has begun."""
MOST_MARGIN = 0.3
"""Largest distance of a frame from the cells, as a share of the distance between puzzles."""
CAPTIONED_SHARE, BELOW_SHARE, CENTRED_SHARE, GRADED_SHARE = 0.7, 0.15, 0.4, 0.3
"""Share of the pages with captions; of those, shares below instead of above the boards, centred instead of at the left, and
with a second caption at the right."""
CAPTION_HEIGHT = (0.22, 0.5)
"""Range of the height of a caption's digits, in pitches."""
CAPTION_ROOM = 2.0
"""Height of the room for a caption, in heights of its digits."""
GRADES = ("Easy", "Medium", "Hard", "Level 3", "* * *", "expert", "4/5")
CAPTIONS: tuple[Callable[[int, int], str], ...] = (
    lambda number, size: f"{number}",
    lambda number, size: f"{number}.",
    lambda number, size: f"#{number}",
    lambda number, size: f"Puzzle {number}",
    lambda number, size: f"No {number}",
    lambda number, size: f"Futoshiki {size}x{size}",
    lambda number, size: f"{size} x {size} - {number}",
)
"""What a caption says, given the puzzle's number and size."""


@dataclass(frozen=True)
class Place:
    """Room for a puzzle of `size` x `size` cells, with its top left corner at (x, y); `is_board` tells Futoshiki from others."""

    x: float
    y: float
    size: int
    is_board: bool


@dataclass(frozen=True)
class Layout:
    """The places of a page and the extent of them all, in pitches from their top left corner; the first holds a board.

    `gap` is the distance between neighbours, and `caption` the height of the captions' digits, 0 for none.
    """

    places: tuple[Place, ...]
    width: float
    height: float
    gap: float
    caption: float


def random_layout(rng: random.Random, *, wide: bool) -> Layout:
    """Two to nine puzzles, more of them beside than below each other on a `wide` page."""
    few, many = rng.choices(tuple(ARRANGEMENTS), tuple(ARRANGEMENTS.values()))[0]
    rows, columns = (few, many) if wide else (many, few)
    common, is_mixed, has_company = rng.choice(SIZES), rng.random() < MIXED_SHARE, rng.random() < COMPANY_SHARE
    sizes = [[rng.choice(SIZES) if is_mixed else common for _ in range(columns)] for _ in range(rows)]
    gap = rng.uniform(*GAP)
    caption = rng.uniform(*CAPTION_HEIGHT) if rng.random() < CAPTIONED_SHARE else 0.0
    xs, width = _starts([max(column) for column in zip(*sizes, strict=True)], gap)
    ys, height = _starts([max(row) for row in sizes], gap + CAPTION_ROOM * caption)
    places = [
        Place(x, y, size, not (has_company and rng.random() < OTHER_SHARE))
        for y, row in zip(ys, sizes, strict=True)
        for x, size in zip(xs, row, strict=True)
    ]
    rng.shuffle(places)
    first = replace(places[0], is_board=True)
    return Layout((first, *(place for place in places[1:] if rng.random() >= EMPTY_SHARE)), width, height, gap, caption)


def _starts(sizes: list[int], gap: float) -> tuple[list[float], float]:
    """Where the columns (or rows) of those sizes begin, and where the last one ends."""
    starts = [sum(sizes[:k]) + k * gap for k in range(len(sizes))]
    return starts, starts[-1] + sizes[-1]


def compose_puzzle_page(
    rng: random.Random,
    side: int,
    pitch: float,
    layout: Layout,
    *,
    screen: bool,
    scans: Path | None = None,
    even: bool = False,
) -> Page:
    """A page of side x side pixels with the puzzles in its middle; `scans` are scanned digits to write with.

    For `even` see `style.board_style`.
    """
    draft = begin_page(rng, side, pitch, screen=screen, even=even)
    margin = min(draft.style.frame_margin, MOST_MARGIN * layout.gap)
    draft.style = replace(draft.style, frame_margin=margin, aspect=1.0, uneven=0.0)  # so that every puzzle stays in its place
    left, top = (side - layout.width * pitch) / 2, (side - layout.height * pitch) / 2
    border = (margin + layout.gap / 2 + CAPTION_ROOM * layout.caption) * pitch
    whole = (left - border, top - border, side - left + border, side - top + border)
    draft.taken.append(whole)
    sheet = random_sheet(rng, side, whole, screen=screen)
    if rng.random() >= BARE_SHARE:
        draft.add_surroundings(with_boards=False)
    marks = random_marks(rng, draft.style.paper, screen=screen, scans=scans)
    for place in layout.places:
        x, y = left + place.x * pitch, top + place.y * pitch
        if not place.is_board:
            number_grid(draft.canvas, rng, x, y, place.size * pitch, draft.ink)
        elif rng.random() < FINISHED_SHARE:
            draft.add_board(x, y, place.size, is_filled=True)
        else:
            draft.add_board(x, y, place.size, marks=marks if rng.random() < TOUCHED_SHARE else None)
    if layout.caption:
        _add_captions(draft, layout, left, top, margin)
    if not screen:
        draft.show_through()
        draft.speckle()
    return draft.finished(sheet)


def _add_captions(draft: Draft, layout: Layout, left: float, top: float, margin: float) -> None:
    """A number, a size or a grade above or below every place, in one manner all over the page."""
    rng, pitch, height = draft.rng, draft.pitch, layout.caption
    font, say, first = random_font(rng), rng.choice(CAPTIONS), rng.choice([1, rng.randint(1, 400)])
    is_below, is_centred, is_graded = (rng.random() < share for share in (BELOW_SHARE, CENTRED_SHARE, GRADED_SHARE))
    type_size = max(MIN_FONT_SIZE, round(height * pitch / DIGIT_HEIGHT))
    distance = margin + height * CAPTION_ROOM / 2
    for k, place in enumerate(sorted(layout.places, key=lambda place: (place.y, place.x))):
        x0, x1 = (left + edge * pitch for edge in (place.x, place.x + place.size))
        y = top + (place.y + place.size + distance if is_below else place.y - distance) * pitch
        mask = glyph_mask(font, type_size, say(first + k, place.size))
        x = (x0 + x1 - mask.shape[1]) / 2 if is_centred else x0
        draft.canvas.stamp(mask, x, y - mask.shape[0] / 2, draft.ink)
        if is_graded and not is_centred:
            grade = glyph_mask(font, type_size, rng.choice(GRADES))
            draft.canvas.stamp(grade, x1 - grade.shape[1], y - grade.shape[0] / 2, draft.ink)
