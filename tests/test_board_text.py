"""Boards as lines of text."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from futoshiki.board_text import NARROW, TYPED, WIDE, board_lines, board_text
from futoshiki.notation import parse
from futoshiki.puzzle import Puzzle
from tests.helpers import puzzles

PUZZLE = Puzzle.of(3, [(0, 0, 1), (1, 1, 3)], [(0, 0, 0, 1), (1, 0, 2, 0), (2, 2, 1, 2)])
SOLUTION = ((1, 2, 3), (2, 3, 1), (3, 1, 2))


@pytest.mark.parametrize(
    "form, lines",
    [
        (WIDE, ["   1     2     3", "1 [1] <  2     3", "", "2  2    [3]    1", "   ∧           ∨", "3  3     1     2"]),
        (NARROW, ["  1 2 3", "1 1<2 3", "", "2 2 3 1", "  ∧   ∨", "3 3 1 2"]),
        (TYPED, ["1 < 2   3", "", "2   3   1", "∧       ∨", "3   1   2"]),
        (replace(TYPED, ascii_only=True), ["1 < 2   3", "", "2   3   1", "^       v", "3   1   2"]),
    ],
)
def test_each_form_of_a_solved_board(form, lines):
    assert board_text(PUZZLE.givens, PUZZLE.less, SOLUTION, form).splitlines() == lines


def test_blank_cells_have_a_mark():
    assert board_text(PUZZLE.givens, PUZZLE.less).splitlines()[1] == "1 [1] <  ·     ·"
    assert board_text(PUZZLE.givens, PUZZLE.less, form=replace(WIDE, ascii_only=True)).isascii()


@given(puzzles(max_size=12), st.sampled_from([WIDE, NARROW, TYPED]), st.booleans())
def test_lines_fit_the_width_and_cells_stand_in_columns(puzzle, form, ascii_only):
    form = replace(form, ascii_only=ascii_only)
    lines = board_lines(puzzle.givens, puzzle.less, form=form)
    rows = [line for line in lines if any(part.kind in ("given", "blank") for part in line)]
    assert len(rows) == puzzle.size
    assert {sum(len(part.text) for part in row) for row in rows} == {form.width(puzzle.size)}
    assert all(sum(len(part.text) for part in line) <= form.width(puzzle.size) for line in lines)
    assert len(lines) == 2 * puzzle.size - 1 + form.numbered


@given(puzzles(max_size=12))
def test_a_printed_puzzle_can_be_read_back(puzzle):
    assert parse(str(puzzle)) == puzzle
