"""VGG Image Annotator 2 (https://www.robots.ox.ac.uk/~vgg/software/via/): CSV and JSON, read and written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from futoshiki.labels.picture import Entry, LabelledPicture

COLUMNS = (
    "filename", "file_size", "file_attributes", "region_count", "region_id", "region_shape_attributes", "region_attributes",
)  # fmt: skip
PROJECT, CSV = "via_project.json", "via_labels.csv"

Parsed = tuple[list[Entry], list[str]]
"""The entries of a file, and its faults as `line N: NAME: what is wrong; what to do`."""


def parse_csv(text: str) -> Parsed:
    """A CSV export: a line for each region, and one with an empty shape for a picture without any."""
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    faults: list[str] = []
    if not set(COLUMNS[:6:5]) <= set(header):
        wanted = ", ".join(COLUMNS)
        return [], [f"line 1: the header is {', '.join(header) or 'empty'}; export as CSV from VIA 2, whose header is {wanted}"]
    found: dict[str, list[np.ndarray]] = {}
    first: dict[str, int] = {}
    counts: dict[str, int] = {}
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:  # an open quote swallows all that follows
            faults.append(f"line {reader.line_num}: broken CSV ({error}); is there a quote that is not closed? Export again")
            break
        if fields is None:
            break
        line = reader.line_num
        if not fields:
            continue
        row = dict(zip(header, fields, strict=False))
        name = row.get("filename", "")
        if len(fields) != len(header):
            faults.append(f"line {line}: {name}: {len(fields)} fields, expected {len(header)}; quotes in JSON are written twice")
            continue
        first.setdefault(name, line)
        polygons = found.setdefault(name, [])
        try:
            shape = json.loads(row["region_shape_attributes"] or "{}")
            if shape:
                polygons.append(_polygon(shape))
        except (ValueError, KeyError, TypeError) as error:
            faults.append(f"line {line}: {name}: {_what(error)}")
        if row.get("region_count", "").isdigit():
            counts[name] = int(row["region_count"])
    faults += [
        f"line {first[name]}: {name}: region_count says {count} regions, {len(found[name])} could be read; export again"
        for name, count in counts.items()
        if count != len(found[name]) and not any(f": {name}: " in fault for fault in faults)
    ]
    return [Entry(first[name], name, tuple(polygons)) for name, polygons in found.items()], faults


def parse_json(data: dict[str, Any], text: str) -> Parsed:
    """A project, or the annotations alone, already decoded from `text`."""
    entries, faults = [], []
    metadata = data.get("_via_img_metadata", data)
    if not isinstance(metadata, dict):
        return [], ["line 1: _via_img_metadata is no object; export again from VIA 2"]
    for key, about in metadata.items():
        place = max(text.find(json.dumps(key, ensure_ascii=ascii_only)) for ascii_only in (True, False))
        line = text[: max(place, 0)].count("\n") + 1
        try:
            name = about["filename"] + ""  # a text
            regions = about["regions"]
            regions = list(regions.values() if isinstance(regions, dict) else regions)  # VIA 1 numbers them
        except (TypeError, KeyError):
            faults.append(f"line {line}: {key}: no filename and regions; export again from VIA 2")
            continue
        polygons = []
        for number, region in enumerate(regions):
            try:
                polygons.append(_polygon(region["shape_attributes"]))
            except (ValueError, KeyError, TypeError) as error:
                faults.append(f"line {line}: {name}: region {number}: {_what(error)}")
        entries.append(Entry(line, name, tuple(polygons)))
    return entries, faults


def _polygon(shape: Any) -> np.ndarray:
    """The corners of a polygon or rectangle.

    Raises:
        ValueError: another shape, or one without extent.
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


def _what(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"broken JSON ({error.msg} at character {error.pos + 1}); export again, quotes in JSON are written twice"
    return f"no {error} in the region; draw it again" if isinstance(error, KeyError) else str(error)


def write_via(folder: Path, pictures: Iterable[LabelledPicture]) -> tuple[Path, Path]:
    """Write a project that VIA 2 opens, and the CSV that `read_labels` reads; names are relative to the folder."""
    pictures = list(pictures)
    project, table = folder / PROJECT, folder / CSV
    files = [(picture.path.relative_to(folder).as_posix(), picture.path.stat().st_size, picture) for picture in pictures]
    metadata = {
        f"{name}{size}": {
            "filename": name, "size": size, "file_attributes": {},
            "regions": [{"shape_attributes": _shape(polygon), "region_attributes": {}} for polygon in picture.polygons],
        }
        for name, size, picture in files
    }  # fmt: skip
    settings = {"ui": {}, "core": {"buffer_size": 18, "filepath": {}, "default_filepath": ""}, "project": {"name": folder.name}}
    document = {
        "_via_settings": settings, "_via_img_metadata": metadata, "_via_attributes": {"region": {}, "file": {}},
        "_via_data_format_version": "2.0.10", "_via_image_id_list": list(metadata),
    }  # fmt: skip
    rows = io.StringIO(newline="")
    writer = csv.writer(rows, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(COLUMNS)
    for name, size, picture in files:
        writer.writerows(_rows(name, size, picture.polygons))
    for path, text in ((project, json.dumps(document, indent=1)), (table, rows.getvalue())):
        path.write_bytes(text.encode())
    return project, table


def _rows(name: str, size: int, polygons: Sequence[np.ndarray]) -> list[list[Any]]:
    if not polygons:
        return [[name, size, "{}", 0, 0, "{}", "{}"]]
    shapes = [json.dumps(_shape(polygon), separators=(",", ":")) for polygon in polygons]
    return [[name, size, "{}", len(shapes), k, shape, "{}"] for k, shape in enumerate(shapes)]


def _shape(polygon: np.ndarray) -> dict[str, Any]:
    x, y = np.round(polygon).astype(int).T.tolist()
    return {"name": "polygon", "all_points_x": x, "all_points_y": y}
