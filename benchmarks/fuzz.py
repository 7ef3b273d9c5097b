"""Feeds damaged and hostile inputs to everything that reads what others have written, and reports what should not happen.

usage: python benchmarks/fuzz.py TARGET ... [--n 10000] [--seed 0] [--keep FOLDER]      (TARGET `all` for every one)
An input passes if it is read, or refused with the error that the function promises. It fails if anything else is raised, if it
takes longer than `MOST_SECONDS`, or if the process would need more than `MOST_MEMORY`. The files that failed are kept.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache, partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from futoshiki.clue_text import parse_clue, parse_entries
from futoshiki.documents import pages
from futoshiki.errors import FutoshikiError, LabelError, MissingPartError, PuzzleError, UnreadableFileError
from futoshiki.labels import LabelledPicture, read_labels, write_via
from futoshiki.networks.engine import ModelCard
from futoshiki.notation import format_game_id, format_text, from_dict, parse, to_dict
from futoshiki.photo import load_photo, picture_frame
from futoshiki.resources import folder
from futoshiki.result import Result
from futoshiki.solving.generate import random_puzzle

MOST_SECONDS = 10
MOST_MEMORY = 2 << 30
"""Address space in bytes beyond what the process has when it begins; a picture may take half of it."""
MOST_PAGES = 3
"""Pages of a document that are drawn: damage may give it thousands."""
BYTES = tuple(b"\0 \n\"'{}[]<>,:;.-+0123456789eE\xff\xfe\x80%/\\#=")
HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 2 * 10**8, 10**400, 1.5, float("nan"), float("inf"), -float("inf"), 1e308, "", "0",
    "²", "٣", "\0", "\ud800", "a" * 70_000, "../../etc/passwd", "C:\\x\\p0.jpg", [], {}, [[]], [[[[[]]]]], {"": None}, [0] * 2000,
)  # fmt: skip
"""Values that find their way into documents."""


@dataclass(frozen=True)
class Target:
    """Something that reads: good inputs to begin with, how one is read, and the errors that it promises."""

    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes], object]
    promised: tuple[type[Exception], ...]
    is_json: bool = False


def mutated(data: bytes, rng: random.Random, *, is_json: bool) -> bytes:
    """A damaged copy: by the structure of a document, or by its bytes."""
    if is_json and rng.random() < 0.7:
        document = json.loads(data)
        for _ in range(rng.randint(1, 3)):
            document = _with_hostile_value(document, rng)
        if rng.random() < 0.02:
            return b"[" * rng.choice([1000, 100_000]) + data
        return json.dumps(document).encode("utf-8", "surrogatepass")
    content = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 4, 16])):
        _damage(content, rng)
    return bytes(content)


def _with_hostile_value(document: Any, rng: random.Random) -> Any:
    """The document with one of its values replaced, removed, renamed or repeated."""
    if rng.random() < 0.03 or not isinstance(document, dict | list) or not document:
        return deepcopy(rng.choice(HOSTILE))
    keys = list(document) if isinstance(document, dict) else list(range(len(document)))
    key = rng.choice(keys)
    if rng.random() < 0.6:
        document[key] = _with_hostile_value(document[key], rng)
    elif rng.random() < 0.5:
        document[key] = deepcopy(rng.choice(HOSTILE))
    elif isinstance(document, list):
        document.insert(key, deepcopy(document[rng.choice(keys)])) if rng.random() < 0.5 else document.pop(key)
    else:
        value = document.pop(key)
        if rng.random() < 0.5:
            document[rng.choice(["", "x", str(key) + " ", rng.choice(keys)])] = value
    return document


def _damage(content: bytearray, rng: random.Random) -> None:
    """Change a byte, or insert, remove, repeat or cut off some."""
    place = rng.randrange(len(content) + 1) if content else 0
    size = rng.choice([1, 1, 2, 4, 32])
    kind = rng.randrange(6)
    if kind == 0 and place < len(content):
        content[place] = rng.randrange(256)
    elif kind == 1:
        content[place:place] = bytes(rng.choice(BYTES) for _ in range(size))
    elif kind == 2:
        del content[place : place + size]
    elif kind == 3:
        content[place:place] = content[place : place + size] * rng.choice([1, 2, 50])
    elif kind == 4 and place < len(content):
        content[place : place + size] = bytes(rng.choice([0, 255, 127, 128]) for _ in range(size))
    elif rng.random() < 0.2:
        del content[place:]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@lru_cache(maxsize=1)
def _puzzles() -> list[Any]:
    return [random_puzzle(size, random.Random(size), signs=0.4)[0] for size in (2, 4, 5, 7, 9, 12)]


def _results() -> list[bytes]:
    """Results of a photo of the samples and of a puzzle, as `solve --json` writes them."""
    from futoshiki.api import read_image
    from futoshiki.reading.given import solve_puzzle

    results = [solve_puzzle(puzzle, "puzzle") for puzzle in _puzzles()[:3]] + [read_image(folder("samples") / "newspaper.jpg")]
    return [json.dumps(result.to_dict()).encode() for result in results]


def _pictures(kind: str, mode: str, **options: Any) -> list[bytes]:
    """Small pictures of one format, smooth and noisy."""
    noise = np.random.default_rng(0).integers(0, 255, (24, 31, 4), dtype=np.uint8)
    pictures = [Image.fromarray(noise).convert(mode), Image.new(mode, (40, 9))]
    seeds = []
    for picture in pictures:
        buffer = BytesIO()
        picture.save(buffer, kind, **options)
        seeds.append(buffer.getvalue())
    return seeds


def _all_pictures() -> list[bytes]:
    exif = Image.Exif()
    exif[274], exif[306] = 6, "2026:11:25 10:00:00"
    return [
        *_pictures("JPEG", "RGB", exif=exif, icc_profile=b"profile", dpi=(300, 300)), *_pictures("JPEG", "CMYK"),
        *_pictures("JPEG", "RGB", progressive=True), *_pictures("PNG", "RGBA"), *_pictures("PNG", "P"), *_pictures("PNG", "1"),
        *_pictures("WEBP", "RGB"), *_pictures("WEBP", "RGBA", lossless=True), *_pictures("GIF", "P"), *_pictures("BMP", "RGB"),
        *_pictures("TIFF", "RGB", compression="tiff_lzw"), *_pictures("TIFF", "RGB", compression="jpeg"),
        *_pictures("TIFF", "L"), *_pictures("PPM", "RGB"),
    ]  # fmt: skip


def _documents() -> list[bytes]:
    """Small documents of two pages: scans in a PDF, and pictures in a TIFF."""
    documents = []
    for kind in ("PDF", "TIFF"):
        buffer = BytesIO()
        Image.new("L", (40, 9), 90).save(buffer, kind, save_all=True, append_images=[Image.new("RGB", (24, 31))])
        documents.append(buffer.getvalue())
    return documents


def _draw_pages(data: bytes) -> None:
    for _ in islice(pages(data), MOST_PAGES):
        pass


class _Labelled:
    """A folder with pictures, in which label files are read."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="futoshiki-fuzz-"))
        for k in range(3):
            Image.new("RGB", (80, 60)).save(self.folder / f"p{k}.jpg")
        square = np.array([[5.0, 5.0], [60.0, 6.0], [58.0, 50.0], [4.0, 48.0]])
        project, table = write_via(self.folder, [LabelledPicture(self.folder / f"p{k}.jpg", (square,)) for k in range(3)])
        self.project, self.table = project.read_bytes(), table.read_bytes()
        annotations: list[dict[str, Any]] = [
            {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [square.ravel().tolist()], "bbox": [5, 5, 50, 40]},
            {"id": 2, "image_id": 2, "category_id": 1, "segmentation": {"size": [60, 80], "counts": [1000, 800, 3000]}},
            {"id": 3, "image_id": 3, "category_id": 2, "segmentation": {"size": [60, 80], "counts": "Zo1c:"}, "iscrowd": 1},
        ]
        images = [{"id": k + 1, "file_name": f"p{k}.jpg", "width": 80, "height": 60} for k in range(3)]
        categories = [{"id": 1, "name": "puzzle"}, {"id": 2, "name": "other"}]
        self.coco = json.dumps({"images": images, "annotations": annotations, "categories": categories}).encode()

    def read(self, ending: str, data: bytes) -> object:
        """The labels in a file with that content."""
        path = self.folder / f"labels{ending}"
        path.write_bytes(data)
        return read_labels(path)


