"""The page of `futoshiki web` in Chromium, against the real server: as on a phone and as on a desktop.

It needs the packages of the extra `web`, the package `playwright` and a Chromium of the system; the accessibility check
needs axe-core as well (`npm install axe-core`, or its axe.min.js named by the variable AXE_CORE).
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.helpers import ROOT, SAMPLES

pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
for part in ("starlette", "uvicorn", "segno"):
    pytest.importorskip(part, reason="the extra `web` is not installed")

from playwright.sync_api import Browser, Locator, Page, Response, Route, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("no Chromium is installed", allow_module_level=True)

FILES = ROOT / "futoshiki" / "web" / "page"
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules" / "axe-core" / "axe.min.js"))
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}
MOST_BYTES = 100_000
"""Bytes of the whole page, without pictures."""
TARGET = 44
"""Least side of what is to be touched, in pixels."""

KEEP_ANSWERS = """
    const ask = window.fetch;
    window.answers = {};
    window.fetch = async (path, options) => {
        const response = await ask(path, options);
        window.answers[path.split("/")[1]] = await response.clone().json().catch(() => null);
        return response;
    };
"""
"""Keeps what the server answered, because Chromium forgets the answers to requests that sent a picture."""

expect.set_options(timeout=20_000)

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server that runs in a process of its own."""
    command = [sys.executable, "-m", "futoshiki", "web", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film for the fake camera: a newspaper in a hand that trembles, 1280 x 720."""
    page = cv2.imread(str(SAMPLES / "newspaper.jpg"))
    frames = []
    for turn in np.linspace(0, 2 * np.pi, 20, endpoint=False):
        move = np.float32([[0.7, 0, 370 + 8 * np.sin(turn)], [0, 0.7, 4 * np.cos(turn)]])
        frame = cv2.warpAffine(page, move, (1280, 720), borderValue=(90, 110, 120))
        frames.append(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes())
    film = tmp_path_factory.mktemp("camera") / "film.mjpeg"
    film.write_bytes(b"".join(frames))
    return film


@pytest.fixture(scope="module")
def browser(camera: Path) -> Iterator[Browser]:
    media = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = ["--no-sandbox", *media, f"--use-file-for-fake-video-capture={camera}"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


@pytest.fixture
def start(browser: Browser, address: str) -> Iterator[Open]:
    """Opens the page with options of a browser context; a test fails if a script does, or the CSP refuses something."""
    contexts, faults = [], []

    def opened(**options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.add_init_script(KEEP_ANSWERS)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if "Security Policy" in message.text else None)
        page.goto(address)
        expect(page.locator("#choose")).to_be_visible()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def give(page: Page, picture: Path | bytes) -> dict[str, Any]:
    """Choose a picture, and wait for its boards; the answer of the server."""
    payload = picture if isinstance(picture, Path) else {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.set_input_files("#file", payload)
    expect(page.locator("body")).to_have_attribute("data-screen", "board")
    return answer_of(page, "solve")


def answer_of(page: Page, question: str) -> dict[str, Any]:
    """What the server answered last to a question, such as "hint"."""
    return page.evaluate("(question) => window.answers[question]", question)


def cells(page: Page) -> list[str]:
    """What a screen reader says of each cell."""
    return page.locator("#grid [role=gridcell]").all_text_contents()


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(f'#grid [data-cell="{row},{column}"]')


def spot(page: Page, result: dict[str, Any], points: list[list[float]]) -> tuple[float, float]:
    """Where the middle of some points of the photo is on the screen; the whole photo is shown for it."""
    page.click("#zoom-out", click_count=12)
    box = page.locator("#view").bounding_box()
    assert box is not None
    width, height = result["picture"]["width"], result["picture"]["height"]
    scale = min(box["width"] / width, box["height"] / height)
    x, y = np.mean(points, axis=0)
    return (
        box["x"] + box["width"] / 2 + (x - width / 2) * scale,
        box["y"] + box["height"] / 2 + (y - height / 2) * scale,
    )


def drawn(page: Page) -> np.ndarray:
    """The pixels of the canvas, after what is to be drawn has been."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return np.asarray(Image.open(io.BytesIO(page.locator("#view").screenshot())).convert("RGB")).astype(int)


def solution_of(name: str) -> list[list[int]]:
    return json.loads((SAMPLES / f"{name}.json").read_text())["solution"]


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_answer_is_hidden_until_it_is_asked_for(start: Open, device: dict[str, Any]) -> None:
    page = start(**device)
    give(page, SAMPLES / "newspaper.jpg")
    expect(page.locator("#message")).to_contain_text("8 × 8. Solved.")
    assert not [text for text in cells(page) if "answer" in text]
    hidden = drawn(page)
    page.click("#show-all")
    values = [int(re.findall(r", (\d), (?:answer|printed)", text)[0]) for text in cells(page)]
    assert values == [value for row in solution_of("newspaper") for value in row]
    assert np.abs(drawn(page) - hidden).max(axis=2).astype(bool).mean() > 0.02
    page.click("#show-all")
    assert (drawn(page) == hidden).mean() > 0.999


def test_one_cell_is_shown_where_it_is_tapped(start: Open) -> None:
    page = start(**PHONE)
    result = give(page, SAMPLES / "small_4x4.jpg")
    board = result["boards"][0]
    row, column = next((r, c) for r in range(4) for c in range(4) if not board["givens"][r][c])
    at = spot(page, result, [board["cells"][row][column]])
    page.touchscreen.tap(*at)
    assert not [text for text in cells(page) if "answer" in text], "a tap alone must give nothing away"
    page.tap("#show-cell")
    page.touchscreen.tap(*at)
    expect(cell(page, row, column)).to_contain_text(f"{board['solution'][row][column]}, answer")
    assert len([text for text in cells(page) if "answer" in text]) == 1


def test_doubtful_clue_is_corrected_by_tapping_its_ring(start: Open) -> None:
    page = start(**PHONE)
    result = give(page, SAMPLES / "puzzle_book_9x9.jpg")
    board = result["boards"][0]
    first = next(doubt for doubt in board["doubts"] if "cell" in doubt)
    row, column = first["cell"]
    page.touchscreen.tap(*spot(page, result, [board["cells"][row][column]]))
    expect(page.locator("#pad-question")).to_contain_text(f"Row {row + 1}, column {column + 1}")
    crop = Image.open(io.BytesIO(page.locator("[data-pad=crop]").screenshot())).convert("L")
    assert np.asarray(crop).std() > 10, "the crop shows the place in the photo"
    assert {first["read"], first["instead"]} == set(
        page.locator("#pad .likely").evaluate_all("all => all.map(b => b.dataset.value)")
    )
    with page.expect_request("**/api/settle") as asked:
        page.tap(f"#pad [data-value={first['read']}]")
    sent = asked.value.post_data_json
    assert sent["settled"] == [f"r{row + 1}c{column + 1}=0"]
    assert len(sent["result"]["boards"]) == 1
    expect(page.locator("#message")).to_contain_text("Solved, with your correction")
    expect(page.locator(f'#doubts [data-place="{row},{column}"]')).to_have_class("settled")

    sign = next(doubt for doubt in board["doubts"] if "sign" in doubt)["sign"]
    page.touchscreen.tap(*spot(page, result, [board["cells"][sign[0]][sign[1]], board["cells"][sign[2]][sign[3]]]))
    expect(page.locator("#pad .values button")).to_have_count(3)
    with page.expect_request("**/api/settle") as asked:
        page.tap('#pad [data-value="<"]')
    assert asked.value.post_data_json["settled"][1] == f"r{sign[0] + 1}c{sign[1] + 1}<r{sign[2] + 1}c{sign[3] + 1}"


def test_contradicting_correction_can_be_taken_back(start: Open) -> None:
    page = start(**PHONE)
    given = give(page, SAMPLES / "small_4x4.jpg")["boards"][0]
    row, column = next((r, c) for r in range(4) for c in range(4) if given["givens"][r][c])
    right = given["givens"][row][column]
    wrong = next(value for value in (1, 2, 3, 4) if value != right)
    cell(page, row, column).press("Enter")
    page.click(f'#pad [data-value="{wrong}"]')
    expect(page.locator("#hint")).to_be_disabled()
    page.click("#doubts .settled")
    page.click(f'#pad [data-value="{right}"]')
    expect(page.locator("#hint")).to_be_enabled()
    expect(page.locator("#message")).to_contain_text("Solved")


def test_hint_gives_away_no_more_than_asked(start: Open) -> None:
    page = start(**PHONE)
    give(page, SAMPLES / "shared_lines.jpg")
    page.click("#hint")
    said = page.locator("#hint-text p")
    expect(said).to_have_count(1)
    found = answer_of(page, "hint")
    for level in (1, 2, 3):
        expect(said).to_have_text([found["level1"], found["level2"], found["level3"]][:level])
        shown = [text for text in cells(page) if "answer" in text]
        assert len(shown) == (1 if level == 3 else 0)
        if level < 3:
            page.click("#hint-more")
    expect(cell(page, *found["cell"])).to_contain_text(f"{found['value']}, answer")
    expect(page.locator("#hint-more")).to_be_hidden()
    with page.expect_request("**/api/hint") as asked:
        page.click("#hint")
    assert [*found["cell"], found["value"]] in asked.value.post_data_json["entries"], "the next hint goes on from here"


def test_check_names_mistakes_among_what_was_written(start: Open) -> None:
    page = start(**PHONE)
    board = give(page, SAMPLES / "small_4x4.jpg")["boards"][0]
    page.click("#check")
    expect(page.locator("#message")).to_contain_text("No handwriting was found")
    (r1, c1), (r2, c2) = [(r, c) for r in range(4) for c in range(4) if not board["givens"][r][c]][:2]
    for row, column, value in ((r1, c1, board["solution"][r1][c1]), (r2, c2, board["solution"][r2][c2] % 4 + 1)):
        cell(page, row, column).press("Enter")
        page.check("#pad [value=written]")
        page.click(f'#pad [data-value="{value}"]')
        expect(cell(page, row, column)).to_contain_text(f"you wrote {value}")
    page.click("#check")
    expect(cell(page, r2, c2)).to_contain_text("wrong")
    assert [mistake[:2] for mistake in answer_of(page, "check")["mistakes"]] == [[r2, c2]]
    assert "wrong" not in cells(page)[4 * r1 + c1]

    page.click("#hint")  # the mistake comes first
    page.click("#hint-more")
    expect(page.locator("#hint-more")).to_have_text("What to do?")
    page.click("#hint-more")
    expect(page.locator("#hint-text")).to_contain_text(f"out of r{r2 + 1}c{c2 + 1}")
    assert not [text for text in cells(page) if "answer" in text]


def test_board_is_chosen_among_several(start: Open) -> None:
    both = np.hstack([cv2.imread(str(SAMPLES / f"{name}.jpg")) for name in ("small_4x4", "shared_lines")])
    page = start(**PHONE)
    result = give(page, cv2.imencode(".jpg", both)[1].tobytes())
    assert [board["size"] for board in sorted(result["boards"], key=lambda board: board["corners"][0][0])] == [4, 6]
    expect(page.locator("#boards button")).to_have_count(2)
    page.click("#boards button >> nth=0")
    expect(page.locator("#message")).to_contain_text("Board 1 of 2, 4 × 4")
    assert len(cells(page)) == 16
    other = next(board for board in result["boards"] if board["size"] == 6)
    page.touchscreen.tap(*spot(page, result, other["corners"]))
    expect(page.locator("#message")).to_contain_text("Board 2 of 2, 6 × 6")
    assert len(cells(page)) == 36


def test_huge_turned_photo_is_reduced_and_its_places_still_hold(start: Open) -> None:
    with Image.open(SAMPLES / "small_4x4.jpg") as small:
        stored = small.resize((small.width * 4, small.height * 4)).transpose(Image.Transpose.ROTATE_90)
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # to be turned clockwise by a quarter
    stored.save(file, "JPEG", exif=exif)
    page = start(**PHONE)
    result = give(page, file.getvalue())
    assert result["picture"] == {"width": 2250, "height": 3000}
    board = result["boards"][0]
    row, column = next((r, c) for r in range(4) for c in range(4) if not board["givens"][r][c])
    page.click("#show-cell")
    page.touchscreen.tap(*spot(page, result, [board["cells"][row][column]]))
    expect(cell(page, row, column)).to_contain_text("answer")


def test_keyboard_reaches_every_cell_and_sign(start: Open) -> None:
    page = start(**DESKTOP)
    give(page, SAMPLES / "small_4x4.jpg")
    cell(page, 0, 0).focus()
    before = drawn(page)
    for key in ("ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(cell(page, 1, 1)).to_be_focused()
    assert (drawn(page) != before).any(), "the focus is seen on the photo"
    page.keyboard.press("Enter")
    expect(page.locator("#pad-question")).to_contain_text("Row 2, column 2")
    page.click("#pad .signs button >> nth=0")
    expect(page.locator("#pad-question")).to_contain_text("Between row 2, column 2 and row 2, column 3")
    page.keyboard.press("Escape")
    expect(page.locator("#pad")).to_be_hidden()
    expect(cell(page, 1, 1)).to_be_focused()


def test_pinch_zooms_and_is_no_tap(start: Open) -> None:
    page = start(**PHONE)
    give(page, SAMPLES / "small_4x4.jpg")
    page.click("#correct")
    before = drawn(page)
    touch = page.context.new_cdp_session(page)
    for spread in (20, 50, 90):
        points = [{"x": 195 - spread, "y": 260, "id": 0}, {"x": 195 + spread, "y": 260, "id": 1}]
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart" if spread == 20 else "touchMove", "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert np.abs(drawn(page) - before).mean() > 3
    expect(page.locator("#pad")).to_be_hidden()


def test_picture_id_and_link_leave_the_page(start: Open) -> None:
    page = start(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    game_id = give(page, SAMPLES / "small_4x4.jpg")["boards"][0]["game_id"]
    assert (
        page.get_attribute("#play", "href") == f"https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/unequal.html#{game_id}"
    )
    page.click("#copy")
    expect(page.locator("#message")).to_contain_text("copied")
    assert page.evaluate("() => navigator.clipboard.readText()") == game_id
    page.click("#show-all")
    page.evaluate("() => { navigator.canShare = () => false; window.print = () => {}; }")
    with page.expect_download() as download:
        page.click("#share")
    with Image.open(download.value.path()) as saved, Image.open(SAMPLES / "small_4x4.jpg") as photo:
        assert saved.size == photo.size
        assert np.abs(np.asarray(saved).astype(int) - np.asarray(photo)).max() > 100, "the answer is on it"
    page.click("#print")
    page.emulate_media(media="print")
    expect(page.locator("#sheet svg")).to_be_visible()
    expect(page.locator("#panel")).to_be_hidden()


def test_access_key_of_the_address_is_sent(start: Open, address: str) -> None:
    page = start(**PHONE)
    page.goto("about:blank")
    page.goto(f"{address}#key=abc")
    with page.expect_request("**/api/solve") as asked:
        page.set_input_files("#file", SAMPLES / "small_4x4.jpg")
    assert asked.value.headers["authorization"] == "Bearer abc"
    assert asked.value.headers["x-futoshiki"] == "page"
    assert "abc" not in asked.value.url


def test_busy_server_is_asked_again(start: Open) -> None:
    page, refusals = start(**PHONE), []

    def busy(route: Route) -> None:
        if refusals:
            route.continue_()
        else:
            refusals.append(route)
            route.fulfill(status=503, headers={"Retry-After": "1"}, json={"error": "busy"})

    page.route("**/api/solve", busy)
    page.set_input_files("#file", SAMPLES / "small_4x4.jpg")
    expect(page.locator("#message")).to_contain_text("Trying again in 1 second")
    expect(page.locator("body")).to_have_attribute("data-screen", "board")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (lambda route: route.abort(), "cannot be reached"),
        (lambda route: route.fulfill(status=413, json={"error": "more than 25 MB: reduce it first"}), "More than 25 MB"),
        (lambda route: route.fulfill(status=401, json={"error": "scan the QR code again"}), "Scan the QR code again."),
        (lambda route: route.fulfill(status=500, body="oops"), "Something went wrong"),
    ],
    ids=["offline", "too large", "no key", "bug"],
)
def test_failure_is_told_with_what_to_do(start: Open, answer: Callable[[Route], None], sentence: str) -> None:
    page = start(**PHONE)
    page.route("**/api/solve", answer)
    page.set_input_files("#file", SAMPLES / "small_4x4.jpg")
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(page.locator("#choose")).to_be_visible()


def test_late_answer_about_the_last_photo_is_dropped(start: Open) -> None:
    page, held = start(**PHONE), []
    page.route("**/api/hint", lambda route: held.append(route))
    give(page, SAMPLES / "small_4x4.jpg")
    page.click("#hint")
    expect(page.locator("#hint")).to_be_visible()
    page.click("#again")
    expect(page.locator("#choose")).to_be_visible()
    page.wait_for_timeout(200)
    assert len(held) == 1
    expect(page.get_by_role("alert")).to_be_hidden()


def test_picture_without_puzzle_and_file_without_picture(start: Open) -> None:
    page = start(**PHONE)
    grey = cv2.imencode(".jpg", np.full((300, 300, 3), 128, np.uint8))[1].tobytes()
    page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": grey})
    expect(page.get_by_role("alert")).to_contain_text("No Futoshiki was found")
    page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(page.get_by_role("alert")).to_contain_text("cannot open that file")


@pytest.mark.parametrize("way", ["paste", "drop"])
def test_pasted_or_dropped_picture_is_solved(start: Open, way: str) -> None:
    page = start(**DESKTOP)
    give_it = """([way, text]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], "a.jpg", { type: "image/jpeg" }));
        const options = { clipboardData: data, dataTransfer: data, bubbles: true, cancelable: true };
        document.dispatchEvent(new (way === "paste" ? ClipboardEvent : DragEvent)(way, options));
    }"""
    page.evaluate(give_it, [way, base64.b64encode((SAMPLES / "small_4x4.jpg").read_bytes()).decode()])
    expect(page.locator("#message")).to_contain_text("4 × 4. Solved.")


def test_live_camera_solves_and_its_frame_is_kept(start: Open) -> None:
    page = start(**PHONE, permissions=["camera"])
    ended: list[str] = []
    page.on("request", lambda request: ended.append(request.url) if request.method == "DELETE" else None)
    page.click("#live")
    expect(page.locator("#message")).to_have_text("Solved.")
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))
    page.wait_for_timeout(1000)
    assert len({answer.url for answer in answers}) == 1, "one session"
    assert len(answers) >= 3
    page.click("#keep")
    expect(page.locator("#message")).to_contain_text("8 × 8. Solved. The answer stays hidden")
    assert len(ended) == 1
    page.click("#show-all")
    values = [int(re.findall(r", (\d), (?:answer|printed)", text)[0]) for text in cells(page)]
    assert values == [value for row in solution_of("newspaper") for value in row]


