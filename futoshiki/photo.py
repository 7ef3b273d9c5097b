"""Loads pictures: anything that holds an image becomes an upright RGB array."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Union

import cv2
import numpy as np
from PIL import Image

from futoshiki.errors import UnreadableFileError
from futoshiki.formats import MAX_LEAD, may_have_pages
from futoshiki.pdf import drawn_page, is_pdf_file, opened_pdf, page_of
from futoshiki.picture_file import (
    SIDEWAYS,
    decoded,
    excess,
    has_alpha,
    opened,
    orientation_of,
    stored_size,
    tell_of_others,
    turn_to,
)
from futoshiki.picture_info import NOTHING_ELSE, PictureInfo, info_of
from futoshiki.text import LINK, page_name, shown

MAX_FILE = 250_000_000
"""Bytes of a file or stream above which it is not read; files of many pages, which are read in parts, may be longer."""
ACCEPTED = "a path, the bytes of a picture file, an open file, a PIL image, or an array H x W (x 3 or 4)"
BAND = 512
"""Rows of a transparent picture that are blended at once, which bounds memory."""
SAMPLE = 256
"""Side in pixels of the small copy that tells on which ground a transparent picture can be seen."""
INVISIBLE = 0.5
"""Ratio of the contrast on white to that on black below which a transparent picture was made for a black ground."""

FileSource = Union[str, "os.PathLike[str]", bytes, bytearray, memoryview]
"""A file, by its path or its content."""
ImageSource = FileSource | IO[bytes] | np.ndarray | Image.Image


@dataclass(frozen=True, eq=False)
class Photo:
    """An upright photo. `pixels` is H x W x 3 uint8 RGB; `source` is its name in messages.

    Very large pictures are reduced: `scale` is the number of the picture's own pixels along one of `pixels`. `info` is what
    the file says besides.
    """

    pixels: np.ndarray
    source: str
    scale: float = 1.0
    info: PictureInfo = NOTHING_ELSE

    @cached_property
    def grey(self) -> np.ndarray:
        """H x W uint8 luminance."""
        return np.asarray(cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY))

    def __repr__(self) -> str:
        h, w = self.pixels.shape[:2]
        return f"Photo({self.source!r}, {w}x{h})"


def load_photo(source: ImageSource) -> Photo:
    """Load a picture from a path, the bytes of a file, an open file, a PIL image or an array.

    EXIF orientation is applied, except to arrays. Transparent pixels become white, or black if the picture could not be
    seen on white. A page of a PDF is drawn. Of a file with several pictures or pages the first is read, and a warning is
    logged; see `pages`. 16-bit and floating-point levels are scaled to 8 bits.
    An array is H x W grey, H x W x 3 RGB or H x W x 4 RGBA, uint8, uint16, or float in 0 to 1 or 0 to 255. A picture of more
    than 50 million pixels is reduced, see `Photo.scale`.

    Raises:
        UnreadableFileError: the source is not a picture, truncated, encrypted or too large.
        MissingPartError: a HEIC picture or a PDF needs a package that is not installed.
    """
    if isinstance(source, np.ndarray):
        return Photo(*_from_array(source))
    if isinstance(source, Image.Image):
        return _from_pil(source)
    with opened_source(source) as (file, name):
        return photo_in(file, name)


@contextmanager
def opened_source(source: FileSource | IO[bytes]) -> Iterator[tuple[IO[bytes], str]]:
    """A file that can be read from any place, with what a source holds, and its name in messages.

    Raises:
        UnreadableFileError: there is no such file, it is too large, or the source is something else.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        yield io.BytesIO(_content(source)), "bytes"
    elif isinstance(source, str | os.PathLike):
        path = _path(os.fsdecode(source))
        with _opened_path(path) as file:
            yield (file if file.seekable() else _buffered(file, str(path))), str(path)
    elif hasattr(source, "read"):
        name = _name_of(source)
        yield _buffered(source, name), name
    else:
        raise UnreadableFileError(f"{type(source).__name__} is no picture; give {ACCEPTED}")


def _content(source: bytes | bytearray | memoryview) -> bytes:
    try:
        return bytes(source)
    except ValueError as error:
        raise UnreadableFileError(f"bytes: cannot be read ({error}); give {ACCEPTED}") from error


def _name_of(file: Any) -> str:
    """What to call an open file in messages."""
    name = getattr(file, "name", None)
    return name if isinstance(name, str) else "file"