@lru_cache(maxsize=1)
def _labelled() -> _Labelled:
    return _Labelled()


def _read_file(read: Callable[[Path], object], ending: str, data: bytes) -> object:
    path = _labelled().folder / f"input{ending}"
    path.write_bytes(data)
    return read(path)


NOT_JSON = (json.JSONDecodeError, UnicodeDecodeError, RecursionError)
"""What Python's own reader raises before our code sees a document."""
LABELS = (LabelError, MissingPartError)
PICTURES = (UnreadableFileError, MissingPartError)
TARGETS: dict[str, Target] = {
    "game-id": Target(lambda: [format_game_id(p).encode() for p in _puzzles()], lambda data: parse(_text(data)), (PuzzleError,)),
    "grid": Target(lambda: [format_text(p).encode() for p in _puzzles()], lambda data: parse(_text(data)), (PuzzleError,)),
    "entries": Target(lambda: [b"r1c2=3, r2c2=1", b"A1=4"], lambda data: parse_entries(_text(data)), (PuzzleError,)),
    "clue": Target(lambda: [b"r3c2=4", b"r1c1<r1c2", b"r1c1|r1c2"], lambda data: parse_clue(_text(data)), (PuzzleError,)),
    "puzzle": Target(
        lambda: [json.dumps(to_dict(p)).encode() for p in _puzzles()],
        lambda data: from_dict(json.loads(data)), (PuzzleError, *NOT_JSON), True,
    ),
    "result": Target(_results, lambda data: Result.from_dict(json.loads(data)), (PuzzleError, *NOT_JSON), True),
    "via-csv": Target(lambda: [_labelled().table], lambda data: _labelled().read(".csv", data), LABELS),
    "via-json": Target(lambda: [_labelled().project], lambda data: _labelled().read(".json", data), LABELS, True),
    "coco": Target(lambda: [_labelled().coco], lambda data: _labelled().read(".json", data), LABELS, True),
    "picture": Target(_all_pictures, load_photo, PICTURES),
    "pages": Target(_documents, _draw_pages, PICTURES),
    "picture-frame": Target(_all_pictures, partial(_read_file, picture_frame, ".jpg"), PICTURES),
    "model-card": Target(
        lambda: [path.read_bytes() for path in sorted(folder("models").glob("*.json"))],
        partial(_read_file, ModelCard.read, ".json"), (MissingPartError,), True,
    ),
}  # fmt: skip
"""What reads other people's data, by name."""


