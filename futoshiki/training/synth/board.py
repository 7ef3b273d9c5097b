"""Drawing one board in a given style, and the truth about where everything lies."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.puzzle import Grid, Puzzle, freeze_grid
from futoshiki.training.synth.canvas import Canvas
from futoshiki.training.synth.handwriting import Writer
from futoshiki.training.synth.style import BoardStyle


@dataclass(frozen=True)
class BoardTruth:
    """A board in a picture.

    `cells` is N x N x 2, the cell centres; `quads` N x N x 4 x 2, each cell's corners from its own
    top left clockwise; both float32 (x, y) in pixels, in the puzzle's own reading order.
    `complete` tells a board whose every cell is filled. `entries` holds what is written by hand into
    blank cells, 0 elsewhere; candidates in small writing are in neither.
    """

    puzzle: Puzzle
    complete: bool
    cells: np.ndarray
    quads: np.ndarray
    entries: Grid

    @property
    def corners(self) -> np.ndarray:
        """4 x 2: the outer corners of the TL, TR, BR and BL cells."""
        q = self.quads
        return np.stack([q[0, 0, 0], q[0, -1, 1], q[-1, -1, 2], q[-1, 0, 3]])

    def moved(self, points: np.ndarray) -> BoardTruth:
        """The same board with new coordinates: `points` as `all_points` gives them, mapped."""
        n = self.puzzle.size
        return replace(
            self,
            cells=points[: n * n].reshape(n, n, 2).astype(np.float32),
            quads=points[n * n :].reshape(n, n, 4, 2).astype(np.float32),
        )

    @property
    def all_points(self) -> np.ndarray:
        """Every coordinate as a (5 N N) x 2 array."""
        return np.concatenate([self.cells.reshape(-1, 2), self.quads.reshape(-1, 2)])


@dataclass(frozen=True)
class Marks:
    """What a player has added: `entries` and `candidates` are shares of the blank cells that have one.

    Without a `writer` the candidates are in small print, as apps show them, and there are no entries.
    Candidates stand in a row, or each in its own place in the cell: in `columns` columns.
    """

    writer: Writer | None
    entries: float
    candidates: float
    columns: int = 0

    def fill(self, canvas: Canvas, rng: random.Random, x: float, y: float, side: float, size: int, style: BoardStyle) -> int:
        """Draw what stands in one blank cell; returns the entry, 0 if there is none."""
        if self.writer and rng.random() < self.entries:
            value = rng.randint(1, size)
            height = side * rng.uniform(0.45, 0.85)
            self.writer.write(canvas, rng, x + rng.gauss(0, 0.07) * side, y + rng.gauss(0, 0.07) * side, value, height)
            return value
        if rng.random() < self.candidates:
            height = side * rng.uniform(0.18, 0.3)
            row = rng.choice([-0.28, -0.28, 0.28, -0.6])  # in the cell's top or bottom, or above it
            for k, value in enumerate(sorted(rng.sample(range(1, size + 1), rng.randint(1, min(4, size))))):
                across, down = (-0.33 + 0.22 * k, row) if not self.columns else self._own_place(value, size)
                cx, cy = x + side * across, y + side * down
                if self.writer:
                    self.writer.write(canvas, rng, cx, cy + rng.gauss(0, 0.03) * side, value, height)
                else:
                    canvas.text(cx, cy, str(value), style.font, height, style.entry_colour)
        return 0

    def _own_place(self, value: int, size: int) -> tuple[float, float]:
        """Where a candidate stands in a cell of side 1, from its middle."""
        rows = -(-size // self.columns)
        down, across = divmod(value - 1, self.columns)
        return 0.66 * ((across + 0.5) / self.columns - 0.5), 0.66 * ((down + 0.5) / rows - 0.5)


def draw_board(
    canvas: Canvas, puzzle: Puzzle, style: BoardStyle, left: float, top: float, pitch: float, rng: random.Random,
    *, filling: Grid | None = None, marks: Marks | None = None,
) -> BoardTruth:  # fmt: skip
    """Draw `puzzle` with its top left cell's corner at (left, top).

    `filling` prints values into blank cells (0 leaves one blank), as an app prints what was entered;
    without a blank the board is complete. `marks` are what a player has put into the blank cells,
    which is no clue.
    """
    n = puzzle.size
    px, py = pitch * style.aspect**0.5, pitch / style.aspect**0.5
    x, half_w = _spread(rng, left, px, n, style)
    y, half_h = _spread(rng, top, py, n, style)
    centres = np.stack(np.meshgrid(x, y), axis=-1)
    halves = np.stack(np.meshgrid(half_w, half_h), axis=-1)
    if style.scatter:
        centres += np.random.default_rng(rng.getrandbits(32)).normal(0, style.scatter * pitch, centres.shape)
    if style.backdrop or style.frame:
        (x0, y0), (x1, y1) = centres[0, 0] - halves[0, 0], centres[-1, -1] + halves[-1, -1]
        _draw_frame(canvas, style, x0, y0, x1, y1, pitch)
    if style.hidden_signs:
        _draw_signs(canvas, puzzle, style, centres, pitch, rng)
    cells = [(r, c) for r in range(n) for c in range(n)]
    for r, c in cells:
        (cx, cy), (wide, high) = centres[r, c], halves[r, c]
        _draw_cell(canvas, style, cx, cy, wide, high, pitch, given=bool(puzzle.givens[r][c]))
    entries = [[0] * n for _ in range(n)]
    for r, c in cells:
        side = 2 * float(halves[r, c].min())
        x0, y0 = (float(k) for k in centres[r, c])
        value = puzzle.givens[r][c] or (filling[r][c] if filling else 0)
        if value:
            printed = style.digit_colour if puzzle.givens[r][c] else style.entry_colour
            shift = style.jitter * side * 2
            x1, y1 = x0 + rng.uniform(-shift, shift), y0 + rng.uniform(-shift, shift)
            canvas.text(x1, y1, str(value), style.font, style.digit * side, printed)
            continue
        if style.blank_mark:
            height = style.digit * side
            low = height * style.mark_low if style.blank_mark in "._" else 0.0
            canvas.text(x0, y0 + low, style.blank_mark, style.font, height, style.digit_colour)
        if marks:
            entries[r][c] = marks.fill(canvas, rng, x0, y0, side, n, style)
    if not style.hidden_signs:
        _draw_signs(canvas, puzzle, style, centres, pitch, rng)
    offsets = halves[:, :, None] * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    shown = puzzle if filling is None else Puzzle(n, filling, puzzle.less)
    quads = (centres[:, :, None] + offsets).astype(np.float32)
    return BoardTruth(shown, shown.is_full, centres.astype(np.float32), quads, freeze_grid(entries))


def _spread(rng: random.Random, start: float, pitch: float, n: int, style: BoardStyle) -> tuple[np.ndarray, np.ndarray]:
    """Middles and half widths of the columns (or rows)."""
    widths = np.full(n, style.cell * pitch)
    if style.uneven:
        widths *= [1 + rng.uniform(0, style.uneven) for _ in range(n)]
    gap = (1 - style.cell) * pitch
    ends = start + np.cumsum(widths + gap) - gap
    return ends - widths / 2, widths / 2


def _draw_frame(canvas: Canvas, style: BoardStyle, x0: float, y0: float, x1: float, y1: float, pitch: float) -> None:
    margin = style.frame_margin * pitch
    canvas.box(
        x0 - margin, y0 - margin, x1 + margin, y1 + margin,
        line=style.line if style.frame else None, width=style.frame * pitch, fill=style.backdrop,
    )  # fmt: skip


def _draw_cell(
    canvas: Canvas, style: BoardStyle, x: float, y: float, half_w: float, half_h: float, pitch: float, *, given: bool
) -> None:
    if style.cell_kind == "bare":
        return
    fill = style.given_fill if given and style.given_fill else style.cell_fill
    outlined = style.cell_kind != "tint"
    if style.dashed:
        if fill is not None:
            canvas.box(x - half_w, y - half_h, x + half_w, y + half_h, fill=fill)
        for k in np.arange(-0.9, 1.0, 0.3):
            for a, b in (((k, -1), (k + 0.15, -1)), ((k, 1), (k + 0.15, 1)), ((-1, k), (-1, k + 0.15)), ((1, k), (1, k + 0.15))):
                points = [(x + a[0] * half_w, y + a[1] * half_h), (x + b[0] * half_w, y + b[1] * half_h)]
                canvas.polyline(points, style.line, style.line_width * pitch)
        return
    canvas.box(
        x - half_w, y - half_h, x + half_w, y + half_h,
        line=style.line if outlined else None, width=style.line_width * pitch, fill=fill, radius=style.radius * pitch,
    )  # fmt: skip


def _draw_signs(canvas: Canvas, puzzle: Puzzle, style: BoardStyle, centres: np.ndarray, pitch: float, rng: random.Random) -> None:
    for r1, c1, r2, c2 in puzzle.less:
        cx, cy = (centres[r1, c1] + centres[r2, c2]) / 2
        shift = style.jitter * pitch
        cx, cy = cx + rng.uniform(-shift, shift), cy + rng.uniform(-shift, shift)
        # the tip points to the smaller cell
        tip = (float(np.sign(c1 - c2)), float(np.sign(r1 - r2)))
        draw_sign(canvas, style, cx, cy, tip, pitch, rng)


def draw_sign(
    canvas: Canvas, style: BoardStyle, x: float, y: float, tip: tuple[float, float], pitch: float, rng: random.Random
) -> None:
    """One sign centred on (x, y), its tip towards the direction `tip` (a unit vector along an axis)."""
    if style.sign_kind == "glyph":
        char = {(-1.0, 0.0): "<", (1.0, 0.0): ">"}.get(tip)
        if char:
            canvas.text(x, y, char, style.sign_font, style.sign * pitch, style.sign_colour)
        elif style.sign_depth > 0.75:  # a caret and a letter v, as ASCII drawings have them
            char = "^" if tip[1] < 0 else "v"
            canvas.text(x, y, char, style.sign_font, style.sign * pitch, style.sign_colour)
        else:
            canvas.text(x, y, "<", style.sign_font, style.sign * pitch, style.sign_colour, turns=1 if tip[1] < 0 else 3)
        return
    half = style.sign * pitch / 2
    depth = half * style.sign_depth
    (tx, ty), (ax, ay) = tip, (-tip[1], tip[0])
    apex = (x + tx * depth, y + ty * depth)
    wing1 = (x - tx * depth + ax * half, y - ty * depth + ay * half)
    wing2 = (x - tx * depth - ax * half, y - ty * depth - ay * half)
    width = max(style.sign_width * pitch, 0.6)
    if style.sign_kind == "sketched":  # with a pen: no two alike, the strokes bent
        shake = 0.25 * half
        apex, wing1, wing2 = ((px + rng.gauss(0, shake), py + rng.gauss(0, shake)) for px, py in (apex, wing1, wing2))
        bends = [
            ((a[0] + apex[0]) / 2 + rng.gauss(0, shake / 2), (a[1] + apex[1]) / 2 + rng.gauss(0, shake / 2))
            for a in (wing1, wing2)
        ]
        canvas.polyline([wing1, bends[0], apex, bends[1], wing2], style.sign_colour, width)
    elif style.sign_kind == "filled":
        canvas.polygon([wing1, apex, wing2], style.sign_colour)
    else:
        canvas.polyline([wing1, apex, wing2], style.sign_colour, width, closed=style.sign_kind == "outlined")
