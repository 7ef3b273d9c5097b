"""Compose a page: a board in the middle, and around it what real pages hold."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from futoshiki.networks.clues import MAX_DIGIT
from futoshiki.puzzle import Grid, Puzzle
from futoshiki.solving.generate import random_puzzle
from futoshiki.training.synth.board import BoardTruth, draw_board
from futoshiki.training.synth.canvas import Box, Canvas, Colour, square
from futoshiki.training.synth.decoys import decoy, headline, separate_boxes, text_block
from futoshiki.training.synth.fonts import random_font
from futoshiki.training.synth.marks import Marks, random_marks
from futoshiki.training.synth.style import BoardStyle, board_style, paper_colour

SIZES = range(4, MAX_DIGIT + 1)
"""Cells per side of the boards: the sizes that the reader accepts."""
USUAL_SIGNS, RICH_SIGNS, RICH_SHARE = (0.08, 0.35), (0.35, 1.0), 0.2
"""Ranges of the share of a board's edges that carry a sign, and share of the boards that are rich in signs. Of 1,124
generated puzzles of 4 x 4 to 9 x 9 cells half have between 0.17 and 0.25, and 19 in 20 at most 0.31."""
FILLED_SHARE, FILLED_SCREEN_SHARE = 0.04, 0.3
"""Shares of the boards that a program has filled in: of all boards, and of those on a screen in addition."""
BEGUN_SHARE = 0.3
"""Share of the boards filled in by a program that are not yet finished."""
BARE_SHARE, BARE_SCREEN_SHARE = 0.22, 0.4
"""Shares of the pages, printed and on a screen, that hold puzzles and nothing else."""
NEIGHBOUR_SHARE = 0.35
"""Share of the pages with other content on which another kind of puzzle lies right beside the main one."""
NEIGHBOUR_GAP = (0.3, 1.5)
"""Range of the distance between the two, in pitches."""
LABELLED_SHARE = 0.05
"""Share of the boards with labels for their rows and columns."""
SHOW_THROUGH_SHARE = 0.25
"""Share of the printed pages on which the back shows through."""
SPECKLED_SHARE, SPECKS, SPECK_SIDES = 0.1, (0.001, 0.02), (1, 2, 3)
"""Share of the printed pages with specks, range of the share of the page that they cover, and their sides in pixels."""
BOARD_ROOM = 1.1
"""Room kept for a board, in its regular sides: uneven rows and columns make it larger."""
NO_EDGE = (-9e3, -9e3, 9e3, 9e3)
"""A sheet whose edges are never in the photo, in pixels of the page."""


@dataclass(frozen=True)
class Page:
    """A flat page. `pixels` is H x W x 3 uint8 RGB; outside of `sheet` the table is visible.

    Beyond the pixels, the sheet goes on in the colour of the `paper`. `blank` is the page with nothing in or between the cells
    of its boards.
    """

    pixels: np.ndarray
    blank: np.ndarray
    boards: tuple[BoardTruth, ...]
    sheet: Box
    paper: Colour


@dataclass
class Draft:
    """A page in the making.

    `taken` lists what is occupied, the main board or decoy first; `pitch` is that of the main board.
    """

    rng: random.Random
    canvas: Canvas
    style: BoardStyle
    pitch: float
    ink: Colour
    taken: list[Box] = field(default_factory=list)
    boards: list[BoardTruth] = field(default_factory=list)

    def reserve_board(self, size: int) -> tuple[float, float]:
        """Keep the middle free for the main board; returns its top left corner."""
        side, style = self.canvas.width, self.style
        extent = self.pitch * size
        left, top = (side / 2 - extent / 2 + self.rng.uniform(-0.04, 0.04) * side for _ in range(2))
        margin = self.pitch * (0.35 if not style.frame else style.frame_margin + 0.25)
        room = extent * BOARD_ROOM
        self.taken.append((left - margin, top - margin, left + room + margin, top + room + margin))
        return left, top

    def add_main_decoy(self) -> tuple[float, float]:
        """A decoy in the middle, where no board is wanted; returns its top left corner."""
        side = self.canvas.width
        extent = side * self.rng.uniform(0.2, 0.7)
        corner = side / 2 - extent / 2
        draw = separate_boxes if self.rng.random() < 0.3 else decoy
        draw(self.canvas, self.rng, corner, corner, extent, self.ink)
        self.taken.append((corner, corner, corner + extent, corner + extent))
        return corner, corner

    def add_main_board(self, left: float, top: float, size: int, *, screen: bool, scans: Path | None) -> None:
        """The main board: open, begun by hand, or filled in by a program."""
        rng = self.rng
        self._add_labels(left, top, size)
        is_filled = (screen and rng.random() < FILLED_SCREEN_SHARE) or rng.random() < FILLED_SHARE
        marks = None if is_filled else random_marks(rng, self.style.paper, screen=screen, scans=scans)
        self.add_board(left, top, size, is_filled=is_filled, marks=marks)
        self.boards.insert(0, self.boards.pop())

    def add_board(self, left: float, top: float, size: int, *, is_filled: bool = False, marks: Marks | None = None) -> None:
        """A board with its first cell at (left, top): filled in by a program as a whole or in part, or open, with `marks`."""
        rng = self.rng
        puzzle, solution = _random_puzzle(rng, size)
        filling = None
        if is_filled:
            filling = _begun(rng, puzzle, solution) if rng.random() < BEGUN_SHARE else solution
        board = draw_board(self.canvas, rng, puzzle, self.style, left, top, self.pitch, filling=filling, marks=marks)
        self.boards.append(board)

    def add_boards(self, *, finished: bool) -> None:
        """Below, beside or above the main board: a smaller finished board, or one to three more open puzzles."""
        rng, pitch = self.rng, self.pitch
        left, top, right, bottom = self.taken[0]
        for _ in range(1 if finished else rng.choice([1, 1, 2, 3])):
            size = rng.choice(SIZES)
            small = pitch * rng.uniform(0.25, 0.6) if finished else pitch * rng.uniform(0.8, 1.1)
            extent = small * size
            gap = pitch * rng.uniform(0.3, 1.2)
            above, before, below, beside = top - gap - extent, left - gap - extent, bottom + gap, right + gap
            places = [(left, below), (beside, top), (left, above), (before, top), (right - extent, below)]
            for x, y in rng.sample(places, len(places)):
                if not self._take((x, y, x + extent * BOARD_ROOM, y + extent * BOARD_ROOM), pitch * 0.2):
                    continue
                puzzle, solution = _random_puzzle(rng, size)
                if finished and rng.random() < 0.3:  # a solution is often shown without its signs
                    puzzle = Puzzle(size, puzzle.givens)
                filling = solution if finished else None
                self.boards.append(draw_board(self.canvas, rng, puzzle, self.style, x, y, small, filling=filling))
                break

    def add_surroundings(self, *, with_boards: bool) -> None:
        """Fill the rest: a heading, last week's solution, further puzzles, decoys, columns of text."""
        rng, pitch = self.rng, self.pitch
        left, top, right, bottom = self.taken[0]
        width = right - left
        if rng.random() < 0.7:
            y = top - pitch * rng.uniform(0.7, 1.1)
            headline(self.canvas, rng, left, y, width, pitch * rng.uniform(0.3, 0.6), self.ink)
        if rng.random() < 0.5:
            size = pitch * rng.uniform(0.12, 0.25)
            text_block(self.canvas, rng, left, bottom + pitch * 0.1, width, pitch * 0.4, size, self.ink)
        if with_boards and rng.random() < 0.55:
            self.add_boards(finished=rng.random() < 0.7)
        if rng.random() < NEIGHBOUR_SHARE:
            self._add_neighbour()
        self._add_decoys()
        self._add_columns()
        if rng.random() < 0.4:
            grey = rng.randint(0, 200)
            for x in (left - pitch * 0.4, right + pitch * 0.4):
                self.canvas.polyline([(x, 0), (x, self.canvas.height)], (grey,) * 3, rng.uniform(0.5, 2))

    def _add_neighbour(self) -> None:
        """Another puzzle of about the same size right beside or below the main one, as on a page of puzzles."""
        rng, pitch = self.rng, self.pitch
        left, top, right, bottom = self.taken[0]
        extent = (right - left) * rng.uniform(0.6, 1.2)
        gap = pitch * rng.uniform(*NEIGHBOUR_GAP)
        places = [(left, bottom + gap), (right + gap, top), (left, top - gap - extent), (left - gap - extent, top)]
        for x, y in rng.sample(places, len(places)):
            if self._take((x, y, x + extent, y + extent), pitch * 0.2):
                decoy(self.canvas, rng, x, y, extent, self.ink)
                break

    def _add_decoys(self) -> None:
        """Up to five decoys, wherever there is room."""
        rng, side = self.rng, self.canvas.width
        for _ in range(rng.randint(0, 5)):
            extent = rng.uniform(0.1, 0.35) * side
            x, y = rng.uniform(0, side - extent), rng.uniform(0, side - extent)
            if self._take((x, y, x + extent, y + extent), self.pitch * 0.4):
                decoy(self.canvas, rng, x, y, extent, self.ink)

    def _add_columns(self) -> None:
        """Columns of text, with some left empty."""
        rng, side = self.rng, self.canvas.width
        size = max(5.0, self.pitch * rng.uniform(0.15, 0.4))
        column = size * rng.uniform(14, 28)
        for k in range(int(side / column)):
            if rng.random() < 0.25:
                continue
            y = 0.0
            while y < side:
                height = rng.uniform(0.05, 0.3) * side
                x0, x1 = k * column, (k + 0.93) * column
                if self._take((x0, y, x1, y + height), self.pitch * 0.35):
                    text_block(self.canvas, rng, x0, y, x1 - x0, height, size, self.ink)
                y += height + size

    def add_buttons(self) -> None:
        """Sometimes a column or row of buttons with digits beside the main board, as apps have: boxes that are no cells.

        They never cover another board.
        """
        rng, style, pitch = self.rng, self.style, self.pitch
        if rng.random() > 0.3:
            return
        left, top, right, bottom = self.taken[0]
        count, step = rng.randint(3, MAX_DIGIT), pitch * rng.uniform(0.7, 1.1)
        side = step * rng.uniform(0.6, 0.9)
        upright = rng.random() < 0.6
        gap = pitch * rng.uniform(0.5, 1.5)
        x, y = (right + gap, top + pitch * 0.5) if upright else (left, bottom + gap)
        box = (x, y - side, x + side, y + count * step) if upright else (x - side, y, x + count * step, y + side)
        if not _is_free(box, [(*other.corners.min(axis=0), *other.corners.max(axis=0)) for other in self.boards], 0):
            return
        for k in range(count):
            cx, cy = (x + side / 2, y + k * step) if upright else (x + k * step, y + side / 2)
            self.canvas.box(*square(cx, cy, side), line=style.line, fill=style.cell_fill)
            self.canvas.text(cx, cy, str(k + 1), style.font, side * 0.5, style.digit_colour)

    def _add_labels(self, left: float, top: float, size: int) -> None:
        """Sometimes labels of the rows and columns around the board: letters and digits that are no clues."""
        if self.rng.random() > LABELLED_SHARE:
            return
        font, pitch = random_font(self.rng), self.pitch
        for k in range(size):
            middle = (k + 0.5 * self.style.cell) * pitch
            column, row = str(k + 1), string.ascii_uppercase[k]
            self.canvas.text(left + middle, top - pitch * 0.5, column, font, pitch * 0.25, self.style.digit_colour)
            self.canvas.text(left - pitch * 0.5, top + middle, row, font, pitch * 0.25, self.style.digit_colour)

    def show_through(self) -> None:
        """Sometimes print on the back of thin paper: the page itself, mirrored and shifted, very pale."""
        rng, pixels = self.rng, self.canvas.pixels
        if rng.random() > SHOW_THROUGH_SHARE:
            return
        back = np.roll(cv2.flip(pixels, 1), (rng.randint(20, 200), rng.randint(20, 200)), axis=(0, 1))
        strength = rng.uniform(0.03, 0.14)
        pixels[:] = cv2.addWeighted(pixels, 1 - strength, back, strength, 0)

    def speckle(self) -> None:
        """Sometimes specks of any grey, as copies and recycled paper have them."""
        rng, pixels = self.rng, self.canvas.pixels
        if rng.random() > SPECKLED_SHARE:
            return
        noise = np.random.default_rng(rng.getrandbits(32))
        side, grain = self.canvas.width, rng.choice(SPECK_SIDES)
        places = noise.integers(0, side - grain, (round(rng.uniform(*SPECKS) * side**2 / grain**2), 2))
        greys = noise.integers(0, 256, (len(places), 1), np.uint8)
        for across, down in np.ndindex(grain, grain):
            pixels[places[:, 1] + down, places[:, 0] + across] = greys

    def finished(self, sheet: Box) -> Page:
        """The page on a sheet of paper with those edges, or larger if a board would reach over them."""
        return Page(
            self.canvas.pixels,
            self.canvas.without_ink(),
            tuple(self.boards),
            _around(sheet, self.boards, self.pitch * 0.15),
            self.style.paper,
        )

    def _take(self, box: Box, gap: float) -> bool:
        """Mark the box as taken, if it is free and no neighbour is closer than `gap`."""
        free = _is_free(box, self.taken, gap)
        if free:
            self.taken.append(box)
        return free


