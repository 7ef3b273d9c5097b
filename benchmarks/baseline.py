"""The classical pipeline in comparison: threshold, contours, Tesseract, CP-SAT, on crops of the ground-truth outline.

usage: python benchmarks/baseline.py FOLDER [FOLDER ...] [--limit N]
This is the method of the article that this project comes from (sam-watts/futoshiki-solver, 2023). The picture is cropped to
the bounding box of the puzzle, which here is the true one and not a network's. Cells are found as contours, digits and signs
are read by Tesseract, one cell or gap at a time, and OR-tools' CP-SAT solves. The article's 5 x 5 board is generalised to any
number of cells that forms a square. The benchmark needs the command `tesseract` and the package ortools.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from rich.console import Console
from solver import cpsat_model

from futoshiki.api import solve_image
from futoshiki.board_result import BoardResult
from futoshiki.errors import BoardStatus, FutoshikiError
from futoshiki.evaluation.answers import Score, score
from futoshiki.evaluation.truth import Truth, truth_pairs
from futoshiki.photo import load_photo
from futoshiki.puzzle import Grid, Less, Puzzle
from futoshiki.result import Result

DIGITS, SIGNS = "123456789", "<>"
COUNTED = ("size", "givens", "signs", "exact", "solution", "silent_error")
"""The fields of a score that are counted in the table."""


@dataclass(frozen=True)
class Classical:
    """Parameters of the classical pipeline."""

    room: float = 0.03
    """Room around the true corners, as a share of the board's side."""
    ink: float = 0.012
    """Share of dark pixels above which a cell or gap is not empty."""
    block: int = 31
    """Side of the neighbourhood of the adaptive threshold, in pixels."""
    contrast: int = 10
    """Grey levels below the neighbourhood's mean at which a pixel is dark."""
    fill: float = 0.3
    """Least share of its bounding box that a cell's contour covers."""
    cells: tuple[int, int] = (3, 25)
    """Least and largest number of cells' widths in the picture's shorter side."""
    aspect: tuple[float, float] = (0.7, 1.4)
    """Least and largest ratio of a cell's width to its height."""
    alike: float = 0.2
    """Largest difference of a cell's width from the typical one, as a share of it."""
    apart: float = 0.5
    """Least distance of two cells in typical widths: the inner and outer contours of one frame are one cell."""
    trim: int = 6
    """One part in this many of a cell is cut off at each side, with the cell's frame."""
    least_gap: int = 3
    """Largest side in pixels of a gap that is too small to read."""
    border: int = 20
    """White pixels added around a character: Tesseract reads characters badly at the edge of a picture."""


CLASSICAL = Classical()


