import random
import re

import pytest

from futoshiki import solve_image
from futoshiki.errors import EntryError, NoSolutionError, SeveralSolutionsError, TimeUp
from futoshiki.notation import parse_game_id
from futoshiki.puzzle import Cell, Clue, Puzzle
from futoshiki.solving import solve
from futoshiki.solving.budget import Budget
from futoshiki.solving.candidates import Candidates
from futoshiki.solving.explain import explain
from futoshiki.solving.generate import generate, random_puzzle
from futoshiki.solving.hints import check, hint, hints
from futoshiki.solving.next_step import easiest_placement
from futoshiki.solving.steps import Difficulty, listed
from tests.helpers import SAMPLES

NAMED_DIGIT = re.compile(r"(r\d+c\d+)=(\d+)")
NAMED_SIGN = re.compile(r"(?=(r\d+c\d+) ([<>]) (r\d+c\d+))")
SENTENCE_END = re.compile(r"\.(?= |$)")


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


@pytest.mark.parametrize("difficulty", list(Difficulty))
@pytest.mark.parametrize("seed", range(3))
def test_what_a_hint_rests_on_leaves_no_other_value(difficulty, seed):
    for board, found in way(generate(5 + seed, difficulty, seed)):
        digits, less = set(), set()
        for step in found.steps:
            if step.technique == "exclusion":
                digits.update(step.cells)
            elif step.technique == "inequality bounds":
                less.add((*step.cells[0], *step.cells[1]))
                digits.update(cell for cell in step.cells if board.givens[cell.row][cell.column])
            else:
                digits.update(cell for cell in step.line if board.givens[cell.row][cell.column])
        if found.kind == "step":
            assert less <= set(board.less)
            assert follows(board, digits, less, found.placed)


@pytest.mark.parametrize("difficulty", list(Difficulty)[:3])
@pytest.mark.parametrize("seed", range(3))
def test_what_a_hint_names_is_true_and_leaves_no_other_value(difficulty, seed):
    told = 0
    for board, found in way(generate(4 + seed, difficulty, seed)):
        values = {f"r{r + 1}c{c + 1}": value for r, c, value in board.given_cells}
        for cell, value in NAMED_DIGIT.findall(found.why):
            assert values[cell] == int(value)
        for a, sign, b in NAMED_SIGN.findall(found.why):
            low, high = (a, b) if sign == "<" else (b, a)
            assert (*cell_of(low), *cell_of(high)) in board.less
        if found.details or found.steps[-1].difficulty > 1 or any(step.difficulty > 1 for step in found.steps):
            continue
        told += 1
        numbers = {int(number) for number in re.findall(r"(?<![rc0-9])\d+", found.why)}
        lines = {cell for line in found.lines for cell in line}
        by_value = {Cell(r, c) for r, c, value in board.given_cells if value in numbers or "every digit" in found.why}
        in_line = {Cell(r, c) for r, c, _ in board.given_cells if (r, c) in lines}
        named = set(map(cell_of, re.findall(r"r\d+c\d+", found.why)))
        near = named | (lines if "neighbour" in found.why or "signs" in found.why else set())
        less = {sign for sign in board.less if {sign[:2], sign[2:]} & near}
        if "signs" in found.why:
            less = set(board.less)
        assert follows(board, by_value | in_line | {cell for cell in named if str(cell) in values}, less, found.placed)
    assert told > 5


@pytest.mark.parametrize("difficulty", list(Difficulty))
@pytest.mark.parametrize("size", [4, 6, 9])
def test_hints_are_short_and_never_point_at_a_filled_cell(difficulty, size):
    lengths = []
    for board, found in way(generate(size, difficulty, 1)):
        r, c, _ = found.placed
        assert board.givens[r][c] == 0
        assert found.cells[0] == (r, c)
        assert len(SENTENCE_END.findall(found.why)) <= 3
        assert len(found.cells) <= 12
        assert found.why.endswith(f"{found.steps[-1].technique})")
        lengths.append(len(found.why))
    assert max(lengths) <= 270
    assert sorted(lengths)[int(0.95 * len(lengths))] <= 230


