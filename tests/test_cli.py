"""The commands as a user types them, in a process of their own where that matters."""

import io
import itertools
import json
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from futoshiki import format_game_id, format_text, parse, solve, solve_image
from futoshiki.board_result import BoardResult, Doubt
from futoshiki.cli import doctor
from futoshiki.cli import main as main_module
from futoshiki.cli.answers import Answer
from futoshiki.cli.crops import print_crops
from futoshiki.cli.inputs import Input
from futoshiki.cli.main import COMMANDS, GROUPS
from futoshiki.cli.show import board_on, doubt_text, print_result
from futoshiki.clue_text import parse_clue
from futoshiki.errors import ExitCode, NoSolutionError, SeveralSolutionsError
from futoshiki.live.video import VideoWriter, frame_count
from futoshiki.photo import Photo
from futoshiki.puzzle import Cell, Edge, Puzzle
from futoshiki.result import Result
from tests.helpers import GAME, SAMPLES, run


def pixels(path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture, int)


def process(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "futoshiki", *map(str, arguments)], capture_output=True, **options)


def test_the_version_needs_no_heavy_import():
    code = "import sys; sys.argv = ['futoshiki', '--version']; from futoshiki.cli.main import main\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += "print([m for m in ('cv2', 'onnxruntime', 'torch', 'numpy', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_help_shows_examples_line_by_line_and_every_command():
    lines = [line.strip() for line in run("--help").output.splitlines()]
    assert sum(line.startswith("futoshiki ") for line in lines) == 3
    assert all(f"{group}:" in lines for group in GROUPS)
    assert all(any(line.startswith(name) for line in lines) for name in COMMANDS)


def test_a_photo_is_solved_and_the_picture_written_beside_it(tmp_path):
    photo = tmp_path / "newspaper.jpg"
    shutil.copy(SAMPLES / "newspaper.jpg", photo)
    before = photo.read_bytes()
    result = run("solve", photo)
    assert result.return_value == 0
    assert "solved" in result.output
    assert (tmp_path / "newspaper.solved.jpg").stat().st_size > 10_000
    assert photo.read_bytes() == before


def test_no_overwrite_keeps_what_is_there(tmp_path):
    target = tmp_path / "out.png"
    target.write_bytes(b"precious")
    result = run("solve", SAMPLES / "small_4x4.jpg", "-o", target, "--no-overwrite")
    assert target.read_bytes() == b"precious"
    assert "kept" in result.output


def test_json_is_one_object_a_line_and_nothing_else(tmp_path):
    done = process("solve", "--json", SAMPLES / "newspaper.jpg", SAMPLES / "small_4x4.jpg", cwd=tmp_path)
    lines = done.stdout.decode().splitlines()
    assert [json.loads(line)["source"].split("/")[-1] for line in lines] == ["newspaper.jpg", "small_4x4.jpg"]
    assert list(tmp_path.iterdir()) == []
    assert done.returncode == 0


def test_json_to_a_file(tmp_path):
    target = tmp_path / "out.jsonl"
    assert run("solve", "--json", target, SAMPLES / "small_4x4.jpg").return_value == 0
    assert run("solve", f"--json={target}", SAMPLES / "small_4x4.jpg").return_value == 0
    assert json.loads(target.read_text())["status"] == "solved"


def test_json_does_not_overwrite_what_it_did_not_write(tmp_path):
    target = tmp_path / "notes.json"
    target.write_text("my notes")
    result = run("solve", f"--json={target}", SAMPLES / "small_4x4.jpg")
    assert "not overwritten" in str(result.exception)
    assert target.read_text() == "my notes"


def test_an_output_that_is_an_input_is_refused_before_anything_is_done(tmp_path):
    target = tmp_path / "a.json"
    target.write_text(run("solve", "--json", SAMPLES / "small_4x4.jpg").output)
    before = target.read_text()
    assert "is an input" in str(run("solve", f"--json={target}", target).exception)
    assert run("solve", "--json", target, target).return_value == 0
    photo = tmp_path / "a.jpg"
    shutil.copy(SAMPLES / "small_4x4.jpg", photo)
    assert "is an input" in str(run("solve", photo, "-o", photo).exception)
    assert target.read_text() == before
    assert photo.read_bytes() == (SAMPLES / "small_4x4.jpg").read_bytes()


def test_two_inputs_of_one_name_get_two_pictures(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path / name / "1.jpg")
    run("solve", tmp_path / "a" / "1.jpg", tmp_path / "b" / "1.jpg", "-o", tmp_path / "out", "-q")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["1-2.solved.jpg", "1.solved.jpg"]


def test_a_long_game_id_and_odd_names_are_no_trouble(tmp_path):
    long_id = format_game_id(Puzzle.blank(15))
    assert json.loads(run("solve", "--json", long_id).output)["status"] == "ambiguous"
    photo = tmp_path / "photo[copy] [b].jpg"
    shutil.copy(SAMPLES / "small_4x4.jpg", photo)
    assert "photo[copy] [b].jpg: solved" in run("solve", photo).output


def test_texts_game_ids_json_and_standard_input_are_solved_too(tmp_path):
    puzzle = parse(GAME)
    text = tmp_path / "puzzle.txt"
    text.write_text(format_text(puzzle))
    for arguments, data in (((GAME,), None), ((text,), None), (("-",), GAME.encode()), (("-",), text.read_bytes())):
        result = run("solve", "--json", *arguments, data=data)
        document = json.loads(result.output)
        assert document["boards"][0]["game_id"] == GAME
    photo = run("solve", "--json", SAMPLES / "small_4x4.jpg").output
    again = tmp_path / "result.json"
    again.write_text(photo)
    assert json.loads(run("solve", "--json", again).output)["boards"][0]["solution"]


def test_a_picture_on_standard_input(tmp_path):
    done = process("solve", "--json", "-", input=(SAMPLES / "small_4x4.jpg").read_bytes(), cwd=tmp_path)
    assert json.loads(done.stdout)["status"] == "solved"


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("empty.jpg", b"", "unreadable_file", 3),
        ("text.png", b"not a picture", "unreadable_file", 3),
        ("broken.txt", b"1 ? 2", "unreadable_file", 3),
        ("none.json", b'{"size": 4}', "unreadable_file", 3),
        ("impossible.txt", b"1   1\n\n.   .", "contradictory", 5),
        ("several.txt", b".   .\n\n.   .", "ambiguous", 6),
    ],
)
def test_each_outcome_has_its_exit_code_and_says_what_is_wrong(tmp_path, name, content, status, code):
    path = tmp_path / name
    path.write_bytes(content)
    result = run("solve", "--json", path)
    document = json.loads(result.output)
    assert document["status"] == status
    assert result.return_value == code
    assert bool(document["error"]) == (status == "unreadable_file")


def test_of_several_inputs_all_are_done_and_the_worst_code_counts(tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"x")
    result = run("solve", "--json", bad, SAMPLES / "small_4x4.jpg", GAME)
    assert len(result.output.splitlines()) == 3
    assert result.return_value >= 3


def test_a_missing_file_and_a_folder_without_pictures(tmp_path):
    assert run("solve", "--json", tmp_path / "none.jpg").return_value == 3
    result = run("solve", "--json", tmp_path, GAME)
    assert result.return_value == 3
    assert ["holds no pictures" in (json.loads(line)["error"] or "") for line in result.output.splitlines()] == [True, False]


def test_usage_errors_exit_with_2():
    assert process("solve").returncode == 2
    assert process("nonsense").returncode == 2


def test_a_folder_stands_for_its_pictures(tmp_path):
    shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path / "a.jpg")
    shutil.copy(SAMPLES / "newspaper.jpg", tmp_path / "b.jpg")
    result = run("solve", tmp_path, "-o", tmp_path / "out", "-q")
    assert result.return_value == 0
    assert result.output == ""
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.solved.jpg", "b.solved.jpg"]


