"""The HTTP API: its answers, its limits, and the document that describes it."""

import asyncio
import io
import json
import sys
import threading
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.web_client import HEADER, HOST, JPEG, Client

jsonschema = pytest.importorskip("jsonschema", reason="answers are compared with their schemas: pip install 'futoshiki[test]'")

from futoshiki.clue_text import parse_clue
from futoshiki.errors import TimeUp
from futoshiki.live.session import Session
from futoshiki.notation import parse
from futoshiki.reading.given import solve_puzzle
from futoshiki.reading.reader import default_reader
from futoshiki.result import Result
from futoshiki.solving.budget import Budget
from futoshiki.web.answers import Answers
from futoshiki.web.application import Service
from futoshiki.web.bodies import json_in, picture_in
from futoshiki.web.errors import BusyError, RequestError, status_of
from futoshiki.web.limits import FRAME_BYTES, JSON_BYTES, PHOTO_BYTES, WAITING
from futoshiki.web.openapi import document
from futoshiki.web.page_files import page_files
from futoshiki.web.sessions import LiveSessions
from futoshiki.web.work import WorkQueue
from tests.helpers import GAME, SAMPLES

NEWSPAPER = (SAMPLES / "newspaper.jpg").read_bytes()
UNSOLVABLE, SEVERAL = "4:1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,", "4:0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"


@pytest.fixture(scope="module")
def client():
    return Client()


@pytest.fixture(scope="module")
def read():
    """The result for a sample, as the package itself gives it."""
    return default_reader().read(NEWSPAPER)


def picture_of(width, height, kind="PNG"):
    """A blank picture file that is small however many pixels it has."""
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, kind)
    return buffer.getvalue()


def question(puzzle=GAME, **fields):
    """A question about a puzzle that was not read here."""
    return {"result": solve_puzzle(parse(puzzle)).to_dict(), **fields}


def schema(name):
    """A schema of the API, with those that it refers to."""
    return {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}


def fields(name):
    """The names of the fields that a schema of the API has."""
    named = document()["components"]["schemas"][name]
    return named.get("properties", {}).keys() | {
        field
        for part in named.get("allOf", ())
        for field in (fields(part["$ref"].rsplit("/", 1)[-1]) if "$ref" in part else part["properties"])
    }


# --- pictures ---


def test_a_picture_gets_the_result_that_the_package_gives_and_its_size(client, read):
    answer = client.picture("/api/solve", NEWSPAPER)
    with Image.open(io.BytesIO(NEWSPAPER)) as image:
        size = {"width": image.width, "height": image.height}
    assert answer.status_code == 200
    assert answer.json()["picture"] == size
    assert Result.from_dict(answer.json()).boards == read.boards


def test_a_picture_may_come_in_a_form(client, read):
    answer = client.post("/api/solve", data={"other": "field"}, files={"file": ("name.jpg", NEWSPAPER, "image/jpeg")})
    assert Result.from_dict(answer.json()).boards == read.boards


def test_places_are_given_in_the_upright_picture(client):
    answer = client.picture("/api/solve", (SAMPLES / "turned.jpg").read_bytes()).json()
    corners = np.array(answer["boards"][0]["corners"])
    assert (corners >= 0).all()
    assert (corners <= [answer["picture"]["width"], answer["picture"]["height"]]).all()


def test_a_picture_without_a_puzzle_is_answered_with_a_result(client):
    answer = client.picture("/api/solve", picture_of(300, 200))
    assert (answer.status_code, answer.json()["status"], answer.json()["boards"]) == (200, "no_puzzle", [])


@pytest.mark.parametrize(
    ("headers", "content", "status", "words"),
    [
        (JPEG, b"", 415, "empty"),
        (JPEG, b"no picture", 415, "not a picture"),
        (JPEG, b"%PDF-1.7\n", 415, "PDF is not taken here"),
        (JPEG, NEWSPAPER[:2000], 415, "damaged"),
        (JPEG, b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "not a picture"),
        (JPEG, picture_of(8000, 5001), 413, "more than 40 million pixels"),
        ({**HEADER, "Content-Type": "text/plain"}, NEWSPAPER, 415, "content type"),
        (HEADER, NEWSPAPER, 415, "content type"),
        ({**HEADER, "Content-Type": "multipart/form-data; boundary=b"}, b'--b\r\nA: "\r\n\r\nx\r\n--b--', 400, "no field `file`"),
        ({**HEADER, "Content-Type": "multipart/form-data"}, b"", 400, "no field `file`"),
    ],
)
def test_what_is_no_picture_is_refused_with_a_sentence(client, headers, content, status, words):
    answer = client.post("/api/solve", headers=headers, content=content)
    assert (answer.status_code, list(answer.json())) == (status, ["error"])
    assert words in answer.json()["error"]


