"""VGG Image Annotator 2 (https://www.robots.ox.ac.uk/~vgg/software/via/): CSV and JSON, read and written."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.files import write_file
from futoshiki.labels.document import BrokenJsonError, lines_of, load_json
from futoshiki.labels.picture import GUESS, Fault, LabelledPicture, Parsed, PictureLabels, Region, Wanted, is_guess, is_wanted
from futoshiki.labels.shapes import circle, ellipse, polygon, rectangle
from futoshiki.text import shortened

NAME, COUNT, SHAPE, ATTRIBUTES = "filename", "region_count", "region_shape_attributes", "region_attributes"
COLUMNS = (NAME, "file_size", "file_attributes", COUNT, "region_id", SHAPE, ATTRIBUTES)
METADATA = "_via_img_metadata"
"""The part of a project that holds its pictures; an export of the annotations is that part alone."""
COMMA = ", and VIA writes names with a comma in JSON only"
"""Why a line may have too many fields: VIA puts no quotes around names."""
DELIMITERS = ",;\t|"
DELIMITER_LINES = ("sep=", '"sep=')
"""Beginnings of the line that names the delimiter for a spreadsheet."""
SHAPES: dict[str, tuple[tuple[str, ...], Callable[..., np.ndarray]]] = {
    "polygon": (("all_points_x", "all_points_y"), polygon),
    "rect": (("x", "y", "width", "height"), rectangle),
    "circle": (("cx", "cy", "r"), circle),
    "ellipse": (("cx", "cy", "rx", "ry"), ellipse),
}
"""The shapes that enclose an area: what a region of each has to say, and what makes an outline of it."""
PROJECT, CSV = "via_project.json", "via_labels.csv"
"""Names of the files that are written."""
NO, YES = "no", "yes"
MARK = {
    "type": "radio",
    "description": "Nothing was read in this outline. Correct it and choose no, or delete it.",
    "options": {NO: NO, YES: YES},
    "default_options": {NO: True},
}
"""The attribute `GUESS` as VIA shows it. Each region has a value, also one that is drawn later: VIA leaves regions without any
out of its COCO export, and all that have boxes to tick instead of one choice."""
BUFFER_SIZE = 18
"""Pictures that VIA preloads: its own default, which a project has to state."""


def parse_csv(text: str, wanted: Wanted) -> Parsed:
    """A CSV export: a line for each region, and one with an empty shape for a picture without any.

    It may have gone through a spreadsheet, which writes other delimiters, a line that names them, and empty columns.
    """
    source = io.StringIO(text, newline="")
    first = source.readline()
    skipped = first.lower().startswith(DELIMITER_LINES)
    heading = source.readline() if skipped else first
    delimiter = max(DELIMITERS, key=heading.count)
    header = [name.strip() for name in heading.replace('"', "").strip().rstrip(delimiter).split(delimiter)]
    header[0] = header[0].lstrip("#")  # as VIA 1 begins
    if not header.count(NAME) == header.count(SHAPE) == 1:
        found, expected = ", ".join(header) or "empty", ", ".join(COLUMNS)
        problem = f"the header is {shortened(found)}; export as CSV from VIA 2, whose header is {expected}"
        return Parsed([], [Fault(1 + skipped, problem)])
    table = _Table(wanted)
    reader = csv.reader(source, delimiter=delimiter)
    try:
        for fields in reader:
            if any(fields):
                table.add(1 + skipped + reader.line_num, header, fields)
    except csv.Error as error:  # an open quote swallows all that follows
        problem = f"broken CSV ({error}); is there a quote that is not closed? Export again"
        table.faults.append(Fault(1 + skipped + reader.line_num, problem))
    return table.parsed()


class _Table:
    """The pictures of a CSV file, gathered line by line."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.found: dict[str, list[Region]] = {}
        self.lines: dict[str, int] = {}
        self.stated: dict[tuple[str, int], int] = {}
        self.counts: Counter[str] = Counter()
        self.faults: list[Fault] = []
        self.faulty: set[str] = set()
        self.categories: set[str] = set()

    def add(self, line: int, header: list[str], fields: list[str]) -> None:
        """Read one line, whose number is `line`."""
        row = dict(zip(header, fields, strict=False))
        name = row.get(NAME, "")
        try:
            if len(fields) < len(header) or any(fields[len(header) :]):
                raise ValueError(f"{len(fields)} fields, expected {len(header)}; quotes in JSON are written twice{COMMA}")
            self.lines.setdefault(name, line)
            regions = self.found.setdefault(name, [])
            shape = _json(row[SHAPE])
            if shape != {}:
                self.counts[name] += 1
                attributes = _json(row.get(ATTRIBUTES, ""))
                categories = _categories(attributes)
                self.categories |= categories
                if is_wanted(categories, self.wanted):
                    regions.append(_region(shape, attributes))
            if row.get(COUNT):
                self.stated.setdefault((name, _count(row[COUNT])), line)
        except ValueError as error:
            self.faults.append(Fault(line, f"{shortened(name)}: {error}"))
            self.faulty.add(name)

    def parsed(self) -> Parsed:
        """All that was read, once the lines of each picture are as many as they say."""
        miscounted = [
            Fault(line, f"{shortened(name)}: region_count says {count} regions, {self.counts[name]} could be read; export again")
            for (name, count), line in self.stated.items()
            if count != self.counts[name] and name not in self.faulty
        ]
        labels = [PictureLabels(self.lines[name], name, tuple(regions)) for name, regions in self.found.items()]
        return Parsed(labels, self.faults + miscounted, frozenset(self.categories))


