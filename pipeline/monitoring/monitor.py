"""Watching a scorer at work, as a pure value: what it reads and answers now, against its frozen reference."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.drift.column_checks import Thresholds
from models.drift.reference import OPEN_LEADS, Reference
from models.drift.report import ALARM, QUIET, WATCH, drift_table, expected_auc
from models.grades.grade_rates import grade_table
from models.grades.promises import HIGHER, LOWER, check_promises
from models.metrics.realised import realised_table
from models.scorer import LeadScorer
from pipeline.config.config import Config, Monitor, Privacy
from pipeline.errors import ConfigError, ScoringError
from pipeline.fitting.fit import label_array
from pipeline.intake.taken_in import TakenIn
from pipeline.language.sentence import Sentence, Word
from pipeline.matrix.dataset import Rows, to_pandas, training_rows
from pipeline.monitoring.arrivals import arrivals
from pipeline.monitoring.reference import watched_list
from pipeline.monitoring.ripened_rows import list_at, newest, ripened
from pipeline.privacy import mask, mask_id
from pipeline.scoring.grader import check_rows_fit, learned_limits


@dataclass(frozen=True)
class Seen:
    """What there is to be seen at an instant.

    Attributes:
        as_of: the instant.
        leads: the open leads, as rows of the matrix.
        came_in: rows of each source since a period before, from ``arrivals.arrivals``.
        ripe: the cohort's rows that the scorer did not learn from, with the labels known by the instant.
        newest: the same with labels on the newest ripe rows only.
    """

    as_of: datetime
    leads: pd.DataFrame
    came_in: Mapping[str, pd.DataFrame]
    ripe: pd.DataFrame
    newest: pd.DataFrame


@dataclass(frozen=True)
class Monitoring:
    """What a look found.

    Attributes:
        as_of: the instant.
        leads: how many open leads were looked at.
        drift: every check of inputs, scores and grades, from ``models.drift.report.drift_table``.
        grades: ``grade`` with its share of the leads in training, ``before``, and ``now``.
        expected: of each horizon the AUC that the probabilities promise, ``before`` and ``now``.
        realised: promised and realised closes of the newest ripe rows, by each horizon, with ``level``.
        promises: each grade's promise and what became of it since the scorer was fitted, with ``level``.
    """

    as_of: datetime
    leads: int
    drift: pd.DataFrame
    grades: pd.DataFrame
    expected: pd.DataFrame
    realised: pd.DataFrame
    promises: pd.DataFrame

    @property
    def alarms(self) -> tuple[str, ...]:
        """What raised an alarm, a short line each."""
        drift, realised, promises = (
            table[table["level"] == ALARM] for table in (self.drift, self.realised, self.promises)
        )
        return (
            *(Sentence("{source}, {column}: {check}", **_words(row)) for row in drift.to_dict("records")),
            *(
                Sentence("closes by {by}: {closes} of {expected:.1f} expected", **_words(row))
                for row in realised.to_dict("records")
            ),
            *(
                Sentence("promise of {grade} by {by}: {verdict}", **_words(row))
                for row in promises.to_dict("records")
            ),
        )


def _words(row: Mapping[Hashable, object]) -> dict[str, object]:
    return {str(name): Word(value) if isinstance(value, str) else value for name, value in row.items()}


def reference_of(config: Config, scorer: LeadScorer, as_of: datetime) -> Reference:
    """What the scorer is to be compared with.

    Raises:
        ConfigError: there are no instants to look at, or the instant is one that the scorer learned from.
        ScoringError: the scorer was trained before there were references.
    """
    if config.flat:
        raise ConfigError(f"{config.path}: monitor looks at instants, a flat list has none; use backtest")
    if scorer.reference is None:
        raise ScoringError(
            f"the scorer {scorer.fingerprint[:12]} has no reference to compare with: "
            f"run 'leadgrade train {config.path}' again"
        )
    since = datetime.fromisoformat(scorer.reference.until)
    if as_of < since:
        raise ConfigError(
            f"--as-of {as_of:%Y-%m-%d %H:%M}Z: the scorer learned from what was before "
            f"{since:%Y-%m-%d %H:%M}Z; look at a later instant"
        )
    return scorer.reference


def look(
    config: Config,
    taken: TakenIn,
    scorer: LeadScorer,
    reference: Reference,
    as_of: datetime,
    who: Callable[[str], str] = mask_id,
) -> Seen:
    """Gather what there is to be seen at an instant, whatever the sources know of later ones.

    ``who`` gives what stands for an agent's name in the reference.

    Raises:
        ScoringError: no lead is open at the instant, or the data do not fit the scorer.
    """
    rows = training_rows(config, taken)
    limits = learned_limits(config, scorer)
    leads = list_at(config, taken, rows, as_of, reference.period_days, limits)
    if leads.frame.is_empty():
        raise ScoringError(f"{config.path}: no lead is open at {as_of:%Y-%m-%d %H:%M}Z: check the sources")
    check_rows_fit(config, leads, scorer)
    came_in = arrivals(config, taken, [as_of], reference.period_days, who)[0]
    return gather(config, reference, as_of, rows, to_pandas(leads.frame), came_in)


def gather(
    config: Config,
    reference: Reference,
    as_of: datetime,
    rows: Rows,
    leads: pd.DataFrame,
    came_in: Mapping[str, pd.DataFrame],
) -> Seen:
    """The same where the cohort's rows, the open leads and what came in are there already."""
    ripe = ripened(config, rows, datetime.fromisoformat(reference.until), as_of)
    latest = newest(config, ripe, reference.period_days)
    return Seen(as_of, leads, came_in, to_pandas(ripe), to_pandas(latest))


