"""What an archive holds: folders, globs, addresses, archives and documents, each picture once and in order."""

import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from futoshiki.documents import page_count
from futoshiki.errors import MissingPartError, UnreadableFileError
from tests.helpers import SAMPLES

EXTRA = "archives need Dask and pyarrow: pip install 'futoshiki[batch]'"
pa = pytest.importorskip("pyarrow", reason=EXTRA)
pq = pytest.importorskip("pyarrow.parquet", reason=EXTRA)
fsspec = pytest.importorskip("fsspec", reason=EXTRA)

from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from futoshiki.batch.reading import Opener
from futoshiki.batch.sources import items

SMALL = SAMPLES / "small_4x4.jpg"


@pytest.fixture
def scans(tmp_path):
    """A folder of tiny pictures."""
    folder = tmp_path / "scans"
    for name in ("b.png", "a.jpg", "deep/c.png", "deep/er/d.PNG", ".hidden.png", ".git/e.png", "a.solved.jpg", "notes.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), 255).save(folder / name, "PNG") if not name.endswith("txt") else (folder / name).write_text("-")
    return folder


def names(listed):
    return [Path(item.member or item.source).name + (f"#{item.page}" if item.page else "") for item in listed]


def test_a_folder_is_listed_by_name_with_its_folders_and_without_what_is_hidden_or_drawn(scans):
    assert names(items([str(scans)])) == ["a.jpg", "b.png", "c.png", "d.PNG"]
    first = next(items([str(scans)]))
    assert first.source == str(scans / "a.jpg")
    assert first.size == (scans / "a.jpg").stat().st_size
    assert float(first.stamp) == (scans / "a.jpg").stat().st_mtime


def test_a_file_that_is_named_is_taken_whatever_its_name(scans):
    assert names(items([str(scans / "notes.txt"), str(scans / "a.solved.jpg")])) == ["notes.txt", "a.solved.jpg"]


@pytest.mark.parametrize(
    ("glob", "found"),
    [
        ("*.png", ["b.png"]),
        ("**/*.png", ["b.png", "c.png"]),
        ("d*/*", ["c.png", "d.PNG"]),
        ("de?p/**", ["c.png", "d.PNG"]),
        ("[ab].*", ["a.jpg", "b.png"]),
        ("*.gif", []),
    ],
)
def test_a_glob_finds_files_and_folders(scans, glob, found):
    assert names(items([str(scans / glob)])) == found


def test_a_folder_whose_name_looks_like_a_glob_is_a_folder(scans):
    odd = scans.rename(scans.with_name("scans [1]"))
    assert names(items([str(odd)])) == ["a.jpg", "b.png", "c.png", "d.PNG"]


def test_a_picture_in_two_sources_is_listed_once(scans):
    sources = [str(scans / "deep"), str(scans), str(scans / "a.jpg"), f"{scans}/./b.png", str(scans / "*.jpg")]
    assert names(items(sources)) == ["c.png", "d.PNG", "a.jpg", "b.png"]


def test_only_the_folder_that_is_listed_is_looked_into(scans, monkeypatch):
    seen = []
    ls = LocalFileSystem.ls
    monkeypatch.setattr(
        LocalFileSystem, "ls", lambda self, path, **options: seen.append(Path(path).name) or ls(self, path, **options)
    )
    listing = items([str(scans)])
    assert [next(listing).source[-5:], next(listing).source[-5:]] == ["a.jpg", "b.png"]
    assert seen == ["scans"]
    assert names(items([str(scans / "*.jpg")])) == ["a.jpg"]
    assert "deep" not in seen


def test_an_address_is_listed_and_read():
    files = fsspec.filesystem("memory")
    for name in ("2.jpg", "1.jpg", "x/3.jpg"):
        files.pipe_file(f"/archive/{name}", SMALL.read_bytes())
    listed = list(items(["memory://archive"]))
    assert [item.source for item in listed] == [f"memory:///archive/{name}" for name in ("1.jpg", "2.jpg", "x/3.jpg")]
    assert names(items(["memory://archive/*.jpg"])) == ["1.jpg", "2.jpg"]
    with Opener() as opener:
        assert opener.photo(listed[0]).pixels.ndim == 3


@pytest.mark.parametrize("dated", [True, False])
def test_files_behind_an_address_are_asked_for_only_if_the_listing_does_not_date_them(monkeypatch, dated):
    files = fsspec.filesystem("memory")
    for number in range(10):
        files.pipe_file(f"/dated/{'deep/' if number % 2 else ''}{number}.jpg", SMALL.read_bytes())
    size = len(SMALL.read_bytes())
    stamps = {path: files.created(path).timestamp() for path in files.find("/dated")}
    ls, info, asked, forgotten = MemoryFileSystem.ls, MemoryFileSystem.info, [], []

    def ls_without_dates(self, path, detail=True):
        found = ls(self, path, detail)
        return found if dated else [{name: info[name] for name in ("name", "size", "type")} for info in found]

    monkeypatch.setattr(MemoryFileSystem, "ls", ls_without_dates)
    monkeypatch.setattr(MemoryFileSystem, "info", lambda self, path: asked.append(path) or info(self, path))
    monkeypatch.setattr(MemoryFileSystem, "invalidate_cache", lambda self, path=None: forgotten.append(path))
    found = [(item.source, item.size, float(item.stamp)) for item in items(["memory://dated"])]
    assert found == [(f"memory://{path}", size, stamp) for path, stamp in stamps.items()]
    assert sum(path.endswith(".jpg") for path in asked) == (0 if dated else 10)
    assert forgotten == ["/dated", "/dated/deep"]


def archive(folder, kind):
    """An archive of a picture, a document, and what is no picture; with the endings of other tools."""
    content = {
        "b/two.png": SMALL.read_bytes(),
        "a.tif": two_pages(),
        "__MACOSX/._a.jpg": b"-",
        "read.me": b"-",
        "one.jpg": SMALL.read_bytes(),
    }
    path = folder / f"scans.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as file:
            for name, data in content.items():
                file.writestr(name, data)
    else:
        with tarfile.open(path, f"w:{kind.partition('.')[2]}") as file:
            for name, data in content.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                file.addfile(info, io.BytesIO(data))
    return path


def two_pages():
    buffer = io.BytesIO()
    Image.new("L", (20, 10), 255).save(buffer, "TIFF", save_all=True, append_images=[Image.new("L", (10, 20), 0)])
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz", "tar.xz", "tar.bz2"])
def test_the_members_of_an_archive_are_listed_and_read_in_any_order(tmp_path, kind):
    path = archive(tmp_path, kind)
    listed = list(items([str(tmp_path)]))
    assert [(item.source, item.member, item.page) for item in listed] == [
        (str(path), "b/two.png", None), (str(path), "a.tif", 1), (str(path), "a.tif", 2), (str(path), "one.jpg", None)
    ]  # fmt: skip
    with Opener() as opener:
        assert [opener.photo(item).pixels.shape[:2] for item in (listed[2], listed[1])] == [(20, 10), (10, 20)]
        assert all(opener.photo(item).pixels.shape[0] > 100 for item in (listed[3], listed[0]))


def test_a_broken_archive_is_one_picture_that_cannot_be_read(tmp_path):
    path = archive(tmp_path, "zip")
    path.write_bytes(path.read_bytes()[:-40])
    (item,) = items([str(path)])
    with Opener() as opener, pytest.raises(UnreadableFileError, match=r"scans.zip: .*zip"):
        opener.photo(item)


def test_a_tar_that_is_cut_off_gives_what_comes_before(tmp_path):
    path = archive(tmp_path, "tar")
    path.write_bytes(path.read_bytes()[:300_000])
    listed = list(items([str(path)]))
    assert [item.member for item in listed] == ["b/two.png", "a.tif", "a.tif", "one.jpg", None]
    assert "unexpected end of data" in listed[-1].error
    with Opener() as opener, pytest.raises(UnreadableFileError, match=r"one\.jpg"):
        opener.photo(listed[3])


def bytes_in_parquet(path, rows=40, **columns):
    values = [SMALL.read_bytes() if row % 20 == 3 else f"row {row}".encode() for row in range(rows)]
    table = pa.table({"id": list(range(rows)), "image": [{"bytes": value, "path": "a"} for value in values], **columns})
    pq.write_table(table, path, row_group_size=15)
    return path


def test_the_rows_of_a_parquet_file_are_pictures(tmp_path):
    path = bytes_in_parquet(tmp_path / "images.parquet")
    listed = list(items([str(path)]))
    assert [item.member for item in listed] == [str(row) for row in range(40)]
    with Opener() as opener:
        assert opener.photo(listed[3]).pixels.ndim == 3
        for row in (39, 2, 14, 15, 16, 37, 0):  # forwards, backwards, across groups
            with opener._file(listed[row]) as file:
                assert file.read() == f"row {row}".encode()


def test_a_parquet_file_with_several_columns_of_bytes_needs_a_name(tmp_path):
    path = bytes_in_parquet(tmp_path / "images.parquet", thumbnail=[b"-"] * 40)
    (item,) = items([str(path)])
    assert "image.bytes, thumbnail; name that of the pictures with --column" in item.error
    assert len(list(items([str(path)], "image.bytes"))) == 40


def test_the_pages_of_a_document_are_pictures(tmp_path):
    pytest.importorskip("pypdfium2", reason="PDF needs pypdfium2: pip install 'futoshiki[pdf]'")
    book = tmp_path / "book.pdf"
    Image.new("L", (100, 50), 255).save(book, save_all=True, append_images=[Image.new("L", (50, 100), 255)])
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    listed = list(items([str(tmp_path)]))
    assert names(listed) == ["book.pdf#1", "book.pdf#2", "broken.pdf"]
    assert page_count(book) == 2
    with Opener() as opener:
        tall = opener.photo(listed[1])
        assert tall.pixels.shape[0] > tall.pixels.shape[1]
        with pytest.raises(UnreadableFileError, match="damaged"):
            opener.photo(listed[2])


@pytest.mark.parametrize("source", ["nowhere", "nowhere/*.jpg", "nokind://x"])
def test_a_source_that_is_not_there_is_told(tmp_path, source):
    with pytest.raises(UnreadableFileError, match=source.split("/")[0]):
        list(items([source if "://" in source else str(tmp_path / source)]))


def test_an_address_whose_package_is_missing_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingPartError, match="s3fs"):
        list(items(["s3://bucket/scans"]))
