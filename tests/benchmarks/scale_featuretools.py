"""Fifty features of a few hundred leads, each as of its own cut-off: ours beside Featuretools.

Featuretools goes over the log once for every cut-off, so the cut is small. It runs in an environment of its
own (``tests/benchmarks/featuretools.txt``); its features are compared with ours before anything is timed. Run
from the project's folder: ``make bench-featuretools``.
"""

import argparse
import tempfile
from pathlib import Path

import polars as pl
from benchmarks.scale_contest import Contender, aim, contest, ratio, report, start
from benchmarks.scale_equal import differing
from benchmarks.scale_names import NAMES
from benchmarks.scale_world import AS_OF, ready_world

from pipeline.terminal import say

OURS, FEATURETOOLS = "ours", "Featuretools"
CUT_OFF_DAYS = "60"
LEADS_COMPARED = 100


def contenders(python: str) -> tuple[Contender, Contender]:
    """Both, Featuretools by its own interpreter."""
    when = (CUT_OFF_DAYS, AS_OF.isoformat())
    return (
        Contender(OURS, "benchmarks.scale_ours_cutoffs", when),
        Contender(FEATURETOOLS, "benchmarks.scale_featuretools_cutoffs", when, python),
    )


def compare(ours: Contender, theirs: Contender, world: Path) -> None:
    """Say which features of Featuretools are ours."""
    with tempfile.TemporaryDirectory() as folder:
        tables = []
        for contender in (ours, theirs):
            out = Path(folder) / contender.name
            out.mkdir()
            start(contender, world, out).wait()
            tables.append(pl.read_parquet(out / "*.parquet"))
    other = differing(tables[1], tables[0])
    say(f"Featuretools tells {len(NAMES) - len(other)} of {len(NAMES)} as we do; others: {other or 'none'}")


def main() -> None:
    """Compare, run the contest, print tables and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", required=True, help="the interpreter that has Featuretools")
    parser.add_argument("--leads", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    both = contenders(options.python)
    compare(*both, ready_world(LEADS_COMPARED))
    records = contest(both, ready_world(options.leads), options.runs, {"leads": options.leads})
    aims = [aim("Featuretools' time against ours", ratio(records, "seconds", FEATURETOOLS, OURS), least=50)]
    report(records, aims, "fifty features, a cut-off for each lead")


if __name__ == "__main__":
    main()