@given(st.binary(max_size=200), st.text("ABCabc019'()+_,./:=?-", min_size=1, max_size=60))
def test_a_form_gives_back_exactly_the_bytes_of_its_picture(content, boundary):
    mark = b"--" + boundary.encode()
    body = mark + b'\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    body += mark + b'\r\nContent-Disposition: form-data; name="file"; filename="b"\r\n\r\n' + content + b"\r\n" + mark + b"--\r\n"
    if mark not in content:
        assert picture_in(f'multipart/form-data; boundary="{boundary}"', body) == content


@given(st.text(max_size=80), st.binary(max_size=300))
def test_any_body_is_a_picture_or_refused(content_type, body):
    for kind in (content_type, f"multipart/form-data; boundary={content_type}"):
        try:
            assert isinstance(picture_in(kind.encode("latin-1", "replace").decode("latin-1"), body), bytes)
        except RequestError as error:
            assert error.status in (400, 415)


# --- clues, hints, entries ---


def test_a_board_that_was_read_here_is_settled_by_what_was_seen(client, read):
    result = client.picture("/api/solve", NEWSPAPER).json()
    value = read.boards[0].puzzle.givens[0][0]
    answer = client.post("/api/settle", json={"result": result, "settled": [f"r1c1={value}"], "board": 1})
    expected = default_reader().settle(read, [parse_clue(f"r1c1={value}")])
    assert Result.from_dict(answer.json()).boards == expected.boards
    assert answer.json()["boards"][0]["confidence"] < 1


def test_another_board_is_settled_as_it_stands(client):
    asked = question(SEVERAL, settled=["r1c1=1", "r1c1<r1c2"])
    board = client.post("/api/settle", json=asked).json()["boards"][0]
    assert (board["givens"][0][0], board["less"], board["confidence"]) == (1, [[0, 0, 0, 1]], 1)


def test_boards_are_counted_in_page_order():
    one, other = (solve_puzzle(parse(game)).boards[0] for game in (GAME, SEVERAL))
    cells = tuple(tuple((float(c), float(r)) for c in range(4)) for r in range(4))
    corners = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    lower = replace(one, cells=cells, corners=tuple((x, y + 10) for x, y in corners))
    upper = replace(other, cells=cells, corners=corners)
    result = Result("page", lower.status, (lower, upper)).to_dict()
    for number, board in ((1, upper), (2, lower)):
        asked = json_in(json.dumps({"result": result, "settled": [], "board": number}).encode())
        assert [one["game_id"] for one in Answers(default_reader()).settle(asked)["boards"]] == [board.to_dict()["game_id"]]


def test_a_hint_has_three_levels_and_starts_from_the_entries(client):
    first = client.post("/api/hint", json=question()).json()
    assert all(first[level] for level in ("level1", "level2", "level3"))
    assert first["level3"] == f"r{first['cell'][0] + 1}c{first['cell'][1] + 1} is {first['value']}."
    then = client.post("/api/hint", json=question(entries=[[*first["cell"], first["value"]]])).json()
    assert then["cell"] != first["cell"]


def test_entries_are_checked_without_saying_what_belongs_there(client):
    solution = solve_puzzle(parse(GAME)).boards[0].solution
    right, wrong = [0, 1, solution[0][1]], [1, 0, solution[1][0] % 4 + 1]
    answer = client.post("/api/check", json=question(entries=[right, wrong])).json()
    assert answer == {"mistakes": [wrong], "left": 10, "message": "wrong: r2c1"}


def test_entries_are_by_default_those_that_were_read(client):
    asked = question()
    solution = asked["result"]["boards"][0]["solution"]
    asked["result"]["boards"][0]["entries"] = [[1, 0, solution[1][0] % 4 + 1]]
    assert client.post("/api/check", json=asked).json()["mistakes"] == [[1, 0, solution[1][0] % 4 + 1]]
    assert client.post("/api/check", json={**asked, "entries": []}).json()["mistakes"] == []


