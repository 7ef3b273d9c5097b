import numpy as np
import pytest
from PIL import Image

from futoshiki import solve, solve_image
from futoshiki.errors import PuzzleError
from futoshiki.puzzle import Puzzle
from futoshiki.solving.generate import generate

pytest.importorskip("matplotlib", reason="sheets need the extra `print`")
from futoshiki.drawing.print_sheet import write_sheet


@pytest.fixture(scope="module")
def some():
    return [generate(5, "easy", seed) for seed in range(5)]


def test_a_pdf_holds_all_pages_and_is_the_same_each_time(some, tmp_path):
    assert write_sheet(tmp_path / "a.pdf", some) == [tmp_path / "a.pdf"]
    write_sheet(tmp_path / "b.pdf", some)
    data = (tmp_path / "a.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert data.count(b"/Type /Page ") == 3  # four puzzles, one puzzle, the solutions
    assert data == (tmp_path / "b.pdf").read_bytes()


def test_png_and_svg_make_a_file_a_page(some, tmp_path):
    paths = write_sheet(tmp_path / "a.png", some, per_page=6)
    assert [path.name for path in paths] == ["a-1.png", "a-2.png"]
    assert write_sheet(tmp_path / "b.svg", some, per_page=6, solutions=False) == [tmp_path / "b.svg"]
    assert "<svg" in (tmp_path / "b.svg").read_text()
    page, solutions = (np.asarray(Image.open(path).convert("L")) for path in paths)
    assert page.shape == (2338, 1654)
    assert (page < 128).sum() > 20_000
    assert not np.array_equal(page, solutions)


def test_a_printed_puzzle_is_read_and_solved(tmp_path):
    puzzle = generate(6, "easy", 2)
    (path,) = write_sheet(tmp_path / "one.png", [puzzle], per_page=1, solutions=False)
    board = solve_image(path).board
    assert board.puzzle == puzzle
    assert board.solution == solve(puzzle).solution


def test_bad_arguments_are_refused(some, tmp_path):
    with pytest.raises(PuzzleError, match="ends in"):
        write_sheet(tmp_path / "a.doc", some)
    with pytest.raises(PuzzleError, match="expected puzzles"):
        write_sheet(tmp_path / "a.pdf", some, per_page=5)
    with pytest.raises(PuzzleError, match="without a solution"):
        write_sheet(tmp_path / "a.pdf", [Puzzle.of(2, [(0, 0, 1), (0, 1, 1)], [])])
