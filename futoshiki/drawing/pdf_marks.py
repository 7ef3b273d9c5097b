"""Digits and rings on the pages of a PDF, as text and curves in annotations. Importing this module needs pypdfium2."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from pypdfium2 import PdfMatrix, PdfPage, raw

from futoshiki.drawing.doubts import RIM, RING, Ring
from futoshiki.drawing.solution import CORRECTION, DIGIT_HEIGHT, INK_ON_LIGHT, PLATE, RIM_ON_LIGHT, Answer, Colour, plate_of
from futoshiki.pdf import canvas_of

FONT = b"Helvetica-Bold"
"""One of the fonts that every PDF viewer has."""
EM_WIDTH, EM_HEIGHT = 0.556, 0.71
"""Advance and height of a digit in that font, in ems."""
RIM_WIDTH = 0.12
"""Width of the line around a digit that keeps it legible on any ground, in ems; half of it lies outside the digit."""
RING_RIM = 1.5
"""Width of the rim of a ring, in widths of the ring."""
OPAQUE = 255
ARC = 4 / 3 * (math.sqrt(2) - 1)
"""Distance from the end of a quarter of a circle to the control point of the Bezier curve that draws it, in radii."""


@dataclass(frozen=True, eq=False)
class PagePlane:
    """A page, and the way from the pixels in which it was read to its points, which are `origin` + pixels @ `axes`."""

    page: PdfPage
    origin: np.ndarray
    axes: np.ndarray

    @classmethod
    def of(cls, page: PdfPage, name: str) -> PagePlane:
        """By what PDFium says of three corners: it knows of rotation and crop box. `name` is that of the file, for messages."""
        canvas = canvas_of(page, name)

        def corner(x: int, y: int) -> np.ndarray:
            right, up = ctypes.c_double(), ctypes.c_double()
            raw.FPDF_DeviceToPage(page, 0, 0, canvas.width, canvas.height, 0, x, y, right, up)
            return np.array([right.value, up.value])

        origin, right, bottom = corner(0, 0), corner(canvas.width, 0), corner(0, canvas.height)
        return cls(page, origin, np.stack([(right - origin) / canvas.width, (bottom - origin) / canvas.height]))

    def points(self, pixels: np.ndarray) -> np.ndarray:
        """Where points (... x 2) lie on the page; pixel centres lie at whole numbers."""
        return self.origin + (pixels + 0.5) @ self.axes

    def length(self, pixels: float) -> float:
        """A length on the page."""
        return pixels * math.sqrt(abs(np.linalg.det(self.axes)))


class Stamp:
    """The marks on one board, as an annotation of its page.

    An annotation has a graphics state of its own. Content that is appended to a page inherits whatever state the page leaves
    behind: a clip, a matrix, the spacing of letters.
    """

    def __init__(self, plane: PagePlane, cells: np.ndarray) -> None:
        self._plane = plane
        self._annotation = raw.FPDFPage_CreateAnnot(plane.page, raw.FPDF_ANNOT_STAMP)
        raw.FPDFAnnot_SetFlags(self._annotation, raw.FPDF_ANNOT_FLAG_PRINT)
        raw.FPDFAnnot_SetStringValue(self._annotation, b"Contents", _wide("Solution by futoshiki"))
        centres = plane.points(cells).reshape(-1, 2)
        (left, bottom), (right, top) = centres.min(axis=0), centres.max(axis=0)
        around = max(right - left, top - bottom) / (len(cells) - 1)  # a pitch, and more if the board is turned
        box = raw.FS_RECTF(left - around, top + around, right + around, bottom - around)
        raw.FPDFAnnot_SetRect(self._annotation, box)

    def close(self) -> None:
        """Release what PDFium holds; to be called when all marks are added."""
        raw.FPDFPage_CloseAnnot(self._annotation)

    def add_answer(self, answer: Answer) -> None:
        """Add a digit with a rim, above a plate of paper if it replaces a wrong one."""
        if answer.corrects:
            self._add_plate(plate_of(answer.centre, answer.right, answer.down))
        ink = CORRECTION if answer.corrects else INK_ON_LIGHT
        self._add_digit(answer, RIM_ON_LIGHT, raw.FPDF_TEXTRENDERMODE_STROKE)
        self._add_digit(answer, ink, raw.FPDF_TEXTRENDERMODE_FILL)

    def add_ring(self, ring: Ring) -> None:
        """Add a ring with a rim."""
        for colour, width in ((RIM, ring.width * RING_RIM), (RING, ring.width)):
            self._add_circle(ring, colour, width)

    def _add_digit(self, answer: Answer, colour: Colour, mode: int) -> None:
        right, up = answer.right @ self._plane.axes, -answer.down @ self._plane.axes
        em = DIGIT_HEIGHT / EM_HEIGHT
        across, upward = right * em, up * em
        digits = str(answer.value)
        start = self._plane.points(answer.centre) - across * EM_WIDTH * len(digits) / 2 - upward * EM_HEIGHT / 2
        text = raw.FPDFPageObj_NewTextObj(self._plane.page.pdf, FONT, 1.0)
        raw.FPDFText_SetText(text, _wide(digits))
        raw.FPDFTextObj_SetTextRenderMode(text, mode)
        raw.FPDFPageObj_SetFillColor(text, *colour, OPAQUE)
        raw.FPDFPageObj_SetStrokeColor(text, *colour, OPAQUE)
        raw.FPDFPageObj_SetStrokeWidth(text, RIM_WIDTH * math.hypot(*upward))
        raw.FPDFPageObj_SetLineJoin(text, raw.FPDF_LINEJOIN_ROUND)
        raw.FPDFPageObj_SetMatrix(text, PdfMatrix(*across, *upward, *start))
        raw.FPDFAnnot_AppendObject(self._annotation, text)

    def _add_plate(self, quad: np.ndarray) -> None:
        first, *others = self._plane.points(quad)
        path = raw.FPDFPageObj_CreateNewPath(*first)
        for point in others:
            raw.FPDFPath_LineTo(path, *point)
        raw.FPDFPath_Close(path)
        raw.FPDFPageObj_SetFillColor(path, *RIM_ON_LIGHT, round(OPAQUE * PLATE))
        raw.FPDFPath_SetDrawMode(path, raw.FPDF_FILLMODE_WINDING, 0)
        raw.FPDFAnnot_AppendObject(self._annotation, path)

    def _add_circle(self, ring: Ring, colour: Colour, width: float) -> None:
        middle, radius = self._plane.points(ring.middle), self._plane.length(ring.radius)
        ends = radius * np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]])
        path = raw.FPDFPageObj_CreateNewPath(*(middle + ends[0]))
        for begin, end in pairwise(ends):
            raw.FPDFPath_BezierTo(path, *(middle + begin + ARC * end), *(middle + end + ARC * begin), *(middle + end))
        raw.FPDFPath_Close(path)
        raw.FPDFPageObj_SetStrokeColor(path, *colour, OPAQUE)
        raw.FPDFPageObj_SetStrokeWidth(path, self._plane.length(width))
        raw.FPDFPath_SetDrawMode(path, raw.FPDF_FILLMODE_NONE, 1)
        raw.FPDFAnnot_AppendObject(self._annotation, path)


def _wide(text: str) -> ctypes.Array[ctypes.c_ushort]:
    """A text as PDFium takes it: UTF-16, with a zero at its end."""
    return (raw.FPDF_WCHAR * (len(text) + 1))(*map(ord, text))
