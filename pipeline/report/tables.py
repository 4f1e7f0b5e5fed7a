"""Tables for reading: the leaderboard, the grades, their promises and the value tiers."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.grades.promises import NOT_CONTRADICTED


def board_table(part: pd.DataFrame, shown: Mapping[str, str]) -> pd.DataFrame:
    """One horizon's leaderboard for reading: a row per system and set of leads, with its kind.

    All leads first, then those unseen in training; best AUC first; hindsight last and unranked.
    """
    wide = part.pivot(index=["leads_in", "system", "kind"], columns="metric", values="value").reset_index()
    gains = part[part["metric"] == "auc"].drop(columns=["metric", "value"])
    wide = wide.merge(gains, on=["leads_in", "system", "kind"])
    wide["AUC 95%"] = [f"{low:.3f}-{high:.3f}" for low, high in zip(wide["low"], wide["high"], strict=True)]
    wide["model better by"] = [
        "" if kind == "model" else f"{gain:+.3f} ({low:+.3f} to {high:+.3f})"
        for kind, gain, low, high in zip(
            wide["kind"], wide["gain"], wide["gain_low"], wide["gain_high"], strict=True
        )
    ]
    late = wide["kind"] == "hindsight"
    wide = wide.assign(late=late).sort_values(
        ["leads_in", "late", "auc"], ascending=[True, True, False], kind="stable"
    )
    wide["system"] = wide["system"].where(~wide["late"], wide["system"] + " (hindsight, not ranked)")
    told = ["leads_in", "rows", "closes", "system", "kind", "auc", "AUC 95%", "model better by"]
    columns = [*told, *[metric for metric in shown if metric != "auc"]]
    return wide[columns].rename(columns={**shown, "leads_in": "leads"})


def grade_summary(grades: pd.DataFrame) -> pd.DataFrame:
    """Share and close rates per system and grade, a column per horizon, with its interval."""
    told = grades.assign(text=_with_interval(grades, "rate", "low", "high"))
    systems = {name: place for place, name in enumerate(dict.fromkeys(grades["system"]))}
    wide = told.pivot(index=["system", "grade", "share"], columns="by", values="text").reset_index()
    wide = wide[["system", "grade", "share", *dict.fromkeys(grades["by"])]]
    return wide.sort_values(
        ["system", "grade"], key=lambda column: column.map(systems) if column.name == "system" else column
    ).reset_index(drop=True)


def promise_summary(promises: pd.DataFrame) -> pd.DataFrame:
    """Each promise beside what happened, the gap with the interval that decides, and the verdict."""
    return pd.DataFrame(
        {
            "grade": promises["grade"],
            "by": promises["by"],
            "promised": _plain(promises["promised"]),
            "realised": _plain(promises["realised"]),
            "gap": _with_interval(promises, "gap", "gap_low", "gap_high", signed=True),
            "leads": promises["leads"],
            "verdict": [
                f"{verdict} (could have shown a gap of {detectable:.3f})"
                if verdict == NOT_CONTRADICTED
                else verdict
                for verdict, detectable in zip(promises["verdict"], promises["detectable"], strict=True)
            ],
        }
    )


def tier_summary(tiers: pd.DataFrame) -> pd.DataFrame:
    """Value tiers: what they were expected to bring, what they brought, and their share of the sales."""
    amounts = ["expected_amount", "expected_value", "realised_value"]
    rounded = {name: tiers[name].round(0) for name in amounts}
    told = tiers[["system", "tier", "rows", "share"]].assign(**rounded)
    return told.assign(sales_caught=_with_interval(tiers, "caught", "low", "high"))


def catch_summary(catch: pd.DataFrame) -> pd.DataFrame:
    """Share of later sales among the best rows of each way of ranking, and the learned value's advantage."""
    gains = _with_interval(catch, "gain", "gain_low", "gain_high", signed=True)
    told = catch[["top_tier_of", "share", "system"]].assign(
        sales_caught=_with_interval(catch, "caught", "low", "high")
    )
    return told.assign(learned_better_by=gains.where(catch["system"] != "learned", ""))


def _plain(rates: "pd.Series[float]") -> list[str]:
    return ["-" if np.isnan(rate) else f"{rate:.3f}" for rate in rates.astype(float)]


def _with_interval(
    table: pd.DataFrame, value: str, low: str, high: str, *, signed: bool = False
) -> "pd.Series[str]":
    """Numbers as text with their interval; a dash where there is none."""
    form = "{:+.3f} ({:+.3f} to {:+.3f})" if signed else "{:.3f} ({:.3f}-{:.3f})"
    bounds = zip(*(table[name].astype(float) for name in (value, low, high)), strict=True)
    return pd.Series(
        ["-" if np.isnan(three[0]) else form.format(*three) for three in bounds],
        index=table.index,
        dtype="str",
    )
