"""Puzzles and pictures that several tests share."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from futoshiki.puzzle import Puzzle
from futoshiki.solving.generate import random_latin_square, true_signs

settings.register_profile("fast", max_examples=40, deadline=None)
settings.load_profile("fast")

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
SHARED = ROOT.parent / "shared"


@pytest.fixture
def samples() -> Path:
    """The folder of shipped pictures."""
    return SAMPLES


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
