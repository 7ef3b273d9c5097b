import json
import random
import time

import pytest
from click.testing import CliRunner
from hypothesis import given

from futoshiki.cli.explain import command
from futoshiki.errors import NoSolutionError, SeveralSolutionsError, TimeUp
from futoshiki.notation import format_game_id, parse_game_id
from futoshiki.puzzle import Cell, Puzzle
from futoshiki.solving import iter_solutions, solve
from futoshiki.solving.budget import Budget
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.diagnose import only_solution
from futoshiki.solving.explain import explain, grade
from futoshiki.solving.generate import random_latin_square, random_puzzle, true_signs
from futoshiki.solving.hints import check, hint, hints
from futoshiki.solving.rules import Rules
from futoshiki.solving.steps import CellValue, Difficulty, listed
from futoshiki.solving.techniques import TECHNIQUES, deductions, techniques
from tests.helpers import GAME, corpus, puzzles

BY_NAME = {technique.name: technique for technique in TECHNIQUES}


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
    assert all(step.sentence.endswith(".") for step in explanation.steps)


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


def test_the_table_holds_every_technique_once():
    assert len(BY_NAME) == len(TECHNIQUES)
    used = set()
    for _, _, game_id in corpus("5-", "6-", "7-", "8-", "9-")[::25]:
        explanation = explain(parse_game_id(game_id))
        for step in explanation.steps:
            technique = BY_NAME[step.technique]
            assert (step.difficulty, step.cost) == (technique.level, technique.cost)
            used.add(technique.name)
        assert explanation.score == sum(step.cost for step in explanation.steps)
    assert used >= {technique.name for technique in TECHNIQUES if technique.members <= 2}
    assert [technique.level for technique in TECHNIQUES] == sorted(technique.level for technique in TECHNIQUES)
    assert set(techniques(4)) < set(techniques(9)) < set(techniques(15)) == set(TECHNIQUES)


@given(puzzles(max_size=4))
def test_every_finding_on_the_way_is_sound(puzzle):
    solutions = list(iter_solutions(puzzle))
    candidates = Candidates.of(puzzle)
    while solutions and not candidates.solved:
        found = list(deductions(candidates, TECHNIQUES))
        for deduction in found:
            step = deduction.step(puzzle.size)
            assert step.removed or step.placed
            for grid in solutions:
                assert all(grid[r][c] != value for r, c, value in step.removed)
                assert step.placed is None or grid[step.placed.row][step.placed.column] == step.placed.value
        if not found:
            break
        candidates.apply(found[-1].finding)


def blank_candidates(size: int) -> Candidates:
    rules = Rules.of(Puzzle.blank(size))
    return Candidates(rules, rules.domains.copy())


@pytest.mark.parametrize("name", [technique.name for technique in TECHNIQUES if technique.members > 1])
def test_sets_and_fish_of_every_size_are_found(name):
    technique, size = BY_NAME[name], 15
    count = technique.members
    few = (1 << count) - 1
    candidates = blank_candidates(size)
    inside, outside = range(count), range(count, size)
    if name.startswith("naked"):
        for c in inside:
            candidates.state[c] = few
        expected = {(0, c, v + 1) for c in outside for v in inside}
    elif name.startswith("hidden"):
        for c in outside:
            candidates.state[c] &= ~few
        expected = {(0, c, v + 1) for c in inside for v in outside}
    else:
        for cell in (r * size + c for r in inside for c in outside):
            candidates.state[cell] &= ~1
        expected = {(r, c, 1) for r in outside for c in inside}
    found = next(deductions(candidates, [technique])).step(size)
    assert set(found.removed) == expected
    assert found.technique == name


def first_step(candidates: Candidates, name: str):
    return next(deductions(candidates, [BY_NAME[name]])).step(candidates.size)


def test_the_other_techniques_find_and_explain_what_they_should():
    given_one = Candidates.of(Puzzle.of(3, [(0, 0, 1)], []))
    step = first_step(given_one, "exclusion")
    assert step.removed == ((0, 1, 1), (0, 2, 1), (1, 0, 1), (2, 0, 1))
    assert step.sentence == "r1c1 is 1, so no other cell of its row and column is 1."

    candidates = blank_candidates(3)
    candidates.state[4] = 0b100
    step = first_step(candidates, "naked single")
    assert (step.placed, step.sentence) == ((1, 1, 3), "r2c2 can be nothing but 3.")
    candidates = blank_candidates(3)
    candidates.state[1] = candidates.state[2] = 0b110
    step = first_step(candidates, "hidden single")
    assert (step.placed, step.removed) == ((0, 0, 1), ((0, 0, 2), (0, 0, 3)))
    assert step.sentence == "In row 1 only r1c1 can be 1."

    signs = Candidates.of(Puzzle.of(4, [], [(0, 0, 0, 1), (0, 1, 0, 2)]))
    step = first_step(signs, "ascending chain")
    assert step.cells == ((0, 0), (0, 1), (0, 2))
    assert set(step.removed) == {(0, 0, 3), (0, 0, 4), (0, 1, 1), (0, 1, 4), (0, 2, 1), (0, 2, 2)}
    step = first_step(signs, "inequality bounds")
    assert (step.removed, step.sentence) == (((0, 1, 1),), "r1c1 < r1c2 and r1c1 is at least 1, so r1c2 is more than 1.")

    wing = blank_candidates(4)
    wing.state[0], wing.state[2], wing.state[8] = 0b0011, 0b0101, 0b0110
    step = first_step(wing, "forcing chain")
    assert step.removed == ((2, 2, 3),)
    assert step.sentence == "If r1c1 is 1, then r1c3 is 3; if r1c1 is 2, then r3c1 is 3: either way r3c3 cannot be 3."

    trial = blank_candidates(2)
    assert list(BY_NAME["trial and error"].find(trial)) == []
    trial.solution = ((1, 2), (2, 1))
    step = first_step(trial, "trial and error")
    assert (step.placed, step.removed) == ((0, 0, 1), ((0, 0, 2),))


