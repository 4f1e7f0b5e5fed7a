"""Fifty features of every lead as of one instant: ours beside DuckDB, pandas and Polars by hand.

Each contender reads the same Parquet files and writes its features as Parquet. Run from the project's
folder: ``make bench-scale``, or ``PYTHONPATH=tests python -m benchmarks.scale_features --leads 200000``.
"""

import argparse

from benchmarks.scale_contest import Contender, aim, contest, ratio, report
from benchmarks.scale_world import AS_OF, LARGE, SMALL, ready_world

OURS, DUCKDB, PANDAS, POLARS = "ours", "DuckDB, one query", "pandas", "Polars, whole table"
INSTANT = (AS_OF.isoformat(),)
CONTENDERS = (
    Contender(OURS, "benchmarks.scale_ours", INSTANT),
    Contender(DUCKDB, "benchmarks.scale_duckdb", INSTANT),
    Contender(PANDAS, "benchmarks.scale_pandas", INSTANT),
    Contender(POLARS, "benchmarks.scale_polars", INSTANT),
)


def main() -> None:
    """Run the contest on each size; print tables and JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", nargs="+", default=["both"], help="numbers of leads, or both")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", nargs="+", help="modules of the contenders that run")
    options = parser.parse_args()
    sizes = [SMALL, LARGE] if options.leads == ["both"] else [int(size) for size in options.leads]
    chosen = [one for one in CONTENDERS if not options.only or one.module.endswith(tuple(options.only))]
    by_size = {size: contest(chosen, ready_world(size), options.runs, {"leads": size}) for size in sizes}
    records = [record for of_size in by_size.values() for record in of_size]
    report(records, [] if options.only else aims(by_size), "fifty features as of one instant")


def aims(by_size: dict[int, list[dict[str, object]]]) -> list[dict[str, object]]:
    """What the largest size is to keep, and the growth from the smallest."""
    largest, smallest = by_size[max(by_size)], by_size[min(by_size)]
    ours = next(record for record in largest if record["contender"] == OURS)
    told = [
        aim("time against DuckDB", ratio(largest, "seconds", OURS, DUCKDB), most=1.25),
        aim("time against pandas", ratio(largest, "seconds", OURS, PANDAS), most=0.25),
        aim("peak memory, GiB", ours["peak_gib"], most=1.0),
    ]
    if len(by_size) > 1:
        small = next(record for record in smallest if record["contender"] == OURS)
        told.append(aim("growth of the time", ours["seconds"] / small["seconds"], most=5.5))
    return told


if __name__ == "__main__":
    main()