def _json(text: str) -> Any:
    """What a field holds; an empty object if it is empty.

    Raises:
        ValueError: it is broken.
    """
    try:
        return load_json(text or "{}")
    except BrokenJsonError as error:
        place = f"{error} at character {error.place + 1}"
        raise ValueError(f"broken JSON ({place}); export again, quotes in JSON are written twice") from error


def _count(text: str) -> int:
    """A number of regions, also as a float.

    Raises:
        ValueError: it is no number.
    """
    if not re.fullmatch(r"[0-9]{1,9}(\.0*)?", text):
        raise ValueError(f"region_count is {shortened(text)}, which is not a number; export again")
    return int(text.split(".")[0])


def parse_json(data: dict[str, Any], text: str, wanted: Wanted) -> Parsed:
    """A project or the annotations alone, already decoded from `text`."""
    labels, faults = [], []
    found: set[str] = set()
    part = METADATA if METADATA in data else None
    metadata = data[part] if part else data
    if not isinstance(metadata, dict):
        return Parsed([], [Fault(1, f"{METADATA} is no object; export again from VIA 2")])
    for line, (key, about) in zip(lines_of(text, part), metadata.items(), strict=True):
        name, regions = (about.get(NAME), about.get("regions")) if isinstance(about, dict) else (None, None)
        if isinstance(regions, dict):  # VIA 1 numbers them
            regions = list(regions.values())
        if not isinstance(name, str) or not isinstance(regions, list):
            faults.append(Fault(line, f"{shortened(key)}: no filename and regions; export again from VIA 2"))
            continue
        outlined = []
        for number, region in enumerate(regions):
            region = region if isinstance(region, dict) else {}
            attributes = region.get("region_attributes")
            categories = _categories(attributes)
            found |= categories
            if not is_wanted(categories, wanted):
                continue
            try:
                outlined.append(_region(region.get("shape_attributes"), attributes))
            except ValueError as error:
                faults.append(Fault(line, f"{shortened(name)}: region {number}: {error}"))
        labels.append(PictureLabels(line, name, tuple(outlined)))
    return Parsed(labels, faults, frozenset(found))


def _categories(attributes: Any) -> set[str]:
    """What a person has chosen or typed for the attributes of a region, except for the mark of a guess."""
    named = attributes.items() if isinstance(attributes, dict) else ()
    return {value for name, chosen in named if name != GUESS for value in _chosen(chosen)}


