"""Loan applications that are still open after 1, 3, 7 and 14 days: will they be approved within 30?

BPI Challenge 2012 with the cohort and the split of ``configs/bpic2012.yaml``. Ours is the scorer that the
project fits and calibrates; the rivals are fitted on the training period of the same matrix, naive Bayes
on what a CRM would see of it (attributes and stage). AUC and Brier score on the test period by as-of day.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.real_data import need
from benchmarks.rivals import METHODS, OURS, compare
from support.on_the_road import read_tables, training_rows

from features.labels import horizon_name
from models.baselines.naive_bayes import CrmNaiveBayes
from models.metrics.scores import auc, brier
from pipeline.config.config import Config, read_config
from pipeline.evaluation.baselines import crm_columns, stage_order
from pipeline.fitting.fit import fit_scorer, in_periods, label_array
from pipeline.fitting.split import find_periods
from pipeline.terminal import show

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "bpic2012.yaml"
DATA = Path("bpic2012")
CRM = "naive Bayes (CRM)"


def main() -> None:
    """Print a table per as-of day and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/bench/bpic_days.json"))
    options = parser.parse_args()
    config = read_config(CONFIG, {"data_dir": str(need(DATA)), "model.threads": 1})
    test, closed, predictions = predict(config)
    day = test["days_since_created"].round().astype(int).to_numpy()
    records = []
    for chosen in (*config.cohort.days, None):
        rows = ~np.isnan(closed) & (True if chosen is None else day == chosen)
        table = compare(
            closed[rows],
            {name: p[rows] for name, p in predictions.items()},
            test["lead_id"].to_numpy(dtype=object)[rows],
            {"AUC": auc, "Brier": brier},
            frozenset({"Brier"}),
        )
        when = "all days" if chosen is None else f"day {chosen}"
        counts = {"as-of": when, "rows": int(rows.sum()), "closes": int(closed[rows].sum())}
        told = "BPIC 2012, approved within 30 days, {as-of}: {rows} rows, {closes} closes".format(**counts)
        show(pd.DataFrame(table), told)
        records += [counts | record for record in table]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def predict(config: Config) -> tuple[pd.DataFrame, np.ndarray, dict[str, np.ndarray]]:
    """Rows of the test period, whether they closed (NaN where not ripe), and each method's probabilities."""
    rows = training_rows(config, read_tables(config).tables)
    frame = in_periods(config, rows, find_periods(rows.frame, config.split))
    learn, test = frame[frame["period"] != "test"], frame[frame["period"] == "test"]
    horizon = horizon_name(config.horizons_days[-1])
    events = label_array(learn, rows.horizons, "fit_window")
    columns = [feature.name for feature in rows.features]
    told = crm_columns(config, columns)
    crm = CrmNaiveBayes(stage_order(learn)).fit(learn[told], events)
    predictions = {
        OURS: fit_scorer(config, rows, frame, ()).scorer.score(test)[f"p_{horizon}"].to_numpy(),
        CRM: crm.predict_proba(test[told])[:, -1],
    }
    for name, method in METHODS.items():
        if name != CRM:
            predictions[name] = method(learn[columns], events, test[columns])[:, -1]
    return test, label_array(test, rows.horizons, "closed")[:, -1], predictions


if __name__ == "__main__":
    sys.exit(main())
