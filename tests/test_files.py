"""Files that are written are whole at every moment."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from futoshiki.errors import OutputError, PuzzleError
from futoshiki.files import replacing, write_file

KILLED = """
import sys
from pathlib import Path
from futoshiki.files import write_file
print("ready", flush=True)
while True:
    for letter in b"ab":
        write_file(Path(sys.argv[1]), bytes([letter]) * 300_000)
"""


def others(folder: Path, *names: str) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name not in names)


def test_a_file_is_written_and_replaced(tmp_path):
    target = tmp_path / "new" / "a.txt"
    for content in ("∧", "b"):
        write_file(target, content)
        assert target.read_text(encoding="utf-8") == content
    assert others(target.parent, "a.txt") == []


@pytest.mark.parametrize(
    "error", [RuntimeError("a bug"), OSError(28, "No space left on device"), KeyboardInterrupt(), PuzzleError("wrong")]
)
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(OutputError if isinstance(error, OSError) else type(error)), replacing(target) as part:
        part.write_text("half")
        raise error
    assert target.read_text() == "old"
    assert others(tmp_path, "a.txt") == []


def test_what_cannot_be_written_is_said_with_the_reason(tmp_path):
    (tmp_path / "file").write_text("")
    for target, reason in ((tmp_path / "file" / "a.txt", "a.txt"), (tmp_path, "folder"), (tmp_path / ("x" * 300), "too long")):
        with pytest.raises(OutputError, match=reason):
            write_file(target, b"")


def test_a_link_is_replaced_and_what_it_names_is_not_touched(tmp_path):
    elsewhere, link = tmp_path / "elsewhere.txt", tmp_path / "link.txt"
    elsewhere.write_text("mine")
    link.symlink_to(elsewhere)
    write_file(link, "new")
    assert (elsewhere.read_text(), link.read_text(), link.is_symlink()) == ("mine", "new", False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_permissions_are_kept_and_those_of_new_files_are_the_usual_ones(tmp_path):
    target = tmp_path / "a.txt"
    usual = tmp_path / "usual.txt"
    usual.touch()
    write_file(target, "")
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)
    target.chmod(0o640)
    write_file(target, "")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such device")
def test_devices_and_pipes_are_written_to_directly(tmp_path):
    write_file(Path("/dev/null"), b"gone")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    write_file(pipe, "through")
    assert reader.communicate()[0] == b"through"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_file_is_whole_whenever_the_process_is_killed(tmp_path):
    target = tmp_path / "a.bin"
    target.write_bytes(b"a" * 300_000)
    for k in range(12):
        process = subprocess.Popen([sys.executable, "-c", KILLED, target], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        time.sleep(0.003 * k)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        content = target.read_bytes()
        assert content in (b"a" * 300_000, b"b" * 300_000)
