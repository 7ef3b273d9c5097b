import csv
import io
import json
import re
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from futoshiki.cli import label
from futoshiki.errors import LabelError, OutputError, UnreadableFileError
from futoshiki.geometry import convex_areas, fill_polygons
from futoshiki.labels import LabelledPicture, document, read, read_labels, write_via
from futoshiki.labels.document import lines_of
from futoshiki.labels.masks import Mask
from futoshiki.photo import PictureFrame, load_photo, picture_frame
from futoshiki.reading.puzzle_areas import PuzzleArea
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


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (row("gone.jpg", SQUARE), "line 2: gone.jpg: there is no such picture .* --pictures"),
        ('a.jpg,1,"{}",1,0,"{""name"":""polygon"","', "line 2: a.jpg: 6 fields, expected 7"),
        (row("a.jpg", '"{""name"":}"'), "line 2: a.jpg: broken JSON"),
        (row("a.jpg", '"{""name"":""polyline"",""cx"":3}"'), "line 2: a.jpg: a region of the shape polyline; draw polygons"),
        (row("a.jpg", '"{""name"":""circle"",""cx"":3}"'), "line 2: a.jpg: no 'cy' in the region"),
        (row("a.jpg", '"{""name"":[]}"'), "line 2: a.jpg: a region of no shape"),
        (row("a.jpg", "null"), "line 2: a.jpg: a region of no shape"),
        (row("a.jpg", "[" * 5000), "line 2: a.jpg: broken JSON .nested too deeply"),
        (row("a.jpg", SQUARE.replace("10,50", "1e30,50")), "line 2: a.jpg: a coordinate that is not a number of pixels"),
        (row("a.jpg", SQUARE.replace("10,50", "NaN,50")), "line 2: a.jpg: a coordinate that is not a number of pixels"),
        (row("a.jpg", SQUARE.replace("10,50", "true,50")), "line 2: a.jpg: a coordinate that is not a number of pixels"),
        (row("a.jpg", SQUARE.replace("10,50", "1" * 5000 + ",50")), "line 2: a.jpg: a coordinate that is not a number"),
        (row("a.jpg", SQUARE.replace("[10,50,50,10]", "3", 1)), "line 2: a.jpg: coordinates that are not in a list"),
        (row("a.jpg", '"{""name"":""rect"",""name"":""rect""}"'), "line 2: a.jpg: broken JSON .the key name twice"),
        (row("a.jpg", SQUARE, count="²"), "line 2: a.jpg: region_count is ², which is not a number"),
        (row("a.jpg", SQUARE, count="9" * 5000), "line 2: a.jpg: region_count is 999"),
        (row("x" * 300 + ".jpg", SQUARE), r"line 2: x{100}\.\.\.: there is no such picture"),
        (row("a\0.jpg", SQUARE), r"line 2: a\\x00\.jpg: there is no such picture"),
        (row("a\x1b[31m.jpg", SQUARE), r"line 2: a\\x1b\[31m\.jpg: there is no such picture"),
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
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 40)
    with pytest.raises(UnreadableFileError):
        picture_frame(tmp_path / "a.heic")
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


def test_guesses_are_marked_and_the_user_is_told_what_to_do(folder, monkeypatch):
    square = np.array([[10.0, 10], [50, 10], [50, 40], [10, 40]])
    areas = {"a.jpg": (PuzzleArea(square),), "b.jpg": (PuzzleArea(square, guess=True),), "c.png": ()}
    monkeypatch.setattr(label, "puzzle_areas", lambda photo, _: areas[Path(photo.source).name])
    done = run("label", folder)
    assert done.return_value == 0
    first, second, third = done.stderr.splitlines()
    assert first.startswith("3 pictures: open ")
    assert "only a guess, because nothing was read in it, in b.jpg; look at each: correct the outline" in second
    assert third == "no puzzle was found in c.png; if there is one, outline it by hand"
    for name in ("via_project.json", "via_labels.csv"):
        pictures = read_labels(folder / name, guesses=True)
        assert [(len(picture.polygons), len(picture.guesses)) for picture in pictures] == [(1, 0), (0, 1), (0, 0)]
    assert "mean of 2" in run("evaluate", folder / "via_labels.csv").stdout
    assert "mean of 3" in run("evaluate", folder / "via_labels.csv", "--guesses").stdout