def test_live_session_that_is_gone_is_begun_anew(start: Open) -> None:
    page = start(**PHONE, permissions=["camera"])
    gone: list[Route] = []

    def forget(route: Route) -> None:
        if gone:
            route.continue_()
        else:
            gone.append(route)
            route.fulfill(status=404, json={"error": "gone"})

    page.route("**/api/live/*", forget)
    page.click("#live")
    expect(page.locator("#message")).to_have_text("Solved.")
    assert gone
    page.click("#stop")
    expect(page.locator("#choose")).to_be_visible()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm install axe-core")
@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious(start: Open, device: dict[str, Any]) -> None:
    page = start(**device, bypass_csp=True, permissions=["camera"])
    page.add_script_tag(path=AXE)

    def findings() -> list[str]:
        violations = page.evaluate("() => axe.run()")["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html']}" for one in violations if one["impact"] in ("serious", "critical")]

    assert not findings()
    give(page, SAMPLES / "puzzle_book_9x9.jpg")
    assert not findings()
    page.click("#doubts button >> nth=0")
    assert not findings()
    page.keyboard.press("Escape")
    page.click("#hint")
    expect(page.locator("#hint-text p")).to_have_count(1)
    assert not findings()
    page.click("#again")
    page.click("#live")
    expect(page.locator("#message")).to_have_text("Solved.")
    assert not findings()


