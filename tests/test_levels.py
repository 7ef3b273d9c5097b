from hypothesis import given

from futoshiki.notation import parse_game_id
from futoshiki.puzzle import Puzzle
from futoshiki.solving import solve
from futoshiki.solving.explain import explain, grade
from futoshiki.solving.levels import level, solvable
from futoshiki.solving.steps import Difficulty
from tests.helpers import corpus, puzzles


@given(puzzles(max_size=6, solvable=True))
def test_the_fast_level_is_that_of_the_explanation(puzzle):
    found = level(puzzle)
    if solve(puzzle).status == "one":
        assert found is grade(puzzle).difficulty
    else:
        assert found is None


@given(puzzles(max_size=5))
def test_no_level_is_given_to_what_has_no_single_solution(puzzle):
    assert (level(puzzle) is not None) == (solve(puzzle).status == "one")


def test_levels_of_the_corpus_are_simon_tathams():
    rows = corpus("4", "5", "6", "7", "8", "9")
    wrong = [game_id for group, _, game_id in rows if level(parse_game_id(game_id)).name.lower() != group.split("-")[1]]
    assert len(rows) > 900
    assert wrong == []


def test_a_search_that_takes_too_many_guesses_counts_as_not_solvable():
    hard = next(parse_game_id(game_id) for _, _, game_id in corpus("9-recursive"))
    assert solvable(hard, Difficulty.RECURSIVE)
    assert not solvable(hard, Difficulty.RECURSIVE, max_nodes=3)
    assert not solvable(Puzzle.blank(4), Difficulty.RECURSIVE)


def test_grading_and_explaining_agree():
    for _, _, game_id in corpus("4-", "5-", "6-", "7-", "8-", "9-", "12-")[::25]:
        puzzle = parse_game_id(game_id)
        explanation, found = explain(puzzle), grade(puzzle)
        assert level(puzzle) is explanation.difficulty is found.difficulty
        assert explanation.score == found.score
