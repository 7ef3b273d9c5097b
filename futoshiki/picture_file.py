"""Opens picture files of the formats named here, and decodes them within a bounded amount of memory."""

from __future__ import annotations

import logging
import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from PIL import Image

from futoshiki.errors import ArgumentError, FutoshikiError, MissingPartError, UnreadableFileError
from futoshiki.formats import TIFF_MARKS, is_pdf
from futoshiki.text import shown

# Sizes are checked below, and Pillow's warnings about EXIF do not matter here; a block would not be safe between threads.
warnings.filterwarnings("ignore", module=r"PIL\.")
LOGGER = logging.getLogger("futoshiki")
SIGNATURES = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (8, b"WEBP", "WEBP"),
    (0, b"GIF8", "GIF"),
    (0, b"BM", "BMP"),
    *((0, mark, "TIFF") for mark in TIFF_MARKS),
    *((0, b"P%d" % kind, "PPM") for kind in (4, 5, 6)),
    *((4, b"ftyp" + brand, "HEIF") for brand in (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"heim", b"heis")),
)
"""The formats that are opened: where a file has which bytes, and Pillow's name of the format. No other decoder is ever asked:
some start programs."""
HEAD, MOST_HEADER = 16, 1024
"""Bytes of a file that tell its format, and bytes of the longest header of a PPM file."""
FORMATS_READ = "JPEG, PNG, WebP, GIF, BMP, TIFF, PPM, HEIC and PDF can be read"
WORKING_PIXELS = 50_000_000
"""Larger pictures are reduced while they are decoded: no puzzle needs more, and memory is bounded."""
WORKING_SIDE = 32_000
"""Longer side in pixels above which pictures are reduced, too: OpenCV warps none that is longer than 32,767."""
DECODING_BYTES = 650_000_000
"""Memory that decoding a picture may take."""
BYTES_PER_PIXEL = {"WEBP": 16.0, "HEIF": 12.0}
"""What these decoders need for each pixel, copies included."""
SEVERAL_SCANS, OTHERS = 6.5, 5.0
"""The same of a JPEG in several scans, whose coefficients are held in memory, and of all other formats."""
MAX_PIXELS = 1_000_000_000
"""Pixels above which no picture is opened: decoding would take too long, even where memory would do."""
MARKER = re.compile(rb"\xff[\x01-\xcf\xd9-\xfe]")
"""What begins a part of a JPEG; other bytes after FF belong to the data of a scan."""
MAX_SEGMENTS, MAX_PADDING = 500, 65_536
"""Parts of a JPEG, and bytes between two parts of its header, above which it is not decoded: that would take too long."""
MAX_SIDE = 100_000
"""Longest side in pixels of a picture that is opened."""
MAX_SCANS = 100
"""Scans of a progressive JPEG; cameras and programs write 6 to 10, and each costs as much as decoding the picture once."""
BAND = 256
"""Rows of a reduced picture that are made at once."""
REDUCTIONS = (1, 2, 4, 8)
"""Factors by which a JPEG decoder can reduce a picture at no cost."""
WIDTH, HEIGHT, SAMPLE_BITS, STRIP_ROWS, TILE_WIDTH, TILE_HEIGHT = 256, 257, 258, 278, 322, 323
"""Numbers of the TIFF tags for the size of the stored picture, of its samples, and of the strips or tiles it is made of."""
PNM_HEADER = re.compile(rb"P[456]\s(?:\s*#[^\n]*\n)*\s*\d+\s+\d+(?:\s+(\d+))?\s")
"""The header of a PPM, PGM or PBM file; others, such as text, take too long to decode."""
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
SUBFILE, NO_PAGE = 254, 1 | 4
"""Number of the TIFF tag for the kind of a picture, and the bits that are set for a reduced copy and for a mask."""
MAX_FRAMES = 10_000
"""Pictures of a TIFF that are counted."""
SIDEWAYS = 5
"""Least value of that tag for which width and height are exchanged."""


def format_of(head: bytes) -> str | None:
    """Pillow's name of the format of a file that begins with `head`, if it is one that is opened."""
    return next((name for place, mark, name in SIGNATURES if head[place : place + len(mark)] == mark), None)


@contextmanager
def opened(file: IO[bytes], name: str) -> Iterator[Image.Image]:
    """The picture in a file, not decoded yet; `name` is for messages.

    Raises:
        UnreadableFileError: it is no picture, damaged, or too large; whatever a decoder raises inside the block, too.
        MissingPartError: a HEIC picture needs a decoder that is not installed.
    """
    try:
        file.seek(0)
        head = file.read(HEAD)
        file.seek(0)
        kind = format_of(head)
        if kind is None:
            raise UnreadableFileError(f"{shown(name)}: {_why_not(head)}")
        if kind == "PPM" and not _is_plain_pnm(file):
            raise UnreadableFileError(f"{shown(name)}: a PPM, PGM or PBM file of a rare kind; save it as PNG")
        if kind == "HEIF":
            _register_heic(name)
        scans = scans_of(file, name) if kind == "JPEG" else 1
        with _decoder(kind)(file, "") as image:
            _refuse_hostile(image, scans, name)
            yield image
    except FutoshikiError:
        raise
    except MemoryError as error:
        raise UnreadableFileError(f"{shown(name)}: there is not enough memory to decode it; reduce the picture first") from error
    except Exception as error:  # decoders raise unrelated types on damaged files
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableFileError(f"{shown(name)}: damaged or truncated ({reason}); save or copy the picture again") from error


