"""Draw one board in a given style, and record where each of its cells lies."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import cv2
import numpy as np

from futoshiki.puzzle import Grid, Puzzle, freeze_grid
from futoshiki.solving import solve
from futoshiki.training.synth.canvas import Canvas, Colour
from futoshiki.training.synth.marks import Marks
from futoshiki.training.synth.strokes import HEIGHT
from futoshiki.training.synth.style import PLACEHOLDERS, BoardStyle

CORNERS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
"""Corners of a cell as seen from its centre, in half sides, clockwise from the top left."""
DASHES = np.arange(-0.9, 1.0, 0.3)
"""Starts of the dashes along a cell's side, in half sides from its middle."""
DASH = 0.15
"""Length of a dash in half sides of a cell."""
MIN_STROKE = 0.6
"""Minimum line width of a drawn sign, in pixels: thinner lines would vanish."""
CARET_DEPTH = 0.75
"""Vertical signs deeper than this (as `BoardStyle.sign_depth`) are `^` and `v`, as in plain text; flatter ones a turned `<`."""
HALO = 0.35
"""Width of the ring around a sign that interrupts the lines below it, in heights of the sign."""
HALF_DISC = np.radians(np.linspace(-90, 90, 9))
"""Angles of the points along the round side of a half disc."""
SEGMENTS = {
    "a": ((-1, -1), (1, -1)), "b": ((1, -1), (1, 0)), "c": ((1, 0), (1, 1)), "d": ((-1, 1), (1, 1)),
    "e": ((-1, 0), (-1, 1)), "f": ((-1, -1), (-1, 0)), "g": ((-1, 0), (1, 0)),
}  # fmt: skip
"""Ends of the seven segments of a digit, in half widths and half heights from its middle."""
SEGMENTS_OF = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
"""The segments that show each digit."""
SEGMENT_ASPECT, SEGMENT_WIDTH = 0.5, 0.14
"""Width of a digit of seven segments and of its lines, as shares of its height."""
SHADOW = 0.75
"""Light in the shadow of a raised cell, as a share of that of the ground."""

Blocks = tuple[tuple[int, int], ...]
"""Row and column of cells and of gaps between them: (2r+1, 2c+1) is cell (r, c), as in `networks.canvas`."""


@dataclass(frozen=True)
class BoardTruth:
    """The ground truth of a board in a picture.

    `cells` is N x N x 2, the cell centres; `quads` is N x N x 4 x 2, each cell's corners from its own top left clockwise.
    Both are float32 (x, y) in pixels, in the puzzle's own reading order. `complete` is true if every cell is filled.
    `entries` holds the digits written by hand into blank cells, 0 elsewhere. Candidates in small writing are in neither.
    `shown` is the share of the board's area that lies in the picture, 1 only if all its cells do. `hidden` are the cells and
    the gaps between cells that something covers, and those whose content the photo hardly shows. `vague` are the others in
    which it shows a digit or a sign, but not which.
    """

    puzzle: Puzzle
    complete: bool
    cells: np.ndarray
    quads: np.ndarray
    entries: Grid
    shown: float = 1.0
    hidden: Blocks = ()
    vague: Blocks = ()

    @property
    def is_whole(self) -> bool:
        """Whether no cell is cut off by the picture's edge."""
        return self.shown == 1.0

    @property
    def is_legible(self) -> bool:
        """Whether at least half of its clues and entries can be read."""
        marked = self.marked_blocks
        return 2 * len(set(marked).difference(self.hidden)) >= len(marked)

    @property
    def is_readable(self) -> bool:
        """Whether all of it is in the picture, and all that it shows can be read."""
        return self.is_whole and not self.hidden and not self.vague

    @property
    def corners(self) -> np.ndarray:
        """4 x 2: the outer corners of the top left, top right, bottom right and bottom left cells."""
        q = self.quads
        return np.stack([q[0, 0, 0], q[0, -1, 1], q[-1, -1, 2], q[-1, 0, 3]])

    @property
    def all_points(self) -> np.ndarray:
        """Every coordinate as a (5 N N) x 2 array."""
        return np.concatenate([self.cells.reshape(-1, 2), self.quads.reshape(-1, 2)])

    @property
    def marked_blocks(self) -> Blocks:
        """The cells with a clue or an entry, and the gaps with a sign."""
        cells = np.argwhere((np.array(self.puzzle.givens) > 0) | (np.array(self.entries) > 0))
        return (*((2 * int(row) + 1, 2 * int(column) + 1) for row, column in cells), *self.sign_blocks)

    @property
    def sign_blocks(self) -> Blocks:
        """The gaps with a sign."""
        return tuple((r1 + r2 + 1, c1 + c2 + 1) for r1, c1, r2, c2 in self.puzzle.less)

    def moved(self, points: np.ndarray) -> BoardTruth:
        """The same board with new coordinates, in the order of `all_points`."""
        n = self.puzzle.size
        return replace(
            self,
            cells=points[: n * n].reshape(n, n, 2).astype(np.float32),
            quads=points[n * n :].reshape(n, n, 4, 2).astype(np.float32),
        )


