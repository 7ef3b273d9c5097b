import json
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from futoshiki import notation
from futoshiki.errors import ArgumentError, PuzzleError
from futoshiki.puzzle import Puzzle
from tests.helpers import puzzles
from tests.spoil import json_values, spoilt


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
@example(Puzzle.of(5, [(0, 2, 1), (4, 2, 1)], []))  # the outer columns are blank, so the lines begin with spaces
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
        ("2adk:0,0,0,0,", "adjacent"),
        ("2dk#123456", "random seed"),
        ("https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/unequal.html#5dk%23123456", "random seed"),
        ("200000000:0,", "size from 2 to 15"),
        (f"{'9' * 5000}:0,", "size from 2 to 15"),
        (f"2:{'9' * 5000},0,0,0,", "cell 1"),
        ("2:٣,0,0,0,", "cell 1"),
        ("²:0,0,0,0,", "expected a size"),
        ("2:0,0,0,0,,", "5 cells"),
        ("2:0,0R,0,0,", "outside"),
        ("2:0R,0L,0,0,", "each said to be less"),
    ],
)
def test_a_wrong_game_id_gets_the_reason(game_id, says):
    with pytest.raises(PuzzleError, match=says):
        notation.parse_game_id(game_id)


def test_a_difficulty_in_the_game_id_is_read_over():
    assert notation.parse("2de:0,1L,0,0,") == Puzzle.of(2, [(0, 1, 1)], [(0, 0, 0, 1)])


@pytest.mark.parametrize("link", ["#", "https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/unequal.html#", "www.a.org/#"])
def test_the_game_id_is_taken_out_of_a_link(link):
    puzzle = Puzzle.of(2, [(0, 1, 1)], [(0, 0, 0, 1)])
    assert notation.looks_like_game_id(link + "2de:0,1L,0,0,")
    assert notation.parse(link + "2de:0,1L,0,0,") == notation.parse(link + "2de%3A0%2C1L%2C0%2C0%2C") == puzzle
    assert not notation.looks_like_game_id(link + "top")


FINE = {"size": 3, "givens": [[0, 0, 1], [1, 1, 2]], "less": [[0, 0, 0, 1]]}


@pytest.mark.parametrize(
    "change, says",
    [
        ({"size": None}, "size: null"),
        ({"size": "3"}, "size: `3`"),
        ({"size": 2.5}, "size: 2.5"),
        ({"size": True}, "size: true"),
        ({"size": float("inf")}, "size: inf"),
        ({"size": float("nan")}, "size: nan"),
        ({"size": 200_000_000}, "size: 200000000 found, expected a whole number from 2 to 15"),
        ({"size": 10**5000}, "size: a huge number"),
        ({"givens": 3}, "givens: 3 found"),
        ({"givens": [[0, 0, 4]]}, r"givens\[0\]\[2\]: 4 found, expected a whole number from 0 to 3"),
        ({"givens": [[0, 0]]}, r"givens\[0\]: a list of 2 found, expected three numbers"),
        ({"givens": [[0, 0, 1], [0, 0, 2]]}, r"givens\[1\]: a second value for r1c1"),
        ({"givens": [[0] * 10**6]}, r"givens\[0\]: a list of 1000000"),
        ({"less": "0001"}, "less: `0001`"),
        ({"less": [[0, 0, 2, 2]]}, "less: sign between r1c1 and r3c3: those are no neighbours"),
        ({"less": [[0, 0, 0, -1]]}, r"less\[0\]\[3\]: -1"),
    ],
)
def test_json_that_is_no_puzzle_is_refused_with_the_field(change, says):
    assert notation.from_dict(FINE) == notation.from_dict({**FINE, "size": 3.0})
    with pytest.raises(PuzzleError, match=says):
        notation.from_dict({**FINE, **change})
    for key in FINE:
        with pytest.raises(PuzzleError, match=f"`{key}` is missing"):
            notation.from_dict({name: value for name, value in FINE.items() if name != key})


@given(json_values())
def test_any_json_value_is_a_puzzle_or_refused(value):
    for data in (value, *({**FINE, key: value} for key in FINE)):
        with suppress(PuzzleError):
            notation.from_dict(data)


@given(puzzles(max_size=6), st.data())
def test_any_text_is_a_puzzle_or_refused_in_one_printable_line(puzzle, data):
    written = [notation.format_game_id(puzzle), notation.format_text(puzzle), ""]
    text = data.draw(spoilt(data.draw(st.sampled_from(written))))
    for parse in (notation.parse, notation.parse_text, notation.parse_game_id):
        try:
            parse(text)
        except PuzzleError as error:
            assert len(str(error)) < 300
            assert str(error).isprintable()


def test_a_text_that_is_far_too_long_is_refused_at_once():
    for text in ("\n" * 10**7, "1" * 10**7, "2:" + "0," * 10**7):
        with pytest.raises(PuzzleError, match="characters"):
            notation.parse(text)


def test_two_grids_in_one_text_are_not_taken_for_one():
    grid = ". < 2   .\n^       v\n.   . > .\n\n3   .   .\n"
    assert notation.parse_text(grid).size == 3
    with pytest.raises(PuzzleError, match="for a blank"):
        notation.parse_text(f"{grid}\n{grid}")


def test_a_game_id_stands_for_its_puzzle():
    puzzle = notation.parse("2:0,0L,2U,0,")
    assert notation.as_puzzle("2:0,0L,2U,0,") == notation.as_puzzle(puzzle) == puzzle
    with pytest.raises(ArgumentError, match="a game ID"):
        notation.as_puzzle(7)
