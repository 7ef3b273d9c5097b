"""The classical pipeline beside this one: threshold, contours, Tesseract, CP-SAT, and a crop of the true outline as a present.

usage: python benchmarks/baseline.py FOLDER [FOLDER ...] [--limit N]
The way of the article that this project comes from (sam-watts/futoshiki-solver, 2023): the picture is cut to the
bounding box of the puzzle's area, which here is the true one and not a network's; squares are found as contours,
digits and signs are read by Tesseract, one cell or gap at a time; OR-tools' CP-SAT solves. Its 5 x 5 board is
widened to any number of cells that forms a square. It needs `tesseract` and ortools.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rich.console import Console
from solver import cpsat_model

from futoshiki.errors import FutoshikiError
from futoshiki.evaluation.answers import score, truth_pairs
from futoshiki.photo import load_photo
from futoshiki.puzzle import Grid, Less, Puzzle
from futoshiki.reading.pipeline import solve_image
from futoshiki.result import BoardResult, Result

ROOM = 0.03
"""Of the crop's side, left around the true corners."""
INK = 0.012
"""Share of dark pixels in a cell or gap from which Tesseract is asked."""
DIGITS, SIGNS = "123456789", "<>"
COUNTED = ("size", "givens", "signs", "exact", "solution", "silent_error")


def tesseract(picture: np.ndarray, letters: str) -> str:
    """One character of `letters` in a picture of black on white, or nothing."""
    large = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    padded = cv2.copyMakeBorder(large, 20, 20, 20, 20, cv2.BORDER_CONSTANT, value=(255,))
    command = ["tesseract", "-", "-", "--psm", "10", "-c", f"tessedit_char_whitelist={letters}"]
    done = subprocess.run(command, input=cv2.imencode(".png", padded)[1].tobytes(), capture_output=True, check=True)
    return done.stdout.decode().strip()[:1]


def squares(binary: np.ndarray) -> np.ndarray:
    """x, y, w, h of the contours that look like cells: nearly square and of the commonest size."""
    contours, _ = cv2.findContours(binary, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = np.array([cv2.boundingRect(c) for c in contours if cv2.contourArea(c) > 0.3 * np.prod(cv2.boundingRect(c)[2:])])
    side = min(binary.shape)
    boxes = np.array([b for b in boxes if side / 25 < b[2] < side / 3 and 0.7 < b[2] / b[3] < 1.4]).reshape(-1, 4)
    if not len(boxes):
        return boxes
    near = [(abs(boxes[:, 2] - w) < 0.2 * w).sum() for w in boxes[:, 2]]
    typical = boxes[int(np.argmax(near)), 2]
    boxes = boxes[abs(boxes[:, 2] - typical) < 0.2 * typical]
    kept: list[np.ndarray] = []
    for box in boxes[np.argsort(-boxes[:, 2])]:  # the inner and outer side of one frame are one cell
        if all(np.hypot(*(box[:2] + box[2:] / 2 - other[:2] - other[2:] / 2)) > 0.5 * typical for other in kept):
            kept.append(box)
    return np.array(kept)


def read(grey: np.ndarray) -> tuple[Puzzle, np.ndarray] | None:
    """The puzzle in a cropped picture and its cells (N x N x 4: x, y, w, h)."""
    binary = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV, 31, 10)
    boxes = squares(binary)
    n = round(len(boxes) ** 0.5)
    if n * n != len(boxes) or not 2 <= n <= 9:
        return None
    rows = [row[np.argsort(row[:, 0])] for row in np.split(boxes[np.argsort(boxes[:, 1] + boxes[:, 3] / 2)], n)]
    cells = np.array(rows)
    givens = [[_digit(binary, cells[r, c], n) for c in range(n)] for r in range(n)]
    less: list[Less] = []
    for r, c in itertools.product(range(n), range(n)):
        x, y, w, h = cells[r, c]
        if c + 1 < n:
            gap = binary[y : y + h, x + w + 1 : cells[r, c + 1][0] - 1]
            sign = _sign(gap)
            less += [(r, c, r, c + 1)] if sign == "<" else [(r, c + 1, r, c)] if sign == ">" else []
        if r + 1 < n:
            gap = binary[y + h + 1 : cells[r + 1, c][1] - 1, x : x + w]
            sign = _sign(np.rot90(gap))  # a quarter turn to the left makes ∧ a <
            less += [(r, c, r + 1, c)] if sign == "<" else [(r + 1, c, r, c)] if sign == ">" else []
    return Puzzle(n, givens, tuple(less)), cells


