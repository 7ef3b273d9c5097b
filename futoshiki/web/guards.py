"""What stands before every request, as ASGI middleware: who may ask, how much may be sent, and how refusals arrive."""

from __future__ import annotations

import time
from secrets import compare_digest
from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from futoshiki.web.errors import RequestError
from futoshiki.web.limits import BODY_SECONDS, PHOTO_BYTES

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this computer by which it can always be asked."""
PAGE_HEADER, PAGE = "X-Futoshiki", "page"
"""The header and its value that every changing request carries: a foreign page cannot send it without being allowed to."""
SAFE_METHODS = frozenset({"GET", "HEAD"})
"""Methods that need neither that header nor the key: they only give out the page and the description of the API."""
DRAIN_SECONDS = 10.0
"""Seconds for which the rest of a refused body is awaited."""
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every answer."""
CACHING = {"Cache-Control": "no-store"}
"""Header of the answers that do not say themselves how long they may be kept."""


class Guard:
    """Refuses requests from elsewhere: by Host, Origin, the page's header and the access key.

    `hosts` are the names by which this server may be asked besides those of loopback; a page that has its own name point to
    this computer (DNS rebinding) is refused by that. `key` is what every changing request must name; None asks for none.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] = frozenset(), key: str | None = None) -> None:
        self._app, self._hosts, self._key = app, LOOPBACK | hosts, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass an allowed request on, and answer another one. Every answer gets the security headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                for name, value in CACHING.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope["method"], Headers(scope=scope))
        app: ASGIApp = self._app if refusal is None else refused(refusal)
        await app(scope, receive, secured)

    def _refusal(self, method: str, headers: Headers) -> RequestError | None:
        """Why a request is refused; None if it is not."""
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or _name_in(hosts[0]) not in self._hosts:
            return RequestError("this name of the server is not known: use the address that `futoshiki web` has printed", 403)
        if any(origin.partition("://")[2] != hosts[0] for origin in origins):
            return RequestError("requests from other pages are refused: use the page of this server", 403)
        if method in SAFE_METHODS:
            return None
        if headers.getlist(PAGE_HEADER) != [PAGE]:
            return RequestError(f"the header {PAGE_HEADER}: {PAGE} is missing; send it with the request", 403)
        if self._key is not None and not _is_key(headers.getlist("authorization"), self._key):
            return RequestError("the access key is missing or wrong: scan the QR code that `futoshiki web` shows now", 401)
        return None


def _name_in(host: str) -> str | None:
    """The name of a server without its port, in lower case."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _is_key(given: list[str], key: str) -> bool:
    """Whether the header for authorization names the key, compared in constant time."""
    scheme, _, value = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return scheme.lower() == "bearer" and compare_digest(value.strip().encode(), key.encode())


def refused(error: RequestError) -> JSONResponse:
    """The answer that tells of an error."""
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({"error": str(error)}, error.status, headers)


class BodyLimit:
    """Ends a request whose body is larger than `most` bytes while it arrives, or does not arrive within `seconds`."""

    def __init__(self, app: ASGIApp, most: int, seconds: float = BODY_SECONDS) -> None:
        self._app, self._most, self._seconds = app, most, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its body counted.

        Raises:
            RequestError: the body is too large, or too slow.
        """
        deadline, taken, is_read = time.monotonic() + self._seconds, 0, False
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and int(declared) > self._most:
            raise self._too_large()

        async def limited() -> Message:
            nonlocal taken, is_read
            if is_read:
                return await receive()  # the next message says that the client has gone
            message: Message | None = None
            with anyio.move_on_after(max(deadline - time.monotonic(), 0)):
                message = await receive()
            if message is None:
                raise RequestError(f"the body did not arrive within {self._seconds:g} seconds: send less, or try again", 408)
            taken += len(message.get("body", b""))
            if taken > self._most:
                raise self._too_large()
            is_read = not message.get("more_body", False)
            return message

        await self._app(scope, limited, send)

    def _too_large(self) -> RequestError:
        most = f"{self._most / 1_000_000:g} MB" if self._most >= 1_000_000 else f"{self._most // 1000} kB"
        return RequestError(f"more than {most}: reduce it first", 413)


class Drain:
    """Reads what is left of a body before the answer goes out, and drops it.

    A connection that is closed while its client still sends is reset, and the client never sees why it was refused.
    """

    def __init__(self, app: ASGIApp, most: int = PHOTO_BYTES, seconds: float = DRAIN_SECONDS) -> None:
        self._app, self._most, self._seconds = app, most, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on. A client that asks before it sends its body need not send it after a refusal."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_read = "expect" in Headers(scope=scope)

        async def watched() -> Message:
            nonlocal is_read
            message = await receive()
            is_read = message["type"] == "http.disconnect" or not message.get("more_body", False)
            return message

        async def drained(message: Message) -> None:
            if message["type"] == "http.response.start" and not is_read:
                dropped = 0
                with anyio.move_on_after(self._seconds):
                    while not is_read and dropped <= self._most:
                        dropped += len((await watched()).get("body", b""))
            await send(message)

        await self._app(scope, watched, drained)
