"""The web service as its clients see it: time to the answer, live frames a second, memory, and many clients at once.

usage: python benchmarks/web.py [--photos 500] [--clients 64] [--rounds 30] [--seconds 4]
The server runs in a process of its own, as `futoshiki web` starts it, and is asked over the loopback interface. The live
part plays clips of a camera that moves over the samples (`futoshiki.training.synth.clip`) at 1280 x 720, each frame as a
JPEG and one in flight, as the page does; frames are made before the clock starts.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from rich.console import Console
from rich.table import Table

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PHOTO = SAMPLES / "newspaper.jpg"
HEADERS = {"X-Futoshiki": "page", "Content-Type": "image/jpeg"}
FPS = 30.0
"""Frames per second of the camera."""
JPEG_QUALITY = 80
"""Quality at which a frame is sent."""


class Client:
    """One connection to the server, kept open."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=120)

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, Any, int]:
        """Status, answer, and the seconds after which to try again."""
        self._connection.request(method, path, body, HEADERS)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read() or b"null"), int(response.headers.get("Retry-After") or 0)


@contextmanager
def server() -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A running server: its process, and its address."""
    command = [sys.executable, "-u", "-m", "futoshiki", "web", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield process, urlsplit(process.stdout.readline().decode().strip()).netloc
        finally:
            process.terminate()


def memory(process: subprocess.Popen[bytes]) -> float | None:
    """Resident memory of a process in megabytes; None where the system does not tell."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return None
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")) / 1024


def processor_seconds(process: subprocess.Popen[bytes]) -> float:
    """Processor time that a process has used, which other load changes less than the time on the clock; Linux only, else 0."""
    stat = Path(f"/proc/{process.pid}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else ["0"] * 13
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def solution_in(answer: Any) -> Any:
    """The solution of the best board of a result, or of the board of a sight."""
    board = answer["boards"][0] if answer.get("boards") else answer.get("board")
    return board and board["solution"]


def time_to_answer(client: Client, photo: bytes, rounds: int) -> list[float]:
    """Seconds from sending a photo to its answer, for each round."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        status, answer, _ = client.ask("POST", "/api/solve", photo)
        times.append(time.perf_counter() - started)
        assert status == 200 and solution_in(answer)
    return times


def many_clients(address: str, photo: bytes, right: Any, count: int) -> tuple[Counter[str], float]:
    """What became of so many clients that send a photo at once and try again when they are told to, and the longest wait."""
    outcomes: Counter[str] = Counter()
    waits: list[float] = []
    start = threading.Barrier(count)

    def ask() -> None:
        start.wait()
        began = time.perf_counter()
        while True:
            try:
                status, answer, again = Client(address).ask("POST", "/api/solve", photo)
            except (OSError, ValueError, http.client.HTTPException) as error:
                outcomes[f"error: {type(error).__name__}"] += 1
                return
            if status == 503 and again:
                outcomes["told to wait"] += 1
                time.sleep(again)
                continue
            outcomes["right" if status == 200 and solution_in(answer) == right else f"wrong ({status})"] += 1
            waits.append(time.perf_counter() - began)
            return

    threads = [threading.Thread(target=ask) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes, max(waits, default=0.0)


def live(address: str, seconds: float) -> tuple[list[float], list[float], int]:
    """Frames answered per second and the time from the first full view of the page to the first right answer, by clip,
    and the number of frames with a wrong answer.
    """
    from futoshiki.training.synth.clip import film, filmed_pages

    rates, delays, wrong = [], [], 0
    for number, (page, solution) in enumerate(filmed_pages(SAMPLES)):
        clip = list(film([page], seconds=seconds, fps=FPS, seed=number))
        visible = next(k for k, frame in enumerate(clip) if frame.cells is not None) / FPS
        frames = [_jpeg(frame.pixels) for frame in clip]
        client = Client(address)
        started, last, steps, name, solved = time.perf_counter(), -1, 0, None, None
        while (index := int((time.perf_counter() - started) * FPS)) < len(frames):
            if index == last:
                time.sleep(0.001)
                continue
            last = index
            _, sight, _ = client.ask("POST", f"/api/live/{name}" if name else "/api/live", frames[index])
            name, steps = name or sight["id"], steps + 1
            if sight["state"] == "solved" and solution_in(sight):
                if solution_in(sight) == [list(row) for row in solution]:
                    solved = solved or time.perf_counter() - started
                else:
                    wrong += 1
        client.ask("DELETE", f"/api/live/{name}")
        rates.append(steps / seconds)
        delays.append(float("inf") if solved is None else solved - visible)
    return rates, delays, wrong


def _jpeg(pixels: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=500, help="photos after which the memory is compared")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each clip; 0 leaves the live part out")
    options = parser.parse_args()
    console, table = Console(), Table("figure", "value")
    photo = PHOTO.read_bytes()
    table.add_row("load of the machine before (1 minute), cores", f"{os.getloadavg()[0]:.1f}, {os.cpu_count()}")
    with server() as (process, address):
        client = Client(address)
        right = solution_in(client.ask("POST", "/api/solve", photo)[1])
        before = processor_seconds(process)
        times = time_to_answer(client, photo, options.rounds)
        used_for_one = (processor_seconds(process) - before) / len(times)
        table.add_row("photo to answer, median / worst", f"{statistics.median(times):.3f} / {max(times):.3f} s")
        table.add_row("processor time of the server for a photo, mean", f"{used_for_one:.3f} s")
        if options.seconds:
            before = processor_seconds(process)
            rates, delays, wrong = live(address, options.seconds)
            share = (processor_seconds(process) - before) / (len(rates) * options.seconds)
            table.add_row("live frames a second, median / least", f"{statistics.median(rates):.1f} / {min(rates):.1f}")
            table.add_row("time to the first answer, median / worst", f"{statistics.median(delays):.2f} / {max(delays):.2f} s")
            table.add_row("frames with a wrong answer", str(wrong))
            table.add_row("processors that the server was given meanwhile, mean", f"{share:.2f}")
        outcomes, longest = many_clients(address, photo, right, options.clients)
        table.add_row(f"{options.clients} clients at once", ", ".join(f"{what} {n}" for what, n in outcomes.most_common()))
        table.add_row("longest wait for the answer, retries included", f"{longest:.1f} s")
        photos = [path.read_bytes() for path in sorted(SAMPLES.glob("*.jpg")) if ".solved" not in path.name]
        used: list[str] = []
        for number in range(options.photos):
            Client(address).ask("POST", "/api/solve", photos[number % len(photos)])
            if number + 1 in (options.photos // 10, options.photos // 2, options.photos):
                used.append(f"{number + 1}: {memory(process):.0f} MB")
        table.add_row("memory after photos", ", ".join(used))
    table.add_row("load of the machine after", f"{os.getloadavg()[0]:.1f}")
    console.print(table)


if __name__ == "__main__":
    main()
