"""COCO annotations (https://cocodataset.org/#format-data)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np

from futoshiki.labels.document import lines_of
from futoshiki.labels.masks import Mask
from futoshiki.labels.picture import Fault, Parsed, PictureLabels, Wanted, is_wanted
from futoshiki.labels.shapes import polygon, rectangle
from futoshiki.text import shortened

IMAGES, ANNOTATIONS, CATEGORIES = "images", "annotations", "categories"


def parse_coco(data: dict[str, Any], text: str, wanted: Wanted) -> Parsed:
    """The polygons, masks and boxes of all annotations of the wanted categories.

    A box is used where an annotation has nothing else. `data` is the file's content, already decoded from `text`.
    """
    faults: list[Fault] = []
    names: dict[str, str] = {}
    lines: dict[str, int] = {}
    for image_id, line, image in _items(data, IMAGES, text, faults):
        name = image.get("file_name")
        names[image_id], lines[image_id] = name if isinstance(name, str) else "", line
    categories = _categories(data)
    polygons: dict[str, list[np.ndarray]] = defaultdict(list)
    masks: dict[str, list[Mask]] = defaultdict(list)
    for own_id, line, annotation in _items(data, ANNOTATIONS, text, faults):
        category = categories.get(_id(annotation.get("category_id")))
        if category is not None and not is_wanted([category], wanted):
            continue
        image_id = _id(annotation.get("image_id"))
        name = f"annotation {shortened(own_id)}"
        place = f"{shortened(names.get(image_id, ''))}: {name}"
        if image_id not in names:
            faults.append(Fault(line, f"{place}: its image_id is not among the images; export again"))
        elif category is None and wanted is not None:
            faults.append(Fault(line, f"{place}: its category_id is not among the categories; export again"))
        elif _is_mask(annotation):
            mask = annotation["segmentation"]
            masks[image_id].append(Mask(line, name, mask.get("size"), mask.get("counts")))
        else:
            try:
                polygons[image_id] += _polygons(annotation)
            except ValueError as error:
                faults.append(Fault(line, f"{place}: {error}"))
    labels = [PictureLabels(lines[key], name, tuple(polygons[key]), tuple(masks[key])) for key, name in names.items()]
    return Parsed(labels, faults, frozenset(categories.values()))


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
            faults.append(Fault(line, f"{key}: the id {shortened(own_id)} stands twice; export again as COCO"))
        else:
            seen.add(own_id)
            yield own_id, line, item


def _id(value: Any) -> str:
    """An id as a text, because VIA writes that of one picture both as a number and as a text; empty if it is neither."""
    if type(value) is float and value.is_integer():
        value = int(value)
    return str(value) if type(value) in (int, str) else ""


def _categories(data: dict[str, Any]) -> dict[str, str]:
    """The names of the categories by id. Those that are malformed are left out: what they were for is then missing."""
    found = data.get(CATEGORIES)
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    names = {_id(entry.get("id")): entry.get("name") for entry in entries}
    return {own_id: name for own_id, name in names.items() if own_id and isinstance(name, str)}


def _is_mask(annotation: dict[str, Any]) -> bool:
    segmentation = annotation.get("segmentation")
    return isinstance(segmentation, dict) and bool(segmentation)


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
