"""Scoring a folder of pictures against their truth files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.errors import PuzzleError, UnreadableFileError
from futoshiki.formats import READABLE
from futoshiki.geometry import board_outline, outline_iou, quad_iou
from futoshiki.reading.locate import GridNetwork
from futoshiki.reading.pipeline import solve_image
from futoshiki.result import BoardResult, Result

ANSWERED = ("solved", "doubtful")
"""Statuses of boards with an answer, of which confidence speaks."""


@dataclass(frozen=True)
class Score:
    """How one picture was read; None where the truth says nothing to compare with, or no board was found.

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


def truth_pairs(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Each picture with the truth beside it; of several pictures of one name the first in the order of `READABLE`.

    Raises:
        PuzzleError: a truth file is no JSON object.
    """
    pictures: dict[str, Path] = {}
    for path in sorted(folder.iterdir(), key=lambda path: (_kind(path), path)):
        if _kind(path) < len(READABLE):
            pictures.setdefault(path.stem, path)
    for path in sorted(folder.glob("*.json")):
        if path.stem in pictures:
            yield pictures[path.stem], _truth(path)


def _kind(path: Path) -> int:
    """The place of a file's ending among those of pictures, or behind them all."""
    suffix = path.suffix.lower()
    return READABLE.index(suffix) if suffix in READABLE else len(READABLE)


def _truth(path: Path) -> dict[str, Any]:
    try:
        truth = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PuzzleError(f"{path}: no truth file ({error}); mend it, or move it elsewhere") from error
    if not isinstance(truth, dict):
        raise PuzzleError(f"{path}: no truth file, which is a JSON object; mend it, or move it elsewhere")
    return truth


def evaluate_folder(folder: Path, *, grid_network: GridNetwork | None = None) -> Iterator[Score]:
    """Solve and score every picture of a folder that has a truth file."""
    for picture, truth in truth_pairs(folder):
        try:
            result = solve_image(picture, grid_network=grid_network)
        except UnreadableFileError as error:
            result = Result(str(picture), "unreadable_file", error=str(error))
        yield score(picture.stem, result, truth)


def score(name: str, result: Result, truth: dict[str, Any]) -> Score:
    """Compare a result with a truth; where nothing shows which way is up, any quarter turn is right."""
    turns = 4 if truth.get("orientation_cue") == "none" else 1
    scores = []
    for _ in range(turns):
        scores.append(_score_upright(name, result, truth))
        if turns > 1:
            truth = _turned(truth)
    return max(scores, key=lambda s: (bool(s.solution), bool(s.exact), not s.silent_error))


def _score_upright(name: str, result: Result, truth: dict[str, Any]) -> Score:
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


def _compare(board: BoardResult, truth: dict[str, Any]) -> dict[str, Any]:
    size = board.puzzle.size == truth["size"]
    got = set(board.puzzle.given_cells)
    allowed = {tuple(cell) for cell in truth["givens"]}
    # where the picture tells printed givens from entries, reading the entries too is allowed
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


def _mask_iou(board: BoardResult, truth: dict[str, Any]) -> float | None:
    """Of the area that the board covers, bent as the page is; None where the truth has no cell centres."""
    if not truth.get("cells") or not truth.get("corners"):
        return None
    outlines = [
        board_outline(np.array(cells, float), np.array(corners, float))
        for cells, corners in ((board.cells, board.corners), (truth["cells"], truth["corners"]))
    ]
    return outline_iou(*outlines)


def _turned(truth: dict[str, Any]) -> dict[str, Any]:
    """The same truth a quarter turn later."""
    last = truth["size"] - 1
    turned = {
        **truth,
        "givens": [[c, last - r, v] for r, c, v in truth["givens"]],
        "less": [[b, last - a, d, last - c] for a, b, c, d in truth["less"]],
    }
    if truth.get("printed_givens") is not None:
        turned["printed_givens"] = [[c, last - r, v] for r, c, v in truth["printed_givens"]]
    if truth.get("solution"):
        turned["solution"] = [list(row) for row in zip(*truth["solution"][::-1], strict=True)]
    if truth.get("corners"):
        turned["corners"] = [truth["corners"][3], *truth["corners"][:3]]
    if truth.get("cells"):
        turned["cells"] = [list(row) for row in zip(*truth["cells"][::-1], strict=True)]
    return turned