def test_training_refuses_labels_without_an_outline(folder):
    path = write(folder, row("a.jpg", '"{}"', count=0))
    assert "no picture has an outline; outline the puzzles" in str(run("train", "masks", path, "-o", folder / "run").exception)
    path = marked(folder, "a.jpg", "b.jpg")
    assert "marked as a guess" in str(run("train", "masks", path, "-o", folder / "run").exception)
    assert not (folder / "run").exists()


IMAGE = {"id": 1, "file_name": "a.jpg", "width": 80, "height": 60}
CORNERS = [10, 10, 50, 10, 50, 40, 10, 40]
RUNS = [20 * 60 + 10, *(20, 40) * 29, 20, 30 * 60 + 30]
COMPRESSED = "jU1d0X1" + "0" * 57 + "ng1"
"""The area of x 20 to 49 and y 10 to 29 in 80 x 60 pixels, and what COCO's own encoder makes of it."""


def coco(folder, *annotations, images=(IMAGE,), **more):
    """A COCO file with a line for each image and annotation."""
    defaults = {"image_id": 1, "category_id": 1}
    entries = [{"id": number, **defaults, **annotation} for number, annotation in enumerate(annotations)]
    lists = {"images": images, "annotations": entries, "categories": [{"id": 1, "name": "puzzle"}], **more}
    texts = [f'"{key}": [\n' + ",\n".join(map(json.dumps, items)) + "\n]" for key, items in lists.items()]
    path = folder / "coco.json"
    path.write_text("{" + ",\n".join(texts) + "}")
    return path


def refusal(path, **options):
    """The message with which a file is refused."""
    with pytest.raises(LabelError) as caught:
        read_labels(path, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "annotation",
    [
        {"segmentation": [CORNERS]},
        {"segmentation": [CORNERS], "image_id": "1", "iscrowd": 1, "area": float("nan")},
        {"segmentation": CORNERS, "image_id": 1.0},  # as VIA writes it
        {"segmentation": [[CORNERS[k : k + 2] for k in range(0, 8, 2)]]},
        *({"segmentation": empty, "bbox": [10, 10, 40.0, 30]} for empty in ([], [[]], None, {})),
        {"bbox": [10, 10, 40, 30]},
    ],
)
def test_coco_polygons_and_boxes(folder, annotation):
    (picture,) = read_labels(coco(folder, annotation))
    (outline,) = picture.polygons
    assert outline.tolist() == [[10, 10], [50, 10], [50, 40], [10, 40]]


@pytest.mark.parametrize("counts", [RUNS, COMPRESSED])
def test_coco_masks(folder, counts):
    mask = {"size": [60, 80], "counts": counts}
    (picture,) = read_labels(coco(folder, {"segmentation": mask, "iscrowd": 1}, {"bbox": [0, 0, 5, 5]}))
    expected = np.zeros((60, 80), bool)
    expected[10:30, 20:50] = expected[:6, :6] = True
    assert (picture.mask(60, 80)[..., 0] == expected).all()


def compressed(runs):
    """COCO's compressed form of runs."""
    text = ""
    for index, length in enumerate(runs):
        value = length - (runs[index - 2] if index > 2 else 0)
        while True:
            low, value = value & 31, value >> 5
            more = value != (-1 if low & 16 else 0)
            text += chr(48 + low + 32 * more)
            if not more:
                break
    return text


@given(st.integers(0, 20), st.integers(0, 30), st.integers(1, 9), st.integers(1, 9))
def test_a_mask_becomes_the_outline_of_its_area(top, left, height, width):
    area = np.zeros((30, 40), np.uint8)
    area[top : top + height, left : left + width] = 1
    flat = area.T.ravel()
    edges = np.flatnonzero(np.diff(flat, prepend=0))
    runs = np.diff([0, *edges, flat.size]).tolist()
    for counts in (runs, compressed(runs)):
        outlines = Mask([30, 40], counts).outlines(30, 40)
        assert (fill_polygons(outlines, 30, 40)[..., 0] == area).all()


