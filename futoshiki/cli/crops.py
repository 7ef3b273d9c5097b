"""Pictures of doubtful clues in the terminal: two pixels a character, in the terminal's own colours."""

from __future__ import annotations

import numpy as np
from rich.color import Color
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style
from rich.text import Text

from futoshiki.cli.inputs import Input
from futoshiki.cli.show import doubt_text
from futoshiki.drawing.solution import clue_view
from futoshiki.photo import load_photo
from futoshiki.result import Result

SIDE = 28
"""Pixels of a clue's picture, and characters of its lines."""


def print_crops(console: Console, picture: Input | None, result: Result, *, every: bool) -> None:
    """Each doubtful clue of the best board (or of every one) in words, and as it looks in the picture."""
    shown = result.boards if every else result.boards[:1]
    doubts = [(board, doubt) for board in shown for doubt in board.doubts]
    if not doubts:
        console.print("no clue is in doubt")
        return
    seen = picture is not None and console.color_system is not None
    pixels = load_photo(picture.source).pixels if picture and seen else None
    for board, doubt in doubts:
        console.print(Text(doubt_text(doubt)), soft_wrap=True)
        if pixels is not None:
            console.print(half_blocks(clue_view(pixels, board.cells, doubt.cell, doubt.sign, SIDE)))


def half_blocks(pixels: np.ndarray) -> Segments:
    """A picture (H x W x 3 uint8 RGB, H even) as text: the upper pixel of each pair as ink, the lower one as ground."""
    segments = []
    for upper, lower in zip(pixels[::2], pixels[1::2], strict=True):
        for ink, ground in zip(upper, lower, strict=True):
            segments.append(Segment("▀", Style(color=Color.from_rgb(*map(int, ink)), bgcolor=Color.from_rgb(*map(int, ground)))))
        segments.append(Segment.line())
    return Segments(segments)
