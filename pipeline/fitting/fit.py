"""Fitting a scorer on its periods: all rows teach, each judged by trees that have not seen its lead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.feature import Feature
from features.labels import CLOSING_AMOUNT
from features.schemes.declaration import Scheme
from models.arrays import Floats
from models.calibration.hazard_calibration import HazardCalibration
from models.close.amount_model import ValueModel
from models.close.calendar_inputs import calendar_ranges
from models.close.close_model import CloseModel
from models.close.rfm import learn_rfm_edges
from models.close.tree_count import deal_parts
from models.disclosure import rounded_cut, without_rare
from models.grades.newest_promises import newest_promises
from models.grades.policy import GradePolicy
from models.grades.score_bands import ScoreBands
from models.grades.value_tiers import Valuation
from models.reasons.book import ReasonBook
from models.scorer import LeadScorer
from pipeline.config.config import Config, Model
from pipeline.fitting.feature_words import learn_reasons
from pipeline.fitting.grade_policy import learn_policy
from pipeline.fitting.split import Periods, assign_periods
from pipeline.matrix.dataset import Rows, to_pandas
from pipeline.matrix.outside import Limits
from pipeline.schemes.scheme_grades import learn_scheme_edges

# Customers with a close, and without one, that are told apart when the number of trees is sought.
LEAST_OWNERS = 20


def in_periods(config: Config, rows: Rows, periods: Periods) -> pd.DataFrame:
    """The matrix with ``period``, the labels to fit on, and ``seen``: lead known from an earlier period."""
    days = () if config.flat else config.horizons_days
    frame = to_pandas(assign_periods(rows.frame, periods, days, config.split.gap_rows))
    earlier = set(frame.loc[frame["period"] != "test", "lead_id"])
    return frame.assign(seen=frame["lead_id"].isin(earlier))


def of_periods(frame: pd.DataFrame, *periods: str) -> pd.DataFrame:
    """The rows of some periods; they are not copied where they stand together, as in order of time they do.

    Example:
        >>> frame = pd.DataFrame({"period": ["train", "train", None, "test"], "calls": [1, 2, 3, 4]})
        >>> of_periods(frame, "train")["calls"].tolist(), of_periods(frame, "train", "test")["calls"].tolist()
        ([1, 2], [1, 2, 4])
    """
    places = np.flatnonzero(frame["period"].isin(periods))
    together = len(places) > 0 and places[-1] - places[0] == len(places) - 1
    return frame.iloc[places[0] : places[-1] + 1] if together else frame.iloc[places]


def some_leads(frame: pd.DataFrame, most: int) -> pd.DataFrame:
    """All rows of at most so many leads, drawn by a hash of their ids: the same ones in whatever order.

    Example:
        >>> some_leads(pd.DataFrame({"lead_id": ["L1", "L2", "L1", "L3"]}), most=2)["lead_id"].tolist()
        ['L1', 'L1', 'L3']
    """
    leads = sorted(frame["lead_id"].unique(), key=lambda lead: (crc32(lead.encode()), lead))
    return frame if len(leads) <= most else frame[frame["lead_id"].isin(leads[:most])]


@dataclass(frozen=True)
class Learned:
    """What fitting gives.

    Attributes:
        scorer: the scorer.
        unseen: raw hazards of the rows of its training and calibration periods, in their order, each by trees
            that had not seen its lead, (rows, windows): the scorer's own scores of these rows are too sure.
    """

    scorer: LeadScorer
    unseen: Floats


def fit_scorer(
    config: Config,
    rows: Rows,
    frame: pd.DataFrame,
    schemes: Sequence[Scheme],
    dropped: Collection[str] = frozenset(),
) -> Learned:
    """Fit a scorer; the test period is not looked at.

    The trees learn from the rows of both earlier periods. Calibration and promises come from the same rows,
    as trees of other leads see them; thresholds from the calibration period's, the list as it was last.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        frame: those rows, from ``in_periods``.
        schemes: whose learned edges are frozen in the scorer.
        dropped: features that the model must do without; rules may still read them.
    """
    learn = of_periods(frame, "train", "calibrate")
    features = [feature for feature in rows.features if feature.name not in dropped]
    columns = [feature.name for feature in features]
    least, lead_ids = config.privacy.rare_below, learn["lead_id"].to_numpy(dtype=object)
    told = without_rare(learn, columns, lead_ids, least)
    model = fit_model(config.model, told, columns, rows.horizons)
    hazards = unseen_hazards(model)
    latest = (learn["period"] == "calibrate").to_numpy()
    model.hold(calendar_ranges(learn[columns], learn["as_of"].to_numpy(), lead_ids, least))
    calibration = HazardCalibration.fit(
        hazards,
        label_array(learn, rows.horizons, "fit_window"),
        learn["as_of"].to_numpy(),
        lead_ids,
        config.calibration,
        latest,
    )
    adjust, chance = learn[latest], calibration.chances(hazards[latest])
    model_value = _value_model(config, told, columns)
    scorer = LeadScorer(
        name=config.name,
        horizons=rows.horizons,
        model=model,
        calibration=calibration,
        policy=GradePolicy((), rows.horizons),  # until the thresholds are learned
        rfm_edges=learn_rfm_edges(learn, least)
        | learn_scheme_edges(schemes, rows.features, learn, partial(rounded_cut, least=least)),
        valuation=_valuation(model_value, chance, adjust, columns),
        simulation=config.simulation,
        reason_book=_reasons(config, features, rows.horizons, told),
        dropped=tuple(feature.name for feature in rows.features if feature.name in dropped),
        learned_from=None if config.flat else Limits.of(config.cohort).to_dict(),
    )
    policy = learn_policy(config, rows, scorer, adjust, schemes, chance)
    amount = model_value.predict(learn[columns]) if policy.kind == "value" and model_value else None
    promised = newest_promises(
        policy,
        calibration,
        hazards,
        amount,
        label_array(learn, rows.horizons, "fit_closed"),
        lead_ids,
        config.model.seed,
    )
    return Learned(scorer.with_policy(promised).with_bands(_bands(rows.horizons, adjust, chance)), hazards)


def _bands(horizons: tuple[str, ...], latest: pd.DataFrame, chance: Floats) -> ScoreBands:
    """Close rates of the latest period's rows by bands of the chance that trees of other leads gave them."""
    closed, leads = label_array(latest, horizons, "fit_closed"), latest["lead_id"].to_numpy(dtype=object)
    return ScoreBands.learn(chance[:, -1], closed, leads, horizons)