def compose_page(
    rng: random.Random,
    side: int,
    pitch: float,
    size: int | None,
    *,
    screen: bool,
    scans: Path | None = None,
    even: bool = False,
) -> Page:
    """A page of side x side pixels; without a `size` it holds no Futoshiki. `scans` are scanned digits to write with.

    For `even` see `style.board_style`.
    """
    draft = begin_page(rng, side, pitch, screen=screen, even=even)
    left, top = draft.reserve_board(size) if size else draft.add_main_decoy()
    sheet = random_sheet(rng, side, draft.taken[0], screen=screen)
    if rng.random() >= (BARE_SCREEN_SHARE if screen else BARE_SHARE):
        draft.add_surroundings(with_boards=bool(size))
        if rng.random() < 0.5:
            draft.add_buttons()
    elif size and rng.random() < 0.5:
        draft.add_boards(finished=rng.random() < 0.15)
    if size:
        draft.add_main_board(left, top, size, screen=screen, scans=scans)
    if not screen:
        draft.show_through()
        draft.speckle()
    return draft.finished(sheet)


def begin_page(rng: random.Random, side: int, pitch: float, *, screen: bool, even: bool = False) -> Draft:
    """An empty page of side x side pixels, with a style for its boards, which are `pitch` pixels from cell to cell."""
    ink: Colour = (rng.randint(0, 70),) * 3
    style = board_style(rng, screen=screen, paper=paper_colour(rng), ink=None if screen else ink, even=even)
    return Draft(rng, Canvas(side, side, style.paper), style, pitch, style.digit_colour if screen else ink)


