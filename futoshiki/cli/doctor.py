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
from futoshiki.errors import ExitCode, FutoshikiError
from futoshiki.resources import folder

BASE = ("numpy", "opencv-python", "onnxruntime", "Pillow", "pi-heif", "rich", "click", "lazy-loader", "python-constraint2")
"""Packages of the base installation."""
EXTRAS = {
    "torch": "train",
    "segmentation-models-pytorch": "train",
    "albumentations": "train",
    "matplotlib": "print",
    "starlette": "web",
    "uvicorn": "web",
    "segno": "web",
    "cryptography": "web",
    "distributed": "batch",
    "pyarrow": "batch",
}
"""Optional packages, and the extra that each belongs to."""
SAMPLE = "newspaper"
"""The sample that is solved."""
REINSTALL = "pip install --force-reinstall futoshiki"
"""What to do if a part of the package is missing or damaged."""


@dataclass(frozen=True)
class Finding:
    """One line of the report. `remedy` is what to do if something is wrong."""

    text: str
    remedy: str | None = None


@click.command("doctor")
def command() -> int:
    """Check packages, model files and the OpenCV installation, and solve a bundled photo.

    The exit code is 8 if something is wrong.
    """
    console = Console(highlight=False, emoji=False)
    console.print(f"futoshiki {__version__}, Python {platform.python_version()}, {platform.platform()}")
    wrong = 0
    for finding in findings():
        wrong += finding.remedy is not None
        console.print(("✗ " if finding.remedy else "✓ ") + finding.text, markup=False, soft_wrap=True)
        if finding.remedy:
            console.print(f"    {finding.remedy}", markup=False, soft_wrap=True)
    return ExitCode.MISSING_PART if wrong else ExitCode.SOLVED


def findings() -> Iterator[Finding]:
    """What the checks find, one after the other."""
    complete = True
    for package in BASE:
        version = _version(package)
        if version:
            yield Finding(f"{package} {version}")
        elif package == "opencv-python" and find_spec("cv2"):
            yield Finding("another build of OpenCV takes the place of opencv-python")
        else:
            complete = False
            yield Finding(f"{package} is missing", REINSTALL)
    for package, extra in EXTRAS.items():
        version = _version(package)
        yield Finding(f"{package} {version}" if version else f"{package} not installed (optional, extra `{extra}`)")
    yield opencv_clash(_version("opencv-python"), _version("opencv-python-headless"), _has_windows())
    if complete:
        yield from _models()
        yield _sample()
    else:
        yield Finding("sample not run: required packages are missing")


def opencv_clash(plain: str | None, headless: str | None, windows: bool) -> Finding:
    """Whether both OpenCV packages are installed: they write the same files, and the one installed last wins.

    `plain` and `headless` are their versions, `windows` says whether the OpenCV that is imported can open windows.
    """
    if not (plain and headless):
        return Finding("one OpenCV is installed" + ("" if windows else ", built without windows"))
    text = "both opencv-python and opencv-python-headless are installed (albumentations requires the latter)"
    if windows:
        return Finding(f"{text}; windows work")
    remedy = f"pip uninstall -y opencv-python opencv-python-headless && pip install opencv-python=={plain}"
    return Finding(f"{text}; windows do not work. albumentations works with opencv-python, too", remedy)


def _has_windows() -> bool:
    """Whether OpenCV was built with a window toolkit."""
    try:
        import cv2
    except ImportError:
        return False
    lines = cv2.getBuildInformation().split("GUI:", 1)[-1].splitlines()[:2]
    return "NONE" not in " ".join(lines)


def _version(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _models() -> Iterator[Finding]:
    """Check every shipped network."""
    from futoshiki.networks.engine import ModelCard
    from futoshiki.networks.shipped import SPECS, shipped_network

    for name in SPECS:
        try:
            shipped_network(name)  # checks the file against its card, and the card against the spec
            card = ModelCard.read(folder("models") / f"{name}.onnx")
            yield Finding(f"model {card.file} {card.sha256[:12]}")
        except FutoshikiError as error:
            yield Finding(f"model {name}: {error}", REINSTALL)


def _sample() -> Finding:
    """Solve a sample twice: the first time includes loading the networks."""
    import json

    from futoshiki.api import solve_image

    try:
        path = folder("samples") / f"{SAMPLE}.jpg"
        truth = json.loads(path.with_suffix(".json").read_text())
        times = []
        for _ in range(2):
            started = time.perf_counter()
            result = solve_image(path)
            times.append((time.perf_counter() - started) * 1000)
    except (FutoshikiError, OSError) as error:
        return Finding(f"the sample was not solved: {error}", REINSTALL)
    board = result.board
    if board is None or board.solution is None or [list(row) for row in board.solution] != truth["solution"]:
        return Finding(f"the sample was not solved correctly: {result.status}", "please report this")
    stages = ", ".join(f"{stage} {ms:.0f}" for stage, ms in result.timings_ms.items())
    return Finding(f"sample solved in {times[0]:.0f} ms, then {times[1]:.0f} ms ({stages})")
