"""A backtest as a pure value: refits at every origin, and all their predictions judged together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.labels import closed_column
from features.schemes.declaration import Scheme
from models.arrays import Floats
from pipeline import terminal
from pipeline.config.config import Config
from pipeline.errors import TrainingError
from pipeline.evaluation.evaluate import tested_systems
from pipeline.evaluation.leaderboard import METRICS, System, leaderboard
from pipeline.fitting.enough import check_enough
from pipeline.fitting.fit import fit_scorer, label_array
from pipeline.fitting.periods import Slices
from pipeline.fitting.search import Searched, search
from pipeline.language.sentence import Sentence
from pipeline.matrix.dataset import Rows
from pipeline.schemes.scheme_grades import usable_schemes
from pipeline.training.origins import Origin, Plan, find_origins

DAYS = "days_since_first_call"
# Left ends of the bins, in days.
DAY_BINS = {"0-7": 0.0, "7-30": 7.0, "30-90": 30.0, "90-365": 90.0, "365 and more": 365.0}
NO_CALL = "no call"

# More origins than this are told together, so that a period has enough closes to say something.
MOST_PERIODS = 12
SCORED = ("auc", "brier", "log_loss", "calibration_error")


@dataclass(frozen=True)
class Backtest:
    """What a backtest found.

    Attributes:
        predictions: one row per predicted row of the matrix, in time order: ``lead_id``, ``as_of``,
            ``origin`` (where the model that predicts was fitted; in a flat list its first predicted row),
            ``period`` (the origin, or the first of several told together), ``days_since_first_call``
            (where there are calls: the bin), ``p_30d`` ..., ``score``, ``grade``, ``closed_30d`` ...
        board: all predictions together, from ``leaderboard.leaderboard``: the model, and the rules that
            could be used at every origin.
        by_period: a row per period and horizon: ``rows``, ``closes``, ``promised`` and ``rate`` (mean
            probability and close rate), AUC, Brier, log-loss and calibration error.
        by_days: the same by days since the first call; empty without calls.
        searched: the search for the model's parameters, if there was one.
    """

    predictions: pd.DataFrame
    board: pd.DataFrame
    by_period: pd.DataFrame
    by_days: pd.DataFrame
    searched: Searched | None


def backtest_rows(
    config: Config,
    rows: Rows,
    schemes: Sequence[Scheme],
    plan: Plan,
    dropped: Collection[str] = frozenset(),
) -> Backtest:
    """Refit at each origin on what was known then, predict up to the next, and judge all together.

    A search for parameters, where the configuration asks for one, is made once, in the training part of the
    first window: before everything that is predicted.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        schemes: rule schemes to judge on the same rows.
        plan: how to go forward.
        dropped: features that every refit and the search must do without; rules may still read them.

    Raises:
        ConfigError, TrainingError: as ``find_origins``; or a window has too few leads or closes.
    """
    slices = Slices(config, rows)
    origins = find_origins(slices, plan)
    _check(slices, origins)
    searched = None
    if config.search.trials:
        searched = search(Slices(config, rows.without(dropped)), origins[0].since, origins[0].calibrate_from)
        config = config.with_model(searched.model)
    refits = [
        _refit(config, slices, origin, schemes, dropped)
        for origin in terminal.stepping(origins, Sentence("refitting"))
    ]
    return _judge(config, refits, slices.rows.horizons, searched)


def _check(slices: Slices, origins: Sequence[Origin]) -> None:
    for origin in origins:
        frame = slices.cut(origin.since, origin.periods, origin.until)
        try:
            check_enough(slices.config, frame, slices.rows.horizons, origin.periods)
        except TrainingError as error:
            raise TrainingError(f"backtest: {error}; or give a longer --window or a smaller --last") from None


@dataclass(frozen=True)
class _Refit:
    predicted: pd.DataFrame
    systems: dict[str, System]


def _refit(
    config: Config, slices: Slices, origin: Origin, schemes: Sequence[Scheme], dropped: Collection[str]
) -> _Refit:
    frame = slices.cut(origin.since, origin.periods, origin.until)
    known = frame[closed_column(slices.rows.horizons[0])].notna()
    frame = frame[known | (frame["period"] != "test")]
    earlier = frame.loc[frame["period"] != "test", "lead_id"]
    scorer = fit_scorer(config, slices.rows, frame, schemes, dropped).scorer
    graded = usable_schemes(schemes, slices.rows.features, scorer.rfm_edges)
    hazards = scorer.raw_hazards(frame[frame["period"] == "test"])
    tested, systems = tested_systems(frame, scorer, graded, config.label.by_orders, hazards)
    at = tested["as_of"].iloc[0] if config.flat else origin.at
    told = tested.assign(origin=at, seen=tested["lead_id"].isin(set(earlier)))
    called = [DAYS] if DAYS in told.columns and not config.flat else []
    if called:
        told[DAYS] = day_bins(told[DAYS].to_numpy(dtype=np.float64))
    horizons = slices.rows.horizons
    columns = ["lead_id", "as_of", "origin", "seen", *called]
    columns += [*(f"p_{horizon}" for horizon in horizons), "score", "grade", *map(closed_column, horizons)]
    return _Refit(told[columns], {system.name: system for system in systems})


def day_bins(days: Floats) -> npt.NDArray[np.object_]:
    """The bin of each number of days since the first call.

    Example:
        >>> day_bins(np.array([6.9, 7.0, 400.0, np.nan])).tolist()
        ['0-7', '7-30', '365 and more', 'no call']
    """
    names = np.array([*DAY_BINS, NO_CALL], dtype=object)
    places = np.searchsorted(list(DAY_BINS.values()), days, side="right") - 1
    chosen: npt.NDArray[np.object_] = names[np.where(np.isnan(days), len(DAY_BINS), places)]
    return chosen


def _judge(
    config: Config, refits: Sequence[_Refit], horizons: tuple[str, ...], searched: Searched | None
) -> Backtest:
    predicted = pd.concat([refit.predicted for refit in refits], ignore_index=True)
    predicted.insert(3, "period", _periods(predicted["origin"]))
    closed = label_array(predicted, horizons, "closed")
    leads, seen = predicted["lead_id"].to_numpy(dtype=object), predicted.pop("seen").to_numpy(dtype=bool)
    names = [name for name in refits[0].systems if all(name in refit.systems for refit in refits)]
    systems = [_joined([refit.systems[name] for refit in refits]) for name in names]
    return Backtest(
        predictions=predicted,
        board=leaderboard(systems, closed, leads, horizons, seen, config.model.seed),
        by_period=scores_by(predicted, "period", horizons),
        by_days=_by_days(predicted, horizons) if DAYS in predicted.columns else pd.DataFrame(),
        searched=searched,
    )


def _periods(origins: pd.Series) -> pd.Series:
    """The first of the origins that are told together."""
    different = origins.drop_duplicates().reset_index(drop=True)
    together = -(-len(different) // MOST_PERIODS)
    first = {one: different[place - place % together] for place, one in enumerate(different)}
    return origins.map(first)


def _joined(parts: Sequence[System]) -> System:
    return replace(
        parts[0],
        grades=np.concatenate([part.grades for part in parts]),
        probabilities=np.concatenate([part.probabilities for part in parts]),
    )


def _by_days(predicted: pd.DataFrame, horizons: Sequence[str]) -> pd.DataFrame:
    scores = scores_by(predicted, DAYS, horizons)
    order = {name: place for place, name in enumerate([*DAY_BINS, NO_CALL])}
    return scores.sort_values(DAYS, key=lambda bins: bins.map(order), kind="stable", ignore_index=True)


def scores_by(predicted: pd.DataFrame, by: str, horizons: Sequence[str]) -> pd.DataFrame:
    """How well the model did in each group of predictions, at each horizon; what is not defined is missing.

    Args:
        predicted: with ``p_30d`` ... and ``closed_30d`` ...
        by: the column of the groups.
        horizons: names of the horizons.
    """
    records = []
    for name, part in predicted.groupby(by, sort=True):
        for horizon, y in zip(horizons, label_array(part, horizons, "closed").T, strict=True):
            ripe = ~np.isnan(y)
            closed, promised = y[ripe], part[f"p_{horizon}"].to_numpy()[ripe]
            if not len(closed):
                continue
            records.append(
                {
                    by: name,
                    "horizon": horizon,
                    "rows": len(closed),
                    "closes": int(closed.sum()),
                    "promised": float(promised.mean()),
                    "rate": float(closed.mean()),
                    **{metric: METRICS[metric](closed, promised) for metric in SCORED},
                }
            )
    return pd.DataFrame(records)