@dataclass(frozen=True)
class _Drawing:
    """A board in the making: cell centres and half sides (both N x N x 2, x and y), and what it is drawn with."""

    canvas: Canvas
    rng: random.Random
    puzzle: Puzzle
    style: BoardStyle
    pitch: float
    centres: np.ndarray
    halves: np.ndarray

    def draw_frame(self) -> None:
        """The outer frame and the backdrop, where the style has them."""
        style, pitch = self.style, self.pitch
        if not (style.backdrop or style.frame):
            return
        margin = style.frame_margin * pitch
        x0, y0 = self.centres[0, 0] - self.halves[0, 0] - margin
        x1, y1 = self.centres[-1, -1] + self.halves[-1, -1] + margin
        line = style.line if style.frame else None
        self.canvas.box(x0, y0, x1, y1, line=line, width=style.frame * pitch, fill=style.backdrop)

    def draw_cells(self) -> None:
        """Every cell without its content."""
        style = self.style
        if style.cell_kind == "bare":
            return
        red, green, blue = (round(level * SHADOW) for level in style.backdrop or style.paper)
        shade = (red, green, blue)
        for r, c in np.ndindex(self.halves.shape[:2]):
            fill = style.given_fill if self.puzzle.givens[r][c] and style.given_fill else style.cell_fill
            (x0, y0), (x1, y1) = self.centres[r, c] - self.halves[r, c], self.centres[r, c] + self.halves[r, c]
            line = None if style.dashed or style.cell_kind in ("tint", "corners", "brackets") else style.line
            width, radius = style.line_width * self.pitch, style.radius * self.pitch
            if style.shadow:
                fall = style.shadow * self.pitch
                self.canvas.box(x0 + fall, y0 + fall, x1 + fall, y1 + fall, fill=shade, radius=radius)
            self.canvas.box(x0, y0, x1, y1, line=line, width=width, fill=fill, radius=radius)
            if style.dashed:
                self._dash(self.centres[r, c], self.halves[r, c])
            if style.cell_kind in ("corners", "brackets"):
                self._mark_ends(self.centres[r, c], self.halves[r, c])

    def _dash(self, centre: np.ndarray, half: np.ndarray) -> None:
        """Dashed lines around one cell: top, bottom, left and right."""
        for start in DASHES:
            end = start + DASH
            for dash in (((start, -1), (end, -1)), ((start, 1), (end, 1)), ((-1, start), (-1, end)), ((1, start), (1, end))):
                self.canvas.polyline(centre + np.array(dash) * half, self.style.line, self.style.line_width * self.pitch)

    def _mark_ends(self, centre: np.ndarray, half: np.ndarray) -> None:
        """The corners of one cell, or brackets at its left and right."""
        short = self.style.corner_mark
        down = 1.0 if self.style.cell_kind == "brackets" else short
        for corner in CORNERS:
            ends = corner * np.array([[1 - short, 1], [1, 1], [1, 1 - down]])
            self.canvas.polyline(centre + ends * half, self.style.line, self.style.line_width * self.pitch)

    def _draw_digit(self, x: float, y: float, value: int, height: float, colour: Colour) -> None:
        """A printed digit, centred on (x, y)."""
        style = self.style
        if style.segments:
            half = np.array([SEGMENT_ASPECT, 1.0]) * height / 2
            for name in SEGMENTS_OF[value]:
                self.canvas.polyline(np.array([x, y]) + np.array(SEGMENTS[name]) * half, colour, SEGMENT_WIDTH * height)
        elif style.stencil:
            mask = style.stencil.ink(self.rng, value)
            scale = height / HEIGHT
            mask = cv2.resize(mask, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            self.canvas.stamp(mask, x - mask.shape[1] / 2, y - mask.shape[0] / 2, colour)
        else:
            self.canvas.text(x, y, str(value), style.font, height, colour)

    def draw_contents(self, filling: Grid | None, marks: Marks | None) -> Grid:
        """What stands in the cells; returns the entries by hand."""
        style, rng, n = self.style, self.rng, self.puzzle.size
        entries = [[0] * n for _ in range(n)]
        right: Grid = solve(self.puzzle).solutions[0] if marks else ()
        for r, c in np.ndindex(n, n):
            side = 2 * float(self.halves[r, c].min())
            x, y = (float(k) for k in self.centres[r, c])
            given = self.puzzle.givens[r][c]
            value = given or (filling[r][c] if filling else 0)
            if value:
                colour = style.digit_colour if given else style.entry_colour
                shift = style.jitter * side * 2
                x, y = x + rng.uniform(-shift, shift), y + rng.uniform(-shift, shift)
                self._draw_digit(x, y, value, style.digit * side, colour)
                continue
            if marks:
                entries[r][c] = marks.draw(self.canvas, rng, right[r][c], x, y, side, n, style)
            if style.blank_mark in PLACEHOLDERS or (style.blank_mark and not entries[r][c]):
                height = style.digit * side
                low = height * style.mark_low if style.blank_mark in "._" else 0.0
                self.canvas.text(x, y + low, style.blank_mark, style.font, height, style.digit_colour)
        return freeze_grid(entries)

    def draw_signs(self) -> None:
        """Every sign of the puzzle, each shifted a little."""
        shift = self.style.jitter * self.pitch
        for r1, c1, r2, c2 in self.puzzle.less:
            x, y = (self.centres[r1, c1] + self.centres[r2, c2]) / 2
            x, y = x + self.rng.uniform(-shift, shift), y + self.rng.uniform(-shift, shift)
            tip = (float(np.sign(c1 - c2)), float(np.sign(r1 - r2)))  # it points to the smaller cell
            if self.style.halo:
                radius = self.style.sign * self.pitch * (0.5 + HALO)
                self.canvas.disc(x, y, radius, self.style.cell_fill or self.style.backdrop or self.style.paper)
            (self._draw_glyph if self.style.sign_kind == "glyph" else self._draw_sign)(x, y, tip)

    def _draw_glyph(self, x: float, y: float, tip: tuple[float, float]) -> None:
        """A sign as a character, centred on (x, y); `tip` is a unit vector along an axis."""
        style = self.style
        carets = style.sign_depth > CARET_DEPTH
        char, turns = {
            (-1.0, 0.0): ("<", 0),
            (1.0, 0.0): (">", 0),
            (0.0, -1.0): ("^", 0) if carets else ("<", 1),
            (0.0, 1.0): ("v", 0) if carets else ("<", 3),
        }[tip]
        self.canvas.text(x, y, char, style.sign_font, style.sign * self.pitch, style.sign_colour, turns=turns)

    def _draw_sign(self, x: float, y: float, tip: tuple[float, float]) -> None:
        """A sign as lines or a triangle, centred on (x, y); `tip` is a unit vector along an axis."""
        style, rng = self.style, self.rng
        half = style.sign * self.pitch / 2
        depth = half * style.sign_depth
        (tx, ty), (ax, ay) = tip, (-tip[1], tip[0])
        apex = (x + tx * depth, y + ty * depth)
        wing1 = (x - tx * depth + ax * half, y - ty * depth + ay * half)
        wing2 = (x - tx * depth - ax * half, y - ty * depth - ay * half)
        width = max(style.sign_width * self.pitch, MIN_STROKE)
        if style.sign_kind == "sketched":  # with a pen: no two alike, and the strokes bent
            shake = 0.25 * half
            apex, wing1, wing2 = ((px + rng.gauss(0, shake), py + rng.gauss(0, shake)) for px, py in (apex, wing1, wing2))
            bend1, bend2 = (
                ((px + apex[0]) / 2 + rng.gauss(0, shake / 2), (py + apex[1]) / 2 + rng.gauss(0, shake / 2))
                for px, py in (wing1, wing2)
            )
            self.canvas.polyline([wing1, bend1, apex, bend2, wing2], style.sign_colour, width)
        elif style.sign_kind == "filled":
            self.canvas.polygon([wing1, apex, wing2], style.sign_colour)
        elif style.sign_kind == "disc":
            along, across = np.array([[tx], [ty]]) * half * np.cos(HALF_DISC), np.array([[ax], [ay]]) * half * np.sin(HALF_DISC)
            flat = np.array([[x - tx * half / 2], [y - ty * half / 2]])
            self.canvas.polygon((flat + along + across).T, style.sign_colour)
        elif style.sign_kind in ("arrow", "filled arrow"):
            ahead = np.array(tip) * depth  # half the length of the head
            head = np.array([wing1, apex, wing2]) + ahead * (style.shaft - 1)  # so that the whole arrow is centred
            if style.sign_kind == "filled arrow":
                self.canvas.polygon(head, style.sign_colour)
            else:
                self.canvas.polyline(head, style.sign_colour, width)
            shaft = np.array([x, y]) + np.array([[-style.shaft], [style.shaft - 1]]) * ahead
            self.canvas.polyline(shaft, style.sign_colour, width)
        else:
            self.canvas.polyline([wing1, apex, wing2], style.sign_colour, width, closed=style.sign_kind == "outlined")


def draw_board(
    canvas: Canvas,
    rng: random.Random,
    puzzle: Puzzle,
    style: BoardStyle,
    left: float,
    top: float,
    pitch: float,
    *,
    filling: Grid | None = None,
    marks: Marks | None = None,
) -> BoardTruth:
    """Draw `puzzle` with the corner of its top left cell at (left, top).

    `filling` is printed into blank cells, as an app shows entries; 0 leaves a cell blank. If none is blank, the board is
    complete. `marks` are what a player has put into blank cells; they are no clues.
    """
    n = puzzle.size
    x, half_w = _columns(rng, left, pitch * style.aspect**0.5, n, style)
    y, half_h = _columns(rng, top, pitch / style.aspect**0.5, n, style)
    centres = np.stack(np.meshgrid(x, y), axis=-1)
    halves = np.stack(np.meshgrid(half_w, half_h), axis=-1)
    if style.scatter:
        centres += np.random.default_rng(rng.getrandbits(32)).normal(0, style.scatter * pitch, centres.shape)
    drawing = _Drawing(canvas, rng, puzzle, style, pitch, centres, halves)
    drawing.draw_frame()
    box = (left - pitch, top - pitch, x[-1] + pitch, y[-1] + pitch)
    part = canvas.part(box)
    ground = canvas.pixels[part].copy()
    drawing.draw_cells()
    empty = canvas.pixels[part].copy()
    if style.hidden_signs:
        canvas.pixels[part] = ground
        drawing.draw_signs()
        drawing.draw_cells()
    entries = drawing.draw_contents(filling, marks)
    if not style.hidden_signs:
        drawing.draw_signs()
    canvas.mark_as_ink(box, empty)
    quads = (centres[:, :, None] + halves[:, :, None] * CORNERS).astype(np.float32)
    shown = puzzle if filling is None else Puzzle(n, filling, puzzle.less)
    return BoardTruth(shown, shown.is_full, centres.astype(np.float32), quads, entries)


def _columns(rng: random.Random, start: float, pitch: float, n: int, style: BoardStyle) -> tuple[np.ndarray, np.ndarray]:
    """Middles and half widths of the columns (or of the rows), the first of which begins at `start`."""
    widths = np.full(n, style.cell * pitch)
    if style.uneven:
        widths *= [1 + rng.uniform(0, style.uneven) for _ in range(n)]
    gap = (1 - style.cell) * pitch
    ends = start + np.cumsum(widths + gap) - gap
    return ends - widths / 2, widths / 2
