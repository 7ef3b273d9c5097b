"""Sources of frames: a camera, a stream, a video file, or a folder of pictures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from futoshiki.errors import SourceError
from futoshiki.formats import READABLE
from futoshiki.live.video import DEFAULT_FPS, frame_rate, read_frames, to_rgb
from futoshiki.photo import load_photo

PATIENCE = 5.0
"""Seconds without a frame after which a camera is given up."""
RETRY = 1.0
"""Seconds between attempts to open a camera that is waited for."""
PULSE = 0.1
"""Seconds after which a camera without a frame yields None, so that the window still reacts to keys."""
MAX_LATE = 1.0
"""Seconds by which a video may lag behind and skip frames to catch up; if it lags more, it plays on from where it is."""
ASPECT = 9 / 16
"""Height over width of the frames that are requested from a camera."""


@dataclass(frozen=True, eq=False)
class VideoFrame:
    """A frame, H x W x 3 uint8 RGB, and its time in seconds since the source was opened."""

    pixels: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Source:
    """A source of frames. `name` is the number of a camera, a URL, a video file, or a folder of pictures.

    `width` (pixels) and `fps` (frames per second) are requested from a camera, which may ignore them; files are played at
    `fps`. With `wait`, a camera that is missing or disappears is waited for. With `every`, a file gives each of its frames
    however long that takes. Without, it is played in real time, and frames that are late are skipped.
    """

    name: str
    width: int | None = None
    fps: float | None = None
    wait: bool = False
    every: bool = False

    @property
    def is_live(self) -> bool:
        """Whether the frames cannot wait, because they come from a camera or a stream."""
        return self.name.isdigit() or "://" in self.name

    @property
    def rate(self) -> float:
        """Frames per second: as requested, otherwise as a video file states."""
        if self.is_live or Path(self.name).is_dir():
            return self.fps or DEFAULT_FPS
        return self.fps or frame_rate(Path(self.name))

    def frames(self) -> Iterator[VideoFrame | None]:
        """The frames, each the newest one unless `every` is set. A camera without a new frame yields None now and then.

        Raises:
            SourceError: there is no such source, or it disappeared.
        """
        return self._from_camera() if self.is_live else self._from_files()

    def _from_files(self) -> Iterator[VideoFrame]:
        path = Path(self.name)
        if not path.exists():
            raise SourceError(f"{self.name}: no such file or folder; give a camera by its number, such as 0")
        rate = self.rate
        started = time.perf_counter()
        for number, load in enumerate(_pictures(path) if path.is_dir() else _video(path)):
            due = number / rate
            if not self.every:
                late = time.perf_counter() - started - due
                if late > MAX_LATE:  # decoding is too slow, or the viewer was frozen: play on from here
                    started += late
                elif late > 1 / rate and number:
                    continue
                time.sleep(max(0.0, -late))
            yield VideoFrame(load(), due)

    def _from_camera(self) -> Iterator[VideoFrame | None]:
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
        raise SourceError(f"{folder}: the folder holds no pictures")
    for path in paths:
        yield partial(_pixels, path)


def _pixels(path: Path) -> np.ndarray:
    return load_photo(path).pixels


def _video(path: Path) -> Iterator[Callable[[], np.ndarray]]:
    for frame in read_frames(path):
        yield partial(to_rgb, frame)


class _Camera:
    """A camera or stream. A thread takes its frames as fast as they come and keeps only the newest one."""

    def __init__(self, source: Source, started: float) -> None:
        self._name, self._started = source.name, started
        target = int(source.name) if source.name.isdigit() else source.name
        level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # the error below is enough
        self._capture = cv2.VideoCapture(target)
        cv2.utils.logging.setLogLevel(level)
        if not self._capture.isOpened():
            kind = f"camera {source.name}" if source.name.isdigit() else source.name
            raise SourceError(f"{kind} cannot be opened: is it connected, permitted, and not in use? --wait waits for it")
        if source.width:
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, source.width)
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, source.width * ASPECT)
        if source.fps:
            self._capture.set(cv2.CAP_PROP_FPS, source.fps)
        self._fresh = threading.Condition()
        self._frame: VideoFrame | None = None
        self._ended = False

    def __iter__(self) -> Iterator[VideoFrame | None]:
        thread = threading.Thread(target=self._read, daemon=True)
        thread.start()
        since = time.perf_counter()
        try:
            while True:
                with self._fresh:
                    self._fresh.wait_for(lambda: self._frame is not None or self._ended, timeout=PULSE)
                    frame, self._frame = self._frame, None
                if frame is None and (self._ended or time.perf_counter() - since > PATIENCE):
                    raise SourceError(f"{self._name} sends no more frames: is it unplugged or in use? --wait waits for it")
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
                    self._frame = VideoFrame(to_rgb(frame), time.perf_counter() - self._started)
                self._ended = self._ended or not ok
                self._fresh.notify()
        self._capture.release()
