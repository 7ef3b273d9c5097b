import random

import numpy as np
import pytest
from PIL import Image

from futoshiki import format_game_id, solve, solve_image
from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Puzzle
from futoshiki.solving.generate import generate, random_puzzle

pytest.importorskip("matplotlib", reason="sheets need the extra `print`")
from futoshiki.drawing.booklet import imposed
from futoshiki.drawing.page_layout import MARGIN, PER_PAGE
from futoshiki.drawing.print_sheet import LEAST_DIGIT, Sheet
from futoshiki.drawing.printed_board import board_pitch, digit_size
from futoshiki.drawing.printed_pages import DPI, POINTS

LEAST_MARGIN = 10 / 25.4 * 72
"""White edge in points that printers need: 10 mm."""
LEAST_TEXT = 7
"""Least size of letters in points."""


@pytest.fixture(scope="module")
def some():
    return [generate(5, "easy", seed) for seed in range(5)]


def random_puzzles(size, count):
    return [random_puzzle(size, random.Random(100 * size + k))[0] for k in range(count)]


def words(page):
    return " ".join(text.text for text in page.texts)


def test_a_pdf_holds_all_pages_and_is_the_same_each_time(some, tmp_path):
    assert Sheet(some).write(tmp_path / "a.pdf") == [tmp_path / "a.pdf"]
    Sheet(some).write(tmp_path / "b.pdf")
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page ") == 3  # four puzzles, one puzzle, the solutions
    assert data == (tmp_path / "b.pdf").read_bytes()


def test_png_and_svg_make_a_file_a_page(some, tmp_path):
    paths = Sheet(some, per_page=9).write(tmp_path / "a.png")
    assert [path.name for path in paths] == ["a-1.png", "a-2.png"]
    page, solutions = (np.asarray(Image.open(path).convert("L")) for path in paths)
    assert page.shape in ((2338, 1654), (1654, 2338))
    assert (page < 128).sum() > 20_000
    assert not np.array_equal(page, solutions)
    sheet = Sheet(some, per_page=9, solutions=False)
    assert sheet.write(tmp_path / "b.svg") == [tmp_path / "b.svg"]
    first = (tmp_path / "b.svg").read_text()
    sheet.write(tmp_path / "b.svg")
    assert "<svg" in first
    assert first == (tmp_path / "b.svg").read_text()


def test_a_sheet_has_the_rules_captions_solutions_and_game_ids(some):
    captions = [f"seed {k}" for k in range(5)]
    sheet = Sheet(some, captions=captions, about="5 × 5, easy", footer="made with care", per_page=6)
    puzzles, solutions = sheet.pages()
    assert "each column holds the numbers 1 to 5, once each" in words(puzzles)
    assert all(caption in words(puzzles) for caption in captions)
    assert [board.puzzle for board in puzzles.boards] == some
    assert not any(board.filled for board in puzzles.boards)
    assert [board.filled for board in solutions.boards] == [solve(puzzle).solution for puzzle in some]
    assert all(format_game_id(puzzle) in words(solutions).replace(" ", "") for puzzle in some)
    for number, page in enumerate((puzzles, solutions)):
        assert "5 × 5, easy" in words(page)
        assert words(page).endswith(f"made with care {number + 1}")


@pytest.mark.parametrize("booklet", [False, True])
@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("size", [4, 9])
def test_everything_lies_within_the_margins_and_can_be_read(size, paper, booklet):
    puzzles = random_puzzles(size, 12)
    for per_page in PER_PAGE:
        for page in Sheet(puzzles, per_page=per_page, paper=paper, booklet=booklet).pages():
            assert all(text.size >= LEAST_TEXT for text in page.texts)
            assert all(LEAST_MARGIN < text.x < page.width - LEAST_MARGIN for text in page.texts)
            assert all(LEAST_MARGIN < text.y <= page.height - LEAST_MARGIN for text in page.texts)
            for board in page.boards:
                assert MARGIN - 0.01 <= board.x <= page.width - MARGIN - board.side + 0.01
                assert MARGIN < board.y < page.height - MARGIN - board.side
                inside = [t for t in page.texts if 0 <= t.x - board.x <= board.side and 0 < t.y - board.y < board.side]
                assert not inside
                if board.filled:
                    assert digit_size(board_pitch(board.side, size), size) >= LEAST_DIGIT