def watch(
    settings: Monitor,
    scorer: LeadScorer,
    reference: Reference,
    seen: Seen,
    seed: int,
    rare_below: int = Privacy().rare_below,
) -> Monitoring:
    """Compare what is seen with the reference; values of columns are masked.

    Args:
        settings: what counts as drift.
        scorer: that grades the leads.
        reference: the scorer's.
        seen: from ``look``.
        seed: of the bootstrap over leads in the grades' intervals.
        rare_below: a new value of fewer leads is not named.
    """
    scored, ripe = scorer.score(seen.leads), _ripe(scorer, seen)
    now = {**seen.came_in, OPEN_LEADS: watched_list(scorer, seen.leads, scored)}
    auc_now = {horizon: expected_auc(scored[f"p_{horizon}"]) for horizon in scorer.horizons if len(scored)}
    judged = replace(thresholds(settings), named_from=rare_below)
    drift = drift_table(reference, now, auc_now, judged)
    values = drift["value"].astype(object)
    return Monitoring(
        as_of=seen.as_of,
        leads=len(seen.leads),
        drift=drift.assign(value=values.map(mask, na_action="ignore")),
        grades=_grade_mix(scorer, reference, scored),
        expected=_expected(scorer, reference, auc_now),
        realised=_realised(settings, reference, ripe),
        promises=_promises(settings, ripe, seed),
    )


def thresholds(settings: Monitor) -> Thresholds:
    """The part of the configuration that inputs, scores and grades are judged by."""
    return Thresholds(**settings.model_dump(exclude={"period_days", "outcome_error"}))


def _grade_mix(scorer: LeadScorer, reference: Reference, scored: pd.DataFrame) -> pd.DataFrame:
    profile = reference.sources[OPEN_LEADS].columns["grade"]
    rows = dict(zip(profile.bins.values, profile.counts[: len(profile.bins.values)].tolist(), strict=True))
    grades = list(scorer.policy.grades)
    shares = scored["grade"].value_counts(normalize=True).to_dict()
    return pd.DataFrame(
        {
            "grade": grades,
            "before": [rows.get(grade, 0) / max(1, int(profile.counts.sum())) for grade in grades],
            "now": [float(shares.get(grade, 0.0)) for grade in grades],
        }
    )


def _expected(scorer: LeadScorer, reference: Reference, auc_now: Mapping[str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "by": horizon,
            "before": float(pd.Series(reference.expected_auc[horizon]).mean()),
            "now": auc_now.get(horizon, np.nan),
        }
        for horizon in scorer.horizons
    )


@dataclass(frozen=True)
class _Ripe:
    """Rows with a known outcome, scored: grades, chances and labels, all of them and those of the newest."""

    scorer: LeadScorer
    leads: npt.NDArray[np.object_]
    grades: npt.NDArray[np.object_]
    p: Floats
    closed: Floats
    newest: Floats


def _ripe(scorer: LeadScorer, seen: Seen) -> _Ripe:
    labels = label_array(seen.ripe, scorer.horizons, "closed")
    known = ~np.isnan(labels).all(axis=1)
    rows, names = seen.ripe.iloc[np.flatnonzero(known)], [f"p_{horizon}" for horizon in scorer.horizons]
    scored = scorer.score(rows) if len(rows) else pd.DataFrame(columns=[*names, "grade"])
    return _Ripe(
        scorer,
        rows["lead_id"].to_numpy(dtype=object),
        scored["grade"].to_numpy(dtype=object),
        scored[names].to_numpy(dtype=np.float64),
        labels[known],
        label_array(seen.newest, scorer.horizons, "closed")[known],
    )


def _realised(settings: Monitor, reference: Reference, ripe: _Ripe) -> pd.DataFrame:
    """Closes of the newest ripe rows; horizons are asked in turn, shortest first.

    The first that is within chance ends the asking: so each is asked at the full risk, and the risk of any
    false alarm is no higher (a fixed sequence: Maurer, Hothorn and Lehmacher 1995).
    """
    table = realised_table(ripe.p, ripe.newest, ripe.leads, ripe.scorer.horizons, reference.promised)
    judged = table["p"].notna()
    far = _apart(table["closes"], table["expected"], settings.ratio_alarm) & judged
    beyond = table["p"].where(judged, 0.0).cummax() < settings.outcome_error
    return table.assign(level=np.select([far & beyond, beyond & judged], [ALARM, WATCH], QUIET))


def _promises(settings: Monitor, ripe: _Ripe, seed: int) -> pd.DataFrame:
    policy, horizons = ripe.scorer.policy, ripe.scorer.horizons
    realised = grade_table(ripe.grades, ripe.closed, ripe.leads, horizons, order=policy.grades, seed=seed)
    table = check_promises(policy, realised, settings.family_error)
    broken = table["verdict"].isin([HIGHER, LOWER])
    far = _apart(table["realised"], table["promised"], settings.ratio_alarm)
    return table.assign(level=np.select([broken & far, broken], [ALARM, WATCH], QUIET))


def _apart(now: pd.Series, before: pd.Series, times: float) -> npt.NDArray[np.bool_]:
    one, other = now.to_numpy(dtype=np.float64), before.to_numpy(dtype=np.float64)
    return (one * times <= other) | (one >= other * times)