@pytest.mark.parametrize(
    ("size", "counts", "says"),
    [
        ([65536, 65536], [0, 4800], "does not have the size"),
        ([-1, -1], [0, 4800], "does not have the size"),
        ([80, 60], [0, 4800], "does not have the size"),
        (None, [0, 4800], "does not have the size"),
        ([1_000_000, 1_000_000], "m", "does not have the size"),
        ([60, 80], [0, 2**64 + 4800], "do not add up"),
        ([60, 80], [-1, 4801], "do not add up"),
        ([60, 80], [0, 4799], "do not add up"),
        ([60, 80], [0.0, 4800], "do not add up"),
        ([60, 80], [False, 4800], "do not add up"),
        ([60, 80], [[0], 4800], "do not add up"),
        ([60, 80], [], "do not add up"),
        ([60, 80], "", "do not add up"),
        ([60, 80], "1" * 1_000_001, "too many runs"),
        ([60, 80], "o" * 100_000, "is damaged"),
        ([60, 80], "jU1 é", "is damaged"),
        ([60, 80], "jU", "is cut short"),
        ([60, 80], [4800], "is empty"),
        ([60, 80], [2400, 0, 2400], "is empty"),
        ([60, 80], None, "without counts"),
        ([60, 80], 4800, "without counts"),
    ],
)
def test_masks_that_are_not_the_picture_s_are_refused_before_they_are_decoded(folder, size, counts, says):
    path = coco(folder, {"bbox": [1, 1, 5, 5]}, {"segmentation": {"size": size, "counts": counts}})
    assert re.search(f"coco.json, line 6: a.jpg: annotation 1: .*{says}.*", refusal(path))


def test_masks_larger_than_any_picture_are_not_decoded():
    with pytest.raises(ValueError, match="million pixels"):
        Mask([100_000, 100_000], [0, 10**10]).outlines(100_000, 100_000)


@pytest.mark.parametrize("stored", [False, True])
def test_masks_of_stored_pixels_are_turned_with_the_picture(tmp_path, stored):
    turned_picture(tmp_path / "a.jpg", 6)  # 80 x 60 stored, 60 x 80 upright
    path = coco(tmp_path, {"segmentation": {"size": [60, 80], "counts": RUNS}})
    if stored:
        (picture,) = read_labels(path, stored=True)
        assert picture.mask(80, 60)[21:49, 32:49].all()
    else:
        assert "say --stored-pixels" in refusal(path)


@pytest.mark.parametrize(
    ("annotation", "says"),
    [
        ({"image_id": 7, "bbox": [1, 1, 5, 5]}, r"\(none\): annotation 1: its image_id is not among the images"),
        ({"image_id": None, "bbox": [1, 1, 5, 5]}, r"\(none\): annotation 1: its image_id is not among the images"),
        ({"image_id": [], "bbox": [1, 1, 5, 5]}, r"\(none\): annotation 1: its image_id is not among the images"),
        ({"id": 0, "bbox": [1, 1, 5, 5]}, "annotations: the id 0 stands twice"),
        ({"id": "0", "bbox": [1, 1, 5, 5]}, "annotations: the id 0 stands twice"),
        ({"id": None, "bbox": [1, 1, 5, 5]}, "annotations: one has no id"),
        ({}, "a.jpg: annotation 1: neither a segmentation nor a box"),
        ({"bbox": [1, 2, 3]}, "a.jpg: annotation 1: neither a segmentation nor a box"),
        ({"bbox": [1, 2, 0, 0]}, "a.jpg: annotation 1: a region without extent"),
        ({"bbox": [1, 2, "3", 4]}, "a.jpg: annotation 1: a coordinate that is not a number"),
        ({"bbox": [1, 2, 10**400, 4]}, "a.jpg: annotation 1: a coordinate that is not a number"),
        ({"segmentation": [[1, 1, 2, 2]]}, "a.jpg: annotation 1: a polygon of 2 x and 2 y"),
        ({"segmentation": [CORNERS, []]}, "a.jpg: annotation 1: a polygon of 0 x and 0 y"),
        ({"segmentation": [CORNERS[:7]]}, "a.jpg: annotation 1: a polygon of 4 x and 3 y"),
        ({"segmentation": [CORNERS, 3]}, "a.jpg: annotation 1: a polygon that is not a list"),
        ({"segmentation": [[*CORNERS, float("inf"), 1]]}, "a.jpg: annotation 1: a coordinate that is not a number"),
        ({"segmentation": [[*CORNERS, {}, 1]]}, "a.jpg: annotation 1: a coordinate that is not a number"),
        ({"segmentation": "jU1", "bbox": [1, 1, 5, 5]}, "a.jpg: annotation 1: a segmentation that is neither"),
    ],
)
def test_an_annotation_is_used_or_reported(folder, annotation, says):
    path = coco(folder, {"bbox": [1, 1, 5, 5]}, annotation)
    assert re.fullmatch(f".*coco.json, line 6: {says}.*", refusal(path))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"images": [IMAGE, IMAGE]}, "line 3: images: the id 1 stands twice"),
        ({"images": [IMAGE, {**IMAGE, "id": 2}]}, "line 3: a.jpg: a.jpg is labelled twice"),
        ({"images": [IMAGE, {**IMAGE, "id": {}}]}, "line 3: images: one has no id"),
        ({"images": [IMAGE, 5]}, "line 3: images: one has no id"),
        ({"images": [IMAGE, {"id": 2}]}, r"line 3: \(none\): there is no such picture"),
        ({"images": [IMAGE, {"id": 2, "file_name": 5}]}, r"line 3: \(none\): there is no such picture"),
        ({"images": [IMAGE, {"id": 2, "file_name": "\ud800.jpg"}]}, r"line 3: \\ud800\.jpg: there is no such picture"),
        ({"annotations": [5]}, "line 5: annotations: one has no id"),
    ],
)
def test_images_of_coco_are_told_apart(folder, change, says):
    assert re.search(says, refusal(coco(folder, {"bbox": [1, 1, 5, 5]}, **change)))


