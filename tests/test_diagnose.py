import time

import pytest
from hypothesis import given

from futoshiki.errors import NoSolutionError, SeveralSolutionsError
from futoshiki.notation import parse_game_id
from futoshiki.puzzle import Puzzle
from futoshiki.solving import solve
from futoshiki.solving.budget import Budget
from futoshiki.solving.diagnose import clue_names, contradiction, differing, only_solution, puzzle_of
from tests.helpers import corpus, puzzles


@given(puzzles(max_size=4))
def test_contradictions_are_irreducible_and_differences_real(puzzle):
    outcome = solve(puzzle)
    clues = contradiction(puzzle)
    assert (clues is not None) == (outcome.status == "none")
    if clues is None:
        return
    assert solve(clues).status == "none"
    assert set(clues.given_cells) <= set(puzzle.given_cells)
    assert set(clues.less) <= set(puzzle.less)
    for k in range(len(clues.given_cells)):
        fewer = [g for j, g in enumerate(clues.given_cells) if j != k]
        assert solve(Puzzle.of(clues.size, fewer, clues.less)).status != "none"
    for k in range(len(clues.less)):
        fewer = [s for j, s in enumerate(clues.less) if j != k]
        assert solve(Puzzle.of(clues.size, clues.given_cells, fewer)).status != "none"


def test_the_message_names_what_is_wrong():
    with pytest.raises(NoSolutionError, match=r"each other: r1c1=1 and r1c2 < r1c1$"):
        only_solution(Puzzle.of(3, [(0, 0, 1), (2, 2, 3)], [(0, 1, 0, 0), (1, 0, 1, 1)]))
    with pytest.raises(SeveralSolutionsError, match="differ at r1c1, r1c2, r2c1 and r2c2"):
        only_solution(Puzzle.blank(2))
    assert clue_names(Puzzle.blank(2)) == "no clue at all"


def test_contradictions_of_9x9_puzzles_are_found():
    for _, _, game_id in [row for row in corpus("adv-contra") if row[1] == "0"]:
        puzzle = parse_game_id(game_id)
        clues = contradiction(puzzle)
        assert 1 <= len(clues.given_cells) + len(clues.less) <= len(puzzle.given_cells) + len(puzzle.less)
        assert solve(clues, limit=1).status == "none"


def test_the_smaller_of_two_contradictions_is_named():
    puzzle = Puzzle.of(5, [(4, 3, 1), (4, 4, 1)], [(0, 0, 0, 1), (0, 1, 0, 2), (0, 2, 0, 3), (0, 3, 0, 4), (0, 4, 1, 4)])
    assert clue_names(contradiction(puzzle)) == "r5c4=1 and r5c5=1"


def test_the_search_for_a_contradiction_ends_in_time():
    hard = parse_game_id(next(game_id for _, count, game_id in corpus("adv-contra") if count == "0"))
    started = time.perf_counter()
    contradiction(hard, budget=Budget(0.2))
    assert time.perf_counter() - started < 2


def test_time_that_is_up_ends_the_search_for_a_small_set():
    signs = [(r, c, r, c + 1) for r in range(15) for c in range(14)] + [(r, c, r + 1, c) for r in range(14) for c in range(15)]
    started = time.perf_counter()
    assert contradiction(Puzzle.of(15, [(0, 0, 15)], signs), budget=Budget(0.05)) is not None
    assert time.perf_counter() - started < 1


def test_clues_in_one_list_make_a_puzzle():
    puzzle = puzzle_of(3, [(0, 0, 2), (0, 1, 0, 2)])
    assert (puzzle.given_cells, puzzle.less) == (((0, 0, 2),), ((0, 1, 0, 2),))


def test_cells_that_differ_are_named_in_reading_order():
    cells = differing(((1, 2), (2, 1)), ((2, 2), (2, 2)))
    assert list(map(str, cells)) == ["r1c1", "r2c2"]