def _chosen(value: Any) -> set[str]:
    """The values of an attribute: what was chosen or typed, or the boxes that are ticked."""
    if isinstance(value, dict):
        return {name for name, on in value.items() if on is True}
    return {value} if isinstance(value, str) else set()


def _region(shape: Any, attributes: Any) -> Region:
    """A region.

    Raises:
        ValueError: it encloses no area, or is malformed.
    """
    mark = attributes.get(GUESS) if isinstance(attributes, dict) else None
    return Region(_outline(shape), any(map(is_guess, _chosen(mark))))


def _outline(shape: Any) -> np.ndarray:
    """The outline of a region, K x 2 float64.

    Raises:
        ValueError: it encloses no area, or is malformed.
    """
    kind = shape.get("name") if isinstance(shape, dict) else None
    if not isinstance(kind, str) or kind not in SHAPES:
        named = f"the shape {shortened(kind)}" if isinstance(kind, str) else "no shape"
        raise ValueError(f"a region of {named}; draw polygons, rectangles, circles or ellipses")
    keys, make = SHAPES[kind]
    missing = [key for key in keys if key not in shape]
    if missing:
        raise ValueError(f"no '{missing[0]}' in the region; draw it again")
    values = [shape[key] for key in keys]
    return make(*values, shape.get("theta", 0)) if kind == "ellipse" else make(*values)


def write_via(folder: Path, pictures: Iterable[LabelledPicture]) -> tuple[Path, Path]:
    """Write a project that VIA 2 opens and the CSV that `read_labels` reads; both name the pictures relative to `folder`.

    In VIA, every region has the attribute `guess`, which is no or yes.

    Raises:
        OutputError: a file cannot be written.
    """
    files = [(picture.path.relative_to(folder).as_posix(), picture.path.stat().st_size, picture) for picture in pictures]
    project, table = folder / PROJECT, folder / CSV
    metadata = {f"{name}{size}": _about(name, size, _regions(picture)) for name, size, picture in files}
    core = {"buffer_size": BUFFER_SIZE, "filepath": {}, "default_filepath": ""}
    document = {
        "_via_settings": {"ui": {}, "core": core, "project": {"name": folder.name}},
        "_via_img_metadata": metadata,
        "_via_attributes": {"region": {GUESS: MARK}, "file": {}},
        "_via_data_format_version": "2.0.10",
        "_via_image_id_list": list(metadata),
    }
    rows = io.StringIO(newline="")
    writer = csv.writer(rows, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    for name, size, picture in files:
        writer.writerows(_rows(name, size, _regions(picture)))
    write_file(project, json.dumps(document, indent=1))
    write_file(table, rows.getvalue())
    return project, table


def _regions(picture: LabelledPicture) -> list[dict[str, Any]]:
    """The regions of a picture as VIA has them."""
    marked = [*((outline, NO) for outline in picture.polygons), *((outline, YES) for outline in picture.guesses)]
    return [{"shape_attributes": _shape(outline), "region_attributes": {GUESS: mark}} for outline, mark in marked]


def _about(name: str, size: int, regions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A picture in a project; `size` is that of its file in bytes."""
    return {"filename": name, "size": size, "file_attributes": {}, "regions": regions}


def _rows(name: str, size: int, regions: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """The lines of a picture in a CSV file, one for each region; `size` is that of its file in bytes."""
    if not regions:
        return [[name, size, "{}", 0, 0, "{}", "{}"]]
    fields = [[json.dumps(attributes, separators=(",", ":")) for attributes in region.values()] for region in regions]
    return [[name, size, "{}", len(fields), k, *both] for k, both in enumerate(fields)]


def _shape(polygon: np.ndarray) -> dict[str, Any]:
    x, y = np.round(polygon).astype(int).T.tolist()
    return {"name": "polygon", "all_points_x": x, "all_points_y": y}