@pytest.mark.parametrize("key", ["images", "annotations"])
@pytest.mark.parametrize("value", [None, {}, "x"])
def test_coco_without_its_lists_is_refused(folder, key, value):
    path = folder / "coco.json"
    path.write_text(json.dumps({"images": [IMAGE], "annotations": [], key: value}))
    assert f"no list of {key}; export again as COCO" in refusal(path)


def test_a_file_without_a_single_outline_is_refused(folder):
    assert "no picture has an outline" in refusal(coco(folder))
    assert "no picture has an outline" in refusal(write(folder, row("a.jpg", '"{}"', count=0)))


def test_categories_of_coco_can_be_chosen(folder):
    categories = [{"id": "1", "name": "puzzle"}, {"id": 2, "name": "page"}, {"id": 3, "name": "pen"}]
    square, broken = {"bbox": [10, 10, 40, 30]}, {"category_id": 3}
    path = coco(folder, square, {**square, "category_id": 2}, broken, categories=categories)
    assert "annotation 2: neither a segmentation" in refusal(path)
    for chosen, count in ((["puzzle"], 1), (["page", "puzzle"], 2)):
        (picture,) = read_labels(path, categories=chosen)
        assert len(picture.polygons) == count
    message = refusal(path, categories=["puzzles", "page"])
    assert message.endswith("line 1: no category puzzles; choose from those in the file: page, pen, puzzle")
    path = coco(folder, square, {**square, "category_id": 9}, categories=[*categories, 5, {"id": 9}, {"name": "pen"}])
    assert "line 6: a.jpg: annotation 1: its category_id is not among the categories" in refusal(path, categories=["puzzle"])
    assert len(read_labels(path)[0].polygons) == 2


def test_regions_of_via_can_be_chosen_by_their_attributes(folder):
    ticked, typed = '"{""kind"":{""puzzle"":true,""page"":false}}"', '"{""kind"":""page""}"'
    circle = '"{""name"":""point""}"'
    rows = row("a.jpg", RECT, count=2, attributes=ticked), row("a.jpg", circle, count=2, number=1, attributes=typed)
    path = write(folder, *rows)
    assert "a region of the shape point" in refusal(path)
    assert len(read_labels(path, categories=["puzzle"])[0].polygons) == 1
    assert refusal(path, categories=["pen"]).endswith("no category pen; choose from those in the file: page, puzzle")
    shape = {"name": "rect", "x": 1, "y": 1, "width": 9, "height": 9}
    regions = [
        {"shape_attributes": shape, "region_attributes": {"kind": "puzzle"}},
        {"shape_attributes": {"name": "point"}, "region_attributes": {"kind": {"page": True}}},
    ]
    path = folder / "via.json"
    path.write_text(json.dumps({"a": {"filename": "a.jpg", "regions": regions}}))
    assert "region 1: a region of the shape point" in refusal(path)
    assert len(read_labels(path, categories=["puzzle"])[0].polygons) == 1
    assert "no category pen; choose from those in the file: page, puzzle" in refusal(path, categories=["pen"])


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("yes", True), ("Yes ", True), ("true", True), ("perhaps", True), ({"yes": True}, True), ({"guess": True}, True),
        ("no", False), ("No", False), ("", False), ({"yes": False}, False), ({}, False), (None, False), ([], False),
    ],
)  # fmt: skip
def test_a_region_of_via_is_a_guess_unless_its_mark_says_no(folder, mark, expected):
    shape = {"name": "rect", "x": 1, "y": 1, "width": 9, "height": 9}
    regions = [{"shape_attributes": shape, "region_attributes": {"guess": mark}}]
    path = folder / "via.json"
    path.write_text(json.dumps({"a": {"filename": "a.jpg", "regions": regions}}))
    (picture,) = read_labels(path, guesses=True)
    assert (len(picture.polygons), len(picture.guesses)) == ((0, 1) if expected else (1, 0))
    assert picture.mask(60, 80).sum() == 100


