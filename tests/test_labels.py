import json
import shutil

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from futoshiki.errors import LabelError, UnreadableFileError
from futoshiki.geometry import convex_areas
from futoshiki.labels import LabelledPicture, read_labels, write_via
from futoshiki.photo import PictureFrame, load_photo, picture_frame
from tests.helpers import SAMPLES, run

HEADER = "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes"
SQUARE = '"{""name"":""polygon"",""all_points_x"":[10,50,50,10],""all_points_y"":[10,10,40,40]}"'
RECT = '"{""name"":""rect"",""x"":5,""y"":6,""width"":20,""height"":10}"'
TWO_POINTS = '"{""name"":""polygon"",""all_points_x"":[1,2],""all_points_y"":[1,2]}"'
FAR_OUT = '"{""name"":""polygon"",""all_points_x"":[10,500,500],""all_points_y"":[1,2,50]}"'


@pytest.fixture
def folder(tmp_path):
    for name in ("a.jpg", "b.jpg", "c.png"):
        Image.new("RGB", (80, 60), "white").save(tmp_path / name)
    return tmp_path


def write(folder, *rows, header=HEADER):
    path = folder / "labels.csv"
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


def row(name, shape, *, count=1, number=0, attributes='"{}"'):
    return f'{name},3384278,"{{}}",{count},{number},{shape},{attributes}'


def test_a_csv_as_via_2_writes_it(folder):
    path = write(
        folder,
        row("a.jpg", SQUARE, count=2),
        row("a.jpg", RECT, count=2, number=1, attributes='"{""area"":""""}"'),
        row("b.jpg", '"{}"', count=0),
    )
    first, negative = read_labels(path)
    assert [len(polygon) for polygon in first.polygons] == [4, 4]
    assert first.polygons[1].tolist() == [[5, 6], [25, 6], [25, 16], [5, 16]]
    mask = first.mask(60, 80)
    assert mask.shape == (60, 80, 1)
    assert set(np.unique(mask)) == {0, 1}
    assert mask[20, 30, 0] == 1
    assert mask[50, 70, 0] == 0
    assert negative.polygons == ()
    assert negative.mask(60, 80).sum() == 0


def test_projects_and_annotations_in_json(folder):
    shape = {"name": "polygon", "all_points_x": [1, 30, 1], "all_points_y": [1, 1, 30]}
    about = {"a.jpg12": {"filename": "a.jpg", "size": 12, "regions": [{"shape_attributes": shape, "region_attributes": {}}]}}
    about["b.jpg9"] = {"filename": "b.jpg", "size": 9, "regions": {}}
    path = folder / "labels.json"
    for data in (about, {"_via_settings": {}, "_via_img_metadata": about}):
        path.write_text(json.dumps(data))
        labelled, negative = read_labels(path)
        assert labelled.polygons[0].shape == (3, 2)
        assert negative.polygons == ()


def test_coco_with_polygons_and_run_length_masks(folder):
    pytest.importorskip("pycocotools", reason="COCO needs the extra `train`")
    from pycocotools import mask as coco_mask

    area = np.zeros((60, 80), np.uint8, order="F")
    area[10:30, 20:50] = 1
    encoded = coco_mask.encode(area)
    encoded["counts"] = encoded["counts"].decode()
    size = {"width": 80, "height": 60}
    images = [{"id": 1, "file_name": "a.jpg", **size}, {"id": 2, "file_name": "b.jpg", **size}]
    annotations = [
        {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 30, 1, 30, 20]], "iscrowd": 0},
        {"id": 2, "image_id": 2, "category_id": 1, "segmentation": encoded, "iscrowd": 1},
    ]
    path = folder / "coco.json"
    path.write_text(json.dumps({"images": images, "annotations": annotations, "categories": [{"id": 1, "name": "puzzle"}]}))
    polygon, outline = read_labels(path)
    assert polygon.polygons[0].tolist() == [[1, 1], [30, 1], [30, 20]]
    assert abs(int(outline.mask(60, 80).sum()) - 600) <= 60


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (row("gone.jpg", SQUARE), "line 2: gone.jpg: there is no such picture .* --pictures"),
        ('a.jpg,1,"{}",1,0,"{""name"":""polygon"","', "line 2: a.jpg: 6 fields, expected 7"),
        (row("a.jpg", '"{""name"":}"'), "line 2: a.jpg: broken JSON"),
        (row("a.jpg", '"{""name"":""circle"",""cx"":3}"'), "line 2: a.jpg: a region of the shape circle; draw polygons"),
        (row("a.jpg", '"{""name"":""rect"",""x"":3}"'), "line 2: a.jpg: no 'y' in the region"),
        (row("a.jpg", TWO_POINTS), "2 x and 2 y; draw it again"),
        (row("a.jpg", FAR_OUT), "outside of the picture of 80 x 60"),
        (row("a.jpg", SQUARE, count=3), "region_count says 3 regions, 1 could be read"),
    ],
)
def test_every_fault_is_named_with_line_picture_and_remedy(folder, line, says):
    with pytest.raises(LabelError, match=says):
        read_labels(write(folder, line))


