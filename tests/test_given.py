"""Answers to puzzles that need no reading."""

from dataclasses import replace

from futoshiki.board_result import BoardResult
from futoshiki.puzzle import Cell, Clue, Puzzle
from futoshiki.reading.given import solve_puzzle, take_as_given
from futoshiki.result import Result

ONE = Puzzle.of(2, [(0, 0, 1)], [])


def test_a_text_is_solved_and_has_no_place_in_a_picture():
    result = solve_puzzle(ONE, "text")
    assert (result.source, result.status, result.board.solution) == ("text", "solved", ((1, 2), (2, 1)))
    assert result.board.cells == result.board.corners == ()
    assert solve_puzzle(Puzzle.blank(2)).status == "ambiguous"
    assert solve_puzzle(Puzzle.of(2, [(0, 0, 2)], [(0, 0, 0, 1)])).status == "contradictory"


def test_an_edited_reading_is_taken_at_its_word():
    corners = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    read = BoardResult("doubtful", Puzzle.blank(2), 0.4, corners, (), None, 2)
    result = take_as_given(Result("a.jpg", "doubtful", (read, replace(read, puzzle=ONE))), [Clue(Cell(0, 0), 2)])
    assert [board.solution for board in result.boards] == [((2, 1), (1, 2)), ((1, 2), (2, 1))]
    assert result.status == "solved"
    assert result.board.confidence == 1.0
    assert result.board.corners == corners


def test_a_board_that_is_cut_off_stays_doubtful():
    board = replace(solve_puzzle(ONE).board, cut=True)
    assert take_as_given(Result("a.jpg", "doubtful", (board,))).status == "doubtful"
