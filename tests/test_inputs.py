"""What the arguments of a command stand for."""

import codecs
import json
import os
import random
import shutil
import sys
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from futoshiki.cli import inputs
from futoshiki.cli.inputs import expand, pictures_in
from futoshiki.errors import PuzzleError, UnreadableFileError
from futoshiki.notation import format_game_id, to_dict
from futoshiki.puzzle import Puzzle
from futoshiki.solving.budget import Budget
from futoshiki.solving.generate import random_latin_square, true_signs
from tests.helpers import GAME, SAMPLES, run
from tests.spoil import spoilt

TWO = Puzzle.of(2, [(0, 0, 1)], [])


@pytest.mark.parametrize("command", ["hint", "check", "grade", "explain", "solve"])
def test_long_game_ids_are_taken_by_every_command(command):
    cells = [(r, c, (r + c) % 12 + 1) for r in range(12) for c in range(12) if (r, c) != (5, 5)]
    game = format_game_id(Puzzle.of(12, cells, [(r, c, r, c + 1) for r in range(12) for c in range(11) if (r + c) % 12 < 11]))
    assert len(game) > 255
    assert run(command, game).return_value in (0, 5), run(command, game).output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--json", "a.json", "--set", "r1c1=3"),
        ("--json", "a.json", "-o", "out"),
        ("--json", "a.json", "--page", "1"),
        ("--json", "a.json", "--grid-model", "x.onnx"),
    ],
)
def test_json_before_the_input_leaves_it_its_input(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run("solve", GAME, "--json=a.json")
    done = run("solve", *arguments)
    assert "Missing argument" not in str(done.exception)
    if "--grid-model" not in arguments:
        assert json.loads(done.stdout)["source"] == GAME


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["three.txt", "three.jsonl"])
def test_files_with_a_puzzle_on_each_line(tmp_path, name, encoding):
    path = tmp_path / name
    line = GAME if name.endswith("txt") else run("solve", "--json", GAME).stdout.strip()
    path.write_bytes(f"{line}\n{line}\n\n{line}\n".encode(encoding))
    items = list(expand([str(path)]))
    assert len(items) == 3
    assert len(run("solve", "--json", path).stdout.splitlines()) == 3
    done = run("solve", "--json", "-", data=path.read_bytes())
    assert len(done.stdout.splitlines()) == 3
    assert done.return_value == 0


def test_a_text_grid_is_one_puzzle_whatever_its_encoding(tmp_path):
    grid = "\n".join(["1 2 . .", "", ". . . .", "", ". . . .", "", ". . . ."])
    for encoding in ("utf-8", "utf-16"):
        (tmp_path / "grid.txt").write_bytes(grid.encode(encoding))
        (item,) = expand([str(tmp_path / "grid.txt")])
        assert item.given() == Puzzle.of(4, [(0, 0, 1), (0, 1, 2)], [])
    (tmp_path / "grid.txt").write_bytes(codecs.BOM_UTF16_LE + b"\x00")
    assert "not a text file" in run("read", tmp_path / "grid.txt").output


def statuses(*arguments: object, data: bytes | None = None) -> list[tuple[str, str | None]]:
    """The status and the error of each result."""
    lines = run("solve", "--json", *arguments, data=data).stdout.splitlines()
    return [(one["status"], one["error"]) for one in map(json.loads, lines)]


def test_one_bad_line_of_a_list_costs_no_other(tmp_path):
    path = tmp_path / "list.txt"
    result = run("solve", "--json", GAME).stdout.strip()
    lines = [
        "# monday",
        "",
        f"{GAME}  # easy",
        "4a:" + GAME[2:],
        "hello\x1b",
        result,
        '{"size": 2',
        json.dumps(to_dict(TWO)),
        GAME,
    ]
    path.write_text("\n".join(lines))
    for found in (
        statuses(path),
        statuses("-", data=path.read_bytes()),
        statuses("-", data=path.read_bytes().replace(b"\n", b"\r\n")),
    ):
        assert [status == "solved" for status, _ in found] == [True, False, False, True, False, True, True]
        assert "line 4: " in found[1][1]
        assert "adjacent" in found[1][1]
        assert "line 5: `hello\\x1b` found" in found[2][1]
        assert "line 7: broken JSON" in found[4][1]


def test_comments_and_documents_over_several_lines_make_no_list(tmp_path):
    grid = "# mine\n1 .\n\n. .\n# end"
    one = "# monday\n2:1,0,0,0,\n"
    document = json.dumps(to_dict(TWO), indent=1)
    board = json.loads(run("solve", "--json", GAME).stdout)
    in_lines = json.dumps({**board, "boards": 0}).replace(": 0", f": [\n{json.dumps(board['boards'][0])}\n]", 1)
    for text in (grid, one, document, in_lines):
        (item,) = expand([str(write(tmp_path / "a.txt", text))])
        given = item.given()
        assert given == TWO or given.board.puzzle.size == 4
    assert statuses(write(tmp_path / "a.txt", "# nothing")) == [("unreadable_file", f"{tmp_path}/a.txt: {EMPTY}")]


EMPTY = "empty text: expected the first row of a puzzle, such as `. < 2   .`"


def write(path, text):
    path.write_text(text)
    return path


