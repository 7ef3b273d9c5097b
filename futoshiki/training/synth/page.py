"""Composing a page: the board in the middle, and around it what a real page holds."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from futoshiki.puzzle import Puzzle
from futoshiki.solving.generate import random_puzzle
from futoshiki.training.synth.board import BoardTruth, Marks, draw_board
from futoshiki.training.synth.canvas import Canvas, Colour
from futoshiki.training.synth.decoys import decoy, headline, separate_boxes, text_block
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.handwriting import random_writer
from futoshiki.training.synth.style import BoardStyle, board_style, paper_colour

SIZES = (4, 5, 6, 7, 8, 9)

MARKED_SHARE = 0.25
"""Puzzles that somebody has begun."""
BEGUN_SHARE = 0.3
"""Of the boards that a program has filled in: not yet finished."""
BARE_SHARE = 0.22
"""Photos of a sheet that holds puzzles and nothing else, such as a print-out."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1"""


@dataclass(frozen=True)
class Page:
    """A flat page. `pixels` is H x W x 3 uint8 RGB; outside of `sheet` (a box) the table is seen."""

    pixels: np.ndarray
    boards: tuple[BoardTruth, ...]
    sheet: Box


def any_puzzle(rng: random.Random, size: int | None = None) -> Puzzle:
    """A puzzle with clues in every proportion that is printed."""
    size = size or rng.choice(SIZES)
    signs = rng.choice([rng.uniform(0.08, 0.3), rng.uniform(0.25, 0.6), rng.uniform(0.6, 1.0)])
    extra = rng.choice([0.0, rng.uniform(0.05, 0.3), rng.uniform(0.3, 0.8)])
    return random_puzzle(size, rng, signs=signs, extra_givens=extra)[0]


def compose_page(
    rng: random.Random, side: int, pitch: float, size: int | None, *, screen: bool, scans: Path | None = None
) -> Page:
    """A page of side x side pixels; without a `size` it holds no Futoshiki. `scans` are scanned digits to write with."""
    paper = paper_colour(rng)
    ink: Colour = (rng.randint(0, 70),) * 3
    style = board_style(rng, screen=screen, paper=paper, ink=None if screen else ink)
    if screen:
        paper = style.paper
        ink = style.digit_colour
    canvas = Canvas(side, side, paper)
    style = replace(style, paper=paper)
    boards: list[BoardTruth] = []
    taken: list[Box] = []
    centre = side / 2
    if size:
        extent = pitch * size
        left = centre - extent / 2 + rng.uniform(-0.04, 0.04) * side
        top = centre - extent / 2 + rng.uniform(-0.04, 0.04) * side
        margin = pitch * (0.35 if not style.frame else style.frame_margin + 0.25)
        taken.append((left - margin, top - margin, left + extent * 1.1 + margin, top + extent * 1.1 + margin))
    else:
        extent = side * rng.uniform(0.2, 0.7)
        box = (centre - extent / 2, centre - extent / 2)
        (separate_boxes if rng.random() < 0.3 else decoy)(canvas, rng, *box, extent, ink)
        taken.append((*box, box[0] + extent, box[1] + extent))
    sheet = _sheet(rng, side, taken[0], screen)
    bare = rng.random() < (0.4 if screen else BARE_SHARE)
    if not bare:
        boards += _surroundings(canvas, rng, taken, style, pitch, ink, sheet, with_boards=bool(size))
        if rng.random() < 0.5:
            _buttons(canvas, rng, style, taken[0], pitch, boards)
    elif size and rng.random() < 0.5:
        boards += _more_boards(canvas, rng, taken, style, pitch, taken[0], finished=rng.random() < 0.15)
    if size:
        _labels(canvas, rng, style, left, top, pitch, size)
        puzzle = any_puzzle(rng, size)
        filling = None
        if (screen and rng.random() < 0.3) or rng.random() < 0.04:
            filling = _solved(rng, puzzle)
            if filling and rng.random() < BEGUN_SHARE:
                filling = tuple(
                    tuple(value if given or rng.random() < 0.5 else 0 for value, given in zip(*rows, strict=True))
                    for rows in zip(filling, puzzle.givens, strict=True)
                )
        marks = None if filling else _marks(rng, screen, scans)
        boards.insert(0, draw_board(canvas, puzzle, style, left, top, pitch, rng, filling=filling, marks=marks))
    if not screen:
        _show_through(canvas, rng)
    return Page(canvas.pixels, tuple(boards), _around(sheet, boards, pitch * 0.15))


