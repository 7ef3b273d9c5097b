"""Read any label file: find out its format, and check that its pictures exist and its outlines lie inside them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from futoshiki.errors import LabelError, UnreadableFileError
from futoshiki.labels.coco import parse_coco
from futoshiki.labels.picture import Fault, LabelledPicture, Parsed, PictureLabels
from futoshiki.labels.via import parse_csv, parse_json
from futoshiki.photo import PictureFrame, picture_frame

TOLERANCE = 0.01
"""Share of the picture's longer side by which an outline may extend past its edge: people click just outside it."""


def read_labels(path: Path, *, pictures: Path | None = None, stored: bool = False) -> list[LabelledPicture]:
    """The labelled pictures of a VIA 2 CSV or JSON file, or of COCO annotations.

    `pictures` is the folder that the names are relative to, by default that of the label file. Outlines are taken to be
    drawn on the upright picture, with its EXIF orientation applied; with `stored`, on the pixels as they are stored.

    Raises:
        LabelError: the file has faults; the message lists all of them, each with its line, the picture's name and a remedy.
        MissingPartError: an extra that the labels or pictures need is not installed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path}: cannot be read ({error}); give a VIA 2 CSV or JSON file, or COCO JSON") from error
    labels, faults = _parse(path, text)
    folder = pictures or path.parent
    found = []
    for label in labels:
        picture = _located(label, folder, stored)
        if isinstance(picture, str):
            faults.append(Fault(label.line, f"{label.name}: {picture}"))
        else:
            found.append(picture)
    if not labels and not faults:
        faults = [Fault(1, "no picture is named; label some first")]
    if faults:
        faults.sort(key=lambda fault: fault.line)
        raise LabelError("\n".join(f"{path}, line {fault.line}: {fault.text}" for fault in faults))
    return found


def _parse(path: Path, text: str) -> Parsed:
    if path.suffix.lower() == ".csv":
        return parse_csv(text)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        return [], [Fault(error.lineno, f"broken JSON ({error.msg} at column {error.colno}); export again")]
    if not isinstance(data, dict):
        return [], [Fault(1, "neither VIA nor COCO; export from VIA 2 as CSV or JSON, or as COCO")]
    if "annotations" in data and "images" in data:
        return parse_coco(data, text)
    if "project" in data and "metadata" in data:
        return [], [Fault(1, "a project of VIA 3; use VIA 2, or export as COCO")]
    return parse_json(data, text)


def _located(labels: PictureLabels, folder: Path, stored: bool) -> LabelledPicture | str:
    """The picture with its outlines in upright pixels, or else what is wrong with it."""
    path = folder / labels.name
    if not labels.name or not path.is_file():
        return f"there is no such picture in {folder}; move it there or say --pictures FOLDER"
    try:
        frame = picture_frame(path)
    except UnreadableFileError as error:
        return str(error)
    turned = tuple(frame.upright(polygon) for polygon in labels.polygons)
    polygons = turned if stored else labels.polygons
    if _are_inside(polygons, frame):
        return LabelledPicture(path, polygons)
    if not stored and frame.turned and _are_inside(turned, frame):
        return (
            "its outline fits only the pixels as they are stored, not the picture as its EXIF orientation turns it: "
            "it was drawn in a program that ignores EXIF; say --stored-pixels"
        )
    question = "it drawn on another version" if frame.turned else "the picture reduced or turned after it was labelled"
    return f"an outline lies outside of the picture of {frame.width} x {frame.height} pixels; was {question}?"


def _are_inside(polygons: tuple[np.ndarray, ...], frame: PictureFrame) -> bool:
    size = np.array([frame.width, frame.height])
    slack = TOLERANCE * max(frame.width, frame.height)
    return all((polygon >= -slack).all() and (polygon <= size + slack).all() for polygon in polygons)