def marked(folder, *guesses):
    """A file in which each of a.jpg and b.jpg has a region, and one more that is a guess if it is among `guesses`."""
    yes = '"{""guess"":""yes""}"'
    names = ("a.jpg", "b.jpg")
    rows = [row(name, SQUARE, count=1 + (name in guesses)) for name in names]
    return write(folder, *rows, *(row(name, RECT, count=2, number=1, attributes=yes) for name in guesses))


def test_pictures_with_guesses_are_left_out_unless_they_are_asked_for(folder, caplog):
    path = marked(folder, "b.jpg")
    assert [picture.path.name for picture in read_labels(path)] == ["a.jpg"]
    said = f"{path}: 1 picture left out, where an outline is marked as a guess: b.jpg; check each outline"
    assert caplog.messages[0].startswith(said)
    assert [len(picture.guesses) for picture in read_labels(path, guesses=True)] == [0, 1]
    assert len(caplog.messages) == 1


def test_labels_that_are_all_guesses_are_refused(folder):
    path = marked(folder, "a.jpg", "b.jpg")
    assert "every picture with an outline has one that is marked as a guess; check each outline" in refusal(path)
    assert len(read_labels(path, guesses=True)) == 2


def test_the_mark_of_a_guess_is_no_category(folder):
    assert refusal(marked(folder, "a.jpg"), categories=["yes"]).endswith("choose from those in the file: none")


def exported_csv(project):
    """The CSV that VIA 2 exports: names without quotes, all JSON in quotes, no spaces in it."""

    def field(attributes):
        return '"' + json.dumps(attributes, separators=(",", ":"), ensure_ascii=False).replace('"', '""') + '"'

    lines = [HEADER]
    for about in project["_via_img_metadata"].values():
        start = f"{about['filename']},{about['size']},{field(about['file_attributes'])}"
        shapes = [(field(one["shape_attributes"]), field(one["region_attributes"])) for one in about["regions"]]
        lines += [f"{start},{len(shapes)},{k},{shape},{attributes}" for k, (shape, attributes) in enumerate(shapes)]
        lines += [] if shapes else [f'{start},0,0,"{{}}","{{}}"']
    return "\n".join(lines)


def exported_coco(project):
    """The COCO that VIA 2.0.11 exports: a category for each option of an attribute, an annotation for each such value."""
    options = [
        (attribute, option, shown)
        for attribute, about in project["_via_attributes"]["region"].items()
        if about["type"] in ("radio", "dropdown")
        for option, shown in about["options"].items()
    ]
    ids = {option: number for number, (_, option, _) in enumerate(options, 1)}
    categories = [{"supercategory": attribute, "id": ids[option], "name": shown} for attribute, option, shown in options]
    images, annotations = [], []
    for number, key in enumerate(project["_via_image_id_list"], 1):
        about = project["_via_img_metadata"][key]
        name = about["filename"]
        more = {"license": 0, "flickr_url": name, "coco_url": name, "date_captured": ""}
        images.append({"id": number, "width": 80, "height": 60, "file_name": name, **more})
        for region in about["regions"]:
            x, y = (np.array(region["shape_attributes"][f"all_points_{axis}"]) for axis in "xy")
            box = [x.min(), y.min(), np.ptp(x), np.ptp(y)]
            annotation = {
                "segmentation": [np.column_stack([x, y]).ravel().tolist()], "area": int(box[2] * box[3]),
                "bbox": [int(value) for value in box], "iscrowd": 0, "id": len(annotations) + 1, "image_id": number,
            }  # fmt: skip
            known = [ids[value] for value in region["region_attributes"].values() if value in ids]
            annotations += [{**annotation, "category_id": known[-1]}] * len(known)
    licenses = [{"id": 0, "name": "Unknown License", "url": ""}]
    coco = {"info": {"year": 2026, "version": "1.0"}, "images": images, "annotations": annotations, "licenses": licenses}
    return json.dumps({**coco, "categories": categories})