def _is_plain_pnm(file: IO[bytes]) -> bool:
    """Whether a file is a binary PPM, PGM or PBM of 8 bits with a short header."""
    header = PNM_HEADER.match(file.read(MOST_HEADER))
    file.seek(0)
    return header is not None and int(header[1] or 255) <= 255


def _decoder(kind: str) -> Any:
    """Pillow's class for files of that format. Unlike `Image.open` it has no limit of its own: ours are in this module."""
    for load_plugins in (Image.preinit, Image.init):
        if kind not in Image.OPEN:
            load_plugins()
    return Image.OPEN[kind][0]


def _why_not(head: bytes) -> str:
    if not head:
        return f"the file is empty; {FORMATS_READ}"
    if is_pdf(head):
        return "PDF is not taken here; make pictures of its pages first, for instance: pdftoppm -r 200 -png FILE page"
    return f"not a picture in a known format; {FORMATS_READ}"


def _register_heic(name: str) -> None:
    try:
        from pi_heif import register_heif_opener
    except ImportError as error:
        raise MissingPartError(f"{shown(name)}: HEIC pictures need a package that is missing: pip install pi-heif") from error
    register_heif_opener()


def _refuse_hostile(image: Image.Image, scans: int, name: str) -> None:
    """Refuse what would take too much memory or time to decode; `scans` are those of a JPEG."""
    width, height = image.size
    if not width * height:
        raise UnreadableFileError(f"{shown(name)}: a picture of {width} x {height} pixels is empty")
    if max(width, height) > MAX_SIDE:
        raise UnreadableFileError(
            f"{shown(name)}: {width} x {height} has a side of more than {MAX_SIDE:,} pixels; cut it into parts"
        )
    if scans > MAX_SCANS:
        raise UnreadableFileError(f"{shown(name)}: a JPEG of {scans} scans; save the picture again")
    need = SEVERAL_SCANS if scans > 1 else BYTES_PER_PIXEL.get(image.format or "", OTHERS)
    free = image.format in ("JPEG", "MPO") and scans == 1  # reduced by its decoder
    largest = MAX_PIXELS if free else int(DECODING_BYTES / need)
    if _piece_bytes(image) > DECODING_BYTES / 4:
        raise UnreadableFileError(f"{shown(name)}: a TIFF with strips or tiles of too many bytes; save it again, or as PNG")
    if width * height > largest:
        most = f"more than {largest // 1_000_000} million pixels, the most of this format that is read"
        raise UnreadableFileError(f"{shown(name)}: {width} x {height} is {most}; reduce the picture first")


def _tiff_tags(image: Image.Image) -> Any:
    """The tags of a TIFF by number; None for other formats."""
    return getattr(image, "tag_v2", None) if image.format == "TIFF" else None


def _piece_bytes(image: Image.Image) -> int:
    """Bytes of one strip or tile of a TIFF, which its decoder holds besides the picture; 0 for other formats."""
    tags = _tiff_tags(image)
    if not tags:
        return 0
    width, height = tags.get(TILE_WIDTH), tags.get(TILE_HEIGHT)
    if not (width and height):
        width, height = image.width, min(tags.get(STRIP_ROWS) or image.height, image.height)
    return int(width) * int(height) * sum(tags.get(SAMPLE_BITS, (1,))) // 8


def scans_of(file: IO[bytes], name: str) -> int:
    """The number of scans of a JPEG, up to the end of the picture; what is appended to it does not count.

    Raises:
        UnreadableFileError: its header is no header.
    """
    data, start, scans = file.read(), 2, 0
    file.seek(0)
    for _ in range(MAX_SEGMENTS):
        marker = MARKER.search(data, start, start + MAX_PADDING if not scans else len(data))
        if scans and (marker is None or marker[0] == b"\xff\xd9"):
            return scans
        if marker is None:
            raise UnreadableFileError(f"{shown(name)}: damaged or truncated (no JPEG header); save or copy the picture again")
        scans += marker[0] == b"\xff\xda"
        start = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")
    raise UnreadableFileError(f"{shown(name)}: a JPEG of more than {MAX_SEGMENTS} parts; save the picture again")


