import time

import pytest
from constraint import AllDifferentConstraint
from hypothesis import given, settings

from futoshiki.errors import ArgumentError, TimeUp
from futoshiki.puzzle import Puzzle
from futoshiki.solving import iter_solutions, solve, violations
from futoshiki.solving.model import solve_model, to_grid, to_problem
from tests.helpers import puzzles


@given(puzzles(max_size=4))
def test_the_declared_model_has_the_solutions_of_the_core(puzzle):
    found = [to_grid(solution) for solution in to_problem(puzzle).getSolutions()]
    assert sorted(found) == sorted(iter_solutions(puzzle))


@pytest.mark.parametrize("engine", ["backtracking", "optimized", "recursive"])
@settings(max_examples=15)
@given(puzzle=puzzles(max_size=3))
def test_the_librarys_own_solvers_agree(engine, puzzle):
    found = {to_grid(solution) for solution in to_problem(puzzle, engine=engine).getSolutions()}
    assert found == set(iter_solutions(puzzle))


@pytest.mark.parametrize("engine", ["core", "backtracking", "optimized", "recursive"])
def test_every_engine_gives_the_same_outcome(engine):
    one = Puzzle.of(4, [(0, 0, 1), (1, 2, 4)], [(0, 1, 0, 2), (2, 0, 1, 0), (3, 2, 2, 2), (3, 3, 2, 3), (2, 1, 3, 1)])
    several = Puzzle.of(3, [(0, 0, 1)], [])
    none = Puzzle.of(3, [(0, 0, 3)], [(0, 0, 0, 1)])
    for puzzle in (one, several, none):
        expected, outcome = solve(puzzle), solve_model(puzzle, engine=engine, timeout=20)
        assert outcome.status == expected.status
        assert len(outcome.solutions) == len(expected.solutions)


@pytest.mark.parametrize("engine", ["backtracking", "optimized", "recursive", "core"])
def test_every_engine_keeps_its_time_limit(engine):
    started = time.perf_counter()
    outcome = solve_model(Puzzle.blank(12), engine=engine, limit=10**9, timeout=0.2)
    assert time.perf_counter() - started < 3
    assert outcome.status in ("several", "timed_out")
    with pytest.raises(TimeUp):
        to_problem(Puzzle.blank(12), engine=engine, timeout=0.1).getSolutions()


def test_rules_of_ones_own_are_honoured():
    puzzle = Puzzle.blank(4)
    problem = to_problem(puzzle)
    problem.addConstraint(AllDifferentConstraint(), [(k, k) for k in range(4)])
    problem.addConstraint(lambda a, b: a + b == 7, [(0, 0), (3, 2)])
    problem.addConstraint(lambda a: a % 2 == 0, [(1, 2)])
    grids = [to_grid(solution) for solution in problem.getSolutions()]
    expected = [
        g for g in iter_solutions(puzzle)
        if len({g[k][k] for k in range(4)}) == 4 and g[0][0] + g[3][2] == 7 and g[1][2] % 2 == 0
    ]  # fmt: skip
    assert sorted(grids) == sorted(expected)
    assert grids


def test_a_large_puzzle_is_solved_by_the_model_too():
    puzzle = Puzzle.of(9, [(k, k, k + 1) for k in range(9)], [(0, 1, 0, 2), (5, 5, 6, 5)])
    assert violations(puzzle, to_grid(to_problem(puzzle).getSolution())) == []


def test_a_contradiction_has_no_solution():
    assert to_problem(Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], [])).getSolution() is None


def test_a_limit_of_no_solution_is_refused():
    with pytest.raises(ArgumentError, match="at least 1"):
        solve_model(Puzzle.blank(3), limit=0)
