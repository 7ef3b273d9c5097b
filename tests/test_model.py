import pytest
from constraint import AllDifferentConstraint
from hypothesis import given, settings

from futoshiki.puzzle import Puzzle
from futoshiki.solving import iter_solutions, violations
from futoshiki.solving.model import to_grid, to_problem
from tests.conftest import puzzles


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
