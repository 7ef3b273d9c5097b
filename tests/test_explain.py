import random

import pytest
from hypothesis import given

from futoshiki.errors import NoSolutionError, SeveralSolutionsError
from futoshiki.notation import parse_game_id
from futoshiki.puzzle import Puzzle
from futoshiki.solving import solve
from futoshiki.solving.explain import explain, grade
from futoshiki.solving.generate import random_puzzle
from futoshiki.solving.steps import TECHNIQUES
from tests.conftest import corpus, puzzles


def sound(puzzle, solution) -> bool:
    """No step strikes the solution's value or places another."""
    steps = explain(puzzle).steps
    struck = {removal for step in steps for removal in step.removed}
    placed = [step.placed for step in steps if step.placed]
    return all(solution[r][c] != v for r, c, v in struck) and all(solution[r][c] == v for r, c, v in placed)


@pytest.mark.parametrize("seed", range(12))
def test_every_path_is_sound_and_ends_in_the_solution(seed):
    puzzle, solution = random_puzzle(4 + seed % 4, random.Random(seed), signs=0.15 + 0.05 * seed)
    explanation = explain(puzzle)
    assert sound(puzzle, solution)
    assert explanation.solution == solution
    assert all(step.sentence.endswith(".") and step.technique in TECHNIQUES for step in explanation.steps)


@given(puzzles(max_size=5))
def test_below_recursive_deduction_alone_reaches_the_solution(puzzle):
    explanation = explain(puzzle)
    outcome = solve(puzzle)
    if outcome.status == "one":
        assert explanation.solution == outcome.solution
        assert sound(puzzle, outcome.solution)
    elif outcome.status == "several":
        assert explanation.solution is None
        for grid in outcome.solutions:
            assert sound(puzzle, grid)


@pytest.mark.parametrize("size", [4, 5, 6])
def test_grades_agree_with_simon_tathams(size):
    rows = corpus(f"{size}-")
    agree = [grade(parse_game_id(game_id)).difficulty.name.lower() == group.split("-")[1] for group, _, game_id in rows]
    assert len(agree) > 140
    assert all(agree)


def test_sets_and_fish_of_large_puzzles_have_names():
    for group, _, game_id in corpus("12-tricky", "12-extreme")[::3]:
        assert grade(parse_game_id(game_id)).difficulty.name.lower() == group.split("-")[1]


@pytest.mark.parametrize("puzzle", [Puzzle.blank(4), Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], [])])
def test_only_puzzles_with_one_solution_have_a_grade(puzzle):
    with pytest.raises((NoSolutionError, SeveralSolutionsError)):
        grade(puzzle)
