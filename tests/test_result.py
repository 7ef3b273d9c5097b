"""Results as JSON, and what is believed of those that come back."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given

from futoshiki.board_result import BoardResult, Doubt
from futoshiki.errors import ArgumentError, PuzzleError
from futoshiki.puzzle import Cell, Edge, Puzzle
from futoshiki.reading.given import solve_puzzle
from futoshiki.result import Result
from tests.helpers import puzzles
from tests.spoil import json_values, spoilt_json


def read(puzzle: Puzzle) -> Result:
    """What a photo of the puzzle might have given."""
    n = puzzle.size
    cells = tuple(tuple((20.0 + 40 * c, 20.0 + 40 * r) for c in range(n)) for r in range(n))
    corners = ((0.0, 0.0), (40.0 * n, 0.0), (40.0 * n, 40.0 * n), (0.0, 40.0 * n))
    doubts = (
        Doubt(Cell(1, 1), "2", 0.7, "blank", False),
        Doubt(Edge.between((0, 0), (0, 1)), "<", 0.6, "none", True),
        Doubt(Edge.between((0, 0), (1, 0)), "∧", 0.6, "∨", False),
    )
    solved = solve_puzzle(puzzle).board
    board = replace(
        solved, corners=corners, cells=cells, doubts=doubts, entries=((0, 1, 1),), covered=((1, 0),), confidence=0.8125, cut=True
    )
    return Result("photos/Käse \udcff.jpg", board.status, (board, solved), {"load": 1.5}, "the time was up")


RESULT = read(Puzzle.of(3, [(0, 0, 1), (1, 1, 3)], [(0, 0, 0, 1)]))
DATA = RESULT.to_dict()


@given(puzzles())
def test_results_turn_into_json_and_back(puzzle):
    for result in (read(puzzle), solve_puzzle(puzzle), Result("a.jpg", "no_puzzle", error="nothing")):
        again = Result.from_dict(json.loads(json.dumps(result.to_dict())))
        assert (again, again.to_dict()) == (result, result.to_dict())


def changed(path: str, value: object) -> dict:
    """The result in JSON with one field changed; the path is one of Python."""
    data = json.loads(json.dumps(DATA))
    exec(f"data{path} = value", {}, {"data": data, "value": value})
    return data


BOARD = "['boards'][0]"


@pytest.mark.parametrize(
    "path, value, says",
    [
        ("['schema']", 2, "schema: 2 found, expected 1"),
        ("['source']", 5, "source: 5 found"),
        ("['source']", "a\0.jpg", "source: .*without NUL"),
        ("['source']", "\ud800.jpg", r"source: `\\ud800.jpg` found"),
        ("['source']", "x" * 100_000, "source: `x+…` found, expected a text of at most 10000"),
        ("['status']", "nonsense", "status: `nonsense` found, expected solved, read"),
        ("['status']", "no_puzzle", "status: `no_puzzle`"),
        ("['boards']", [], "status: `solved` found, expected failed, unreadable_file or no_puzzle"),
        ("['boards']", {}, "boards: an object found, expected a list"),
        ("['boards']", [None] * 10_000, "boards: a list of 10000 found, expected at most 100"),
        ("['timings_ms']", [], "timings_ms: a list"),
        ("['timings_ms']", {"load": "1"}, "timings_ms.load: `1`"),
        ("['timings_ms']", {"load": float("nan")}, "timings_ms.load: nan"),
        ("['error']", 3, "error: 3"),
        (BOARD, None, r"boards\[0\]: null found, expected an object"),
        (BOARD + "['status']", "no_puzzle", r"boards\[0\].status: `no_puzzle`"),
        (BOARD + "['size']", 2 * 10**8, r"boards\[0\].size: 200000000"),
        (BOARD + "['size']", float("inf"), r"boards\[0\].size: inf"),
        (BOARD + "['size']", True, r"boards\[0\].size: true"),
        (BOARD + "['confidence']", 1.5, r"boards\[0\].confidence: 1.5 found, expected a number from 0 to 1"),
        (BOARD + "['confidence']", True, r"boards\[0\].confidence: true"),
        (BOARD + "['corners'][1][0]", float("nan"), r"boards\[0\].corners\[1\]\[0\]: nan"),
        (BOARD + "['cells'][1][0]", [1], r"boards\[0\].cells\[1\]\[0\]: a list of 1 found, expected a point"),
        (BOARD + "['cells'][1][0][0]", 1e300, r"boards\[0\].cells\[1\]\[0\]\[0\]: 1e\+300"),
        (BOARD + "['cells']", [[[1, 2]]], r"boards\[0\]: .* 3 rows of 3 points and corners four"),
        (BOARD + "['corners']", [], "corners four"),
        (BOARD + "['givens']", None, r"boards\[0\].givens: null"),
        (BOARD + "['solution']", [[1, 2, 3]], r"boards\[0\].solution: a list of 1 found, expected 3 rows of 3 numbers"),
        (BOARD + "['solution'][0]", [1, 1, 1], r"boards\[0\].solution: .* once in every row and column"),
        (BOARD + "['solution'][0][0]", 4, r"boards\[0\].solution\[0\]\[0\]: 4"),
        (BOARD + "['solutions']", 3, r"boards\[0\].solutions: 3"),
        (BOARD + "['complete']", 1, r"boards\[0\].complete: 1 found, expected true or false"),
        (BOARD + "['cut']", None, r"boards\[0\].cut: null"),
        (BOARD + "['covered']", [[0, 3]], r"boards\[0\].covered\[0\]\[1\]: 3 found, expected a whole number from 0 to 2"),
        (BOARD + "['entries']", [["a", "b", "c"]], r"boards\[0\].entries\[0\]\[0\]: `a`"),
        (BOARD + "['entries']", [[0, 0, 0]], r"boards\[0\].entries\[0\]\[2\]: 0 found, expected a whole number from 1 to 3"),
        (BOARD + "['entries']", [[0, 1, 1], [0, 1, 2]], r"boards\[0\].entries\[1\]: a second value for r1c2"),
        (BOARD + "['doubts'][0]['cell']", [9, 9], r"boards\[0\].doubts\[0\].cell\[0\]: 9"),
        (BOARD + "['doubts'][0]['read']", "9", r"boards\[0\].doubts\[0\].read: `9` found, expected blank, 1, 2 or 3"),
        (BOARD + "['doubts'][1]['instead']", "∧", r"boards\[0\].doubts\[1\].instead: `∧` found, expected none, < or >"),
        (BOARD + "['doubts'][1]['sign']", [0, 0, 2, 2], r"doubts\[1\].sign: .*no neighbours"),
    ],
)
def test_what_is_wrong_with_a_result_is_named_with_its_field(path, value, says):
    with pytest.raises(PuzzleError, match=f"not a result of futoshiki: .*{says}"):
        Result.from_dict(changed(path, value))


def test_clues_may_be_corrected_by_hand_though_the_solution_does_not_obey_them():
    assert DATA["boards"][0]["solution"][0][0] == 1
    assert Result.from_dict(changed(BOARD + "['givens'][0][0]", 2)).board.puzzle.givens[0][0] == 2


@given(spoilt_json(DATA) | json_values())
def test_any_json_value_is_a_result_or_refused(data):
    with suppress(PuzzleError):
        result = Result.from_dict(data)
        assert Result.from_dict(result.to_dict()).to_dict() == result.to_dict()
        assert len(result.in_page_order()) == len(result.boards)
    if isinstance(data, dict) and isinstance(data.get("boards"), list):
        for board in data["boards"]:
            with suppress(PuzzleError):
                BoardResult.from_dict(board)
    with suppress(PuzzleError):
        Doubt.from_dict(data)


@pytest.mark.parametrize("path", [f"['{key}']" for key in DATA] + [f"{BOARD}['{key}']" for key in DATA["boards"][0]])
def test_deep_nesting_at_any_place_is_refused(path):
    deep: list = []
    for _ in range(10_000):
        deep = [deep]
    if path == f"{BOARD}['game_id']":  # the clues count, and somebody may have corrected them
        assert Result.from_dict(changed(path, deep)) == RESULT
        return
    with pytest.raises(PuzzleError):
        Result.from_dict(changed(path, deep))


def test_boards_without_any_extent_still_have_an_order():
    flat = replace(RESULT.boards[0], corners=((5.0, 5.0),) * 4)
    assert len(replace(RESULT, boards=(flat, RESULT.boards[0], flat)).in_page_order()) == 3
    assert len(replace(RESULT, boards=(replace(flat), replace(flat))).in_page_order()) == 2


def test_a_notebook_shows_the_boards_and_opens_no_picture():
    shown = replace(RESULT, error="<b>time</b>")._repr_html_()
    assert "[1] &lt;  2" in shown
    assert "&lt;b&gt;time&lt;/b&gt;" in shown
    assert RESULT._repr_png_() is None
    assert Result("a.jpg", "no_puzzle")._repr_html_() == "<pre>a.jpg: no_puzzle</pre>"
    assert "[1] &lt; " in RESULT.board._repr_html_()


def test_results_and_boards_print_as_boards_with_numbered_rows_and_columns():
    lines = str(RESULT.board).splitlines()
    assert lines == [
        "solved, confidence 81.2%",
        "   1     2     3",
        "1 [1] <  2     3",
        "",
        "2  2    [3]    1",
        "",
        "3  3     1     2",
    ]
    assert lines[1:] == RESULT.board.text.splitlines()
    assert str(RESULT).count(RESULT.board.text) == 2
    assert str(Result("a.jpg", "no_puzzle", error="a.jpg: nothing found")) == "a.jpg: no_puzzle: a.jpg: nothing found"


def test_a_result_without_its_picture_says_so_and_is_saved_as_json(tmp_path):
    RESULT.save(tmp_path / "a.json")
    assert Result.from_dict(json.loads((tmp_path / "a.json").read_text())) == RESULT
    with pytest.raises(ArgumentError, match="annotate"):
        RESULT.save(tmp_path / "a.png")
    with pytest.raises(ArgumentError, match="annotate"):
        _ = RESULT.image
