"""Tables for reading: the catalogue, the schemes, the leaderboard and the grades."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from features.catalog import catalog
from features.scheme import UNGRADED, Scheme
from features.schemes import availability
from pipeline.config import read_config
from pipeline.scheme_files import read_schemes, shipped_names
from pipeline.sources import taken_in
from pipeline.staged import all_features, usable_features


def feature_table(config_path: Path | None = None) -> pd.DataFrame:
    """Every feature: family, name, unit, meaning in both languages, value without history."""
    families = catalog() if config_path is None else all_features(read_config(config_path))
    return pd.DataFrame(
        {
            "family": family,
            "name": feature.name,
            "unit": feature.unit,
            "meaning": feature.meaning_en,
            "含义": feature.meaning_zh,
            "without history": "missing" if feature.empty is None else str(feature.empty),
        }
        for family, members in families.items()
        for feature in members
    )


def feature_markdown() -> str:
    """The catalogue as a page: ``docs/features.md`` is this text."""
    table = feature_table()
    rows = [list(table.columns), ["---"] * table.shape[1], *table.to_numpy().tolist()]
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    intro = (
        "# The feature catalogue\n\nWhat is known about a lead as of an instant. Made by `leadgrade features "
        "--markdown`; a test compares the two. A configuration's attributes come on top.\n"
    )
    return "\n".join([intro, *lines]) + "\n"


def scheme_table(config_path: Path | None = None) -> pd.DataFrame:
    """Every shipped scheme, or those of a configuration with their availability on its data."""
    if config_path is None:
        schemes, there = read_schemes(shipped_names(), Path()), None
    else:
        config = read_config(config_path)
        schemes = read_schemes(
            config.schemes or shipped_names(), config_path.parent, config.scheme_parameters
        )
        with taken_in(config, "schemes") as taken:
            features, _ = usable_features(config, taken.heads)
        there = {feature.name for feature in features}
    records = []
    for scheme in schemes:
        row = {
            "scheme": scheme.id,
            "名称": scheme.name.zh,
            "name": scheme.name.en,
            "labels": " ".join(scheme.label_ids),
            "order": "nominal" if not scheme.order else "best first",
            "use": scheme.use,
        }
        if there is not None:
            missing = availability(scheme, there)
            row["available"] = f"no: the data have no {', '.join(missing)}" if missing else "yes"
        records.append(row)
    return pd.DataFrame(records)


def scheme_parts(name: str, config_path: Path | None = None) -> dict[str, pd.DataFrame]:
    """One scheme as tables: its rules, terms, thresholds, flags and labels with what to do.

    Args:
        name: of a shipped scheme or of one in the configuration, or the path of a YAML file.
        config_path: a configuration whose thresholds stand in for the shipped ones.

    Raises:
        ConfigError: there is no such scheme, or its file is wrong.
    """
    scheme = _one_scheme(name, config_path)
    thresholds = {**scheme.parameters, **dict.fromkeys(scheme.learned, "learned in training")}
    parts = {
        "rules": pd.DataFrame(_rule_rows(scheme)),
        "terms": pd.DataFrame(
            {"term": term, "meaning": _one_line(one.text)} for term, one in scheme.terms.items()
        ),
        "thresholds": pd.DataFrame(
            {"parameter": parameter, "value": str(value)} for parameter, value in thresholds.items()
        ),
        "flags": pd.DataFrame(
            {"flag": flag.name.en, "标记": flag.name.zh, "when": _one_line(flag.when.text)}
            for flag in scheme.flags
        ),
        "labels": pd.DataFrame(_label_rows(scheme)),
    }
    return {title: part for title, part in parts.items() if not part.empty}


def _one_scheme(name: str, config_path: Path | None) -> Scheme:
    if config_path is None:
        return read_schemes([name], Path())[0]
    config = read_config(config_path)
    used = read_schemes(config.schemes or ("all",), config_path.parent, config.scheme_parameters)
    named = [scheme for scheme in used if scheme.id == name]
    return named[0] if named else read_schemes([name], Path())[0]


def _rule_rows(scheme: Scheme) -> list[dict[str, str]]:
    rows = [
        {
            "rule": str(number),
            "label": rule.label,
            "when": _one_line(rule.when.text),
            "note": rule.note.en if rule.note else "",
            "说明": rule.note.zh if rule.note else "",
        }
        for number, rule in enumerate(scheme.rules, start=1)
    ]
    last = {"rule": "0", "label": scheme.default or UNGRADED, "when": "otherwise", "note": "", "说明": ""}
    return [*rows, last]


def _label_rows(scheme: Scheme) -> list[dict[str, str]]:
    return [
        {
            "label": label.id,
            "meaning": label.name.en,
            "含义": label.name.zh,
            "use": scheme.use if scheme.use == "status" else label.use,
            "next action": label.playbook.action.en,
            "下一步": label.playbook.action.zh,
            "every days": "-" if label.playbook.cadence_days is None else f"{label.playbook.cadence_days:g}",
            "channel": label.playbook.channel,
        }
        for label in scheme.labels
    ]


def _one_line(text: str) -> str:
    return " ".join(text.split())


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
    """Each promise beside what happened, with intervals in brackets and the verdict."""
    return pd.DataFrame(
        {
            "grade": promises["grade"],
            "by": promises["by"],
            "promised": _with_interval(promises, "promised", "promised_low", "promised_high"),
            "realised": _with_interval(promises, "realised", "low", "high"),
            "leads": promises["leads"],
            "verdict": promises["verdict"],
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
