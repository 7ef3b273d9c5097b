"""Loads pictures: anything that holds an image becomes an upright RGB array."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Union

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from futoshiki.errors import MissingPartError, UnreadableFileError

MAX_PIXELS = 130_000_000
"""Pixels above which a file is taken for a decompression bomb; the largest phone sensors have 108 million."""
ORIENTATION = 274
"""Number of the EXIF tag that says how stored pixels are turned."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""The operation that turns stored pixels upright, for each value of that tag but 1."""
SIDEWAYS = 5
"""Least value of that tag for which width and height are exchanged."""
HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim", b"heis")
"""What follows `ftyp` at the beginning of a HEIC file."""
DAMAGE = (OSError, SyntaxError, ValueError, TypeError, IndexError, EOFError, struct.error, zlib.error)
"""Errors that Pillow's decoders raise on damaged files."""

ImageSource = Union[str, "os.PathLike[str]", bytes, np.ndarray, Image.Image]


@dataclass(frozen=True, eq=False)
class Photo:
    """An upright photo. `pixels` is H x W x 3 uint8 RGB; `source` is its name in messages."""

    pixels: np.ndarray
    source: str

    @cached_property
    def grey(self) -> np.ndarray:
        """H x W uint8 luminance."""
        return np.asarray(cv2.cvtColor(self.pixels, cv2.COLOR_RGB2GRAY))

    def __repr__(self) -> str:
        h, w = self.pixels.shape[:2]
        return f"Photo({self.source!r}, {w}x{h})"


def load_photo(source: ImageSource) -> Photo:
    """Load a picture from a path, the bytes of a file, a PIL image or an array.

    EXIF orientation is applied, except to arrays. Transparent pixels become white. An animation is read as its first
    frame. 16-bit and floating-point levels are scaled to 8 bits. An array is H x W grey, H x W x 3 RGB or H x W x 4 RGBA,
    uint8, uint16 or float in 0 to 1.

    Raises:
        UnreadableFileError: the source is not a picture, truncated, or larger than `MAX_PIXELS`.
        MissingPartError: a HEIC picture needs the extra `heic`.
    """
    if isinstance(source, np.ndarray):
        return Photo(_from_array(source), "array")
    if isinstance(source, Image.Image):
        return Photo(_from_pil(source, "image"), "image")
    if isinstance(source, bytes | bytearray):
        return Photo(_from_bytes(bytes(source), "bytes"), "bytes")
    path = Path(source)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFileError(f"{path}: {error.strerror or error}; give the path of a picture") from error
    return Photo(_from_bytes(data, str(path)), str(path))


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
        """Points (K x 2) of the stored pixels, in pixels of the upright picture."""
        x, y = np.asarray(points, np.float64).T
        w, h = self.width, self.height
        ways = {2: (w - x, y), 3: (w - x, h - y), 4: (x, h - y), 5: (y, x), 6: (w - y, x), 7: (w - y, h - x), 8: (y, h - x)}
        return np.column_stack(ways.get(self.orientation, (x, y)))


def picture_frame(path: Path) -> PictureFrame:
    """The extent and orientation of a picture file, read from its header alone.

    Raises:
        UnreadableFileError: the file is not a picture.
        MissingPartError: a HEIC picture needs the extra `heic`.
    """
    try:
        with path.open("rb") as file:
            if _is_heic(file.read(12)):
                _register_heic(str(path))
        with Image.open(path) as image:
            width, height = image.size
            orientation = _orientation(image)
    except Image.DecompressionBombError as error:
        raise UnreadableFileError(f"{path}: {_too_large()}") from error
    except DAMAGE as error:
        raise UnreadableFileError(f"{path}: not a picture that can be read ({error})") from error
    if orientation >= SIDEWAYS:
        width, height = height, width
    return PictureFrame(width, height, orientation)


def _from_bytes(data: bytes, name: str) -> np.ndarray:
    if _is_heic(data):
        _register_heic(name)
    try:
        with warnings.catch_warnings():
            # Decompression bombs are refused below, and Pillow's warnings about EXIF do not matter here.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as image:
                return _from_pil(image, name)
    except UnidentifiedImageError as error:
        reason = "the file is empty" if not data else "not a picture in a known format"
        raise UnreadableFileError(f"{name}: {reason}; JPEG, PNG, WebP, GIF, BMP and TIFF can be read") from error
    except Image.DecompressionBombError as error:
        raise UnreadableFileError(f"{name}: {_too_large()}") from error
    except DAMAGE as error:
        raise UnreadableFileError(f"{name}: damaged or truncated ({error}); save or copy the picture again") from error


def _is_heic(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS


def _register_heic(name: str) -> None:
    try:
        from pi_heif import register_heif_opener
    except ImportError as error:
        raise MissingPartError(f"{name}: HEIC pictures need an extra: pip install 'futoshiki[heic]'") from error
    register_heif_opener()


def _from_pil(image: Image.Image, name: str) -> np.ndarray:
    width, height = image.size
    if not width * height:
        raise UnreadableFileError(f"{name}: a picture of {width} x {height} pixels is empty")
    if width * height > MAX_PIXELS:
        raise UnreadableFileError(f"{name}: {width} x {height} is {_too_large()}")
    try:
        image.load()
        turn = TURNS.get(_orientation(image))
        return _to_rgb(image if turn is None else image.transpose(turn))
    except DAMAGE as error:
        raise UnreadableFileError(f"{name}: damaged or truncated ({error}); save or copy the picture again") from error


def _orientation(image: Image.Image) -> int:
    """The orientation by EXIF, 1 to 8; 1 if it is not given, or EXIF is damaged."""
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except DAMAGE:
        return 1
    return value if value in range(1, 9) else 1


def _too_large() -> str:
    return f"more than {MAX_PIXELS // 1_000_000} million pixels; reduce the picture first"


def _to_rgb(image: Image.Image) -> np.ndarray:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_array(_levels(np.asarray(image)))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):  # slow, and screenshots are seldom transparent
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.ascontiguousarray(image if image.mode == "RGB" else image.convert("RGB"))


def _levels(values: np.ndarray) -> np.ndarray:
    """Wide integers or floats as uint16 or as floats in 0 to 1, scaled by the range that they use."""
    top = float(values.max(initial=0))
    if values.dtype == np.uint16 and top > 255:
        return values
    scale = 1.0 if top <= 1 else 255.0 if top <= 255 else 65535.0
    return np.clip(values / scale, 0, 1).astype(np.float32)


def _from_array(array: np.ndarray) -> np.ndarray:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[..., 0]
    if array.size == 0 or array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise UnreadableFileError(f"an array of shape {array.shape} is not a picture: expected H x W, H x W x 3 or x 4")
    if array.shape[0] * array.shape[1] > MAX_PIXELS:
        raise UnreadableFileError(f"an array of {array.shape} is {_too_large()}")
    values: Any = array
    if array.dtype == bool:
        values = array.astype(np.uint8) * 255
    elif array.dtype.kind == "u" and array.dtype.itemsize == 2:  # uint16 in either byte order
        values = (array >> 8).astype(np.uint8)
    elif array.dtype.kind == "f":
        values = np.round(np.clip(np.nan_to_num(array), 0, 1) * 255).astype(np.uint8)
    elif array.dtype != np.uint8:
        raise UnreadableFileError(f"an array of {array.dtype} is not a picture: expected uint8, uint16 or float in 0 to 1")
    if values.ndim == 2:
        values = np.repeat(values[..., None], 3, axis=2)
    elif values.shape[2] == 4:
        alpha = values[..., 3:].astype(np.float32) / 255
        values = np.round(values[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    return np.ascontiguousarray(values)