def test_all_faults_of_a_file_are_reported_at_once(folder):
    path = write(folder, row("gone.jpg", SQUARE), row("b.jpg", SQUARE), row("a.jpg", '"{""name"":}"'))
    with pytest.raises(LabelError) as caught:
        read_labels(path)
    assert [line.split(": ")[0].split(", ")[1] for line in str(caught.value).splitlines()] == ["line 2", "line 4"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: no picture"),
        ("{", "line 1: broken JSON"),
        ("{\n\n]", "line 3: broken JSON"),
        ("[]", "neither VIA nor COCO"),
        ('{"project": {}, "metadata": {}}', "VIA 3"),
        ('{"x": {"size": 3}}', "x: no filename and regions"),
        ('{"x": {"filename": "a.jpg", "regions": null}}', "x: no filename and regions"),
        ('{"x": {"filename": 7, "regions": []}}', "x: no filename and regions"),
        ('{"_via_img_metadata": []}', "_via_img_metadata is no object"),
    ],
)
def test_files_that_are_no_labels_are_refused(folder, text, says):
    path = folder / ("labels.json" if text else "labels.csv")
    path.write_text(text or HEADER)
    with pytest.raises(LabelError, match=says):
        read_labels(path)
    with pytest.raises(LabelError, match="cannot be read"):
        read_labels(folder / "none.csv")
    with pytest.raises(LabelError, match="the header is x, y"):
        read_labels(write(folder, "1,2", header="x,y"))


def turned_picture(path, orientation):
    """A picture 60 wide and 80 high as people see it, whose stored pixels are turned."""
    upright = np.zeros((80, 60, 3), np.uint8)
    upright[10:30, 5:25] = 255
    stored = {
        1: upright, 2: upright[:, ::-1], 3: upright[::-1, ::-1], 4: upright[::-1], 5: upright.transpose(1, 0, 2),
        6: np.rot90(upright, 1), 7: upright[::-1, ::-1].transpose(1, 0, 2), 8: np.rot90(upright, -1),
    }[orientation]  # fmt: skip
    exif = Image.Exif()
    exif[274] = orientation
    Image.fromarray(np.ascontiguousarray(stored)).save(path, exif=exif)
    return stored


@pytest.mark.parametrize("orientation", range(1, 9))
def test_outlines_drawn_on_stored_pixels_are_turned_with_the_picture(tmp_path, orientation):
    stored = turned_picture(tmp_path / "a.png", orientation)
    ys, xs = np.nonzero(stored[..., 0] > 128)
    place = f'""x"":{xs.min()},""y"":{ys.min()},""width"":{np.ptp(xs) + 1},""height"":{np.ptp(ys) + 1}'
    (picture,) = read_labels(write(tmp_path, row("a.png", f'"{{""name"":""rect"",{place}}}"')), stored=True)
    shown = load_photo(tmp_path / "a.png").pixels[..., 0] > 128
    mask = picture.mask(*shown.shape)[..., 0] > 0
    assert shown.shape == (80, 60)
    assert (shown & mask).sum() / (shown | mask).sum() > 0.85


def test_the_exif_trap_is_named(tmp_path):
    turned_picture(tmp_path / "a.jpg", 6)
    path = write(tmp_path, row("a.jpg", '"{""name"":""rect"",""x"":62,""y"":5,""width"":16,""height"":30}"'))
    with pytest.raises(LabelError, match="ignores EXIF; say --stored-pixels"):
        read_labels(path)
    assert read_labels(path, stored=True)