@pytest.mark.parametrize(
    ("path", "asked", "status", "words"),
    [
        ("hint", b"{", 400, "broken JSON"),
        ("hint", b"\xff", 400, "UTF-8"),
        ("hint", b"[" * 100_000, 400, "broken JSON"),
        ("hint", {}, 400, "`result` is missing"),
        ("hint", [], 400, "expected an object"),
        ("hint", {"result": Result("x", "no_puzzle").to_dict()}, 400, "send a picture"),
        ("hint", question(board=2), 400, "board: 2 found, expected"),
        ("hint", question(entries=[[9, 9, 9]]), 400, "entries[0]"),
        ("check", question(entries=[[0, 1, 1], [0, 1, 2]]), 400, "a second value"),
        ("hint", question(UNSOLVABLE), 409, "contradict"),
        ("check", question(SEVERAL), 409, "several solutions"),
        ("settle", question(), 400, "`settled` is missing"),
        ("settle", question(settled=["r1c1=x"]), 400, "settled[0]"),
        ("settle", question(settled=["r9c9=1"]), 400, "r9c9"),
        ("settle", question(settled=[1]), 400, "settled[0]"),
    ],
)
def test_a_malformed_question_is_answered_with_the_field_and_what_to_do(client, path, asked, status, words):
    body = {"content": asked} if isinstance(asked, bytes) else {"json": asked}
    answer = client.post(f"/api/{path}", **body)
    assert answer.status_code == status
    assert words in answer.json()["error"]


# --- what clients name is never opened, and nothing is written ---

OPENED = []
IS_WATCHING = threading.Event()


def _watch(event, arguments):
    if event == "open" and IS_WATCHING.is_set():
        OPENED.append(arguments)


sys.addaudithook(_watch)


@pytest.fixture
def opened():
    """The files that are opened while the test runs."""
    OPENED.clear()
    IS_WATCHING.set()
    yield OPENED
    IS_WATCHING.clear()


@pytest.mark.parametrize("path", ["settle", "hint", "check"])
def test_the_picture_that_a_result_names_is_never_opened(client, tmp_path, opened, path):
    (tmp_path / "photo.jpg").write_bytes(NEWSPAPER)
    asked = question(settled=[])
    asked["result"]["source"] = str(tmp_path / "photo.jpg")
    OPENED.clear()
    assert client.post(f"/api/{path}", json=asked).status_code == 200
    assert not [one for one in opened if "photo.jpg" in str(one[0])]


def test_nothing_is_written_to_disk(client, opened):
    large = NEWSPAPER + bytes(3_000_000)
    assert client.post("/api/solve", files={"file": ("name.jpg", large)}).status_code == 200
    written = [one for one in opened if set(str(one[1] or "")) & set("wax+")]
    assert not written


def test_names_of_files_are_neither_logged_nor_given_back(client, caplog, capfd):
    answer = client.post("/api/solve", files={"file": ("my-secret-name.jpg", NEWSPAPER[:2000])})
    assert answer.status_code == 415
    for text in (answer.text, caplog.text, *capfd.readouterr()):
        assert "secret" not in text


# --- the queue ---


def test_a_full_queue_tells_the_client_when_to_try_again():
    queue = WorkQueue(waiting=1)
    with queue.place():
        with queue.place(), pytest.raises(BusyError) as busy, queue.place():
            pass
        assert (busy.value.status, busy.value.retry_after) == (503, 3)
        with pytest.raises(ValueError), queue.place():
            raise ValueError
        with queue.place():
            pass


def test_every_client_is_answered_or_told_to_wait(read):
    client = Client()

    async def all_at_once():
        return await asyncio.gather(*(client.asking("POST", "/api/solve", headers=JPEG, content=NEWSPAPER) for _ in range(20)))

    answers = asyncio.run(all_at_once())
    right = [answer for answer in answers if answer.status_code == 200]
    busy = [answer for answer in answers if answer.status_code == 503]
    assert (len(right), len(right) + len(busy)) == (1 + WAITING, 20)
    assert all(Result.from_dict(answer.json()).boards == read.boards for answer in right)
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in busy)


def test_a_request_whose_client_has_left_loses_its_turn(monkeypatch):
    began, go_on, asked = threading.Event(), threading.Event(), []

    def slow(self, data):
        asked.append(data)
        began.set()
        go_on.wait(10)
        return {}

    monkeypatch.setattr(Answers, "solve", slow)
    client = Client()

    async def one_works_and_one_leaves():
        working = asyncio.create_task(client.asking("POST", "/api/solve", headers=JPEG, content=b"first"))
        await asyncio.to_thread(began.wait, 10)
        messages = [{"type": "http.request", "body": b"second"}, {"type": "http.disconnect"}]
        scope = {"type": "http", "method": "POST", "path": "/api/solve", "query_string": b"", "headers": [
            (b"host", HOST.encode()), (b"x-futoshiki", b"page"), (b"content-type", b"image/jpeg")]}  # fmt: skip

        async def receive():
            return messages.pop(0)

        async def send(message):
            pass

        await client.app(scope, receive, send)  # ends although the first one is still worked on
        assert not go_on.is_set()
        go_on.set()
        return await working

    assert asyncio.run(one_works_and_one_leaves()).status_code == 200
    assert asked == [b"first"]


