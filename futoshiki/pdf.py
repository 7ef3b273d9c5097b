"""Draws the pages of PDF files, each at the resolution that suits what it holds.

PDFium is not thread-safe, so one lock guards it: a process has one document open at a time, and closes it again before the
lock is released. Processes do not share anything.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, TYPE_CHECKING

import numpy as np

from futoshiki.errors import FutoshikiError, MissingPartError, UnreadableFileError
from futoshiki.formats import MAX_LEAD, is_pdf
from futoshiki.picture_file import DECODING_BYTES, OTHERS, check_page, excess
from futoshiki.text import shown

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfImage, PdfObject, PdfPage

MAX_PAGES = 10_000
"""Pages of a document that is opened."""
POINTS = 72
"""Points in an inch: pages are measured in them."""
VECTOR_DPI = 200
"""Resolution in pixels per inch for letters and lines, which have none of their own."""
LEAST_SIDE = 1600
"""Pixels along the longer side of a page of letters and lines, at least: a small page holds a small board."""
MAX_DPI = 4800
"""Resolution in pixels per inch above which nothing is drawn: no scanner has more, and tiny pages would."""
LEAST_DPI = 20
"""Resolution in pixels per inch below which a page is too large to be drawn within the limits of a picture."""
SCAN_SHARE = 0.5
"""Share of a page that pictures cover if the page is a scan."""
MAX_OBJECTS = 20_000
"""Objects of a page that are looked at to choose its resolution; a map or a drawing has more."""
MAX_DEPTH = 5
"""Depth to which objects inside objects are looked at."""
MAX_IMAGE = int(DECODING_BYTES / OTHERS)
"""Pixels of a picture inside a page, above which decoding it would take too much memory."""
SLACK = 1e-6
"""Share by which a page is drawn smaller, so that rounding of its size never adds a pixel to a scan."""
LOCK = threading.RLock()
"""Held while PDFium works."""


def is_pdf_file(file: IO[bytes]) -> bool:
    """Whether a seekable file is, by its content, a PDF."""
    file.seek(0)
    return is_pdf(file.read(MAX_LEAD))


@contextmanager
def opened_pdf(file: IO[bytes], name: str) -> Iterator[PdfDocument]:
    """The document in a seekable file; `name` is for messages. No other thread can open one until the block ends.

    Raises:
        UnreadableFileError: it is encrypted, damaged, or holds no pages or too many; whatever PDFium raises in the block, too.
        MissingPartError: pypdfium2 is not installed.
    """
    try:
        from pypdfium2 import PdfDocument, PdfiumError
        from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
    except ImportError as error:
        raise MissingPartError(f"{shown(name)}: reading PDF needs pypdfium2: pip install 'futoshiki[pdf]'") from error
    with LOCK:
        try:
            file.seek(0)
            with PdfDocument(file) as document:
                if len(document) > MAX_PAGES:
                    raise UnreadableFileError(f"{shown(name)}: more than {MAX_PAGES:,} pages; split it into several files")
                with suppress(PdfiumError):  # a damaged form costs its fields only
                    document.init_forms()
                yield document
        except FutoshikiError:
            raise
        except Exception as error:  # PDFium's errors are PdfiumError, but damage shows itself as other types too
            if getattr(error, "err_code", None) in (FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY):
                what = "the PDF is encrypted; save it without its password first"
                how = "for instance: qpdf --decrypt --password=SECRET FILE open.pdf"
                raise UnreadableFileError(f"{shown(name)}: {what}, {how}") from error
            what = "a PDF that is damaged or has no pages; save it again, or print it to a PDF"
            raise UnreadableFileError(f"{shown(name)}: {what}") from error


@contextmanager
def page_of(document: PdfDocument, number: int, name: str) -> Iterator[PdfPage]:
    """One page of a document, counted from 1, closed when the block ends; `name` is that of the file.

    Raises:
        ArgumentError: there is no such page.
    """
    check_page(number, len(document), name)
    page = document[number - 1]
    try:
        yield page
    finally:
        page.close()


@dataclass(frozen=True)
class Canvas:
    """What a page is drawn on: its width and height in pixels, and how many of them are a point of the page."""

    width: int
    height: int
    scale: float


def drawn_page(page: PdfPage, name: str) -> tuple[np.ndarray, float]:
    """A page as it is seen, with its forms and annotations, on white: H x W x 3 uint8 RGB, and its pixels per inch.

    Raises:
        UnreadableFileError: its size is absurd, or it holds a picture of too many pixels.
    """
    canvas = canvas_of(page, name)
    bitmap = page.render(scale=canvas.scale, rev_byteorder=True, limit_image_cache=True)
    try:
        return bitmap.to_numpy().copy(), canvas.scale * POINTS
    finally:
        bitmap.close()


def canvas_of(page: PdfPage, name: str) -> Canvas:
    """The canvas of a page: a scan has its own resolution, letters and lines have `VECTOR_DPI`, and none has too many pixels.

    Raises:
        UnreadableFileError: the size of the page is absurd, or it holds a picture of too many pixels.
    """
    width, height = page.get_size()
    dpi = min(_resolution(page, name), MAX_DPI)
    reduction = max(1.0, excess(width * dpi / POINTS, height * dpi / POINTS))
    if not min(width, height) > 0 or (reduction > 1 and dpi / reduction < LEAST_DPI):
        inches = f"{width / POINTS:.4g} x {height / POINTS:.4g} inches"
        raise UnreadableFileError(f"{shown(name)}: a page of {inches} cannot be drawn; print it to a common size of paper")
    scale = dpi / reduction / POINTS * (1 - SLACK)
    return Canvas(math.ceil(width * scale), math.ceil(height * scale), scale)


def _resolution(page: PdfPage, name: str) -> float:
    """The pixels per inch that do justice to what a page holds."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    width, height = page.get_size()
    vector = max(VECTOR_DPI, LEAST_SIDE * POINTS / max(width, height, 1.0))
    scanned, covered, drawn = 0.0, 0.0, False
    for item in islice(page.get_objects(max_depth=MAX_DEPTH), MAX_OBJECTS):
        if item.type == FPDF_PAGEOBJ_IMAGE:
            dpi, area = _placed(item, name)
            scanned, covered = max(scanned, dpi), covered + area
        else:
            drawn = drawn or _is_visible(item)
    if covered < SCAN_SHARE * width * height:
        return vector
    return max(scanned, vector) if drawn else scanned


