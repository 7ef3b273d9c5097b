import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Puzzle
from futoshiki.solving import solve
from futoshiki.solving.explain import grade
from futoshiki.solving.generate import generate, random_latin_square, random_puzzle
from futoshiki.solving.levels import level, solvable
from futoshiki.solving.steps import Difficulty

seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=30)
@given(st.integers(4, 6), st.sampled_from(Difficulty), seeds)
def test_a_puzzle_has_one_solution_and_the_grade_asked_for(size, difficulty, seed):
    puzzle = generate(size, difficulty, seed)
    assert puzzle.size == size
    assert solve(puzzle).status == "one"
    assert grade(puzzle).difficulty is difficulty


@pytest.mark.parametrize("size", [7, 8, 9, 12])
def test_large_puzzles_too(size):
    for difficulty in (Difficulty.EASY, Difficulty.EXTREME):
        puzzle = generate(size, difficulty, 1)
        assert level(puzzle) is difficulty
        assert solve(puzzle).status == "one"


@settings(max_examples=10)
@given(st.sampled_from(list(Difficulty)[1:]), seeds)
def test_no_clue_of_a_minimal_puzzle_can_be_left_out(difficulty, seed):
    puzzle = generate(5, difficulty, seed)
    for given_digit in puzzle.given_cells:
        fewer = [other for other in puzzle.given_cells if other != given_digit]
        assert not solvable(Puzzle.of(5, fewer, puzzle.less), difficulty)
    for sign in puzzle.less:
        fewer = [other for other in puzzle.less if other != sign]
        assert not solvable(Puzzle.of(5, puzzle.given_cells, fewer), difficulty)


def test_a_share_of_the_clues_is_shown():
    puzzle = generate(6, "easy", 3, clues=0.5)
    assert len(puzzle.given_cells) + len(puzzle.less) >= 0.5 * (36 + 60)
    assert level(puzzle) is Difficulty.EASY


def test_the_same_seed_gives_the_same_puzzle():
    assert generate(6, "tricky", 7) == generate(6, "tricky", 7)
    assert generate(6, "tricky", 7) != generate(6, "tricky", 8)
    assert random_puzzle(6, random.Random(1)) == random_puzzle(6, random.Random(1))


def test_what_does_not_exist_is_refused():
    with pytest.raises(PuzzleError, match="no recursive puzzle of size 3"):
        generate(3, "recursive", 0)
    with pytest.raises(PuzzleError, match="no tricky puzzle of size 5 that shows 100%"):
        generate(5, "tricky", 0, clues=1.0)
    with pytest.raises(PuzzleError, match="expected one of trivial, easy"):
        generate(5, "hard")
    with pytest.raises(PuzzleError, match="from 3 to 12"):
        generate(13)
    with pytest.raises(PuzzleError, match="a share from 0 to 1"):
        generate(5, clues=7)


@pytest.mark.parametrize("size", range(2, 10))
def test_random_puzzles_have_one_solution(size):
    puzzle, solution = random_puzzle(size, random.Random(size))
    assert solve(puzzle).solutions == (solution,)


def test_latin_squares_are_spread_over_all_of_them():
    rng = random.Random(0)
    counts = Counter(random_latin_square(3, rng) for _ in range(1200))
    assert len(counts) == 12
    assert max(counts.values()) < 1.5 * min(counts.values())
