"""Cameras and streams that are missing, stop, stall and come back."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np
import pytest

from futoshiki.cli.live import Player
from futoshiki.errors import SourceError
from futoshiki.live.camera import Camera
from futoshiki.live.frame import Gap, VideoFrame
from futoshiki.live.session import Session
from futoshiki.live.source import Source
from futoshiki.text import without_user
from tests.helpers import Keyboard, run

SIZE = (320, 180)
JPEG = cv2.imencode(".jpg", np.full((SIZE[1], SIZE[0], 3), (10, 20, 220), np.uint8))[1].tobytes()
"""A red picture."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Little patience, so that tests are fast."""
    for name, seconds in {"FIRST_FRAME": 3.0, "COME_BACK": 0.6, "RETRY": 0.05, "NOTICE": 0.2, "STALLED": 0.3}.items():
        monkeypatch.setattr(f"futoshiki.live.camera.{name}", seconds)


class Connections:
    """Stands in for `cv2.VideoCapture`: each connection gives the frames of a list and then stops.

    A number in the list is a time in seconds during which nothing comes.
    """

    def __init__(self, *connections: list[int | float]) -> None:
        self.waiting = list(connections)
        self.asked: list[tuple] = []
        self.released = 0

    def __call__(self, *target: object) -> "Connections":
        self.asked.append(target)
        self.frames = self.waiting.pop(0) if self.waiting else []
        return self

    def read(self) -> tuple[bool, np.ndarray | None]:
        while self.frames and isinstance(self.frames[0], float):
            time.sleep(self.frames.pop(0))
        time.sleep(0.01)
        return (True, np.full((4, 4, 3), self.frames.pop(0), np.uint8)) if self.frames else (False, None)

    def set(self, key: int, value: float) -> None:
        self.asked.append((key, value))

    def release(self) -> None:
        self.released += 1


@pytest.fixture
def connections(monkeypatch):
    def of(*lists: list[int | float]) -> Connections:
        made = Connections(*lists)
        monkeypatch.setattr("futoshiki.live.camera.cv2.VideoCapture", made)
        return made

    return of


def levels(source, count: int) -> list[int]:
    """The grey levels of so many frames."""
    frames = (frame for frame in source if isinstance(frame, VideoFrame))
    return [int(next(frames).pixels[0, 0, 0]) for _ in range(count)]


def test_a_camera_that_stops_is_opened_again(connections):
    made = connections([1, 2], [], [], [7, 8, 9])
    frames = Camera("0").frames()
    assert levels(frames, 5) == [1, 2, 7, 8, 9]
    frames.close()
    assert made.asked == [(0,)] * 4
    assert made.released >= 3


def test_it_is_told_why_there_are_no_frames_and_then_given_up(connections):
    connections([1])
    notes, taken = [], 0
    with pytest.raises(SourceError, match=r"camera 3 stopped and did not come back within 1 seconds: .* --wait waits longer"):
        for frame in Camera("3").frames():
            taken += isinstance(frame, VideoFrame)
            if isinstance(frame, Gap):
                notes.append((frame.note, frame.silent))
    assert taken == 1
    assert notes[0][0] is None
    assert notes[-1][0] == "no frames from camera 3: trying again"
    assert [silent for _, silent in notes] == sorted(silent for _, silent in notes)


@pytest.mark.parametrize(("name", "question"), [("0", "connected"), ("rtsp://somewhere/x", "address right")])
def test_a_camera_that_is_not_there_is_given_up_at_once(connections, name, question):
    made = connections()
    started = time.perf_counter()
    with pytest.raises(SourceError, match=question):
        list(Camera(name).frames())
    assert time.perf_counter() - started < 1.0
    assert made.asked[0][0] in (0, name)


def test_with_wait_it_is_never_given_up(connections):
    connections(*[[]] * 20, [5], *[[]] * 20, [6])
    frames = Camera("0", wait=True).frames()
    assert levels(frames, 2) == [5, 6]
    frames.close()


def test_a_camera_that_gives_no_first_frame_is_given_up(connections, monkeypatch):
    monkeypatch.setattr("futoshiki.live.camera.FIRST_FRAME", 0.3)
    monkeypatch.setattr("futoshiki.live.camera.ENDING", 0.1)
    connections([2.0, 1])
    with pytest.raises(SourceError, match="gives no frames"):
        list(Camera("0").frames())


def test_what_a_stalled_stream_still_hands_out_is_not_shown(connections):
    connections([1, 0.4, 2, 3], [7])
    frames = Camera("http://somewhere/x").frames()
    assert levels(frames, 2) == [1, 7]
    frames.close()


