"""Reads and writes video files with OpenCV; GIFs are written with Pillow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np
from PIL import Image

from futoshiki.errors import OutputError, SourceError
from futoshiki.files import replacing
from futoshiki.text import without_user

GIF = ".gif"
SUFFIXES = (".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", GIF)
DEFAULT_FPS = 30.0
"""Frames per second of a file that does not state its rate, and of a camera."""
MIN_RATE, MAX_RATE = 0.1, 240.0
"""Range of the frame rates that a file may state; others are taken for an error in the file."""
GIF_SIDE, GIF_FPS = 480, 12.5
"""Longer side in pixels and frames per second of a GIF, at most: larger ones are hardly ever wanted."""


def frame_rate(path: Path | str) -> float:
    """Frames per second of a video (a file or its URL), or `DEFAULT_FPS` if it states none that is plausible."""
    capture = cv2.VideoCapture(str(path))
    rate = capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    return rate if MIN_RATE <= rate <= MAX_RATE else DEFAULT_FPS


def frame_count(path: Path) -> int:
    """Number of frames of a video file; 0 if unknown."""
    capture = cv2.VideoCapture(str(path))
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    capture.release()
    return max(count, 0)


def read_frames(path: Path | str) -> Iterator[np.ndarray]:
    """The frames of a video (a file or its URL), H x W x 3 uint8 BGR. Convert those that are used with `to_rgb`.

    Raises:
        SourceError: the file is not a video, or holds no frame.
    """
    capture = cv2.VideoCapture(str(path))
    try:
        found, frame = capture.read()
        if not found:
            raise SourceError(f"{without_user(str(path))}: not a video that OpenCV can read; convert it to MP4")
        while found:
            yield frame
            found, frame = capture.read()
    finally:
        capture.release()


def to_rgb(frame: np.ndarray) -> np.ndarray:
    """A frame from `read_frames` as RGB."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB))


class VideoWriter:
    """Writes pictures (H x W x 3 uint8 RGB) to a video of `rate` frames per second, or to a GIF, by the name's ending.

    A video takes the size of its first picture, and later ones are resized to it. A GIF is kept in memory until `close`,
    and is smaller and slower. Use the writer in a `with` statement, or call `close`: the file is in its place after that.
    """

    def __init__(self, path: Path, rate: float) -> None:
        self._path, self._rate = path, rate
        self._writer: cv2.VideoWriter | None = None
        self._files, self._part = ExitStack(), path
        self._size = (0, 0)
        self._step = max(1, round(rate / GIF_FPS)) if path.suffix.lower() == GIF else 0
        self._kept: list[Image.Image] = []
        self._count = 0

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def add(self, pixels: np.ndarray, times: int = 1) -> None:
        """Append a picture, and repeat it so that it takes `times` frames.

        Raises:
            OutputError: the file cannot be written.
        """
        if self._step:
            self._keep(pixels, times)
            return
        if self._writer is None:
            self._size = (pixels.shape[1], pixels.shape[0])
            self._writer = self._opened()
        picture = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), self._size)
        for _ in range(times):
            self._writer.write(picture)
        self._count += times

    def _opened(self) -> cv2.VideoWriter:
        with ExitStack() as files:
            self._part = files.enter_context(replacing(self._path))
            writer = cv2.VideoWriter(str(self._part), cv2.VideoWriter.fourcc(*"mp4v"), self._rate, self._size)
            if not writer.isOpened():
                raise OutputError(f"cannot write {self._path}: give a name that ends in .mp4 or .gif")
            self._files = files.pop_all()
        return writer

    def _keep(self, pixels: np.ndarray, times: int) -> None:
        """Keep those of a GIF's frames that its lower rate needs, reduced."""
        for _ in range(times):
            if self._count % self._step == 0:
                picture = Image.fromarray(pixels)
                picture.thumbnail((GIF_SIDE, GIF_SIDE))
                self._kept.append(picture)
            self._count += 1

    def close(self) -> None:
        """Finish the file.

        Raises:
            OutputError: the file cannot be written.
        """
        with self._files:
            self._finish()

    def _finish(self) -> None:
        if self._writer:
            self._writer.release()
            self._writer = None
            if frame_count(self._part) < self._count:  # OpenCV says nothing when the disk is full
                raise OutputError(f"cannot write {self._path}: the video is not whole; free some space")
        if self._kept:
            first, *others = self._kept
            duration = round(1000 * self._step / self._rate)  # milliseconds per frame
            part = self._files.enter_context(replacing(self._path))
            first.save(part, save_all=True, append_images=others, duration=duration, loop=0)
            self._kept = []


class Recorder:
    """Records what is shown at a steady rate: while nothing new is shown, the last picture is repeated."""

    def __init__(self, path: Path, rate: float) -> None:
        self._video, self._rate = VideoWriter(path, rate), rate
        self._begun: float | None = None
        self._written = 0
        self._shown: np.ndarray | None = None

    def add(self, pixels: np.ndarray, seconds: float) -> None:
        """Record a picture (H x W x 3 uint8 RGB) that is shown from that time on.

        Raises:
            OutputError: the file cannot be written.
        """
        self._begun = seconds if self._begun is None else self._begun
        due = round((seconds - self._begun) * self._rate)
        if due > self._written:
            self._video.add(pixels if self._shown is None else self._shown, due - self._written)
        if due >= self._written:
            self._video.add(pixels)
        self._written, self._shown = max(self._written, due + 1), pixels

    def close(self) -> None:
        """Finish the file; raises what `add` does."""
        self._video.close()
