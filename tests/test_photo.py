import io
import sys

import numpy as np
import pytest
from PIL import Image

from futoshiki import photo as module
from futoshiki.errors import MissingPartError, UnreadableFileError
from futoshiki.photo import PictureFrame, load_photo, picture_frame


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """A picture whose left half is dark and right half is bright."""
    array = np.zeros((size[1], size[0]), np.uint8)
    array[:, size[0] // 2 :] = 200
    return Image.fromarray(array).convert(mode)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def left_is_dark(pixels: np.ndarray) -> bool:
    return pixels[:, :10].mean() < 40 and pixels[:, -10:].mean() > 150


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "JPEG"), ("L", "JPEG"), ("CMYK", "JPEG"), ("RGB", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"),
        ("1", "PNG"), ("P", "GIF"), ("RGB", "WEBP"), ("RGB", "BMP"), ("RGB", "TIFF"), ("CMYK", "TIFF"),
    ],
)  # fmt: skip
def test_every_mode_and_format_becomes_the_same_rgb(mode, kind):
    pixels = load_photo(saved(picture(mode), kind)).pixels
    assert pixels.shape == (30, 40, 3)
    assert pixels.dtype == np.uint8
    assert left_is_dark(pixels)


def test_sixteen_bits_keep_their_levels():
    array = np.zeros((30, 40), np.uint16)
    array[:, 20:] = 200 * 257
    pixels = load_photo(saved(Image.fromarray(array), "PNG")).pixels
    assert abs(int(pixels[0, -1, 0]) - 200) <= 1
    assert pixels[0, 0, 0] == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_to_files_bytes_and_pil_alike(tmp_path, orientation):
    upright = picture()
    operations = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    operation = operations[orientation]
    stored = upright.transpose(operation) if operation is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(stored, "JPEG", exif=exif)
    path = tmp_path / "turned.jpg"
    path.write_bytes(data)
    for source in (data, path, str(path), Image.open(io.BytesIO(data))):
        pixels = load_photo(source).pixels
        assert pixels.shape == (30, 40, 3)
        assert left_is_dark(pixels)


def test_damaged_exif_does_not_spoil_the_picture(tmp_path):
    path = tmp_path / "odd.png"
    path.write_bytes(saved(picture(), "PNG", exif=b"Exif\0\0no exif at all"))
    assert left_is_dark(load_photo(path).pixels)
    assert picture_frame(path) == PictureFrame(40, 30, 1)


def test_sixteen_bits_that_use_eight_and_either_byte_order_are_read():
    array = np.zeros((30, 40), np.uint16)
    array[:, 20:] = 200
    assert left_is_dark(load_photo(saved(Image.fromarray(array), "PNG")).pixels)
    assert left_is_dark(load_photo((array * 257).astype(">u2")).pixels)


def test_an_empty_picture_is_refused():
    with pytest.raises(UnreadableFileError, match="empty"):
        load_photo(picture().crop((5, 5, 5, 9)))


def test_an_alpha_channel_that_hides_nothing_changes_nothing():
    levels = np.random.default_rng(0).integers(0, 255, (12, 9, 3)).astype(np.uint8)
    assert np.array_equal(load_photo(Image.fromarray(levels).convert("RGBA")).pixels, levels)


def test_transparency_is_laid_on_white():
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert load_photo(saved(clear, "PNG")).pixels.min() == 255


def test_of_an_animation_the_first_frame_is_taken():
    frames = [picture("P"), Image.new("P", (40, 30), 0)]
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert left_is_dark(load_photo(data).pixels)


@pytest.mark.parametrize(
    "array",
    [
        np.full((5, 6), 100, np.uint8), np.full((5, 6, 1), 100, np.uint8), np.full((5, 6, 3), 100, np.uint8),
        np.dstack([np.full((5, 6, 3), 100, np.uint8), np.full((5, 6), 255, np.uint8)]),
        np.full((5, 6), 100 * 257, np.uint16), np.full((5, 6, 3), 100 / 255, np.float32), np.full((5, 6), 100 / 255),
    ],
)  # fmt: skip
def test_arrays_of_every_kind(array):
    pixels = load_photo(array).pixels
    assert pixels.shape == (5, 6, 3)
    assert abs(pixels.astype(int) - 100).max() <= 1


@pytest.mark.parametrize("array", [np.zeros((0, 5)), np.zeros(7), np.zeros((4, 4, 2)), np.zeros((4, 4), np.int64)])
def test_arrays_that_are_no_pictures_are_refused(array):
    with pytest.raises(UnreadableFileError, match="not a picture"):
        load_photo(array)


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff" + b"0" * 50, b"{}"])
def test_what_is_no_image_is_refused_with_the_reason(data):
    with pytest.raises(UnreadableFileError):
        load_photo(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_file_is_refused(kind):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8))
    data = saved(noise, kind)
    with pytest.raises(UnreadableFileError):
        load_photo(data[: len(data) // 2])


def test_a_decompression_bomb_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(module, "MAX_PIXELS", 1000)
    with pytest.raises(UnreadableFileError, match="million pixels"):
        load_photo(saved(picture(), "PNG"))


def test_a_bomb_beyond_what_pillow_itself_refuses_is_unreadable_too(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(UnreadableFileError, match="million pixels"):
        load_photo(saved(picture(), "PNG"))


def test_a_missing_file_says_which(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"none\.jpg"):
        load_photo(tmp_path / "none.jpg")


def test_heic_is_read_with_the_extra_and_explained_without(monkeypatch):
    pi_heif = pytest.importorskip("pi_heif", reason="the heic extra is not installed")
    assert pi_heif
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(MissingPartError, match=r"futoshiki\[heic\]"):
        load_photo(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")
