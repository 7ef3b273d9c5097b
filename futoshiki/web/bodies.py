"""What the bodies of requests hold: pictures and JSON. Everything stays in memory."""

from __future__ import annotations

import io
from email.message import Message
from email.parser import BytesHeaderParser

from futoshiki.errors import PuzzleError
from futoshiki.photo import Photo, load_photo
from futoshiki.picture_file import opened
from futoshiki.values import Value, parse_json
from futoshiki.web.errors import RequestError, TooLargeError

FIELD = "file"
"""Name of the form field that holds the picture."""
HOW = f"send the bytes of a picture with the content type image/jpeg, or a form (multipart/form-data) with the field `{FIELD}`"


def picture_in(content_type: str, body: bytes) -> bytes:
    """The bytes of the picture in a body of that content type: the body itself, or the field `file` of a form.

    Raises:
        RequestError: it holds no picture.
    """
    head = Message()
    head["Content-Type"] = content_type
    if head.get_content_maintype() == "image":
        return body
    if head.get_content_type() != "multipart/form-data":
        raise RequestError(f"a body of this content type is not read; {HOW}", 415)
    boundary = head.get_boundary()
    picture = _field(body, boundary.encode("latin-1", "replace"), FIELD) if boundary else None
    if picture is None:
        raise RequestError(f"the form has no field `{FIELD}`; {HOW}", 400)
    return picture


def _field(body: bytes, boundary: bytes, name: str) -> bytes | None:
    """The content of a field of a form (RFC 7578); None if there is no such field."""
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:-1]:
        head, blank, content = part.partition(b"\r\n\r\n")
        if blank and BytesHeaderParser().parsebytes(head.lstrip()).get_param("name", header="content-disposition") == name:
            return content
    return None


def photo_in(picture: bytes, pixels: int) -> Photo:
    """The photo in the bytes of a picture file; its size is checked before it is decoded.

    Raises:
        TooLargeError: it has more than that many pixels.
        UnreadableFileError: it is not a picture.
        MissingPartError: a HEIC picture needs a decoder that is not installed.
    """
    with opened(io.BytesIO(picture), "picture") as image:
        width, height = image.size
        if width * height > pixels:
            most = f"more than {pixels // 1_000_000} million pixels"
            raise TooLargeError(f"a picture of {width} x {height} pixels has {most}; reduce it first")
        return load_photo(image)


def json_in(body: bytes) -> Value:
    """The JSON value that a body holds.

    Raises:
        PuzzleError: says where it is broken.
    """
    try:
        return parse_json(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise PuzzleError("the body is not UTF-8; send JSON in UTF-8") from error
