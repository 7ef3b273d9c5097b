from itertools import permutations, product

import pytest
from hypothesis import given

from futoshiki.errors import ArgumentError, InternalError
from futoshiki.notation import parse_game_id
from futoshiki.puzzle import Puzzle
from futoshiki.solving import iter_solutions, solve, violations
from futoshiki.solving.search import judged
from tests.helpers import corpus, puzzles


def brute_force(puzzle: Puzzle) -> set:
    """All solutions, by trying every Latin square."""
    rows = list(permutations(range(1, puzzle.size + 1)))
    return {grid for grid in product(rows, repeat=puzzle.size) if not violations(puzzle, grid)}


@given(puzzles(max_size=3))
def test_the_solver_finds_exactly_the_solutions_of_a_brute_force_search(puzzle):
    assert set(iter_solutions(puzzle)) == brute_force(puzzle)


@given(puzzles(max_size=4))
def test_the_status_counts_the_solutions(puzzle):
    everything = list(iter_solutions(puzzle))
    assert len(everything) == len(set(everything))
    expected = "none" if not everything else "one" if len(everything) == 1 else "several"
    outcome = solve(puzzle)
    assert outcome.status == expected
    assert len(outcome.solutions) == min(len(everything), 2)
    assert set(outcome.solutions) <= set(everything)


@given(puzzles(max_size=7, solvable=True))
def test_a_puzzle_made_from_a_solution_has_one(puzzle):
    outcome = solve(puzzle, limit=1)
    assert outcome.solution is not None
    assert violations(puzzle, outcome.solution) == []


def test_a_time_limit_is_kept():
    outcome = solve(Puzzle.blank(15), limit=1_000_000, timeout=0.2)
    assert outcome.seconds < 1.5
    assert outcome.status == "several"


def test_a_limit_of_guesses_is_kept():
    outcome = solve(Puzzle.blank(9), limit=10**6, max_nodes=500)
    assert outcome.nodes == 501
    assert outcome.status == "several"
    assert solve(Puzzle.blank(9), max_nodes=5).status == "timed_out"


def test_the_judge_names_every_broken_rule():
    puzzle = Puzzle.of(2, [(0, 0, 1)], [(0, 0, 0, 1)])
    assert violations(puzzle, ((1, 2), (2, 1))) == []
    assert len(violations(puzzle, ((2, 1), (1, 2)))) == 2
    assert any("row 1" in text for text in violations(puzzle, ((1, 1), (2, 2))))
    assert violations(puzzle, ((1,),)) != []


def test_the_counts_of_the_whole_corpus():
    words = {"1": "one", "2+": "several", "0": "none"}
    rows = corpus("")
    wrong = [game_id for _, count, game_id in rows if count in words and solve(parse_game_id(game_id)).status != words[count]]
    assert len(rows) > 1100
    assert wrong == []


def test_a_wrong_grid_is_never_given_out():
    with pytest.raises(InternalError, match="please report it: row 1"):
        list(judged(Puzzle.blank(2), [((1, 1), (2, 2))]))


def test_at_least_one_solution_must_be_asked_for():
    with pytest.raises(ArgumentError, match="at least 1"):
        solve(Puzzle.blank(3), limit=0)
