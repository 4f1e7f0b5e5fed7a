"""A bank's telephone sales, refitted every 10 contacts: ours and its rivals in the same run.

Protocol of Moro, Cortez and Rita (2014): over the last 1,293 contacts of the file, refit on the 20,000
contacts before, predict the next 10, score all predictions together. ``duration`` is left out, as the data
set's publishers say: it is known after the call only. Our settings were chosen by the same protocol on the
contacts before the last 1,293; ``--before 1293`` judges there. Half an hour: ``make bench-slow``.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from benchmarks.real_data import need
from benchmarks.rivals import METHODS, OURS, Method, compare

from models.close.close_model import CloseModel
from models.metrics.scores import alift, auc
from pipeline.terminal import show

DATA = Path("uci_bank_marketing") / "bank-additional-full.csv.gz"
JUDGED, WINDOW, STEP = 1_293, 20_000, 10
TREES = 450


def main() -> None:
    """Print a table and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=int, default=0, help="leave out this many contacts at the end")
    parser.add_argument("--judged", type=int, default=JUDGED, help="contacts to predict")
    parser.add_argument("--step", type=int, default=STEP, help="contacts from one refit to the next")
    parser.add_argument("--methods", nargs="+", default=list(ALL), choices=list(ALL))
    parser.add_argument("--kept", type=Path, help="folder to keep predictions in, and to take them from")
    parser.add_argument("--out", type=Path, default=Path("out/bench/uci_rolling.json"))
    options = parser.parse_args()
    X, y = read(need(DATA))
    stop = len(X) - options.before
    start = stop - options.judged
    predictions = {}
    for name in options.methods:
        path = options.kept and options.kept / f"{name}, {start}-{stop} by {options.step}.npy"
        if path and path.is_file():
            predictions[name] = np.load(path)
            continue
        predictions[name] = rolling(ALL[name], X, y, start, stop, options.step)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            np.save(path, predictions[name])
    judged = slice(start, stop)
    contacts = np.arange(start, stop)
    table = compare(y[judged], predictions, contacts, {"AUC": auc, "ALIFT": alift})
    title = (
        f"UCI bank marketing without duration, contacts {start + 1:,} to {stop:,}, refit every {options.step}"
    )
    show(pd.DataFrame(table), title)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")


def read(path: Path) -> tuple[pd.DataFrame, np.ndarray]:
    """What is known before each call, and whether the client said yes, in time order."""
    rows = pd.read_csv(path, sep=";")
    return rows.drop(columns=["y", "duration"]), (rows["y"] == "yes").to_numpy(np.float64)


def rolling(
    method: Method, X: pd.DataFrame, y: np.ndarray, start: int, stop: int, step: int = STEP
) -> np.ndarray:
    """Predictions of the contacts from ``start`` to ``stop``, each by a model of the contacts before it."""
    parts = []
    for at in range(start, stop, step):
        learn, new = slice(max(0, at - WINDOW), at), slice(at, min(at + step, stop))
        parts.append(method(X[learn], y[learn, None], X[new])[:, 0])
    return np.concatenate(parts)


def ours(learn: pd.DataFrame, events: np.ndarray, new: pd.DataFrame) -> np.ndarray:
    """Our close model with all thresholds tried and a fixed number of trees; else the shipped settings.

    Both were chosen on the 3,000 contacts before those judged, refitted every 100. AUC there, by trees:

    ======================================  =====  =====  =====  =====  =====
    setting                                 150    300    450    700    1,000
    ======================================  =====  =====  =====  =====  =====
    shipped: thresholds drawn at random     .6404  .6402  .6407  .6398  .6411
    ... and 15 leaves                       .6389  .6363  .6362  .6348
    all thresholds tried                    .6425  .6482  .6487  .6480  .6470
    ... and 15 leaves                       .6448  .6455  .6440  .6430
    ... and 31 leaves                       .6456  .6453  .6444
    ... and learning rate .05               .6489  .6501  .6495  .6500
    ... and l2 of 5                         .6435  .6503  .6501
    ... and at least 20 leads in a leaf     .6428  .6475  .6488
    ... and at least 100 leads in a leaf    .6412  .6461  .6456
    ... mean of five seeds, each alone      .6431  .6489  .6498
    ... five seeds, averaged                .6437  .6503  .6509
    ======================================  =====  =====  =====  =====  =====

    Seeds differ by .0016 (standard deviation), so what gains less than .004 was not taken, averaging
    neither. ALIFT ranks the settings alike. Weights that halve every 5,000 contacts gave .648 at best.
    """
    model = CloseModel(max_trees=TREES, extra_trees=False, threads=1)
    return model.fit(learn, events).predict_hazards(new)


ALL: Mapping[str, Method] = {OURS: ours, **METHODS}


if __name__ == "__main__":
    sys.exit(main())