OUTLINES = st.lists(
    st.lists(st.tuples(st.integers(0, 79), st.integers(0, 59)), min_size=3, max_size=6)
    .map(lambda points: np.array(points, float))
    .filter(lambda points: np.ptp(points, axis=0).min() > 0),
    max_size=3,
).map(tuple)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(OUTLINES, OUTLINES), min_size=3, max_size=3))
def test_outlines_and_marks_survive_every_way_through_via(folder, drawn):
    written = [LabelledPicture(folder / name, *both) for name, both in zip(("a.jpg", "b.jpg", "c.png"), drawn, strict=True)]
    assume(any(picture.outlines for picture in written))
    project, table = write_via(folder, written)
    content = json.loads(project.read_text())
    exports = {
        "csv.csv": exported_csv(content),
        "json.json": json.dumps(content["_via_img_metadata"]),
        "coco.json": exported_coco(content),
    }
    for name, text in exports.items():
        (folder / name).write_text(text)
    for path in (project, table, *(folder / name for name in exports)):
        read = read_labels(path, guesses=True)
        for before, after in zip(written, read, strict=True):
            assert before.path == after.path
            assert [outline.tolist() for outline in before.polygons] == [outline.tolist() for outline in after.polygons]
            assert [outline.tolist() for outline in before.guesses] == [outline.tolist() for outline in after.guesses]


def test_categories_of_via_are_read_from_each_of_its_formats(folder):
    square = np.array([[10.0, 10], [50, 10], [50, 40], [10, 40]])
    project, _ = write_via(folder, [LabelledPicture(folder / "a.jpg", (square, square + 5))])
    content = json.loads(project.read_text())
    kinds = {"puzzle": "puzzle", "page": "page"}
    content["_via_attributes"]["region"]["kind"] = {"type": "radio", "options": kinds, "default_options": {}}
    for region, kind in zip(next(iter(content["_via_img_metadata"].values()))["regions"], kinds, strict=True):
        region["region_attributes"]["kind"] = kind
    path = folder / "export.json"
    for text in (json.dumps(content), json.dumps(content["_via_img_metadata"]), exported_csv(content)):
        path = folder / ("export.json" if text.startswith("{") else "export.csv")
        path.write_text(text)
        (picture,) = read_labels(path, categories=["page"])
        assert [outline.tolist() for outline in picture.polygons] == [(square + 5).tolist()]
    (folder / "coco.json").write_text(exported_coco(content))
    assert "the id 1 stands twice; export again, from VIA as JSON" in refusal(folder / "coco.json", categories=["page"])
    for region in next(iter(content["_via_img_metadata"].values()))["regions"]:
        del region["region_attributes"]["guess"]
    del content["_via_attributes"]["region"]["guess"]
    (folder / "coco.json").write_text(exported_coco(content))
    (picture,) = read_labels(folder / "coco.json", categories=["page"])
    assert [outline.tolist() for outline in picture.polygons] == [(square + 5).tolist()]


@pytest.mark.parametrize("identity", [None, 9])
def test_a_mark_that_the_coco_export_of_via_has_lost_is_a_fault(folder, identity):
    """Pictures whose names begin with digits get no ids of categories, and of several attributes only the last one counts."""
    categories = [
        {"id": identity and 1, "name": "no", "supercategory": "guess"},
        {"id": 9, "name": "page", "supercategory": "kind"},
    ]
    path = coco(folder, {"bbox": [10, 10, 40, 30], "category_id": identity}, categories=categories)
    assert "annotation 0: nothing says whether it is a guess; export again, from VIA as JSON" in refusal(path)


def spreadsheet(delimiter, *, name="a.jpg"):
    """The lines of a CSV file as a spreadsheet writes them with that delimiter."""
    rows = io.StringIO()
    shape = '{"name":"polygon","all_points_x":[10,50,50,10],"all_points_y":[10,10,40,40]}'
    csv.writer(rows, delimiter=delimiter).writerows([HEADER.split(","), [name, 1, "{}", 1, 0, shape, "{}"]])
    return rows.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        spreadsheet(";").encode(),
        spreadsheet("\t").encode("utf-16"),
        spreadsheet("\t").encode("utf-8-sig"),
        b"sep=,\r\n" + spreadsheet(",").encode(),
        b'"sep=|"\r\n' + spreadsheet("|").encode(),
        b"#" + spreadsheet(",").encode(),
        spreadsheet(",").replace("\r\n", ",,\r\n").encode() + b",,,,,,,,\r\n,,,,,,,,\r\n",
        spreadsheet(",").replace("\r\n", "\r").encode(),
        spreadsheet(",").replace(",1,0,", ",1.0,0,").encode(),
    ],
)
def test_a_csv_that_went_through_a_spreadsheet(folder, content):
    path = folder / "labels.csv"
    path.write_bytes(content)
    (picture,) = read_labels(path)
    assert len(picture.polygons[0]) == 4


