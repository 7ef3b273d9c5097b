"""Scoring a folder of pictures against their truth files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.errors import UnreadableFileError
from futoshiki.evaluation.truth import Truth, truth_pairs, turned
from futoshiki.geometry import board_outline, outline_iou, quad_iou
from futoshiki.reading.reader import Reader, default_reader
from futoshiki.result import Result

ANSWERED = ("solved", "doubtful")
"""Statuses of boards whose confidence is that of an answer."""


@dataclass(frozen=True)
class Score:
    """How one picture was read; None where the truth holds nothing to compare with, or no board was found.

    `status` is that of the picture, all others are those of the board that is most like the true one.
    """

    name: str
    group: str
    status: str
    found: bool | None
    size: bool | None
    givens: bool | None
    signs: bool | None
    exact: bool | None
    solution: bool | None
    silent_error: bool
    confidence: float | None
    corner_iou: float | None
    mask_iou: float | None
    milliseconds: float

    @property
    def missed(self) -> bool:
        """Whether anything that could be compared was wrong."""
        claimed = self.group == "negative" and self.status not in ("no_puzzle", "unreadable_file")
        return self.silent_error or claimed or self.exact is False or self.solution is False


def evaluate_folder(folder: Path, *, reader: Reader | None = None) -> Iterator[Score]:
    """Solve and score every picture of a folder that has a truth file."""
    reader = reader or default_reader()
    for picture, truth in truth_pairs(folder):
        try:
            result = reader.read(picture)
        except UnreadableFileError as error:
            result = Result(str(picture), "unreadable_file", error=str(error))
        yield score(picture.stem, result, truth)


def score(name: str, result: Result, truth: Truth) -> Score:
    """Compare a result with a truth. If nothing shows the orientation, any quarter turn is right."""
    turns = 4 if truth.get("orientation_cue") == "none" else 1
    scores = []
    for _ in range(turns):
        scores.append(_score_upright(name, result, truth))
        if turns > 1:
            truth = turned(truth)
    return max(scores, key=lambda s: (bool(s.solution), bool(s.exact), not s.silent_error))


def _score_upright(name: str, result: Result, truth: Truth) -> Score:
    group = str(truth.get("level") or truth.get("kind") or "all")
    spent = sum(result.timings_ms.values())
    if truth.get("negative") or not truth.get("size"):
        wrong = result.status == "solved" and bool(truth.get("negative"))
        group = "negative" if truth.get("negative") else group
        return Score(name, group, result.status, None, None, None, None, None, None, wrong, None, None, None, spent)
    best = max(
        (_compare(board, truth) for board in result.boards),
        key=lambda row: (bool(row["solution"]), row["exact"], row["corner_iou"] or 0),
        default={"size": False, "givens": False, "signs": False, "exact": False,
                 "solution": False if truth.get("solution") else None, "confidence": None, "corner_iou": 0.0,
                 "mask_iou": 0.0},
    )  # fmt: skip
    silent = bool(truth.get("solution")) and any(
        board.status == "solved"
        and ((iou := _compare(board, truth)["corner_iou"]) is None or iou > 0.3)
        and [list(row) for row in board.solution or ()] != truth["solution"]
        for board in result.boards
    )
    found = (best["corner_iou"] or 0) > 0.5 if truth.get("corners") else bool(result.boards)
    return Score(name, group, result.status, found, silent_error=silent, milliseconds=spent, **best)


def _compare(board: BoardResult, truth: Truth) -> dict[str, Any]:
    size = board.puzzle.size == truth["size"]
    got = set(board.puzzle.given_cells)
    allowed = {tuple(cell) for cell in truth["givens"]}
    # Where the truth tells printed givens from entries, reading the entries as givens too is allowed.
    printed = truth.get("printed_givens")
    asked = allowed if printed is None else {tuple(cell) for cell in printed}
    givens = size and asked <= got <= allowed
    signs = size and set(board.puzzle.less) == {tuple(sign) for sign in truth["less"]}
    solution = None
    if truth.get("solution"):
        solution = [list(row) for row in board.solution or ()] == truth["solution"]
    iou = quad_iou(np.array(board.corners), np.array(truth["corners"])) if truth.get("corners") else None
    confidence = board.confidence if board.status in ANSWERED else None
    return {
        "size": size, "givens": givens, "signs": signs, "exact": givens and signs, "solution": solution,
        "confidence": confidence, "corner_iou": iou, "mask_iou": _mask_iou(board, truth),
    }  # fmt: skip


def _mask_iou(board: BoardResult, truth: Truth) -> float | None:
    """IoU of the areas that the board covers, bent with the page; None if the truth has no cell centres."""
    if not truth.get("cells") or not truth.get("corners"):
        return None
    outlines = [
        board_outline(np.array(cells, float), np.array(corners, float))
        for cells, corners in ((board.cells, board.corners), (truth["cells"], truth["corners"]))
    ]
    return outline_iou(*outlines)
