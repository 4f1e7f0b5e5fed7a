"""Loan applications cut after their k-th event: is the last offer accepted, cancelled or declined?

BPI Challenge 2012 by a prefix protocol in the manner of the published one (``benchmarks.prefixes``). Events
are stage rows, and starts and ends of work sessions. Ours: the catalogue's features as of just after the
k-th event and the sessions under way, by the close model as the project fits it, one for all k. The
rival: LightGBM with its defaults on counts of the same rows' activities, the amount, k and the time since
the start. Each outcome is one question against the rest.

As published, and as their preparation of the log has it, nothing is cut off before the outcome: late
prefixes hold it. So a mean over the prefixes in which no event tells of an outcome is given beside. Labels
of training cases are their final ones, also where they fell after the test start. Published figures are
for orientation only: their log also has when work was scheduled, and who did it, so that its first 40
events reach less far into a case.

``--inside SHARE`` splits the training cases at that share and judges there. By it two choices were made:
the sessions under way are an input, and what stays the same over a case's events is none, as a tree knows a
case again by it. Mean AUC of the three outcomes: .633 with it, .633 without and .626 by the counts at a
share of .8; .654, .662 and .650 at .6. At .8, neither k nor the counts as further inputs helped, nor
more or larger trees.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks import prefixes
from benchmarks.real_data import need
from benchmarks.rivals import OURS, compare, plain_lightgbm
from support.on_the_road import read_tables

from features.matrix.build import build_matrix
from models.metrics.scores import auc
from pipeline.config.config import Config, read_config
from pipeline.fitting.fit import fit_model
from pipeline.matrix import dataset
from pipeline.terminal import say, show

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "bpic2012.yaml"
DATA = Path("bpic2012")
COUNTS = "LightGBM on counts"
# Of the catalogue's features, those that are the same from one event of a case to the next, and those that
# are so but for the time that has passed since.
CONSTANT = (
    "created_hour",
    "created_weekday",
    "hours_to_first_call",
    "days_since_first_call",
    "days_since_first_stage",
)
SHOWN = (1, 2, 3, 5, 8, 10, 15, 20, 25, 30, 35, 40)
# AUC of Teinemaa (thesis), and of a plain LightGBM on the same log.
PUBLISHED: Mapping[str, tuple[float, float]] = {
    "accepted": (0.678, 0.692),
    "cancelled": (0.709, 0.704),
    "declined": (0.566, 0.596),
}


def main() -> None:
    """Print the means and the AUC by prefix, and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--inside", type=float, metavar="SHARE", help="judge on the rest of the training cases"
    )
    parser.add_argument("--out", type=Path, default=Path("out/bench/bpic_prefix.json"))
    options = parser.parse_args()
    config = read_config(CONFIG, {"data_dir": str(need(DATA)), "model.threads": 1})
    learn, test, inputs = read(config, options.inside)
    predictions = {name: predict(config, learn, test, inputs, name) for name in prefixes.OUTCOMES}
    cases = f"{learn['lead_id'].nunique():,} training and {test['lead_id'].nunique():,} test cases"
    means = [record for name in predictions for record in mean_records(test, name, predictions[name])]
    show(pd.DataFrame(means), f"BPIC 2012, AUC over prefixes of 1 to {prefixes.LONGEST} events, {cases}")
    lengths = [length_record(part, predictions) for _, part in test.groupby("k")]
    show(pd.DataFrame([record for record in lengths if record["k"] in SHOWN]), "AUC by prefix length")
    say(note(test))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    record = {"means": means, "by prefix": lengths}
    options.out.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def read(config: Config, inside: float | None) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, list[str]]]:
    """Rows to learn from and to judge on, in time order, and each method's inputs."""
    tables = read_tables(config).tables
    staged = dataset.stage(config, tables)
    log = prefixes.event_log(staged)
    staged = prefixes.told_apart(staged, log)
    ended = prefixes.outcomes(log)
    log = log.join(ended, on="lead_id", how="semi")
    split = prefixes.split_cases(log)
    if inside:
        log = prefixes.train_part(log, split)
        split = prefixes.split_cases(log, inside)
    cut = prefixes.cut_cases(prefixes.strict(log, split))
    features, _ = dataset.usable_features(config, tables)
    keys = staged["leads"].select("lead_id", "owner_id")
    rows = build_matrix(staged, cut.join(keys, on="lead_id"), features).join(ended, on="lead_id")
    frame = dataset.to_pandas(rows.sort("as_of", "lead_id", "k"))
    counts = [name for name in frame.columns if name.startswith(prefixes.COUNT_OF)]
    inputs = {
        OURS: [f.name for f in features if f.name not in CONSTANT] + ["sessions_under_way"],
        COUNTS: [*counts, "amount_requested", "k", "hours_since_start"],
    }
    trains = frame["lead_id"].isin(split.train)
    return frame[trains], frame[~trains].reset_index(drop=True), inputs


