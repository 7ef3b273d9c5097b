"""Archives: what is listed, what is written, and that every picture has its rows whatever dies."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import click
import pytest
from PIL import Image

from futoshiki.cli.main import COMMANDS
from futoshiki.errors import ClusterError, ExitCode, MissingPartError, OutputError
from futoshiki.files import PART
from futoshiki.photo import load_photo
from tests.helpers import ROOT, SAMPLES, run

EXTRA = "archives need Dask and pyarrow: pip install 'futoshiki[batch]'"
distributed = pytest.importorskip("distributed", reason=EXTRA)
pa = pytest.importorskip("pyarrow", reason=EXTRA)
pq = pytest.importorskip("pyarrow.parquet", reason=EXTRA)
fsspec = pytest.importorskip("fsspec", reason=EXTRA)

from futoshiki.batch import run as driver
from futoshiki.batch.alone import rows_alone
from futoshiki.batch.clusters import HTTP, local_workers, workers_of
from futoshiki.batch.items import Item, Shard, part_size, shards
from futoshiki.batch.reading import PictureReading, picture_name
from futoshiki.batch.rows import COLUMNS, from_parquet, row_without, to_parquet
from futoshiki.batch.sources import items
from futoshiki.batch.storage import Folder

SMALL = SAMPLES / "small_4x4.jpg"


@dataclass(frozen=True)
class FakeReading:
    """Rows without vision. A picture whose name ends in `kills` ends its process, one in `fails` cannot be read.

    `switch` is a file whose presence heals all pictures, `seconds` is the time for each.
    """

    switch: str = ""
    seconds: float = 0
    fingerprint: str = "1"

    def rows(self, items):
        for item in items:
            time.sleep(self.seconds)
            healed = self.switch and os.path.exists(self.switch)
            if item.source.endswith("kills") and not healed:
                os._exit(7)
            fails = item.source.endswith("fails") and not healed
            yield [row_without(item, *(("unreadable_file", "damaged") if fails else ("no_puzzle", "nothing")), 1.0)]


@pytest.fixture(scope="module")
def client():
    """Workers in threads of this process."""
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=HTTP) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client


def many(count, *others):
    return [Item(f"/scans/{k:04}.png") for k in range(count)] + [Item(f"/scans/{name}") for name in others]


def rows_in(folder):
    return [row for path in sorted(Path(folder).glob("part-*.parquet")) for row in from_parquet(path.read_bytes())]


def counted(folder):
    """How many rows each source has."""
    return Counter(row["source"] for row in rows_in(folder))


# parts


def test_parts_hold_every_picture_once_in_order_and_are_about_as_large_as_asked():
    listed = many(2000)
    parts = list(shards(listed, 50))
    assert [item for part in parts for item in part.items] == listed
    assert max(len(part.items) for part in parts) <= 100
    assert 30 <= len(listed) / len(parts) <= 60


@pytest.mark.parametrize(("total", "size"), [(1, 1), (31, 1), (32, 2), (300, 16), (599, 32), (2047, 50), (10**6, 50)])
def test_small_archives_have_small_parts_so_that_all_cores_are_busy(total, size):
    assert part_size(total, 50) == size


def test_a_new_picture_changes_its_own_part_only():
    def named(listed):
        return {part.name("1") for part in shards(listed, 20)}

    listed = many(1000)
    with_another = [*listed[:300], Item("/scans/0299a.png"), *listed[300:]]
    assert len(named(with_another) - named(listed)) <= 3


def test_the_name_of_a_part_changes_with_its_pictures_and_with_what_reads_them():
    item = Item("/a.png", size=1, stamp="1")
    others = [Shard((replace(item, **change),)) for change in ({"size": 2}, {"stamp": "2"}, {"page": 1}, {"member": "a"})]
    assert len({part.name("1") for part in [Shard((item,)), *others]} | {Shard((item,)).name("2")}) == 6
    ours = PictureReading.here()
    assert ours.fingerprint != replace(ours, version="0").fingerprint
    assert ours.fingerprint != replace(ours, networks=("x",)).fingerprint
    assert ours.fingerprint == PictureReading.here().fingerprint


# rows


def test_a_picture_gets_a_row_for_each_board_with_what_was_read(tmp_path):
    page = SAMPLES / "page_with_crossword.jpg"
    ((row,),) = PictureReading.here(pictures=str(tmp_path / "out")).rows([next(items([str(page)]))])
    assert pa.Table.from_pylist([row], COLUMNS).num_rows == 1
    (back,) = from_parquet(to_parquet([row]))
    board = run("solve", "--json", page).stdout
    assert back["game_id"] in board
    assert (back["source"], back["board"], back["status"], back["error"]) == (str(page), 1, "solved", None)
    assert len(back["solution"]) == back["size"] == len(back["solution"][0])
    assert back["milliseconds"] > 0 and len(back["corners"]) == 4
    drawn = tmp_path / "out" / str(page.parent).lstrip("/") / "page_with_crossword.solved.jpg"
    assert load_photo(drawn).pixels.shape == load_photo(page).pixels.shape


def test_whatever_is_wrong_with_a_picture_becomes_its_row(tmp_path, monkeypatch):
    (tmp_path / "text.jpg").write_text("no picture")
    Image.new("RGB", (64, 64), "white").save(tmp_path / "white.png")
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere")
    listed = list(items([str(tmp_path)]))
    reading = PictureReading.here()
    found = {Path(row["source"]).name: (row["status"], row["error"]) for rows in reading.rows(listed) for row in rows}
    assert {name: status for name, (status, _) in found.items()} == {
        "gone.jpg": "unreadable_file", "text.jpg": "unreadable_file", "white.png": "no_puzzle"
    }  # fmt: skip
    assert "text.jpg: not a picture in a known format" in found["text.jpg"][1]
    monkeypatch.setattr("futoshiki.batch.reading.photo_in", lambda *_: 1 / 0)
    assert [rows[0]["status"] for rows in reading.rows(listed)] == ["unreadable_file"] * 3
    monkeypatch.setattr("futoshiki.reading.reader.Reader.open", lambda *_: 1 / 0)
    monkeypatch.setattr("futoshiki.batch.reading.photo_in", lambda *_: None)
    assert [rows[0]["status"] for rows in reading.rows(listed[1:])] == ["failed"] * 2


def test_a_picture_that_cannot_be_written_fails(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / str(SMALL.parent).lstrip("/").split("/")[0]).write_text("in the way")
    ((row,),) = PictureReading.here(pictures=str(tmp_path / "out")).rows([next(items([str(SMALL)]))])
    assert row["status"] == "failed" and row["error"].startswith("cannot write")


def test_a_worker_with_other_networks_is_refused():
    with pytest.raises(ClusterError, match="other networks"):
        next(replace(PictureReading.here(), networks=("x",)).rows([]))


@pytest.mark.parametrize(
    ("item", "name"),
    [
        (Item("/scans/a.heic"), "scans/a.solved.png"),
        (Item("s3://bucket/a.jpg"), "bucket/a.solved.jpg"),
        (Item("/book.pdf", page=12), "book-12.solved.png"),
        (Item("/a.zip", "../../etc/b.jpg"), "a.zip/etc/b.solved.jpg"),
        (Item("/a.zip", "/etc/b:c.jpg"), "a.zip/etc/b_c.solved.jpg"),
        (Item("/a.parquet", "17"), "a.parquet/17.solved.png"),
    ],
)
def test_solved_pictures_lie_under_the_path_of_their_source(item, name):
    assert picture_name(item) == name


def test_names_that_are_no_text_are_escaped():
    (row,) = from_parquet(to_parquet([row_without(Item("/scans/\udcff.png"), "failed", "\udcff")]))
    assert (row["source"], row["error"]) == ("/scans/\\udcff.png", "\\udcff")


# the driver


def test_every_picture_has_its_row_and_a_second_run_reads_nothing(tmp_path, client):
    folder = Folder(str(tmp_path / "r.parquet"))
    seen = []
    report = driver.run(many(300), FakeReading(), folder, client, size=20, on_part=lambda report: seen.append(report.pictures))
    assert counted(folder.root) == dict.fromkeys((item.source for item in many(300)), 1)
    assert (report.pictures, report.read, report.others) == (300, 300, {"no_puzzle": 300})
    assert seen == sorted(seen) and seen[-1] == 300
    written = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "r.parquet").iterdir()}
    again = driver.run(many(300), FakeReading(seconds=9), folder, client, size=20)
    assert (again.pictures, again.read) == (300, 0)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "r.parquet").iterdir()} == written
    assert pq.read_table(tmp_path / "r.parquet").num_rows == 300


def test_parts_of_changed_and_other_pictures_are_put_aside(tmp_path, client):
    folder = Folder(str(tmp_path / "r.parquet"))
    driver.run(many(200), FakeReading(), folder, client, size=10)
    changed = [replace(item, size=5) if item.source.endswith("0100.png") else item for item in many(190)]
    report = driver.run(changed, FakeReading(), folder, client, size=10)
    assert counted(folder.root) == dict.fromkeys((item.source for item in changed), 1)
    assert 0 < report.read < 80 and report.moved >= 2
    assert pq.read_table(tmp_path / "r.parquet").num_rows == 190


def test_only_failed_tries_only_those_and_keeps_the_others_rows(tmp_path, client):
    folder, listed = Folder(str(tmp_path / "r.parquet")), sorted(many(50, "7fails", "8fails"), key=lambda item: item.source[-6:])
    reading = FakeReading(switch=str(tmp_path / "healed"))
    assert driver.run(listed, reading, folder, client, size=10).unread == 2
    order = [row["source"] for row in rows_in(folder.root)]
    (tmp_path / "healed").touch()
    report = driver.run([*listed, *many(60)[50:]], reading, folder, client, size=10, only_failed=True)
    assert (report.read, report.unread, report.moved) == (2, 0, 0)
    assert [row["source"] for row in rows_in(folder.root)] == order


def test_a_damaged_part_is_made_again(tmp_path, client):
    folder = Folder(str(tmp_path / "r.parquet"))
    driver.run(many(30), FakeReading(), folder, client, size=10)
    damaged = next((tmp_path / "r.parquet").iterdir())
    damaged.write_bytes(damaged.read_bytes()[:50])
    driver.run(many(30), FakeReading(), folder, client, size=10)
    assert set(counted(folder.root).values()) == {1} and len(rows_in(folder.root)) == 30


def test_what_a_killed_run_has_half_written_is_removed(tmp_path, client):
    (tmp_path / "r.parquet").mkdir()
    (tmp_path / "r.parquet" / f".part-1{PART}.parquet").write_text("half")
    driver.run(many(3), FakeReading(), Folder(str(tmp_path / "r.parquet")), client)
    assert all(path.name.startswith("part-") for path in (tmp_path / "r.parquet").iterdir())


def test_parts_can_be_written_to_an_address(client):
    folder = Folder("memory://out/r.parquet")
    driver.run(many(30), FakeReading(), folder, client, size=10)
    assert driver.run(many(30), FakeReading(), folder, client, size=10).read == 0
    assert driver.run(many(20), FakeReading(), folder, client, size=10).moved
    assert sum(len(from_parquet(folder.read(name))) for name in folder.names() if name.startswith("part-")) == 20


@pytest.mark.parametrize(("method", "told"), [("ls", "list"), ("cat_file", "read"), ("pipe_file", "write"), ("mv", "move")])
def test_an_address_that_refuses_is_named_with_what_it_refused(client, monkeypatch, method, told):
    folder = Folder(f"memory://{method}/r.parquet")
    driver.run(many(10), FakeReading(), folder, client)

    def refuse(*_, **__):
        raise PermissionError("Access Denied")

    monkeypatch.setattr(f"fsspec.implementations.memory.MemoryFileSystem.{method}", refuse)
    with pytest.raises(OutputError, match=rf"cannot {told} memory:///{method}/r\.parquet.*: Access Denied"):
        for pictures in (10, 11):
            driver.run(many(pictures), FakeReading(), folder, client)


def test_a_full_disk_ends_the_run_and_the_next_one_goes_on(tmp_path, client, monkeypatch):
    folder, written = Folder(str(tmp_path / "r.parquet")), []

    def full(part, content, write=Path.write_bytes):
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(part)
        return write(part, content)

    with monkeypatch.context() as patched, pytest.raises(OutputError, match="No space left"):
        patched.setattr(Path, "write_bytes", full)
        driver.run(many(200), FakeReading(), folder, client, size=10)
    assert len(list((tmp_path / "r.parquet").iterdir())) == 3
    report = driver.run(many(200), FakeReading(), folder, client, size=10)
    assert counted(folder.root) == dict.fromkeys((item.source for item in many(200)), 1)
    assert 0 < report.read < 200


def test_ctrl_c_finishes_what_is_being_read(tmp_path, client):
    folder = Folder(str(tmp_path / "r.parquet"))

    def interrupt(report):
        if not report.stopped:
            raise KeyboardInterrupt

    report = driver.run(many(300), FakeReading(seconds=0.01), folder, client, size=10, on_part=interrupt)
    assert report.stopped and 10 < report.read < 150
    assert len(rows_in(folder.root)) == report.read
    driver.run(many(300), FakeReading(), folder, client, size=10)
    assert counted(folder.root) == dict.fromkeys((item.source for item in many(300)), 1)


@dataclass(frozen=True)
class RefusedReading(FakeReading):
    """A worker that lacks something."""

    error: Exception | None = None

    def rows(self, items):
        raise self.error


@pytest.mark.parametrize(
    ("error", "told"), [(MissingPartError("no model"), "no model"), (ModuleNotFoundError("No futoshiki"), "install")]
)
def test_a_worker_that_cannot_read_at_all_ends_the_run(tmp_path, client, error, told):
    with pytest.raises((MissingPartError, ClusterError), match=told):
        driver.run(many(30), RefusedReading(error=error), Folder(str(tmp_path / "r.parquet")), client)


def test_a_file_in_the_place_of_the_results_is_refused(tmp_path):
    (tmp_path / "r.parquet").write_text("mine")
    with pytest.raises(OutputError, match="is a file"):
        Folder(str(tmp_path / "r.parquet"))


# what dies


def test_a_picture_that_kills_its_process_gets_a_row_and_the_others_keep_theirs():
    listed = many(3, "0kills", "1kills", "9.png")
    rows = [row for rows in rows_alone(FakeReading(), listed) for row in rows]
    assert [row["source"] for row in rows] == [item.source for item in listed]
    assert [row["status"] for row in rows] == ["no_puzzle"] * 3 + ["failed"] * 2 + ["no_puzzle"]
    assert "ends the process (exit code 7)" in rows[3]["error"]


def test_a_picture_that_takes_too_much_memory_gets_a_row():
    (row,) = (row for rows in rows_alone(FakeReading(seconds=5), many(1), memory=1) for row in rows)
    assert row["status"] == "failed" and "more memory" in row["error"]


def test_workers_that_die_cost_no_row(tmp_path):
    """One picture kills its worker each time, and a worker is killed from outside."""
    folder, killed = Folder(str(tmp_path / "r.parquet")), []
    listed = sorted(many(120, "0060kills"), key=lambda item: item.source)
    with local_workers(2, 10**9) as client:
        pids = list(client.run(os.getpid).values())

        def kill(report):
            if not killed:
                killed.append(pids[0])
                os.kill(pids[0], signal.SIGKILL)

        report = driver.run(listed, FakeReading(seconds=0.01), folder, client, size=10, on_part=kill)
    assert counted(folder.root) == dict.fromkeys((item.source for item in listed), 1)
    assert (report.read, report.unread) == (121, 1)
    (culprit,) = (row for row in rows_in(folder.root) if row["status"] == "failed")
    assert culprit["source"].endswith("kills")


def command(tmp_path, seconds):
    """The command over a folder, without vision, in a process of its own; each picture takes so many seconds."""
    code = (
        "from futoshiki.batch.reading import PictureReading; from tests.test_batch import FakeReading\n"
        "from futoshiki.cli.main import main\n"
        f"PictureReading.here = lambda **_: FakeReading(seconds={seconds})\nmain()"
    )
    options = ["batch", str(tmp_path / "scans"), "-o", str(tmp_path / "r.parquet"), "--workers", "1", "--shard", "4"]
    return subprocess.Popen([sys.executable, "-c", code, *options], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def wait_for_parts(folder, count):
    ends = time.monotonic() + 60
    while len(list(folder.glob("part-*"))) < count:
        assert time.monotonic() < ends, "no parts are written"
        time.sleep(0.02)


def test_a_driver_that_is_killed_or_interrupted_goes_on_where_it_was(tmp_path):
    (tmp_path / "scans").mkdir()
    for k in range(400):
        (tmp_path / "scans" / f"{k:03}.png").touch()
    expected = {str(path): 1 for path in (tmp_path / "scans").iterdir()}
    with command(tmp_path, 0.03) as killed:
        wait_for_parts(tmp_path / "r.parquet", 3)
        killed.kill()
    before = len(rows_in(tmp_path / "r.parquet"))
    parts = len(list((tmp_path / "r.parquet").glob("part-*")))
    with command(tmp_path, 0.03) as interrupted:
        wait_for_parts(tmp_path / "r.parquet", parts + 3)
        interrupted.terminate()  # like Ctrl-C, which a test that runs in the background ignores
        told = interrupted.communicate()[1]
    assert interrupted.returncode == ExitCode.INTERRUPTED and "the same command goes on from here" in told
    assert 0 < before < len(rows_in(tmp_path / "r.parquet")) < 400
    with command(tmp_path, 0) as last:
        told = last.communicate()[1]
    assert last.returncode == 0, told
    assert counted(tmp_path / "r.parquet") == expected
    assert "400 pictures" in told and "400 no_puzzle" in told and "Traceback" not in told


def test_a_request_to_end_whose_exception_is_lost_is_noted(tmp_path, client):
    """Python ignores an exception that is raised in a finalizer."""

    class Finalized:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)
            time.sleep(0.05)  # in which its handler runs at the latest

    def interrupt(report):
        if not asked:
            asked.append(report.read)
            Finalized()

    asked, ignored = [], []
    folder = Folder(str(tmp_path / "r.parquet"))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a test that runs in the background ignores the signal
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "unraisablehook", lambda lost: ignored.append(lost.exc_type))
            report = driver.run(many(300), FakeReading(seconds=0.01), folder, client, size=10, on_part=interrupt)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert ignored == [KeyboardInterrupt]
    assert report.stopped and 0 < len(rows_in(folder.root)) < 300


def test_a_scheduler_that_goes_away_is_told_and_the_next_run_goes_on(tmp_path, client):
    folder = Folder(str(tmp_path / "r.parquet"))
    file = tmp_path / "scheduler.json"
    start = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(file),
    ]
    with ExitStack() as processes:

        def started(command):
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=tmp_path, env=environment)
            processes.callback(process.wait)
            processes.callback(process.kill)
            return process

        scheduler = started(start)
        while not (file.exists() and file.read_text().endswith("}")):
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        started([sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"])
        with workers_of(address) as far, pytest.raises(ClusterError, match="the scheduler is gone"):
            driver.run(many(300), FakeReading(seconds=0.01), folder, far, size=10, on_part=lambda report: scheduler.kill())
    assert 0 < len(rows_in(folder.root)) < 300
    driver.run(many(300), FakeReading(), folder, client, size=10)
    assert counted(folder.root) == dict.fromkeys((item.source for item in many(300)), 1)


def test_a_scheduler_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setattr("futoshiki.batch.clusters.CONNECTING", 0.2)
    with pytest.raises(ClusterError, match="no scheduler answers at tcp"), workers_of("tcp://127.0.0.1:9"):
        pass


# the command


def test_options_that_do_not_go_together_or_are_unknown_are_told(tmp_path):
    for options, told in (
        (("--workers", 2, "--scheduler", "tcp://x:1"), "this machine"),
        (("--no-such",), "No such option"),
        (("--shard", 0), "x>=1"),
        *((("--memory", size), "expected a size, such as 2GB") for size in ("2XB", "GB", "", "0", "-1GB", "1e999GB")),
    ):
        error = run("batch", SMALL, "-o", tmp_path / "r", *options).exception
        assert isinstance(error, click.UsageError) and told in error.format_message()


def test_a_source_without_pictures_ends_the_command(tmp_path):
    assert "no pictures" in str(run("batch", tmp_path, "-o", tmp_path / "r").exception)
    assert not (tmp_path / "r").exists()


def test_without_the_extra_the_help_is_there_and_the_rest_says_what_to_install():
    code = (
        "import sys\nfor name in ('dask', 'distributed', 'pyarrow', 'fsspec'): sys.modules[name] = None\n"
        "from futoshiki.cli.main import main; main()"
    )
    calls = (["--help"], [str(SMALL), "-o", "x"])
    helped, told = (
        subprocess.run([sys.executable, "-c", code, "batch", *call], capture_output=True, text=True, cwd=ROOT) for call in calls
    )
    assert helped.returncode == 0 and "--only-failed" in helped.stdout
    assert told.returncode == ExitCode.MISSING_PART and "pip install 'futoshiki[batch]'" in told.stderr
    assert "batch" in COMMANDS
