"""Clues and entries as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from futoshiki.clue_text import as_clue, parse_clue, parse_entries
from futoshiki.errors import ArgumentError, PuzzleError
from futoshiki.puzzle import GREATER, LESS, NO_SIGN, Cell, Clue, Edge
from tests.spoil import spoilt


@pytest.mark.parametrize(
    "text, clue",
    [
        ("r3c2=4", Clue(Cell(2, 1), 4)),
        ("R1C1 = 0", Clue(Cell(0, 0), 0)),
        ("r1c1<r1c2", Clue(Edge.between((0, 0), (0, 1)), LESS)),
        ("r1c1 > r2c1", Clue(Edge.between((0, 0), (1, 0)), GREATER)),
        ("r1c1|r1c2", Clue(Edge.between((0, 0), (0, 1)), NO_SIGN)),
        ("B3=4", Clue(Cell(2, 1), 4)),
        ("a1<b1", Clue(Edge.between((0, 0), (0, 1)), LESS)),
        ("C1=2", Clue(Cell(0, 2), 2)),
    ],
)
def test_clues_as_people_write_them(text, clue):
    assert parse_clue(text) == clue


@pytest.mark.parametrize(
    "text",
    [
        "",
        "r3c2",
        "r1c1<",
        "3,2=4",
        "3B=4",
        "P1=4",
        "A0=1",
        "r1c1=r1c2",
        "r1c1<r1c2<r1c3",
        "r0c1=2",
        "r1c1=²",
        "r1c1=" + 5000 * "9",
    ],
)
def test_what_is_no_clue_is_refused_with_an_example(text):
    with pytest.raises(PuzzleError, match="r3c2=4"):
        parse_clue(text)


@pytest.mark.parametrize("text", ["r1c2=3, r3c1=1", "R1C2=3;r3c1=1", "B1=3 a3=1", ",b1=3,,a3=1,"])
def test_entries_as_people_write_them(text):
    assert parse_entries(text) == ((0, 1, 3), (2, 0, 1))


@pytest.mark.parametrize("text", ["r1c2", "r1c2=", "r1c2=x", "=3", "1,2=3", "B=3"])
def test_what_is_no_entry_is_refused_with_an_example(text):
    with pytest.raises(PuzzleError, match="r1c2=3"):
        parse_entries(text)


def test_a_text_stands_for_its_clue():
    clue = Clue(Cell(2, 1), 4)
    assert as_clue("r3c2=4") == as_clue(clue) == clue
    with pytest.raises(ArgumentError, match="r3c2=4"):
        as_clue((2, 1, 4))


@given(st.data())
def test_any_text_is_read_or_refused_in_one_printable_line(data):
    text = data.draw(spoilt(data.draw(st.sampled_from(["r1c2=3", "r1c1<r1c2", "B3=4, A1=2", ""]))))
    for parse in (parse_entries, parse_clue):
        try:
            parse(text)
        except PuzzleError as error:
            assert len(str(error)) < 300
            assert str(error).isprintable()