def tesseract(picture: np.ndarray, letters: str) -> str:
    """One character of `letters` in a picture of black on white, or nothing."""
    large = cv2.resize(picture, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    padded = np.pad(large, CLASSICAL.border, constant_values=255)
    command = ["tesseract", "-", "-", "--psm", "10", "-c", f"tessedit_char_whitelist={letters}"]
    done = subprocess.run(command, input=cv2.imencode(".png", padded)[1].tobytes(), capture_output=True, check=True)
    return done.stdout.decode().strip()[:1]


def squares(binary: np.ndarray) -> np.ndarray:
    """x, y, w, h of the contours that look like cells: nearly square and of the most frequent size."""
    contours, _ = cv2.findContours(binary, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = [(cv2.boundingRect(contour), cv2.contourArea(contour)) for contour in contours]
    boxes = np.array([box for box, area in found if area > CLASSICAL.fill * box[2] * box[3]]).reshape(-1, 4)
    (few, many), (low, high) = CLASSICAL.cells, CLASSICAL.aspect
    width, aspect, side = boxes[:, 2], boxes[:, 2] / boxes[:, 3], min(binary.shape)
    boxes = boxes[(side / many < width) & (width < side / few) & (low < aspect) & (aspect < high)]
    if not len(boxes):
        return boxes
    near = [(abs(boxes[:, 2] - w) < CLASSICAL.alike * w).sum() for w in boxes[:, 2]]
    typical = boxes[int(np.argmax(near)), 2]
    boxes = boxes[abs(boxes[:, 2] - typical) < CLASSICAL.alike * typical]
    middles = boxes[:, :2] + boxes[:, 2:] / 2
    kept: list[int] = []
    for k in np.argsort(-boxes[:, 2]):
        if all(np.hypot(*(middles[k] - middles[other])) > CLASSICAL.apart * typical for other in kept):
            kept.append(int(k))
    return boxes[kept]


def read(grey: np.ndarray) -> tuple[Puzzle, np.ndarray] | None:
    """The puzzle in a cropped picture and its cells (N x N x 4: x, y, w, h)."""
    kinds = (cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV)
    binary = cv2.adaptiveThreshold(grey, 255, *kinds, CLASSICAL.block, CLASSICAL.contrast)
    boxes = squares(binary)
    n = round(len(boxes) ** 0.5)
    if n * n != len(boxes) or not 2 <= n <= len(DIGITS):
        return None
    rows = [row[np.argsort(row[:, 0])] for row in np.split(boxes[np.argsort(boxes[:, 1] + boxes[:, 3] / 2)], n)]
    cells = np.array(rows)
    givens = tuple(tuple(_digit(binary, cells[r, c], n) for c in range(n)) for r in range(n))
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
    dy, dx = h // CLASSICAL.trim, w // CLASSICAL.trim
    inner = binary[y + dy : y + h - dy, x + dx : x + w - dx]
    found = tesseract(255 - inner, DIGITS) if inner.size and (inner > 0).mean() > CLASSICAL.ink else ""
    return int(found) if found and int(found) <= size else 0


def _sign(gap: np.ndarray) -> str:
    readable = min(gap.shape) > CLASSICAL.least_gap and (gap > 0).mean() > CLASSICAL.ink
    return tesseract(255 - np.ascontiguousarray(gap), SIGNS) if readable else ""


def cp_sat(puzzle: Puzzle) -> Grid | None:
    """A solution by OR-tools, whether or not there are others."""
    from ortools.sat.python import cp_model

    model, value = cpsat_model(puzzle)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return tuple(tuple(solver.value(cell) for cell in row) for row in value)


def solve_classically(picture: Path, truth: Truth) -> Result:
    """The result of the classical pipeline; a reading that has no solution counts as contradictory."""
    started = time.perf_counter()
    grey = load_photo(picture).grey
    corners = np.array(truth["corners"])
    room = CLASSICAL.room * np.ptp(corners, axis=0).max()
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
    status: BoardStatus = "solved" if solution else "contradictory"
    spent = {"all": (time.perf_counter() - started) * 1000}
    outline = tuple((float(x), float(y)) for x, y in corners)
    centres = tuple(tuple((float(low[0] + x + w / 2), float(low[1] + y + h / 2)) for x, y, w, h in row) for row in cells)
    board = BoardResult(status, puzzle, 1.0, outline, centres, solution, int(solution is not None))
    return Result(str(picture), status, (board,), spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="largest number of pictures from each folder")
    arguments = parser.parse_args()
    rows: dict[str, list[tuple[Score, Score]]] = {}
    for folder in arguments.folders:
        known = [(picture, truth) for picture, truth in truth_pairs(folder) if truth.get("size") and truth.get("corners")]
        for picture, truth in known[: arguments.limit]:
            theirs = score(picture.stem, solve_classically(picture, truth), truth)
            ours = score(picture.stem, solve_image(picture), truth)
            rows.setdefault(ours.group, []).append((theirs, ours))
    console = Console(highlight=False, width=140)
    console.print(
        "| pictures | | size | digits | signs | all clues right | solution right | wrong but reported as solved | median ms |"
    )
    console.print("|---|---|---|---|---|---|---|---|---|")
    for group, pairs in rows.items():
        for k, name in enumerate(("classical", "futoshiki")):
            some = [pair[k] for pair in pairs]
            counts = [sum(bool(getattr(s, name)) for s in some) for name in COUNTED]
            columns = " | ".join(str(count) for count in counts)
            console.print(f"| {group} ({len(some)}) | {name} | {columns} | {np.median([s.milliseconds for s in some]):.0f} |")


if __name__ == "__main__":
    main()
