"""Where frames come from: a camera, a stream, a video file, a folder of pictures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from futoshiki.errors import SourceError
from futoshiki.formats import READABLE
from futoshiki.photo import load_photo

PATIENCE = 5.0
"""Seconds without a frame after which a camera counts as gone."""
RETRY, PULSE = 1.0, 0.1
"""Seconds between attempts to open a camera that is waited for, and between signs of life meanwhile."""
DEFAULT_FPS = 30.0
MAX_LATE = 1.0
"""Seconds that a video may lag behind; up to that frames are left out, beyond it plays more slowly."""


@dataclass(frozen=True, eq=False)
class Frame:
    """H x W x 3 uint8 RGB, and its time in seconds since the source was opened."""

    pixels: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Source:
    """`name` as the user wrote it: the number of a camera, a URL, a video file, or a folder of pictures.

    `width` and `fps` are asked of a camera, which may give something else. With `wait`, a camera that
    is not there is waited for, at the start and in between. With `every`, files give each frame
    however long it takes; else they are played at their own pace and late frames are left out.
    """

    name: str
    width: int | None = None
    fps: float | None = None
    wait: bool = False
    every: bool = False

    @property
    def is_live(self) -> bool:
        """Whether frames come when they come: from a camera or a stream."""
        return self.name.isdigit() or "://" in self.name

    @property
    def rate(self) -> float:
        """Frames a second of a file, as far as it says, or as many as a camera was asked for."""
        if self.is_live or Path(self.name).is_dir():
            return self.fps or DEFAULT_FPS
        capture = cv2.VideoCapture(self.name)
        rate = capture.get(cv2.CAP_PROP_FPS)
        capture.release()
        return self.fps or (rate if 1 <= rate <= 240 else DEFAULT_FPS)

    def frames(self) -> Iterator[Frame | None]:
        """The frames, the newest one each time (see `every`); None ten times a second while a camera gives none.

        Raises:
            SourceError: there is no such source, or it went away.
        """
        return self._from_camera() if self.is_live else self._from_files()

    def _from_files(self) -> Iterator[Frame]:
        path = Path(self.name)
        if not path.exists():
            raise SourceError(f"{self.name}: no such file or folder; a camera is named by its number, such as 0")
        rate = self.rate
        started = time.perf_counter()
        for number, load in enumerate(_pictures(path) if path.is_dir() else _video(path)):
            due = number / rate
            if not self.every:
                late = time.perf_counter() - started - due
                if late > MAX_LATE:  # decoding cannot keep up, or the viewer stood still: play on from here
                    started += late
                elif late > 1 / rate and number:
                    continue
                time.sleep(max(0.0, -late))
            yield Frame(load(), due)

    def _from_camera(self) -> Iterator[Frame | None]:
        started = time.perf_counter()
        while True:
            try:
                yield from _Camera(self, started)
            except SourceError:
                if not self.wait:
                    raise
            for _ in range(round(RETRY / PULSE)):
                time.sleep(PULSE)
                yield None


def _pictures(folder: Path) -> Iterator[Callable[[], np.ndarray]]:
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in READABLE)
    if not paths:
        raise SourceError(f"{folder}: a folder without pictures")
    for path in paths:
        yield lambda path=path: load_photo(path).pixels  # type: ignore[misc]


def _video(path: Path) -> Iterator[Callable[[], np.ndarray]]:
    capture = cv2.VideoCapture(str(path))
    try:
        ok, frame = capture.read()
        if not ok:
            raise SourceError(f"{path}: not a video that can be read")
        while ok:
            yield lambda frame=frame: cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)  # type: ignore[misc]
            ok, frame = capture.read()
    finally:
        capture.release()


class _Camera:
    """A camera or stream that a thread reads as fast as it gives; only the newest frame is kept."""

    def __init__(self, source: Source, started: float) -> None:
        self._name, self._started = source.name, started
        target = int(source.name) if source.name.isdigit() else source.name
        self._capture = cv2.VideoCapture(target)
        if not self._capture.isOpened():
            kind = f"camera {source.name}" if source.name.isdigit() else source.name
            raise SourceError(f"{kind} cannot be opened: is it there, allowed, and not in use? --wait waits for it")
        if source.width:
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, source.width)
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, source.width * 9 / 16)
        if source.fps:
            self._capture.set(cv2.CAP_PROP_FPS, source.fps)
        self._fresh = threading.Condition()
        self._frame: Frame | None = None
        self._ended = False

    def __iter__(self) -> Iterator[Frame | None]:
        thread = threading.Thread(target=self._read, daemon=True)
        thread.start()
        since = time.perf_counter()
        try:
            while True:
                with self._fresh:
                    self._fresh.wait_for(lambda: self._frame is not None or self._ended, timeout=PULSE)
                    frame, self._frame = self._frame, None
                if frame is None and (self._ended or time.perf_counter() - since > PATIENCE):
                    raise SourceError(f"{self._name} gives no more frames: unplugged, or in use elsewhere? --wait waits for it")
                since = time.perf_counter() if frame else since
                yield frame
        finally:
            self._ended = True
            thread.join(PATIENCE)

    def _read(self) -> None:
        while not self._ended:
            ok, frame = self._capture.read()
            with self._fresh:
                if ok:
                    self._frame = Frame(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), time.perf_counter() - self._started)
                self._ended = self._ended or not ok
                self._fresh.notify()
        self._capture.release()
