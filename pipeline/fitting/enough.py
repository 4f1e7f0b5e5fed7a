"""Whether the leads are enough to train on; if not, what was needed, what was found, what would do."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from features.labels import window_column
from pipeline.config.config import Config
from pipeline.errors import TrainingError
from pipeline.fitting.split import Periods
from pipeline.language.sentence import Sentence

MIN_TRAINING_LEADS = 100
MIN_TRAINING_CLOSES = 30
MIN_CALIBRATION_CLOSES = 10


def check_enough(config: Config, frame: pd.DataFrame, horizons: tuple[str, ...], periods: Periods) -> None:
    """Refuse to train on too little.

    Args:
        config: the configuration.
        frame: the matrix with ``period``, the labels ``window_30d`` and those to fit on, ``fit_window_30d``.
        horizons: names of the horizons.
        periods: the first as-ofs of the periods of ``frame``.

    Raises:
        TrainingError: too few leads or closes, one class only, or a window that never ripens.
    """
    start, end = (_date(instant, config.timezone) for instant in (periods.calibrate_from, periods.test_from))
    learn = frame[frame["period"] == "train"]
    leads, (known, closes) = learn["lead_id"].nunique(), _counts(learn, horizons)
    too_little = TrainingError(
        f"{config.path}: too little to train on: {leads} leads and {closes} closes before {start}; "
        f"at least {MIN_TRAINING_LEADS} leads and {MIN_TRAINING_CLOSES} closes are needed: "
        "add history or move split.calibrate_from"
    )
    if leads < MIN_TRAINING_LEADS:
        raise too_little
    if 0 < known == closes:
        raise TrainingError(
            Sentence(
                "{path}: every training lead closed: a model needs leads that did not; check label",
                path=config.path,
            )
        )
    _check_ripe(config, frame, end)
    if closes < MIN_TRAINING_CLOSES:
        raise too_little
    closes = _counts(frame[frame["period"] == "calibrate"], horizons)[1]
    if closes < MIN_CALIBRATION_CLOSES:
        raise TrainingError(
            Sentence(
                "{path}: too little to calibrate on: {closes} closes from {start} to {end}, "
                "{least} are needed: add history or move split.test_from",
                path=config.path,
                closes=closes,
                start=start,
                end=end,
                least=MIN_CALIBRATION_CLOSES,
            )
        )


def check_tested(config: Config, frame: pd.DataFrame, periods: Periods) -> None:
    """Refuse a test period without a lead.

    Raises:
        TrainingError: says from when on it was looked for.
    """
    if not (frame["period"] == "test").any():
        raise TrainingError(
            Sentence(
                "{path}: no lead is in the test period, which begins {date}: add history or "
                "move split.test_from back",
                path=config.path,
                date=_date(periods.test_from, config.timezone),
            )
        )


def _counts(rows: pd.DataFrame, horizons: tuple[str, ...]) -> tuple[int, int]:
    labels = rows[[f"fit_{window_column(horizon)}" for horizon in horizons]]
    return int(labels.notna().to_numpy().sum()), int(labels.sum().sum())


def _check_ripe(config: Config, frame: pd.DataFrame, end: str) -> None:
    """Every window must ripen before the test period; a flat list has none.

    The first lead whose window has ripened by now says from when on the test period might begin.
    """
    days_of = {} if config.flat else {f"{days}d": days for days in config.horizons_days}
    for horizon, days in days_of.items():
        label = window_column(horizon)
        if frame[f"fit_{label}"].notna().any():
            continue
        ripe = frame.loc[frame[label].notna(), "as_of"]
        if ripe.empty:
            raise TrainingError(
                Sentence(
                    "{path}: no lead before {end} has a known outcome by {horizon}: add history, "
                    "move split.test_from or shorten horizons_days",
                    path=config.path,
                    end=end,
                    horizon=horizon,
                )
            )
        instant = _midnight(ripe.min() + timedelta(days=days), config.timezone)
        if not (frame["as_of"] >= instant).any():
            raise TrainingError(
                Sentence(
                    "{path}: horizon {horizon} never ripens before the test period ({end}), and "
                    "would with no split.test_from that leaves leads after it: add history, or "
                    "shorten horizons_days",
                    path=config.path,
                    horizon=horizon,
                    end=end,
                )
            )
        would_do = _date(instant, config.timezone)
        raise TrainingError(
            Sentence(
                "{path}: horizon {horizon} never ripens before the test period ({end}): it "
                "would with split.test_from: {would_do} or later; or shorten horizons_days",
                path=config.path,
                horizon=horizon,
                end=end,
                would_do=would_do,
            )
        )


def _midnight(instant: datetime, timezone: str) -> datetime:
    """The first local midnight that is not before an instant."""
    local = instant.astimezone(ZoneInfo(timezone))
    days = 0 if local.time() == time() else 1
    return datetime.combine(local.date() + timedelta(days=days), time(), ZoneInfo(timezone))


def _date(value: datetime | int, timezone: str) -> str:
    return (
        f"{value.astimezone(ZoneInfo(timezone)):%Y-%m-%d}" if isinstance(value, datetime) else f"row {value}"
    )