@given(st.data())
def test_any_text_file_gives_inputs_that_are_puzzles_or_are_refused(data):
    lines = [GAME, "# c", "", "1 .", ". .", json.dumps(to_dict(TWO)), "x", '{"boards": []}']
    text = data.draw(spoilt("\n".join(data.draw(st.lists(st.sampled_from(lines), max_size=5)))))
    items = list(inputs._each_in(text.encode(data.draw(st.sampled_from(["utf-8", "utf-16"])), "surrogatepass"), "a"))
    assert items
    for item in items:
        with suppress(PuzzleError, UnreadableFileError):
            item.given()


def test_what_is_too_long_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    (tmp_path / "long.txt").write_bytes(b"\n" * (inputs.MAX_LINES + 2))
    assert "more than 100,000 lines" in statuses(tmp_path / "long.txt")[0][1]
    monkeypatch.setattr(inputs, "MAX_BYTES", 1000)
    (tmp_path / "long.txt").write_bytes(b" " * 2000)
    assert "at most" in statuses(tmp_path / "long.txt")[0][1]
    monkeypatch.setattr(inputs, "MAX_STDIN", 1000)
    assert "standard input: more than" in statuses("-", data=b" " * 2000)[0][1]
    for text in ("[" * 100_000, '{"a":' * 100_000, '{"size": ' + "9" * 5000 + "}"):
        assert "broken JSON" in str(refusal(write(tmp_path / "a.json", text), monkeypatch))


def refusal(path, monkeypatch) -> PuzzleError:
    monkeypatch.undo()
    (item,) = expand([str(path)])
    with pytest.raises(PuzzleError) as caught:
        item.given()
    return caught.value


def test_links_to_files_are_opened_and_others_explained(tmp_path):
    name = tmp_path / "my board #1 ä.txt"
    name.write_text(GAME)
    for begin in ("file://", "file://localhost", "file:", "FILE://"):
        (item,) = expand([begin + name.as_uri().removeprefix("file://")])
        assert item.given().size == 4
    (item,) = expand([(tmp_path / "my board.jpg").as_uri()])
    assert item.path == tmp_path / "my board.jpg"
    assert "download" in statuses("https://www.example.org/board.jpg")[0][1]
    assert statuses(f"https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/unequal.html#{GAME}") == [("solved", None)]
    assert statuses(f"#{GAME}") == [("solved", None)]
    assert "random seed" in statuses("5dk#123456789")[0][1]


@pytest.mark.parametrize("name", ["a\0b.txt", "\ud800.txt", "x" * 5000 + ".txt", "x" * 5000, "", "file:///a%00b.txt", "file://"])
def test_impossible_names_become_messages(name):
    ((status, error),) = statuses(name)
    assert status == "unreadable_file"
    assert error.isprintable()


def test_closed_and_broken_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    (item,) = expand(["-"])
    with pytest.raises(UnreadableFileError, match="standard input is closed"):
        item.given()
    with open(os.devnull) as closed:  # noqa: PTH123
        pass
    monkeypatch.setattr(sys, "stdin", closed)
    (item,) = expand(["-"])
    assert "closed file" in item.error


@pytest.fixture
def tree(tmp_path):
    """A folder with pictures, hidden ones, links, a pipe and folders."""
    for name in (
        "b.jpg",
        "a.JPG",
        "._a.jpg",
        ".x.png",
        "a.solved.jpg",
        "notes.txt",
        "sub/d.png",
        "sub/._d.png",
        ".git/e.png",
        "c.png/f.png",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "gone.jpg").symlink_to("nothing")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.jpg")
    return tmp_path


def test_hidden_files_pipes_and_own_drawings_are_no_pictures_of_a_folder(tree):
    assert [path.name for path in pictures_in(tree)] == ["a.JPG", "b.jpg", "gone.jpg"]
    assert [path.name for path in pictures_in(tree, recursive=True)] == ["a.JPG", "b.jpg", "f.png", "gone.jpg", "d.png"]
    assert [item.path for item in expand([str(tree)], recursive=True)] == pictures_in(tree, recursive=True)
    assert pictures_in(tree / "none") == [tree / "none"]


def test_a_result_opens_no_picture_outside_of_its_folder(tmp_path):
    inner = tmp_path / "inner"
    inner.mkdir()
    photo = shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path)
    line = run("solve", photo, "--json").stdout
    result = write(inner / "a.json", line)
    target = tmp_path / "hint.png"
    assert "no such picture in" in str(run("hint", result, "-o", target).exception)
    (inner / "link.jpg").symlink_to(photo)
    for source in ("../small_4x4.jpg", "link.jpg", "x" * 300):
        write(result, json.dumps({**json.loads(line), "source": source}))
        assert "no such picture in" in str(run("hint", result, "-o", target).exception)
        assert run("solve", result, "-o", target).return_value in (0, 2)
    assert not target.exists()
    shutil.copy(photo, inner)
    write(result, line)
    assert run("hint", result, "-o", target).return_value == 0
    assert target.exists()


@pytest.mark.parametrize("command", ["hint", "check", "explain", "grade"])
def test_a_command_has_one_budget_and_says_so_when_it_takes_long(command, monkeypatch):
    monkeypatch.setattr("futoshiki.cli.puzzles.Budget", lambda seconds=1.0: Budget(seconds))
    monkeypatch.setattr("futoshiki.cli.puzzles.PATIENCE", 0.1)
    hard = Puzzle.of(12, [], true_signs(random_latin_square(12, random.Random(1))))  # takes more than 20,000 guesses
    started = time.perf_counter()
    done = run(command, format_game_id(hard))
    assert "the time limit of 1 seconds was reached" in str(done.exception)
    assert "ends after 1 seconds at the latest" in done.stderr
    assert time.perf_counter() - started < 1.9