def test_the_reasons_are_those_that_a_person_would_give():
    easy = list(hints(generate(6, "easy", 1)))
    assert [step.why for step in easy[:6]] == [
        "r2c4 must be greater than r2c5=5, so it is 6. (naked single)",
        "r6c1 sees 4 and 5 in its row and column and must be greater than r5c1=3, so it is 6. (naked single)",
        "Every other empty cell of row 6 is greater than a neighbour, so only r6c6 can be the 1. (hidden single)",
        "r6c3 sees 6 in its row, so it is at most 5. r6c4 < r6c3, so in row 6 only r6c3 can be the 5. (hidden single)",
        "r6c4 is the last empty cell of row 6, and 3 is missing there. (hidden single)",
        "In row 4 only r4c2 can be the 6: r4c1 and r4c4 have a 6 in their columns and the other empty cells are less than a "
        "neighbour. (hidden single)",
    ]
    assert [step.where for step in easy[3:5]] == [
        "Look at r6c3: one digit has no other place in its row.",
        "Look at r6c4: it is the last empty cell of its row.",
    ]
    assert easy[2].lines == (tuple(Cell(5, c) for c in range(6)),)
    assert easy[2].cells == ((5, 5),)
    fish = list(hints(generate(6, "extreme", 1)))[3]
    assert fish.where == "Look at rows 1, 2 and 6, then at r4c1: only one digit fits there."
    assert fish.why == (
        "In rows 1, 2 and 6, 1 can only go in columns 1, 2 and 6, so no other row has its 1 there. r4c1 sees 3, 4 and 5 in its "
        "row and column, must be less than r4c2 and cannot be 1, so it is 2. (swordfish, naked single)"
    )
    assert fish.arrow == ((0, 0), (3, 0))


def test_steps_alike_share_a_sentence_and_those_without_room_are_counted_and_listed():
    newspaper = solve_image(SAMPLES / "newspaper.jpg").board.puzzle
    reasons = {step.placed.cell: step for step in hints(newspaper)}
    assert reasons[3, 6].why.startswith("r5c1 and r5c4 see 8 in their row or column, so they are at most 7. Every other")
    assert reasons[3, 0].why.startswith("After 2 smaller steps: r4c4 sees 7 in its column and must be less")
    assert reasons[3, 0].details == (
        "r4c1 sees 7 in its row and must be less than r5c1, so it is at most 6.",
        "r5c4 sees 7 and 8 in its row and column, so it is at most 6.",
    )


def test_the_search_for_a_step_ends_with_the_budget():
    candidates = Candidates.of(generate(5, "easy", 1))
    with pytest.raises(TimeUp, match="time limit"):
        easiest_placement(candidates, Budget(0))


def test_hints_without_one_solution_go_as_far_as_deduction_does():
    steps = []
    with pytest.raises(SeveralSolutionsError):
        steps.extend(hints(Puzzle.of(3, [(0, 0, 1), (0, 1, 2)], [])))
    first = next(hints(Puzzle.of(3, [(0, 0, 1), (0, 1, 2)], [])))
    assert first.why == "r1c3 is the last empty cell of row 1, and 3 is missing there. (hidden single)"
    for impossible in (Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], []), Puzzle.of(2, [(0, 0, 1)], [(1, 0, 1, 1)])):
        with pytest.raises(NoSolutionError):
            list(hints(impossible))


def test_where_deduction_ends_the_values_to_try_are_named():
    guesses = [step for seed in range(4) for step in hints(generate(6, "recursive", seed)) if step.kind == "guess"]
    assert guesses
    for step in guesses:
        wrong = [removed.value for removed in step.steps[0].removed]
        assert step.why.startswith(f"{step.placed.cell} can only be {listed(sorted([*wrong, step.placed.value]), 'or')}. With")
        assert f"so it is {step.placed.value}." in step.why
        assert str(step.placed.value) not in step.where.replace(str(step.placed.cell), "")


def follows(board, cells, less, placed) -> bool:
    """Whether the digits in these cells and these signs alone leave only the value that is placed."""
    clues = [(r, c, board.givens[r][c]) for r, c in cells]
    bare = Puzzle.of(board.size, clues, less)
    others = (value for value in range(1, board.size + 1) if value != placed.value)
    return all(solve(bare.with_clue(Clue(placed.cell, value)), limit=1).status == "none" for value in others)


def way(puzzle):
    """Every hint on the way to the solution, with the board as it is then."""
    board = puzzle
    for found in hints(puzzle):
        yield board, found
        board = board.with_clue(Clue(found.placed.cell, found.placed.value))
    assert board.is_full
    assert board.givens == solve(puzzle).solution


def cell_of(name: str) -> Cell:
    row, column = name[1:].split("c")
    return Cell(int(row) - 1, int(column) - 1)


def test_ascending_chains_are_seen_before_single_signs():
    puzzle = Puzzle.of(5, [], [(0, 0, 0, 1), (0, 1, 0, 2), (0, 2, 0, 3), (0, 3, 0, 4)])
    steps = explain(puzzle).steps
    assert steps[0].technique == "ascending chain"
    assert len(steps[0].removed) == 20
    circle = Puzzle.of(2, [], [(0, 0, 0, 1), (0, 1, 1, 1), (1, 1, 1, 0), (1, 0, 0, 0)])
    assert explain(circle).solution is None
