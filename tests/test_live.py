"""Following, adding up evidence, and whole clips with a moving camera."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from futoshiki.board_result import BoardResult
from futoshiki.cli.live import Player
from futoshiki.drawing.marks import TARGET
from futoshiki.errors import MissingPartError, SourceError
from futoshiki.geometry import Orientation, fill_polygons, mask_iou, perspective, transform
from futoshiki.live.ahead import ahead
from futoshiki.live.answer import Answer
from futoshiki.live.areas import mask_frames
from futoshiki.live.evidence import Evidence
from futoshiki.live.frame import VideoFrame
from futoshiki.live.frame_reader import FrameReader, FrameReading
from futoshiki.live.overlay import draw_sight
from futoshiki.live.page import FollowedPage
from futoshiki.live.session import Session, Sight, follow
from futoshiki.live.source import Source
from futoshiki.live.track import Tracker, small_grey
from futoshiki.live.video import Recorder
from futoshiki.live.window import Window
from futoshiki.photo import load_photo
from futoshiki.puzzle import Cell, Puzzle, freeze_grid
from futoshiki.reading.board import Board
from futoshiki.reading.reader import Reader
from futoshiki.training.synth.clip import FilmedPage, Motion, film
from tests.helpers import SAMPLES, Keyboard, run, scores_of

SIZE = (960, 540)


def page(name: str) -> tuple[FilmedPage, tuple]:
    truth = json.loads((SAMPLES / f"{name}.json").read_text())
    return FilmedPage.of(load_photo(SAMPLES / f"{name}.jpg").pixels, truth, name), freeze_grid(truth["solution"])


@pytest.fixture(scope="module")
def clip():
    """Two pages, the second one with a hand over it, and their answers."""
    (first, one), (second, other) = page("small_4x4"), page("newspaper")
    frames = list(film([first, second], seconds=2.0, size=SIZE, seed=3, motion=Motion(hand=(1.1, 1.7)), fill=0.75))
    return frames, [one, other]


@pytest.fixture(scope="module")
def sights(clip):
    return list(follow([frame.pixels for frame in clip[0]]))


def video(path, frames):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 30, SIZE)
    for frame in frames:
        writer.write(frame.pixels[..., ::-1])
    writer.release()
    return path


def texture(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 255, (40, 60), dtype=np.uint8)
    return cv2.resize(noise, (640, 400), interpolation=cv2.INTER_CUBIC)


def test_a_page_is_followed_through_turns_and_tilts():
    outline = np.array([[200, 120], [420, 120], [420, 300], [200, 300]], float)
    picture = texture()
    tracker = Tracker(picture, outline, 1.0)
    for k in range(1, 15):
        moved = outline + k * np.array([[3.0, 1.0], [2.0, -1.5], [3.5, 2.0], [1.0, 0.5]])
        homography = perspective(outline, moved)
        assert tracker.advance(cv2.warpPerspective(picture, homography, (640, 400)))
        assert np.abs(transform(outline, tracker.homography) - moved).mean() < 1.5


def test_another_picture_is_not_taken_for_the_page_and_the_page_is_found_again():
    outline = np.array([[200, 120], [420, 120], [420, 300], [200, 300]], float)
    tracker = Tracker(texture(), outline, 1.0)
    assert not tracker.advance(texture(5))
    assert not tracker.advance(np.full((400, 640), 128, np.uint8))
    assert tracker.advance(np.roll(texture(), 4, axis=1))
    assert np.allclose(transform(outline, tracker.homography), outline + [4, 0], atol=0.5)


def test_points_of_large_frames_are_in_their_own_pixels():
    picture = cv2.resize(texture(), (1280, 800))
    outline = np.array([[400, 240], [840, 240], [840, 600], [400, 600]], float)
    tracker = Tracker(small_grey(picture), outline, 0.5)
    assert tracker.advance(small_grey(np.roll(picture, 10, axis=0)))
    assert np.allclose(transform(outline, tracker.homography), outline + [0, 10], atol=1.0)


def test_what_passes_over_the_page_is_not_followed_and_neither_is_changing_light():
    outline = np.array([[200, 120], [420, 120], [420, 300], [200, 300]], float)
    picture = texture()
    tracker = Tracker(small_grey(picture), outline, 1.0)
    for k in range(30):
        frame = np.clip(np.roll(picture, k, axis=1) * (1 + 0.01 * k), 0, 255).astype(np.uint8)
        frame[:, 420 - 8 * k : 490 - 8 * k] = texture(9)[:, :70]
        assert tracker.advance(small_grey(frame))
        assert np.abs(transform(outline, tracker.homography) - outline - [k, 0]).mean() < 1.5


def test_a_late_reading_is_followed_to_the_newest_frame_in_few_steps(monkeypatch):
    cells = np.stack(np.meshgrid(np.arange(220.0, 420, 50), np.arange(140.0, 300, 50)), axis=-1)
    followed = FollowedPage(1.0)
    picture = texture()
    for k in range(13):
        followed.advance(k, k / 30, small_grey(np.roll(picture, 2 * k, axis=1)))
    steps = []
    advance = Tracker.advance
    monkeypatch.setattr(Tracker, "advance", lambda tracker, small: steps.append(small) or advance(tracker, small))
    followed.take(followed.moments[0], Board(cells, 1.0, False, 1.0))
    assert len(steps) <= 5
    assert np.abs(followed.cells() - cells - [24, 0]).max() < 1.0


def test_readings_that_agree_grow_surer_and_poor_ones_hardly_count():
    puzzle = Puzzle.of(4, [(0, 0, 1)], [(1, 1, 1, 2)])
    unsure = scores_of(puzzle, {Cell(0, 0): {1: 0.5, 2: 0.0}})
    evidence = Evidence.of(unsure)
    once = np.exp(evidence.scores.cells[0, 0, 1])
    evidence = evidence.plus(unsure)
    twice = np.exp(evidence.scores.cells[0, 0, 1])
    assert 0.5 < once < twice < 0.9
    blurred = replace(scores_of(Puzzle.blank(4), sure=0.3), by_hand=np.zeros((4, 4, 11), np.float32))
    evidence = evidence.plus(blurred)
    assert evidence.scores.by_hand is blurred.by_hand  # handwriting is that of the newest reading
    assert np.exp(evidence.scores.cells[0, 0, 1]) == pytest.approx(twice, abs=0.02)


def test_another_puzzle_is_noticed_and_a_misread_clue_is_not_one():
    puzzle = Puzzle.of(4, [(0, 0, 1), (3, 3, 2)], [(1, 1, 1, 2)])
    evidence = Evidence.of(scores_of(puzzle))
    assert not evidence.contradicts(scores_of(puzzle))
    assert not evidence.contradicts(scores_of(Puzzle.of(4, [(0, 0, 2), (3, 3, 2)], puzzle.less)))
    assert evidence.contradicts(scores_of(Puzzle.of(4, [(0, 0, 2), (3, 2, 3)], [(2, 1, 1, 1)])))
    assert evidence.contradicts(scores_of(Puzzle.blank(5)))


@pytest.mark.parametrize(("clear", "needed"), [(True, 1), (False, 2)])
def test_a_clear_reading_is_enough_and_others_must_agree(clear, needed):
    board = BoardResult("solved", Puzzle.blank(4), 0.98, (), (), freeze_grid([[1]]), 1)
    answer, taken = Answer(), 0
    while not answer.is_locked:
        answer.take(FrameReading(taken, alone=board, is_clear=clear, together=board))
        taken += 1
    assert taken == needed


def test_a_sharp_frame_is_enough_for_an_answer(clip):
    frames = [frame.pixels for frame in clip[0][10:25]]
    first = next(sight for sight in follow(frames) if sight.state == "solved")
    assert first.readings == 1
    assert first.board.solution == clip[1][0]


def test_both_pages_are_solved_soon_and_never_wrongly(clip, sights):
    frames, answers = clip
    first = {}
    for frame, sight in zip(frames, sights, strict=True):
        if sight.state == "solved" and sight.board and frame.cells is not None:
            assert sight.board.solution == answers[frame.page]
            first.setdefault(frame.page, sight.number)
    assert first[0] <= 15
    assert first[1] <= 60 + 30
    assert sights[-1].readings >= 2


def test_the_answer_lies_on_the_cells_and_a_hand_does_not_lose_it(clip, sights):
    errors = []
    for frame, sight in zip(clip[0], sights, strict=True):
        if sight.state == "solved" and sight.board and frame.cells is not None and sight.board.puzzle.size == len(frame.cells):
            pitch = np.linalg.norm(np.diff(frame.cells, axis=1), axis=-1).mean()
            errors.append(np.linalg.norm(np.array(sight.board.cells) - frame.cells, axis=-1).mean() / pitch)
    assert np.mean(errors) < 0.12
    with_hand = sights[94:111]
    assert sum(sight.state == "solved" and sight.board is not None for sight in with_hand) > 0.7 * len(with_hand)


def test_a_thread_of_its_own_reads_while_frames_go_on(clip):
    session = Session()
    deadline = time.perf_counter() + 20
    number = 0
    while (sight := session.step(clip[0][number % 10].pixels, number / 30)).board is None and time.perf_counter() < deadline:
        number += 1
        time.sleep(0.02)
    session.close()
    assert sight.state in ("reading", "solved")
    assert number > 1


def target_pixels(pixels: np.ndarray) -> int:
    """Number of pixels in the colour of the frame around the cell of a hint."""
    return int((pixels == TARGET.colour).all(axis=-1).sum())


def test_what_is_drawn_depends_on_the_state(clip, sights):
    solved = next(sight for sight in sights if sight.state == "solved" and sight.board)
    answer, help_shown = draw_sight(solved), draw_sight(solved, helping=True, pace=30.0)
    hint = draw_sight(solved, hints=True)
    assert answer.shape == solved.pixels.shape
    assert (answer != solved.pixels).any(axis=-1).sum() > 1000
    assert target_pixels(hint) > 50 > target_pixels(answer)
    assert (help_shown[:100] != answer[:100]).any()
    empty = Sight(0, 0.0, solved.pixels, "searching")
    rows = np.flatnonzero((draw_sight(empty) != solved.pixels).any(axis=(1, 2)))
    assert rows.min() > 0.9 * SIZE[1]


def test_files_and_folders_give_their_frames(tmp_path, clip):
    path = video(tmp_path / "a.mp4", clip[0][:5])
    (tmp_path / "frames").mkdir()
    for name in ("newspaper", "turned"):
        shutil.copy(SAMPLES / f"{name}.jpg", tmp_path / "frames")
    assert [round(frame.seconds * 30) for frame in Source(str(path), every=True).frames()] == [0, 1, 2, 3, 4]
    assert Source(str(path)).rate == pytest.approx(30)
    frames = list(Source(str(tmp_path / "frames"), every=True).frames())
    assert np.array_equal(frames[0].pixels, load_photo(SAMPLES / "newspaper.jpg").pixels)


def test_late_frames_of_a_file_are_skipped(tmp_path, clip):
    path = video(tmp_path / "a.mp4", clip[0][:30])
    taken = []
    for frame in Source(str(path)).frames():
        taken.append(frame.seconds)
        if len(taken) == 1:
            time.sleep(0.4)
    assert len(taken) < 25
    assert taken == sorted(taken)
    assert taken[1] > 0.3


def test_a_file_that_lags_far_behind_plays_on_from_there(tmp_path, clip, monkeypatch):
    monkeypatch.setattr("futoshiki.live.source.MAX_LATE", 0.2)
    path = video(tmp_path / "a.mp4", clip[0][:20])
    taken = []
    for frame in Source(str(path)).frames():
        taken.append(round(frame.seconds * 30))
        if len(taken) == 1:
            time.sleep(0.5)
    assert taken[:2] == [0, 1]


@pytest.mark.parametrize("name", ["nowhere.mp4", "97"])
def test_a_source_that_is_not_there_says_what_to_do(name):
    with pytest.raises(SourceError, match=r"no such file|--wait"):
        next(Source(name).frames())


def test_what_is_no_video_or_holds_no_picture_is_refused(tmp_path):
    (tmp_path / "text.mp4").write_text("no video")
    with pytest.raises(SourceError, match="not a video"):
        next(Source(str(tmp_path / "text.mp4")).frames())
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match="holds no pictures"):
        next(Source(str(tmp_path / "empty")).frames())


def test_without_a_display_the_message_says_how_to_go_on(monkeypatch):
    if not sys.platform.startswith("linux"):
        pytest.skip("only on Linux the environment says whether there is a display")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(MissingPartError, match="--no-window"):
        Window()


def test_a_video_is_solved_recorded_and_reported_line_by_line(tmp_path, clip):
    path = video(tmp_path / "a.mp4", clip[0][:30])
    result = run("live", "--source", path, "--no-window", "--json", "--record", tmp_path / "out.mp4")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["state"] for line in lines][-1] == "solved"
    assert freeze_grid(lines[-1]["board"]["solution"]) == clip[1][0]
    assert [line["seconds"] for line in lines] == sorted(line["seconds"] for line in lines)
    shown = cv2.VideoCapture(str(tmp_path / "out.mp4"))
    assert int(shown.get(cv2.CAP_PROP_FRAME_COUNT)) == 30


def test_until_solved_ends_with_the_code_of_solve(tmp_path, clip):
    path = video(tmp_path / "a.mp4", clip[0][:30])
    blank = tmp_path / "blank"
    blank.mkdir()
    cv2.imwrite(str(blank / "0.png"), np.full((200, 300, 3), 200, np.uint8))
    command = [sys.executable, "-m", "futoshiki", "live", "--no-window", "--until-solved", "--source"]
    assert subprocess.run([*command, str(path)], check=False).returncode == 0
    assert subprocess.run([*command, str(blank)], check=False).returncode == 4
    assert subprocess.run([*command, "nowhere.mp4"], check=False, capture_output=True).returncode == 3


def test_keys_do_what_the_help_says(tmp_path, clip):
    keys = [None] * 16 + ["s", "h", None, "m", "?", " ", None, "s", " ", "r", "q"]
    window = Keyboard(keys)
    session = Session(threaded=False)
    player = Player(session, window, None, as_json=False, mirror=False, save_to=tmp_path)
    taken = 0
    for number, frame in enumerate(clip[0]):
        taken += 1
        if not player.take(VideoFrame(frame.pixels, number / 30)):
            break
    session.close()
    assert not keys
    assert taken == 24  # a key for each frame, but three of them while one is frozen
    assert sorted(path.suffix for path in tmp_path.glob("futoshiki-*")) == [".json", ".json", *[".png"] * 4]
    record = json.loads(min(tmp_path.glob("*.json"), key=lambda path: path.stat().st_mtime_ns).read_text())
    assert freeze_grid(record["boards"][0]["solution"]) == clip[1][0]
    answer, hint, mirrored = window.shown[16], window.shown[18], window.shown[21]
    plain = [frame.pixels for frame in clip[0]]
    assert target_pixels(hint) > 50 > target_pixels(answer)
    assert np.abs(mirrored.astype(int) - plain[21][:, ::-1]).mean() < np.abs(mirrored.astype(int) - plain[21]).mean()


@pytest.mark.skipif(not all(map(shutil.which, ("Xvfb", "xdotool"))), reason="Xvfb and xdotool are not installed")
def test_the_window_opens_and_closes_on_a_virtual_display(tmp_path, clip):
    if re.search(r"GUI:\s+NONE", cv2.getBuildInformation()):
        pytest.skip("this OpenCV was built without windows")
    path = video(tmp_path / "a.mp4", [frame for frame in clip[0] for _ in range(10)])
    processes = [subprocess.Popen(["Xvfb", ":93", "-screen", "0", "1400x900x24"], stderr=subprocess.DEVNULL)]
    try:
        time.sleep(1)
        screen = {**os.environ, "DISPLAY": ":93"}
        processes.append(subprocess.Popen([sys.executable, "-m", "futoshiki", "live", "--source", str(path)], env=screen))
        time.sleep(5)
        search = ["xdotool", "search", "--name", "futoshiki"]
        found = subprocess.run(search, env=screen, capture_output=True, text=True, check=True)
        window = found.stdout.split()[-1]
        subprocess.run(["xdotool", "windowfocus", window, "key", "--window", window, "q"], env=screen, check=True)
        assert processes[1].wait(10) == 0
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_another_page_in_the_same_place_soon_takes_the_answer_away():
    (first, one), (second, other) = page("small_4x4"), page("newspaper")
    still = Motion(tilt=0, roll=0, pan=0, zoom=0, shake=0.3)
    before = [frame.pixels for frame in film([first], seconds=1.0, size=SIZE, seed=1, motion=still, fill=0.75)]
    after = [frame.pixels for frame in film([second], seconds=2.0, size=SIZE, seed=1, motion=still, fill=0.75)]
    sights = list(follow([*before, *after]))
    shown = [sight.board.solution if sight.state == "solved" and sight.board else None for sight in sights]
    assert one in shown[:30]
    assert one not in shown[30 + 20 :]
    assert other in shown[30 + 20 :]


def test_the_mirrored_page_is_not_mixed_with_the_page():
    (first, one) = page("small_4x4")
    frames = [frame.pixels for frame in film([first], seconds=1.5, size=SIZE, seed=1, fill=0.75)]
    cells = [frame.cells for frame in film([first], seconds=1.5, size=SIZE, seed=1, fill=0.75)]
    flipped = [np.ascontiguousarray(pixels[:, ::-1]) for pixels in frames]
    sights = list(follow([*frames, *flipped]))
    last = sights[-1]
    assert last.board.solution == one
    truth = np.array(cells[-1]) * [-1, 1] + [SIZE[0] - 1, 0]
    assert np.abs(np.array(last.board.cells) - truth).max() < 0.3 * np.linalg.norm(truth[0, 1] - truth[0, 0])


def test_a_reading_that_took_very_long_still_shows_where_the_page_is(clip, monkeypatch):
    collect, asked = FrameReader.collect, 0

    def late(reader: FrameReader) -> FrameReading | None:
        nonlocal asked
        asked += 1
        return collect(reader) if asked % 6 == 0 else None

    monkeypatch.setattr("futoshiki.live.page.KEPT_FRAMES", 3)
    monkeypatch.setattr(FrameReader, "collect", late)
    session = Session(threaded=False)
    sights = [session.step(frame.pixels, number / 30) for number, frame in enumerate(clip[0][:20])]
    session.close()
    assert any(sight.board is not None for sight in sights)


def test_each_reading_finds_the_orientation_anew():
    photo = load_photo(np.rot90(load_photo(SAMPLES / "newspaper.jpg").pixels, 2).copy())
    reader = FrameReader(Reader(), threaded=False)
    reader.begin(0, photo, None, None)
    first = reader.collect()
    reader.begin(1, photo, first.board.corners, None)
    second = reader.collect()
    assert second.evidence.scores.orientation == first.evidence.scores.orientation != Orientation()
    assert np.abs(second.board.corners - first.board.corners).max() < 0.1 * second.board.pitch


def test_time_that_runs_backwards_and_other_sizes_begin_anew(clip):
    session = Session(threaded=False)
    for number, frame in enumerate(clip[0][:16]):
        sight = session.step(frame.pixels, 100 + number / 30)
    assert sight.state == "solved"
    for anew in (session.step(clip[0][16].pixels, 0.0), session.step(cv2.resize(clip[0][17].pixels, (640, 360)), 0.1)):
        assert anew.readings <= 1
    session.close()


def test_the_last_frame_of_a_folder_is_read_too(clip):
    session = Session(threaded=False)
    first = session.step(clip[0][0].pixels, 0.0)
    second = session.step(clip[0][1].pixels, 1.0)
    session.close()
    assert first.board is not None and first.readings == 1
    assert second.state == "solved" and second.readings == 2


def test_a_slow_gif_keeps_its_pace(tmp_path):
    frames = [Image.fromarray(np.full((64, 96, 3), level, np.uint8)) for level in (40, 120, 200)]
    frames[0].save(tmp_path / "slow.gif", save_all=True, append_images=frames[1:], duration=2000)
    assert run("segment", tmp_path / "slow.gif", "-o", tmp_path / "out.gif").return_value == 0
    with Image.open(tmp_path / "out.gif") as out:
        assert (out.n_frames, out.info["duration"]) == (3, 2000)
    assert "cannot write" in str(run("segment", tmp_path / "slow.gif", "-o", tmp_path / "slow.gif" / "out.gif").exception)


def test_a_recording_repeats_what_was_shown(tmp_path):
    recorder = Recorder(tmp_path / "r.mp4", 10.0)
    red, blue = (np.full((64, 96, 3), colour, np.uint8) for colour in ((200, 0, 0), (0, 0, 200)))
    for picture, seconds in ((red, 60.0), (red, 60.1), (blue, 62.0), (red, 62.01), (blue, 62.3)):
        recorder.add(picture, seconds)
    recorder.close()
    shown = cv2.VideoCapture(str(tmp_path / "r.mp4"))
    colours = []
    while True:
        found, frame = shown.read()
        if not found:
            break
        colours.append("b" if frame[..., 0].mean() > 100 else "r")
    assert "".join(colours) == "r" * 20 + "b" + "r" * 2 + "b"


@pytest.fixture(scope="module")
def hand_clip():
    """A page that a hand passes over."""
    motion = Motion(hand=(0.3, 1.2), shadow=0.4)
    return list(film([page("newspaper")[0]], seconds=1.4, size=SIZE, seed=3, motion=motion, fill=0.75))


def test_a_mask_holds_while_a_hand_passes(hand_clip):
    masked = list(mask_frames([frame.pixels for frame in hand_clip], Reader()))
    assert all(one.followed for one in masked)
    assert max(np.mean(frame.hand[frame.board_mask > 0]) for frame in hand_clip) > 0.3
    assert min(mask_iou(one.mask, frame.board_mask) for one, frame in zip(masked, hand_clip, strict=True)) > 0.9


def test_the_hand_is_left_out_of_the_visible_part_but_not_its_shadow(hand_clip):
    masked = list(mask_frames([frame.pixels for frame in hand_clip], Reader(), visible=True))
    assert min(mask_iou(one.mask, frame.visible_mask) for one, frame in zip(masked, hand_clip, strict=True)) > 0.85


def test_other_boards_of_the_page_are_followed_too():
    (left, _), (right, _) = page("shared_lines"), page("newspaper")
    pixels = np.hstack([left.pixels, right.pixels])
    h, w = pixels.shape[:2]
    middle = np.array([[[0, 0], [w, 0]], [[0, h], [w, h]]], float)  # so that both boards are in view
    outlines = [left.outline, right.outline + [w / 2, 0]]
    both = FilmedPage(pixels, middle, np.concatenate(outlines))
    size = (1280, 720)
    clip = list(film([both], seconds=0.3, size=size, seed=1, fill=3.2, motion=Motion(tilt=0.1, speed=1.0)))
    for frame, one in zip(clip, mask_frames([frame.pixels for frame in clip], Reader()), strict=True):
        there = np.split(frame.outline, [len(left.outline)])
        assert mask_iou(one.mask, fill_polygons(there, *frame.hand.shape)[..., 0]) > 0.9


def test_where_nothing_is_read_the_network_speaks_alone():
    blank = [np.full((180, 320, 3), 200, np.uint8)] * 3
    masked = list(mask_frames(blank, Reader()))
    assert [one.followed for one in masked] == [False] * 3
    assert not any(one.mask.any() for one in masked)


def test_what_is_made_ahead_comes_in_order_and_faults_in_their_place():
    def items():
        yield from range(5)
        raise SourceError("broken")

    taken = []
    with pytest.raises(SourceError, match="broken"):
        for item in ahead(items()):
            taken.append(item)
    assert taken == list(range(5))
    assert list(ahead("abc")) == ["a", "b", "c"]
