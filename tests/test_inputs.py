"""What the arguments of a command stand for."""

import codecs
import json

import pytest

from futoshiki.cli.inputs import expand
from futoshiki.notation import format_game_id
from futoshiki.puzzle import Puzzle
from tests.helpers import GAME, run


@pytest.mark.parametrize("command", ["hint", "check", "grade", "explain", "solve"])
def test_long_game_ids_are_taken_by_every_command(command):
    cells = [(r, c, (r + c) % 12 + 1) for r in range(12) for c in range(12) if (r, c) != (5, 5)]
    game = format_game_id(Puzzle.of(12, cells, [(r, c, r, c + 1) for r in range(12) for c in range(11) if (r + c) % 12 < 11]))
    assert len(game) > 255
    assert run(command, game).return_value in (0, 5), run(command, game).output


@pytest.mark.parametrize(
    "arguments",
    [("--json", "a.json", "--set", "r1c1=3"), ("--json", "a.json", "-o", "out"), ("--json", "a.json", "--grid-model", "x.onnx")],
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
