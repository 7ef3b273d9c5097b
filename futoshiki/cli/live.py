"""`futoshiki live`."""

from __future__ import annotations

import json
import time
from collections import deque
from pathlib import Path

import click
import numpy as np

from futoshiki.board_result import BoardResult
from futoshiki.cli.options import GRID_MODEL, reader_with
from futoshiki.cli.outputs import refuse_overwriting
from futoshiki.errors import ExitCode, OutputError
from futoshiki.files import write_file
from futoshiki.live.frame import Gap, VideoFrame
from futoshiki.live.overlay import draw_note, draw_sight
from futoshiki.live.session import Session, Sight
from futoshiki.live.source import Source
from futoshiki.live.video import Recorder
from futoshiki.live.window import CLOSED, Window
from futoshiki.picture_output import save_picture
from futoshiki.result import Result
from futoshiki.text import shown

PACE_FRAMES = 30
"""Number of frames over which the displayed frame rate is averaged."""
NO_PICTURE = (720, 1280, 3)
"""Shape of the picture that is shown before there is a frame."""
FROZEN_WAIT = 30
"""Milliseconds between checks of the keyboard while the picture is frozen."""


@click.command("live")
@click.option(
    "--source", default="0", show_default=True, help="Number of a camera, a video, a folder of frames, or a URL (RTSP, HTTP)."
)
@click.option("--width", type=click.IntRange(160), help="Width to request from the camera, in pixels.")
@click.option("--fps", type=click.FloatRange(1), help="Frames per second to request from the camera, or to play files at.")
@click.option("--mirror", is_flag=True, help="Show the picture as in a mirror.")
@click.option("--wait", is_flag=True, help="Wait without end for a camera that is missing or disappears.")
@click.option("--record", type=click.Path(dir_okay=False, path_type=Path), help="Record what is shown as a video, NAME.mp4.")
@click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each change of state.")
@click.option("--no-window", is_flag=True, help="Open no window, for servers. Every frame of a file is then read.")
@click.option("--until-solved", is_flag=True, help="Stop when a puzzle is solved. Exit codes are those of `futoshiki solve`.")
@click.option("--save-to", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Folder for pictures (key s).")
@GRID_MODEL
def command(
    source: str,
    width: int | None,
    fps: float | None,
    mirror: bool,
    wait: bool,
    record: Path | None,
    as_json: bool,
    no_window: bool,
    until_solved: bool,
    save_to: Path,
    grid_model: Path | None,
) -> int:
    """Point a camera at a puzzle and see it solved on the page.

    Keys: q quit, space freeze, s save picture and JSON, h a hint instead of the answer, m mirror, r start over, ? help.
    """
    frames = Source(source, width, fps, wait=wait, every=no_window)
    if record:
        refuse_overwriting(record, Path(source))
    window = None if no_window else Window()
    recorder = Recorder(record, frames.rate) if record else None
    session = Session(reader_with(grid_model), threaded=not (no_window and not frames.is_live))
    player = Player(session, window, recorder, as_json=as_json, mirror=mirror, save_to=save_to)
    try:
        for frame in frames.frames():
            if not (player.pause(frame) if isinstance(frame, Gap) else player.take(frame)):
                break
            if until_solved and player.is_solved:
                break
    finally:
        session.close()
        for part in (window, recorder):
            if part:
                part.close()
    return int(player.exit_code) if until_solved else 0


class Player:
    """Plays frames: passes them to a session, shows and records what is known, and obeys the keys."""

    def __init__(
        self, session: Session, window: Window | None, recorder: Recorder | None, *, as_json: bool, mirror: bool, save_to: Path
    ) -> None:
        self._session, self._window, self._recorder = session, window, recorder
        self._as_json, self._mirror, self._save_to = as_json, mirror, save_to
        self._hints = self._helping = False
        self._times: deque[float] = deque(maxlen=PACE_FRAMES)
        self._reported: tuple[str, object] | None = None
        self._last: BoardResult | None = None
        self._picture = np.zeros(NO_PICTURE, np.uint8)
        self._note: str | None = None
        self.is_solved = False
        """Whether a confirmed answer has been shown."""

    @property
    def exit_code(self) -> ExitCode:
        """The exit code of `futoshiki solve` for the confirmed answer, or else for the last board in view."""
        if self.is_solved:
            return ExitCode.SOLVED
        if self._last is None:
            return ExitCode.NO_PUZZLE
        return ExitCode.DOUBTFUL if self._last.status == "solved" else ExitCode.of(self._last.status)

    def pause(self, gap: Gap) -> bool:
        """Say why there is no new frame, if that takes long. False if the user wants to quit."""
        if gap.note:
            self._tell(gap.note)
            self._show(draw_note(self._picture, f"{gap.note} ({gap.silent:.0f} s)"), gap.seconds)
        return self._window is None or self._window.key() != CLOSED

    def take(self, frame: VideoFrame) -> bool:
        """Play one frame. False if the user wants to quit."""
        self._tell(None)
        pixels = np.ascontiguousarray(frame.pixels[:, ::-1]) if self._mirror else frame.pixels
        sight = self._session.step(pixels, frame.seconds)
        self._times.append(time.perf_counter())
        self._last = sight.board or self._last
        self.is_solved = self.is_solved or (sight.state == "solved" and sight.board is not None)
        self._report(sight)
        if not (self._window or self._recorder):
            return True
        pace = (len(self._times) - 1) / max(self._times[-1] - self._times[0], 1e-6)
        self._picture = draw_sight(sight, hints=self._hints, helping=self._helping, pace=pace if self._window else None)
        self._show(self._picture, frame.seconds)
        return self._window is None or self._obey(self._window, self._window.key(), sight, self._picture)

    def _show(self, picture: np.ndarray, seconds: float) -> None:
        """Show and record a picture, from that time on."""
        if self._recorder:
            self._recorder.add(picture, seconds)
        if self._window:
            self._window.show(picture)

    def _tell(self, note: str | None) -> None:
        """Print why there are no frames, once, and when they come again."""
        if note != self._note:
            click.echo(note or "frames again", err=True)
            self._note = note

    def _report(self, sight: Sight) -> None:
        """Print an unexpected error, and a line of JSON if the state or the answer has changed.

        A solved page that is hidden for a moment is no change.
        """
        if self._session.trouble:
            click.echo(f"{self._session.trouble}; please report it", err=True)
            self._session.trouble = None
        solved = sight.state == "solved"
        news = (sight.state, sight.board.solution if solved and sight.board else None)
        if self._as_json and news != self._reported and not (solved and sight.board is None):
            self._reported = news
            click.echo(json.dumps(sight.to_dict()))

    def _obey(self, window: Window, key: str | None, sight: Sight, picture: np.ndarray) -> bool:
        """Do what a key asks for. A frozen picture waits here until it is released. False if the user wants to quit."""
        frozen = key == " "
        while frozen:
            key = window.key(FROZEN_WAIT)
            frozen = key not in (" ", CLOSED)
            if frozen and key == "s":
                self._save(sight, picture)
        if key == "s":
            self._save(sight, picture)
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

    def _save(self, sight: Sight, picture: np.ndarray) -> None:
        """Save the frame, the frame as it is shown, and the reading as JSON, under names with the date and time."""
        stem, number = f"futoshiki-{time.strftime('%Y%m%d-%H%M%S')}", 2
        path = self._save_to / f"{stem}.png"
        while path.exists():
            path, number = self._save_to / f"{stem}-{number}.png", number + 1
        board = sight.board
        error = None if board else "no Futoshiki was found in this frame"
        result = Result(str(path), board.status if board else "no_puzzle", (board,) if board else (), error=error)
        try:
            save_picture(sight.pixels, path)
            save_picture(picture, path.with_suffix(".solved.png"))
            write_file(path.with_suffix(".json"), json.dumps(result.to_dict()) + "\n")
        except OutputError as error:
            click.echo(str(error), err=True)
        else:
            click.echo(f"written to {shown(path)}", err=True)
