"""Value tiers judged by what was sold later: the learned ones beside those that look back at orders."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from features.labels import CLOSING_AMOUNT, closed_column
from models.arrays import Floats
from models.grades.value_tiers import TIERS
from models.metrics.bootstrap import LeadDraws, interval_of
from models.metrics.score_groups import Groups
from models.metrics.scores import sales_at

# The shipped scheme whose tiers are those of frequency, amount and loyalty so far.
RFM = "value_tier"

_TIER_COLUMNS = ["system", "tier", "rows", "leads", "share", "expected_amount", "expected_value"]
_TIER_COLUMNS += ["realised_value", "caught", "low", "high"]
_CATCH_COLUMNS = ["top_tier_of", "share", "system", "caught", "low", "high", "gain", "gain_low", "gain_high"]


@dataclass(frozen=True)
class Worth:
    """Value tiers on the test period; both tables are empty without a value model.

    Attributes:
        tiers: a row per ``system`` (``learned``, ``value_tier``) and ``tier``: ``rows``, ``leads``,
            ``share`` (of the rows); means of ``expected_amount`` (given close), ``expected_value`` and
            ``realised_value`` (the closing order by the longest horizon, 0 where the lead did not close);
            and ``caught``, the share of all later sales that the tier holds, with ``low`` and ``high``.
        catch: at the share of the rows that one system's top tier holds (``top_tier_of``), the share of
            later sales that the best rows of each ``system`` hold: of ``learned``, of the scheme's tiers,
            of ``close_probability`` (P(close) alone, without amounts) and of ``hindsight`` (the sales
            themselves: the most there is).
            ``gain`` is the learned value's advantage over it. Intervals are over leads.
    """

    tiers: pd.DataFrame
    catch: pd.DataFrame


def later_sales(rows: pd.DataFrame, horizon: str) -> Floats:
    """What each row sold by the horizon: 0 where it did not close; NaN where not ripe or not told."""
    closed = rows[closed_column(horizon)].to_numpy(dtype=np.float64, na_value=np.nan)
    amount = rows[CLOSING_AMOUNT].to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(closed == 0.0, 0.0, np.where(closed == 1.0, amount, np.nan))


def judge_value_tiers(rows: pd.DataFrame, horizon: str, seed: int = 0) -> Worth:
    """Judge the value tiers on the rows of the test period.

    Args:
        rows: with labels, the scorer's columns and those of the rule schemes.
        horizon: the longest.
        seed: of the bootstrap over leads.
    """
    if not {CLOSING_AMOUNT, "value_tier_learned"} <= set(rows.columns):
        return Worth(pd.DataFrame(columns=_TIER_COLUMNS), pd.DataFrame(columns=_CATCH_COLUMNS))
    sold = later_sales(rows, horizon)
    known = ~np.isnan(sold)
    told, sales = rows[known], sold[known]
    tiers = {"learned": told["value_tier_learned"].to_numpy(dtype=object)}
    if f"scheme_{RFM}" in told.columns:
        tiers[RFM] = told[f"scheme_{RFM}"].to_numpy(dtype=object)
    scores = {
        "learned": told["expected_value"].to_numpy(dtype=np.float64),
        **{name: _ranks(labels) for name, labels in tiers.items() if name == RFM},
        "close_probability": told[f"p_{horizon}"].to_numpy(dtype=np.float64),
        "hindsight": sales,
    }
    draws = LeadDraws.of(told["lead_id"].to_numpy(dtype=object), seed=seed)
    return Worth(_tier_table(told, sales, tiers, draws), _catch_table(sales, tiers, scores, draws))


def _ranks(tiers: npt.NDArray[np.object_]) -> Floats:
    """Best tier highest; whatever is no tier comes last."""
    place = {tier: float(len(TIERS) - i) for i, tier in enumerate(TIERS)}
    return np.array([place.get(tier, 0.0) for tier in tiers])


def _tier_table(
    rows: pd.DataFrame,
    sales: Floats,
    tiers: Mapping[str, npt.NDArray[np.object_]],
    draws: LeadDraws,
) -> pd.DataFrame:
    records, sold = [], draws.sums(sales[:, None])[:, 0]
    for system, labels in tiers.items():
        for tier in [*TIERS, *sorted(set(labels) - set(TIERS))]:
            inside = labels == tier
            held = inside * sales
            shares = _share(draws.sums(held[:, None])[:, 0], sold)
            caught = interval_of(float(_share(held.sum(), sales.sum())), shares)
            means = rows.loc[inside, ["expected_amount", "expected_value"]].mean()
            records.append(
                {
                    "system": system,
                    "tier": tier,
                    "rows": int(inside.sum()),
                    "leads": len(pd.unique(draws.leads[inside])),
                    "share": float(inside.mean()) if len(inside) else 0.0,
                    **means.to_dict(),
                    "realised_value": float(sales[inside].mean()) if inside.any() else np.nan,
                    "caught": caught.estimate,
                    "low": caught.low,
                    "high": caught.high,
                }
            )
    return pd.DataFrame(records, columns=_TIER_COLUMNS)


def _catch_table(
    sales: Floats,
    tiers: Mapping[str, npt.NDArray[np.object_]],
    scores: Mapping[str, Floats],
    draws: LeadDraws,
) -> pd.DataFrame:
    records, one = [], np.ones((1, len(sales)))
    for top, labels in tiers.items():
        share = float((labels == TIERS[0]).mean()) if len(labels) else 0.0
        values = {n: float(sales_at(Groups.of(sales, p, one), share)[0]) for n, p in scores.items()}
        drawn = {
            name: draws.of_groups(sales, score, partial(sales_at, share=share))
            for name, score in scores.items()
        }
        for name in scores:
            caught = interval_of(values[name], drawn[name])
            gain = interval_of(values["learned"] - values[name], drawn["learned"] - drawn[name])
            records.append(
                {
                    "top_tier_of": top,
                    "share": share,
                    "system": name,
                    "caught": caught.estimate,
                    "low": caught.low,
                    "high": caught.high,
                    "gain": gain.estimate,
                    "gain_low": gain.low,
                    "gain_high": gain.high,
                }
            )
    return pd.DataFrame(records, columns=_CATCH_COLUMNS)


def _share(part: Floats | float, whole: Floats | float) -> Floats:
    with np.errstate(invalid="ignore"):  # a resample without a sale has no share
        return np.asarray(np.divide(part, whole), dtype=np.float64)
