"""Where parts of a job are done: in this process, on all cores of this machine, or on Spark.

A part is a function's argument that says what to do by name; what it reads and writes lies in a folder
that every worker sees. So an engine only decides who does which part, never how.
"""

import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from pipeline.errors import MachineError

_T = TypeVar("_T")

# One thread for each Spark worker: the workers are as many as the cores.
_ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


def hush() -> None:
    """Keep what PySpark says of pandas, where it is installed and something imports it, from every screen."""
    warnings.filterwarnings("ignore", "PySpark does not yet", FutureWarning)


class Engine(Protocol):
    """What does parts."""

    def each(self, do: Callable[[_T], int], parts: Sequence[_T]) -> Iterator[int]:
        """Do all parts and give back each one's answer, in their order."""


@contextmanager
def opened_engine(name: str) -> Iterator[Engine]:
    """An engine by its name in the configuration: ``local`` or ``spark``.

    Raises:
        MachineError: Spark is not installed.
    """
    if name == "spark":
        yield _Spark()
        return
    with ThreadPoolExecutor(_cores(), "leadgrade") as threads:
        yield _Local(threads)


class _Local:
    """Threads: the libraries that do the work let go of the interpreter while they compute.

    They need no start, hold what all parts read once, and are gone with the program however it ends.
    """

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self._threads = threads

    def each(self, do: Callable[[_T], int], parts: Sequence[_T]) -> Iterator[int]:
        doing = [self._threads.submit(do, part) for part in parts]
        try:
            # In their order, so that of two faults the same one is told each time.
            for part in doing:
                yield part.result()
        finally:
            # After a failure or an interruption nobody wants what has not begun.
            for part in doing:
                part.cancel()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        self._context = builder.getOrCreate().sparkContext
        if self._context.master.startswith("local") and "PYSPARK_PYTHON" not in os.environ:
            # On this machine the workers are what runs this, not whichever Python the path has first.
            self._context.pythonExec = sys.executable

    def each(self, do: Callable[[_T], int], parts: Sequence[_T]) -> Iterator[int]:
        yield from self._context.parallelize(list(parts), max(1, len(parts))).map(do).collect()
