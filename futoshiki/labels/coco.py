"""COCO annotations (https://cocodataset.org/#format-data), read with pycocotools."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import cv2
import numpy as np

from futoshiki.errors import MissingPartError
from futoshiki.labels.picture import Fault, Parsed, PictureLabels


def parse_coco(data: dict[str, Any], text: str) -> Parsed:
    """The polygons of all annotations, whatever their category; run-length masks become outlines.

    `data` is the file's content, already decoded from `text`.

    Raises:
        MissingPartError: pycocotools is not installed.
    """
    try:
        from pycocotools.coco import COCO
    except ImportError as error:
        raise MissingPartError("COCO labels need pycocotools: pip install 'futoshiki[train]'") from error
    coco = COCO()
    coco.dataset = data
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # it reports its progress there
            coco.createIndex()
    except (KeyError, TypeError) as error:
        return [], [Fault(1, f"not COCO: an image or annotation has no {error}; export again as COCO")]
    labels, faults = [], []
    for image_id, image in coco.imgs.items():
        name = str(image.get("file_name", ""))
        line = text[: max(text.find(f'"{name}"'), 0)].count("\n") + 1
        polygons: list[np.ndarray] = []
        for annotation in coco.imgToAnns[image_id]:
            try:
                polygons += _polygons(coco, annotation)
            except (KeyError, TypeError, ValueError, IndexError) as error:
                faults.append(Fault(line, f"{name}: annotation {annotation.get('id')}: {error!r}; export it as a polygon"))
        labels.append(PictureLabels(line, name, tuple(polygons)))
    return labels, faults


def _polygons(coco: Any, annotation: dict[str, Any]) -> list[np.ndarray]:
    """The outlines of one annotation, each K x 2 float64.

    Raises:
        ValueError: a polygon has fewer than three points.
    """
    parts = annotation["segmentation"]
    if isinstance(parts, list):
        polygons = [np.array(part, np.float64).reshape(-1, 2) for part in parts]
        if not polygons or min(map(len, polygons)) < 3:
            raise ValueError("a polygon of fewer than three points")
        return polygons
    contours, _ = cv2.findContours(coco.annToMask(annotation), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return [contour[:, 0].astype(np.float64) for contour in contours]
