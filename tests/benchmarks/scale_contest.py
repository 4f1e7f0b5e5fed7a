"""Contenders against one another: a fresh process for each run, interleaved, and the medians.

Memory is the resident memory of the contender's process and all its descendants, added up every 20
milliseconds from /proc; pages that processes share count once for each, so that several processes are rather
flattered too little. It is never less than the kernel's own peak of the first process.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd

from pipeline.terminal import say, show

CORES = 2
_GIB = 1 << 30
_POLL_S = 0.02


@dataclass(frozen=True)
class Contender:
    """Who runs: a module of the benchmarks, with further arguments, by an interpreter."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    python: str = sys.executable


def contest(
    contenders: Sequence[Contender], world: Path, runs: int, labels: Mapping[str, object]
) -> list[dict[str, object]]:
    """Run each contender in turn, ``runs`` times, and return one record of medians for each."""
    told: dict[str, list[dict[str, float]]] = {contender.name: [] for contender in contenders}
    for _ in range(runs):
        for contender in contenders:
            told[contender.name].append(once(contender, world))
            say(f"{contender.name}: {json.dumps(told[contender.name][-1])}")
    return [{**labels, "contender": name, **_medians(records)} for name, records in told.items()]


def _medians(records: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {key: median(record[key] for record in records) for key in records[0]} | {"runs": len(records)}


def once(contender: Contender, world: Path) -> dict[str, float]:
    """One run: its own times, the tree's ``peak_gib`` and the machine's ``load`` as it began."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=world.parent) as out:
        process = start(contender, world, Path(out))
        peak = _watch(process.pid)
        printed, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{contender.name} failed; its message stands above")
    return {**json.loads(printed.splitlines()[-1]), "peak_gib": peak / _GIB, "load": load}


def start(contender: Contender, world: Path, out: Path) -> subprocess.Popen[str]:
    """Start a contender on a world; it writes to ``out`` and prints its times."""
    command = [contender.python, "-m", contender.module, str(world.resolve()), str(out), *contender.arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=_environment())


def _environment() -> dict[str, str]:
    threads = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS"), str(CORES))
    here = Path(__file__).resolve()
    return {**os.environ, **threads, "PYTHONPATH": f"{here.parents[2]}{os.pathsep}{here.parents[1]}"}


def _watch(pid: int) -> int:
    """Peak resident bytes of a process and its descendants, until it ends; it is not yet waited for."""
    peak = 0
    while True:
        peak = max(peak, _resident(pid), _kernel_peak(pid))
        if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return peak
        time.sleep(_POLL_S)


def _kernel_peak(pid: int) -> int:
    lines = _read(f"/proc/{pid}/status").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def _resident(pid: int) -> int:
    pages = _read(f"/proc/{pid}/statm").split()
    own = int(pages[1]) * os.sysconf("SC_PAGE_SIZE") if pages else 0
    return own + sum(_resident(child) for child in _children(pid))


def _children(pid: int) -> Iterable[int]:
    for task in Path(f"/proc/{pid}/task").glob("*"):
        yield from map(int, _read(str(task / "children")).split())


def _read(path: str) -> str:
    """A file of /proc; empty where the process has gone."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def ratio(records: Sequence[Mapping[str, object]], what: str, one: str, other: str) -> float:
    """How many times another contender's figure one contender's is."""
    by_name = {record["contender"]: record for record in records}
    return float(by_name[one][what]) / float(by_name[other][what])


def report(records: Sequence[Mapping[str, object]], aims: Sequence[Mapping[str, object]], title: str) -> None:
    """Print the figures and the aims as tables, and both as one line of JSON."""
    show(pd.DataFrame(records), title)
    show(pd.DataFrame(aims), "aims")
    say(json.dumps({"benchmark": title, "records": records, "aims": aims}))


def aim(
    what: str, figure: float, *, most: float | None = None, least: float | None = None
) -> dict[str, object]:
    """An aim beside its figure."""
    met = (most is None or figure <= most) and (least is None or figure >= least)
    bound = f"at most {most:g}" if most is not None else f"at least {least:g}"
    return {"aim": what, "figure": round(figure, 3), "bound": bound, "met": met}
