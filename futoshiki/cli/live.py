"""`futoshiki live`."""

from __future__ import annotations

import json
import time
from collections import deque
from pathlib import Path

import click
import cv2
import numpy as np

from futoshiki.cli.outputs import refuse_overwriting, save_picture
from futoshiki.live.overlay import draw_sight
from futoshiki.live.session import Session, Sight
from futoshiki.live.source import Frame, Source
from futoshiki.live.window import CLOSED, Window
from futoshiki.result import BoardResult, ExitCode, Result

PACE_FRAMES = 30
"""Frames over which the shown pace is taken."""
FROZEN_WAIT = 30
"""Milliseconds between looks at the keyboard while the picture is frozen."""


@click.command("live")
@click.option(
    "--source", default="0", show_default=True, help="A camera's number, a video, a folder of frames, or a URL (RTSP, HTTP)."
)
@click.option("--width", type=click.IntRange(160), help="Width to ask of the camera, in pixels.")
@click.option("--fps", type=click.FloatRange(1), help="Frames a second to ask of the camera, or to play files at.")
@click.option("--mirror", is_flag=True, help="Show the picture as in a mirror.")
@click.option("--wait", is_flag=True, help="Wait for a camera that is not there, or comes back.")
@click.option("--record", type=click.Path(dir_okay=False, path_type=Path), help="Write what is shown to a video, NAME.mp4.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON on standard output for each change of state.")
@click.option("--no-window", is_flag=True, help="Show nothing: for servers; files are then worked through frame by frame.")
@click.option("--until-solved", is_flag=True, help="End when a puzzle is solved, with the exit code of `futoshiki solve`.")
@click.option("--save-to", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder for the key s.")
def command(
    source: str, width: int | None, fps: float | None, mirror: bool, wait: bool, record: Path | None, as_json: bool,
    no_window: bool, until_solved: bool, save_to: Path,
) -> int:  # fmt: skip
    """Point a camera at a puzzle and see it solved on the page.

    Keys: q quit, space freeze, s save picture and JSON, h a hint instead of the answer, m mirror, r start over, ? help.
    """
    frames = Source(source, width, fps, wait=wait, every=no_window)
    if record:
        refuse_overwriting(record, Path(source))
    window = None if no_window else Window()
    recorder = Recorder(record, frames.rate) if record else None
    session = Session(threaded=not (no_window and not frames.is_live))
    player = Player(session, window, recorder, as_json=as_json, mirror=mirror, save_to=save_to)
    try:
        for frame in frames.frames():
            if not (player.take(frame) if frame else player.idle()):
                break
            if until_solved and player.is_solved:
                break
    finally:
        session.close()
        for part in (window, recorder):
            if part:
                part.close()
    return int(player.exit_code) if until_solved else 0


class Recorder:
    """Writes pictures to a video at a steady rate: a slow moment repeats its picture."""

    def __init__(self, path: Path, rate: float) -> None:
        self._path, self._rate = path, rate
        self._writer: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self._begun = 0.0
        self._written = 0
        self._shown: np.ndarray | None = None

    def add(self, pixels: np.ndarray, seconds: float) -> None:
        """The picture that is shown from `seconds` on, H x W x 3 uint8 RGB; until then the one before is."""
        if self._writer is None:
            self._writer = cv2.VideoWriter(
                str(self._path), cv2.VideoWriter.fourcc(*"mp4v"), self._rate, (pixels.shape[1], pixels.shape[0])
            )
            if not self._writer.isOpened():
                raise click.UsageError(f"cannot write {self._path}: give a name that ends in .mp4, in a folder that exists")
            self._size, self._begun = (pixels.shape[1], pixels.shape[0]), seconds
        picture = cv2.resize(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), self._size)
        due = round((seconds - self._begun) * self._rate)
        for _ in range(due - self._written):
            self._writer.write(picture if self._shown is None else self._shown)
        if due >= self._written:
            self._writer.write(picture)
        self._written, self._shown = max(self._written, due + 1), picture

    def close(self) -> None:
        """Finish the file."""
        if self._writer:
            self._writer.release()


