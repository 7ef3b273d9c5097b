import contextlib
import io
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from futoshiki import photo as photo_module
from futoshiki import picture_file as module
from futoshiki.errors import MissingPartError, UnreadableFileError
from futoshiki.formats import READABLE
from futoshiki.photo import PictureFrame, load_photo, picture_frame
from futoshiki.picture_info import encoded


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """A picture whose left half is dark and right half is bright."""
    array = np.zeros((size[1], size[0]), np.uint8)
    array[:, size[0] // 2 :] = 200
    return Image.fromarray(array).convert(mode)


def saved(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def picture_bytes(kind: str) -> bytes:
    return saved(picture("P" if kind == "GIF" else "RGB"), kind)


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


def test_white_ink_without_a_ground_is_laid_on_black():
    ink = Image.new("RGBA", (60, 40), (255, 255, 255, 0))
    ink.paste((255, 255, 255, 255), (30, 0, 60, 40))
    assert left_is_dark(load_photo(saved(ink, "PNG")).pixels)


@pytest.mark.parametrize(("kind", "mode"), [("GIF", "P"), ("TIFF", "RGB"), ("WEBP", "RGB")])
def test_of_several_pictures_the_first_is_taken_and_the_others_are_told(kind, mode, caplog):
    frames = [picture(mode), Image.new(mode, (40, 30), 0)]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
    assert left_is_dark(load_photo(data).pixels)
    assert ("several pages" if kind == "TIFF" else "several pictures") in caplog.text


@pytest.mark.parametrize("name", ["PSD", "EPS", "ICO", "SGI", "TGA", "PCX", "JPEG2000"])
def test_no_other_decoder_is_asked_whatever_the_name_of_the_file(tmp_path, name):
    buffer = io.BytesIO()
    try:
        picture().save(buffer, name)
    except (KeyError, OSError, ValueError):
        buffer = io.BytesIO({"PSD": b"8BPS\0\1" + bytes(40)}.get(name, b"%!PS-Adobe-3.0 EPSF-3.0\n") + bytes(60))
    path = tmp_path / "photo.jpg"
    path.write_bytes(buffer.getvalue())
    for source in (path, buffer.getvalue()):
        with pytest.raises(UnreadableFileError, match="known format"):
            load_photo(source)


def test_files_and_buffers_are_read_like_their_bytes(tmp_path):
    data = saved(picture(), "PNG")
    path = tmp_path / "a.png"
    path.write_bytes(data)

    class Pipe(io.RawIOBase):
        def read(self, size=-1):
            return data

    with path.open("rb") as file:
        for source in (io.BytesIO(data), memoryview(data), bytearray(data), file, Pipe()):
            assert left_is_dark(load_photo(source).pixels)


@pytest.mark.parametrize("source", [None, 7, [1, 2], io.StringIO("text"), "a\0b", "", "."])
def test_what_is_no_source_of_a_picture_is_refused_with_what_is(source):
    with pytest.raises(UnreadableFileError, match=r"give|binary"):
        load_photo(source)


def test_profile_resolution_and_date_are_kept_and_written_again():
    exif = Image.Exif()
    exif[306] = "2026:11:25 10:00:00"
    data = saved(picture(), "JPEG", icc_profile=b"a profile", dpi=(300, 300), exif=exif)
    photo = load_photo(data)
    for suffix in (".jpg", ".png", ".webp", ".tif"):
        copy = load_photo(encoded(photo.pixels, suffix, photo.info))
        assert copy.info.icc == b"a profile"
        assert copy.info.taken == ((306, "2026:11:25 10:00:00"),)
        assert suffix == ".webp" or copy.info.dpi == pytest.approx((300, 300), abs=1)


@pytest.mark.parametrize(
    "array",
    [
        np.full((5, 6), 100, np.uint8), np.full((5, 6, 1), 100, np.uint8), np.full((5, 6, 3), 100, np.uint8),
        np.dstack([np.full((5, 6, 3), 100, np.uint8), np.full((5, 6), 255, np.uint8)]),
        np.full((5, 6), 100 * 257, np.uint16), np.full((5, 6, 3), 100 / 255, np.float32), np.full((5, 6), 100 / 255),
        np.full((5, 6, 3), 100.0), np.full((5, 6), 100, np.float16),
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


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_what_takes_too_much_memory_is_refused_before_it_is_decoded(monkeypatch, kind):
    data = picture_bytes(kind)
    monkeypatch.setattr(module, "DECODING_BYTES", 5000)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("it was decoded"))
    with pytest.raises(UnreadableFileError, match=r"million pixels|too many bytes"):
        load_photo(data)


def test_a_progressive_jpeg_needs_more_memory_and_at_most_so_many_scans(monkeypatch):
    data = saved(picture(size=(400, 300)), "JPEG", progressive=True)
    assert load_photo(data).pixels.shape == (300, 400, 3)
    with monkeypatch.context() as patch, pytest.raises(UnreadableFileError, match="million pixels"):
        patch.setattr(module, "DECODING_BYTES", 400 * 300 * 6)
        load_photo(data)
    monkeypatch.setattr(module, "MAX_SCANS", 2)
    with pytest.raises(UnreadableFileError, match="scans"):
        load_photo(data)


def test_scans_are_counted_in_the_picture_and_not_in_what_stands_before_or_after():
    plain, progressive = (saved(picture(), "JPEG", progressive=kind, comment=b"\xff\xda" * 300) for kind in (False, True))
    counted = [module.scans_of(io.BytesIO(data + b"\xff\xda" * 300), "a") for data in (plain, progressive)]
    assert counted[0] == 1
    assert 3 < counted[1] < 20
    assert load_photo(progressive + b"\xff\xda" * 300).pixels.shape == (30, 40, 3)


@pytest.mark.parametrize("dtype", [np.uint16, np.float16, np.float64])
def test_levels_are_scaled_as_a_whole_however_many_bands_are_made(monkeypatch, dtype):
    monkeypatch.setattr(photo_module, "BAND", 7)
    levels = np.linspace(0, 1, 60)[:, None] * np.ones(20)
    values = (levels * 65535).astype(dtype) if dtype == np.uint16 else levels.astype(dtype)
    assert np.abs(load_photo(values).pixels[..., 0] - levels * 255).max() <= 1.01


def test_a_huge_tile_in_a_small_picture_is_refused():
    data = bytearray(saved(picture(), "TIFF"))
    image = Image.open(io.BytesIO(data))
    assert module._piece_bytes(image) < 5000
    image.tag_v2[322], image.tag_v2[323] = 26000, 26000
    assert module._piece_bytes(image) > module.DECODING_BYTES / 4


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("RGB", "JPEG"), ("L", "JPEG"), ("RGB", "PNG"), ("P", "PNG"), ("1", "PNG"), ("RGBA", "PNG"), ("I;16", "PNG")],
)
def test_a_very_large_picture_is_reduced_and_says_by_how_much(monkeypatch, mode, kind):
    image = (
        picture(mode, (400, 300)) if mode != "I;16" else Image.fromarray(np.asarray(picture("L", (400, 300)), np.uint16) * 257)
    )
    monkeypatch.setattr(module, "WORKING_PIXELS", 10_000)
    photo = load_photo(saved(image, kind))
    height, width = photo.pixels.shape[:2]
    assert height * width <= 10_000
    assert photo.scale == pytest.approx(400 / width, rel=0.02)
    assert left_is_dark(photo.pixels)
    assert picture_frame_of(image, kind) == PictureFrame(400, 300, 1)  # the header still tells the whole size


def picture_frame_of(image: Image.Image, kind: str) -> PictureFrame:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(saved(image, kind))
        return picture_frame(path)


def test_a_photo_of_200_million_pixels_is_read_in_bounded_memory():
    data = saved(Image.new("L", (16000, 12500), 200), "JPEG", quality=30)
    photo = load_photo(data)
    assert photo.scale == pytest.approx(4 if photo.pixels.shape[1] == 4000 else 2, rel=0.01)
    assert photo.pixels.shape[0] * photo.pixels.shape[1] <= module.WORKING_PIXELS


def test_a_missing_file_says_which(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"none\.jpg"):
        load_photo(tmp_path / "none.jpg")


def test_heic_without_its_decoder_is_explained(monkeypatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    with pytest.raises(MissingPartError, match="pip install pi-heif"):
        load_photo(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "PPM"]), st.data())
def test_damaged_files_are_read_or_refused_and_nothing_else(kind, data):
    content = bytearray(picture_bytes(kind))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableFileError):
        assert load_photo(bytes(content[: data.draw(st.integers(0, len(content)))])).pixels.dtype == np.uint8


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_the_frame_of_a_picture_is_that_of_its_pixels(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "a"
    path.write_bytes(saved(picture(), kind, exif=exif))
    frame = picture_frame(path)
    assert (frame.height, frame.width) == load_photo(path).pixels.shape[:2]


def test_every_ending_of_pictures_belongs_to_a_format_that_is_opened():
    formats = {Image.registered_extensions().get(ending, "HEIF") for ending in READABLE}
    assert formats == {name for _, _, name in module.SIGNATURES}