def test_names_in_latin_1(folder):
    shutil.copy(folder / "a.jpg", folder / "été.jpg")
    path = folder / "labels.csv"
    path.write_bytes(spreadsheet(";", name="été.jpg").encode("latin-1"))
    assert read_labels(path)[0].path == folder / "été.jpg"


def test_lines_are_counted_after_the_one_that_names_the_delimiter(folder):
    path = folder / "labels.csv"
    path.write_bytes(b"sep=;\r\n" + spreadsheet(";", name="gone.jpg").encode())
    assert "line 3: gone.jpg: there is no such picture" in refusal(path)
    path.write_bytes(b"sep=;\r\nx;y\r\n")
    assert "line 2: the header is x, y; export as CSV from VIA 2" in refusal(path)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("photos/a.jpg", "a.jpg"),
        ("/home/someone/photos/a.jpg", "a.jpg"),
        ("C:\\Users\\someone\\a.jpg", "a.jpg"),
        ("..\\photos\\a.jpg", "a.jpg"),
        ("../../photos/a.jpg", "a.jpg"),
        ("sub/../a.jpg", "a.jpg"),
        ("https://example.org/photos/a.jpg", "a.jpg"),
        ("sub/a.jpg", "sub/a.jpg"),
        ("./sub\\a.jpg", "sub/a.jpg"),
        ("../outside.jpg", None),
        ("..", None),
        ("sub", None),
        ("", None),
        ("/", None),
    ],
)
def test_pictures_are_found_whatever_folders_they_are_named_with_but_never_outside(folder, name, found):
    inner = folder / "labelled"
    (inner / "sub").mkdir(parents=True)
    for place in (inner / "a.jpg", inner / "sub/a.jpg", folder / "outside.jpg"):
        shutil.copy(folder / "a.jpg", place)
    path = coco(inner, {"bbox": [1, 1, 5, 5]}, images=[{**IMAGE, "file_name": name}])
    if found:
        assert read_labels(path)[0].path == inner / found
    else:
        assert "there is no such picture" in refusal(path)


@pytest.mark.parametrize("square", ['""name"":""circle"",""r"":10', '""name"":""ellipse"",""rx"":20,""ry"":5,""theta"":1.5708'])
def test_circles_and_ellipses_become_polygons(folder, square):
    (picture,) = read_labels(write(folder, row("a.jpg", f'"{{{square},""cx"":30,""cy"":25}}"')))
    (outline,) = picture.polygons
    assert cv2.contourArea(outline.astype(np.float32)) == pytest.approx(100 * np.pi, rel=0.01)
    assert outline.mean(axis=0) == pytest.approx([30, 25])
    assert np.ptp(outline, axis=0) == pytest.approx([20, 20] if "circle" in square else [10, 40], abs=0.5)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": {\n"regions": [], "filename": "a.jpg",\n"regions": []}}', "line 1: broken JSON .the key regions twice in one"),
        ('{"a": {"filename": "a.jpg", "regions": [\n{"x": [{"b": 1, "b": 2}]}]}}', "line 2: broken JSON .the key b twice"),
        ('{\n"a": {"filename": "a.jpg", "regions": ' + "[" * 9000, "line 1: broken JSON .nested too deeply"),
        ('{"a": {}, "b":' + "[" * 990 + "]" * 990 + "}", "line 1: "),
        ('{"a": {"filename": "a.jpg", "regions": "xy"}}', "a: no filename and regions"),
        ('{"a": {"filename": "a.jpg", "regions": ["x"]}}', "a.jpg: region 0: a region of no shape"),
        ('{"a": {"filename": "a.jpg", "regions": {"0": {"shape_attributes": 5}}}}', "a.jpg: region 0: a region of no shape"),
        ('{"\x7f": 5}', r"line 1: \\x7f: no filename"),
        ('{"\\u202e\\ud800": 5}', r"line 1: \\u202e\\ud800: no filename"),
    ],
)
def test_hostile_json_is_refused_with_its_line(folder, text, says):
    path = folder / "labels.json"
    path.write_text(text)
    assert re.search(says, refusal(path))