def test_read_prints_the_clues_and_their_game_id_only():
    result = run("read", SAMPLES / "newspaper.jpg")
    assert "8 x 8, 3 digits, 32 signs" in result.output
    assert "8:" in result.output
    assert json.loads(run("read", "--json", SAMPLES / "newspaper.jpg").output)["boards"][0]["solution"] is None


def test_evaluate_prints_a_table_or_csv():
    assert "corner IoU" in process("evaluate", SAMPLES, env={"COLUMNS": "200", "PATH": ""}).stdout.decode()
    lines = run("evaluate", SAMPLES, "--csv").output.splitlines()
    assert lines[0].startswith("name,group,status")
    assert len(lines) == len(list(SAMPLES.glob("*.json"))) + 1


def test_evaluate_takes_pictures_of_any_case_and_names_broken_truths(tmp_path):
    shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path / "a.JPG")
    shutil.copy(SAMPLES / "small_4x4.json", tmp_path / "a.json")
    done = run("evaluate", tmp_path, "--csv")
    assert [line.split(",")[0] for line in done.stdout.splitlines()] == ["name", "a"]
    assert b"\r" not in done.stdout_bytes
    for text in ("{", "[]"):
        (tmp_path / "a.json").write_text(text)
        assert "a.json: not a truth file" in str(run("evaluate", tmp_path).exception)


