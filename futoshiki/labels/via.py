"""VGG Image Annotator 2 (https://www.robots.ox.ac.uk/~vgg/software/via/): CSV and JSON, read and written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.labels.picture import Fault, LabelledPicture, Parsed, PictureLabels

NAME, COUNT, SHAPE = "filename", "region_count", "region_shape_attributes"
COLUMNS = (NAME, "file_size", "file_attributes", COUNT, "region_id", SHAPE, "region_attributes")
PROJECT, CSV = "via_project.json", "via_labels.csv"
"""Names of the files that are written."""
BUFFER_SIZE = 18
"""Pictures that VIA preloads: its own default, which a project has to state."""


def parse_csv(text: str) -> Parsed:
    """A CSV export: a line for each region, and one with an empty shape for a picture without any."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    if not {NAME, SHAPE} <= set(header):
        found, wanted = ", ".join(header) or "empty", ", ".join(COLUMNS)
        return [], [Fault(1, f"the header is {found}; export as CSV from VIA 2, whose header is {wanted}")]
    polygons: dict[str, list[np.ndarray]] = {}
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    faults: list[Fault] = []
    faulty: set[str] = set()
    for fields in _records(reader, faults):
        line, row = reader.line_num, dict(zip(header, fields, strict=False))
        name = row.get(NAME, "")
        if len(fields) != len(header):
            problem = f"{len(fields)} fields, expected {len(header)}; quotes in JSON are written twice"
            faults.append(Fault(line, f"{name}: {problem}"))
            faulty.add(name)
            continue
        lines.setdefault(name, line)
        found_here = polygons.setdefault(name, [])
        try:
            shape = json.loads(row[SHAPE] or "{}")
            if shape:
                found_here.append(_polygon(shape))
        except (ValueError, KeyError, TypeError) as error:
            faults.append(Fault(line, f"{name}: {_problem(error)}"))
            faulty.add(name)
        if row.get(COUNT, "").isdigit():
            counts[name] = int(row[COUNT])
    faults += [
        Fault(lines[name], f"{name}: region_count says {count} regions, {len(polygons[name])} could be read; export again")
        for name, count in counts.items()
        if count != len(polygons[name]) and name not in faulty
    ]
    return [PictureLabels(lines[name], name, tuple(outlines)) for name, outlines in polygons.items()], faults


def _records(reader: Any, faults: list[Fault]) -> Iterator[list[str]]:
    """The lines of a `csv.reader` that are not empty, up to the first one that is malformed."""
    try:
        yield from filter(None, reader)
    except csv.Error as error:  # an open quote swallows all that follows
        problem = f"broken CSV ({error}); is there a quote that is not closed? Export again"
        faults.append(Fault(reader.line_num, problem))


def parse_json(data: dict[str, Any], text: str) -> Parsed:
    """A project or the annotations alone, already decoded from `text`."""
    labels, faults = [], []
    metadata = data.get("_via_img_metadata", data)
    if not isinstance(metadata, dict):
        return [], [Fault(1, "_via_img_metadata is no object; export again from VIA 2")]
    for key, about in metadata.items():
        place = max(text.find(json.dumps(key, ensure_ascii=ascii_only)) for ascii_only in (True, False))
        line = text[: max(place, 0)].count("\n") + 1
        try:
            name = about["filename"] + ""  # a TypeError if it is not a text
            regions = about["regions"]
            regions = list(regions.values() if isinstance(regions, dict) else regions)  # VIA 1 numbers them
        except (TypeError, KeyError):
            faults.append(Fault(line, f"{key}: no filename and regions; export again from VIA 2"))
            continue
        polygons = []
        for number, region in enumerate(regions):
            try:
                polygons.append(_polygon(region["shape_attributes"]))
            except (ValueError, KeyError, TypeError) as error:
                faults.append(Fault(line, f"{name}: region {number}: {_problem(error)}"))
        labels.append(PictureLabels(line, name, tuple(polygons)))
    return labels, faults


def _polygon(shape: Any) -> np.ndarray:
    """The corners of a polygon or rectangle, K x 2 float64.

    Raises:
        ValueError: it is another shape, or has no extent.
        KeyError: it lacks a coordinate.
    """
    kind = shape.get("name") if isinstance(shape, dict) else None
    if kind == "rect":
        x, y, w, h = (float(shape[key]) for key in ("x", "y", "width", "height"))
        points = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
    elif kind == "polygon":
        xs, ys = shape["all_points_x"], shape["all_points_y"]
        if len(xs) != len(ys) or len(xs) < 3:
            raise ValueError(f"a polygon of {len(xs)} x and {len(ys)} y; draw it again with three points or more")
        points = np.column_stack([xs, ys]).astype(np.float64)
    else:
        raise ValueError(f"a region of the shape {kind}; draw polygons or rectangles")
    if not np.isfinite(points).all() or np.ptp(points, axis=0).min() <= 0:
        raise ValueError("a region without extent; draw it again or delete it")
    return points


def _problem(error: Exception) -> str:
    """What is wrong with a region, and what to do."""
    if isinstance(error, json.JSONDecodeError):
        return f"broken JSON ({error.msg} at character {error.pos + 1}); export again, quotes in JSON are written twice"
    return f"no {error} in the region; draw it again" if isinstance(error, KeyError) else str(error)


def write_via(folder: Path, pictures: Iterable[LabelledPicture]) -> tuple[Path, Path]:
    """Write a project that VIA 2 opens and the CSV that `read_labels` reads; both name the pictures relative to `folder`."""
    files = [(picture.path.relative_to(folder).as_posix(), picture.path.stat().st_size, picture) for picture in pictures]
    project, table = folder / PROJECT, folder / CSV
    metadata = {f"{name}{size}": _about(name, size, picture.polygons) for name, size, picture in files}
    core = {"buffer_size": BUFFER_SIZE, "filepath": {}, "default_filepath": ""}
    document = {
        "_via_settings": {"ui": {}, "core": core, "project": {"name": folder.name}},
        "_via_img_metadata": metadata,
        "_via_attributes": {"region": {}, "file": {}},
        "_via_data_format_version": "2.0.10",
        "_via_image_id_list": list(metadata),
    }
    rows = io.StringIO(newline="")
    writer = csv.writer(rows, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    for name, size, picture in files:
        writer.writerows(_rows(name, size, picture.polygons))
    project.write_bytes(json.dumps(document, indent=1).encode())
    table.write_bytes(rows.getvalue().encode())
    return project, table


def _about(name: str, size: int, polygons: Sequence[np.ndarray]) -> dict[str, Any]:
    """A picture in a project; `size` is that of its file in bytes."""
    regions = [{"shape_attributes": _shape(polygon), "region_attributes": {}} for polygon in polygons]
    return {"filename": name, "size": size, "file_attributes": {}, "regions": regions}


def _rows(name: str, size: int, polygons: Sequence[np.ndarray]) -> list[list[Any]]:
    """The lines of a picture in a CSV file, one for each region; `size` is that of its file in bytes."""
    if not polygons:
        return [[name, size, "{}", 0, 0, "{}", "{}"]]
    shapes = [json.dumps(_shape(polygon), separators=(",", ":")) for polygon in polygons]
    return [[name, size, "{}", len(shapes), k, shape, "{}"] for k, shape in enumerate(shapes)]


def _shape(polygon: np.ndarray) -> dict[str, Any]:
    x, y = np.round(polygon).astype(int).T.tolist()
    return {"name": "polygon", "all_points_x": x, "all_points_y": y}
