"""Sources of frames: a camera, a stream, a video file, or a folder of pictures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from futoshiki.errors import SourceError
from futoshiki.formats import READABLE
from futoshiki.live.camera import Camera
from futoshiki.live.frame import Gap, VideoFrame
from futoshiki.live.video import DEFAULT_FPS, SUFFIXES, frame_rate, read_frames, to_rgb
from futoshiki.photo import load_photo

MAX_LATE = 1.0
"""Seconds by which a video may lag behind and skip frames to catch up; if it lags more, it plays on from where it is."""


@dataclass(frozen=True)
class Source:
    """A source of frames. `name` is the number of a camera, the URL of a stream or video, a video file, or a folder of pictures.

    `width` (pixels) and `fps` (frames per second) are requested from a camera, which may ignore them; files are played at
    `fps`. With `wait`, a camera that is missing or disappears is waited for without end. With `every`, a file gives each of
    its frames however long that takes. Without, it is played in real time, and frames that are late are skipped.
    """

    name: str
    width: int | None = None
    fps: float | None = None
    wait: bool = False
    every: bool = False

    @property
    def is_live(self) -> bool:
        """Whether the frames cannot wait, because they come from a camera or a stream."""
        return self.name.isdigit() or ("://" in self.name and not self._is_remote_file)

    @property
    def rate(self) -> float:
        """Frames per second: as requested, otherwise as a video states."""
        if self.is_live or Path(self.name).is_dir():
            return self.fps or DEFAULT_FPS
        return self.fps or frame_rate(self.name)

    def frames(self) -> Iterator[VideoFrame | Gap]:
        """The frames, each the newest one unless `every` is set. A camera without a new frame gives a `Gap` now and then.

        Raises:
            SourceError: there is no such source, or it stopped and did not come back.
        """
        return Camera(self.name, self.width, self.fps, wait=self.wait).frames() if self.is_live else self._from_files()

    @property
    def _is_remote_file(self) -> bool:
        """Whether it is a video on a web server, which has an end, and no stream."""
        path = self.name.lower().partition("?")[0]
        return path.startswith(("http://", "https://")) and path.endswith(SUFFIXES)

    def _from_files(self) -> Iterator[VideoFrame]:
        path = Path(self.name)
        if not self._is_remote_file and not path.exists():
            raise SourceError(f"{self.name}: no such file or folder; give a camera by its number, such as 0")
        rate = self.rate
        started = time.perf_counter()
        for number, load in enumerate(_pictures(path) if path.is_dir() else _video(self.name)):
            due = number / rate
            if not self.every:
                late = time.perf_counter() - started - due
                if late > MAX_LATE:  # decoding is too slow, or the viewer was frozen: play on from here
                    started += late
                elif late > 1 / rate and number:
                    continue
                time.sleep(max(0.0, -late))
            yield VideoFrame(load(), due)


def _pictures(folder: Path) -> Iterator[Callable[[], np.ndarray]]:
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in READABLE)
    if not paths:
        raise SourceError(f"{folder}: the folder holds no pictures")
    for path in paths:
        yield partial(_pixels, path)


def _pixels(path: Path) -> np.ndarray:
    return load_photo(path).pixels


def _video(name: str) -> Iterator[Callable[[], np.ndarray]]:
    for frame in read_frames(name):
        yield partial(to_rgb, frame)
