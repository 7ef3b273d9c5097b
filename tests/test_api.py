"""From a picture to its result in one call."""

import io
import json
import pickle
import shutil

import numpy as np
import pytest
from PIL import Image

import futoshiki
from futoshiki.errors import OutputError, UnreadableFileError
from futoshiki.photo import load_photo
from futoshiki.result import Result
from tests.helpers import SAMPLES

PATH = SAMPLES / "small_4x4.jpg"
RESULT = futoshiki.solve_image(PATH)
DRAWN = futoshiki.annotate(PATH, RESULT)


def sources():
    path, data = PATH, PATH.read_bytes()
    pixels = load_photo(path).pixels
    return [path, str(path), data, memoryview(data), io.BytesIO(data), Image.open(path), pixels, load_photo(path)]


@pytest.mark.parametrize("source", sources(), ids=lambda source: type(source).__name__)
def test_a_result_draws_into_the_picture_that_it_was_read_from(source):
    result = futoshiki.solve_image(source)
    assert result.boards == RESULT.boards
    assert np.array_equal(np.asarray(result.image), DRAWN)


def test_a_result_is_equal_to_that_of_another_run_and_survives_other_processes():
    assert futoshiki.solve_image(PATH) == RESULT
    again = pickle.loads(pickle.dumps(RESULT))
    assert again == RESULT
    assert again.image.tobytes() == RESULT.image.tobytes()


def test_a_result_is_equal_to_itself_through_json():
    assert Result.from_dict(json.loads(json.dumps(RESULT.to_dict()))) == RESULT


def test_what_was_read_is_logged_for_those_who_ask(caplog):
    with caplog.at_level("INFO", "futoshiki"):
        futoshiki.solve_image(PATH)
    assert "small_4x4.jpg: solved, boards of size [4]; load" in caplog.text


def test_a_result_is_saved_as_a_picture(tmp_path):
    RESULT.save(tmp_path / "a" / "b.png")
    assert np.array_equal(np.asarray(Image.open(tmp_path / "a" / "b.png")), DRAWN)
    with pytest.raises(OutputError, match=r"\.png"):
        RESULT.save(tmp_path / "a.xyz")


def test_a_notebook_shows_the_solved_picture_in_a_moderate_size():
    image = Image.open(io.BytesIO(RESULT._repr_png_()))
    assert max(image.size) <= 800
    assert RESULT._repr_html_().startswith('<img src="data:image/png;base64,')


def test_a_picture_that_is_gone_is_told(tmp_path):
    path = shutil.copy(PATH, tmp_path)
    result = futoshiki.solve_image(path)
    (tmp_path / PATH.name).unlink()
    with pytest.raises(UnreadableFileError, match="No such file"):
        _ = result.image
    assert result._repr_png_() is None
    assert result._repr_html_().startswith("<pre>")


def test_clues_are_settled_by_their_text():
    r, c, value = RESULT.board.puzzle.given_cells[0]
    name = f"r{r + 1}c{c + 1}"
    changed = futoshiki.read_image(PATH, settled=[f"{name}={value}"])
    assert changed.board.puzzle == RESULT.board.puzzle
    assert changed.board.solution is None
    assert futoshiki.solve_image(PATH, settled=[f"{name}=0"]).board.puzzle.givens[r][c] == 0


def test_addresses_are_refused_in_a_sentence():
    for address in ("https://example.org/a.jpg", "s3://bucket/a.jpg"):
        with pytest.raises(UnreadableFileError, match="download the picture"):
            futoshiki.solve_image(address)
