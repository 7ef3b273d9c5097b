"""A camera or stream, which is opened again when it stops."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import cv2
import numpy as np

from futoshiki.errors import SourceError
from futoshiki.live.frame import Gap, VideoFrame
from futoshiki.live.video import to_rgb
from futoshiki.text import without_user

FIRST_FRAME = 10.0
"""Seconds that the first frame may take; a stream begins with its next key frame, which some cameras send rarely."""
COME_BACK = 30.0
"""Seconds after which a camera that has stopped is given up: enough for a router or a camera to start again."""
RETRY = 1.0
"""Seconds between attempts to open a camera."""
PULSE = 0.1
"""Seconds after which a camera without a frame gives a `Gap`, so that the window still reacts to keys."""
NOTICE = 2.0
"""Seconds without a frame after which the user is told."""
STALLED = 5.0
"""Seconds after which a server that sends nothing is disconnected."""
LIMITS = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(1000 * FIRST_FRAME), cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(1000 * STALLED)]
"""Those times as OpenCV's FFmpeg takes them; its own are 30 seconds each."""
ENDING = 1.0
"""Seconds that the thread has to end; after that it is left alone, so that a dead server does not hold up the user."""
ASPECT = 9 / 16
"""Height over width of the frames that are requested from a camera."""
LOG_LEVEL, FATAL_ONLY = "OPENCV_FFMPEG_LOGLEVEL", "8"
"""Environment variable for what FFmpeg prints, and its value for next to nothing."""


class Camera:
    """A camera or stream. A thread takes its frames as fast as they come, keeps the newest, and opens it again if it stops.

    `name` is the number of a camera or the URL of a stream. `width` (pixels) and `fps` (frames per second) are requested from
    a camera, which may ignore them. With `wait`, a camera that is missing or disappears is waited for without end.
    """

    def __init__(self, name: str, width: int | None = None, fps: float | None = None, *, wait: bool = False) -> None:
        self._name, self._width, self._fps, self._wait = name, width, fps, wait
        self._started = time.perf_counter()
        self._changed = threading.Condition()
        self._frame: VideoFrame | None = None
        self._failed = False
        self._closing = threading.Event()

    def frames(self) -> Iterator[VideoFrame | Gap]:
        """The newest frame each time, or a `Gap` if there is none yet.

        Raises:
            SourceError: there is no such camera, or it stopped and did not come back in time.
        """
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        since, any_yet = time.perf_counter(), False
        try:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._frame is not None, timeout=PULSE)
                    frame, self._frame = self._frame, None
                if frame:
                    yield frame
                    since, any_yet = time.perf_counter(), True
                else:
                    yield self._gap(since, any_yet)
        finally:
            self._closing.set()
            thread.join(ENDING)

    def _gap(self, since: float, any_yet: bool) -> Gap:
        """The news of a moment without a frame; the last one, if any, came at `since`."""
        now = time.perf_counter()
        silent, label = now - since, f"camera {self._name}" if self._is_number else without_user(self._name)
        if not self._wait:
            if not any_yet and (self._failed or silent > FIRST_FRAME):
                raise SourceError(f"{label} gives no frames: {self._question} --wait waits for it")
            if silent > COME_BACK:
                reason = f"stopped and did not come back within {COME_BACK:.0f} seconds"
                raise SourceError(f"{label} {reason}: {self._question} --wait waits longer")
        note = f"no frames from {label}: trying again" if any_yet else f"waiting for {label}"
        return Gap(now - self._started, silent, note if silent > NOTICE else None)

    @property
    def _is_number(self) -> bool:
        return self._name.isdigit()

    @property
    def _question(self) -> str:
        """What to check if there are no frames."""
        return "is it connected, permitted, and not in use?" if self._is_number else "is the address right, and the server up?"

    def _run(self) -> None:
        """Take frames until the camera is closed."""
        os.environ.setdefault(LOG_LEVEL, FATAL_ONLY)  # or else FFmpeg reports every attempt and damaged frame
        level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        while not self._closing.is_set():
            capture = self._opened()
            while (pixels := _next_frame(capture)) is not None and not self._closing.is_set():
                with self._changed:
                    self._frame = VideoFrame(pixels, time.perf_counter() - self._started)
                    self._changed.notify()
            capture.release()
            self._failed = True
            self._closing.wait(RETRY)
        cv2.utils.logging.setLogLevel(level)

    def _opened(self) -> cv2.VideoCapture:
        """The camera or stream; one that cannot be opened gives no frames."""
        if not self._is_number:
            return cv2.VideoCapture(self._name, cv2.CAP_FFMPEG, LIMITS)
        capture = cv2.VideoCapture(int(self._name))
        if self._width:
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, self._width)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, self._width * ASPECT)
        if self._fps:
            capture.set(cv2.CAP_PROP_FPS, self._fps)
        return capture


def _next_frame(capture: cv2.VideoCapture) -> np.ndarray | None:
    """The next frame, H x W x 3 uint8 RGB; None if there is none any more."""
    asked = time.perf_counter()
    found, frame = capture.read()
    # After its time limit FFmpeg still hands out the frames that its decoder holds, which are old.
    return to_rgb(frame) if found and time.perf_counter() - asked < STALLED else None
