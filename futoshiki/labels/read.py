"""Read labels of any kind: find out their format, and check that the pictures exist and the outlines lie inside them."""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path, PureWindowsPath

import numpy as np

from futoshiki.errors import LabelError, UnreadableFileError
from futoshiki.labels.coco import ANNOTATIONS, IMAGES, parse_coco
from futoshiki.labels.document import (
    CSV_BYTES,
    JSON_BYTES,
    MOST_MEMORY,
    BrokenJsonError,
    line_and_column,
    load_json,
    memory_of,
    read_text,
)
from futoshiki.labels.mask_files import parse_masks
from futoshiki.labels.picture import GUESS, Fault, LabelledPicture, Parsed, PictureLabels, Wanted
from futoshiki.labels.via import CSV, parse_csv, parse_json
from futoshiki.photo import PictureFrame, picture_frame
from futoshiki.picture_file import SIDEWAYS
from futoshiki.text import shortened, shown

LOGGER = logging.getLogger("futoshiki")
MOST_FAULTS = 1000
"""Faults that a message lists."""
CHECK = f"check each outline and set its `{GUESS}` to no in VIA, or say --guesses"
ONLY_GUESSES = f"every picture with an outline has one that is marked as a guess; {CHECK}"
OUTLINELESS = "no picture has an outline; outline the puzzles and export all regions, or fill their areas in the masks"
"""What to do about guesses, and about labels of which no outline is left."""
TOLERANCE = 0.01
"""Share of the picture's longer side by which an outline may extend past its edge: people click just outside it."""


def read_labels(
    path: Path,
    *,
    pictures: Path | None = None,
    stored: bool = False,
    categories: Collection[str] | None = None,
    guesses: bool = False,
) -> list[LabelledPicture]:
    """The labelled pictures of a VIA CSV or JSON file, of COCO annotations, or of a folder.

    A folder holds `via_labels.csv`, or else a mask NAME.png for each picture NAME.jpg or the like: black is background. Masks
    become polygons that cover the same pixels, holes left open.

    `pictures` is the folder that the names are relative to, by default that of the labels; a picture that was named with
    folders of another machine is found by the last part of its name. Outlines are taken to be drawn on the upright picture,
    with its EXIF orientation applied; with `stored`, on the pixels as they are stored. `categories` are the names of those to
    use, by default all; in a VIA file these are the values of a region's attributes.

    A picture with an outline that is marked as a guess is left out, and a warning is logged that names it; with `guesses` it
    is there, the marked outlines among its `guesses`.

    Raises:
        LabelError: the labels have faults; the message has a line for each, with its place, the picture's name and a remedy.
        MissingPartError: a picture needs an optional decoder.
    """
    path = Path(path)
    if os.path.isfile(path / CSV):
        path /= CSV
    pictures = pictures or (path if os.path.isdir(path) else path.parent)
    wanted = None if categories is None else frozenset(categories)
    labels, faults, known = _parse(path, pictures, wanted)
    if labels and wanted is not None and wanted - known:
        listed = shortened(", ".join(sorted(known))) if known else "none"
        faults.append(
            Fault(1, f"no category {shortened(', '.join(sorted(wanted - known)))}; choose from those in the file: {listed}")
        )
    found: dict[Path, LabelledPicture] = {}
    for label in labels:
        picture = _located(label, pictures, stored)
        if isinstance(picture, list):
            faults += [Fault(line, f"{shortened(label.name)}: {text}") for line, text in picture]
        elif picture.path in found:
            faults.append(Fault(label.line, f"{shortened(label.name)}: {picture.path.name} is labelled twice; delete one"))
        else:
            found[picture.path] = picture
    if not labels and not faults:
        faults = [Fault(1, "no picture is named; label some first")]
    if faults:
        raise LabelError(_message(path, faults))
    return _usable(path, list(found.values()), guesses)


def _usable(path: Path, pictures: list[LabelledPicture], guesses: bool) -> list[LabelledPicture]:
    """The pictures to use: those without a guess, or all if `guesses` are used, too. A warning names the others.

    Raises:
        LabelError: none of them has an outline.
    """
    used = [picture for picture in pictures if guesses or not picture.guesses]
    left_out = [picture.path.name for picture in pictures if picture.guesses and not guesses]
    if not any(picture.outlines for picture in used):
        raise LabelError(shown(f"{path}: {ONLY_GUESSES if left_out else OUTLINELESS}"))
    if left_out:
        count, names = f"{len(left_out)} picture{'s' * (len(left_out) != 1)}", shortened(", ".join(left_out))
        LOGGER.warning("%s", shown(f"{path}: {count} left out, where an outline is marked as a guess: {names}; {CHECK}"))
    return used