def predict(
    config: Config, learn: pd.DataFrame, test: pd.DataFrame, inputs: Mapping[str, list[str]], outcome: str
) -> dict[str, np.ndarray]:
    """Each method's score of the judged rows for one outcome against the rest."""
    happened = (learn["outcome"] == outcome).to_numpy(np.float64)
    labelled = learn.assign(**{f"fit_window_{outcome}": happened})
    ours, counts = inputs[OURS], inputs[COUNTS]
    model = fit_model(config.model, labelled, ours, (outcome,))
    return {
        OURS: model.predict_hazards(test[ours])[:, 0],
        COUNTS: plain_lightgbm(learn[counts], happened[:, None], test[counts])[:, 0],
    }


def mean_records(
    test: pd.DataFrame, outcome: str, predictions: Mapping[str, np.ndarray]
) -> list[dict[str, object]]:
    """Mean AUC of one outcome over all prefixes, and over those that do not tell, with paired intervals."""
    k, untold = test["k"].to_numpy(), test["told"].to_numpy() == 0
    y, cases = (test["outcome"] == outcome).to_numpy(np.float64), test["lead_id"].to_numpy(dtype=object)
    records = []
    for name, rows in (("all", np.full(len(k), True)), ("nothing tells yet", untold)):
        of_rows = {method: p[rows] for method, p in predictions.items()}
        ours, counts = compare(y[rows], of_rows, cases[rows], {"AUC": prefixes.mean_auc(k[rows])})
        record = {"outcome": outcome, "prefixes": name, "rows": int(rows.sum())}
        record |= {"ours": ours["AUC"], "counts": counts["AUC"], "ours better": counts["ours better, AUC"]}
        published, plain = PUBLISHED[outcome] if name == "all" else (None, None)
        records.append(record | {"published": published, "LightGBM there": plain})
    return records


def length_record(
    part: pd.DataFrame, predictions: Mapping[str, Mapping[str, np.ndarray]]
) -> dict[str, object]:
    """Cases of one prefix length, the share in which an event tells, and the AUC of each outcome."""
    record: dict[str, object] = {"k": int(part["k"].iloc[0]), "cases": len(part), "told": part["told"].mean()}
    for outcome, of_method in predictions.items():
        y = (part["outcome"] == outcome).to_numpy(np.float64)
        for short, method in (("ours", OURS), ("counts", COUNTS)):
            record[f"{outcome}, {short}"] = auc(y, of_method[method][part.index])
    return record


def note(test: pd.DataFrame) -> str:
    """Where prefixes come to hold the outcome."""
    told = test.groupby("k")["told"].mean()
    by_length = ", ".join(f"{told[k]:.0%} of {k}" for k in (10, 20, 30, prefixes.LONGEST) if k in told.index)
    return (
        f"An event that tells of an outcome ({', '.join(prefixes.TELLING)}) stands in "
        f"{test['told'].mean():.0%} of the prefixes; of those of so many events: {by_length}. "
        "There the outcome is read off, not foreseen: judge by the rows of which nothing tells yet."
    )


if __name__ == "__main__":
    sys.exit(main())
