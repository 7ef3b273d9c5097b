"""Pictures of doubtful clues in the terminal, with two pixels per character."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.color import Color
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style
from rich.text import Text

from futoshiki.board_result import BoardResult
from futoshiki.cli.answers import Answer
from futoshiki.cli.show import doubt_text
from futoshiki.drawing.tiles import clue_tile

SIDE = 28
"""Side of a clue's picture in pixels, and its width in characters."""


def print_crops(console: Console, answer: Answer, boards: Sequence[BoardResult]) -> None:
    """Print each doubtful clue of some boards of an answer in words, and as it looks in the picture."""
    doubts = [(board, doubt) for board in boards for doubt in board.doubts]
    if not doubts:
        console.print("no clue is in doubt")
        return
    photo = answer.load() if answer.picture and console.color_system else None
    for board, doubt in doubts:
        console.print(Text(doubt_text(doubt, remedy=True)), soft_wrap=True)
        if photo is not None:
            console.print(half_blocks(clue_tile(photo.pixels, board.rescaled(1 / photo.scale), doubt.place, SIDE)))


def half_blocks(pixels: np.ndarray) -> Segments:
    """A picture (H x W x 3 uint8 RGB, H even) as text. Each character shows one pixel above another."""
    segments = []
    for upper, lower in zip(pixels[::2], pixels[1::2], strict=True):
        for ink, ground in zip(upper, lower, strict=True):
            segments.append(Segment("▀", Style(color=Color.from_rgb(*map(int, ink)), bgcolor=Color.from_rgb(*map(int, ground)))))
        segments.append(Segment.line())
    return Segments(segments)