def _random_puzzle(rng: random.Random, size: int) -> tuple[Puzzle, Grid]:
    """A puzzle with few to many signs and digits, as they are printed, and its solution."""
    signs = rng.uniform(*(RICH_SIGNS if rng.random() < RICH_SHARE else USUAL_SIGNS))
    extra = rng.choice([0.0, 0.0, 0.0, rng.uniform(0.05, 0.3), rng.uniform(0.05, 0.3), rng.uniform(0.3, 0.8)])
    return random_puzzle(size, rng, signs=signs, extra_givens=extra)


def _begun(rng: random.Random, puzzle: Puzzle, solution: Grid) -> Grid:
    """The solution with about half of the cells left blank that are not given."""
    return tuple(
        tuple(value if given or rng.random() < 0.5 else 0 for value, given in zip(*rows, strict=True))
        for rows in zip(solution, puzzle.givens, strict=True)
    )


def random_sheet(rng: random.Random, side: int, board: Box, *, screen: bool) -> Box:
    """The edges of the paper around the board or boards: sometimes close to them, often outside of the photo."""
    if screen or rng.random() < 0.35:
        return NO_EDGE
    x0, y0, x1, y1 = (rng.random() * side * 0.5 for _ in range(4))
    return board[0] - x0, board[1] - y0, board[2] + x1, board[3] + y1


def _around(sheet: Box, boards: list[BoardTruth], margin: float) -> Box:
    """The sheet, enlarged so that no board extends past its edge."""
    x0, y0, x1, y1 = sheet
    for board in boards:
        low, high = board.all_points.min(axis=0) - margin, board.all_points.max(axis=0) + margin
        x0, y0, x1, y1 = min(x0, low[0]), min(y0, low[1]), max(x1, high[0]), max(y1, high[1])
    return x0, y0, x1, y1


def _is_free(box: Box, taken: list[Box], gap: float) -> bool:
    x0, y0, x1, y1 = box
    return all(x1 + gap < a or c + gap < x0 or y1 + gap < b or d + gap < y0 for a, b, c, d in taken)
