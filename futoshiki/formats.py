"""Endings of picture files: those that are read, and those that can be written."""

from __future__ import annotations

from pathlib import Path

JPEG = (".jpg", ".jpeg")
WRITABLE = (*JPEG, ".png", ".webp", ".bmp", ".tif", ".tiff")
READABLE = (*JPEG, ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm", ".heic", ".heif")


def writable_suffix(source: Path) -> str:
    """The ending for a picture drawn on `source`: that of `source` if it can be written, otherwise .png."""
    suffix = source.suffix.lower()
    return suffix if suffix in WRITABLE else ".png"
