"""One synthetic photo with its ground truth, from a seed alone."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.geometry import TINY, quad_area, shared_area
from futoshiki.notation import to_dict
from futoshiki.puzzle import Puzzle, freeze_grid
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.camera import Subject, random_view, take_photo
from futoshiki.training.synth.clutter import hidden_blocks
from futoshiki.training.synth.legibility import Exposure
from futoshiki.training.synth.page import SIZES, compose_page
from futoshiki.training.synth.puzzle_page import compose_puzzle_page, random_layout

PHOTO_SIDES = {640: 0.92, 960: 0.05, 1280: 0.03}
"""Longer sides of photos in pixels, with their shares."""
ASPECTS = (0.75, 0.75, 0.75, 0.5625, 1.0)
"""Shorter over longer side of a photo: mostly 4:3, sometimes 16:9 or square."""
SEVERAL_SIDES = {640: 0.75, 960: 0.17, 1280: 0.08}
"""Longer sides of those photos in pixels, with their shares."""
SEVERAL_EXTENT = (0.6, 1.3)
"""Least and greatest extent of all those puzzles, as a share of the photo's: above 1, the photo cuts some of them off."""
LANDSCAPE_SHARE = 0.4
"""Share of the photos that are wider than high."""
MIN_BOARD, MIN_SCREEN_BOARD = 0.13, 0.3
"""Smallest boards on paper and on a screen, as shares of its shorter side."""
MIN_PITCH = 11.0
"""Minimum distance of cell centres in the photo, in pixels: below this, nobody can read the digits."""
NEGATIVE_SIZE = 6
"""Board size, in cells, assumed when choosing the scale of a photo that has no board."""
PRINT_SCALE = 1.25
"""Page pixels per photo pixel, and side of the page over that of the photo: print is finer than a photo of it, and the
camera sees more than the middle of the page."""
PAGE_PITCHES = (26, 110)
"""Minimum and maximum pitch of the main board on a printed page, in pixels of the page."""
MAX_PAGE_SIDE = 2400
"""Maximum side of a page in pixels, which limits time and memory."""
MOST_CUT = 0.99
"""Largest share that is shown of a board of which a cell is cut off."""
EDGE = 2
"""Distance in pixels that each cell centre keeps from the edge of the photo; otherwise the board counts as cut off."""


@dataclass(frozen=True)
class Mix:
    """The shares of kinds of photos."""

    screen: float = 0.08
    """Photos of a screen."""
    screenshot: float = 0.27
    """Screenshots; the rest is of paper."""
    several: float = 0.22
    """Pages of several puzzles."""
    empty: float = 0.1
    """Share of the others that show no Futoshiki."""
    even: float = 0.0
    """Photos whose boards have each kind of cells and signs equally often, so that rare kinds are learnt."""

    def subject(self, rng: random.Random) -> Subject:
        """What a photo is of."""
        paper = 1.0 - self.screen - self.screenshot
        kinds: tuple[Subject, ...] = ("paper", "screen", "screenshot")
        return rng.choices(kinds, (paper, self.screen, self.screenshot))[0]


MIX = Mix()


@dataclass(frozen=True)
class Sample:
    """A photo (H x W x 3 uint8 RGB) and every board in it or cut off by its edge; if there is a main one, it comes first."""

    seed: int
    photo: np.ndarray
    boards: tuple[BoardTruth, ...]


def make_sample(seed: int, *, side: int | None = None, scans: Path | None = None, mix: Mix = MIX) -> Sample:
    """The photo of that seed; the same seed gives the same photo as long as the same fonts are installed.

    `side` is the photo's longer side in pixels, by default one of `PHOTO_SIDES`; `scans` is a folder of scanned digits to
    write with, see `handwriting.scanned_digits`.
    """
    rng = random.Random(seed)
    subject = mix.subject(rng)
    screen, several = subject != "paper", rng.random() < mix.several
    even = rng.random() < mix.even
    sides = SEVERAL_SIDES if several else PHOTO_SIDES
    side = side or rng.choices(tuple(sides), tuple(sides.values()))[0]
    short = round(side * rng.choice(ASPECTS))
    width, height = (side, short) if rng.random() < LANDSCAPE_SHARE else (short, side)
    layout = random_layout(rng, wide=width > height) if several else None
    size = None if rng.random() < mix.empty else rng.choice(SIZES)
    across, down = (layout.width, layout.height) if layout else (size or NEGATIVE_SIZE,) * 2
    smallest, largest = SEVERAL_EXTENT if layout else (MIN_SCREEN_BOARD if screen else MIN_BOARD, 1.0)
    share = smallest * (largest / smallest) ** rng.random()
    pitch = max(share * min(width / across, height / down), MIN_PITCH)
    page_pitch = pitch if subject == "screenshot" else float(np.clip(pitch * PRINT_SCALE, *PAGE_PITCHES))
    scale = pitch / page_pitch
    page_side = int(min(max(width, height) * PRINT_SCALE / scale, MAX_PAGE_SIDE))
    if layout:
        page = compose_puzzle_page(rng, page_side, page_pitch, layout, screen=screen, scans=scans, even=even)
    else:
        page = compose_page(rng, page_side, page_pitch, size, screen=screen, scans=scans, even=even)
    view = random_view(rng, page_side, width, height, scale, share, subject)
    exposure, cover = take_photo(rng, page, view, width, height, subject)
    boards = (board.moved(view.page_to_photo(board.all_points)) for board in page.boards)
    seen = (_seen(board, width, height, cover, exposure) for board in boards)
    return Sample(seed, exposure.photo, tuple(board for board in seen if board.shown))


def _seen(board: BoardTruth, width: int, height: int, cover: np.ndarray, exposure: Exposure) -> BoardTruth:
    """A board with what of it is in the photo, and which clues nobody can read there."""
    judged = exposure.judged(board, hidden_blocks(board.cells, cover))
    return replace(judged, shown=_share_shown(board, width, height))


def _share_shown(board: BoardTruth, width: int, height: int) -> float:
    """The share of a board's area that lies in the photo; 1 only if the middles of all its cells do."""
    if (board.cells > EDGE).all() and (board.cells < np.array([width, height]) - EDGE).all():
        return 1.0
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return min(shared_area(board.corners, frame) / max(quad_area(board.corners), TINY), MOST_CUT)


def truth_dict(board: BoardTruth) -> dict[str, Any]:
    """A board as JSON: the puzzle, `complete`, `shown`, `hidden`, `vague`, `entries`, `cells` and `quads`."""
    return {
        **to_dict(board.puzzle),
        "complete": board.complete,
        "shown": round(board.shown, 3),
        "hidden": [list(block) for block in board.hidden],
        "vague": [list(block) for block in board.vague],
        "entries": [list(row) for row in board.entries],
        "cells": np.round(board.cells, 2).tolist(),
        "quads": np.round(board.quads, 2).tolist(),
    }


def board_from_truth(data: dict[str, Any]) -> BoardTruth:
    """The inverse of `truth_dict`. `shown`, `hidden` and `vague` may be missing: then nothing is cut off, hidden or vague."""
    puzzle = Puzzle(data["size"], data["givens"], tuple(tuple(sign) for sign in data["less"]))
    cells, quads = (np.array(data[key], np.float32) for key in ("cells", "quads"))
    hidden, vague = (tuple((row, column) for row, column in data.get(key, ())) for key in ("hidden", "vague"))
    return BoardTruth(puzzle, data["complete"], cells, quads, freeze_grid(data["entries"]), data.get("shown", 1.0), hidden, vague)
