"""One way into label files: which kind it is, whether its pictures are there, whether outlines lie inside."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from futoshiki.errors import LabelError, UnreadableFileError
from futoshiki.labels.coco import parse_coco
from futoshiki.labels.picture import Entry, LabelledPicture
from futoshiki.labels.via import Parsed, parse_csv, parse_json
from futoshiki.photo import Frame, picture_frame

TOLERANCE = 0.01
"""Of the picture's longer side, by which an outline may reach over its edge: people click on the edge's far side."""


def read_labels(path: Path, *, pictures: Path | None = None, stored: bool = False) -> list[LabelledPicture]:
    """The labelled pictures of a VIA 2 CSV or JSON file, or of COCO annotations.

    `pictures` is the folder that the names are relative to, by default that of the label file.
    Outlines are taken to be drawn on the picture as people see it, EXIF orientation applied;
    `stored` says that they were drawn on the pixels as they are stored.

    Raises:
        LabelError: with every fault of the file, each with its line, the picture's name and a remedy.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path}: cannot be read ({error}); give a VIA 2 CSV or JSON file, or COCO JSON") from error
    entries, faults = _parse(path, text)
    folder = pictures or path.parent
    found = []
    for entry in entries:
        picture, fault = _placed(entry, folder, stored)
        if fault:
            faults.append(f"line {entry.line}: {entry.name}: {fault}")
        if picture:
            found.append(picture)
    if not entries and not faults:
        faults = ["line 1: no picture is named; label some first"]
    if faults:
        faults.sort(key=lambda fault: int(fault.split(":")[0].removeprefix("line ")))
        raise LabelError("\n".join(f"{path}, {fault}" for fault in faults))
    return found


def _parse(path: Path, text: str) -> Parsed:
    if path.suffix.lower() == ".csv":
        return parse_csv(text)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        return [], [f"line {error.lineno}: broken JSON ({error.msg} at column {error.colno}); export again"]
    if not isinstance(data, dict):
        return [], ["line 1: neither VIA nor COCO; export from VIA 2 as CSV or JSON, or as COCO"]
    if "annotations" in data and "images" in data:
        return parse_coco(data, text)
    if "project" in data and "metadata" in data:
        return [], ["line 1: a project of VIA 3; use VIA 2, or export as COCO"]
    return parse_json(data, text)


def _placed(entry: Entry, folder: Path, stored: bool) -> tuple[LabelledPicture | None, str | None]:
    """The picture with its outlines in upright pixels, or what is wrong."""
    path = folder / entry.name
    if not entry.name or not path.is_file():
        return None, f"there is no such picture in {folder}; move it there or say --pictures FOLDER"
    try:
        frame = picture_frame(path)
    except UnreadableFileError as error:
        return None, f"{error}"
    polygons = tuple(frame.upright(polygon) for polygon in entry.polygons) if stored else entry.polygons
    if all(_inside(polygon, frame.width, frame.height) for polygon in polygons):
        return LabelledPicture(path, polygons), None
    as_stored = [frame.upright(polygon) for polygon in entry.polygons]
    if not stored and frame.turned and all(_inside(polygon, frame.width, frame.height) for polygon in as_stored):
        return None, (
            "its outline fits only the pixels as they are stored, not the picture as its EXIF orientation turns it: "
            "it was drawn in a program that ignores EXIF; say --stored-pixels"
        )
    return None, f"an outline lies outside of the picture of {frame.width} x {frame.height} pixels; {_remedy(frame)}"


def _remedy(frame: Frame) -> str:
    return "was the picture reduced or turned after it was labelled?" if not frame.turned else "was it drawn on another version?"


def _inside(polygon: np.ndarray, width: int, height: int) -> bool:
    slack = TOLERANCE * max(width, height)
    return bool((polygon >= -slack).all() and (polygon <= np.array([width, height]) + slack).all())
