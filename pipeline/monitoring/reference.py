"""What a scorer is compared with later: learned on its calibration period, kept with it.

The calibration period is the latest that the scorer has learned from. Its own trees have seen the outcomes of
these leads and score them too surely: the scores to compare with are those of trees that had not.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd

from models.arrays import Floats
from models.drift.reference import OPEN_LEADS, WHOSE, Reference, SourceProfile
from models.drift.report import expected_auc
from models.metrics.rates import effective_rows, lead_influence
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.fitting.fit import label_array
from pipeline.fitting.split import Periods, find_periods
from pipeline.intake.taken_in import TakenIn
from pipeline.matrix.dataset import Rows, to_pandas
from pipeline.monitoring.arrivals import Frames, arrivals
from pipeline.monitoring.ripened_rows import calibration_rows, instants_of, lists_of
from pipeline.privacy import mask_id
from pipeline.training.train import Training

# Callers with fewer calls at an instant than this are not looked at one by one, nor more callers than that.
_LEAST_CALLS = 20
_MOST_CALLERS = 50

# Of a row among those of the calibration period.
_PLACE = "__place"


def with_reference(
    config: Config,
    training: Training,
    rows: Rows,
    taken: TakenIn,
    who: Callable[[str], str] = mask_id,
) -> Training:
    """The same training, its scorers with a reference each; a flat list has no instants, and none.

    ``who`` gives what stands for an agent's name.
    """
    if config.flat:
        return training

    def referred(scorer: LeadScorer, periods: Periods, unseen: Floats) -> LeadScorer:
        return scorer.with_reference(learn_reference(config, rows, taken, scorer, periods, unseen, who))

    scorer = referred(training.scorer, find_periods(rows.frame, config.split), training.unseen)
    if training.shipped is training.scorer:
        return replace(training, scorer=scorer, shipped=scorer)
    shipped = referred(training.shipped, training.shipped_periods, training.shipped_unseen)
    return replace(training, scorer=scorer, shipped=shipped)


def learn_reference(
    config: Config,
    rows: Rows,
    taken: TakenIn,
    scorer: LeadScorer,
    periods: Periods,
    unseen: Floats,
    who: Callable[[str], str] = mask_id,
) -> Reference:
    """Learn what the calibration period was like, instant by instant.

    Args:
        config: the configuration; ``monitor.period_days`` is how long before an instant is looked at.
        rows: from ``dataset.training_rows``.
        taken: the sources.
        scorer: whose columns, scores and grades are to be watched.
        periods: that it was fitted on.
        unseen: raw hazards of the rows that it was fitted on, from ``fit.Learned``; the latest are those of
            the calibration period.
        who: what stands for an agent's name.
    """
    days, least = config.monitor.period_days, config.privacy.rare_below
    adjust = calibration_rows(config, rows, periods).with_row_index(_PLACE)
    hazards = unseen[len(unseen) - adjust.height :]
    instants = instants_of(config, adjust, periods)
    lists = [to_pandas(one) for one in lists_of(config, adjust, instants, days)]
    # What leads are worth is not watched, unless they are graded by it.
    grader = scorer if scorer.policy.kind == "value" else replace(scorer, valuation=None)
    scored = [grader.score(one, hazards[one[_PLACE].to_numpy(dtype=np.intp)]) for one in lists]
    watched = [watched_list(scorer, one, found) for one, found in zip(lists, scored, strict=True)]
    came_in = arrivals(config, taken, instants, days, who)
    return Reference(
        instants=tuple(instant.isoformat() for instant in instants),
        until=_text(periods.test_from),
        period_days=days,
        sources={
            OPEN_LEADS: SourceProfile.learn(watched, [one["lead_id"] for one in lists], least=least),
            **_sources(came_in, least),
        },
        expected_auc={
            horizon: tuple(expected_auc(found[f"p_{horizon}"]) for found in scored)
            for horizon in scorer.horizons
        },
        promised=_promised(to_pandas(adjust), scorer.horizons),
    )


def watched_list(scorer: LeadScorer, frame: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    """What is watched of a list: the scorer's inputs, its probabilities, scores and grades, and whose."""
    answers = [*(f"p_{horizon}" for horizon in scorer.horizons), "score", "grade"]
    return pd.concat([frame[[WHOSE, *scorer.columns]], scored[answers]], axis=1)


def _text(place: datetime | int) -> str:
    return place.isoformat() if isinstance(place, datetime) else str(place)


def _sources(came_in: Sequence[Frames], least: int) -> dict[str, SourceProfile]:
    first: dict[str, pd.DataFrame] = {}
    for frames in came_in:
        first = {name: one.head(0) for name, one in frames.items()} | first
    found = {}
    for name in sorted(first, key=_whole_first):
        parts = [one.get(name, first[name]) for one in came_in]
        whole = not name.startswith("calls of ")
        if whole or sum(map(len, parts)) >= _LEAST_CALLS * len(parts):
            found[name] = SourceProfile.learn(parts, steady=whole, least=least)
    callers = [name for name in found if not found[name].steady]
    few = sorted(callers, key=lambda name: -sum(found[name].rows))[:_MOST_CALLERS]
    return {name: one for name, one in found.items() if one.steady or name in few}


def _whole_first(name: str) -> tuple[bool, str]:
    return " of " in name, name


def _promised(adjust: pd.DataFrame, horizons: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Close rate by each horizon and how many independent rows it is worth."""
    closed, leads = label_array(adjust, horizons, "fit_closed"), adjust["lead_id"].to_numpy(dtype=object)
    found = {}
    for k, horizon in enumerate(horizons):
        ripe = ~np.isnan(closed[:, k])
        y, whose = closed[ripe, k], leads[ripe]
        if not len(y):
            found[horizon] = (0.0, 0.0)
            continue
        rate, influence = float(y.mean()), lead_influence(np.ones((len(y), 1), dtype=bool), y, whose)
        found[horizon] = rate, effective_rows(rate, len(y), len(pd.unique(whose)), influence[:, 0])
    return found
