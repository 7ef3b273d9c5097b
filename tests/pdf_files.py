"""Small PDF files, written by hand so that every part of them is known."""

from __future__ import annotations

PAGE = b"0 0 200 300"
"""The box of a page, in points."""
SQUARE = b"1 0 0 rg 20 30 40 50 re f"
"""A red rectangle: 40 points wide, 50 high, 20 from the left and 30 from the bottom."""


def pdf_of(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF file of these objects, the first of which is the catalogue."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, trailer, len(data),
    )  # fmt: skip


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream with these entries in its dictionary."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), entries, content)


def pdf_page(content: bytes = SQUARE, box: bytes = PAGE, entries: bytes = b"", others: tuple[bytes, ...] = ()) -> bytes:
    """A PDF of one page; `entries` go into the page's dictionary, and `others` are objects from number 5 on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>" % (box, entries)
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream(content), *others])


ENCRYPTED = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -1>>/ID[<00><00>]" % (b"41" * 32, b"42" * 32)
"""What a trailer says of a file that needs a password."""