def test_no_edge_of_a_board_is_cut_off(tmp_path):
    sheet = Sheet([Puzzle.of(12, [], [])] * 12, per_page=12, paper="letter", solutions=False)
    (path,) = sheet.write(tmp_path / "page.png")
    dark = np.asarray(Image.open(path).convert("L")) < 128
    scale = DPI / POINTS
    for board in sheet.pages()[0].boards:
        left, top, right, bottom = (round(v * scale) for v in (board.x, board.y, board.x + board.side, board.y + board.side))
        across, down = dark[:, left:right], dark[top:bottom]
        for edge in (
            across[top - 3 : top + 4].T,
            across[bottom - 4 : bottom + 3].T,
            down[:, left - 3 : left + 4],
            down[:, right - 4 : right + 3],
        ):
            assert edge.any(axis=1).mean() > 0.6  # cells without the gaps between them


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize(("per_page", "share"), [(1, 0.5), (2, 0.4), (4, 0.4), (6, 0.4), (9, 0.38), (12, 0.4)])
def test_boards_fill_the_page(per_page, share, paper):
    (page,) = Sheet(random_puzzles(6, per_page), per_page=per_page, paper=paper, solutions=False).pages()
    assert sum(board.side**2 for board in page.boards) / (page.width * page.height) > share


def test_fewer_puzzles_than_there_is_room_for_are_printed_larger(some):
    few = Sheet(some[:1], per_page=12).pages()[0].boards[0].side
    many = Sheet(some, per_page=12).pages()[0].boards[0].side
    assert few > 2 * many


@pytest.mark.parametrize(("size", "per_page"), [(4, 9), (5, 6), (6, 4), (7, 12), (8, 2), (9, 4)])
def test_printed_puzzles_are_read_and_solved(size, per_page, tmp_path):
    puzzles = random_puzzles(size, per_page)
    captions = [f"{100 + k} points, seed {123450 + k}" for k in range(per_page)]
    sheet = Sheet(puzzles, captions=captions, about=f"{size} × {size}", footer="--seed 1", per_page=per_page, solutions=False)
    (path,) = sheet.write(tmp_path / "page.png")
    boards = solve_image(path).in_page_order()
    assert [board.puzzle for board in boards] == puzzles
    assert [board.solution for board in boards] == [solve(puzzle).solution for puzzle in puzzles]
    assert {board.status for board in boards} == {"solved"}


@pytest.mark.parametrize("count", [4, 8, 12, 40])
def test_a_folded_booklet_has_its_pages_in_order(count):
    sides = imposed(count)
    leaves = []
    for (outer_left, outer_right), (inner_left, inner_right) in zip(sides[::2], sides[1::2], strict=True):
        # the back of a sheet's right half is the left half of its other side
        leaves = [*leaves, (outer_right, inner_left), (inner_right, outer_left)]
    front, back = leaves[::2], leaves[1::2][::-1]
    assert [page for leaf in front + back for page in leaf] == list(range(count))


def test_a_booklet_has_a_title_page_and_whole_sheets(some, tmp_path):
    sheet = Sheet(some, about="5 × 5, easy", per_page=1, booklet=True)
    title, *rest = sheet.pages()
    assert "5 × 5, easy 5 puzzles" in words(title)
    assert "each column holds the numbers 1 to 5" in words(title)
    assert "each column" not in words(rest[0])
    assert [board.puzzle for page in rest[:5] for board in page.boards] == some
    assert all(page.width < page.height for page in (title, *rest))
    sheet.write(tmp_path / "book.pdf")
    assert (tmp_path / "book.pdf").read_bytes().count(b"/Type /Page ") == 4  # 7 pages and an empty one, on two sheets
    with pytest.raises(PuzzleError, match="a booklet is a PDF"):
        sheet.write(tmp_path / "book.png")


def test_bad_arguments_are_refused(some, tmp_path):
    with pytest.raises(PuzzleError, match="ends in"):
        Sheet(some).write(tmp_path / "a.doc")
    with pytest.raises(PuzzleError, match="expected puzzles"):
        Sheet(some, per_page=5)
    with pytest.raises(PuzzleError, match="without a solution"):
        Sheet([Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], [])]).write(tmp_path / "a.pdf")