def test_doctor_finds_this_installation_sound():
    result = run("doctor")
    assert "sample solved" in result.output
    assert "model grid.onnx" in result.output


def test_doctor_goes_on_to_the_end_where_a_part_is_missing(monkeypatch):
    def version(package: str) -> str:
        if package in ("numpy", "opencv-python-headless"):
            raise metadata.PackageNotFoundError
        return "1.0"

    monkeypatch.setattr(metadata, "version", version)
    found = list(doctor.findings())
    assert [one.text for one in found if one.remedy] == ["numpy is missing"]
    assert "are missing" in found[-1].text


def test_doctor_recognises_the_two_opencvs_and_prints_the_fix():
    clash = doctor.opencv_clash("4.12.0.88", "4.12.0.88", False)
    assert clash.remedy
    assert "pip uninstall" in clash.remedy
    assert "opencv-python==4.12.0.88" in clash.remedy
    assert doctor.opencv_clash("4.12.0.88", None, True).remedy is None


def test_hints_come_in_levels_and_checks_give_nothing_away():
    levels = [run("hint", GAME, "--level", level).stdout.splitlines() for level in (1, 2, 3)]
    assert [len(lines) for lines in levels] == [1, 2, 3]
    assert levels[2][:2] == levels[1]
    assert " is " in levels[2][2]
    solution = solve(parse(GAME)).solution
    right = f"r1c2={solution[0][1]}"
    wrong = f"r1c2={solution[0][1] % 4 + 1}"
    assert "no mistake" in run("check", GAME, "--entries", right).output
    result = run("check", GAME, "--entries", wrong)
    assert (result.return_value, result.output) == (5, "wrong: r1c2\n")
    assert "wrong" in run("hint", GAME, "--entries", wrong).output
    assert "expected a cell" in str(run("check", GAME, "--entries", "r1=2").exception)
    assert process("check", GAME, "--entries", "r1=2").returncode == 2
    assert process("check", GAME, "--entries", "r9c9=2").returncode == 2
    assert "name one" in str(run("grade", SAMPLES).exception)


def test_explain_and_grade():
    assert run("grade", GAME).stdout.startswith("trivial, score")
    assert "hidden single" in run("explain", GAME).stdout or "naked single" in run("explain", GAME).stdout
    steps = [json.loads(line) for line in run("explain", GAME, "--json").stdout.splitlines()]
    assert set(steps[0]) == {"placed", "why", "details", "cells", "steps"}
    assert set(steps[0]["steps"][0]) == {"technique", "cells", "removed", "placed", "line", "values", "sentence"}
    assert isinstance(run("grade", "2:0,0,0,0,").exception, SeveralSolutionsError)
    assert isinstance(run("explain", "2:0,0,0,0,").exception, SeveralSolutionsError)
    assert isinstance(run("grade", "2:1,1,0,0,").exception, NoSolutionError)
    assert "8 x 8" in run("read", SAMPLES / "newspaper.jpg").output
    assert run("grade", SAMPLES / "newspaper.jpg").return_value == 0


