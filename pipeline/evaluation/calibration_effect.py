"""What calibration was chosen, and what it changed on the test period."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.arrays import Floats
from models.metrics.bootstrap import LeadDraws, interval_of
from models.metrics.scores import Metric, brier, calibration_error, log_loss, measures
from models.scorer import LeadScorer
from pipeline.language.catalogue import Language, translate

CALIBRATION_METRICS: dict[str, Metric] = {
    "log_loss": log_loss,
    "brier": brier,
    "calibration_error": calibration_error,
}


def before_and_after(
    raw: Floats,
    calibrated: Floats,
    closed: Floats,
    lead_ids: npt.NDArray[np.object_] | npt.NDArray[np.intp],
    horizons: Sequence[str],
    seed: int = 0,
) -> pd.DataFrame:
    """Measures of the raw and of the calibrated probabilities on the same rows.

    Args:
        raw: P(closed by each horizon) before calibration, (rows, horizons).
        calibrated: after it.
        closed: 1, 0 and NaN (not ripe: left out at that horizon), of the same shape.
        lead_ids: whose rows these are.
        horizons: names of the columns.
        seed: of the bootstrap over leads.

    Returns:
        One row per horizon with a ripe row and metric (lower is better in each): ``raw``,
        ``calibrated``, ``gain`` (raw - calibrated: below 0, calibrating hurt) with its paired 95 %
        interval over leads ``gain_low``, ``gain_high``; ``rows``, ``closes``.
    """
    records = []
    for k, horizon in enumerate(horizons):
        ripe = ~np.isnan(closed[:, k])
        if not ripe.any():
            continue
        y, leads = closed[ripe, k], lead_ids[ripe]
        before, after = raw[ripe, k], calibrated[ripe, k]
        draws = LeadDraws.of(leads, seed=seed)
        drawn = [draws.measured(CALIBRATION_METRICS, y, p) for p in (before, after)]
        values = [measures(CALIBRATION_METRICS, y, p) for p in (before, after)]
        for name in CALIBRATION_METRICS:
            was, now = values[0][name], values[1][name]
            gain = interval_of(was - now, drawn[0][name] - drawn[1][name])
            records.append(
                {
                    "horizon": horizon,
                    "metric": name,
                    "raw": was,
                    "calibrated": now,
                    "gain": gain.estimate,
                    "gain_low": gain.low,
                    "gain_high": gain.high,
                    "rows": len(y),
                    "closes": int(y.sum()),
                }
            )
    return pd.DataFrame(records)


def choice_table(scorer: LeadScorer) -> pd.DataFrame:
    """Every family's log-loss in each window's choice, and which was chosen.

    Returns:
        ``window`` (its horizon's name), ``method``, ``log_loss`` (cross-validated over time in the
        calibration period), ``behind`` (above the sigmoid's), ``standard_error`` (of that, over leads),
        ``chosen``, ``because``.
    """
    choices = pd.DataFrame([choice.to_dict() for choice in scorer.calibration.choices])
    numbers = ["log_loss", "behind", "standard_error"]
    names = choices["window"].map(dict(enumerate(scorer.horizons, start=1)))
    return choices.assign(window=names).astype(dict.fromkeys(numbers, np.float64))


def change_summary(table: pd.DataFrame, language: Language = "en") -> pd.DataFrame:
    """``before_and_after`` for reading, with a verdict: better or hurt if the interval says so."""
    verdicts = [
        "better" if low > 0.0 else "hurt" if high < 0.0 else "no difference beyond chance"
        for low, high in zip(table["gain_low"], table["gain_high"], strict=True)
    ]
    intervals = [
        translate("{value:+.4f} ({low:+.4f} to {high:+.4f})", language, value=gain, low=low, high=high)
        for gain, low, high in zip(table["gain"], table["gain_low"], table["gain_high"], strict=True)
    ]
    told = fine(table[["horizon", "rows", "closes", "metric", "raw", "calibrated"]])
    return told.assign(**{"calibrated better by": intervals, "verdict": verdicts})


def fine(table: pd.DataFrame) -> pd.DataFrame:
    """Fractions to four places: log-losses differ in the fourth.

    >>> fine(pd.DataFrame({"log_loss": [0.12345]})).loc[0, "log_loss"]
    '0.1235'
    """
    return table.map(
        lambda value: f"{value:.4f}" if isinstance(value, float) and not pd.isna(value) else value
    )
