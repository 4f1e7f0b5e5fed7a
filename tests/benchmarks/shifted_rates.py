"""Where the close rate or its causes shift: the shipped scorer beside plain models on the same rows.

- Simulated flat lists of 9,000 rows, seeded: eight numbers with effects of their own, a channel, a campaign
  and a figure of the economy. Learned from the first 80 %, of which the last quarter is the calibration
  period, judged on the last 20 %. What shifts, and when, is in ``KINDS``.
- The bank's list (Moro, Cortez and Rita 2014) in windows of 5,000 contacts, cut likewise, up to the last
  1,293, which are left alone: other benchmarks judge there.
- The lender's log (van Dongen 2012) with the configured cohort, tested from 20 December 2011 up to the first
  of the rows that other benchmarks judge.

All learn from the same rows and inputs. *lr* is logistic regression as it is, *lr, level* the same with our
rule for the level (slope and shift by models of other leads), *hgb* histogram boosting. Differences are means
over lists of ours less theirs, with 95 % intervals over lists. Run from the project's folder:
``PYTHONPATH=tests python -m benchmarks.shifted_rates``.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
from benchmarks.real_data import find
from support.on_the_road import read_tables, training_rows

from features.catalog import catalog, features_of
from features.families.attributes import DeclaredAttribute
from models.baselines.plain_models import histogram_boosting, logistic_regression
from models.calibration.hazard_calibration import HazardCalibration
from models.metrics.scores import auc, log_loss
from pipeline.config.config import Config, LabelSettings, Model, Source, Threshold, read_config
from pipeline.fitting.fit import fit_scorer, in_periods, label_array, lead_parts, of_periods
from pipeline.fitting.split import find_periods
from pipeline.matrix.dataset import Rows
from pipeline.terminal import show

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
ROWS, NUMBERS = 9_000, 8
WINDOW, LEFT_ALONE = 5_000, 1_293
NAMES = tuple(f"n{place}" for place in range(1, NUMBERS + 1))
KINDS = (
    "steps up while we learn",
    "steps down while we learn",
    "steps up in the last rows",
    "steps down when we are judged",
    "a ramp",
    "a channel changes its meaning",
    "a campaign ends",
)
MEASURES = {"AUC": auc, "log-loss": log_loss}


def main() -> None:
    """Print tables and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="of each kind of simulated list")
    parser.add_argument("--simulated", action="store_true", help="leave the real data out")
    parser.add_argument("--out", type=Path, default=Path("out/bench/shifted_rates.json"))
    options = parser.parse_args()
    lists = [*simulated(options.seeds), *(() if options.simulated else real())]
    table = pd.DataFrame([judged(*one) for one in lists])
    show(table.groupby("list", sort=False).mean().reset_index(), "means over lists")
    show(pd.DataFrame(differences(table)), "ours less theirs, over lists")
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(table.to_dict("records"), indent=2) + "\n", encoding="utf-8")


def simulated(seeds: int) -> Iterator[tuple[str, Config, Rows]]:
    """The lists in which something shifts, each with a configuration for it."""
    config = Config(
        name="shifts",
        flat=True,
        sources={"leads": Source(path="x.csv")},
        label=LabelSettings(close="outcome", column="y"),
        grades={"A": Threshold(at_least=0.3)},
        model=Model(threads=1),
    )
    declared = [DeclaredAttribute(name, "numeric") for name in (*NAMES, "economy")]
    declared += [DeclaredAttribute(name, "categorical") for name in ("channel", "campaign")]
    names = {one.name for one in declared}
    inputs = tuple(one for one in features_of(catalog(declared)) if one.name in names)
    for kind in KINDS:
        for seed in range(1, seeds + 1):
            yield kind, config, Rows(shifting_list(kind, seed), inputs, ("outcome",))


