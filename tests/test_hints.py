import random

import pytest

from futoshiki.errors import EntryError, NoSolutionError, SeveralSolutionsError
from futoshiki.notation import parse_game_id
from futoshiki.puzzle import Puzzle
from futoshiki.solving.explain import explain
from futoshiki.solving.generate import random_puzzle
from futoshiki.solving.hints import check, hint


@pytest.mark.parametrize("seed", range(8))
def test_hint_after_hint_leads_to_the_solution(seed):
    puzzle, solution = random_puzzle(4 + seed % 3, random.Random(seed), signs=0.35)
    entries = []
    for _ in range(puzzle.size**2 - len(puzzle.given_cells)):
        step = hint(puzzle, entries)
        assert step.kind in ("step", "guess")
        r, c, value = step.placed
        assert solution[r][c] == value
        assert f"r{r + 1}c{c + 1} is {value}." == step.move
        assert str(value) not in step.where.split(":")[0].replace(f"r{r + 1}c{c + 1}", "")
        assert step.why
        entries.append(step.placed)
    assert hint(puzzle, entries).kind == "finished"
    assert check(puzzle, entries).finished


def test_a_wrong_entry_comes_first_and_its_value_is_not_given_away():
    puzzle, solution = random_puzzle(5, random.Random(3))
    r, c = next((r, c) for r in range(5) for c in range(5) if not puzzle.givens[r][c])
    wrong = solution[r][c] % 5 + 1
    found = hint(puzzle, [(r, c, wrong)])
    assert found.kind == "mistake"
    assert found.cells == ((r, c),)
    assert str(solution[r][c]) not in found.move.replace(f"r{r + 1}c{c + 1}", "")
    result = check(puzzle, [(r, c, wrong)])
    assert result.wrong == ((r, c),)
    assert not result.finished


def test_without_exactly_one_solution_nothing_can_be_called_wrong():
    with pytest.raises(SeveralSolutionsError, match="several solutions"):
        check(Puzzle.blank(3), [])
    with pytest.raises(NoSolutionError, match="contradict each other"):
        hint(Puzzle.of(2, [(0, 0, 1), (0, 1, 1), (1, 0, 2)], []))
    puzzle, _ = random_puzzle(4, random.Random(1))
    with pytest.raises(EntryError, match="does not fit"):
        hint(puzzle, [(0, 0, 9)])
    with pytest.raises(EntryError, match="a cell has one entry"):
        check(puzzle, [(0, 0, 1), (0, 0, 2)])


def test_a_given_digit_overwritten_is_a_mistake():
    puzzle = parse_game_id("4:3,0,0,0,0,1,0,0,0,0,0,0,0,2,1,0,")
    assert check(puzzle, [(0, 0, 4)]).wrong == ((0, 0),)
    assert hint(puzzle, [(0, 0, 4)]).kind == "mistake"
    assert check(puzzle, [(0, 0, 3)]).wrong == ()


def test_ascending_chains_are_seen_before_single_signs():
    puzzle = Puzzle.of(5, [], [(0, 0, 0, 1), (0, 1, 0, 2), (0, 2, 0, 3), (0, 3, 0, 4)])
    steps = explain(puzzle).steps
    assert steps[0].technique == "ascending chain"
    assert len(steps[0].removed) == 20
    circle = Puzzle.of(2, [], [(0, 0, 0, 1), (0, 1, 1, 1), (1, 1, 1, 0), (1, 0, 0, 0)])
    assert explain(circle).solution is None
