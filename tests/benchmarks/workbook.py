"""How long a list takes as a workbook: its sheets made and written, once the leads are graded.

Run from the project's folder: ``PYTHONPATH=tests python -m benchmarks.workbook --leads 50000``. The leads are
drawn, with three reasons each way, a last list to compare with, two shown columns and a sheet for each of 40
agents. It prints JSON; the bar is a minute.
"""

import argparse
import json
import resource
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.config.config import Config, LabelSettings, Source
from pipeline.config.shipped import shipped
from pipeline.schemes.scheme_files import read_scheme
from pipeline.targets import Target
from pipeline.terminal import say
from pipeline.workbook.lead_list import GradedList, list_sheets
from pipeline.workbook.legend import legend_sheet
from pipeline.workbook.writer import write_workbook

AGENTS = 40
BAR_SECONDS = 60.0
REASON_EN = (
    "{n} intent questions per connected call so far; such leads close 4.3 times as often as the average"
)
REASON_ZH = "累计每次接通平均{n}个意向问题；此类客户成交率为平均的4.3倍"


def drawn(leads: int) -> GradedList:
    """A graded list of so many leads, and what stands beside it."""
    rng = np.random.default_rng(7)
    grades = np.sort(rng.choice(list("ABCDE"), leads))
    reasons = {
        f"reasons_{way}_{language}": [
            " | ".join(words.format(n=number) for number in rng.integers(0, 40, 3)) for _ in range(leads)
        ]
        for way in ("up", "down")
        for language, words in (("en", REASON_EN), ("zh", REASON_ZH))
    }
    listed = pd.DataFrame(
        {
            "rank": np.arange(1, leads + 1),
            "row_number": rng.permutation(leads) + 1,
            "lead_id": [f"L{number:07d}" for number in range(leads)],
            "as_of": "2026-07-01T00:00Z",
            "grade": grades,
            "model_version": "team/3",
            **{f"p_{days}d": rng.random(leads) for days in (30, 90, 180)},
            "expected_value": rng.random(leads) * 1e5,
            **reasons,
            "scheme_close_window": rng.choice(list("ABCDE"), leads),
            "manual_grade": rng.choice(list("ABCDE"), leads),
            "days_since_call": rng.random(leads) * 60,
            "flags_en": rng.choice(["", "decision maker not reached yet"], leads),
            "flags_zh": rng.choice(["", "尚未联系到决策人"], leads),
        }
    )
    shown = pd.DataFrame(
        {
            "phone": [f"{19_900_000_001 + number}" for number in range(leads)],
            "owner": rng.choice([f"坐席 {number:02d}" for number in range(AGENTS)], leads),
        },
        index=np.arange(1, leads + 1),
    )
    config = Config(
        name="drawn",
        simulation=True,
        timezone="Asia/Shanghai",
        sources={"leads": Source(path="l.csv")},
        label=LabelSettings(close="first_order"),
        workbook={"shown": ("phone", "owner"), "sheet_per": "owner"},
    )
    says = {letter: {"grade_en": f"closes: {letter}", "grade_zh": f"成交：{letter}"} for letter in "ABCDE"}
    last = listed.assign(grade=rng.permutation(grades), as_of="2026-06-24T00:00Z")
    scheme = read_scheme(shipped("schemes") / "close_window.yaml")
    as_of = datetime(2026, 7, 1, tzinfo=UTC)
    return GradedList(config, listed, shown, says, ("30d", "90d", "180d"), scheme, last, as_of)


def main() -> None:
    """Write the list in each language, and without a sheet for each agent; print JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=50_000)
    graded = drawn(parser.parse_args().leads)
    for written in ("zh", "both"):
        for per in (None, "owner"):
            settings = graded.config.workbook.model_copy(update={"sheet_per": per})
            config = graded.config.model_copy(update={"workbook": settings})
            say(json.dumps(_told(replace(graded, config=config), written)))


def _told(graded: GradedList, written: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.xlsx")
        began, worked = time.monotonic(), time.process_time()
        sheets = [*list_sheets(graded, written), legend_sheet(graded, written)]
        write_workbook(Target(path), sheets, written)
        seconds = time.monotonic() - began
        return {
            "leads": len(graded.leads),
            "language": written,
            "sheets": len(sheets),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(time.process_time() - worked, 1),
            "kept": seconds < BAR_SECONDS,
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        }


if __name__ == "__main__":
    main()