def test_values_in_cells_equal_plain_tuples():
    value = CellValue(0, 1, 3)
    assert value == (0, 1, 3)
    assert hash(value) == hash((0, 1, 3))
    assert (str(value), value.cell, json.dumps(value)) == ("r1c2=3", Cell(0, 1), "[0, 1, 3]")
    assert [listed("a"), listed("ab"), listed(["a", "b", Cell(0, 0)])] == ["a", "a and b", "a, b and r1c1"]


def hard_puzzle() -> tuple[Puzzle, tuple[tuple[int, ...], ...]]:
    """A 12 x 12 puzzle that takes the search far longer than a second, and one of its solutions."""
    rng = random.Random(25)
    grid = random_latin_square(12, rng)
    less = [sign for sign in true_signs(grid) if rng.random() < 0.4]
    return Puzzle.of(12, [(r, c, grid[r][c]) for r in range(12) for c in range(12) if rng.random() < 0.06], less), grid


def test_calls_share_one_time_limit():
    puzzle, grid = hard_puzzle()
    started = time.perf_counter()
    budget = Budget(0.5)
    explanation = explain(puzzle, budget=budget)
    assert explanation.timed_out
    assert explanation.solution is None
    assert explanation.steps
    assert all(grid[r][c] != value for step in explanation.steps for r, c, value in step.removed)
    for call in (only_solution, grade, hint, lambda *args, budget: check(*args, [], budget=budget)):
        with pytest.raises(TimeUp, match=r"0\.5 seconds was reached: add a clue"):
            call(puzzle, budget=budget)
    assert time.perf_counter() - started < 3


def test_a_limit_that_is_over_gives_no_steps():
    puzzle, _ = random_puzzle(5, random.Random(2))
    explanation = explain(puzzle, budget=Budget(0))
    assert (explanation.steps, explanation.solution, explanation.timed_out) == ((), None, True)
    assert explanation.difficulty is Difficulty.TRIVIAL


def test_the_command_numbers_its_placements_without_gaps_and_lists_what_they_need():
    puzzle = parse_game_id(next(game_id for _, _, game_id in corpus("9-extreme")))
    steps = list(hints(puzzle))
    game_id = format_game_id(puzzle)
    lines = CliRunner().invoke(command, [game_id]).stdout.splitlines()
    numbered = [line.split(maxsplit=1) for line in lines if not line.strip().startswith("- ")]
    assert [(int(number), why) for number, why in numbered] == [(k + 1, step.why) for k, step in enumerate(steps)]
    assert len(numbered) == 81 - len(puzzle.given_cells)
    listed_below = [line.strip().removeprefix("- ") for line in lines if line.strip().startswith("- ")]
    assert listed_below == [detail for step in steps for detail in step.details]
    assert listed_below
    objects = [json.loads(line) for line in CliRunner().invoke(command, [game_id, "--json"]).stdout.splitlines()]
    assert [tuple(one["placed"]) for one in objects] == [step.placed for step in steps]
    assert [one["why"] for one in objects] == [step.why for step in steps]
    assert [one["technique"] for one in objects[0]["steps"]] == [one.technique for one in steps[0].steps]


def test_an_easy_puzzle_is_explained_in_a_line_a_digit():
    puzzle = parse_game_id(next(game_id for _, _, game_id in corpus("8-easy")))
    lines = CliRunner().invoke(command, [format_game_id(puzzle)]).stdout.splitlines()
    assert len(lines) <= 1.2 * (64 - len(puzzle.given_cells))


def test_the_way_to_print_has_boards_and_reasons(tmp_path):
    pytest.importorskip("matplotlib", reason="sheets need the extra `print`")
    for name in ("way.pdf", "way.svg"):
        result = CliRunner().invoke(command, [GAME, "-o", str(tmp_path / name)])
        assert (result.exit_code, result.stdout) == (0, "")
        assert (tmp_path / name).stat().st_size > 5000
    assert "ends in .pdf" in CliRunner().invoke(command, [GAME, "-o", str(tmp_path / "way.doc")]).stderr
    shown = CliRunner().invoke(command, [GAME]).stdout
    assert CliRunner().invoke(command, [GAME, "-o", str(tmp_path / "way.txt")]).stdout == ""
    assert (tmp_path / "way.txt").read_text() == shown
