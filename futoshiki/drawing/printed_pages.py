"""Printed pages as files: PDF, SVG or PNG."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from futoshiki.drawing.printed_board import Figure, PdfPages, rc_context
from futoshiki.errors import PuzzleError
from futoshiki.files import write_file
from futoshiki.formats import SHEETS

PAPERS = {"a4": (8.27, 11.69), "letter": (8.5, 11.0)}
"""Width and height in inches."""
DPI = 200
"""Dots per inch of a PNG."""
POINTS = 72
"""Points per inch: matplotlib measures letters and lines in points, and figures in inches."""


def check_format(path: Path) -> None:
    """Refuse a name that says no format.

    Raises:
        PuzzleError: it does not end like one.
    """
    if path.suffix.lower() not in SHEETS:
        raise PuzzleError(f"{path}: expected a name that ends in {', '.join(SHEETS)}")


def save_pages(path: Path, figures: Sequence[Figure], title: str) -> list[Path]:
    """Write pages to files and return their paths.

    A PDF holds all pages. Several pages as SVG or PNG become several files: NAME-1.svg, NAME-2.svg, and so on.

    Raises:
        PuzzleError: the name says no format.
        OutputError: a file cannot be written.
    """
    check_format(path)
    suffix = path.suffix.lower()
    paths = [path]
    if suffix != ".pdf" and len(figures) > 1:
        paths = [path.with_name(f"{path.stem}-{k + 1}{path.suffix}") for k in range(len(figures))]
    if suffix == ".pdf":
        content = BytesIO()
        with PdfPages(content, metadata={"Title": title, "CreationDate": None}) as book:
            for figure in figures:
                book.savefig(figure)
        write_file(path, content.getvalue())
    else:
        for figure, target in zip(figures, paths, strict=True):
            content = BytesIO()
            with rc_context({"svg.hashsalt": title}):  # the same names inside the file each time
                figure.savefig(content, format=suffix[1:], dpi=DPI, metadata={"Date": None} if suffix == ".svg" else None)
            write_file(target, content.getvalue())
    return paths
