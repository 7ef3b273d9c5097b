"""From what was seen of a board to its answer."""

from dataclasses import replace

import numpy as np
import pytest

from futoshiki.puzzle import Cell, Clue, Puzzle
from futoshiki.reading.answer import CONFIRMING, answer
from futoshiki.reading.found import Sighting
from futoshiki.reading.handwriting import RULES, Handwriting, see_handwriting
from futoshiki.reading.limits import Limits, Stopwatch
from futoshiki.solving import solve
from tests.helpers import case, dimmed, flat_board, scores_of


@pytest.mark.parametrize("digits", [CONFIRMING - 1, CONFIRMING])
def test_signs_whose_other_side_is_the_tip_are_turned_where_enough_digits_confirm_it(digits):
    signs = [(0, 2, 0, 1), (0, 3, 1, 3), (1, 1, 1, 2), (2, 0, 3, 0), (2, 2, 1, 2), (3, 1, 3, 0), (3, 3, 3, 2)]
    puzzle = Puzzle.of(4, [(2, 1, 4), (3, 1, 1), (0, 0, 4)][:digits], signs)
    assert solve(puzzle).status == "one"
    scores = scores_of(puzzle).with_signs_turned
    result = answer(Sighting(flat_board(4), scores, see_handwriting(scores), (600, 600)), Limits(), Stopwatch()).result
    if digits < CONFIRMING:
        assert (result.status, result.solution) == ("contradictory", None)
    else:
        assert (result.status, result.puzzle, result.solution) == ("solved", puzzle, solve(puzzle).solution)


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize(("digits", "is_print"), [((5,), True), ((5, 1), False)])
def test_digits_that_look_written_and_change_nothing_are_print_if_they_are_all_the_same(is_full, digits, is_print):
    puzzle, solution = case(1)
    grid = np.array(solution)
    looks_written = np.isin(grid, digits) & (np.array(puzzle.givens) == 0)
    shown = np.where(looks_written | (np.array(puzzle.givens) > 0) | is_full, grid, 0)
    everything = Puzzle(5, tuple(map(tuple, shown.tolist())), puzzle.less)
    scores = scores_of(everything)
    scores = replace(scores, cells=dimmed(scores.cells, 0.01))
    seen = Sighting(flat_board(5), scores, Handwriting(grid, looks_written * np.float32(0.95)), (600, 600))
    result = answer(seen, Limits(), Stopwatch()).result
    assert result.solution == solution
    assert bool(result.entries) is not is_print
    assert (result.puzzle == everything) is is_print


def test_a_digit_that_may_be_written_is_an_entry_if_the_solution_does_not_need_it():
    puzzle, solution = case(1)
    blanks = [(int(r), int(c)) for r, c in np.argwhere(np.array(puzzle.givens) == 0)]
    clear, vague = blanks[:3], blanks[3]
    needed = next(cell for cell in map(tuple, np.argwhere(np.array(puzzle.givens) > 0).tolist()) if is_needed(puzzle, cell))
    everything = puzzle.with_clues(Clue(Cell(*cell), solution[cell[0]][cell[1]]) for cell in (*clear, vague))
    chances = np.zeros((5, 5), np.float32)
    for cell, chance in (*((cell, 0.95) for cell in clear), (vague, 1.1 * RULES.likely), (needed, 1.1 * RULES.likely)):
        chances[cell] = chance
    seen = Sighting(flat_board(5), scores_of(everything), Handwriting(np.array(solution), chances), (600, 600))
    result = answer(seen, Limits(), Stopwatch()).result
    assert result.puzzle == puzzle
    assert result.solution == solution
    assert {entry[:2] for entry in result.entries} == {*clear, vague}
    assert not {doubt.place for doubt in result.doubts} & {entry[:2] for entry in result.entries}
    chances[vague] = 0.9 * RULES.likely
    assert answer(seen, Limits(), Stopwatch()).result.puzzle.givens[vague[0]][vague[1]]
    chances[vague] = 0.95
    printed = Clue(Cell(*vague), solution[vague[0]][vague[1]])
    assert answer(seen, Limits(), Stopwatch(), clues=(printed,)).result.puzzle.givens[vague[0]][vague[1]]


def test_of_print_that_looks_written_the_digits_that_the_solution_needs_stay_givens():
    puzzle, solution = case(1)
    looks_written = np.array(puzzle.givens) > 0
    handwriting = Handwriting(np.array(solution), looks_written * np.float32(0.9))
    result = answer(Sighting(flat_board(5), scores_of(puzzle), handwriting, (600, 600)), Limits(), Stopwatch()).result
    assert result.puzzle == puzzle and not result.entries


def is_needed(puzzle: Puzzle, cell: tuple[int, int]) -> bool:
    return solve(puzzle.with_clue(Clue(Cell(*cell), 0))).status == "several"
