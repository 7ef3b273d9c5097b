"""Endings of files: pictures that are read, pictures that can be written, printed pages, and texts."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

JPEG = (".jpg", ".jpeg")
WRITTEN_AS = {
    **dict.fromkeys(JPEG, "JPEG"),
    ".png": "PNG",
    ".webp": "WEBP",
    ".bmp": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
"""Pillow's names of the picture formats that can be written. Asking Pillow for them would load all of its formats."""
WRITABLE = tuple(WRITTEN_AS)
READABLE = (*JPEG, ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm", ".heic", ".heif")

PDF = ".pdf"
DOCUMENTS = (PDF, ".tif", ".tiff")
"""Files that may hold several pages to read."""
PDF_MARK, MAX_LEAD = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])%PDF-"), 1024
"""What a PDF file begins with, and bytes within which it stands: some programs write other lines before it."""
TIFF_MARKS = (b"II*\0", b"MM\0*")
"""What a TIFF file begins with."""

OWN_OUTPUT = (".solved", ".hint1", ".hint2", ".hint3", ".check", ".segmented", ".mask")
"""What the names of pictures that this program has drawn end with, before the suffix."""
SHEETS = (".pdf", ".svg", ".png")
"""Printed pages."""
RESULTS = (".json", ".jsonl")
"""Results of `solve --json`."""
TEXTS = (".txt", *RESULTS, ".fut")
"""Puzzles as text, or as JSON."""


def writable_suffix(source: Path) -> str:
    """The ending for a picture drawn on `source`: that of `source` if it can be written, otherwise .png."""
    suffix = source.suffix.lower()
    return suffix if suffix in WRITABLE else ".png"


def is_pdf(head: bytes) -> bool:
    """Whether a file that begins with `head` is a PDF; its first `MAX_LEAD` bytes are enough."""
    return PDF_MARK.search(head[:MAX_LEAD]) is not None


def may_have_pages(head: bytes) -> bool:
    """Whether a file that begins with `head` is of a kind that can hold several pages."""
    return is_pdf(head) or head.startswith(TIFF_MARKS)


def is_own_output(path: PurePath) -> bool:
    """Whether a file is, by its name, a picture that this program has drawn."""
    return path.stem.endswith(OWN_OUTPUT) and path.suffix.lower() in (*READABLE, PDF)