def test_helpers_end_with_the_code_of_what_was_wrong(tmp_path):
    assert process("grade", tmp_path / "none.jpg").returncode == 3
    contradictory = process("hint", "2:1,1,0,0,", text=True)
    assert contradictory.returncode == 5
    assert "r1c1=1 and r1c2=1" in contradictory.stderr
    assert process("check", "2:0,0,0,0,").returncode == 6


def test_solving_says_what_is_wrong_with_a_puzzle():
    assert "contradict each other: r1c1=1 and r1c2=1" in run("solve", "2:1,1,0,0,").output
    output = run("solve", "2:0,0,0,0,").output
    assert "another differs at r1c1, r1c2, r2c1 and r2c2" in output
    assert output.count("1  1     2") == output.count("1  2     1") == 1


def test_hints_and_mistakes_are_drawn_on_the_photo(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes((SAMPLES / "newspaper.jpg").read_bytes())
    height = len(pixels(photo))
    assert run("hint", photo, "--level", 3).return_value == 0
    drawn = pixels(tmp_path / "photo.hint3.jpg")
    assert len(drawn) > height + 40
    assert (np.abs(pixels(photo) - drawn[:height]).max(axis=-1) > 100).sum() > 100
    board = solve_image(photo).board
    r, c = next((r, c) for r in range(8) for c in range(8) if not board.puzzle.givens[r][c])
    wrong = f"r{r + 1}c{c + 1}={board.solution[r][c] % 8 + 1}"
    crossed = tmp_path / "crossed.png"
    assert run("check", photo, "--entries", wrong, "-o", crossed).return_value == 5
    assert len(pixels(crossed)) > height
    assert "choose another output" in str(run("hint", photo, "-o", photo).exception)
    assert "nothing to draw on" in str(run("hint", GAME, "-o", crossed).exception)
    assert run("solve", "--json", tmp_path).output.count("schema") == 2  # photo.jpg and crossed.png, not the hint


def test_generated_puzzles_come_as_ids_json_and_sheets(tmp_path):
    ids = run("generate", "-n", 2, "--seed", 1).output.split()
    assert len(ids) == 2
    assert run("grade", ids[0]).stdout.startswith("easy")
    line = json.loads(run("generate", "--seed", 1, "--json").output)
    assert line["game_id"] == ids[0]
    assert line["difficulty"] == "easy"
    assert "(seed 1)" in run("generate", "--seed", 1, "-o", tmp_path / "a.svg", "--no-solutions").stderr
    assert (tmp_path / "a.svg").stat().st_size > 1000
    assert run("generate", "-n", 2, "-o", tmp_path / "book.pdf", "--booklet").return_value == 0
    assert (tmp_path / "book.pdf").read_bytes().count(b"/Type /Page ") == 2  # title, puzzles, solutions and an empty page
    piped = run("solve", "--json", "-", data="\n".join(ids).encode())
    assert [json.loads(line)["status"] for line in piped.output.splitlines()] == ["solved", "solved"]
    assert "ends in .pdf" in str(run("generate", "-o", tmp_path / "a.doc").exception)
    assert "ends in .pdf" in str(run("generate", "-o", tmp_path / "a.png", "--booklet").exception)
    assert "add -o puzzles.pdf" in str(run("generate", "--booklet").exception)
    assert "no recursive puzzle of size 3" in str(run("generate", "-s", 3, "-d", "recursive").exception)


def test_every_input_has_its_own_time(monkeypatch):
    clock = SimpleNamespace(perf_counter=itertools.count(0, 11).__next__)  # 11 seconds pass each time
    left = []
    monkeypatch.setattr("futoshiki.solving.budget.time", clock)
    monkeypatch.setattr("futoshiki.reading.given.solve", lambda puzzle, timeout: left.append(timeout) or solve(puzzle))
    assert run("solve", GAME, GAME, GAME).return_value == 0
    assert len(left) == 3
    assert min(left) > 0


@pytest.mark.parametrize(
    ("doubt", "says"),
    [
        (Doubt(Cell(8, 4), "blank", 0.7, "4", False), "r9c5: read as blank (70%), or 4; to change it: --set r9c5=4"),
        (Doubt(Cell(0, 0), "blank", 0.4, "4", True), "r1c1: read as blank (40%), corrected to 4; to change it: --set r1c1=0"),
        (Doubt(Edge.between((0, 0), (1, 0)), "∨", 0.7, "none", False), '--set "r1c1|r2c1"'),
        (Doubt(Edge.between((0, 0), (1, 0)), "∨", 0.4, "∧", True), '--set "r1c1>r2c1"'),
    ],
)
def test_a_doubt_says_how_to_choose_the_other_reading(doubt, says):
    text = doubt_text(doubt, remedy=True)
    assert says in text
    parse_clue(text.split("--set ")[1].strip('"'))


def test_errors_name_their_input_once(tmp_path):
    missing = tmp_path / "none.jpg"
    for command in ("solve", "hint"):
        assert run(command, missing).stderr.startswith(f"{missing}: No such file")
    (tmp_path / "one.txt").write_text("h")
    assert "1 line: a puzzle has at least 3" in run("solve", tmp_path / "one.txt").stderr


def test_a_clue_in_doubt_is_named_once(tmp_path):
    for options in ((), ("--explain-reading",)):
        done = run("solve", SAMPLES / "puzzle_book_9x9.jpg", *options, "-o", tmp_path / "a.jpg")
        assert done.stdout.count("read as blank") == 1


def test_a_clue_can_be_set_and_a_result_corrected_and_given_back(tmp_path):
    photo = shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path)
    read = json.loads(run("solve", photo, "--json").stdout)
    board = read["boards"][0]
    r, c = next((r, c) for r, row in enumerate(board["givens"]) for c, value in enumerate(row) if value)
    wrong = board["givens"][r][c] % board["size"] + 1
    changed = json.loads(run("solve", photo, "--json", "--set", f"r{r + 1}c{c + 1}={wrong}").stdout)["boards"][0]
    assert changed["givens"][r][c] == wrong
    assert changed["solution"] != board["solution"]

    board["givens"][r][c] = wrong
    (tmp_path / "edited.json").write_text(json.dumps(read))
    again = run("solve", tmp_path / "edited.json", "--json", "-o", tmp_path / "out.png")
    assert json.loads(again.stdout)["boards"][0]["solution"] == changed["solution"]
    assert (tmp_path / "out.png").exists() == (changed["solution"] is not None)

    assert "outside the 4 x 4" in str(run("solve", photo, "--set", "r9c1=1").exception)
    assert "one input" in str(run("solve", photo, photo, "--set", "r1c1=1").exception)
    assert process("solve", photo, "--set", "r9c1=1").returncode == 2


