"""How the pages of PDF files are drawn, and which are refused."""

import io
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from futoshiki import pdf
from futoshiki.documents import page, page_count
from futoshiki.errors import MissingPartError, UnreadableFileError
from futoshiki.photo import load_photo
from tests.pdf_files import SQUARE, encrypted, pdf_of, pdf_page, stream

pytest.importorskip("pypdfium2", reason="reading PDF needs pypdfium2: pip install 'futoshiki[pdf]'")


def is_red(pixels: np.ndarray) -> np.ndarray:
    return (pixels[..., 0] > 200) & (pixels[..., 1] < 60)


def red_box(data: bytes) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is red, as shares of the drawn page."""
    mask = is_red(page(data, 1).pixels)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    h, w = mask.shape
    return columns[0] / w, rows[0] / h, (columns[-1] + 1) / w, (rows[-1] + 1) / h


@pytest.mark.parametrize(
    ("entries", "box"),
    [
        (b"", (20 / 200, 220 / 300, 60 / 200, 270 / 300)),
        (b"/Rotate 90", (30 / 300, 20 / 200, 80 / 300, 60 / 200)),
        (b"/Rotate 180", (140 / 200, 30 / 300, 180 / 200, 80 / 300)),
        (b"/CropBox[10 20 110 120]", (10 / 100, 40 / 100, 50 / 100, 90 / 100)),
    ],
)
def test_rotation_and_crop_box_are_those_of_a_viewer(entries, box):
    assert red_box(pdf_page(entries=entries)) == pytest.approx(box, abs=0.003)


def test_pages_are_drawn_on_white_with_their_annotations():
    appearance = stream(b"1 0 0 rg 0 0 50 50 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 50 50]")
    note = b"<</Type/Annot/Subtype/Stamp/F 4/Rect[100 100 150 150]/AP<</N 6 0 R>>>>"
    data = pdf_page(b"", entries=b"/Annots[5 0 R]", others=(note, appearance))
    pixels = page(data, 1).pixels
    assert (pixels[0, 0] == 255).all()
    assert is_red(pixels).mean() == pytest.approx(50 * 50 / (200 * 300), rel=0.05)


def test_letters_and_lines_have_200_pixels_an_inch_and_small_pages_more():
    photo = page(pdf_page(box=b"0 0 595 842"), 1)
    assert photo.info.dpi == pytest.approx((200, 200), rel=1e-4)
    assert photo.pixels.shape == (2339, 1653, 3)
    assert max(page(pdf_page(), 1).pixels.shape) == pdf.LEAST_SIDE


def scan(size: tuple[int, int], dpi: float) -> bytes:
    """A PDF that Pillow makes of a picture, on a page that fits it."""
    buffer = io.BytesIO()
    Image.new("L", size, 90).save(buffer, "PDF", resolution=dpi)
    return buffer.getvalue()


@pytest.mark.parametrize(("size", "dpi"), [((400, 300), 72), ((827, 1169), 100), ((1241, 1754), 150), ((2481, 3507), 300)])
def test_a_scan_has_its_own_pixels(size, dpi):
    photo = page(scan(size, dpi), 1)
    assert photo.pixels.shape == (size[1], size[0], 3)
    assert (photo.pixels == 90).mean() > 0.99


def with_picture(content: bytes, inside: bytes = b"", pixels: int = 600, box: bytes = b"0 0 600 600") -> bytes:
    """A page with a grey picture of pixels x pixels, drawn by /I Do, or inside a form that is drawn by /F Do."""
    picture = stream(
        bytes(pixels * pixels),
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceGray" % (pixels, pixels),
    )
    form = stream(inside, b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Resources<</XObject<</I 5 0 R>>>>")
    return pdf_page(content, box, b"/Resources<</XObject<</I 5 0 R/F 6 0 R>>>>", (picture, form))


WHOLE = b"q 600 0 0 600 0 0 cm /I Do Q "


@pytest.mark.parametrize(
    ("data", "dpi"),
    [
        (with_picture(WHOLE), 72),
        (with_picture(b"q 600 0 0 600 0 0 cm /F Do Q", b"/I Do"), 72),
        (with_picture(b"q 300 0 0 300 0 0 cm /I Do Q"), 200),  # a quarter of the page is no scan
        (with_picture(WHOLE + SQUARE), 200),  # lines on a coarse background
        (with_picture(WHOLE + b"BT 3 Tr /X 9 Tf (a) Tj ET"), 72),  # the invisible text of a scan that can be searched
        (with_picture(WHOLE, pixels=3000), 360),
        (with_picture(WHOLE + SQUARE, pixels=3000), 360),
    ],
)
def test_the_resolution_does_justice_to_what_a_page_holds(data, dpi):
    assert page(data, 1).info.dpi == pytest.approx((dpi, dpi), rel=1e-4)


def test_no_page_has_more_pixels_than_a_picture(monkeypatch):
    monkeypatch.setattr("futoshiki.picture_file.WORKING_PIXELS", 100_000)
    height, width = page(pdf_page(), 1).pixels.shape[:2]
    assert 90_000 < height * width < 101_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf_page(box=b"0 0 900000 900000"), "cannot be drawn; print it to a common size"),
        (pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]), "damaged or has no pages"),
        (pdf_page()[:100], "damaged or has no pages; save it again"),
        (b"%PDF-1.4\n", "damaged or has no pages"),
        (encrypted(b"secret"), "encrypted; save it without"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_what_to_do(data, message):
    for load in (load_photo, lambda source: page(source, 1)):
        with pytest.raises(UnreadableFileError, match=message):
            load(data)


@pytest.mark.parametrize(
    "box", [b"0 0 0 0", b"0 0 0.001 0.001", b"200 300 0 0", b"0 0 1e30 1e30", b"0 0 1 14400", b"0 0 nan nan"]
)
def test_odd_boxes_are_drawn_or_refused(box):
    try:
        photo = page(pdf_page(box=box), 1)
    except UnreadableFileError:
        return
    assert photo.pixels.size < 3 * 50_000_000
    assert photo.info.dpi[0] <= pdf.MAX_DPI


def test_a_picture_that_takes_too_much_memory_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_IMAGE", 100_000)
    with pytest.raises(UnreadableFileError, match="more than 0 million pixels; reduce it"):
        page(with_picture(WHOLE), 1)


def test_too_many_pages_are_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 0)
    with pytest.raises(UnreadableFileError, match="more than 0 pages; split it"):
        page_count(pdf_page())


def test_a_pdf_is_known_by_its_content(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"something before\n" + pdf_page())
    assert is_red(load_photo(path).pixels).any()


def test_what_is_encrypted_without_a_password_is_drawn():
    assert np.array_equal(page(encrypted(b""), 1).pixels, page(pdf_page(), 1).pixels)


def test_a_picture_that_mentions_pdf_is_a_picture():
    buffer = io.BytesIO()
    Image.new("L", (30, 20), 90).save(buffer, "JPEG", comment=b"made from %PDF-1.7")
    assert load_photo(buffer.getvalue()).pixels.shape == (20, 30, 3)


def test_without_its_package_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(MissingPartError, match=r"reading PDF needs pypdfium2: pip install 'futoshiki\[pdf\]'"):
        load_photo(pdf_page())


def test_a_process_has_one_document_open_at_a_time():
    drawn = threading.Event()
    other = threading.Thread(target=lambda: (page(pdf_page(), 1), drawn.set()))
    with pdf.opened_pdf(io.BytesIO(pdf_page()), "a"):
        other.start()
        assert not drawn.wait(0.3)
    assert drawn.wait(10)
    other.join()


def test_threads_may_draw_pages_at_once():
    data, drawn = pdf_page(), []
    threads = [threading.Thread(target=lambda: drawn.append(page(data, 1).pixels)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 8
    assert all(np.array_equal(pixels, drawn[0]) for pixels in drawn)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_files_are_drawn_or_refused_and_nothing_else(data):
    content = bytearray(with_picture(WHOLE + SQUARE, pixels=4, box=b"0 0 20 20"))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(9, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert load_photo(bytes(content)).pixels.dtype == np.uint8
    except UnreadableFileError as error:
        assert str(error).isprintable()