def _marks(rng: random.Random, screen: bool, scans: Path | None) -> Marks | None:
    """What the player has added so far: mostly nothing."""
    if rng.random() > MARKED_SHARE:
        return None
    candidates = rng.choice([0.0, rng.uniform(0.1, 0.9)])
    writer = None if screen and rng.random() < 0.7 else random_writer(rng, scans)
    columns = rng.choice([0, 2, 3]) if writer is None else 0
    return Marks(writer, rng.uniform(0.1, 1.0), candidates, columns)


def _solved(rng: random.Random, puzzle: Puzzle) -> tuple[tuple[int, ...], ...] | None:
    from futoshiki.solving import solve

    return solve(puzzle, limit=1, timeout=0.2).solution


def _sheet(rng: random.Random, side: int, board: Box, screen: bool) -> Box:
    """The paper's edges: often beyond the picture, sometimes close to the board."""
    if screen or rng.random() < 0.35:
        return (-9e3, -9e3, 9e3, 9e3)
    far = side * 0.5
    x0, y0, x1, y1 = (
        board[0] - rng.random() * far, board[1] - rng.random() * far,
        board[2] + rng.random() * far, board[3] + rng.random() * far,
    )  # fmt: skip
    return x0, y0, x1, y1


def _around(sheet: Box, boards: list[BoardTruth], margin: float) -> Box:
    """The sheet, enlarged so that no board hangs over its edge."""
    x0, y0, x1, y1 = sheet
    for board in boards:
        low, high = board.all_points.min(axis=0) - margin, board.all_points.max(axis=0) + margin
        x0, y0, x1, y1 = min(x0, low[0]), min(y0, low[1]), max(x1, high[0]), max(y1, high[1])
    return x0, y0, x1, y1


def _free(box: Box, taken: list[Box], gap: float) -> bool:
    x0, y0, x1, y1 = box
    return all(x1 + gap < a or c + gap < x0 or y1 + gap < b or d + gap < y0 for a, b, c, d in taken)


def _surroundings(
    canvas: Canvas, rng: random.Random, taken: list[Box], style: BoardStyle, pitch: float, ink: Colour, sheet: Box,
    *, with_boards: bool,
) -> list[BoardTruth]:  # fmt: skip
    """Fill the rest: last week's solution, further puzzles, decoys, headings and columns of text."""
    boards: list[BoardTruth] = []
    main = taken[0]
    side = canvas.width
    width = main[2] - main[0]
    if rng.random() < 0.7:
        headline(canvas, rng, main[0], main[1] - pitch * rng.uniform(0.7, 1.1), width, pitch * rng.uniform(0.3, 0.6), ink)
    if rng.random() < 0.5:
        text_block(canvas, rng, main[0], main[3] + pitch * 0.1, width, pitch * 0.4, pitch * rng.uniform(0.12, 0.25), ink)
    if with_boards and rng.random() < 0.55:
        boards += _more_boards(canvas, rng, taken, style, pitch, main, finished=rng.random() < 0.7)
    for _ in range(rng.randint(0, 5)):
        extent = rng.uniform(0.1, 0.35) * side
        x, y = rng.uniform(0, side - extent), rng.uniform(0, side - extent)
        box = (x, y, x + extent, y + extent)
        if _free(box, taken, pitch * 0.4):
            decoy(canvas, rng, x, y, extent, ink)
            taken.append(box)
    size = max(5.0, pitch * rng.uniform(0.15, 0.4))
    column = size * rng.uniform(14, 28)
    for k in range(int(side / column)):
        if rng.random() < 0.25:
            continue
        y = 0.0
        while y < side:
            height = rng.uniform(0.05, 0.3) * side
            box = (k * column, y, (k + 0.93) * column, y + height)
            if _free(box, taken, pitch * 0.35):
                text_block(canvas, rng, box[0], y, box[2] - box[0], height, size, ink)
                taken.append(box)
            y += height + size
    if rng.random() < 0.4:
        grey = rng.randint(0, 200)
        for x in (main[0] - pitch * 0.4, main[2] + pitch * 0.4):
            canvas.polyline([(x, 0), (x, side)], (grey,) * 3, rng.uniform(0.5, 2))
    return boards


