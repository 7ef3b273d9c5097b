"""Drawing one board in a given style, and the truth about where everything lies."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np

from futoshiki.puzzle import Grid, Puzzle
from futoshiki.training.synth.canvas import Canvas
from futoshiki.training.synth.style import BoardStyle, hand_style


@dataclass(frozen=True)
class BoardTruth:
    """A board in a picture.

    `cells` is N x N x 2, the cell centres; `quads` N x N x 4 x 2, each cell's corners from its own
    top left clockwise; both float32 (x, y) in pixels, in the puzzle's own reading order.
    `complete` tells a board whose every cell is filled.
    """

    puzzle: Puzzle
    complete: bool
    cells: np.ndarray
    quads: np.ndarray

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


def draw_board(
    canvas: Canvas, puzzle: Puzzle, style: BoardStyle, left: float, top: float, pitch: float, rng: random.Random,
    *, filling: Grid | None = None, pencil: float = 0.0,
) -> BoardTruth:  # fmt: skip
    """Draw `puzzle` with its top left cell's corner at (left, top).

    `filling` prints values into the blank cells, which makes the board complete. `pencil` is the
    share of blank cells with handwriting in them (entries or small candidates), which is no clue.
    """
    n = puzzle.size
    px, py = pitch * style.aspect**0.5, pitch / style.aspect**0.5
    half_w, half_h = px * style.cell / 2, py * style.cell / 2
    x = left + half_w + px * np.arange(n)
    y = top + half_h + py * np.arange(n)
    if style.backdrop or style.frame:
        _draw_frame(canvas, style, x[0] - half_w, y[0] - half_h, x[-1] + half_w, y[-1] + half_h, pitch)
    if style.hidden_signs:
        _draw_signs(canvas, puzzle, style, x, y, pitch, rng)
    for r in range(n):
        for c in range(n):
            _draw_cell(canvas, style, x[c], y[r], half_w, half_h, pitch, given=bool(puzzle.givens[r][c]))
    hand_font, hand_colour = hand_style(rng)
    for r in range(n):
        for c in range(n):
            _draw_content(canvas, puzzle, style, r, c, x[c], y[r], half_w, half_h, rng, filling, pencil, hand_font, hand_colour)
    if not style.hidden_signs:
        _draw_signs(canvas, puzzle, style, x, y, pitch, rng)
    centres = np.stack(np.meshgrid(x, y), axis=-1).astype(np.float32)
    offsets = np.array([[-half_w, -half_h], [half_w, -half_h], [half_w, half_h], [-half_w, half_h]], np.float32)
    shown = puzzle if filling is None else Puzzle(n, filling, puzzle.less)
    return BoardTruth(shown, filling is not None or puzzle.is_full, centres, centres[:, :, None] + offsets)


def _draw_frame(canvas: Canvas, style: BoardStyle, x0: float, y0: float, x1: float, y1: float, pitch: float) -> None:
    margin = style.frame_margin * pitch
    canvas.box(
        x0 - margin, y0 - margin, x1 + margin, y1 + margin,
        line=style.line if style.frame else None, width=style.frame * pitch, fill=style.backdrop,
    )  # fmt: skip


def _draw_cell(
    canvas: Canvas, style: BoardStyle, x: float, y: float, half_w: float, half_h: float, pitch: float, *, given: bool
) -> None:
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


def _draw_content(
    canvas: Canvas, puzzle: Puzzle, style: BoardStyle, r: int, c: int, x: float, y: float, half_w: float, half_h: float,
    rng: random.Random, filling: Grid | None, pencil: float, hand_font: str, hand_colour: tuple[int, int, int],
) -> None:  # fmt: skip
    side = 2 * min(half_w, half_h)
    shift = style.jitter * side * 2
    dx, dy = rng.uniform(-shift, shift), rng.uniform(-shift, shift)
    value = puzzle.givens[r][c]
    if value:
        canvas.text(x + dx, y + dy, str(value), style.font, style.digit * side, style.digit_colour)
    elif filling is not None:
        canvas.text(x + dx, y + dy, str(filling[r][c]), style.font, style.digit * side, style.entry_colour)
    elif style.zero_blanks:
        canvas.text(x, y, "0", style.font, style.digit * side, style.digit_colour)
    elif pencil and rng.random() < pencil:
        if rng.random() < 0.6:
            height = side * rng.uniform(0.45, 0.8)
            canvas.text(
                x + rng.gauss(0, 0.08) * side, y + rng.gauss(0, 0.08) * side,
                str(rng.randint(1, puzzle.size)), hand_font, height, hand_colour,
            )  # fmt: skip
        else:
            for k in range(rng.randint(1, 4)):
                canvas.text(
                    x + side * (-0.3 + 0.2 * k), y - side * rng.uniform(0.2, 0.55),
                    str(rng.randint(1, puzzle.size)), hand_font, side * rng.uniform(0.18, 0.28), hand_colour,
                )  # fmt: skip


def _draw_signs(
    canvas: Canvas, puzzle: Puzzle, style: BoardStyle, x: np.ndarray, y: np.ndarray, pitch: float, rng: random.Random
) -> None:
    for r1, c1, r2, c2 in puzzle.less:
        cx, cy = (x[c1] + x[c2]) / 2, (y[r1] + y[r2]) / 2
        shift = style.jitter * pitch
        cx, cy = cx + rng.uniform(-shift, shift), cy + rng.uniform(-shift, shift)
        # the tip points to the smaller cell
        tip = (float(np.sign(c1 - c2)), float(np.sign(r1 - r2)))
        draw_sign(canvas, style, cx, cy, tip, pitch)


def draw_sign(canvas: Canvas, style: BoardStyle, x: float, y: float, tip: tuple[float, float], pitch: float) -> None:
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
    if style.sign_kind == "filled":
        canvas.polygon([wing1, apex, wing2], style.sign_colour)
    else:
        canvas.polyline([wing1, apex, wing2], style.sign_colour, width, closed=style.sign_kind == "outlined")
