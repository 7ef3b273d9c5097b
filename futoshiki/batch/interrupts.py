"""Requests to end that are not lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def noted_interrupts() -> Iterator[threading.Event]:
    """An event that Ctrl-C and requests to end set, besides what their handlers do.

    The handlers raise KeyboardInterrupt, which Python drops where a finalizer runs at that moment
    (https://docs.python.org/3/library/sys.html#sys.unraisablehook). The event stays set. Only the main thread is given
    signals; in another thread the event is never set.
    """
    noted = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield noted
        return
    handlers = {number: handler for number in SIGNALS if callable(handler := signal.getsignal(number))}

    def note(number: int, frame: FrameType | None) -> None:
        noted.set()
        handlers[signal.Signals(number)](number, frame)

    for number in handlers:
        signal.signal(number, note)
    try:
        yield noted
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
