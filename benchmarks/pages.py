"""How many boards of fresh synthetic photos with several puzzles are found, right, and solved.

usage: python benchmarks/pages.py [-n 1000] [--seed 38000000] [--min-pitch 16] [--workers 2]
Every open board counts that is readable (whole, not covered, with clear clues) and has cells at least --min-pitch pixels apart;
photos with fewer than two open boards are left out. A board without digits is right in any of its four turns.
"""

from __future__ import annotations

import argparse
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import cv2
import numpy as np

from futoshiki.api import solve_image
from futoshiki.board_result import BoardResult
from futoshiki.geometry import mean_pitch, quad_iou
from futoshiki.solving import solve
from futoshiki.training.synth.board import BoardTruth
from futoshiki.training.synth.sample import make_sample

SAME_PLACE = 0.5
"""IoU above which an answer is about a board."""


def outcomes(seed: int, *, min_pitch: float) -> list[str]:
    """What became of each board of a photo: "missed", "right" or "wrong", with "solved" before it if it was called that."""
    sample = make_sample(seed)
    boards = [board for board in sample.boards if not board.complete and board.is_whole]
    if len(boards) < 2:
        return []
    answers = solve_image(sample.photo).boards
    counted = [b for b in boards if b.is_readable and mean_pitch(b.cells) >= min_pitch]
    return [outcome(board, answers) for board in counted]


def outcome(board: BoardTruth, answers: tuple[BoardResult, ...]) -> str:
    """What became of one board."""
    found = [answer for answer in answers if quad_iou(np.array(answer.corners), board.corners) > SAME_PLACE]
    if not found:
        return "missed"
    grids = [solve(board.puzzle).solutions[0]]
    if not board.puzzle.given_cells:
        grids = [np.rot90(grids[0], turns) for turns in range(4)]
    right = found[0].solution is not None and any(np.array_equal(found[0].solution, grid) for grid in grids)
    return ("solved " if found[0].status == "solved" else "") + ("right" if right else "wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=38_000_000)
    parser.add_argument("--min-pitch", type=float, default=16.0)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    seeds = range(arguments.seed, arguments.seed + arguments.n)
    with ProcessPoolExecutor(arguments.workers, initializer=partial(cv2.setNumThreads, 1)) as pool:
        found = list(pool.map(partial(outcomes, min_pitch=arguments.min_pitch), seeds, chunksize=4))
    counts = Counter(one for photo in found for one in photo)
    solved, right, wrong, missed = counts["solved right"], counts["right"], counts["solved wrong"], counts["missed"]
    total = counts.total()
    print(
        f"{sum(map(bool, found))} photos, {total} boards: {total - missed} found, {solved + right} right, {solved} of them solved"
    )
    print(f"{wrong} wrong but called solved")


if __name__ == "__main__":
    main()
