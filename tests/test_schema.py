"""The schema of results that ships with the package, held against real results and against the package's own constants."""

import copy
import json
from typing import get_args

import pytest
from hypothesis import given

from futoshiki.errors import BoardStatus, Status
from futoshiki.puzzle import MAX_SIZE, MIN_SIZE
from futoshiki.reading.given import solve_puzzle
from futoshiki.resources import result_schema
from futoshiki.result import SCHEMA
from tests.helpers import GAME, SAMPLES, puzzles, run
from tests.test_result import DATA

jsonschema = pytest.importorskip("jsonschema", reason="results are compared with their schema: pip install 'futoshiki[test]'")


def closed(schema):
    """The same schema, in which no object may have a field that is not named."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {key: closed(value) for key, value in schema.items()}
    return {"additionalProperties": False, **parts} if "properties" in parts and isinstance(schema.get("type"), str) else parts


CLOSED = jsonschema.Draft202012Validator(closed(result_schema()))


def lines(*arguments):
    return [json.loads(line) for line in run("solve", "--json", *arguments).stdout.splitlines()]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(result_schema())


def test_what_solve_prints_is_as_the_schema_says_and_has_no_other_field(tmp_path):
    (tmp_path / "text.jpg").write_text("no picture")
    results = lines(SAMPLES / "hand_and_shadow.jpg", SAMPLES / "small_4x4.jpg", GAME, tmp_path / "text.jpg")
    assert [result["status"] for result in results][-1] == "unreadable_file" and len(results) == 4
    for result in results:
        CLOSED.validate(result)


@given(puzzles())
def test_results_of_puzzles_without_a_picture_are_as_the_schema_says(puzzle):
    CLOSED.validate(json.loads(json.dumps(solve_puzzle(puzzle).to_dict())))


@pytest.mark.parametrize(
    "place, field, value",
    [
        ((), "more", 1),
        ((), "schema", SCHEMA + 1),
        ((), "status", "unsolved"),
        (("boards", 0), "more", 1),
        (("boards", 0), "size", MAX_SIZE + 1),
        (("boards", 0), "confidence", 1.5),
        (("boards", 0), "solutions", 3),
        (("boards", 0, "doubts", 0), "more", 1),
        (("boards", 0, "doubts", 0), "sign", [0, 0, 0, 1]),
    ],
)
def test_a_field_that_is_new_or_has_another_value_is_noticed(place, field, value):
    data = copy.deepcopy(DATA)
    CLOSED.validate(data)
    inner = data
    for key in place:
        inner = inner[key]
    inner[field] = value
    assert not CLOSED.is_valid(data)


@pytest.mark.parametrize("place", [(), ("boards", 0), ("boards", 0, "doubts", 0)])
def test_a_field_that_goes_is_noticed(place):
    inner = DATA
    for key in place:
        inner = inner[key]
    for field in inner:
        data = copy.deepcopy(DATA)
        less = data
        for key in place:
            less = less[key]
        del less[field]
        assert not CLOSED.is_valid(data), field


def test_the_schema_has_the_versions_statuses_and_sizes_of_the_package():
    schema = result_schema()
    board = schema["$defs"]["Board"]["properties"]
    assert schema["properties"]["schema"]["const"] == SCHEMA
    assert set(schema["properties"]["status"]["enum"]) == set(get_args(Status))
    assert set(board["status"]["enum"]) == set(get_args(BoardStatus))
    assert (board["size"]["minimum"], board["size"]["maximum"]) == (MIN_SIZE, MAX_SIZE)
    assert schema["$defs"]["Grid"]["items"]["items"]["maximum"] == MAX_SIZE
