"""The application: which address is answered by what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from futoshiki import __version__
from futoshiki.errors import FutoshikiError
from futoshiki.reading.reader import Reader
from futoshiki.values import Value
from futoshiki.web.answers import Answers
from futoshiki.web.bodies import json_in, picture_in
from futoshiki.web.errors import RequestError, status_of
from futoshiki.web.guards import BodyLimit, Drain, Guard, refused
from futoshiki.web.limits import FRAME_BYTES, IDLE_SECONDS, JSON_BYTES, PHOTO_BYTES
from futoshiki.web.openapi import document
from futoshiki.web.page_files import page_files
from futoshiki.web.sessions import LiveSessions
from futoshiki.web.work import WorkQueue

T = TypeVar("T")

SWEEP_SECONDS = IDLE_SECONDS / 6
"""Seconds between two looks for live sessions whose clients have gone."""
CLIENT_LEFT = 499
"""Status of a request that its client has given up, as nginx logs it; nobody receives it."""
SENTENCES = {
    404: "there is nothing at this address; /api/openapi.json describes the API",
    405: "this address does not take this method; /api/openapi.json describes the API",
}
"""What to do after the errors that routing finds."""


class Service:
    """The endpoints, and what they share."""

    def __init__(self, reader: Reader) -> None:
        self._answers, self._queue, self.sessions = Answers(reader), WorkQueue(), LiveSessions(reader)

    @asynccontextmanager
    async def running(self, application: Starlette) -> AsyncIterator[None]:
        """Ends idle sessions while the server runs, and everything after it."""
        sweeping = asyncio.create_task(self._sweep())
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            self.sessions.close()
            self._queue.close()

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            self.sessions.end_idle()

    async def solve(self, request: Request) -> Response:
        """The result for a picture."""
        with self._queue.place():
            return await self._answered(request, self._answers.solve, await _picture_of(request))

    async def settle(self, request: Request) -> Response:
        """A result with clues put right."""
        return await self._asked(request, self._answers.settle)

    async def hint(self, request: Request) -> Response:
        """The next step."""
        return await self._asked(request, self._answers.hint)

    async def check(self, request: Request) -> Response:
        """The mistakes among the entries."""
        return await self._asked(request, self._answers.check)

    async def _asked(self, request: Request, answer: Callable[[Value], dict[str, Any]]) -> Response:
        with self._queue.place():
            return await self._answered(request, answer, json_in(await request.body()))

    async def _answered(self, request: Request, answer: Callable[[T], dict[str, Any]], question: T) -> Response:
        """The answer in its turn. A request whose client has gone loses its turn, so that others need not wait for it."""
        working = asyncio.ensure_future(self._queue.run(answer, question))
        leaving = asyncio.ensure_future(_has_left(request))
        try:
            await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
            return JSONResponse(working.result()) if working.done() else Response(status_code=CLIENT_LEFT)
        finally:
            for task in (working, leaving):
                task.cancel()
            await asyncio.wait((working, leaving))  # what waits in the queue is taken out of it before this ends

    async def begin(self, request: Request) -> Response:
        """Begin a live session with its first frame."""
        return JSONResponse(await self.sessions.begin(await _picture_of(request)))

    async def step(self, request: Request) -> Response:
        """The next frame of a live session."""
        return JSONResponse(await self.sessions.step(request.path_params["id"], await _picture_of(request)))

    async def end(self, request: Request) -> Response:
        """End a live session."""
        self.sessions.end(request.path_params["id"])
        return Response(status_code=204)

    async def health(self, request: Request) -> Response:
        """Whether the server runs, and which version."""
        return JSONResponse({"status": "ok", "version": __version__})

    async def openapi(self, request: Request) -> Response:
        """The description of the API."""
        return JSONResponse(document())

    def routes(self) -> list[Route]:
        """Every address of the API, with the limit of its bodies, and the files of the page."""
        return [
            _post("/api/solve", self.solve, PHOTO_BYTES),
            _post("/api/settle", self.settle, JSON_BYTES),
            _post("/api/hint", self.hint, JSON_BYTES),
            _post("/api/check", self.check, JSON_BYTES),
            _post("/api/live", self.begin, FRAME_BYTES),
            _post("/api/live/{id}", self.step, FRAME_BYTES),
            Route("/api/live/{id}", self.end, methods=["DELETE"]),
            Route("/api/health", self.health),
            Route("/api/openapi.json", self.openapi),
            *(Route(path, file.answer) for path, file in page_files().items()),
        ]


async def _has_left(request: Request) -> None:
    """Returns when the client has closed the connection; the body must have been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _post(path: str, endpoint: Callable[[Request], Any], most: int) -> Route:
    return Route(path, endpoint, methods=["POST"], middleware=[Middleware(BodyLimit, most)])


async def _picture_of(request: Request) -> bytes:
    """The bytes of the picture in the body of a request."""
    return picture_in(request.headers.get("content-type", ""), await request.body())


def application(reader: Reader, hosts: frozenset[str] = frozenset(), key: str | None = None) -> Starlette:
    """The ASGI application.

    `hosts` are the names by which it may be asked besides those of loopback. `key` is the access key that every changing
    request must name; None asks for none.
    """
    service = Service(reader)
    return Starlette(
        routes=service.routes(),
        middleware=[Middleware(Guard, hosts, key), Middleware(Drain)],
        exception_handlers={FutoshikiError: _failed, HTTPException: _not_routed, Exception: _unexpected},
        lifespan=service.running,
    )


async def _failed(request: Request, error: Exception) -> Response:
    """The answer to an error that the package raises on purpose."""
    assert isinstance(error, FutoshikiError)
    return refused(error if isinstance(error, RequestError) else RequestError(str(error), status_of(error)))


async def _not_routed(request: Request, error: Exception) -> Response:
    """The answer to an address or a method that there is not."""
    assert isinstance(error, HTTPException)
    return refused(RequestError(SENTENCES.get(error.status_code, HTTPStatus(error.status_code).phrase), error.status_code))


async def _unexpected(request: Request, error: Exception) -> Response:
    """The answer to a bug. What the client has sent is not shown."""
    return refused(RequestError(f"unexpected {type(error).__name__}: please report it with the picture", 500))
