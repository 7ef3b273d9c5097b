import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from futoshiki.errors import LabelError
from futoshiki.geometry import fill_polygons, mask_iou
from futoshiki.labels import mask_files, read_labels
from futoshiki.labels.outlines import outlines_of
from tests.helpers import run

HEIGHT, WIDTH = 60, 80


@pytest.fixture
def folders(tmp_path):
    """A folder of masks and one of pictures, each with a.jpg and b.jpg or their masks; b shows no puzzle."""
    masks, pictures = tmp_path / "masks", tmp_path / "pictures"
    masks.mkdir()
    pictures.mkdir()
    for stem in "ab":
        Image.new("RGB", (WIDTH, HEIGHT), "white").save(pictures / f"{stem}.jpg")
    save(masks / "a.png", example())
    save(masks / "b.png", np.zeros((HEIGHT, WIDTH), np.uint8))
    return masks, pictures


def example():
    """Two areas, one of them with two holes in one of which lies an island."""
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[5:40, 5:50] = 1
    mask[10:30, 10:30] = 0
    mask[15:20, 15:20] = 1
    mask[25:35, 40:45] = 0
    mask[50:58, 60:78] = 1
    return mask


def save(path, mask, **options):
    Image.fromarray(mask * 255).save(path, **options)


def refusal(folders, **options):
    masks, pictures = folders
    with pytest.raises(LabelError) as caught:
        read_labels(masks, pictures=pictures, **options)
    return str(caught.value)


@settings(deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.integers(0, 1)))
def test_the_outlines_of_a_mask_cover_its_pixels_and_no_others(mask):
    assert (fill_polygons(outlines_of(mask), *mask.shape)[..., 0] == mask).all()


def test_no_gap_appears_where_a_mask_with_holes_was_cut():
    mask = np.zeros((20, 20), np.uint8)
    mask[2:18, 2:18] = 1
    mask[8:12, 8:12] = 0
    larger = fill_polygons([outline * 10 for outline in outlines_of(mask)], 200, 200)[..., 0]
    assert larger[20:171, 25].all()
    assert not larger[80:111, 85:105].any()


def test_masks_are_paired_with_pictures_by_name(folders):
    masks, pictures = folders
    first, second = read_labels(masks, pictures=pictures)
    assert first.path == pictures / "a.jpg"
    assert (first.mask(HEIGHT, WIDTH)[..., 0] == example()).all()
    assert second.outlines == ()


def test_masks_may_lie_beside_their_pictures(folders):
    masks, pictures = folders
    for path in masks.iterdir():
        path.rename(pictures / path.name)
    assert [picture.path.name for picture in read_labels(pictures)] == ["a.jpg", "b.jpg"]


def palette(mask, background, inside):
    image = Image.fromarray(mask, "P")
    image.putpalette([*background, *inside])
    return image


def layer(mask, mode):
    """White, where the mask is 1, on nothing."""
    white = Image.new(mode, (WIDTH, HEIGHT), (255,) * len(mode))
    white.putalpha(Image.fromarray(mask * 255))
    return white


@pytest.mark.parametrize(
    "image",
    [
        Image.fromarray(example()),
        Image.fromarray(example() * 255).convert("1"),
        Image.fromarray(example().astype(np.uint16) * 300),
        Image.fromarray(example()[..., None] * np.uint8([0, 0, 200])),
        Image.fromarray(example()[..., None] * np.uint8([9, 0, 0, 0]) + np.uint8([0, 0, 0, 255])),
        palette(example(), (0, 0, 0), (128, 0, 0)),
        palette(1 - example(), (128, 0, 0), (0, 0, 0)),
        layer(example(), "RGBA"),
        layer(example(), "LA"),
    ],
    ids=lambda image: image.mode,
)
def test_black_and_transparent_pixels_are_background_in_every_mode(folders, image):
    masks, pictures = folders
    image.save(masks / "a.png")
    first, _ = read_labels(masks, pictures=pictures)
    assert (first.mask(HEIGHT, WIDTH)[..., 0] == example()).all()


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_masks_fit_the_upright_picture_or_its_stored_pixels(folders, orientation, stored):
    masks, pictures = folders
    upright = Image.fromarray(example() * 255)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    turned = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[274] = orientation
    turned.save(pictures / "a.jpg", exif=exif)
    (turned if stored else upright).save(masks / "a.png")
    first = read_labels(masks, pictures=pictures, stored=stored)[0]
    assert (first.mask(HEIGHT, WIDTH)[..., 0] == example()).all()


def test_a_mask_of_another_size_is_refused_with_both_sizes(folders):
    save(folders[0] / "a.png", example()[:, :70])
    assert "a.jpg: mask a.png has 70 x 60 pixels, the picture 80 x 60; save both in one size" in refusal(folders)


def test_a_mask_of_a_turned_picture_names_the_option(folders):
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (WIDTH, HEIGHT)).save(folders[1] / "a.jpg", exif=exif)
    said = "mask a.png has 80 x 60 pixels, the picture 60 x 80; save both in one size, or say --stored-pixels"
    assert said in refusal(folders)


def test_all_faults_of_a_folder_are_told_at_once(folders):
    masks, pictures = folders
    (masks / "b.png").rename(masks / "c.png")
    (masks / "a.png").write_bytes(b"junk")
    (masks / ".hidden.png").write_bytes(b"junk")
    lines = refusal(folders).splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"{masks}: ") for line in lines)
    assert any("a.jpg: mask a.png: not a picture" in line for line in lines)
    assert any("b.jpg: there is no mask b.png; draw one, all black if there is no puzzle" in line for line in lines)
    assert any(f"c.png: there is no picture c in {pictures}" in line for line in lines)


def test_folders_without_masks_or_with_black_ones_alone_are_refused(folders):
    masks, _ = folders
    save(masks / "a.png", 0 * example())
    assert "no picture has an outline" in refusal(folders)
    for path in masks.iterdir():
        path.unlink()
    assert "no masks NAME.png in this folder" in refusal(folders)
    with pytest.raises(LabelError, match="cannot be read"):
        read_labels(masks, pictures=masks / "none")


def test_noise_is_no_mask(folders, monkeypatch):
    monkeypatch.setattr(mask_files, "MOST_RUNS", 100)
    assert "mask a.png is noise" in refusal(folders)


def test_categories_cannot_be_chosen_from_masks(folders):
    assert "no category puzzle; choose from those in the file: none" in refusal(folders, categories=["puzzle"])


def test_masks_of_pictures_that_are_reduced_when_decoded(folders, monkeypatch):
    monkeypatch.setattr("futoshiki.picture_file.WORKING_PIXELS", WIDTH * HEIGHT / 4)
    masks, pictures = folders
    save(masks / "a.png", square := np.pad(np.ones((41, 41), np.uint8), ((10, 9), (20, 19))))
    first, _ = read_labels(masks, pictures=pictures)
    assert mask_iou(first.mask(HEIGHT, WIDTH)[..., 0], square) > 0.9


def test_masks_are_scored_when_their_pictures_are_named(folders):
    masks, pictures = folders
    assert "mean of 2" in run("evaluate", masks, "--pictures", pictures).stdout
    assert "say where the --pictures are" in str(run("evaluate", masks).exception)


def test_a_folder_that_was_labelled_is_read_from_its_table(folders):
    _, pictures = folders
    rows = ["filename,region_shape_attributes", 'a.jpg,"{""name"":""rect"",""x"":5,""y"":6,""width"":20,""height"":10}"']
    (pictures / "via_labels.csv").write_text("\n".join(rows))
    assert [picture.path.name for picture in read_labels(pictures)] == ["a.jpg"]
