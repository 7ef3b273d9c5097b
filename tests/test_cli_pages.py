"""Pages of PDF and TIFF files at the command line."""

import io
import json
import sys

import numpy as np
import pytest
from PIL import Image

from futoshiki.cli.answers import Solver
from futoshiki.cli.inputs import expand
from futoshiki.documents import page, page_count
from futoshiki.errors import ExitCode
from tests.helpers import GAME, SAMPLES, run
from tests.pdf_files import encrypted, pdf_page

pytest.importorskip("pypdfium2", reason="reading PDF needs pypdfium2: pip install 'futoshiki[pdf]'")

PUZZLE = Image.open(SAMPLES / "small_4x4.jpg").convert("L")


def book(kind: str = "PDF") -> bytes:
    """A document of three pages: an empty one, and two with the same puzzle."""
    buffer = io.BytesIO()
    Image.new("L", (300, 400), 255).save(buffer, kind, save_all=True, append_images=[PUZZLE.copy(), PUZZLE.copy()])
    return buffer.getvalue()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "book.pdf"
    path.write_bytes(book())
    return path


def results(*arguments: object, data: bytes | None = None) -> list[dict]:
    return [json.loads(line) for line in run("solve", "--json", *arguments, data=data).stdout.splitlines()]


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_every_page_is_an_input_of_its_own(tmp_path, kind):
    path = tmp_path / "scan"  # its name says nothing
    path.write_bytes(book(kind))
    for argument, data, name in ((path, None, str(path)), ("-", book(kind), "stdin")):
        found = results(argument, data=data)
        assert [result["source"] for result in found] == [f"{name}, page {k}" for k in (1, 2, 3)]
        assert [result["status"] for result in found] == ["no_puzzle", "solved", "solved"]
        assert all(result["timings_ms"]["load"] > 0 for result in found)


def test_pages_are_chosen_by_number_and_by_range(path):
    def chosen(*ranges: range) -> list[int | None]:
        return [item.page for item in expand([str(path)], pages=ranges)]

    assert chosen() == [1, 2, 3]
    assert chosen(range(3, 4), range(1, 2)) == [1, 3]
    assert chosen(range(2, 4)) == [2, 3]
    assert [result["source"] for result in results(path, "--page", "2")] == [f"{path}, page 2"]
    assert run("read", path, "--page", "2-3", "--json").stdout.count('"read"') >= 2
    (refused,) = results(path, "--page", "3-9")
    assert refused["error"] == f"{path}: there is no page 9; its pages are 1 to 3"
    assert "it has one page" in results(SAMPLES / "small_4x4.jpg", "--page", "2")[0]["error"]
    assert results(GAME, "--page", "1")[0]["status"] == "solved"


@pytest.mark.parametrize("text", ["0", "3-2", "x", "1-", "-1", "1,2", "٣"])
def test_what_is_no_page_is_refused(path, text):
    assert "expected the number of a page" in str(run("solve", path, f"--page={text}").exception)


def test_solved_pages_are_pictures_with_their_numbers(path, tmp_path):
    assert run("solve", path).return_value == ExitCode.NO_PUZZLE  # the first page is empty
    assert sorted(file.name for file in tmp_path.glob("*.png")) == ["book-2.solved.png", "book-3.solved.png"]
    run("solve", path, "--page", "2", "-o", tmp_path / "out")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["book-2.solved.png"]
    assert [item.page for item in expand([str(tmp_path)])] == [1, 2, 3]  # what was drawn is no input


def test_solutions_are_drawn_into_a_copy_of_the_pdf(path, tmp_path):
    target = tmp_path / "answers.pdf"
    done = run("solve", path, "-o", target)
    assert f"written to {target}" in done.stdout
    assert [file.name for file in sorted(tmp_path.iterdir())] == ["answers.pdf", "book.pdf"]
    assert page_count(target) == 3
    differs = [bool((page(target, k).pixels != page(path, k).pixels).any()) for k in (1, 2, 3)]
    assert differs == [False, True, True]
    before = target.read_bytes()
    assert "exists already and is kept" in run("solve", path, "--page", "2", "-o", target, "--no-overwrite").stdout
    assert target.read_bytes() == before
    run("solve", "-", "--page", "3", "-o", target, data=path.read_bytes())
    assert np.array_equal(page(target, 2).pixels, page(path, 2).pixels)


def test_an_interrupted_command_keeps_the_pages_that_are_done(path, tmp_path, monkeypatch):
    answer = Solver.answer

    def interrupted(solver, item):
        if item.page == 3:
            raise KeyboardInterrupt
        return answer(solver, item)

    monkeypatch.setattr(Solver, "answer", interrupted)
    run("solve", path, "-o", tmp_path / "a.pdf")
    assert (page(tmp_path / "a.pdf", 2).pixels != page(path, 2).pixels).any()


def test_a_copy_is_of_one_pdf_and_never_the_pdf_itself(path, tmp_path):
    for inputs in ((path, SAMPLES / "small_4x4.jpg"), (SAMPLES / "small_4x4.jpg",), (GAME,)):
        assert "give one PDF as input" in str(run("solve", *inputs, "-o", tmp_path / "a.pdf").exception)
    assert "is an input: choose another output" in str(run("solve", path, "-o", path).exception)
    run("solve", path, "--page", "1", "-o", tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()  # nothing was solved


def test_commands_about_one_puzzle_ask_for_the_page(path, tmp_path):
    for command in ("hint", "check", "explain", "grade"):
        assert "has 3 pages: choose one with --page" in str(run(command, path).exception)
    assert run("hint", path, "--page", "2").return_value == 0
    assert (tmp_path / "book-2.hint1.png").exists()


def test_a_result_finds_its_page_again(path, tmp_path):
    lines = tmp_path / "book.jsonl"
    run("solve", path, "--page", "3", "--json", lines)
    assert run("solve", lines, "-o", tmp_path / "out").return_value == 0
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["book-3.solved.png"]
    assert run("hint", lines).return_value == 0
    assert (tmp_path / "book-3.hint1.png").exists()


def test_a_pdf_in_ascii_is_no_text(tmp_path):
    path = tmp_path / "book.pdf"
    path.write_bytes(pdf_page())
    assert path.read_bytes().isascii()
    for found in (results(path), results("-", data=path.read_bytes())):
        assert [result["status"] for result in found] == ["no_puzzle"]


def test_what_cannot_be_opened_costs_no_other(path, tmp_path, monkeypatch):
    locked = tmp_path / "a.pdf"
    locked.write_bytes(encrypted(b"secret"))
    found = results(tmp_path)
    assert "a.pdf: the PDF is encrypted" in found[0]["error"]
    assert [result["status"] for result in found] == ["unreadable_file", "no_puzzle", "solved", "solved"]
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    done = run("solve", path)
    assert done.return_value == ExitCode.MISSING_PART
    assert "reading PDF needs pypdfium2: pip install 'futoshiki[pdf]'" in done.stderr
