"""Rows of the matrix with a planted law, for tests of fitting: no files and no features to compute."""

from dataclasses import replace

import numpy as np
import polars as pl
from support.tables_as_text import instant

from features.catalog import catalog, features_of
from features.families.attributes import DeclaredAttribute
from pipeline.config.config import Config, LabelSettings, Model, Source, Threshold
from pipeline.matrix.dataset import Rows

NAMES = ("x", "z")
MODEL = Model(threads=1, max_trees=60, learning_rate=0.1, min_leads_in_leaf=10, early_stopping_trees=10)


def inputs(*names):
    declared = catalog([DeclaredAttribute(name, "numeric") for name in NAMES])
    return tuple(feature for feature in features_of(declared) if feature.name in names)


def config_of(flat, **changes):
    own = {
        "flat": flat,
        "label": LabelSettings(close="outcome", column="y", closed_at=None if flat else "at"),
        "grades": {"A": Threshold(at_least=0.3) if flat else Threshold(by_days=30, at_least=0.3)},
        "model": MODEL,
    }
    if not flat:
        own["horizons_days"] = (30, 60)
    return Config(name="planted", sources={"leads": Source(path="x.csv")}, **{**own, **changes})


def flat_rows(n, seed=1, turn=None):
    """A flat list in which ``x`` raises the chance; from row ``turn`` on it lowers it."""
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, n))
    sign = np.where(np.arange(n) < (n if turn is None else turn), 1.0, -1.0)
    closed = rng.random(n) < 1.0 / (1.0 + np.exp(1.0 - 2.0 * sign * x))
    frame = pl.DataFrame(
        {
            "lead_id": [f"L{place}" for place in range(n)],
            "as_of": np.arange(1, n + 1),
            "x": x,
            "z": z,
            "closed_outcome": closed.astype(np.int8),
            "window_outcome": closed.astype(np.int8),
        }
    )
    return Rows(frame, inputs("x", "z"), ("outcome",))


def dated_rows(months, leads_a_month, seed=1):
    """New leads at each first of a month from January 2023, all known up to the end of the last month."""
    rng = np.random.default_rng(seed)
    as_ofs = [instant(f"{2023 + month // 12}-{month % 12 + 1:02d}-01") for month in range(months)]
    until = instant(f"{2023 + months // 12}-{months % 12 + 1:02d}-01")
    n = months * leads_a_month
    x, z = rng.normal(size=(2, n))
    days = rng.exponential(120.0 * np.exp(-x))
    frame = pl.DataFrame(
        {
            "lead_id": [f"L{place:05d}" for place in range(n)],
            "as_of": [as_of for as_of in as_ofs for _ in range(leads_a_month)],
            "x": x,
            "z": z,
            "days_since_first_call": [
                None if place % 5 == 0 else float(7 * place % 500) for place in range(n)
            ],
            "days": days,
        }
    )
    return Rows(relabel(frame, until), inputs("x", "z"), ("30d", "60d"), until)


def relabel(frame, until):
    """The labels of the horizons 30 and 60 days, from the days until the close."""
    as_of, days = pl.col("as_of"), pl.col("days")
    for start, end in ((0, 30), (30, 60)):
        ripe = as_of + pl.duration(days=end) <= until
        frame = frame.with_columns(
            pl.when(ripe).then((days < end).cast(pl.Int8)).alias(f"closed_{end}d"),
            pl.when(ripe & (days >= start)).then((days < end).cast(pl.Int8)).alias(f"window_{end}d"),
        )
    return frame


def with_frame(rows, frame):
    return replace(rows, frame=frame)