def test_each_line_of_a_result_file_is_an_input(tmp_path):
    lines = run("solve", "2:1,0,0,0,", "2:2,0,0,0,", "--json").stdout
    (tmp_path / "results.jsonl").write_text(lines)
    again = [json.loads(line) for line in run("solve", tmp_path / "results.jsonl", "--json").stdout.splitlines()]
    assert [one["boards"][0]["solution"][0][0] for one in again] == [1, 2]


def test_a_board_that_is_cut_off_is_called_that(tmp_path):
    with Image.open(SAMPLES / "newspaper.jpg") as picture:
        truth = json.loads((SAMPLES / "newspaper.json").read_text())
        right = max(x for x, _ in (truth["cells"][0][-2], truth["cells"][-1][-2]))
        pitch = truth["cells"][0][1][0] - truth["cells"][0][0][0]
        picture.crop((0, 0, round(right + 0.5 * pitch), picture.height)).save(tmp_path / "cut.png")
    found = json.loads(run("solve", tmp_path / "cut.png", "--json").stdout)
    assert found["status"] != "solved"
    assert found["boards"]
    assert all(board["cut"] for board in found["boards"])
    assert "cut off" in run("solve", tmp_path / "cut.png").output


def test_doubtful_clues_are_shown_as_they_look():
    console = Console(force_terminal=True, color_system="truecolor", width=60, record=True, file=io.StringIO())
    cells = tuple(tuple((20.0 + 40 * c, 20.0 + 40 * r) for c in range(4)) for r in range(4))
    doubt = Doubt(Cell(1, 2), "3", 0.7, "8", False)
    board = BoardResult("doubtful", Puzzle.blank(4), 0.7, (), cells, None, 2, doubts=(doubt,))
    pixels = np.full((160, 160, 3), 255, np.uint8)
    pixels[50:70, 95:105] = (200, 0, 0)
    answer = Answer(Input("x"), Result("x", "doubtful", (board,)), ExitCode.DOUBTFUL, Photo(pixels, "x"))
    print_crops(console, answer, answer.result.boards)
    shown = console.export_text(styles=True)
    assert "r2c3: read as 3 (70%), or 8" in shown
    assert "38;2;200;0;0" in shown
    assert shown.count("▀") == 28 * 14