@dataclass(frozen=True)
class PictureFrame:
    """Extent and orientation of a picture, without its pixels.

    `width` and `height` are those of the upright picture in pixels; `orientation` is the EXIF tag, 1 to 8.
    """

    width: int
    height: int
    orientation: int

    @property
    def turned(self) -> bool:
        """Whether the stored pixels are not upright."""
        return self.orientation != 1

    def upright(self, points: np.ndarray) -> np.ndarray:
        """Points (K x 2) of the stored pixels, in pixels of the upright picture. Pixel centres lie at whole numbers."""
        x, y = np.asarray(points, np.float64).T
        w, h = self.width - 1, self.height - 1
        ways = {2: (w - x, y), 3: (w - x, h - y), 4: (x, h - y), 5: (y, x), 6: (w - y, x), 7: (w - y, h - x), 8: (y, h - x)}
        return np.column_stack(ways.get(self.orientation, (x, y)))


def picture_frame(path: Path) -> PictureFrame:
    """The extent and orientation of a picture file; only a PNG is decoded for that, for its EXIF may stand at the end.

    Raises:
        UnreadableFileError: the file is not a picture.
        MissingPartError: a HEIC picture needs a decoder that is not installed.
    """
    with _opened_path(path) as file, opened(file, str(path)) as image:
        (width, height), orientation = stored_size(image), orientation_of(image)
    return PictureFrame(height, width, orientation) if orientation >= SIDEWAYS else PictureFrame(width, height, orientation)


def _path(source: str) -> Path:
    if not source:
        raise UnreadableFileError(f"an empty path; give {ACCEPTED}")
    if LINK.match(source):
        raise UnreadableFileError(
            f"{shown(source)}: nothing is fetched from the internet; download the picture and give its path"
        )
    return Path(source)


def _opened_path(path: Path) -> IO[bytes]:
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFileError(f"{shown(path)}: {reason}; give the path of a picture") from error
    if os.fstat(file.fileno()).st_size > MAX_FILE and not may_have_pages(file.read(MAX_LEAD)):
        file.close()
        raise UnreadableFileError(f"{shown(path)}: a file of more than {MAX_FILE // 1_000_000} MB; reduce the picture first")
    return file


def _buffered(file: Any, name: str) -> IO[bytes]:
    """The content of a file that may not be seekable, such as a pipe."""
    try:
        data = file.read(MAX_FILE + 1)
    except Exception as error:  # anything may have a method of that name
        raise UnreadableFileError(f"{shown(name)}: cannot be read ({error}); give {ACCEPTED}") from error
    if not isinstance(data, bytes | bytearray | memoryview):
        raise UnreadableFileError(f"{shown(name)}: gives no bytes; open it in binary mode, 'rb'")
    if len(data) > MAX_FILE:
        raise UnreadableFileError(f"{shown(name)}: more than {MAX_FILE // 1_000_000} MB; reduce the picture first")
    return io.BytesIO(data)


def photo_in(file: IO[bytes], name: str, number: int | None = None) -> Photo:
    """The photo on one page of a file, counted from 1. Without a number it is the first page, and others are told of.

    Raises:
        ArgumentError: there is no such page.
        UnreadableFileError: the file is not a picture, truncated, encrypted or too large.
        MissingPartError: a HEIC picture or a PDF needs a package that is not installed.
    """
    if is_pdf_file(file):
        with opened_pdf(file, name) as document:
            count = len(document)
            if number is None and count > 1:
                tell_of_others(name)
            with page_of(document, 1 if number is None else number, name) as page:
                pixels, dpi = drawn_page(page, name)
        return Photo(pixels, _name(name, number, count), info=PictureInfo(dpi=(dpi, dpi)))
    with opened(file, name) as image:
        count = turn_to(image, number, name)
        longer, info = max(image.size), info_of(image)
        pixels = _to_rgb(decoded(image))
        return _photo(pixels, _name(name, number, count), longer, info)


def _name(name: str, number: int | None, count: int) -> str:
    """The name of a page; that of the file if nothing was asked for by number, or the file has one page only."""
    return page_name(name, number) if number is not None and count > 1 else name


def _from_pil(image: Image.Image) -> Photo:
    """The photo in a PIL image, which stays as it is."""
    if not image.width * image.height:
        raise UnreadableFileError(f"image: a picture of {image.width} x {image.height} pixels is empty")
    try:
        info = info_of(image)
        pixels = _to_rgb(decoded(image, owned=False))
    except UnreadableFileError:
        raise
    except Exception as error:  # the image may not be decoded yet, and decoders raise unrelated types
        raise UnreadableFileError(f"image: damaged or truncated ({error}); save or copy the picture again") from error
    return _photo(pixels, "image", max(image.size), info)