@dataclass(frozen=True)
class Failure:
    """An input that was neither read nor refused as promised."""

    data: bytes
    reason: str


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"more than {MOST_SECONDS} seconds")


def failures(target: Target, count: int, seed: int) -> Iterator[Failure]:
    """Read `count` damaged inputs and yield those that fail."""
    seeds = target.seeds()
    for k in range(count):
        rng = random.Random(f"{seed}-{k}")
        data = mutated(rng.choice(seeds), rng, is_json=target.is_json)
        signal.signal(signal.SIGALRM, _too_slow)
        signal.alarm(MOST_SECONDS)
        try:
            target.read(data)
        except target.promised as error:
            if isinstance(error, FutoshikiError) and not str(error).strip():
                yield Failure(data, "an error without a message")
        except Exception as error:
            yield Failure(data, f"{type(error).__name__}: {error}"[:200])
        finally:
            signal.alarm(0)


def main() -> int:
    """Run the targets named and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="+", choices=[*TARGETS, "all"], metavar="TARGET", help=", ".join([*TARGETS, "all"]))
    parser.add_argument("--n", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    options = parser.parse_args()
    names = list(TARGETS) if "all" in options.targets else options.targets
    for name in names:
        TARGETS[name].seeds()  # loads what is needed before memory is limited
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    if used:
        resource.setrlimit(resource.RLIMIT_AS, (used + MOST_MEMORY, resource.RLIM_INFINITY))
    total = 0
    for name in names:
        started, kinds = time.perf_counter(), dict[str, int]()
        for failure in failures(TARGETS[name], options.n, options.seed):
            kinds[failure.reason] = kinds.get(failure.reason, 0) + 1
            if kinds[failure.reason] == 1:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{name}-{sum(kinds.values())}").write_bytes(failure.data)
        count = sum(kinds.values())
        total += count
        print(f"{name:14} {options.n:8} inputs {count:5} failures {time.perf_counter() - started:7.1f} s", flush=True)
        for reason, times in sorted(kinds.items(), key=lambda item: -item[1]):
            print(f"    {times:5} x {reason}")
    return int(total > 0)


if __name__ == "__main__":
    sys.exit(main())
