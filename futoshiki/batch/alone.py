"""Reads pictures in a process of its own, so that a picture that kills it takes nothing else along.

`python -m futoshiki.batch.alone` is that process. It takes the pictures from its standard input, and writes the rows of each
to its standard output as soon as they are known.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO, Any

import cloudpickle
import psutil

from futoshiki.batch.items import Item
from futoshiki.batch.reading import Reading
from futoshiki.batch.rows import Row, row_without
from futoshiki.text import shown

OUT_OF_MEMORY = 77
"""Exit code of a process that has grown beyond its limit of memory."""
WATCHED_EVERY = 0.1
"""Seconds between two looks at the memory of the process."""


def rows_alone(reading: Reading, items: Sequence[Item], memory: int | None = None) -> Iterator[list[Row]]:
    """The rows of each picture. One whose reading kills the process, or takes more `memory` in bytes, gets a row that says so.

    Raises:
        Exception: what `reading` raises about all pictures.
    """
    left = list(items)
    while left:
        with _process(reading, left, memory) as process:
            assert process.stdout is not None
            done = 0
            for rows in _sent(process.stdout):
                if isinstance(rows, Exception):
                    raise rows
                done += 1
                yield rows
        if done < len(left):
            yield [row_without(left[done], "failed", _why(left[done], process.returncode))]
        left = left[done + 1 :]


def _process(reading: Reading, items: Sequence[Item], memory: int | None) -> subprocess.Popen[bytes]:
    """A process that reads pictures."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "futoshiki.batch.alone"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin:
        cloudpickle.dump((reading, items, memory), process.stdin)
    return process


def _sent(file: IO[bytes]) -> Iterator[Any]:
    """What a process has sent until its end, which may come at any moment."""
    with suppress(EOFError, pickle.UnpicklingError):
        while True:
            yield pickle.load(file)


def _why(item: Item, code: int) -> str:
    if code == OUT_OF_MEMORY:
        return f"{shown(item.name)}: reading it takes more memory than a worker has; give workers more, with --memory"
    end = f"signal {-code}" if code < 0 else f"exit code {code}"
    return f"{shown(item.name)}: reading it ends the process ({end}), each time; please report it with the picture"


def _read_from_stdin() -> None:
    """Read the pictures on standard input. Whatever prints to standard output prints to standard error instead."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        reading, items, memory = pickle.load(sys.stdin.buffer)
        if memory:
            threading.Thread(target=_watch, args=(memory,), daemon=True).start()
        try:
            for rows in reading.rows(items):
                pickle.dump(rows, out)
                out.flush()
        except Exception as error:
            pickle.dump(error, out)


def _watch(memory: int) -> None:
    """End this process when it takes more memory, in bytes."""
    while psutil.Process().memory_info().rss < memory:
        time.sleep(WATCHED_EVERY)
    os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    _read_from_stdin()