def test_a_result_in_json_leads_back_to_its_picture(tmp_path):
    photo = shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path)
    before = (tmp_path / "small_4x4.jpg").read_bytes()
    result = tmp_path / "a.json"
    result.write_text(run("solve", photo, "--json").stdout)
    assert run("hint", result, "-o", tmp_path / "hint.png").return_value == 0
    assert (tmp_path / "hint.png").exists()
    assert run("solve", result, "-o", photo).return_value == 2
    assert (tmp_path / "small_4x4.jpg").read_bytes() == before
    piped = run("solve", "-", "--json", data=result.read_bytes())
    assert json.loads(piped.stdout)["status"] == "solved"


@pytest.mark.parametrize(
    "change, says",
    [
        ({"corners": []}, "corners four"),
        ({"cells": [[[1, 2]]]}, "rows of 4 points"),
        ({"givens": None}, "not a result"),
        ({"size": "x"}, "not a result"),
    ],
)
def test_a_result_that_was_spoilt_is_refused_with_a_reason(tmp_path, change, says):
    data = json.loads(run("solve", SAMPLES / "small_4x4.jpg", "--json").stdout)
    data["boards"][0].update(change)
    (tmp_path / "a.json").write_text(json.dumps(data))
    again = json.loads(run("solve", tmp_path / "a.json", "--json").stdout)
    assert again["status"] == "unreadable_file"
    assert says in again["error"]


