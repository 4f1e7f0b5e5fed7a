"""Where the close rate shifts inside the training period: our close model beside logistic regression.

- Four simulated flat lists, seeded: 9,000 rows of eight numbers, whose effects stay while the close rate
  steps once, at 46 % of the rows. Learned from the first 60 %, judged on the last 20 %.
- The bank's list (Moro, Cortez and Rita 2014) in windows of 5,000 contacts, cut likewise, up to the last
  1,293, which are left alone: other benchmarks judge there.
- The lender's log (van Dongen 2012) with the configured cohort, calibrating from 10 December 2011.

Both learn from the same rows and inputs, with the shipped settings. *trees* is the number that was chosen; a
step that leaves one tree or few has stopped the learning. Ours is better where *ours better* is above 0, with
a paired 95 % interval over leads. Run from the project's folder:
``PYTHONPATH=tests python -m benchmarks.shifted_rates``.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from benchmarks.real_data import find
from support.on_the_road import read_tables, training_rows

from features.catalog import catalog, features_of
from features.families.attributes import DeclaredAttribute
from models.baselines.plain_models import logistic_regression
from models.hazards import compose
from models.metrics.bootstrap import paired_interval
from models.metrics.scores import auc
from pipeline.config.config import Config, LabelSettings, Model, Source, Threshold, read_config
from pipeline.fitting.fit import fit_model, in_periods, label_array
from pipeline.fitting.split import find_periods
from pipeline.matrix.dataset import Rows
from pipeline.terminal import show

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
ROWS, NUMBERS, STEP_AT = 9_000, 8, 0.46
# Close rate before and after the step, about, by seed.
STEPS = {1: (0.35, 0.10), 2: (0.10, 0.35), 3: (0.20, 0.08), 4: (0.45, 0.20)}
WINDOW, LEFT_ALONE = 5_000, 1_293
NAMES = tuple(f"n{place}" for place in range(1, NUMBERS + 1))


def main() -> None:
    """Print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulated", action="store_true", help="leave the real data out")
    parser.add_argument("--out", type=Path, default=Path("out/bench/shifted_rates.json"))
    options = parser.parse_args()
    lists = [*simulated(), *(() if options.simulated else real())]
    table = pd.DataFrame([judged(*one) for one in lists])
    show(table, "a close rate that shifts while we learn: ours and logistic regression")
    means = table.groupby(table["list"].str.split(",").str[0], sort=False)[["AUC", "AUC logistic"]].mean()
    show(means.reset_index(), "mean AUC")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(table.to_dict("records"), indent=2) + "\n", encoding="utf-8")


def simulated() -> Iterator[tuple[str, Config, Rows]]:
    """The lists whose close rate steps, each with a configuration for it."""
    config = Config(
        name="steps",
        flat=True,
        sources={"leads": Source(path="x.csv")},
        label=LabelSettings(close="outcome", column="y"),
        grades={"A": Threshold(at_least=0.3)},
        model=Model(threads=1),
    )
    features = features_of(catalog([DeclaredAttribute(name, "numeric") for name in NAMES]))
    inputs = tuple(feature for feature in features if feature.name in NAMES)
    for seed, (before, after) in STEPS.items():
        yield f"simulated, {before:.0%} to {after:.0%}", config, stepping_list(seed, before, after, inputs)


def stepping_list(seed: int, before: float, after: float, inputs: tuple) -> Rows:
    """A flat list of leads whose chances have the same causes before and after the step."""
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(ROWS, NUMBERS))
    effects = rng.normal(0.0, 0.2, NUMBERS)
    level = np.where(
        np.arange(ROWS) < STEP_AT * ROWS, np.log(before / (1 - before)), np.log(after / (1 - after))
    )
    closed = (rng.random(ROWS) < 1.0 / (1.0 + np.exp(-level - numbers @ effects))).astype(np.int8)
    frame = pl.DataFrame(
        {
            "lead_id": [f"L{place}" for place in range(ROWS)],
            "as_of": np.arange(1, ROWS + 1),
            **dict(zip(NAMES, numbers.T, strict=True)),
            "closed_outcome": closed,
            "window_outcome": closed,
        }
    )
    return Rows(frame, inputs, ("outcome",))


def real() -> Iterator[tuple[str, Config, Rows]]:
    """The bank's list in windows, and the lender's log; whichever is there."""
    folder = find(Path("uci_bank_marketing"))
    if folder is not None:
        shares = {"split.calibrate_from": None, "split.test_from": None}
        settings = {"data_dir": str(folder), "model.threads": 1, **shares}
        config = read_config(CONFIGS / "uci_bank_marketing.yaml", settings)
        rows = training_rows(config, read_tables(config).tables)
        for first in range(0, rows.frame.height - LEFT_ALONE - WINDOW + 1, WINDOW):
            part = rows.frame.slice(first, WINDOW).with_columns(pl.int_range(1, WINDOW + 1).alias("as_of"))
            yield f"UCI, contacts from {first + 1:,}", config, replace(rows, frame=part)
    folder = find(Path("bpic2012"))
    if folder is not None:
        settings = {"data_dir": str(folder), "model.threads": 1, "split.calibrate_from": "2011-12-10"}
        config = read_config(CONFIGS / "bpic2012.yaml", settings)
        yield "BPIC 2012, cut 2011-12-10", config, training_rows(config, read_tables(config).tables)


def judged(name: str, config: Config, rows: Rows) -> dict[str, object]:
    """One list: how many trees were chosen, and the AUC of both on the test period."""
    frame = in_periods(config, rows, find_periods(rows.frame, config.split))
    learn, test = frame[frame["period"] == "train"], frame[frame["period"] == "test"]
    closed = label_array(test, rows.horizons, "closed")[:, -1]
    ripe = ~np.isnan(closed)
    test, y, columns = test[ripe], closed[ripe], [feature.name for feature in rows.features]
    ours = fit_model(config.model, learn, columns, rows.horizons)
    plain = logistic_regression().fit(learn[columns], label_array(learn, rows.horizons, "fit_window"))
    mine, its = compose(ours.predict_hazards(test[columns]))[:, -1], plain.predict_proba(test[columns])[:, -1]
    gain = paired_interval(auc, y, mine, its, test["lead_id"].to_numpy(dtype=object))
    return {
        "list": name,
        "rows": len(learn),
        "trees": ours.trees_,
        "AUC": auc(y, mine),
        "AUC logistic": auc(y, its),
        "ours better": f"{gain.estimate:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})",
    }


if __name__ == "__main__":
    sys.exit(main())
