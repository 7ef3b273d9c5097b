"""Draws what is known into a frame: the board's outline, the answer or a hint on the page, and a line about the state."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.drawing.doubts import draw_doubts
from futoshiki.drawing.marking import hint_marks
from futoshiki.drawing.marks import draw_marks
from futoshiki.drawing.solution import put_solution
from futoshiki.errors import PuzzleError, TimeUp
from futoshiki.geometry import FIXED_POINT_BITS, fixed_point
from futoshiki.live.session import Sight
from futoshiki.puzzle import Puzzle
from futoshiki.solving.hints import Hint, hint

READING, SOLVED = (255, 176, 0), (40, 200, 90)
"""Colours of the outline while the puzzle is read and when it is solved."""
OUTLINE_SHARE, MIN_OUTLINE = 1 / 300, 2
"""Width of the outline as a share of the picture's height, and the least width in pixels."""
INK = (255, 255, 255)
"""Colour of the text."""
DARKENED = 0.4
"""Factor by which the picture is darkened behind text."""
FONT, FONT_HEIGHT = cv2.FONT_HERSHEY_SIMPLEX, 34
"""The face of the text, and the height of its line in pixels at scale 1."""
LETTER_SHARE, MIN_LETTER = 1 / 26, 14
"""Height of the text as a share of the picture's height, and the least height in pixels."""
STROKE_SHARE = 1 / 18
"""Width of a stroke of the text as a share of its height."""
LINE_HEIGHT, BASELINE, PADDING = 1.35, 0.8, 4
"""Height of a line in heights of the text, the share of it above the baseline, and the space around all lines in pixels."""
HINT_LEVEL = 2
"""Level of the hints that are shown: where to look and why, but not the move."""
HELP = (
    "q  quit",
    "space  freeze",
    "s  save picture and JSON",
    "h  a hint instead of the answer",
    "m  mirror",
    "r  start over",
    "?  this help",
)


def draw_sight(sight: Sight, *, hints: bool = False, helping: bool = False, pace: float | None = None) -> np.ndarray:
    """A copy of the frame with what is known drawn in, H x W x 3 uint8 RGB.

    With `hints` the next step is marked instead of the answer. With `helping` the keys are listed. `pace` is the number of
    frames per second, which is shown if it is given.
    """
    pixels, board, text = sight.pixels.copy(), sight.board, _status(sight)
    if board:
        if sight.state == "solved" and not board.complete and board.solution:
            step = next_step(board.puzzle, board.entries) if hints else None
            if step:
                pixels = draw_marks(pixels, board, hint_marks(step, HINT_LEVEL))
                text = step.where
            else:
                put_solution(pixels, board)
        _draw_outline(pixels, board, SOLVED if sight.state == "solved" else READING)
        if sight.state != "solved":
            draw_doubts(pixels, board)
    _write(pixels, [text], bottom=True)
    above = [] if pace is None else [f"{pace:.0f} fps, {sight.latency * 1000:.0f} ms"]
    if above or helping:
        _write(pixels, [*above, *(HELP if helping else ())], bottom=False)
    return pixels


def draw_note(pixels: np.ndarray, note: str) -> np.ndarray:
    """A darkened copy of the last picture (H x W x 3 uint8 RGB) with a line of text that says why it stands still."""
    picture = cv2.convertScaleAbs(pixels, alpha=DARKENED)
    _write(picture, [note], bottom=True)
    return picture


@lru_cache(maxsize=8)
def next_step(puzzle: Puzzle, entries: tuple[tuple[int, int, int], ...]) -> Hint | None:
    """The next hint, if there is one."""
    try:
        return hint(puzzle, entries)
    except (PuzzleError, TimeUp):
        return None


def _status(sight: Sight) -> str:
    """What the line at the bottom says."""
    board = sight.board
    if sight.state == "lost":
        return "puzzle lost: bring it back into view"
    if board is None:
        return "looking for a puzzle" if sight.state == "searching" else "hold still"
    n = board.puzzle.size
    if sight.state == "solved":
        return f"{n} x {n}, {'complete and correct' if board.complete else 'solved'}"
    return f"{n} x {n}, reading {sight.readings}: {board.status}, {board.confidence:.0%}"


def _draw_outline(pixels: np.ndarray, board: BoardResult, colour: tuple[int, int, int]) -> None:
    width = max(MIN_OUTLINE, round(pixels.shape[0] * OUTLINE_SHARE))
    cv2.polylines(pixels, [fixed_point(np.array(board.corners))], True, colour, width, cv2.LINE_AA, FIXED_POINT_BITS)


def _write(pixels: np.ndarray, lines: Sequence[str], *, bottom: bool) -> None:
    """Write lines of text on a darkened strip, at the bottom or at the top of the picture."""
    height = pixels.shape[0]
    size = max(MIN_LETTER, round(height * LETTER_SHARE))
    scale = size / FONT_HEIGHT
    needed = round(LINE_HEIGHT * size * len(lines)) + PADDING
    top = height - needed if bottom else PADDING
    widest = max(cv2.getTextSize(text, FONT, scale, 1)[0][0] for text in lines)
    strip = pixels[top : top + needed, : widest + size]
    strip[:] = (strip * DARKENED).astype(np.uint8)
    for k, text in enumerate(lines):
        place = (size // 2, top + round(LINE_HEIGHT * size * (k + BASELINE)))
        cv2.putText(pixels, text, place, FONT, scale, INK, max(1, int(size * STROKE_SHARE)), cv2.LINE_AA)