def test_a_bug_is_answered_without_what_the_client_sent(monkeypatch):
    monkeypatch.setattr(Answers, "hint", lambda self, question: 1 / 0)
    answer = Client().post("/api/hint", json=question())
    assert (answer.status_code, answer.json()["error"].split(":")[0]) == (500, "unexpected ZeroDivisionError")


def test_time_is_limited_for_photos_and_puzzles(monkeypatch):
    given_out = []

    class Recorded(Budget):
        def __init__(self, seconds):
            given_out.append(seconds)
            super().__init__(seconds)

    monkeypatch.setattr("futoshiki.web.answers.Budget", Recorded)
    hurried = Answers(default_reader(), seconds=0.0)
    assert "time limit of 0.0 seconds" in hurried.solve(NEWSPAPER)["error"]
    for answer in (hurried.settle, hurried.hint, hurried.check):
        with suppress(TimeUp):
            answer(json_in(json.dumps(question(settled=[])).encode()))
    assert given_out == [0.0] * 3
    assert status_of(TimeUp("")) == 409


def test_only_the_latest_boards_are_remembered(read, monkeypatch):
    monkeypatch.setattr("futoshiki.web.answers.REMEMBERED", 1)
    answers = Answers(default_reader())
    first = answers.solve(NEWSPAPER)
    asked = json_in(json.dumps({"result": first, "settled": []}).encode())
    assert answers.settle(asked)["boards"][0]["confidence"] == read.boards[0].confidence
    answers.solve((SAMPLES / "small_4x4.jpg").read_bytes())
    assert answers.settle(asked)["boards"][0]["confidence"] == 1


