"""COCO annotations (https://cocodataset.org/#format-data)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from futoshiki.labels.document import lines_of
from futoshiki.labels.masks import Mask
from futoshiki.labels.picture import GUESS, Fault, Parsed, PictureLabels, Region, Wanted, is_guess, is_wanted
from futoshiki.labels.shapes import polygon, rectangle
from futoshiki.text import shortened

IMAGES, ANNOTATIONS, CATEGORIES = "images", "annotations", "categories"
AGAIN = "export again, from VIA as JSON"
"""What helps against the faults of VIA's own export: one id for pictures whose names begin with the same number, and one
category for a region with several attributes."""


def parse_coco(data: dict[str, Any], text: str, wanted: Wanted) -> Parsed:
    """The polygons, masks and boxes of all annotations of the wanted categories.

    A box is used where an annotation has nothing else. `data` is the file's content, already decoded from `text`. VIA 2 makes
    a category of each value of a region's attribute, and calls it by the attribute in `supercategory`.
    """
    faults: list[Fault] = []
    names: dict[str, str] = {}
    lines: dict[str, int] = {}
    for image_id, line, image in _items(data, IMAGES, text, faults):
        name = image.get("file_name")
        names[image_id], lines[image_id] = name if isinstance(name, str) else "", line
    categories = _categories(data)
    by_id = {category.id: category for category in categories if category.id}
    marked = any(category.is_mark for category in categories)
    regions: dict[str, list[Region]] = defaultdict(list)
    for own_id, line, annotation in _items(data, ANNOTATIONS, text, faults):
        category = by_id.get(_id(annotation.get("category_id")))
        if category and not is_wanted([category.name], wanted):
            continue
        image_id = _id(annotation.get("image_id"))
        name = f"annotation {shortened(own_id)}"
        try:
            if image_id not in names:
                raise ValueError(f"its image_id is not among the images; {AGAIN}")
            if not category and wanted is not None:
                raise ValueError(f"its category_id is not among the categories; {AGAIN}")
            if marked and not (category and category.is_mark):
                raise ValueError(f"nothing says whether it is a {GUESS}; {AGAIN}")
            guess = category is not None and category.is_mark and is_guess(category.name)
            regions[image_id] += [Region(shape, guess, line, name) for shape in _shapes(annotation)]
        except ValueError as error:
            faults.append(Fault(line, f"{shortened(names.get(image_id, ''))}: {name}: {error}"))
    labels = [PictureLabels(lines[key], name, tuple(regions[key])) for key, name in names.items()]
    return Parsed(labels, faults, frozenset(category.name for category in by_id.values() if not category.is_mark))


def _items(data: dict[str, Any], key: str, text: str, faults: list[Fault]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """The id, line and content of each image or annotation; those that cannot be told apart become faults."""
    items = data.get(key)
    if not isinstance(items, list):
        faults.append(Fault(1, f"no list of {key}; export again as COCO"))
        return
    seen: set[str] = set()
    for line, item in zip(lines_of(text, key), items, strict=True):
        own_id = _id(item.get("id")) if isinstance(item, dict) else ""
        if not own_id:
            faults.append(Fault(line, f"{key}: one has no id that is a number or a text; export again as COCO"))
        elif own_id in seen:
            faults.append(Fault(line, f"{key}: the id {shortened(own_id)} stands twice; {AGAIN}"))
        else:
            seen.add(own_id)
            yield own_id, line, item


def _id(value: Any) -> str:
    """An id as a text, because VIA writes that of one picture both as a number and as a text; empty if it is neither."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return str(value) if type(value) in (int, str) else ""


@dataclass(frozen=True)
class _Category:
    """A category; its `id` is empty if it is malformed. `is_mark` if it only says whether a region is a guess."""

    id: str
    name: str
    is_mark: bool


def _categories(data: dict[str, Any]) -> list[_Category]:
    """The categories. Those without a name are left out: what they were for is then missing."""
    found = data.get(CATEGORIES)
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    named = [entry for entry in entries if isinstance(entry.get("name"), str)]
    return [_Category(_id(entry.get("id")), entry["name"], entry.get("supercategory") == GUESS) for entry in named]


def _shapes(annotation: dict[str, Any]) -> list[np.ndarray | Mask]:
    """The outlines of an annotation, each K x 2 float64, or its mask.

    Raises:
        ValueError: there is neither, or the outlines are malformed.
    """
    segmentation = annotation.get("segmentation")
    if isinstance(segmentation, dict) and segmentation:
        return [Mask(segmentation.get("size"), segmentation.get("counts"))]
    return [*_polygons(annotation)]


def _polygons(annotation: dict[str, Any]) -> list[np.ndarray]:
    """The outlines of an annotation without a mask, each K x 2 float64.

    Raises:
        ValueError: there are none, or they are malformed.
    """
    parts = annotation.get("segmentation")
    if parts is None or parts in ([], {}, [[]]):
        box = annotation.get("bbox")
        if not isinstance(box, list) or len(box) != 4:
            raise ValueError("neither a segmentation nor a box of four numbers; outline it or delete it")
        return [rectangle(*box)]
    if not isinstance(parts, list):
        raise ValueError("a segmentation that is neither polygons nor a mask; export it as a polygon")
    if not any(isinstance(part, list) for part in parts):
        parts = [parts]  # VIA's own export has one polygon without the outer list
    return [_polygon(part) for part in parts]


def _polygon(part: Any) -> np.ndarray:
    """A polygon of x and y in turn, or of points."""
    if not isinstance(part, list):
        raise ValueError("a polygon that is not a list; export it again")
    numbers = [number for item in part for number in (item if isinstance(item, list) else [item])]
    return polygon(numbers[::2], numbers[1::2])