def _placed(image: PdfImage, name: str) -> tuple[float, float]:
    """The resolution of a picture where it lies, in pixels per inch, and the area that it covers, in square points."""
    pixels = image.get_px_size()
    if pixels[0] * pixels[1] > MAX_IMAGE:
        most = f"{MAX_IMAGE // 1_000_000} million pixels"
        raise UnreadableFileError(f"{shown(name)}: the page holds a picture of more than {most}; reduce it first")
    placed: PdfObject = image
    matrix = placed.get_matrix()
    while placed.container is not None:
        placed = placed.container
        matrix = matrix.multiply(placed.get_matrix())
    across, down = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    area = abs(matrix.a * matrix.d - matrix.b * matrix.c)
    return (max(pixels[0] / across, pixels[1] / down) * POINTS if area else 0.0), area


def _is_visible(item: PdfObject) -> bool:
    """Whether something that is no picture may be seen: text behind a scan, which makes it searchable, is invisible."""
    from pypdfium2.raw import FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_TEXT, FPDF_TEXTRENDERMODE_INVISIBLE, FPDFTextObj_GetTextRenderMode

    if item.type == FPDF_PAGEOBJ_TEXT:
        return FPDFTextObj_GetTextRenderMode(item) != FPDF_TEXTRENDERMODE_INVISIBLE
    return item.type != FPDF_PAGEOBJ_FORM
