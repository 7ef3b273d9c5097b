"""Puzzles, scores, boards and stand-ins for networks that several tests share."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import cv2
import numpy as np
from click.testing import CliRunner, Result
from hypothesis import strategies as st

from futoshiki.cli.main import cli
from futoshiki.geometry import Orientation
from futoshiki.networks.engine import log_softmax
from futoshiki.networks.grid import CELLS, GREY, OPEN
from futoshiki.photo import Photo
from futoshiki.puzzle import GREATER, LESS, Edge, Grid, Place, Puzzle
from futoshiki.reading.board import Board
from futoshiki.reading.scores import ClueScores
from futoshiki.solving.generate import random_latin_square, random_puzzle, true_signs

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
GAME = "4:3,0,0,0,0,1,0,0,0,0,0,0,0,2,1,0,"
PITCH = 40
"""Pixels from cell to cell of painted boards."""


def run(*arguments: object, data: bytes | None = None) -> Result:
    """The result of a command in this process; usage errors are in `exception`."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=data, standalone_mode=False)


def corpus(*groups: str) -> list[tuple[str, str, str]]:
    """(group, number of solutions, game ID) of the graded puzzles whose group begins with one of these."""
    with (ROOT / "benchmarks" / "corpus.tsv").open() as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [(row["group"], row["solutions"], row["game_id"]) for row in rows if row["group"].startswith(groups)]


@st.composite
def puzzles(draw: st.DrawFn, min_size: int = 2, max_size: int = 5, solvable: bool = False) -> Puzzle:
    """Random puzzles; `solvable` ones take all their clues from one filled grid."""
    size = draw(st.integers(min_size, max_size))
    grid = random_latin_square(size, random.Random(draw(st.integers(0, 2**32 - 1))))
    cells = [(r, c) for r in range(size) for c in range(size)]
    given = draw(st.sets(st.sampled_from(cells), max_size=size * size // 2))
    values = st.integers(1, size)
    givens = [(r, c, grid[r][c] if solvable else draw(values)) for r, c in sorted(given)]
    signs = draw(st.sets(st.sampled_from(true_signs(grid)), max_size=3 * size))
    less = [sign if solvable or draw(st.booleans()) else (*sign[2:], *sign[:2]) for sign in sorted(signs)]
    return Puzzle.of(size, givens, less)


def case(seed: int, size: int = 5) -> tuple[Puzzle, Grid]:
    """A random puzzle with one solution, and that solution."""
    return random_puzzle(size, random.Random(seed), signs=0.3)


def scores_of(puzzle: Puzzle, changes: dict[Place, dict[int, float]] | None = None, sure: float = 12.0) -> ClueScores:
    """Scores that read `puzzle`, `sure` nats above all else; `changes` maps a place to {value: logit}."""
    n = puzzle.size
    cells, across, down = np.zeros((n, n, 10)), np.zeros((n, n - 1, 3)), np.zeros((n - 1, n, 3))
    scores = ClueScores(cells, across, down, Orientation(), 9.0)
    for place in scores.places():
        row = scores.at(place)
        row[puzzle.signs.get(place, 0) if isinstance(place, Edge) else puzzle.givens[place.row][place.column]] = sure
    for place, logits in (changes or {}).items():
        scores.at(place)[:] = -10
        for value, logit in logits.items():
            scores.at(place)[value] = logit
    return scores.with_tables(log_softmax(table, axis=-1) for table in scores.tables)


def other_sign(sign: int) -> int:
    """The sign that points the other way."""
    return GREATER if sign == LESS else LESS


def dimmed(table: np.ndarray, chance: float) -> np.ndarray:
    """The same reading, each place with that chance of holding another value."""
    kinds = np.arange(table.shape[-1])
    best = table.argmax(axis=-1)[..., None]
    chances = np.where(kinds == best, 1 - chance, np.where(kinds == (best + 1) % len(kinds), chance, 1e-9))
    return np.log(chances)


def flat_board(size: int, score: float = 1.0, pitch: float = PITCH, start: float = 60.0) -> Board:
    """A board whose rows and columns run along the picture's edges."""
    along = start + pitch * np.arange(size)
    return Board(np.stack(np.meshgrid(along, along), axis=-1), 1.0, complete=False, score=score)


def painted(boards: dict[tuple[int, int], int], channel: int = OPEN) -> Photo:
    """A picture for `painter`: it shows what a grid network would find, one colour for each of its channels.

    `boards` has the top left corner and the size of each.
    """
    pixels = np.zeros((600, 600, 3), np.uint8)
    for (left, top), size in boards.items():
        end = PITCH * size
        pixels[top : top + end, left : left + end, channel] = 255
        for row in range(size):
            for column in range(size):
                x, y = left + PITCH * column + PITCH // 2, top + PITCH * row + PITCH // 2
                pixels[y - 11 : y + 12, x - 11 : x + 12, CELLS] = 255
    return Photo(pixels, "painted")


def printed(puzzle: Puzzle, filled: Grid | None = None, pitch: int = 90) -> np.ndarray:
    """A flat print of a puzzle, or of its solution, as separate boxes with signs in the gaps: uint8 RGB, N pitches wide."""
    side, box = pitch * puzzle.size, round(0.31 * pitch)
    pixels = np.full((side, side, 3), 255, np.uint8)
    for r, row in enumerate(filled or puzzle.givens):
        for c, value in enumerate(row):
            x, y = pitch * c + pitch // 2, pitch * r + pitch // 2
            cv2.rectangle(pixels, (x - box, y - box), (x + box, y + box), (30, 30, 30), 2)
            if value:
                (w, h), _ = cv2.getTextSize(str(value), cv2.FONT_HERSHEY_DUPLEX, pitch / 80, 2)
                cv2.putText(
                    pixels,
                    str(value),
                    (x - w // 2, y + h // 2),
                    cv2.FONT_HERSHEY_DUPLEX,
                    pitch / 80,
                    (30, 30, 30),
                    2,
                    cv2.LINE_AA,
                )
    for edge, sign in puzzle.signs.items():
        middle = (np.array(edge.first) + edge.second + 1)[::-1] * pitch / 2
        along = (np.array(edge.first) - edge.second)[::-1] * (0.07 * pitch if sign == LESS else -0.07 * pitch)
        across = 1.3 * along[::-1]
        wings = np.round([middle - along + across, middle + along, middle - along - across]).astype(np.int32)
        cv2.polylines(pixels, [wings], False, (30, 30, 30), 2, cv2.LINE_AA)
    return pixels


def painter(batch: np.ndarray) -> np.ndarray:
    """A stand-in for the grid network: the colours of the picture are its answer, and nothing lies beyond the picture."""
    maps = np.moveaxis(batch.astype(np.float32) / 255, -1, 1) * 0.98
    maps[:, :, (batch[0] == GREY).all(axis=-1)] = 0.0
    return maps


def fill(pixels: np.ndarray, channel: int, polygons: np.ndarray) -> None:
    """Fill polygons (K x 4 x 2) in one channel of a picture for `painter`."""
    plane = np.ascontiguousarray(pixels[..., channel])
    for polygon in polygons:
        cv2.fillPoly(plane, [np.round(polygon * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    pixels[..., channel] = plane


class Keyboard:
    """Stands in for the window: presses the keys of a list, one a picture, and remembers what was shown."""

    def __init__(self, keys: list[str | None]) -> None:
        self.keys, self.shown = keys, []

    def show(self, pixels: np.ndarray) -> None:
        self.shown.append(pixels)

    def key(self, milliseconds: int = 1) -> str | None:
        return self.keys.pop(0) if self.keys else None
