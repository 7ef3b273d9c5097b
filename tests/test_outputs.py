"""What commands write, and what they must not overwrite."""

import json
import os
import shutil
import subprocess
import sys

import cv2
import numpy as np
import pytest
from PIL import Image

from futoshiki.cli.outputs import free_path
from tests.helpers import GAME, SAMPLES, run

PHOTO = SAMPLES / "small_4x4.jpg"


@pytest.fixture
def photo(tmp_path):
    return shutil.copy(PHOTO, tmp_path / "a.jpg")


def test_segment_and_augment_do_not_overwrite_their_input(photo, tmp_path):
    video = tmp_path / "v.mp4"
    writer = cv2.VideoWriter(str(video), cv2.VideoWriter.fourcc(*"mp4v"), 5, (64, 64))
    for _ in range(3):
        writer.write(np.full((64, 64, 3), 200, np.uint8))
    writer.release()
    for command, source in (("segment", photo), ("segment", video), ("augment", photo)):
        before = video.read_bytes(), photo.read_bytes()
        assert "is an input" in str(run(command, source, "-o", source).exception)
        assert before == (video.read_bytes(), photo.read_bytes())
    assert "cannot write" in str(run("augment", photo, "-o", tmp_path / "a.xyz").exception)


def test_a_folder_is_segmented_though_one_picture_is_broken(photo, tmp_path):
    with Image.open(photo) as picture:
        picture.save(tmp_path / "a.png")
    (tmp_path / "b.jpg").write_bytes(b"junk")
    done = run("segment", tmp_path, "-o", tmp_path / "out")
    assert done.return_value == 3
    assert "b.jpg: not a picture" in done.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"a.segmented.jpg", "a.segmented.png"}


def test_earlier_results_stay_until_there_are_new_ones(tmp_path):
    results = tmp_path / "r.jsonl"
    assert run("solve", GAME, f"--json={results}").return_value == 0
    before = results.read_text()
    assert "r9c9" in str(run("solve", GAME, "--set", "r9c9=4", f"--json={results}").exception)
    assert results.read_text() == before
    assert run("solve", GAME, GAME, f"--json={results}").return_value == 0
    assert len(results.read_text().splitlines()) == 2
    assert run("solve", GAME, f"--json={results}").return_value == 0
    assert len(results.read_text().splitlines()) == 1


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_signs_pass_through_pipes_of_any_encoding(encoding):
    command = [sys.executable, "-m", "futoshiki", "solve", "4:0,0,0,0,0R,0,0,0U,0,2,0,0,1U,0,0,3,"]
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert done.returncode in (0, 5, 6)
    assert "∧" in done.stdout.decode("utf-8")
    assert not done.stderr


def test_pictures_that_were_drawn_here_are_no_inputs_beside_others(photo, tmp_path):
    assert run("solve", photo).return_value == 0
    drawn = tmp_path / "a.solved.jpg"
    done = run("solve", "--json", photo, drawn)
    assert done.return_value == 0
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == [str(photo)]
    assert f"skipped (output of an earlier run): {drawn}" in done.stderr
    assert json.loads(run("solve", "--json", drawn).stdout)["source"] == str(drawn)  # alone it is meant


def test_no_input_is_overwritten_by_another_ones_picture(tmp_path):
    taken = {tmp_path / "x.solved.jpg"}
    assert free_path(tmp_path, "x", ".solved.jpg", taken) == tmp_path / "x-2.solved.jpg"
    assert free_path(tmp_path, "x", ".solved.jpg", taken) == tmp_path / "x-3.solved.jpg"


def test_a_result_whose_picture_is_damaged_does_not_stop_the_others(photo, tmp_path):
    other = shutil.copy(PHOTO, tmp_path / "b.jpg")
    results = tmp_path / "r.jsonl"
    assert run("solve", photo, other, f"--json={results}").return_value == 0
    photo.write_bytes(b"junk")
    done = run("solve", results)
    assert done.return_value == 2
    assert "cannot draw the solution" in done.stderr
    assert (tmp_path / "b.solved.jpg").exists()
    text = results.read_text().splitlines()[1]
    data = json.loads(text)
    data["boards"][0]["cells"][0][0] = [float("nan"), 1.0]
    (tmp_path / "nan.json").write_text(json.dumps(data))
    assert "boards[0].cells[0][0][0]: nan found" in run("solve", tmp_path / "nan.json").stderr


def test_a_text_has_no_picture_to_draw_on(tmp_path):
    done = run("solve", GAME, "-o", tmp_path / "x.jpg")
    assert done.return_value == 0
    assert "no picture to draw on" in done.stderr


def test_a_picture_from_standard_input_can_be_written_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert run("solve", "-", "-o", "stdin.png", data=PHOTO.read_bytes()).return_value == 0
    assert run("hint", "-", "-o", "stdin.png", data=PHOTO.read_bytes()).return_value == 0


def test_a_grid_model_that_cannot_be_used_ends_the_command_at_once(tmp_path):
    (tmp_path / "run").mkdir()
    assert "holds no grid.onnx" in str(run("solve", GAME, PHOTO, "--grid-model", tmp_path / "run").exception)
