"""Fifty features at each first of the month, some ten rows a lead: ours beside a plain Polars loop.

Run from the project's folder: ``make bench-scale``, or
``PYTHONPATH=tests python -m benchmarks.scale_snapshots``.
"""

import argparse

from benchmarks.scale_contest import Contender, aim, contest, ratio, report
from benchmarks.scale_world import AS_OF, LARGE, ready_world

OURS, LOOP = "ours", "Polars, a loop over months"
UNTIL = (AS_OF.isoformat(),)
CONTENDERS = (
    Contender(OURS, "benchmarks.scale_ours_snapshots", UNTIL),
    Contender(LOOP, "benchmarks.scale_polars_snapshots", UNTIL),
)


def main() -> None:
    """Run the contest; print tables and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=LARGE)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    records = contest(CONTENDERS, ready_world(options.leads), options.runs, {"leads": options.leads})
    aims = [
        aim("time against the loop", ratio(records, "seconds", OURS, LOOP), most=1.0),
        aim("memory against the loop", ratio(records, "peak_gib", OURS, LOOP), most=0.5),
    ]
    report(records, aims, "fifty features, monthly snapshots")


if __name__ == "__main__":
    main()
