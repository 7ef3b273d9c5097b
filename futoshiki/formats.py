"""Names of picture files: which are read, and which can be written."""

from __future__ import annotations

from pathlib import Path

READABLE = (
    ".jpg", ".jpeg", ".jfif", ".png", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff", ".jp2", ".ppm", ".pgm", ".heic", ".heif",
)  # fmt: skip
WRITABLE = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")


def writable_suffix(source: Path) -> str:
    """The ending for a picture drawn on `source`: its own where that can be written, else .png."""
    suffix = source.suffix.lower()
    return suffix if suffix in WRITABLE else ".png"
