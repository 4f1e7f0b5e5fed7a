"""A graded Parquet list from Parquet tables, beside its features and LightGBM's own predictions alone.

The scorer is trained on a small world of the same laws. Run from the project's folder: ``make bench-scale``,
or ``PYTHONPATH=tests python -m benchmarks.scale_score --leads 200000``. With ``--kills`` a run is killed so
many times at random moments and gone on with, and its bytes are compared. With ``--spark`` the same list is
graded by Spark on two cores of this machine, too; that needs the extra and Java.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.scale_contest import Contender, aim, contest, report
from benchmarks.scale_floor import predict_floor
from benchmarks.scale_world import AS_OF, LARGE, ready_world

from pipeline.terminal import say

LEARNED_FROM = 10_000
SCORE, MATRIX, PREDICT = "leadgrade score", "leadgrade matrix", "Booster.predict"
SPARK = "leadgrade score, engine: spark"


def ready_scorer() -> Path:
    """A scorer trained on a small world; made once."""
    world = ready_world(LEARNED_FROM)
    scorer = world / "out" / "scorer"
    if not scorer.exists():
        _leadgrade("train", str(world / "scale.yaml"))
    return scorer


def _leadgrade(*words: str) -> None:
    subprocess.run(_command(*words), check=True, capture_output=True)


def _command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from pipeline.cli.app import main; main()", *words]


def main() -> None:
    """Run the contest; print tables and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=LARGE)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--spark", action="store_true")
    options = parser.parse_args()
    scorer, world = ready_scorer(), ready_world(options.leads)
    if options.kills:
        kill(world, scorer, options.kills)
        return
    contenders = [
        Contender(MATRIX, "benchmarks.scale_list", ("matrix", AS_OF.isoformat())),
        Contender(SCORE, "benchmarks.scale_list", ("score", AS_OF.isoformat(), str(scorer))),
    ]
    if options.spark:
        by_spark = ("spark", AS_OF.isoformat(), str(scorer))
        contenders.append(Contender(SPARK, "benchmarks.scale_list", by_spark))
    records = contest(contenders, world, options.runs, {"leads": options.leads})
    floor = _floor(world, scorer)
    matrix, score = records[:2]
    told = aim(
        "time against features and predictions", score["seconds"] / (matrix["seconds"] + floor), most=1.3
    )
    floored = {"leads": options.leads, "contender": PREDICT, "seconds": floor, "runs": 1}
    report([*records, floored], [told, aim("peak memory, GiB", score["peak_gib"], most=4.0)], "a graded list")


def _floor(world: Path, scorer: Path) -> float:
    with tempfile.TemporaryDirectory(dir=world.parent) as folder:
        out = Path(folder) / "matrix.parquet"
        _leadgrade("matrix", str(world / "scale.yaml"), "--out", str(out))
        return predict_floor(scorer, out / "*.parquet")["seconds"]


def kill(world: Path, scorer: Path, times: int) -> None:
    """Kill a run at random moments, go on with it, and compare the bytes with those of an undisturbed one."""
    rng, same = random.Random(11), 0
    with tempfile.TemporaryDirectory(dir=world.parent) as folder:
        whole, out = Path(folder) / "whole.parquet", Path(folder) / "list.parquet"
        asked = ("score", str(world / "scale.yaml"), "--reasons", "0", "--model", str(scorer), "--overwrite")
        began = time.monotonic()
        _leadgrade(*asked, "--out", str(whole))
        took = time.monotonic() - began
        for _ in range(times):
            out.unlink(missing_ok=True)
            process = subprocess.Popen(
                _command(*asked, "--out", str(out)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            moment = rng.uniform(0.1, 1.0) * took
            time.sleep(moment)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            began = time.monotonic()
            _leadgrade(*asked, "--out", str(out))
            equal = out.read_bytes() == whole.read_bytes()
            same += equal
            say(
                f"killed after {moment:.0f} of {took:.0f} s, went on for {time.monotonic() - began:.0f} s: "
                f"{'the same bytes' if equal else 'OTHER BYTES'}"
            )
    say(f"{same} of {times} the same bytes")


if __name__ == "__main__":
    main()
