"""Starts workers on this machine, or connects to those of a scheduler."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import dask
from dask.utils import parse_bytes
from distributed import Client, LocalCluster
from distributed.utils import silence_logging_cmgr

from futoshiki.errors import ArgumentError, ClusterError
from futoshiki.text import shown

WORKER = "futoshiki.batch.worker"
"""The module that a worker of this machine loads first."""
HTTP = "127.0.0.1:0"
"""Where the scheduler of this machine serves its state: at a free port, for this machine only."""
RULES = {
    # A part that has killed one worker is read in a process of its own: it need not kill others first.
    "distributed.scheduler.allowed-failures": 0,
    # A worker holds no data that it could write to disk to become smaller: where memory is short it would wait forever.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    # Dask lets glibc give memory back at once. The next picture needs it again, which costs 0.04 s.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
    # What Dask watches all the time takes 5 % of a core in each process; at these intervals it is 1 %.
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.monitor-interval": "500ms",
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
}
"""How Dask treats workers of this machine."""
CONNECTING, WAITING = 10, 60
"""Seconds that a scheduler has to answer, and that its first worker may take to come."""


def size_in(text: str) -> int:
    """The bytes of a size as Dask understands it, such as 2GB. (Dask takes a unit alone, too, and nothing at all as one byte.)

    Raises:
        ArgumentError: it is none, or zero.
    """
    with suppress(ValueError, OverflowError):
        if text[:1].isdigit() and (size := parse_bytes(text)):
            return size
    raise ArgumentError(f"{shown(text)}: expected a size, such as 2GB, 1.5GiB or 800MB")


@contextmanager
def local_workers(count: int | None = None, memory: int | None = None) -> Iterator[Client]:
    """Processes on this machine, by default one for each core. A worker that takes more `memory` in bytes is replaced.

    Raises:
        ClusterError: they cannot be started.
    """
    with dask.config.set(RULES), silence_logging_cmgr(logging.CRITICAL):
        try:
            cluster = LocalCluster(
                n_workers=count or dask.system.CPU_COUNT, threads_per_worker=1, processes=True, memory_limit=memory or "auto",
                dashboard_address=HTTP, preload=[WORKER], silence_logs=logging.CRITICAL,
            )  # fmt: skip
        except Exception as error:
            raise ClusterError(f"the workers cannot be started: {error}") from error
        with cluster, Client(cluster, set_as_default=False) as client:
            yield client


@contextmanager
def workers_of(scheduler: str) -> Iterator[Client]:
    """The workers of a Dask scheduler, by its address.

    Raises:
        ClusterError: nothing answers, or there are no workers.
    """
    with silence_logging_cmgr(logging.CRITICAL):
        try:
            client = Client(scheduler, timeout=CONNECTING, set_as_default=False)
        except (OSError, asyncio.TimeoutError, ValueError) as error:
            raise ClusterError(f"no scheduler answers at {shown(scheduler)}; start one: dask scheduler") from error
        with client:
            try:
                client.wait_for_workers(1, timeout=WAITING)
            except (OSError, asyncio.TimeoutError) as error:
                raise ClusterError(f"{shown(scheduler)} has no workers; start one: dask worker {shown(scheduler)}") from error
            yield client
