"""Pages of several puzzles that are cropped close to their boards, and through them.

usage: python benchmarks/cropped.py [-n 100] [--seed 160000000] [--workers 2]
A page is drawn as a screenshot, without a camera. Crops that leave MARGINS pitches around all boards should lose none. Crops
that cut DEPTHS pitches away on two sides must not call a wrong answer solved: what is left of a board in the corner may look
like a smaller one.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import cv2
import numpy as np
from pages import outcome

from futoshiki.api import solve_image
from futoshiki.training.synth.page import Page
from futoshiki.training.synth.puzzle_page import compose_puzzle_page, random_layout

PITCH = 40.0
"""Pixels from cell to cell."""
SIDE = 2400
"""Pixels of a page's side."""
MARGINS = (0.1, 0.3, 0.6, 1.0)
"""Pitches around all boards."""
DEPTHS = (0.4, 0.9, 1.05, 2.05)
"""Pitches of the outer boards that are cut off."""
CORNERS = ((True, True, False, False), (False, False, True, True), (True, False, False, True))
"""The sides on which they are cut off: left, top, right, bottom."""
UNCUT = 0.1
"""Pitches left around all boards on the other sides."""


def outcomes(seed: int) -> Counter[tuple[str, float, str]]:
    """How often each outcome came of the boards of one page, by the kind of crop and its margin or depth."""
    rng = random.Random(seed)
    page = compose_puzzle_page(rng, SIDE, PITCH, random_layout(rng, wide=rng.random() < 0.5), screen=True)
    crops = [("margin", margin, np.full(4, -margin)) for margin in MARGINS]
    crops += [("depth", depth, np.where(rng.choice(CORNERS), depth, -UNCUT)) for depth in DEPTHS]
    return Counter((kind, value, one) for kind, value, cut in crops for one in _outcomes(page, cut * PITCH))


def _outcomes(page: Page, cut: np.ndarray) -> list[str]:
    """What becomes of the boards if so many pixels outside of the outermost are cut away: left, top, right, bottom."""
    corners = np.concatenate([board.corners for board in page.boards])
    left, top = np.maximum(corners.min(axis=0) + cut[:2], 0).astype(int)
    right, bottom = (corners.max(axis=0) - cut[2:]).astype(int)
    answers = solve_image(np.ascontiguousarray(page.pixels[top:bottom, left:right])).boards
    return [outcome(board.moved(board.all_points - (left, top)), answers) for board in page.boards if not board.complete]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=100)
    parser.add_argument("--seed", type=int, default=160_000_000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.n)
    with ProcessPoolExecutor(arguments.workers, initializer=partial(cv2.setNumThreads, 1)) as pool:
        counts = sum(pool.map(outcomes, seeds), Counter())
    for kind, values in (("margin", MARGINS), ("depth", DEPTHS)):
        for value in values:
            of = {one: counts[kind, value, one] for one in ("solved right", "right", "wrong", "missed", "solved wrong")}
            print(f"{kind} {value}: " + ", ".join(f"{count} {one}" for one, count in of.items()))


if __name__ == "__main__":
    main()
