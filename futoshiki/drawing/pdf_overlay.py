"""Draws solutions into a copy of a PDF, as annotations of its pages, which stay as they are."""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np

from futoshiki.drawing.doubts import rings_of
from futoshiki.drawing.solution import answers_of
from futoshiki.errors import UnreadableFileError
from futoshiki.pdf import is_pdf_file, opened_pdf, page_of
from futoshiki.photo import FileSource, opened_source
from futoshiki.result import Result
from futoshiki.text import shown


def annotate_pdf(source: FileSource, results: Mapping[int, Result]) -> bytes:
    """A copy of a PDF with the solutions of its pages drawn in, and rings around doubtful clues.

    `results` are what was read on pages of this file (see `pages`), by the number of the page, from 1. Nothing becomes
    pixels: digits are text in Helvetica, and those of a board are an annotation of the page, which a viewer can hide or
    delete. What the pages hold stays as it is.

    Raises:
        UnreadableFileError: the source is not a PDF, damaged or encrypted.
        ArgumentError: there is no such page.
        MissingPartError: pypdfium2 is not installed.
    """
    with opened_source(source) as (file, name):
        if not is_pdf_file(file):
            raise UnreadableFileError(f"{shown(name)}: not a PDF; draw into a picture with futoshiki.annotate")
        with opened_pdf(file, name) as document:
            from futoshiki.drawing.pdf_marks import PagePlane, Stamp

            for number, result in results.items():
                with page_of(document, number, name) as page:
                    plane = PagePlane.of(page, name)
                    for board in result.boards:
                        if board.solution and board.cells:
                            stamp = Stamp(plane, np.asarray(board.cells, np.float64))
                            for answer in answers_of(board):
                                stamp.add_answer(answer)
                            for ring in rings_of(board):
                                stamp.add_ring(ring)
                            stamp.close()
            copy = io.BytesIO()
            document.save(copy)
    return copy.getvalue()