def shifting_list(kind: str, seed: int) -> pl.DataFrame:
    """A flat list of leads of whose causes one shifts; the economy's figure moves with the calendar."""
    rng = np.random.default_rng(seed)
    place = np.arange(ROWS) / ROWS
    numbers = rng.normal(size=(ROWS, NUMBERS))
    channels, campaigns = rng.integers(0, 4, ROWS), rng.integers(0, 3, ROWS)
    of_channel, of_campaign = rng.normal(0.0, 0.5, 4), np.array([0.8, 0.0, -0.2])
    level = np.full(ROWS, -1.5)
    match kind:
        case "steps up while we learn":
            level += 1.2 * (place >= 0.46)
        case "steps down while we learn":
            level += 1.2 * (place < 0.46)
        case "steps up in the last rows":
            level += 1.0 * (place >= 0.72)
        case "steps down when we are judged":
            level += 0.7 * (place < 0.8)
        case "a ramp":
            level += 1.5 * place
        case "a campaign ends":
            campaigns = np.where((place >= 0.72) & (campaigns == 0), 1, campaigns)
    effect = of_channel[channels]
    if kind == "a channel changes its meaning":
        effect = np.where(place >= 0.46, of_channel[::-1][channels], effect)
    odds = level + numbers @ rng.normal(0.0, 0.25, NUMBERS) + effect + of_campaign[campaigns]
    closed = (rng.random(ROWS) < 1.0 / (1.0 + np.exp(-odds))).astype(np.int8)
    return pl.DataFrame(
        {
            "lead_id": [f"L{row}" for row in range(ROWS)],
            "as_of": np.arange(1, ROWS + 1),
            **dict(zip(NAMES, numbers.T, strict=True)),
            "economy": np.round(np.repeat(np.cumsum(rng.normal(size=ROWS // 300)), 300), 1),
            "channel": [f"channel {one}" for one in channels],
            "campaign": [f"campaign {one}" for one in campaigns],
            "closed_outcome": closed,
            "window_outcome": closed,
        }
    )


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
        cut = {"split.calibrate_from": "2011-12-01", "split.test_from": "2011-12-20"}
        settings = {"data_dir": str(folder), "model.threads": 1, **cut}
        config = read_config(CONFIGS / "bpic2012.yaml", settings)
        rows, judged_elsewhere = training_rows(config, read_tables(config).tables), datetime(2012, 1, 24, 23)
        earlier = rows.frame.filter(pl.col("as_of") < judged_elsewhere.replace(tzinfo=UTC))
        yield "BPIC 2012, tested from 2011-12-20", config, replace(rows, frame=earlier)


def judged(name: str, config: Config, rows: Rows) -> dict[str, object]:
    """One list: how many trees were chosen, by how much the level was moved, and every model's measures."""
    frame = in_periods(config, rows, find_periods(rows.frame, config.split))
    learn, test = of_periods(frame, "train", "calibrate"), of_periods(frame, "test")
    closed = label_array(test, rows.horizons, "closed")[:, -1]
    test, y = test[~np.isnan(closed)], closed[~np.isnan(closed)]
    columns, events = [one.name for one in rows.features], label_array(learn, rows.horizons, "fit_window")
    scorer = fit_scorer(config, rows, frame, ()).scorer
    plain = logistic_regression().fit(learn[columns], events).predict_proba(test[columns])[:, -1]
    boosted = histogram_boosting(0, 1).fit(learn[columns], events).predict_proba(test[columns])[:, -1]
    chances = {
        "ours": scorer.calibration.chances(scorer.raw_hazards(test))[:, -1],
        "lr": plain,
        "lr, level": levelled(learn, columns, events, plain),
        "hgb": boosted,
    }
    level = scorer.calibration.levels[-1]
    return {
        "list": name,
        "trees": scorer.model.trees_,
        "moved by": level.shift,
        "rate": float(y.mean()),
        **{f"{label} {who}": m(y, p) for label, m in MEASURES.items() for who, p in chances.items()},
    }


def levelled(learn: pd.DataFrame, columns: list[str], events: np.ndarray, plain: np.ndarray) -> np.ndarray:
    """Logistic regression's chances by our rule, by other leads' models: all rows' slope, newest level."""
    parts, unseen = lead_parts(learn, events), np.empty(events.shape)
    for part in np.unique(parts):
        model = logistic_regression().fit(learn.loc[parts != part, columns], events[parts != part])
        unseen[parts == part] = model.predict_proba(learn.loc[parts == part, columns])
    leads = learn["lead_id"].to_numpy(dtype=object)
    rule = HazardCalibration.fit(unseen, events, learn["as_of"].to_numpy(), leads, "sigmoid")
    return rule.chances(plain[:, None])[:, 0]


def differences(table: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Ours less each other in each measure, a record per kind of list and for all."""
    for name, part in [*table.groupby("list", sort=False), ("all", table)]:
        record: dict[str, object] = {"list": name, "lists": len(part)}
        for label in MEASURES:
            for who in ("lr", "lr, level", "hgb"):
                gap = part[f"{label} ours"] - part[f"{label} {who}"]
                reach = 1.96 * gap.std() / np.sqrt(len(gap)) if len(gap) > 1 else np.nan
                record[f"{label}, {who}"] = f"{gap.mean():+.4f} ±{reach:.4f}"
        yield record


if __name__ == "__main__":
    sys.exit(main())