ODD_TEXTS = st.text('"\\{}[],: \né', max_size=3)
NESTED = st.recursive(
    st.integers() | ODD_TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(NESTED)
def test_the_lines_of_members_are_those_where_they_begin(value):
    text = json.dumps({"a": value, "b": [value, value]}, indent=1, ensure_ascii=False)
    first, second = lines_of(text)
    lines = text.split("\n")
    assert lines[first - 1].startswith(' "a": ')
    assert lines[second - 1] == ' "b": ['
    assert lines_of(text, "b")[0] == second + 1
    assert lines_of(text, "b")[1] == second + 1 + json.dumps(value, indent=1, ensure_ascii=False).count("\n") + 1


def test_large_files_and_those_that_cannot_be_read_are_refused(folder, monkeypatch):
    path = coco(folder, {"bbox": [1, 1, 5, 5]})
    assert read_labels(str(path))
    assert "cannot be read" in refusal(folder / "none.csv")
    assert "cannot be read" in refusal(folder / "a\0.csv")
    path.write_bytes(b"\xff\xfea")
    assert "cannot be read" in refusal(path)
    monkeypatch.setattr(document, "LARGEST", 100)
    path.write_bytes(b"[" * 101)
    assert "larger than" in refusal(path)


@pytest.mark.parametrize(("name", "text"), [("labels.json", "[" + "[]," * 200), ("labels.csv", HEADER + "\n" * 20)])
def test_files_that_would_fill_the_memory_are_refused_before_they_are_decoded(folder, monkeypatch, name, text):
    monkeypatch.setattr(read, "MOST_MEMORY", 15_000)
    (folder / name).write_text(text)
    assert "line 1: too many entries; split it into several files" in refusal(folder / name)


def test_a_message_does_not_grow_without_end(folder):
    path = write(folder, *(row(f"{number}.jpg", SQUARE) for number in range(1005)))
    lines = refusal(path).splitlines()
    assert len(lines) == 1001
    assert lines[-1] == f"{path}: 5 more faults; mend these first"


def test_labels_that_cannot_be_written_are_an_output_error(folder):
    (folder / "via_project.json").mkdir()
    with pytest.raises(OutputError, match="cannot write"):
        write_via(folder, [LabelledPicture(folder / "a.jpg", ())])


ODD_NUMBERS = [-1, 0, 1e9, 10**30, float("nan"), float("inf")]
VALUES = st.sampled_from([None, True, *ODD_NUMBERS, "", "1", "²", "a\0", "\ud800", [], [[]], {}, {"a": 1}])
TEXTS = [
    b'{"images":[{"id":1,"file_name":"a.jpg"},{"id":"2","file_name":"x\\\\b.jpg"}],"annotations":['
    b'{"id":1,"image_id":"1","category_id":1,"segmentation":[10,10,50,10,50,40]},'
    b'{"id":2,"image_id":2,"category_id":1,"segmentation":{"size":[60,80],"counts":[1000,800,3000]}},'
    b'{"id":3,"image_id":2,"category_id":1,"segmentation":{"size":[60,80],"counts":"jU1d0X1ng1"}},'
    b'{"id":4,"image_id":2,"category_id":1,"bbox":[1,1,9,9]}],"categories":[{"id":1,"name":"puzzle"}]}',
    b'{"_via_img_metadata":{"a.jpg12":{"filename":"a.jpg","size":12,"regions":[{"shape_attributes":'
    b'{"name":"ellipse","cx":9,"cy":9,"rx":5,"ry":4},"region_attributes":{"kind":"puzzle"}}]}}}',
]


def altered(data, draw):
    """Plain data with one value in it replaced."""
    if isinstance(data, dict | list) and data and draw(st.integers(0, 5)):
        keys = list(data) if isinstance(data, dict) else range(len(data))
        key = draw(st.sampled_from(keys))
        copy = data.copy()
        copy[key] = altered(data[key], draw)
        return copy
    return draw(VALUES)


def outcome(path):
    """Read a label file; the errors that are documented are all that may be raised."""
    for categories in (None, ["puzzle"]):
        try:
            assert read_labels(path, categories=categories)
        except LabelError as error:
            assert all(line.isprintable() for line in str(error).splitlines())


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_altered_files_are_read_or_refused(folder, data):
    path = folder / "labels.json"
    path.write_text(json.dumps(altered(json.loads(data.draw(st.sampled_from(TEXTS))), data.draw)))
    outcome(path)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from([*TEXTS, spreadsheet(";").encode(), spreadsheet(",").encode("utf-16")]), st.data())
def test_damaged_files_are_read_or_refused(folder, text, data):
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.binary(max_size=4)) + text[at + data.draw(st.integers(0, 9)) :]
    path = folder / data.draw(st.sampled_from(["labels.json", "labels.csv"]))
    path.write_bytes(damaged)
    outcome(path)
