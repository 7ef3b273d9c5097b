"""What a picture file says besides its pixels: read from the picture, and written into a drawn copy of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from futoshiki.formats import WRITTEN_AS

TAKEN = (306, 36867)
"""Numbers of the EXIF tags for when a picture was changed and taken."""
EXIF_DETAILS = 0x8769
"""Number of the EXIF directory that holds the second of those times."""
COLOURED = ("RGB", "RGBA", "P", "PA")
"""Modes whose ICC profile is still true after conversion to RGB."""


@dataclass(frozen=True)
class PictureInfo:
    """What a picture file says besides its pixels and is worth keeping in a drawn copy.

    `icc` is its colour profile, `dpi` its resolution in pixels per inch, `taken` are EXIF times by tag number.
    """

    icc: bytes | None = None
    dpi: tuple[float, float] | None = None
    taken: tuple[tuple[int, str], ...] = ()


NOTHING_ELSE = PictureInfo()
"""Of pictures that say nothing besides their pixels."""


def info_of(image: Image.Image) -> PictureInfo:
    """What is worth keeping of a picture besides its pixels; damaged parts are left out."""
    icc, dpi = image.info.get("icc_profile"), image.info.get("dpi")
    return PictureInfo(
        icc if isinstance(icc, bytes) and image.mode in COLOURED else None,
        _resolution(dpi),
        _times(image),
    )


def _resolution(dpi: Any) -> tuple[float, float] | None:
    try:
        across, down = map(float, dpi)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return (across, down) if 1 <= across <= 65535 and 1 <= down <= 65535 else None


def _times(image: Image.Image) -> tuple[tuple[int, str], ...]:
    try:
        exif = image.getexif()
        changed, taken = exif.get(TAKEN[0]), exif.get_ifd(EXIF_DETAILS).get(TAKEN[1])
    except Exception:  # whatever is wrong with EXIF, the picture may be well
        return ()
    return tuple((tag, value) for tag, value in zip(TAKEN, (changed, taken), strict=True) if isinstance(value, str))


def encoded(pixels: np.ndarray, suffix: str, info: PictureInfo = NOTHING_ELSE, options: Mapping[str, Any] | None = None) -> bytes:
    """The content of a picture file of that ending (`.jpg`); `pixels` are H x W x 3 uint8 RGB or H x W grey.

    Raises:
        KeyError: no picture format that is written has that ending.
        ValueError, OSError: the format cannot hold such a picture.
    """
    buffer, extra = io.BytesIO(), dict(options or {})
    kind = WRITTEN_AS[suffix.lower()]
    if info.icc:
        extra["icc_profile"] = info.icc
    if info.dpi:
        extra["dpi"] = info.dpi
    if info.taken and kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        exif = Image.Exif()
        for tag, value in info.taken:
            (exif if tag == TAKEN[0] else exif.get_ifd(EXIF_DETAILS))[tag] = value
        extra["exif"] = exif
    Image.fromarray(pixels).save(buffer, kind, **extra)
    return buffer.getvalue()
