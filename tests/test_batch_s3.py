"""Archives in a bucket, with a server that speaks S3: what fsspec's file system in memory cannot show."""

import pytest

from futoshiki.errors import OutputError, UnreadableFileError
from tests.helpers import SAMPLES

EXTRA = "a server for S3 needs: pip install s3fs 'moto[s3]' flask flask-cors"
s3fs = pytest.importorskip("s3fs", reason=EXTRA)
server = pytest.importorskip("moto.server", reason=EXTRA)
pytest.importorskip("pyarrow", reason="archives need Dask and pyarrow: pip install 'futoshiki[batch]'")

from futoshiki.batch.reading import PictureReading
from futoshiki.batch.rows import from_parquet, to_parquet
from futoshiki.batch.sources import items
from futoshiki.batch.storage import Folder

SMALL = SAMPLES / "small_4x4.jpg"


@pytest.fixture
def bucket(monkeypatch):
    """The file system of a server with one bucket, which holds pictures beside a folder of others."""
    serving = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    serving.start()
    host, port = serving.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    s3fs.S3FileSystem.clear_instance_cache()
    files = s3fs.S3FileSystem()
    files.mkdir("news")
    for name in ("a.jpg", "deep/b.jpg", "z.jpg"):
        files.put_file(str(SMALL), f"news/scans/{name}")
    yield files
    files.rm("news", recursive=True)  # servers of one process share what they hold
    s3fs.S3FileSystem.clear_instance_cache()
    serving.stop()


def test_a_bucket_is_listed_without_a_request_for_each_file(bucket, monkeypatch):
    asked = []
    call = s3fs.S3FileSystem._call_s3
    monkeypatch.setattr(
        s3fs.S3FileSystem, "_call_s3", lambda *rest, **more: asked.append(str((rest[1:], more))) or call(*rest, **more)
    )
    listed = list(items(["s3://news/scans"]))
    assert [item.source for item in listed] == [f"s3://news/scans/{name}" for name in ("a.jpg", "deep/b.jpg", "z.jpg")]
    assert {item.size for item in listed} == {SMALL.stat().st_size}
    assert asked and not any(".jpg" in request for request in asked)
    assert [item.stamp for item in listed[2:]] == [item.stamp for item in items(["s3://news/scans/z.jpg"])]


def test_pictures_are_read_from_a_bucket_and_written_to_it(bucket):
    results = Folder("s3://news/results.parquet")
    reading = PictureReading.here(pictures="s3://news/solved")
    rows = [row for rows in reading.rows(list(items(["s3://news/sc*/*.jpg"]))) for row in rows]
    assert [(row["source"], row["status"]) for row in rows] == [(f"s3://news/scans/{name}.jpg", "solved") for name in "az"]
    assert bucket.find("news/solved") == [f"news/solved/news/scans/{name}.solved.jpg" for name in "az"]
    assert results.names() == set()
    results.write("1", to_parquet(rows))
    assert from_parquet(results.read("1"))[1]["game_id"] == rows[1]["game_id"]
    results.move("1", "_superseded")
    assert bucket.find("news/results.parquet") == ["news/results.parquet/_superseded/1"]


def test_a_bucket_that_is_not_there_is_told(bucket):
    with pytest.raises(UnreadableFileError, match="s3://nowhere/scans: there is no such file"):
        list(items(["s3://nowhere/scans"]))
    with pytest.raises(OutputError, match=r"cannot write s3://nowhere/r/1: .*bucket"):
        Folder("s3://nowhere/r").write("1", b"-")