def test_size_and_rate_are_requested_from_a_camera(connections):
    made = connections([1])
    frames = Camera("0", 1280, 60.0).frames()
    levels(frames, 1)
    frames.close()
    requested = dict(pair for pair in made.asked if len(pair) == 2)
    assert requested == {cv2.CAP_PROP_FRAME_WIDTH: 1280, cv2.CAP_PROP_FRAME_HEIGHT: 720, cv2.CAP_PROP_FPS: 60.0}


def test_a_dead_server_does_not_hold_up_the_end(connections, monkeypatch):
    monkeypatch.setattr("futoshiki.live.camera.ENDING", 0.1)
    connections([1, 5.0])
    frames = Camera("rtsp://somewhere/x").frames()
    levels(frames, 1)
    started = time.perf_counter()
    frames.close()
    assert time.perf_counter() - started < 1.0


def test_passwords_are_not_shown():
    assert without_user("rtsp://me:secret@cam:554/x?y=1") == "rtsp://cam:554/x?y=1"
    assert without_user("rtsp://me:s@/cret@cam/x") == "rtsp://cam/x"
    assert without_user("http://cam/x") == "http://cam/x"


def test_a_video_on_a_web_server_has_an_end_and_a_stream_has_none():
    assert not Source("http://somewhere/clip.MP4?key=1").is_live
    for name in ("0", "http://somewhere/video", "rtsp://somewhere/clip.mp4", "http://somewhere/?file=clip.mp4"):
        assert Source(name).is_live


def test_the_picture_and_the_terminal_say_that_there_are_no_frames(tmp_path, capsys):
    window = Keyboard([])
    session = Session(threaded=False)
    player = Player(session, window, None, as_json=False, mirror=False, save_to=tmp_path)
    assert player.pause(Gap(0.1, 0.1))
    assert not window.shown
    assert player.pause(Gap(2.5, 2.5, "waiting for camera 0"))
    white = np.full((180, 320, 3), 255, np.uint8)
    assert player.take(VideoFrame(white, 3.0))
    for silent in (2.1, 2.2):
        assert player.pause(Gap(3.0 + silent, silent, "no frames from camera 0: trying again"))
    assert player.take(VideoFrame(white, 6.0))
    session.close()
    assert capsys.readouterr().err.splitlines() == [
        "waiting for camera 0",
        "frames again",
        "no frames from camera 0: trying again",
        "frames again",
    ]
    first, shown, darkened = window.shown[0], window.shown[1], window.shown[2]
    assert first.shape == (720, 1280, 3)
    assert first.any()
    assert darkened.shape == white.shape
    assert darkened[:100].mean() < 0.6 * shown[:100].mean()
    window.keys = ["q"]
    assert not player.pause(Gap(7.0, 0.1))


class Mjpeg(ThreadingHTTPServer):
    """A server that sends a red picture again and again as a camera does, until it is closed."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Sender)
        self.is_open = True
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        self.is_open = False
        self.shutdown()
        self.server_close()


class Sender(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        while self.server.is_open:
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(JPEG), JPEG))
            time.sleep(0.01)

    def log_message(self, *_: object) -> None:
        pass


def test_a_stream_is_taken_from_a_real_server_that_goes_away_and_comes_back(monkeypatch):
    monkeypatch.setattr("futoshiki.live.camera.COME_BACK", 20.0)
    server = Mjpeg()
    port = server.server_address[1]
    frames = Source(f"http://127.0.0.1:{port}/video").frames()
    first = next(frame for frame in frames if isinstance(frame, VideoFrame))
    assert first.pixels.shape == (SIZE[1], SIZE[0], 3)
    assert np.abs(first.pixels.mean(axis=(0, 1)) - [220, 20, 10]).max() < 5
    server.close()
    gap = next(frame for frame in frames if isinstance(frame, Gap) and frame.note)
    server = Mjpeg(port)
    after = next(frame for frame in frames if isinstance(frame, VideoFrame))
    assert after.seconds > gap.seconds
    frames.close()
    server.close()


def test_a_server_that_does_not_come_back_ends_the_command_with_a_sentence():
    server = Mjpeg()
    threading.Timer(1.0, server.close).start()
    result = run("live", "--source", f"http://me:secret@127.0.0.1:{server.server_address[1]}/video", "--no-window")
    assert isinstance(result.exception, SourceError)
    assert "did not come back" in str(result.exception)
    assert "secret" not in str(result.exception) + result.output
