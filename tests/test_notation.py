import json

import pytest
from hypothesis import given

from futoshiki import notation
from futoshiki.errors import PuzzleError
from futoshiki.puzzle import GREATER, LESS, NO_SIGN, Cell, Clue, Edge, Puzzle
from tests.helpers import puzzles


@given(puzzles(max_size=9))
def test_every_notation_reads_back_what_it_wrote(puzzle):
    assert notation.parse_text(notation.format_text(puzzle)) == puzzle
    assert notation.parse_text(notation.format_text(puzzle, ascii_only=False)) == puzzle
    assert notation.parse_game_id(notation.format_game_id(puzzle)) == puzzle
    assert notation.from_dict(json.loads(json.dumps(notation.to_dict(puzzle)))) == puzzle
    assert notation.parse(notation.format_text(puzzle)) == notation.parse(notation.format_game_id(puzzle)) == puzzle


def test_text_as_people_type_it():
    text = """
        . < 2   _
        ^       v
        0   . > .

        3   .   .
    """
    assert notation.parse(text) == Puzzle.of(3, [(0, 1, 2), (2, 0, 3)], [(0, 0, 0, 1), (0, 0, 1, 0), (1, 2, 0, 2), (1, 2, 1, 1)])


@given(puzzles(max_size=9))
def test_blanks_may_be_spaces(puzzle):
    width = 4 * puzzle.size - 3
    text = "\n".join(line.replace(".", " ").ljust(width) for line in notation.format_text(puzzle).split("\n"))
    if text.strip():
        assert notation.parse_text(text) == puzzle
    assert notation.parse_text("1   3\n\n     \n\n2    ") == Puzzle.of(3, [(0, 0, 1), (0, 2, 3), (2, 0, 2)], [])


@given(puzzles(min_size=3, max_size=9))
def test_cells_may_stand_in_every_second_column(puzzle):
    lines = notation.format_text(puzzle).split("\n")
    assert notation.parse_text("\n".join(line[::2] for line in lines)) == puzzle


def test_two_digit_values_have_letters_in_text():
    puzzle = Puzzle.of(12, [(0, 0, 12), (5, 5, 10)], [])
    assert "C" in notation.format_text(puzzle)
    assert notation.parse_text(notation.format_text(puzzle)) == puzzle


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty text"),
        ("1 . 2\n\n.   .", "line 1, column 3: `.` found, expected `<`"),
        ("1   2\n\n.   7", "line 3, column 5: `7` found, expected 1 to 2"),
        (".   .\n<\n.   .", "line 2, column 1: `<` found, expected `\\^`"),
        (".   .   .\n\n.   .", "line 1, column 9: `.` found, expected the end"),
        (". . .\n\n. 9 .\n\n. . .", "line 3, column 3: `9` found, expected 1 to 3"),
        (".<2 .\n^   v\n. .>.\n\n3 . 9", "line 5, column 5: `9` found"),
        (".   .\n\n.   .\n\n", None),
        (".   .\n\n.   .\n\n.   .\n.", "6 lines"),
    ],
)
def test_a_wrong_text_gets_line_column_and_what_was_expected(text, says):
    if says is None:
        assert notation.parse_text(text) == Puzzle.blank(2)
        return
    with pytest.raises(PuzzleError, match=says):
        notation.parse_text(text)


@pytest.mark.parametrize(
    ("game_id", "says"),
    [
        ("x:0,0,", "expected a size"),
        ("2:0,0,0,", "3 cells after the colon, expected 4"),
        ("2:0,0X,0,0,", "cell 2"),
        ("2a:0,0,0,0,", "adjacent"),
        ("2:0,0R,0,0,", "outside"),
        ("2:0R,0L,0,0,", "each said to be less"),
    ],
)
def test_a_wrong_game_id_gets_the_reason(game_id, says):
    with pytest.raises(PuzzleError, match=says):
        notation.parse_game_id(game_id)


def test_a_difficulty_in_the_game_id_is_read_over():
    assert notation.parse("2de:0,1L,0,0,") == Puzzle.of(2, [(0, 1, 1)], [(0, 0, 0, 1)])


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"size": 4},
        {"size": 4, "givens": 3, "less": []},
        {"size": "x", "givens": [], "less": []},
        {"size": float("inf"), "givens": [], "less": []},
    ],
)
def test_json_that_is_no_puzzle_is_refused(data):
    with pytest.raises(PuzzleError):
        notation.from_dict(data)


@pytest.mark.parametrize(
    "text, clue",
    [
        ("r3c2=4", Clue(Cell(2, 1), 4)),
        ("R1C1 = 0", Clue(Cell(0, 0), 0)),
        ("r1c1<r1c2", Clue(Edge.between((0, 0), (0, 1)), LESS)),
        ("r1c1 > r2c1", Clue(Edge.between((0, 0), (1, 0)), GREATER)),
        ("r1c1|r1c2", Clue(Edge.between((0, 0), (0, 1)), NO_SIGN)),
    ],
)
def test_clues_as_people_write_them(text, clue):
    assert notation.parse_clue(text) == clue


@pytest.mark.parametrize("text", ["", "r3c2", "r1c1<", "3,2=4", "r1c1=r1c2", "r1c1<r1c2<r1c3"])
def test_what_is_no_clue_is_refused_with_an_example(text):
    with pytest.raises(PuzzleError, match="r3c2=4"):
        notation.parse_clue(text)
