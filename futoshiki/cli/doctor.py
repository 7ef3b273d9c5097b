"""`futoshiki doctor`."""

from __future__ import annotations

import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

import click
from rich.console import Console

from futoshiki import __version__
from futoshiki.errors import FutoshikiError
from futoshiki.resources import folder

BASE = ("numpy", "opencv-python", "onnxruntime", "Pillow", "rich", "click", "python-constraint2")
EXTRAS = {
    "torch": "train",
    "segmentation-models-pytorch": "train",
    "albumentations": "train",
    "matplotlib": "print",
    "pi-heif": "heic",
}
MODELS = ("grid", "clues", "entries", "text")
SAMPLE = "newspaper"


@dataclass(frozen=True)
class Finding:
    """One line of the report; `remedy` is set where something is wrong."""

    text: str
    remedy: str | None = None


@click.command("doctor")
def command() -> int:
    """Check versions, model files and the OpenCV installation, and solve a bundled picture."""
    console = Console(highlight=False)
    console.print(f"futoshiki {__version__}, Python {platform.python_version()}, {platform.platform()}")
    wrong = 0
    for finding in findings():
        wrong += finding.remedy is not None
        console.print(("✗ " if finding.remedy else "✓ ") + finding.text, markup=False)
        if finding.remedy:
            console.print(f"    {finding.remedy}", markup=False, soft_wrap=True)
    return 8 if wrong else 0


def findings() -> Iterator[Finding]:
    """Everything that was looked at, in order."""
    complete = True
    for package in BASE:
        version = _version(package)
        if version:
            yield Finding(f"{package} {version}")
        elif package == "opencv-python" and find_spec("cv2"):
            yield Finding("opencv-python is replaced by another OpenCV")
        else:
            complete = False
            yield Finding(f"{package} is missing", "pip install --force-reinstall futoshiki")
    for package, extra in EXTRAS.items():
        version = _version(package)
        yield Finding(f"{package} {version}" if version else f"{package} not installed (optional, extra `{extra}`)")
    yield opencv_clash(_version("opencv-python"), _version("opencv-python-headless"), _has_windows())
    if complete:
        yield from _models()
        yield _sample()
    else:
        yield Finding("no sample was solved, for what is missing")


def opencv_clash(plain: str | None, headless: str | None, windows: bool) -> Finding:
    """Both OpenCV packages write the same files; the one installed last wins."""
    if plain and headless:
        effect = "windows work" if windows else "windows do not work; albumentations runs with opencv-python just as well"
        remedy = None
        if not windows:
            remedy = f"pip uninstall -y opencv-python opencv-python-headless && pip install opencv-python=={plain}"
        return Finding(
            f"opencv-python and opencv-python-headless share their files (albumentations brings headless): {effect}", remedy
        )
    return Finding("one OpenCV is installed" + ("" if windows else ", built without windows"))


def _has_windows() -> bool:
    """Whether this OpenCV was built with a window toolkit."""
    try:
        import cv2
    except ImportError:
        return False
    lines = cv2.getBuildInformation().split("GUI:", 1)[-1].splitlines()[:2]
    return "NONE" not in " ".join(lines)


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _models() -> Iterator[Finding]:
    from futoshiki.networks.engine import ModelCard

    for name in MODELS:
        try:
            card = ModelCard.read(folder("models") / f"{name}.json")
            if card.matches(folder("models") / card.file):
                yield Finding(f"model {card.file} {card.sha256[:12]}")
            else:
                yield Finding(f"model {card.file} is not the one its card speaks of", "install futoshiki again")
        except FutoshikiError as error:
            yield Finding(f"model {name}: {error}", "install futoshiki again")


def _sample() -> Finding:
    """Solve the bundled newspaper photo twice: cold, then warm."""
    import json

    from futoshiki.reading.pipeline import solve_image

    try:
        path = folder("samples") / f"{SAMPLE}.jpg"
        truth = json.loads(path.with_suffix(".json").read_text())
        times = []
        for _ in range(2):
            started = time.perf_counter()
            result = solve_image(path)
            times.append((time.perf_counter() - started) * 1000)
    except (FutoshikiError, OSError) as error:
        return Finding(f"the sample was not solved: {error}", "install futoshiki again")
    board = result.board
    if board is None or board.solution is None or [list(row) for row in board.solution] != truth["solution"]:
        return Finding(f"the sample was not solved right: {result.status}", "please report this")
    stages = ", ".join(f"{stage} {ms:.0f}" for stage, ms in result.timings_ms.items())
    return Finding(f"sample solved in {times[0]:.0f} ms, then {times[1]:.0f} ms ({stages})")
