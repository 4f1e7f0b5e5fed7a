"""How well calibration stands a drift: a bank's telephone sales, refitted at the start of each month.

The first 80 % of the contacts, in time order, are there from the start; each month of the last 20 % is
predicted by a scorer fitted on all contacts before it. Those that calibrate are the latest quarter of them
(so that training to calibration is 60 to 20), or the latest 1,293, as in the shipped configuration. The
share of yes rises from 5 % to 50 % over the file. The file has no years: they follow from the order of its
months, May 2008 to November 2010. By quarter are told the calibrations that were chosen in its months, and
log-loss and calibration error before and after them, with a paired 95 % interval and whether it says that
calibrating hurt.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.real_data import need
from support.on_the_road import read_tables, training_rows

from features.labels import OUTCOME, closed_column
from models.hazards import compose
from pipeline.config.config import Config, read_config
from pipeline.evaluation.calibration_effect import before_and_after, change_summary
from pipeline.fitting.fit import fit_scorer, in_periods
from pipeline.fitting.split import Periods
from pipeline.matrix import dataset
from pipeline.terminal import show

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "uci_bank_marketing.yaml"
DATA = Path("uci_bank_marketing")
FIRST_YEAR, JUDGED_SHARE = 2008, 0.2
# How many of the contacts before a month calibrate.
CALIBRATE: Mapping[str, Callable[[int], int]] = {
    "the latest quarter": lambda known: round(known / 4),
    "the latest 1,293": lambda known: 1_293,
}
METRICS = {"log_loss": "log-loss", "calibration_error": "calibration error"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def main() -> None:
    """Print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/bench/uci_quarters.json"))
    options = parser.parse_args()
    config = read_config(CONFIG, {"data_dir": str(need(DATA)), "model.threads": 1})
    rows = training_rows(config, read_tables(config).tables)
    tables = []
    for name, count in CALIBRATE.items():
        judged = predict_months(config, rows, count)
        parts = [*judged.groupby("quarter"), ("all", judged)]
        table = pd.concat([measures(str(quarter), part) for quarter, part in parts], ignore_index=True)
        for metric, label in METRICS.items():
            title = f"UCI bank marketing, last 20% of contacts, refitted monthly; {name} calibrate: {label}"
            show(for_reading(table[table["metric"] == metric]), title)
        tables.append(table.assign(calibrate=name))
    records = pd.concat(tables).to_dict("records")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def predict_months(config: Config, rows: dataset.Rows, count: Callable[[int], int]) -> pd.DataFrame:
    """A row per judged contact: ``quarter``, ``chosen`` calibration, ``closed``, ``raw``, ``calibrated``."""
    period = months(rows.frame["month"].to_list())
    start = int(len(period) * (1.0 - JUDGED_SHARE))
    parts = []
    for month in period[start:].unique():
        places = np.flatnonzero(period == month)
        first, end = max(start, int(places[0])), int(places[-1]) + 1
        judged = predict(config, rows, first - count(first), first, end)
        parts.append(judged.assign(quarter=str(month.asfreq("Q"))))
    return pd.concat(parts, ignore_index=True)


def predict(config: Config, rows: dataset.Rows, calibrate_from: int, first: int, end: int) -> pd.DataFrame:
    """Predictions of the contacts from place ``first`` to ``end`` by a scorer of those before."""
    # Row numbers count from 1.
    periods = Periods(calibrate_from + 1, first + 1)
    known = dataset.Rows(rows.frame.head(end), rows.features, rows.horizons)
    frame = in_periods(config, known, periods)
    scorer = fit_scorer(config, known, frame, ()).scorer
    new = frame[frame["period"] == "test"]
    raw = compose(scorer.model.predict_hazards(new[[feature.name for feature in rows.features]]))
    return pd.DataFrame(
        {
            "chosen": scorer.calibration.windows[-1].method,
            "closed": new[closed_column(OUTCOME)].to_numpy(np.float64),
            "raw": raw[:, -1],
            "calibrated": scorer.score(new)[f"p_{OUTCOME}"].to_numpy(),
        }
    )


def months(names: list[str]) -> pd.PeriodIndex:
    """Year and month of each contact: a month that comes before the last one is of the next year.

    >>> months(["nov", "dec", "mar"]).astype(str).tolist()
    ['2008-11', '2008-12', '2009-03']
    """
    number = np.array([MONTHS.index(name) + 1 for name in names])
    year = FIRST_YEAR + np.concatenate([[0], np.cumsum(np.diff(number) < 0)])
    return pd.PeriodIndex.from_fields(year=year, month=number, freq="M")


def measures(quarter: str, part: pd.DataFrame) -> pd.DataFrame:
    """Figures of one quarter, as ``before_and_after`` has them, with the mean of what was promised."""
    closed, raw, calibrated = (part[[name]].to_numpy() for name in ("closed", "raw", "calibrated"))
    table = before_and_after(raw, calibrated, closed, np.arange(len(part)), (OUTCOME,))
    rates = {"close rate": closed, "promised raw": raw, "promised": calibrated}
    chosen = ", ".join(part["chosen"].unique())
    return table.assign(
        quarter=quarter, chosen=chosen, **{name: float(values.mean()) for name, values in rates.items()}
    )


def for_reading(table: pd.DataFrame) -> pd.DataFrame:
    """One measure of every quarter."""
    changed = change_summary(table).drop(columns=["horizon", "metric"])
    beside = table[["quarter", "chosen"]], changed, table[["close rate", "promised raw", "promised"]]
    return pd.concat(beside, axis=1)


if __name__ == "__main__":
    sys.exit(main())