class Player:
    """Takes frames one by one: works on them, shows and records them, and obeys the keys."""

    def __init__(
        self, session: Session, window: Window | None, recorder: Recorder | None, *, as_json: bool, mirror: bool, save_to: Path
    ) -> None:
        self._session, self._window, self._recorder = session, window, recorder
        self._as_json, self._mirror, self._save_to = as_json, mirror, save_to
        self._hints = self._helping = False
        self._times: deque[float] = deque(maxlen=PACE_FRAMES)
        self._said: tuple[str, object] | None = None
        self._last: BoardResult | None = None
        self.is_solved = False
        """Whether an answer was shown that is trusted."""

    @property
    def exit_code(self) -> ExitCode:
        """What `futoshiki solve` would exit with: for the answer, or for what was seen last."""
        if self.is_solved:
            return ExitCode.SOLVED
        if self._last is None:
            return ExitCode.NO_PUZZLE
        return ExitCode.DOUBTFUL if self._last.status == "solved" else ExitCode.of(self._last.status)

    def idle(self) -> bool:
        """No frame for now; False when the user wants to end."""
        return self._window is None or self._window.key() != CLOSED

    def take(self, frame: Frame) -> bool:
        """One frame; False when the user wants to end."""
        pixels = np.ascontiguousarray(frame.pixels[:, ::-1]) if self._mirror else frame.pixels
        sight = self._session.step(pixels, frame.seconds)
        self._times.append(time.perf_counter())
        self._last = sight.board or self._last
        self.is_solved = self.is_solved or (sight.state == "solved" and sight.board is not None)
        self._tell(sight)
        if not (self._window or self._recorder):
            return True
        pace = (len(self._times) - 1) / max(self._times[-1] - self._times[0], 1e-6)
        shown = draw_sight(sight, hints=self._hints, helping=self._helping, pace=pace if self._window else None)
        if self._recorder:
            self._recorder.add(shown, frame.seconds)
        if not self._window:
            return True
        self._window.show(shown)
        return self._obey(self._window, self._window.key(), sight, shown)

    def _tell(self, sight: Sight) -> None:
        """A line for each change of state or answer; not for the moments in which a solved page is hidden."""
        if self._session.trouble:
            click.echo(f"{self._session.trouble}; please report it", err=True)
            self._session.trouble = None
        solved = sight.state == "solved"
        says = (sight.state, sight.board.solution if solved and sight.board else None)
        if self._as_json and says != self._said and not (solved and sight.board is None):
            self._said = says
            click.echo(json.dumps(sight.to_dict()))

    def _obey(self, window: Window, key: str | None, sight: Sight, shown: np.ndarray) -> bool:
        """Do what a key asks; a frozen picture waits here for the next one."""
        frozen = key == " "
        while frozen:
            key = window.key(FROZEN_WAIT)
            frozen = key not in (" ", CLOSED)
            if frozen and key == "s":
                self._save(sight, shown)
        if key == "s":
            self._save(sight, shown)
        elif key == "h":
            self._hints = not self._hints
        elif key == "m":
            self._mirror = not self._mirror
            self._session.restart()
        elif key == "r":
            self._session.restart()
        elif key == "?":
            self._helping = not self._helping
        return key != CLOSED

    def _save(self, sight: Sight, shown: np.ndarray) -> None:
        """The frame, the reading beside it, and the frame as it is shown, under the time of day."""
        stem, number = f"futoshiki-{time.strftime('%Y%m%d-%H%M%S')}", 2
        path = self._save_to / f"{stem}.png"
        while path.exists():
            path, number = self._save_to / f"{stem}-{number}.png", number + 1
        board = sight.board
        error = None if board else "nothing was found in this frame"
        result = Result(str(path), board.status if board else "no_puzzle", (board,) if board else (), error=error)
        failure = save_picture(sight.pixels, path) or save_picture(shown, path.with_suffix(".solved.png"))
        if failure is None:
            path.with_suffix(".json").write_text(json.dumps(result.to_dict()) + "\n")
        click.echo(failure or f"written to {path}", err=True)