def _more_boards(
    canvas: Canvas, rng: random.Random, taken: list[Box], style: BoardStyle, pitch: float, main: Box, *, finished: bool
) -> list[BoardTruth]:
    """Below, beside or above: a smaller finished board, or one or two more open puzzles."""
    boards = []
    for _ in range(1 if finished else rng.choice([1, 1, 2, 3])):
        size = rng.choice(SIZES)
        small = pitch * rng.uniform(0.25, 0.6) if finished else pitch * rng.uniform(0.8, 1.1)
        extent = small * size
        gap = pitch * rng.uniform(0.3, 1.2)
        for x, y in rng.sample(
            [
                (main[0], main[3] + gap), (main[2] + gap, main[1]), (main[0], main[1] - gap - extent),
                (main[0] - gap - extent, main[1]), (main[2] - extent, main[3] + gap),
            ], 5,
        ):  # fmt: skip
            box = (x, y, x + extent * 1.1, y + extent * 1.1)
            if _free(box, taken, pitch * 0.2):
                puzzle = any_puzzle(rng, size)
                filling = _solved(rng, puzzle) if finished else None
                if finished and rng.random() < 0.3:  # a solution is often shown without its signs
                    puzzle = Puzzle(size, puzzle.givens)
                boards.append(draw_board(canvas, puzzle, style, x, y, small, rng, filling=filling))
                taken.append(box)
                break
    return boards


def _labels(canvas: Canvas, rng: random.Random, style: BoardStyle, left: float, top: float, pitch: float, size: int) -> None:
    """Row and column labels around the board, now and then: letters and digits that are no clues."""
    if rng.random() > 0.05:
        return
    font = random_font(rng)
    for k in range(size):
        middle = (k + 0.5 * style.cell) * pitch
        canvas.text(left + middle, top - pitch * 0.5, str(k + 1), font, pitch * 0.25, style.digit_colour)
        canvas.text(left - pitch * 0.5, top + middle, "ABCDEFGHI"[k], font, pitch * 0.25, style.digit_colour)


def _buttons(canvas: Canvas, rng: random.Random, style: BoardStyle, board: Box, pitch: float, others: list[BoardTruth]) -> None:
    """A column or row of buttons with the digits, as apps have beside the board: boxes that are no cells. None on `others`."""
    if rng.random() > 0.3:
        return
    count, step = rng.randint(3, 9), pitch * rng.uniform(0.7, 1.1)
    side = step * rng.uniform(0.6, 0.9)
    column = rng.random() < 0.6
    gap = pitch * rng.uniform(0.5, 1.5)
    x, y = (board[2] + gap, board[1] + pitch * 0.5) if column else (board[0], board[3] + gap)
    box = (x, y - side, x + side, y + count * step) if column else (x - side, y, x + count * step, y + side)
    if not _free(box, [(*other.corners.min(axis=0), *other.corners.max(axis=0)) for other in others], 0):
        return
    for k in range(count):
        cx, cy = (x + side / 2, y + k * step) if column else (x + k * step, y + side / 2)
        canvas.box(cx - side / 2, cy - side / 2, cx + side / 2, cy + side / 2, line=style.line, fill=style.cell_fill)
        canvas.text(cx, cy, str(k + 1), style.font, side * 0.5, style.digit_colour)


def _show_through(canvas: Canvas, rng: random.Random) -> None:
    """Print on the back of thin paper: the page itself, mirrored and shifted, very pale."""
    if rng.random() > 0.25:
        return
    back = cv2.flip(canvas.pixels, 1)
    back = np.roll(back, (rng.randint(20, 200), rng.randint(20, 200)), axis=(0, 1))
    strength = rng.uniform(0.03, 0.14)
    canvas.pixels[:] = cv2.addWeighted(canvas.pixels, 1 - strength, back, strength, 0)