# --- limits of bodies ---


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("solve", PHOTO_BYTES),
        ("live", FRAME_BYTES),
        ("live/x", FRAME_BYTES),
        *((one, JSON_BYTES) for one in ("settle", "hint", "check")),
    ],
)
def test_bodies_are_limited_whether_or_not_their_length_is_declared(client, path, most):
    async def pieces(count):
        for _ in range(count):
            yield bytes(100_000)

    declared = client.post(f"/api/{path}", headers=JPEG, content=bytes(most + 1))
    streamed = client.post(f"/api/{path}", headers=JPEG, content=pieces(most // 100_000 + 1))
    assert (declared.status_code, streamed.status_code) == (413, 413)
    assert "reduce it" in declared.json()["error"]
    allowed = client.post(f"/api/{path}", headers=JPEG, content=pieces(most // 100_000))
    assert allowed.status_code != 413


# --- live sessions ---


def test_a_live_session_reaches_the_answer_and_ends(client, read):
    first = client.picture("/api/live", NEWSPAPER).json()
    path = f"/api/live/{first['id']}"
    for _ in range(200):
        sight = client.picture(path, NEWSPAPER).json()
        if sight["state"] == "solved":
            break
    assert sight["board"]["solution"] == [list(row) for row in read.boards[0].solution]
    assert client.ask("DELETE", path).status_code == 204
    assert client.picture(path, NEWSPAPER).status_code == 404
    assert client.ask("DELETE", path).status_code == 404


def test_a_first_frame_that_is_no_picture_leaves_no_session():
    client = Client()
    for _ in range(3):
        assert client.picture("/api/live", b"no picture").status_code == 415
    assert client.picture("/api/live", picture_of(2100, 2000)).status_code == 413
    assert client.picture("/api/live", picture_of(400, 300)).status_code == 200


def test_sessions_are_limited_take_one_frame_at_a_time_and_end_when_idle():
    frame, now = picture_of(320, 240), [0.0]

    async def run():
        sessions = LiveSessions(default_reader(), most=2, idle=30, clock=lambda: now[0])
        first = (await sessions.begin(frame))["id"]
        await sessions.begin(frame)
        with pytest.raises(BusyError) as busy:
            await sessions.begin(frame)
        assert busy.value.retry_after == 30
        both = await asyncio.gather(*(sessions.step(first, frame) for _ in range(2)), return_exceptions=True)
        assert [getattr(one, "status", None) for one in both] == [None, 409]
        now[0] = 20.0
        await sessions.step(first, frame)
        now[0] = 31.0
        sessions.end_idle()
        assert len(sessions) == 1
        third = await sessions.begin(frame)
        assert third["id"] != first
        now[0] = 100.0
        with pytest.raises(RequestError) as gone:
            await sessions.step(first, frame)
        assert gone.value.status == 404
        sessions.close()
        assert len(sessions) == 0

    asyncio.run(run())


def test_a_running_server_ends_idle_sessions_by_itself_and_all_at_its_end(monkeypatch):
    monkeypatch.setattr("futoshiki.web.application.SWEEP_SECONDS", 0.01)
    service, now = Service(default_reader()), [0.0]
    service.sessions = LiveSessions(default_reader(), clock=lambda: now[0])

    async def run():
        async with service.running(None):
            await service.sessions.begin(picture_of(320, 240))
            await asyncio.sleep(0.1)
            assert len(service.sessions) == 1
            now[0] = 31.0
            await asyncio.sleep(0.1)
            assert len(service.sessions) == 0
            await service.sessions.begin(picture_of(320, 240))
        assert len(service.sessions) == 0

    asyncio.run(run())


def test_an_ended_session_is_closed(monkeypatch):
    closed = threading.Event()
    monkeypatch.setattr(Session, "close", lambda self: closed.set())

    async def run():
        sessions = LiveSessions(default_reader())
        sessions.end((await sessions.begin(picture_of(320, 240)))["id"])

    asyncio.run(run())
    assert closed.wait(20)


# --- the page and the document ---


def test_the_files_of_the_page_are_given_out_with_their_types(client, tmp_path):
    for path, file in page_files().items():
        answer = client.ask("GET", path)
        assert answer.content == file.content
        again = client.ask("GET", path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.ask("GET", "/../pyproject.toml").status_code == 404
    assert client.ask("GET", "/%2e%2e/application.py").status_code == 404
    for name in ("index.html", "page.js", "notes.txt"):
        (tmp_path / name).write_text(name)
    assert {path: file.kind.split(";")[0] for path, file in page_files(tmp_path).items()} == {
        "/": "text/html",
        "/page.js": "text/javascript",
    }


def test_unknown_addresses_and_methods_are_refused_with_a_sentence(client):
    assert "openapi.json" in client.ask("GET", "/api/nothing").json()["error"]
    answer = client.ask("PUT", "/api/solve")
    assert (answer.status_code, "openapi.json" in answer.json()["error"]) == (405, True)


def test_the_document_names_every_address_of_the_api_and_no_other(client):
    given_out = client.ask("GET", "/api/openapi.json").json()
    routes = {
        (route.path, method.lower())
        for route in client.app.routes
        if route.path.startswith("/api/")
        for method in route.methods - {"HEAD"}
    }
    assert {(path, method) for path, methods in given_out["paths"].items() for method in methods} == routes
    for path, methods in given_out["paths"].items():
        for method, operation in methods.items():
            header = [one for one in operation["parameters"] if one["name"] == "X-Futoshiki"]
            assert bool(header) == (method != "get"), path
            assert all(one["required"] and one["example"] == "page" for one in header)


def test_every_schema_of_the_document_is_one():
    for name in document()["components"]["schemas"]:
        jsonschema.Draft202012Validator.check_schema(schema(name))


def test_real_answers_and_questions_are_as_the_document_says(client):
    solved = client.picture("/api/solve", (SAMPLES / "hand_and_shadow.jpg").read_bytes()).json()
    first = client.picture("/api/live", NEWSPAPER).json()
    sight = client.picture(f"/api/live/{first['id']}", NEWSPAPER).json()
    client.ask("DELETE", f"/api/live/{first['id']}")
    settle, asked = question(settled=["r1c1=3"], board=1), question(entries=[[0, 1, 1]])
    pairs = [
        ("Solved", solved),
        ("Result", client.post("/api/settle", json=settle).json()),
        ("Hint", client.post("/api/hint", json=question()).json()),
        ("Hint", client.post("/api/hint", json=asked).json()),
        ("Check", client.post("/api/check", json=asked).json()),
        ("FirstSight", first),
        ("Sight", sight),
        ("Health", client.ask("GET", "/api/health").json()),
        ("Document", client.ask("GET", "/api/openapi.json").json()),
        ("Error", client.post("/api/hint", json={}).json()),
        ("Settle", settle),
        ("Question", asked),
    ]
    for name, value in pairs:
        jsonschema.validate(value, schema(name))
        assert name == "Document" or value.keys() <= fields(name), name
    assert solved["boards"][0].keys() == fields("Board")
