"""Tables for reading: the leaderboard, the grades, their promises and the value tiers."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from models.grades.promises import NOT_CONTRADICTED
from pipeline.language.catalogue import Language, look_up, look_up_word, translate


def board_table(part: pd.DataFrame, shown: Mapping[str, str], language: Language = "en") -> pd.DataFrame:
    """One horizon's leaderboard for reading: a row per system and set of leads, with its kind.

    All leads first, then those unseen in training; best AUC first; hindsight last and unranked.
    """
    wide = part.pivot(index=["leads_in", "system", "kind"], columns="metric", values="value").reset_index()
    gains = part[part["metric"] == "auc"].drop(columns=["metric", "value"])
    wide = wide.merge(gains, on=["leads_in", "system", "kind"])
    wide["AUC 95%"] = [f"{low:.3f}-{high:.3f}" for low, high in zip(wide["low"], wide["high"], strict=True)]
    wide["model better by"] = [
        ""
        if kind == "model"
        else translate("{value:+.3f} ({low:+.3f} to {high:+.3f})", language, value=gain, low=low, high=high)
        for kind, gain, low, high in zip(
            wide["kind"], wide["gain"], wide["gain_low"], wide["gain_high"], strict=True
        )
    ]
    late = wide["kind"] == "hindsight"
    wide = wide.assign(late=late).sort_values(
        ["leads_in", "late", "auc"], ascending=[True, True, False], kind="stable"
    )
    named = wide["system"].map(lambda name: look_up_word(name, language))
    unranked = named.map(lambda name: translate("{system} (hindsight, not ranked)", language, system=name))
    wide["system"] = named.where(~wide["late"], unranked)
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


def promise_summary(promises: pd.DataFrame, language: Language = "en") -> pd.DataFrame:
    """Each promise beside what happened, the gap with the interval that decides, and the verdict."""
    return pd.DataFrame(
        {
            "grade": promises["grade"],
            "by": promises["by"],
            "promised": _plain(promises["promised"]),
            "realised": _plain(promises["realised"]),
            "gap": _gap(promises, "gap", "gap_low", "gap_high", language),
            "leads": promises["leads"],
            "verdict": [
                translate(
                    "{verdict} (could have shown a gap of {gap:.3f})",
                    language,
                    verdict=look_up_word(verdict, language),
                    gap=detectable,
                )
                if verdict == NOT_CONTRADICTED
                else look_up_word(verdict, language)
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


def catch_summary(catch: pd.DataFrame, language: Language = "en") -> pd.DataFrame:
    """Share of later sales among the best rows of each way of ranking, and the learned value's advantage."""
    gains = _gap(catch, "gain", "gain_low", "gain_high", language)
    told = catch[["top_tier_of", "share", "system"]].assign(
        sales_caught=_with_interval(catch, "caught", "low", "high")
    )
    return told.assign(learned_better_by=gains.where(catch["system"] != "learned", ""))


def _plain(rates: "pd.Series[float]") -> list[str]:
    return ["-" if np.isnan(rate) else f"{rate:.3f}" for rate in rates.astype(float)]


def _with_interval(table: pd.DataFrame, value: str, low: str, high: str) -> "pd.Series[str]":
    """Numbers as text with their interval; a dash where there is none."""
    return _told(table, (value, low, high), "{value:.3f} ({low:.3f}-{high:.3f})")


def _gap(table: pd.DataFrame, value: str, low: str, high: str, language: Language) -> "pd.Series[str]":
    """Signed differences, likewise."""
    form = look_up("{value:+.3f} ({low:+.3f} to {high:+.3f})", language)
    return _told(table, (value, low, high), form)


def _told(table: pd.DataFrame, names: Sequence[str], form: str) -> "pd.Series[str]":
    bounds = zip(*(table[name].astype(float) for name in names), strict=True)
    return pd.Series(
        [
            "-" if np.isnan(value) else form.format(value=value, low=low, high=high)
            for value, low, high in bounds
        ],
        index=table.index,
        dtype="str",
    )
