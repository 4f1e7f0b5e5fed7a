"""Where parts of a job are done: in this process, on all cores of this machine, or on Spark.

A part is a function's argument that says what to do by name; what it reads and writes lies in a folder
that every worker sees. So an engine only decides who does which part, never how.
"""

import multiprocessing
import os
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, Protocol, TypeVar

from pipeline.errors import MachineError

_T = TypeVar("_T")

# Fewer parts are done sooner than a process has started.
POOL_FROM = 4

# One thread for each worker: the workers are as many as the cores.
_ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


def hush() -> None:
    """Keep what PySpark says of pandas, where it is installed and something imports it, from every screen."""
    warnings.filterwarnings("ignore", "PySpark does not yet", FutureWarning)


class Engine(Protocol):
    """What does parts."""

    def each(self, do: Callable[[_T], int], parts: Sequence[_T]) -> Iterator[int]:
        """Do all parts and give back each one's answer as it is done, in no certain order."""


@contextmanager
def opened(name: str) -> Iterator[Engine]:
    """An engine by its name in the configuration: ``local`` or ``spark``.

    Raises:
        MachineError: Spark is not installed.
    """
    if name == "spark":
        yield _Spark()
        return
    local = _Local()
    try:
        yield local
    finally:
        local.close()


class _Local:
    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def each(self, do: Callable[[_T], int], parts: Sequence[_T]) -> Iterator[int]:
        if len(parts) < POOL_FROM or _cores() == 1:
            yield from map(do, parts)
            return
        self._pool = self._pool or _started(_cores())
        doing = [self._pool.submit(do, part) for part in parts]
        for done in as_completed(doing):
            yield done.result()

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _started(workers: int) -> ProcessPoolExecutor:
    # A fresh interpreter each: a fork of one whose libraries run threads may hang.
    fresh = multiprocessing.get_context("spawn")
    kept = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(_ONE_THREAD)
    try:
        pool = ProcessPoolExecutor(workers, fresh, _end_with_parent)
        for ready in [pool.submit(os.getpid) for _ in range(workers)]:
            ready.result()
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    return pool


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    hush()
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def watch() -> None:
            wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


class _Spark:
    """Each part is one Spark task; the session is the running one, or a new one by Spark's own settings."""

    def __init__(self) -> None:
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, and slow to import
        except ImportError:
            raise MachineError(
                "engine: spark needs PySpark: pip install 'leadgrade[spark]', and Java 17 or newer"
            ) from None
        builder: Any = SparkSession.builder.appName("leadgrade")
        for name, value in _ONE_THREAD.items():
            builder = builder.config(f"spark.executorEnv.{name}", value)
        self._session = builder.getOrCreate()

    def each(self, do: Callable[[_T], int], parts: Sequence[_T]) -> Iterator[int]:
        context = self._session.sparkContext
        yield from context.parallelize(list(parts), max(1, len(parts))).map(do).collect()