def test_everything_can_be_touched(start: Open) -> None:
    page = start(**PHONE)

    def small() -> list[tuple[str, float, float]]:
        boxes = "all => all.map(e => [e.id || e.textContent, e.offsetWidth, e.offsetHeight])"
        sizes = page.locator("button:visible, a:visible, label:visible").evaluate_all(boxes)
        return [(name, width, height) for name, width, height in sizes if min(width, height) < TARGET]

    assert not small()
    give(page, SAMPLES / "puzzle_book_9x9.jpg")
    assert not small()
    page.click("#doubts button >> nth=0")
    assert not small()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_page_is_small_and_asks_no_other_server(start: Open) -> None:
    files = sorted(FILES.iterdir())
    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    outside = {link for path in files for link in re.findall(r"https?://[^\s\"'#)]+", path.read_text("utf-8"))}
    assert outside == {"http://www.w3.org/2000/svg", "https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/unequal.html"}


def test_english_stands_in_one_file() -> None:
    class Words(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: list[tuple[str, str]] = []
            self.tag = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tag = tag

        def handle_data(self, data: str) -> None:
            if re.search("[A-Za-z]", data):
                self.found.append((self.tag, data.strip()))

    words = Words()
    words.feed((FILES / "index.html").read_text("utf-8"))
    assert [tag for tag, _ in words.found] == ["title", "noscript"]
    for path in FILES.glob("*.js"):
        if path.name != "strings.js":
            code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
            assert not re.findall(r"\"[A-Z][a-z]+ [a-z]+[^\"]*\"", code), path.name
