"""The queue of everything that takes long: one thread works, a few requests wait, and others are told to come back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from futoshiki.web.errors import BusyError
from futoshiki.web.limits import RETRY_SECONDS, WAITING

P = ParamSpec("P")
T = TypeVar("T")


class WorkQueue:
    """One thread and a limited number of places, of which a request needs one before its body is read.

    Memory is bounded by that, too: no more bodies are held than there are places. To be used from one event loop.
    """

    def __init__(self, waiting: int = WAITING) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="futoshiki-web")
        self._free = waiting + 1

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place in the queue for as long as the block runs.

        Raises:
            BusyError: all are taken.
        """
        if not self._free:
            raise BusyError(f"too many requests at once: try again in {RETRY_SECONDS} seconds", RETRY_SECONDS)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1

    async def run(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """What a function returns that is called in the thread, in its turn."""
        return await asyncio.wrap_future(self._thread.submit(work, *args, **options))

    def close(self) -> None:
        """Give up what waits, and end the thread when its work is done."""
        self._thread.shutdown(wait=False, cancel_futures=True)