def _photo(pixels: np.ndarray, name: str, longer: int, info: PictureInfo) -> Photo:
    """The photo; `longer` is the longer side of the picture itself."""
    scale = _scale(longer, pixels)
    dpi = info.dpi and (info.dpi[0] / scale, info.dpi[1] / scale)
    return Photo(pixels, name, scale, replace(info, dpi=dpi))


def _scale(longer: int, pixels: np.ndarray) -> float:
    """The picture's own pixels along one of those that were decoded; `longer` is its longer side."""
    return longer / max(pixels.shape[:2])


def _to_rgb(image: Image.Image) -> np.ndarray:
    if image.mode.startswith("I") or image.mode == "F":
        return _grey_levels(image)
    if has_alpha(image):
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):  # slow, and screenshots are seldom transparent
            return _blended(image)
    return np.ascontiguousarray(image if image.mode == "RGB" else image.convert("RGB"))


def _blended(image: Image.Image) -> np.ndarray:
    """A transparent picture on the ground on which it can be seen: white, or black if it was made for that."""
    small = np.asarray(image.reduce(max(1, min(image.size) // SAMPLE)))
    white, black = (float(_on_ground(small, level).std()) for level in (255, 0))
    ground = 255 if white >= INVISIBLE * black else 0
    out = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, BAND):
        bottom = min(top + BAND, image.height)
        out[top:bottom] = _on_ground(np.asarray(image.crop((0, top, image.width, bottom))), ground)
    return out


def _on_ground(rgba: np.ndarray, level: int) -> np.ndarray:
    """H x W x 4 uint8 blended with a grey level: H x W x 3 uint8."""
    alpha = rgba[..., 3:].astype(np.float32) / 255
    return np.round(rgba[..., :3] * alpha + level * (1 - alpha)).astype(np.uint8)


def _grey_levels(image: Image.Image) -> np.ndarray:
    """A picture of wide integers or floats as H x W x 3 uint8."""
    bands = range(0, image.height, BAND)
    return np.repeat(
        _eight_bits(lambda top: np.asarray(image.crop((0, top, image.width, min(top + BAND, image.height)))), bands), 3, 2
    )


def _eight_bits(band: Callable[[int], np.ndarray], tops: range) -> np.ndarray:
    """Levels of any type as uint8, scaled by the range that they use: floats up to 1, else up to 255 or 65535.

    `band` gives the rows from `tops` on; a band at a time bounds memory. Levels H x W become H x W x 1.
    """
    top = max(float(_finite(band(first)).max(initial=0)) for first in tops)
    is_float = band(0).dtype.kind == "f"
    scale = 1.0 if top <= 1 and is_float else 255.0 if top <= 255 else 65535.0
    parts = [np.round(np.clip(_finite(band(first)) / scale, 0, 1) * 255).astype(np.uint8) for first in tops]
    levels = np.concatenate(parts)
    return levels[..., None] if levels.ndim == 2 else levels


def _finite(values: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        return np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)


def _from_array(array: np.ndarray) -> tuple[np.ndarray, str, float]:
    array = np.asarray(array)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.size == 0 or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise UnreadableFileError(f"an array of shape {array.shape} is not a picture: expected H x W, H x W x 3 or x 4")
    if array.dtype.kind not in "bfu" or (array.dtype.kind == "u" and array.dtype.itemsize > 2):
        raise UnreadableFileError(
            f"an array of {array.dtype} is not a picture: expected uint8, uint16, or float in 0 to 1 or 0 to 255"
        )
    step = math.ceil(excess(array.shape[1], array.shape[0]))
    chosen = array[::step, ::step]
    if chosen.dtype == np.uint8:
        values = chosen if chosen.ndim == 3 else chosen[..., None]
    elif chosen.dtype == bool:
        values = np.where(chosen, np.uint8(255), np.uint8(0)).reshape(*chosen.shape[:2], -1)
    else:
        values = _eight_bits(lambda top: chosen[top : top + BAND], range(0, len(chosen), BAND))
    if values.shape[2] == 1:
        values = np.repeat(values, 3, axis=2)
    elif values.shape[2] == 4:
        values = _blended(Image.fromarray(np.ascontiguousarray(values)))
    return np.ascontiguousarray(values), "array", _scale(max(array.shape[:2]), values)