@given(st.lists(st.tuples(st.integers(0, 79), st.integers(0, 59)), min_size=3, max_size=9))
def test_frames_of_upright_pictures_change_nothing(points):
    assert PictureFrame(80, 60, 1).upright(np.array(points)).tolist() == [list(point) for point in points]


def test_what_is_written_is_read_back(folder):
    polygon = np.array([[3.0, 4.0], [40.0, 5.0], [41.0, 50.0], [4.0, 40.0]])
    pictures = [LabelledPicture(folder / "a.jpg", (polygon, polygon + 5)), LabelledPicture(folder / "b.jpg", ())]
    for path in write_via(folder, pictures):
        first, second = read_labels(path)
        assert [p.tolist() for p in first.polygons] == [polygon.tolist(), (polygon + 5).tolist()]
        assert second.polygons == ()
    frame = picture_frame(folder / "a.jpg")
    assert (frame.width, frame.height, frame.turned) == (80, 60, False)
    assert cv2.contourArea(first.polygons[0].astype(np.float32)) > 0


def test_outlines_follow_a_resized_picture():
    corners = np.array([[-0.5, -0.5], [79.5, -0.5], [79.5, 59.5], [-0.5, 59.5]])  # the edges of 80 x 60 pixels
    picture = LabelledPicture(SAMPLES / "small_4x4.jpg", (corners,))
    assert picture.rescaled(0.5).polygons[0].max(axis=0).tolist() == [39.5, 29.5]
    assert picture.rescaled(np.array([2.0, 0.5])).polygons[0].max(axis=0).tolist() == [159.5, 29.5]


def test_areas_are_filled_to_their_hull_and_crumbs_left_out():
    mask = np.zeros((100, 100), np.uint8)
    mask[20:60, 20:60] = 1
    mask[30:40, 30:40] = 0
    mask[20:30, 40:60] = 0
    mask[80:90, 80:90] = 1
    found = convex_areas(mask)
    assert found[35, 35] == 1
    assert found[28, 45] == 1
    assert found[85, 85] == 0
    assert convex_areas(np.zeros((5, 5), np.uint8)).sum() == 0


@pytest.mark.parametrize("ascii_only", [True, False])
def test_faults_in_json_have_their_line_whatever_the_name(folder, ascii_only):
    about = {name: {"filename": name, "regions": []} for name in ("a.jpg", "été.jpg")}
    path = folder / "labels.json"
    path.write_text(json.dumps(about, indent=0, ensure_ascii=ascii_only), encoding="utf-8")
    with pytest.raises(LabelError, match=r"line 6: été\.jpg: there is no such picture"):
        read_labels(path)


def test_a_quote_that_is_not_closed_is_named(folder):
    path = write(folder, 'a.jpg,1,"' + "x," * 80_000)
    with pytest.raises(LabelError, match="quote that is not closed"):
        read_labels(path)


def test_pictures_that_are_too_large_are_refused_by_their_header(tmp_path):
    Image.new("1", (20_000, 20_000)).save(tmp_path / "huge.png")
    with pytest.raises(UnreadableFileError, match="reduce the picture"):
        picture_frame(tmp_path / "huge.png")


def test_heic_pictures_have_frames_too(tmp_path):
    pi_heif = pytest.importorskip("pi_heif", reason="HEIC needs the extra `heic`")
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    with pytest.raises(UnreadableFileError):
        picture_frame(tmp_path / "a.heic")
    assert pi_heif.register_heif_opener  # the opener is there: what fails is the damaged file
    assert "HEIF" in Image.OPEN


def test_pictures_that_cannot_be_read_are_left_out_of_the_labels(tmp_path):
    shutil.copy(SAMPLES / "small_4x4.jpg", tmp_path / "a.jpg")
    (tmp_path / "b.jpg").write_bytes(b"junk")
    done = run("label", tmp_path)
    assert done.return_value == 3
    assert "left out" in done.stderr and "b.jpg: not a picture" in done.stderr
    assert [picture.path.name for picture in read_labels(tmp_path / "via_labels.csv")] == ["a.jpg"]
    only = tmp_path / "only"
    only.mkdir()
    (only / "b.jpg").write_bytes(b"junk")
    assert run("label", only).return_value == 3
    assert [path.name for path in only.iterdir()] == ["b.jpg"]