def unseen_hazards(model: CloseModel) -> Floats:
    """Hazards of the rows that a model was fitted on, by trees that had not seen their leads.

    Raises:
        ValueError: it was not fitted in parts, or one part held everything.
    """
    if model.unseen_ is None:
        raise ValueError("too few leads to judge each by trees of the others")
    return model.unseen_


def _reasons(
    config: Config, features: Sequence[Feature], horizons: tuple[str, ...], learn: pd.DataFrame
) -> ReasonBook:
    window, closed = (label_array(learn, horizons, kind) for kind in ("fit_window", "fit_closed"))
    least = config.privacy.rare_below
    return learn_reasons(config.currency, features, horizons, learn, window, closed, least)


def _value_model(config: Config, learn: pd.DataFrame, columns: list[str]) -> ValueModel | None:
    """What the closing orders were worth; none without amounts of so many leads that a mean tells of none."""
    known = learn[learn[f"fit_{CLOSING_AMOUNT}"].notna()] if CLOSING_AMOUNT in learn.columns else learn[:0]
    if known["lead_id"].nunique() < config.privacy.rare_below:
        return None
    amounts, leads = known[f"fit_{CLOSING_AMOUNT}"], known["lead_id"].to_numpy(dtype=object)
    return ValueModel(**config.model.for_boosting()).fit(known[columns], amounts, leads)


def _valuation(
    model: ValueModel | None, chance: Floats, adjust: pd.DataFrame, columns: list[str]
) -> Valuation | None:
    if model is None:
        return None
    return Valuation.learn(model, chance[:, -1] * model.predict(adjust[columns]))


def fit_model(
    settings: Model, learn: pd.DataFrame, columns: Sequence[str], horizons: Sequence[str]
) -> CloseModel:
    """Fit the close model on a training period; leads that the trees have not seen tell their number.

    Args:
        settings: parameters and recency weighting.
        learn: the rows in time order, with ``fit_window_30d`` and so on.
        columns: the model's inputs.
        horizons: names of the horizons.

    Raises:
        ValueError: as ``CloseModel.fit``.
    """
    events = label_array(learn, horizons, "fit_window")
    return CloseModel(**settings.for_boosting()).fit(
        learn[list(columns)],
        events,
        weight=recency_weights(learn["as_of"], settings),
        parts=lead_parts(learn, events),
        lead_ids=learn["lead_id"].to_numpy(dtype=object),
    )


def recency_weights(as_of: pd.Series, settings: Model) -> Floats | None:
    """How much each training row counts: the latest 1, half of it for each half-life before; none if alike.

    Args:
        as_of: of the rows, in time order.
        settings: with the half-life, in days or in rows.

    Example:
        >>> days = pd.Series(pd.to_datetime(["2024-01-01", "2024-01-31"], utc=True))
        >>> recency_weights(days, Model(recency_half_life_days=30))
        array([0.5, 1. ])
        >>> recency_weights(pd.Series([1, 2, 3]), Model(recency_half_life_rows=1))
        array([0.25, 0.5 , 1.  ])
    """
    if settings.recency_half_life_days is not None:
        days: Floats = ((as_of.max() - as_of) / pd.Timedelta(days=1)).to_numpy(dtype=np.float64)
        return 0.5 ** (days / settings.recency_half_life_days)
    if settings.recency_half_life_rows is not None:
        return 0.5 ** (np.arange(len(as_of), dtype=np.float64)[::-1] / settings.recency_half_life_rows)
    return None


def label_array(frame: pd.DataFrame, horizons: Sequence[str], what: str) -> Floats:
    """Labels, (rows, horizons) of 1, 0 and NaN; ``what`` is ``closed``, ``fit_closed`` or ``fit_window``."""
    columns = [f"{what}_{horizon}" for horizon in horizons]
    return frame[columns].to_numpy(dtype=np.float64, na_value=np.nan)


def lead_parts(learn: pd.DataFrame, events: Floats) -> npt.NDArray[np.intp]:
    """The part of each row for cross-validation: rows of one customer, where leads name them, are together.

    Rows of one lead share its close, and leads of one customer their causes: trees that know of some would be
    judged too well by the others. Where too few customers are left to tell apart (a list may name one for
    all), leads are.

    Args:
        learn: the rows, with ``lead_id`` and, where leads name their customers, ``owner_id``.
        events: labels, (rows, windows) of 1, 0 and NaN.
    """
    closed = (events == 1.0).any(axis=1)
    owners = learn["owner_id"] if "owner_id" in learn.columns else learn["lead_id"]
    enough = all(owners[fate].nunique() >= LEAST_OWNERS for fate in (closed, ~closed))
    return deal_parts(owners if enough else learn["lead_id"], closed)
