"""The pages of a file: of a PDF, of a TIFF with several pictures, or the one picture that any other file holds.

Each page is opened and closed for itself, so that one page is in memory at a time, and a page can be asked for by its
number alone: by another process, for instance. PDFium, which draws the pages of a PDF, is not thread-safe: threads wait for
each other, processes do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from futoshiki.pdf import is_pdf_file, opened_pdf
from futoshiki.photo import FileSource, Photo, opened_source, photo_in
from futoshiki.picture_file import opened, page_frames


def page_count(source: FileSource) -> int:
    """The number of pages of a file, given by its path or its bytes. Reduced copies and masks in a TIFF do not count.

    Raises:
        UnreadableFileError: the file is not a picture, truncated, encrypted, or has too many pages.
        MissingPartError: a HEIC picture or a PDF needs a package that is not installed.
    """
    with opened_source(source) as (file, name):
        return count_in(file, name)


def count_in(file: IO[bytes], name: str) -> int:
    """The number of pages in a seekable file; `name` is for messages. Raises what `page_count` does."""
    if is_pdf_file(file):
        with opened_pdf(file, name) as document:
            return len(document)
    with opened(file, name) as image:
        return len(page_frames(image, name))


def page(source: FileSource, number: int) -> Photo:
    """One page of a file, given by its path or its bytes, as a photo; the first page is number 1.

    Its `source` is the file's name, and of one among several pages their number too: `book.pdf, page 3`. A scan in a PDF has
    its own resolution, letters and lines are drawn with 200 pixels per inch. What `load_photo` says holds for pictures.

    Raises:
        ArgumentError: there is no such page.
        UnreadableFileError: the file is not a picture, truncated, encrypted or too large, or its page has an absurd size.
        MissingPartError: a HEIC picture or a PDF needs a package that is not installed.
    """
    with opened_source(source) as (file, name):
        return photo_in(file, name, number)


def pages(source: FileSource) -> Iterator[Photo]:
    """Every page of a file, given by its path or its bytes, as a photo, one after the other; raises what `page` does.

    A page is opened when its turn comes: `for photo in futoshiki.pages("book.pdf"): print(futoshiki.solve_image(photo))`.
    """
    return (page(source, number) for number in range(1, page_count(source) + 1))
