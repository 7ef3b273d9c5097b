"""What the live picture shows: the board's outline, the answer or a hint on the page, and a line that says how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import cv2
import numpy as np

from futoshiki.drawing.marks import draw_marks, hint_marks
from futoshiki.drawing.solution import cell_quads, draw_solution
from futoshiki.errors import PuzzleError
from futoshiki.live.session import Sight
from futoshiki.puzzle import Puzzle
from futoshiki.result import BoardResult
from futoshiki.solving.hints import Hint, hint

READING, SOLVED, DOUBT = (255, 176, 0), (40, 200, 90), (255, 120, 0)
INK, GROUND = (255, 255, 255), (0, 0, 0)
FONT = cv2.FONT_HERSHEY_SIMPLEX
LINE_SHARE = 1 / 26
"""Height of a line of text, of the picture's height."""
HINT_LEVEL = 2
"""Where to look and why, not the move."""
HELP = (
    "q  quit", "space  freeze", "s  save picture and JSON", "h  a hint instead of the answer", "m  mirror", "r  start over",
    "?  this help",
)  # fmt: skip


def draw_sight(sight: Sight, *, hints: bool = False, helping: bool = False, pace: float | None = None) -> np.ndarray:
    """A copy of the frame with what is known drawn in, H x W x 3 uint8 RGB.

    With `hints` the next step is marked in place of the answer. `pace` is the number of frames a second.
    """
    pixels, board = sight.pixels.copy(), sight.board
    says = _status(sight)
    if board:
        if sight.state == "solved" and not board.complete and board.solution:
            step = next_step(board.puzzle, board.entries) if hints else None
            if step:
                pixels = draw_marks(pixels, board.cells, board.corners, hint_marks(step, HINT_LEVEL))
                says = step.where
            else:
                pixels = draw_solution(pixels, board.puzzle, board.solution, board.cells, board.corners)
        _draw_outline(pixels, board, SOLVED if sight.state == "solved" else READING)
        if sight.state != "solved":
            _draw_doubts(pixels, board)
    lines = [says]
    _write(pixels, lines, bottom=True)
    if pace is not None:
        _write(pixels, [f"{pace:.0f} fps, {sight.latency * 1000:.0f} ms"], bottom=False)
    if helping:
        _write(pixels, HELP, bottom=False, below=1.6)
    return pixels


@lru_cache(maxsize=8)
def next_step(puzzle: Puzzle, entries: tuple[tuple[int, int, int], ...]) -> Hint | None:
    """The next hint, if there is one."""
    try:
        return hint(puzzle, entries)
    except PuzzleError:
        return None


def _status(sight: Sight) -> str:
    board = sight.board
    if sight.state == "lost":
        return "lost: bring the puzzle back into view"
    if board is None:
        return "looking for a puzzle" if sight.state == "searching" else "hold still"
    n = board.puzzle.size
    if sight.state == "solved":
        return f"{n} x {n}, {'complete, and right' if board.complete else 'solved'}"
    return f"{n} x {n}, reading: look {sight.looks}, {board.status}, {board.confidence:.0%}"


def _draw_outline(pixels: np.ndarray, board: BoardResult, colour: tuple[int, int, int]) -> None:
    outline = np.round(np.array(board.corners) * 16).astype(np.int32)
    cv2.polylines(pixels, [outline], True, colour, max(2, pixels.shape[0] // 300), cv2.LINE_AA, 4)


def _draw_doubts(pixels: np.ndarray, board: BoardResult) -> None:
    """A ring around every cell, or between the two cells of a sign, that was read with doubt."""
    quads = cell_quads(board.cells, board.corners)
    for doubt in board.doubts:
        r1, c1, r2, c2 = doubt.sign or (*(doubt.cell or (0, 0)), *(doubt.cell or (0, 0)))
        middle = (quads[r1, c1].mean(axis=0) + quads[r2, c2].mean(axis=0)) / 2
        radius = np.linalg.norm(quads[r1, c1][1] - quads[r1, c1][0]) * (0.35 if doubt.sign else 0.6)
        centre = np.round(middle * 16).astype(int)
        cv2.circle(pixels, (int(centre[0]), int(centre[1])), round(radius * 16), DOUBT, 2, cv2.LINE_AA, 4)


def _write(pixels: np.ndarray, lines: Sequence[str], *, bottom: bool, below: float = 0.0) -> None:
    """Lines of text on a darkened strip, at the bottom or at the top of the picture."""
    height = pixels.shape[0]
    line = max(14, round(height * LINE_SHARE))
    scale = line / 34
    top = height - round(1.35 * line * len(lines)) - 4 if bottom else 4 + round(below * line)
    widest = max(cv2.getTextSize(text, FONT, scale, 1)[0][0] for text in lines)
    strip = pixels[top : top + round(1.35 * line * len(lines)) + 4, : widest + line]
    strip[:] = (strip * 0.4).astype(np.uint8)
    for k, text in enumerate(lines):
        place = (line // 2, top + round(1.35 * line * (k + 0.8)))
        cv2.putText(pixels, text, place, FONT, scale, INK, max(1, line // 18), cv2.LINE_AA)
