"""Small PDF files, written by hand so that every part of them is known."""

from __future__ import annotations

from hashlib import md5

PAGE = b"0 0 200 300"
"""The box of a page, in points."""
SQUARE = b"1 0 0 rg 20 30 40 50 re f"
"""A red rectangle: 40 points wide, 50 high, 20 from the left and 30 from the bottom."""

PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
"""What passwords are padded with."""
RIGHTS = -4
"""Everything is allowed."""


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


def pdf_page(
    content: bytes = SQUARE, box: bytes = PAGE, entries: bytes = b"", others: tuple[bytes, ...] = (), trailer: bytes = b""
) -> bytes:
    """A PDF of one page; `entries` go into the page's dictionary, and `others` are objects from number 5 on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>" % (box, entries)
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, stream(content), *others], trailer)


def encrypted(password: bytes) -> bytes:
    """The page with the square, encrypted with RC4 and a key of 40 bits (PDF 1.7, 7.6); an empty password opens everywhere."""
    padded = (password + PADDING)[:32]
    owner = _rc4(md5(PADDING).digest()[:5], padded)
    key = md5(padded + owner + RIGHTS.to_bytes(4, "little", signed=True) + b"\0\0").digest()[:5]
    user = _rc4(key, PADDING)
    content = _rc4(md5(key + b"\4\0\0\0\0").digest()[:10], SQUARE)  # of object 4
    rights = b"/O<%s>/U<%s>/P %d" % (owner.hex().encode(), user.hex().encode(), RIGHTS)
    return pdf_page(content, trailer=b"/Encrypt<</Filter/Standard/V 1/R 2%s>>/ID[<0000><0000>]" % rights)


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
