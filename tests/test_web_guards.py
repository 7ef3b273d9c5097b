"""Who may ask the web application, and how refusals arrive."""

import asyncio

import pytest

pytest.importorskip("starlette", reason="the web application needs Starlette: pip install 'futoshiki[web]'")

from futoshiki.reading.reader import default_reader
from futoshiki.web.application import application
from futoshiki.web.errors import RequestError
from futoshiki.web.guards import SECURITY_HEADERS, BodyLimit, Drain
from tests.web_client import HEADER, HOST, JPEG, Client

KEY = "a-key-of-sixteen-characters"


@pytest.fixture(scope="module")
def client():
    return Client()


@pytest.fixture(scope="module")
def locked():
    """Asks an application as `--lan` runs it."""
    return Client(application(default_reader(), frozenset({"192.168.1.20"}), KEY))


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "192.168.1.20:8000"])
def test_the_addresses_of_this_server_are_answered(locked, host):
    assert locked.ask("GET", "/api/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.168.1.21", "", "[::1", "localhost@evil.example"]
)
def test_other_names_of_this_server_are_refused(locked, host):
    answer = locked.ask("GET", "/api/health", headers={"Host": host})
    assert answer.status_code == 403
    assert "address" in answer.json()["error"]


def test_two_names_at_once_are_refused(client):
    assert client.ask("GET", "/api/health", headers=[("Host", HOST), ("Host", "evil.example")]).status_code == 403


@pytest.mark.parametrize(
    ("origin", "status"), [(f"http://{HOST}", 400), ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:8001", 403)]
)
def test_only_the_own_page_may_ask(client, origin, status):
    assert client.post("/api/hint", headers={**HEADER, "Origin": origin}, json={}).status_code == status


@pytest.mark.parametrize("headers", [{}, {"X-Futoshiki": "other"}, [("X-Futoshiki", "page"), ("X-Futoshiki", "x")]])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/solve"), ("POST", "/api/hint"), ("POST", "/api/live"), ("DELETE", "/api/live/x")]
)
def test_changing_requests_need_the_header_of_the_page(client, headers, method, path):
    answer = client.ask(method, path, headers=headers)
    assert answer.status_code == 403
    assert "X-Futoshiki: page" in answer.json()["error"]


@pytest.mark.parametrize("given", [None, "", KEY, f"Basic {KEY}", "Bearer ", f"Bearer {KEY}x", "Bearer \xe9"])
def test_changing_requests_need_the_key_where_there_is_one(locked, given):
    headers = HEADER if given is None else [*HEADER.items(), (b"Authorization", given.encode("latin-1"))]
    answer = locked.post("/api/hint", headers=headers, json={})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_the_right_key_opens(locked):
    assert locked.post("/api/hint", headers={**HEADER, "Authorization": f"Bearer {KEY}"}, json={}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [("GET", "/api/health", {}), ("GET", "/nothing", {}), ("POST", "/api/solve", {}), ("POST", "/api/hint", HEADER)],
)
def test_every_answer_carries_the_security_headers(client, method, path, headers):
    answer = client.ask(method, path, headers=headers)
    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert answer.headers["Cache-Control"] in ("no-store", "no-cache")


def test_a_slow_body_is_given_up():
    async def reading(scope, receive, send):
        while (await receive()).get("more_body"):
            pass

    async def slow_client():
        await asyncio.sleep(3)
        raise AssertionError("the body is still awaited")

    with pytest.raises(RequestError) as slow:
        asyncio.run(BodyLimit(reading, 100, seconds=0.01)({"type": "http", "headers": []}, slow_client, None))
    assert slow.value.status == 408


def test_a_body_that_says_it_is_too_large_is_not_read():
    async def unread(*_):
        raise AssertionError("it is read")

    with pytest.raises(RequestError) as large:
        asyncio.run(BodyLimit(unread, 100)({"type": "http", "headers": [(b"content-length", b"101")]}, unread, unread))
    assert large.value.status == 413


@pytest.mark.parametrize(("headers", "read"), [([], 4), ([(b"expect", b"100-continue")], 0)])
def test_the_rest_of_a_refused_body_is_read_before_the_answer(headers, read):
    events = []

    async def refusing(scope, receive, send):
        await send({"type": "http.response.start"})

    async def receive():
        events.append("read")
        return {"type": "http.request", "body": b"x" * 10, "more_body": events.count("read") < 4}

    async def send(message):
        events.append("answer")

    asyncio.run(Drain(refusing)({"type": "http", "headers": headers}, receive, send))
    assert events == ["read"] * read + ["answer"]


def test_no_more_than_the_limit_is_read_of_a_refused_body():
    count = 0

    async def refusing(scope, receive, send):
        await send({"type": "http.response.start"})

    async def endless():
        nonlocal count
        count += 1
        assert count <= 10, "more is read than the limit"
        return {"type": "http.request", "body": b"x" * 10, "more_body": True}

    async def send(message):
        pass

    asyncio.run(Drain(refusing, most=95)({"type": "http", "headers": []}, endless, send))
    assert count == 10


def test_a_web_socket_is_not_opened(client):
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message["type"])

    scope = {"type": "websocket", "path": "/", "headers": [], "query_string": b"", "subprotocols": []}
    asyncio.run(client.app(scope, receive, send))
    assert sent == ["websocket.close"]


def test_a_body_within_the_limit_passes(client):
    assert client.post("/api/live/x", headers=JPEG, content=bytes(1000)).status_code == 404
