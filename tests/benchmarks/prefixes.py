"""Prefixes of cases: an event log out of staged tables, its labels, its split by time, and a mean AUC.

The manner of Teinemaa, Dumas, La Rosa and Maggi, Outcome-Oriented Predictive Process Monitoring, ACM TKDD
13 (2019): a case is cut after its k-th event, its label is its last offer event, the first cases by start
train, and what happened in them after the first test case began is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from models.metrics.scores import Metric, auc

LONGEST = 40
TRAIN_SHARE = 0.8

# An outcome is a last offer event of this name.
OUTCOMES: Mapping[str, str] = {
    "accepted": "O_ACCEPTED",
    "cancelled": "O_CANCELLED",
    "declined": "O_DECLINED",
}
# Who has seen one of these may know how the case ends.
TELLING = (*OUTCOMES.values(), "A_APPROVED", "A_REGISTERED", "A_ACTIVATED", "A_DECLINED", "A_CANCELLED")

COUNT_OF = "count of "

_TICK = pl.duration(microseconds=1)


@dataclass(frozen=True)
class Split:
    """Cases of the two periods, and when the first test case began."""

    train: frozenset[str]
    test: frozenset[str]
    test_from: datetime


def event_log(staged: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Stage rows, starts and ends of sessions: ``lead_id``, ``k``, ``at``, ``activity``, ``kind``, ``row``.

    Events of a case at one instant are put one microsecond after another, starts before stages before
    ends and then by name, so that each has an instant of its own. ``row`` is the place in its table.
    """
    sessions, stages = (staged[name].with_row_index("row") for name in ("calls", "stages"))
    kinds = (("start", sessions, "started_at"), ("stage", stages, "known_at"), ("end", sessions, "known_at"))
    events = pl.concat(
        table.select(
            "lead_id",
            at=time,
            activity=pl.col("stage") if kind == "stage" else pl.col("activity") + f" {kind}",
            order=pl.lit(place),
            kind=pl.lit(kind),
            row="row",
        )
        for place, (kind, table, time) in enumerate(kinds)
    ).sort("lead_id", "at", "order", "activity", "row")
    return events.select(
        "lead_id",
        pl.int_range(1, pl.len() + 1).over("lead_id").alias("k"),
        pl.col("at") + pl.int_range(pl.len()).over("lead_id", "at") * _TICK,
        "activity",
        "kind",
        "row",
    )


def told_apart(staged: Mapping[str, pl.DataFrame], log: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The staged tables, each row known from its own instant in the log: a session when it has ended."""
    times = {
        table: log.filter(pl.col("kind") == kind).sort("row")["at"]
        for table, kind in (("calls", "end"), ("stages", "stage"))
    }
    dated = {
        name: staged[name].with_columns(known_at=at).sort("lead_id", "known_at") for name, at in times.items()
    }
    return {**staged, **dated}


def outcomes(log: pl.DataFrame) -> pl.DataFrame:
    """``lead_id`` and its outcome's name, of the cases whose last offer event is one."""
    offers = log.filter(pl.col("activity").str.starts_with("O_"))
    last = offers.group_by("lead_id").agg(pl.col("activity").sort_by("k").last())
    names = {activity: name for name, activity in OUTCOMES.items()}
    ended = last.filter(pl.col("activity").is_in(list(names)))
    return ended.select("lead_id", outcome=pl.col("activity").replace_strict(names, return_dtype=pl.String))


def split_cases(log: pl.DataFrame, share: float = TRAIN_SHARE) -> Split:
    """The first cases by start train, the others test."""
    begun = log.group_by("lead_id").agg(pl.col("at").min()).sort("at", "lead_id")
    cut = int(share * begun.height)
    cases = begun["lead_id"].to_list()
    return Split(frozenset(cases[:cut]), frozenset(cases[cut:]), begun["at"][cut])


def strict(log: pl.DataFrame, split: Split) -> pl.DataFrame:
    """The log without what happened in training cases from the first test case's start on."""
    return log.filter(pl.col("lead_id").is_in(list(split.test)) | (pl.col("at") < split.test_from))


def train_part(log: pl.DataFrame, split: Split) -> pl.DataFrame:
    """What happened in the training cases before the first test case began."""
    return strict(log, split).filter(pl.col("lead_id").is_in(list(split.train)))


def cut_cases(log: pl.DataFrame, longest: int = LONGEST) -> pl.DataFrame:
    """A row per case and k, up to the case's own length and ``longest``: what the first k events hold.

    Returns:
        ``lead_id``, ``k``, ``as_of`` (just after the k-th event), ``hours_since_start``, ``told`` (an event
        that tells of an outcome is among the k), ``sessions_under_way``, and a count per activity.
    """
    names = log["activity"].unique().sort().to_list()

    def so_far(which: pl.Expr) -> pl.Expr:
        return which.cast(pl.Int64).cum_sum().over("lead_id")

    kind, activity = pl.col("kind"), pl.col("activity")
    rows = log.sort("lead_id", "k").select(
        "lead_id",
        "k",
        (pl.col("at") + _TICK).alias("as_of"),
        hours_since_start=(pl.col("at") - pl.col("at").first().over("lead_id")).dt.total_seconds() / 3600,
        told=so_far(activity.is_in(TELLING)) > 0,
        sessions_under_way=so_far(kind == "start") - so_far(kind == "end"),
        **{f"{COUNT_OF}{name}": so_far(activity == name) for name in names},
    )
    return rows.filter(pl.col("k") <= longest)


def mean_auc(k: npt.NDArray[np.int64]) -> Metric:
    """AUC of the rows of each k, weighted by how many they are; a k with one outcome only does not count.

    >>> mean_auc(np.array([1, 1, 2, 2, 2, 3]))([1, 0, 1, 0, 0, 1], [0.9, 0.1, 0.5, 0.5, 0.7, 0.2])
    0.55
    """
    places = [np.flatnonzero(k == length) for length in np.unique(k)]

    class MeanAuc(Metric):
        def over(self, y: npt.ArrayLike, p: npt.ArrayLike, weights: np.ndarray) -> np.ndarray:
            closed, score = np.asarray(y), np.asarray(p)
            values = np.array([auc.over(closed[at], score[at], weights[:, at]) for at in places])
            cases = np.array([weights[:, at].sum(axis=1) for at in places]) * ~np.isnan(values)
            total = cases.sum(axis=0)
            weighted = (np.nan_to_num(values) * cases).sum(axis=0)
            return np.divide(weighted, total, out=np.full(len(total), np.nan), where=total > 0)

        def with_options(self, **options: float) -> Metric:
            return self

    return MeanAuc(auc.function)
