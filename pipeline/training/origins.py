"""Where a backtest refits: its origins, and the stretches of rows before and after each."""

import math
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pandas as pd

from features.labels import closed_column
from pipeline.config.config import Config
from pipeline.errors import ConfigError, TrainingError
from pipeline.fitting.periods import Place, Slices
from pipeline.fitting.split import Periods, find_periods
from pipeline.training.calendar_spans import Span, whole_days_between

MONTH = Span(1, "months")
DEFAULT_ROWS_STEP = Span(100, "rows")


@dataclass(frozen=True)
class Plan:
    """How a backtest goes forward.

    Attributes:
        window: what is learned from and calibrated on before an origin; as long as the configuration's own
            training and calibration periods when left out.
        step: from one origin to the next; a month, or 100 rows of a flat list, when left out.
        last: only the last so many origins, or in a flat list the last so many rows.
        expanding: windows begin with the first row and grow; otherwise they roll forward.
    """

    window: Span | None = None
    step: Span | None = None
    last: int | None = None
    expanding: bool = False


@dataclass(frozen=True)
class Origin:
    """One refit: learn from ``since``, calibrate from ``calibrate_from``, predict ``at`` up to ``until``."""

    since: Place
    calibrate_from: Place
    at: Place
    until: Place

    @property
    def periods(self) -> Periods:
        """The periods of its fit."""
        return Periods(self.calibrate_from, self.at)


def find_origins(slices: Slices, plan: Plan) -> list[Origin]:
    """The origins of a backtest, first to last.

    The calibration part of a window is its latest, with the share that it has in the configuration's own
    split; where windows expand it stays as long as in the first.

    Args:
        slices: the matrix and its configuration.
        plan: how to go forward.

    Raises:
        ConfigError: a span is in days for a flat list, or in rows for dated leads.
        TrainingError: the windows do not fit the data; the message says what would do.
    """
    config = slices.config
    for name, span in (("--window", plan.window), ("--step", plan.step)):
        if span is not None and (span.unit == "rows") != config.flat:
            kind = (
                "a flat list counts in rows, as 20000" if config.flat else "dated leads need a unit, as 12m"
            )
            raise ConfigError(f"{config.path}: {name} {span}: {kind}")
    own = find_periods(slices.rows.frame, config.split)
    before = _rows_before(slices, own)
    if config.flat:
        return _list_origins(slices, plan, *before)
    first, calibrate_from, test_from = map(pd.Timestamp, (slices.clock[0], own.calibrate_from, own.test_from))
    window = plan.window or Span(max(1, (test_from - first).days), "days")
    share = (test_from - calibrate_from) / (test_from - first)
    return _last(config, _dated_origins(slices, plan, window, share), plan)


def _rows_before(slices: Slices, own: Periods) -> tuple[int, int]:
    """Rows before the configuration's own calibration and test periods."""
    as_of = slices.frame["as_of"]
    learned, both = (int((as_of < start).sum()) for start in (own.calibrate_from, own.test_from))
    if not 0 < learned < both:
        raise TrainingError(
            f"{slices.config.path}: the split's own training or calibration period is empty: move "
            "split.calibrate_from and split.test_from into the data"
        )
    return learned, both


def _list_origins(slices: Slices, plan: Plan, learned: int, configured: int) -> list[Origin]:
    total, step = len(slices.clock), (plan.step or DEFAULT_ROWS_STEP).count
    window = plan.window.count if plan.window else configured
    calibrate = max(1, round(window * (1.0 - learned / configured)))
    room, wanted = total - window, plan.last or 1
    if room < wanted:
        would_do = f"--last {room}" if room > 0 else f"--window {total - wanted}"
        raise TrainingError(
            f"{slices.config.path}: --window {window} and --last {wanted} need {window + wanted} rows; "
            f"{total} have an outcome: {would_do} or less would do"
        )
    return [
        Origin(0 if plan.expanding else at - window, at - calibrate, at, min(at + step, total))
        for at in range(total - (plan.last or room), total, step)
    ]


def _dated_origins(slices: Slices, plan: Plan, window: Span, share: float) -> list[Origin]:
    config, zone, step = slices.config, ZoneInfo(slices.config.timezone), plan.step or MONTH
    first, judged = slices.clock[0], _judged(slices)
    end = step.next_start(judged.iloc[-1].to_pydatetime(), zone)
    _check_ripens(config, window, share, whole_days_between(window.before(end, zone), end))
    starts = [end]
    while window.before(at := step.before(end, zone, len(starts)), zone) >= first:
        starts.append(at)
    if len(starts) == 1:
        raise TrainingError(
            f"{config.path}: the leads begin {first:%Y-%m-%d}, later than --window {window} before the last "
            f"origin {at:%Y-%m-%d}: --window {whole_days_between(first, at)}d or less would do"
        )
    origins = [
        _dated_origin(at, until, window, zone, first if plan.expanding else None, share)
        for until, at in pairwise(starts)
        if ((judged >= at) & (judged < until)).any()
    ]
    return origins[::-1]


def _dated_origin(
    at: datetime, until: datetime, window: Span, zone: ZoneInfo, first: datetime | None, share: float
) -> Origin:
    since = window.before(at, zone)
    calibrate = Span(max(1, round(whole_days_between(since, at) * share)), "days")
    return Origin(first or since, calibrate.before(at, zone), at, until)


def _judged(slices: Slices) -> "pd.Series[pd.Timestamp]":
    """As-ofs of the rows whose outcome by the shortest horizon is known."""
    horizon = slices.rows.horizons[0]
    known: pd.Series[pd.Timestamp] = slices.frame.loc[slices.frame[closed_column(horizon)].notna(), "as_of"]
    if known.empty:
        raise TrainingError(f"{slices.config.path}: no row has a known outcome by {horizon}: add history")
    return known


def _check_ripens(config: Config, window: Span, share: float, days: int) -> None:
    """The longest window must be able to ripen in either part."""
    longest, calibrate = max(config.horizons_days), round(days * share)
    if min(calibrate, days - calibrate) < longest:
        needed = math.ceil(longest / min(share, 1.0 - share)) + 1
        raise TrainingError(
            f"{config.path}: --window {window} is {days - calibrate} days to learn from and {calibrate} to "
            f"calibrate on, shared as by split; {longest} days must ripen in each: --window {needed}d would "
            "do, or shorter horizons_days"
        )


def _last(config: Config, origins: list[Origin], plan: Plan) -> list[Origin]:
    if plan.last is not None and plan.last > len(origins):
        raise TrainingError(
            f"{config.path}: --last {plan.last}, but the window fits before {len(origins)} origins only: "
            f"--last {len(origins)} or a shorter --window would do"
        )
    return origins if plan.last is None else origins[-plan.last :]
