"""Digits and rings on the page of a PDF, as text and curves. Importing this module needs pypdfium2."""

from __future__ import annotations

import ctypes
import math
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
"""Width of the line around a digit that keeps it legible on any ground, in ems; half of it lies outside of the digit."""
RING_RIM = 1.5
"""Width of the rim of a ring, in widths of the ring."""
OPAQUE = 255
ARC = 4 / 3 * (math.sqrt(2) - 1)
"""Distance from the end of a quarter of a circle to the control point of the Bezier curve that draws it, in radii."""


class PageMarks:
    """Adds marks to a page. They are given in pixels of the drawn page; `name` is that of the file, for messages.

    The way from pixels to points of the page is what PDFium says of three corners: it knows of rotation and crop box.
    """

    def __init__(self, page: PdfPage, name: str) -> None:
        canvas = canvas_of(page, name)
        size = canvas.width, canvas.height

        def corner(x: int, y: int) -> np.ndarray:
            right, up = ctypes.c_double(), ctypes.c_double()
            raw.FPDF_DeviceToPage(page, 0, 0, *size, 0, x, y, right, up)
            return np.array([right.value, up.value])

        self._page = page
        self._origin = corner(0, 0)
        self._axes = np.stack([corner(size[0], 0) - self._origin, corner(0, size[1]) - self._origin]) / np.array([size]).T

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

    def _point(self, pixel: np.ndarray) -> np.ndarray:
        """Where a point lies on the page; pixel centres lie at whole numbers."""
        return self._origin + (pixel + 0.5) @ self._axes

    def _length(self, pixels: float) -> float:
        return pixels * math.sqrt(abs(np.linalg.det(self._axes)))

    def _add_digit(self, answer: Answer, colour: Colour, mode: int) -> None:
        right, up = answer.right @ self._axes, -answer.down @ self._axes
        em = DIGIT_HEIGHT / EM_HEIGHT
        across, upward = right * em, up * em
        digits = str(answer.value)
        start = self._point(answer.centre) - across * EM_WIDTH * len(digits) / 2 - upward * EM_HEIGHT / 2
        text = raw.FPDFPageObj_NewTextObj(self._page.pdf, FONT, 1.0)
        raw.FPDFText_SetText(text, (raw.FPDF_WCHAR * (len(digits) + 1))(*map(ord, digits)))
        raw.FPDFTextObj_SetTextRenderMode(text, mode)
        raw.FPDFPageObj_SetFillColor(text, *colour, OPAQUE)
        raw.FPDFPageObj_SetStrokeColor(text, *colour, OPAQUE)
        raw.FPDFPageObj_SetStrokeWidth(text, RIM_WIDTH)
        raw.FPDFPageObj_SetLineJoin(text, raw.FPDF_LINEJOIN_ROUND)
        raw.FPDFPageObj_SetMatrix(text, PdfMatrix(*across, *upward, *start))
        raw.FPDFPage_InsertObject(self._page, text)

    def _add_plate(self, quad: np.ndarray) -> None:
        first, *others = map(self._point, quad)
        path = raw.FPDFPageObj_CreateNewPath(*first)
        for point in others:
            raw.FPDFPath_LineTo(path, *point)
        raw.FPDFPath_Close(path)
        raw.FPDFPageObj_SetFillColor(path, *RIM_ON_LIGHT, round(OPAQUE * PLATE))
        raw.FPDFPath_SetDrawMode(path, raw.FPDF_FILLMODE_WINDING, 0)
        raw.FPDFPage_InsertObject(self._page, path)

    def _add_circle(self, ring: Ring, colour: Colour, width: float) -> None:
        middle, radius = self._point(ring.middle), self._length(ring.radius)
        ends = radius * np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]])
        path = raw.FPDFPageObj_CreateNewPath(*(middle + ends[0]))
        for begin, end in pairwise(ends):
            raw.FPDFPath_BezierTo(path, *(middle + begin + ARC * end), *(middle + end + ARC * begin), *(middle + end))
        raw.FPDFPath_Close(path)
        raw.FPDFPageObj_SetStrokeColor(path, *colour, OPAQUE)
        raw.FPDFPageObj_SetStrokeWidth(path, self._length(width))
        raw.FPDFPath_SetDrawMode(path, raw.FPDF_FILLMODE_NONE, 1)
        raw.FPDFPage_InsertObject(self._page, path)