@pytest.mark.parametrize("command", ["solve", "read", "hint", "check", "explain", "grade"])
def test_a_game_id_needs_no_pictures_and_no_networks(command):
    code = f"import sys; sys.argv = ['futoshiki', '{command}', '{GAME}']\nfrom futoshiki.cli.main import main\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += "print([m for m in ('cv2', 'onnxruntime', 'torch', 'numpy', 'PIL') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def started(*arguments: object, **streams: object) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "futoshiki", *map(str, arguments)]
    return subprocess.run(command, text=True, timeout=60, **{"stderr": subprocess.PIPE, **streams})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_one_sentence_and_a_code_of_its_own():
    with Path("/dev/full").open("w") as full:
        done = started("solve", GAME, stdout=full)
    assert done.returncode == ExitCode.CANNOT_WRITE
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGPIPE")
@pytest.mark.parametrize("options", [["--json"], []])
def test_a_reader_that_has_seen_enough_is_no_failure(tmp_path, options):
    (tmp_path / "many.txt").write_text(f"{GAME}\n" * 300)
    command = [sys.executable, "-m", "futoshiki", "solve", *options, tmp_path / "many.txt"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell that closes streams")
@pytest.mark.parametrize(("redirection", "code"), [("<&-", 3), (">&-", 3), ("2>&-", 3)])
def test_closed_streams_end_in_an_exit_code(redirection, code):
    line = f"{sys.executable} -m futoshiki solve - {redirection}"
    done = subprocess.run(line, shell=True, input="", capture_output=True, text=True)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_a_bug_is_a_sentence_and_shows_its_traceback_when_asked(monkeypatch, capsys):
    def broken(**_: object) -> int:
        raise RuntimeError("oops")

    monkeypatch.setattr(main_module, "cli", broken)
    with pytest.raises(SystemExit) as end:
        main_module.main()
    assert end.value.code == ExitCode.FAILED
    assert "unexpected RuntimeError: oops; please report it" in capsys.readouterr().err
    monkeypatch.setenv(main_module.DEBUG, "1")
    with pytest.raises(RuntimeError):
        main_module.main()


def test_control_characters_in_names_are_escaped(tmp_path):
    done = run("solve", tmp_path / "a\x1b[31mb.jpg")
    assert "\x1b" not in done.output + done.stderr
    assert r"a\x1b[31mb.jpg" in done.stderr


def test_a_narrow_terminal_gets_a_board_that_does_not_wrap(monkeypatch):
    monkeypatch.setenv("COLUMNS", "12")
    rows = [line for line in run("solve", GAME).output.splitlines()[1:] if line.strip()]
    assert len(rows) == 5
    assert max(map(len, rows)) == 9


def test_entries_are_told_and_which_of_them_are_wrong():
    puzzle = parse(GAME)
    solution = solve(puzzle).solution
    assert solution
    console = Console(record=True, width=120, highlight=False, file=io.StringIO())
    blank = next((r, c) for r, c in np.ndindex(4, 4) if not puzzle.givens[r][c])
    right = solution[blank[0]][blank[1]]
    for value, told in ((right, "all of these are right"), (right % 4 + 1, "of these wrong: r")):
        board = BoardResult("solved", puzzle, 1.0, (), (), solution, 1, entries=((*blank, value),))
        print_result(console, Result("a.jpg", "solved", (board,)))
        text = console.export_text()
        assert "entered by the player, not used as clues" in text
        assert told in text


def test_subfolders_are_read_when_asked(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    Image.new("RGB", (40, 30)).save(tmp_path / "in" / "a.png")
    Image.new("RGB", (40, 30)).save(tmp_path / "in" / "deep" / "b.png")
    for options, count in (((), 1), (("--recursive",), 2)):
        assert len(run("read", "--json", *options, tmp_path / "in").stdout.splitlines()) == count
        assert run("segment", *options, tmp_path / "in", "-o", tmp_path / f"out{count}").return_value == 0
        assert len(list((tmp_path / f"out{count}").iterdir())) == count


def test_labels_of_one_category_are_scored_when_asked(tmp_path):
    Image.new("RGB", (80, 60)).save(tmp_path / "p0.jpg")
    square = [5, 5, 60, 5, 60, 50, 5, 50]
    annotations = [{"id": k, "image_id": 1, "category_id": k, "segmentation": [square]} for k in (1, 2)]
    names = [{"id": 1, "name": "puzzle"}, {"id": 2, "name": "other"}]
    images = [{"id": 1, "file_name": "p0.jpg"}]
    (tmp_path / "c.json").write_text(json.dumps({"images": images, "annotations": annotations, "categories": names}))
    assert "mean of 1" in run("evaluate", tmp_path / "c.json", "--category", "puzzle").stdout
    assert "puzzle" in str(run("evaluate", tmp_path / "c.json", "--category", "board").exception)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("givens", [[0, 0, 9]]), ("less", [[0, 0, 0]]), ("solution", [[1, 2]]), ("corners", [[0, 0]]), ("cells", [[[0, "x"]]]),
        ("size", "4"),
    ],
)  # fmt: skip
def test_a_broken_field_of_a_truth_is_named(tmp_path, field, value):
    Image.new("RGB", (40, 30)).save(tmp_path / "a.png")
    truth = {"size": 4, "givens": [[0, 0, 1]], "less": [[0, 0, 0, 1]], field: value}
    (tmp_path / "a.json").write_text(json.dumps(truth))
    assert field in str(run("evaluate", tmp_path).exception)


def test_a_terminal_without_the_signs_gets_those_of_ascii():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    text = board_on(Console(file=stream, width=80), parse("4:0D,0,0,0,0,0D,0,0,0,0,0,0,0,0,0,0,")).plain
    assert text.isascii()
    assert "v" in text


@pytest.mark.parametrize("command", ["solve", "read", "hint", "check", "explain", "grade", "live", "segment", "evaluate"])
def test_every_command_that_looks_at_photos_takes_another_grid_network(command, tmp_path):
    source = SAMPLES if command == "evaluate" else SAMPLES / "newspaper.jpg"
    others = {"live": ["--no-window", "--source", SAMPLES], "segment": [source, "-o", tmp_path / "out.png"]}
    result = run(command, *others.get(command, [source]), "--grid-model", tmp_path)
    assert f"{tmp_path} holds no grid.onnx" in str(result.exception)


def test_help_and_faults_of_training_commands_need_no_torch(tmp_path):
    (tmp_path / "labels.json").write_text("{}")
    for arguments in (
        ["train", "masks", "--help"],
        *(["train", name, "--help"] for name in ("grid", "clues", "text", "export")),
        ["train", "masks", str(tmp_path / "labels.json"), "-o", "run"],
    ):
        code = f"import sys; sys.argv = ['futoshiki', *{arguments}]; sys.modules['torch'] = None\n"
        code += "from futoshiki.cli.main import main\nmain()\n"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert done.returncode == (0 if "--help" in arguments else 3), done.stderr
        assert "torch" not in done.stderr


def test_a_missing_training_package_is_named_with_its_extra():
    assert (
        main_module.explain_import("this command", ImportError("none", name="torch.nn"))
        == "this command needs torch.nn: pip install 'futoshiki[train]'"
    )


def test_a_mask_is_black_and_white_and_stands_beside_its_photo(tmp_path):
    shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path / "a.jpg")
    assert run("segment", tmp_path / "a.jpg", "--mask").return_value == 0
    with Image.open(tmp_path / "a.mask.png") as mask:
        assert (mask.mode, mask.size, sorted(np.unique(mask))) == ("L", (768, 1024), [0, 255])
    for options in ((), ("--raw",), ("--heat",), ("--visible",)):
        assert run("segment", tmp_path / "a.jpg", *options).return_value == 0
        with Image.open(tmp_path / "a.segmented.jpg") as drawn:
            assert drawn.size == (768, 1024)
    assert run("segment", tmp_path).return_value == 0  # what was drawn before is not drawn on again
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jpg", "a.mask.png", "a.segmented.jpg"]


