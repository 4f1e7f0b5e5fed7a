"""Damaged inputs through the readers, one after the other in one process: a crash, a traceback or a row that
is not accounted for ends it. Run as ``PYTHONPATH=tests python -m support.fuzz_readers --inputs 5000``.
"""

# ruff: noqa: PT018 - what is tried reads best in few lines

import argparse
import json
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from support.mutator import damaged_file

from pipeline.config.config import Config, read_config
from pipeline.errors import LeadgradeError
from pipeline.reading.ingest import read_source

MOST_SECONDS = 20
LONGEST_LINE = 2000

CONFIG = """
name: fuzz
timezone: Asia/Shanghai
tolerance: 1.0
outcome_tolerance: 1.0
sources: {leads: {path: NAME}}
attributes: {channel: {kind: categorical}, budget: {kind: numeric}, phone: {kind: text}}
label: {close: outcome, column: signed}
"""


def tried(folder: Path, config: Config, seed: int) -> str:
    """What became of a damaged input: ``read`` or the kind of error."""
    name, data = damaged_file(seed)
    path = folder / name
    path.write_bytes(data)
    leads = config.sources["leads"].model_copy(update={"path": str(path)})
    config = config.model_copy(update={"sources": {"leads": leads}})
    try:
        read = read_source(config, "leads")
    except LeadgradeError as error:
        line = str(error)
        assert "\n" not in line and "\r" not in line, repr(line)
        assert len(line) < LONGEST_LINE, len(line)
        return type(error).__name__
    used, bad = set(read.frame["row_number"]), set(read.bad_cells["row_number"])
    assert len(used) == len(read.frame), "a row is there twice"
    assert len(used | bad) == read.rows_in, f"{len(used | bad)} rows are told of {read.rows_in}"
    return "read"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    warnings.simplefilter("error")
    signal.signal(signal.SIGALRM, _too_long)
    told, slowest, began = Counter[str](), (0.0, -1), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "c.yaml").write_text(CONFIG)
        config = read_config(folder / "c.yaml")
        for seed in range(asked.first, asked.first + asked.inputs):
            if seed % 1000 == 0:
                print(f"from seed {seed}", file=sys.stderr, flush=True)
            signal.alarm(MOST_SECONDS)
            start = time.monotonic()
            try:
                told[tried(folder, config, seed)] += 1
            except BaseException:
                print(f"\nseed {seed}: {damaged_file(seed)[0]}", file=sys.stderr)
                raise
            signal.alarm(0)
            slowest = max(slowest, (time.monotonic() - start, seed))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({**told, "seconds": seconds, "slowest": slowest, "peak_mib": peak}))


def _too_long(*_: object) -> None:
    raise TimeoutError(f"more than {MOST_SECONDS} s")


if __name__ == "__main__":
    main()
