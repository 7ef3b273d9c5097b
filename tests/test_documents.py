"""Pages of files, whatever their format."""

import io

import numpy as np
import pytest
from PIL import Image

from futoshiki import documents
from futoshiki.documents import page, page_count, pages
from futoshiki.errors import ArgumentError, UnreadableFileError
from futoshiki.photo import Photo, load_photo
from tests.pdf_files import encrypted

LEVELS = (40, 120, 200)
"""The grey level of each page."""


def grey(level: int, size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.new("L", size, level)


def document(kind: str, levels: tuple[int, ...] = LEVELS) -> bytes:
    """A file of several grey pages."""
    if kind == "PDF":
        pytest.importorskip("pypdfium2", reason="reading PDF needs pypdfium2: pip install 'futoshiki[pdf]'")
    buffer = io.BytesIO()
    first, *others = map(grey, levels)
    first.save(buffer, kind, **({"save_all": True, "append_images": others} if others else {}))
    return buffer.getvalue()


def level(photo: Photo) -> int:
    return int(np.median(photo.pixels))


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_pages_come_in_order_and_know_their_names(tmp_path, kind):
    data, path = document(kind), tmp_path / "book"
    path.write_bytes(data)
    for source, name in ((path, str(path)), (str(path), str(path)), (data, "bytes"), (memoryview(data), "bytes")):
        assert page_count(source) == 3
        photos = list(pages(source))
        assert [photo.source for photo in photos] == [f"{name}, page {k}" for k in (1, 2, 3)]
        assert [level(photo) for photo in photos] == pytest.approx(LEVELS, abs=2)
        assert level(page(source, 2)) == level(photos[1])


@pytest.mark.parametrize("kind", ["PDF", "TIFF", "PNG", "JPEG"])
def test_a_file_of_one_page_is_a_picture_with_the_name_of_the_file(kind):
    data = document(kind, LEVELS[1:2])
    (photo,) = pages(data)
    assert photo.source == "bytes"
    assert np.array_equal(photo.pixels, load_photo(data).pixels)
    assert page_count(data) == 1


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_of_several_pages_a_picture_is_the_first_and_the_others_are_told(kind, caplog):
    assert level(load_photo(document(kind))) == pytest.approx(LEVELS[0], abs=2)
    assert "several pages; only the first one is read, futoshiki.pages gives all of them" in caplog.text


@pytest.mark.parametrize("kind", ["PDF", "TIFF", "GIF"])
def test_a_page_that_is_not_there_is_refused_with_those_that_are(kind):
    data = document(kind)
    for number in (0, -1, 4):
        with pytest.raises(ArgumentError, match=r"no page -?\d; (its pages are 1 to 3|it has one page)"):
            page(data, number)


@pytest.mark.parametrize("kind", ["PDF", "TIFF"])
def test_a_page_is_opened_when_its_turn_comes(kind, monkeypatch):
    opened = []
    monkeypatch.setattr(documents, "page", lambda source, number: opened.append(number))
    turns = pages(document(kind))
    assert opened == []
    next(turns)
    assert opened == [1]


def tiff_of(*frames: tuple[Image.Image, int]) -> bytes:
    """A TIFF of pictures, each with the kind that its tag NewSubfileType says."""
    buffer = io.BytesIO()
    for frame, kind in frames:
        frame.encoderinfo = {"tiffinfo": {254: kind}}
    frames[0][0].save(
        buffer, "TIFF", save_all=True, append_images=[frame for frame, _ in frames[1:]], tiffinfo={254: frames[0][1]}
    )
    return buffer.getvalue()


def test_reduced_copies_and_masks_in_a_tiff_are_no_pages():
    data = tiff_of((grey(40), 2), (grey(80), 1), (grey(120), 4), (grey(160), 2))
    assert [level(photo) for photo in pages(data)] == [40, 160]


def test_every_page_of_a_tiff_is_checked_before_it_is_decoded(monkeypatch):
    data = tiff_of((grey(40), 2), (grey(80, (600, 400)), 2))
    monkeypatch.setattr("futoshiki.picture_file.DECODING_BYTES", 4 * 60 * 40 * 5)
    assert level(page(data, 1)) == 40
    with pytest.raises(UnreadableFileError, match=r"million pixels|too many bytes"):
        page(data, 2)


def test_too_many_pictures_in_a_tiff_are_refused(monkeypatch):
    monkeypatch.setattr("futoshiki.picture_file.MAX_FRAMES", 2)
    with pytest.raises(UnreadableFileError, match="more than 2 pictures; split it"):
        page_count(document("TIFF"))


def test_a_long_file_of_pages_is_read_in_parts_and_a_long_picture_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr("futoshiki.photo.MAX_FILE", 100)
    path = tmp_path / "file"
    for kind in ("TIFF", "PDF"):
        path.write_bytes(document(kind))
        assert level(page(path, 3)) == pytest.approx(LEVELS[2], abs=2)
    path.write_bytes(document("BMP", LEVELS[:1]))
    with pytest.raises(UnreadableFileError, match="a file of more than"):
        page(path, 1)


@pytest.mark.parametrize("data", [b"", b"hello", b"II*\0", document("TIFF")[:40]])
def test_what_has_no_pages_is_refused_at_once(data):
    with pytest.raises(UnreadableFileError):
        pages(data)


def test_names_in_errors_are_those_of_the_file(tmp_path):
    pytest.importorskip("pypdfium2", reason="reading PDF needs pypdfium2: pip install 'futoshiki[pdf]'")
    path = tmp_path / "secret.pdf"
    path.write_bytes(encrypted(b"secret"))
    with pytest.raises(UnreadableFileError, match=r"secret\.pdf: the PDF is encrypted"):
        page_count(path)