@pytest.mark.parametrize("options", [("--raw", "--heat"), ("--heat", "--mask"), ("--heat", "--visible"), ("--raw", "--visible")])
def test_pictures_of_a_segmentation_exclude_each_other(options):
    assert "stands alone" in str(run("segment", SAMPLES / "turned.jpg", *options).exception)


def test_outputs_of_a_segmentation_that_cannot_be_are_refused(tmp_path):
    (tmp_path / "clip.mp4").touch()
    (tmp_path / "file").touch()
    assert ".mp4 or .gif" in str(run("segment", tmp_path / "clip.mp4", "-o", tmp_path / "a.png").exception)
    assert "every pixel" in str(run("segment", SAMPLES / "turned.jpg", "--mask", "-o", tmp_path / "a.jpg").exception)
    assert "is a file" in str(run("segment", SAMPLES, "-o", tmp_path / "file").exception)


def test_a_video_becomes_a_mask_video_in_a_folder(tmp_path):
    with VideoWriter(tmp_path / "v.mp4", 30) as video:
        for level in (90, 120, 150):
            video.add(np.full((96, 128, 3), level, np.uint8))
    (tmp_path / "out").mkdir()
    for options in ((), ("--mask",), ("--raw",), ("--heat",)):
        assert run("segment", tmp_path / "v.mp4", *options, "-o", tmp_path / "out").return_value == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["v.mask.mp4", "v.segmented.mp4"]
    assert frame_count(tmp_path / "out" / "v.mask.mp4") == 3


@pytest.mark.parametrize(("command", "package"), [("web", "starlette"), ("web", "anyio"), ("this command", "cryptography.x509")])
def test_a_missing_package_of_the_web_server_is_named_with_its_extra(command, package):
    assert main_module.explain_import(command, ImportError("none", name=package)).endswith("pip install 'futoshiki[web]'")


def test_json_does_without_what_only_a_terminal_needs():
    """Loading rich takes a tenth of the time of the whole command."""
    code = (
        "import sys; from futoshiki.cli.main import cli\n"
        "cli(['solve', '--json', sys.argv[1]], standalone_mode=False)\n"
        "print([name for name in ('rich', 'torch', 'scipy', 'dask') if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, str(SAMPLES / "small_4x4.jpg")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer, loaded = done.stdout.splitlines()
    assert json.loads(answer)["status"] == "solved"
    assert loaded == "[]"
