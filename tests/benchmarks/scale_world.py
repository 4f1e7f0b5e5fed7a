"""The large simulated world: leads with 20 calls each over 24 months, as Parquet and a configuration.

Made from a seed; a month of calls is the most that is held at a time. The same seed gives the same bytes.
Run from the project's folder:
``PYTHONPATH=tests python -m benchmarks.scale_world out/world --leads 200000``.
"""

import argparse
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from benchmarks.scale_calls import Callers
from benchmarks.scale_leads import MONTHS, draw_leads, draw_orders, draw_stages

from pipeline.terminal import say

SEED = 11
# The export's own instant: every row of the world is known.
AS_OF = datetime(2026, 6, 30, 16, tzinfo=UTC)
SMALL, LARGE = 200_000, 1_000_000
_ROW_GROUP = 1_000_000

CONFIG = """\
# A large simulated world; every lead, customer and call in it is made up.
name: scale
simulation: true
timezone: Asia/Shanghai
currency: CNY
output_dir: out

sources:
  leads: {path: leads.parquet, exported_at: 2026-07-01}
  calls: {path: calls.parquet, exported_at: 2026-07-01, duration_unit: ms}
  orders: {path: orders.parquet, exported_at: 2026-07-01}
  stages: {path: stages.parquet, exported_at: 2026-07-01}

attributes:
  channel: {meaning: source channel, meaning_zh: 来源渠道}
  region: {meaning: region, meaning_zh: 地区}
  budget: {kind: numeric, unit: CNY, meaning: stated budget, meaning_zh: 预算}

label:
  close: first_order
  won_stages: [won]
  lost_stages: [lost]

horizons_days: [30, 90, 180]

cohort:
  at: monthly
  max_age_days: 365

split:
  calibrate_from: 2025-06-01
  test_from: 2025-12-01
"""


def write_world(folder: Path, n_leads: int, seed: int = SEED) -> None:
    """Write ``leads``, ``calls``, ``orders`` and ``stages`` as Parquet, and ``scale.yaml`` beside them."""
    folder.mkdir(parents=True)
    leads = draw_leads(n_leads, seed)
    for name, table in (
        ("leads", leads.table),
        ("orders", draw_orders(leads, seed)),
        ("stages", draw_stages(leads, seed)),
    ):
        pq.write_table(table.to_arrow(), folder / f"{name}.parquet", _ROW_GROUP, compression="zstd")
    _write_calls(folder / "calls.parquet", Callers(leads, seed))
    # Last, so that a world with a configuration is whole.
    (folder / "scale.yaml").write_text(CONFIG, encoding="utf-8")


def _write_calls(path: Path, callers: Callers) -> None:
    schema: pa.Schema = callers.month(MONTHS, 0).to_arrow().schema
    written = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for number in range(MONTHS):
            calls = callers.month(number, written)
            writer.write_table(calls.to_arrow(), _ROW_GROUP)
            written += len(calls)


def ready_world(n_leads: int) -> Path:
    """The world's folder, written first where it is not there yet.

    It lies in a folder that LEADGRADE_SCALE names, or under ``out``.
    """
    folder = Path(os.environ.get("LEADGRADE_SCALE", "out/scale")) / str(n_leads)
    if not (folder / "scale.yaml").exists():
        began = time.perf_counter()
        write_world(folder, n_leads)
        say(f"{n_leads:,} leads written to {folder} in {time.perf_counter() - began:.0f} s")
    return folder


def main() -> None:
    """Write one world."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leads", type=int, default=SMALL)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    write_world(options.folder, options.leads, options.seed)


if __name__ == "__main__":
    main()