def decoded(image: Image.Image, *, owned: bool = True) -> Image.Image:
    """The upright picture with at most `WORKING_PIXELS` pixels and sides of at most `WORKING_SIDE`.

    An `owned` picture is closed where a smaller copy takes its place, which frees its memory.
    """
    width, height = image.size
    factor = excess(width, height)
    if factor > 1 and image.format in ("JPEG", "MPO") and owned:
        reduction = min((one for one in REDUCTIONS if one >= factor), default=REDUCTIONS[-1])
        image.draft("RGB", (width // reduction, height // reduction))
    image.load()
    orientation = orientation_of(image)
    factor = excess(*image.size)
    if factor > 1:
        image = _replaced(image, _reduced(image, math.ceil(factor)), owned)
    turn = TURNS.get(orientation)
    return image if turn is None else _replaced(image, image.transpose(turn), owned)


def excess(width: float, height: float) -> float:
    """The factor by which a picture is too large to work with; below 1 if it is not."""
    return max(math.sqrt(width * height / WORKING_PIXELS), max(width, height) / WORKING_SIDE)


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """A copy with sides shorter by a whole factor; made band by band, for Pillow converts what it averages."""
    parts, width, height = [], image.width, image.height
    for top in range(0, height, factor * BAND):
        band = image.crop((0, top, width, min(top + factor * BAND, height)))
        parts.append(_averageable(band, transparent=has_alpha(image)).reduce(factor))
    whole = Image.new(parts[0].mode, (parts[0].width, sum(part.height for part in parts)))
    for k, part in enumerate(parts):
        whole.paste(part, (0, k * BAND))
    return whole


def _averageable(image: Image.Image, *, transparent: bool) -> Image.Image:
    """The picture in a mode that Pillow can average."""
    if image.mode.startswith("I;16"):
        return image.convert("I")
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if transparent else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _replaced(image: Image.Image, other: Image.Image, owned: bool) -> Image.Image:
    other.info = image.info
    if owned:
        image.close()
    return other


def has_alpha(image: Image.Image) -> bool:
    """Whether a picture may have transparent pixels."""
    return image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info


def stored_size(image: Image.Image) -> tuple[int, int]:
    """Width and height of the stored pixels; of a TIFF, Pillow's own `size` may be that of the upright picture."""
    tags = _tiff_tags(image)
    return (tags[WIDTH], tags[HEIGHT]) if tags else image.size


def orientation_of(image: Image.Image) -> int:
    """The orientation by EXIF, 1 to 8; 1 if it is not given, or EXIF is damaged."""
    try:
        value = image.getexif().get(ORIENTATION, 1)
    except Exception:  # whatever is wrong with EXIF, the picture may be well
        return 1
    return value if value in range(1, 9) else 1


def page_frames(image: Image.Image, name: str) -> list[int]:
    """Which pictures of a file are its pages, from 0: of a TIFF all but reduced copies and masks, else the first.

    Raises:
        UnreadableFileError: there are too many.
    """
    if image.format != "TIFF" or not getattr(image, "is_animated", False):
        return [0]
    frames = list[int]()
    for frame in range(MAX_FRAMES + 1):
        try:
            image.seek(frame)
        except EOFError:
            break
        if not _tiff_tags(image).get(SUBFILE, 0) & NO_PAGE:
            frames.append(frame)
    else:
        raise UnreadableFileError(f"{shown(name)}: more than {MAX_FRAMES:,} pictures; split it into several files")
    image.seek(0)
    return frames or [0]


def turn_to(image: Image.Image, number: int | None, name: str) -> int:
    """Go to a page of a picture file, counted from 1, and return how many pages it has.

    Without a number the picture stays as it is, and a warning is logged if the file holds others.

    Raises:
        ArgumentError: there is no such page.
        UnreadableFileError: there are too many pages, or this one is too large to be decoded.
    """
    frames = page_frames(image, name)
    if number is not None:
        check_page(number, len(frames), name)
        if len(frames) > 1:
            image.seek(frames[number - 1])
            _refuse_hostile(image, 1, name)
    elif len(frames) > 1:
        tell_of_others(name)
    elif image.format in ("GIF", "WEBP", "PNG") and getattr(image, "is_animated", False):
        LOGGER.warning("%s: the file holds several pictures; only the first one is read", shown(name))
    return len(frames)


def check_page(number: int, count: int, name: str) -> None:
    """Refuse the number of a page that a file does not have.

    Raises:
        ArgumentError: there is no such page.
    """
    if not 1 <= number <= count:
        pages = f"its pages are 1 to {count}" if count > 1 else "it has one page"
        raise ArgumentError(f"{shown(name)}: there is no page {number}; {pages}")


def tell_of_others(name: str) -> None:
    """Log a warning that a file holds several pages, of which only the first is read."""
    LOGGER.warning("%s: the file holds several pages; only the first one is read, futoshiki.pages gives all of them", shown(name))
