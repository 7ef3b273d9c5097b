"""Asks the web application without a network."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

httpx = pytest.importorskip("httpx", reason="the web application is asked with httpx: pip install 'futoshiki[test]'")
pytest.importorskip("starlette", reason="the web application needs Starlette: pip install 'futoshiki[web]'")

from futoshiki.reading.reader import default_reader
from futoshiki.web.application import application

HOST = "127.0.0.1:8000"
HEADER = {"X-Futoshiki": "page"}
JPEG = {**HEADER, "Content-Type": "image/jpeg"}


class Client:
    """Asks an application, by default one of its own without a key; the header of the page is sent unless others are given."""

    def __init__(self, app: Any = None) -> None:
        self.app = app or application(default_reader())

    def ask(self, method: str, path: str, *, headers: Any = HEADER, **options: Any) -> httpx.Response:
        return asyncio.run(self.asking(method, path, headers=headers, **options))

    async def asking(self, method: str, path: str, *, headers: Any = HEADER, **options: Any) -> httpx.Response:
        """The same, inside an event loop."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
            return await client.request(method, path, headers=headers, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.ask("POST", path, **options)

    def picture(self, path: str, content: bytes) -> httpx.Response:
        return self.post(path, headers=JPEG, content=content)
