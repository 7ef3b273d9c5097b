"""The live sessions: each follows the camera of one client, and ends when no frame has come for a while."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from futoshiki.live.session import Session
from futoshiki.reading.reader import Reader
from futoshiki.web.bodies import photo_in
from futoshiki.web.errors import BusyError, RequestError
from futoshiki.web.limits import FRAME_PIXELS, IDLE_SECONDS, LIVE_SESSIONS

LOGGER = logging.getLogger("futoshiki")
ID_BYTES = 12
"""Random bytes of the name of a session, so that no client can guess another one's."""


@dataclass(eq=False)
class _Followed:
    """One session and the thread that its frames are taken in; `used` is when the last one came."""

    session: Session
    thread: ThreadPoolExecutor
    began: float
    used: float
    is_busy: bool = False


class LiveSessions:
    """The sessions by name. To be used from one event loop."""

    def __init__(
        self,
        reader: Reader,
        *,
        most: int = LIVE_SESSIONS,
        idle: float = IDLE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._reader, self._most, self._idle, self._clock = reader, most, idle, clock
        self._followed: dict[str, _Followed] = {}

    def __len__(self) -> int:
        return len(self._followed)

    async def begin(self, frame: bytes) -> dict[str, Any]:
        """Begin a session with the first frame: what is known, and the `id` of the session.

        Raises:
            BusyError: there are too many sessions.
            UnreadableFileError: the frame is not a picture, or has too many pixels.
        """
        self.end_idle()
        if len(self._followed) >= self._most:
            wait = round(self._idle)
            raise BusyError(f"{self._most} cameras are followed already: close another page, or wait {wait} seconds", wait)
        name, now = secrets.token_urlsafe(ID_BYTES), self._clock()
        thread = ThreadPoolExecutor(1, thread_name_prefix="futoshiki-live")
        self._followed[name] = _Followed(Session(self._reader), thread, now, now)
        try:
            return {"id": name, **await self.step(name, frame)}
        except Exception:
            self._drop(name)
            raise

    async def step(self, name: str, frame: bytes) -> dict[str, Any]:
        """What is known at the next frame of a session.

        Raises:
            RequestError: there is no such session, or its last frame is not done yet.
            UnreadableFileError: the frame is not a picture, or has too many pixels.
        """
        followed = self._named(name)
        if followed.is_busy:
            raise RequestError("one frame at a time: wait for the answer to the last one", 409)
        followed.used, followed.is_busy = self._clock(), True
        try:
            seconds = followed.used - followed.began
            return await asyncio.wrap_future(followed.thread.submit(_step, followed.session, frame, seconds))
        finally:
            followed.is_busy = False

    def _named(self, name: str) -> _Followed:
        self.end_idle()
        if name not in self._followed:
            raise RequestError("this live session has ended: begin another one with POST /api/live", 404)
        return self._followed[name]

    def end(self, name: str) -> None:
        """End a session; its threads end when they have finished their frame.

        Raises:
            RequestError: there is no such session.
        """
        self._named(name)
        self._drop(name)

    def end_idle(self) -> None:
        """End the sessions whose clients have gone."""
        now = self._clock()
        for name, followed in list(self._followed.items()):
            if not followed.is_busy and now - followed.used > self._idle:
                self._drop(name)

    def close(self) -> None:
        """End all sessions."""
        for name in list(self._followed):
            self._drop(name)

    def _drop(self, name: str) -> None:
        followed = self._followed.pop(name)
        followed.thread.submit(followed.session.close)
        followed.thread.shutdown(wait=False)


def _step(session: Session, frame: bytes, seconds: float) -> dict[str, Any]:
    sight = session.step(photo_in(frame, FRAME_PIXELS).pixels, seconds)
    if session.trouble:
        LOGGER.error("%s; please report it", session.trouble)
        session.trouble = None
    return sight.to_dict()