def _message(path: Path, faults: list[Fault]) -> str:
    ordered = sorted(faults, key=lambda fault: fault.line)
    places = [f"{path}, line {fault.line}" if fault.line else str(path) for fault in ordered[:MOST_FAULTS]]
    lines = [shown(f"{place}: {fault.text}") for place, fault in zip(places, ordered, strict=False)]
    more = len(faults) - len(lines)
    return "\n".join([*lines, f"{path}: {more} more faults; mend these first"] if more else lines)


def _parse(path: Path, pictures: Path, wanted: Wanted) -> Parsed:
    if os.path.isdir(path):
        return parse_masks(path, pictures)
    text = read_text(path)
    try:
        is_json = path.suffix.lower() == ".json" or text.lstrip().startswith(("{", "["))
        if memory_of(text, JSON_BYTES if is_json else CSV_BYTES) > MOST_MEMORY:
            return Parsed([], [Fault(1, "too many entries; split it into several files")])
        return _parse_json(text, wanted) if is_json else parse_csv(text, wanted)
    except RecursionError:
        return Parsed([], [Fault(1, "nested too deeply; export again")])


def _parse_json(text: str, wanted: Wanted) -> Parsed:
    try:
        data = load_json(text)
    except BrokenJsonError as error:
        line, column = line_and_column(text, error.place)
        return Parsed([], [Fault(line, f"broken JSON ({error} at column {column}); export again")])
    if not isinstance(data, dict):
        return Parsed([], [Fault(1, "neither VIA nor COCO; export from VIA 2 as CSV or JSON, or as COCO")])
    if IMAGES in data or ANNOTATIONS in data:
        return parse_coco(data, text, wanted)
    if "project" in data and "metadata" in data:
        return Parsed([], [Fault(1, "a project of VIA 3; use VIA 2, or export as COCO")])
    return parse_json(data, text, wanted)


def _located(labels: PictureLabels, folder: Path, stored: bool) -> LabelledPicture | list[Fault]:
    """The picture with its outlines in upright pixels, or else what is wrong with it."""
    path = next((path for path in _places(folder, labels.name) if _is_file(path)), None)
    if path is None:
        return [Fault(labels.line, f"there is no such picture in {folder}; move it there or say --pictures FOLDER")]
    try:
        frame = picture_frame(path)
    except UnreadableFileError as error:
        return [Fault(labels.line, str(error))]
    size = (frame.width, frame.height) if stored and frame.orientation >= SIDEWAYS else (frame.height, frame.width)
    polygons: list[np.ndarray] = []
    guesses: list[np.ndarray] = []
    faults = []
    for region in labels.regions:
        part = guesses if region.guess else polygons
        try:
            part += [region.shape] if isinstance(region.shape, np.ndarray) else region.shape.outlines(*size)
        except ValueError as error:
            hint = ", or say --stored-pixels if a program that ignores EXIF drew it" if frame.turned and not stored else ""
            faults.append(Fault(region.line, f"{region.name}: {error}{hint}" if region.name else f"{error}{hint}"))
    if faults:
        return faults
    drawn = LabelledPicture(path, tuple(polygons), tuple(guesses))
    turned = drawn.mapped(frame.upright) if frame.turned else drawn
    picture = turned if stored else drawn
    if not _are_inside(picture, frame):
        return [Fault(labels.line, _outside(frame, not stored and _are_inside(turned, frame)))]
    return picture


def _outside(frame: PictureFrame, fits_stored: bool) -> str:
    """Why an outline lies outside of its picture; `fits_stored` if it lies inside of the pixels as they are stored."""
    if fits_stored:
        return (
            "its outline fits only the pixels as they are stored, not the picture as its EXIF orientation turns it: "
            "it was drawn in a program that ignores EXIF; say --stored-pixels"
        )
    size = f"{frame.width} x {frame.height}"
    return f"an outline lies outside of the picture of {size} pixels; label it as it is now, it may have been reduced or turned"


def _places(folder: Path, name: str) -> Iterator[Path]:
    """Where a picture of that name may be, first choice first: as named, or by the last part of its name, but in the folder."""
    foreign = PureWindowsPath(name)  # it knows both kinds of slashes
    for place in dict.fromkeys((Path(name), Path(foreign.as_posix()), Path(foreign.name))):
        if place.name and not place.anchor and ".." not in place.parts:
            yield folder / place


def _is_file(path: Path) -> bool:
    with suppress(OSError, ValueError):  # a name that the file system cannot hold
        return path.is_file()
    return False


def _are_inside(picture: LabelledPicture, frame: PictureFrame) -> bool:
    points = np.concatenate([np.empty((0, 2)), *picture.outlines])
    size = np.array([frame.width, frame.height])
    slack = TOLERANCE * max(frame.width, frame.height)
    return bool((points >= -slack).all() and (points <= size + slack).all())
