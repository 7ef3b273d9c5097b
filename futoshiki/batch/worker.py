"""What Dask calls in a worker."""

from __future__ import annotations

import signal
from collections.abc import Sequence

from distributed import Worker, get_worker

from futoshiki.batch.alone import rows_alone
from futoshiki.batch.items import Item
from futoshiki.batch.reading import Reading
from futoshiki.batch.rows import Row


def read_all(reading: Reading, items: Sequence[Item]) -> list[Row]:
    """The rows of pictures, read in this process."""
    return [row for rows in reading.rows(items) for row in rows]


def read_alone(reading: Reading, items: Sequence[Item]) -> list[Row]:
    """The rows of pictures that have killed a worker, read in processes of their own with the memory of this worker."""
    memory = get_worker().memory_manager.memory_limit
    return [row for rows in rows_alone(reading, items, memory) for row in rows]


def dask_setup(worker: Worker) -> None:
    """Leave Ctrl-C to the driver, which lets its workers finish; Dask calls this when it starts a worker of this machine."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