def _digit(binary: np.ndarray, box: np.ndarray, size: int) -> int:
    x, y, w, h = box
    inner = binary[y + h // 6 : y + h - h // 6, x + w // 6 : x + w - w // 6]
    found = tesseract(255 - inner, DIGITS) if inner.size and (inner > 0).mean() > INK else ""
    return int(found) if found and int(found) <= size else 0


def _sign(gap: np.ndarray) -> str:
    return tesseract(255 - np.ascontiguousarray(gap), SIGNS) if min(gap.shape) > 3 and (gap > 0).mean() > INK else ""


def cp_sat(puzzle: Puzzle) -> Grid | None:
    """A solution by OR-tools, whether or not there are others."""
    from ortools.sat.python import cp_model

    model, value = cpsat_model(puzzle)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return tuple(tuple(solver.value(cell) for cell in row) for row in value)


def solve_classically(picture: Path, truth: dict[str, Any]) -> Result:
    """The baseline's result; a reading that it cannot solve counts as contradictory."""
    started = time.perf_counter()
    grey = load_photo(picture).grey
    corners = np.array(truth["corners"])
    room = ROOM * np.ptp(corners, axis=0).max()
    low = np.maximum(corners.min(axis=0) - room, 0).astype(int)
    high = (corners.max(axis=0) + room).astype(int)
    try:
        found = read(grey[low[1] : high[1], low[0] : high[0]])
    except FutoshikiError:
        found = None
    spent = {"all": (time.perf_counter() - started) * 1000}
    if found is None:
        return Result(str(picture), "no_puzzle", timings_ms=spent)
    puzzle, cells = found
    solution = cp_sat(puzzle)
    status = "solved" if solution else "contradictory"
    spent = {"all": (time.perf_counter() - started) * 1000}
    outline = tuple((float(x), float(y)) for x, y in corners)
    centres = tuple(tuple((float(low[0] + x + w / 2), float(low[1] + y + h / 2)) for x, y, w, h in row) for row in cells)
    board = BoardResult(status, puzzle, 1.0, outline, centres, solution, int(solution is not None))
    return Result(str(picture), status, (board,), spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="Pictures of each folder, at most.")
    arguments = parser.parse_args()
    rows: dict[str, list[tuple[Any, Any]]] = {}
    for folder in arguments.folders:
        pairs = [(picture, truth) for picture, truth in truth_pairs(folder) if truth.get("size") and truth.get("corners")]
        for picture, truth in pairs[: arguments.limit]:
            theirs = score(picture.stem, solve_classically(picture, truth), truth)
            ours = score(picture.stem, solve_image(picture), truth)
            rows.setdefault(ours.group, []).append((theirs, ours))
    console = Console(highlight=False, width=140)
    console.print("| pictures | | size | digits | signs | all read right | solution right | wrong, and not said | median ms |")
    console.print("|---|---|---|---|---|---|---|---|---|")
    for group, pairs in rows.items():
        for k, name in enumerate(("classical", "futoshiki")):
            some = [pair[k] for pair in pairs]
            counts = [sum(bool(getattr(s, name)) for s in some) for name in COUNTED]
            columns = " | ".join(str(count) for count in counts)
            console.print(f"| {group} ({len(some)}) | {name} | {columns} | {np.median([s.milliseconds for s in some]):.0f} |")


if __name__ == "__main__":
    main()
