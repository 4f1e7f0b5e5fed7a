"""Tables for reading: the catalogue, the schemes, the leaderboard and the grades."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from features.catalog import catalog
from features.schemes import availability
from pipeline import dataset
from pipeline.config import read_config
from pipeline.scheme_files import read_schemes, shipped_names
from pipeline.validate import read_tables


def feature_table(config_path: Path | None = None) -> pd.DataFrame:
    """Every feature: family, name, unit, meaning in both languages, value without history."""
    families = catalog() if config_path is None else dataset.all_features(read_config(config_path))
    return pd.DataFrame(
        {
            "family": family,
            "name": feature.name,
            "unit": feature.unit,
            "meaning": feature.en,
            "含义": feature.zh,
            "without history": "missing" if feature.empty is None else str(feature.empty),
        }
        for family, members in families.items()
        for feature in members
    )


def scheme_table(config_path: Path | None = None) -> pd.DataFrame:
    """Every shipped scheme, or those of a configuration with their availability on its data."""
    if config_path is None:
        schemes, there = read_schemes(shipped_names(), Path()), None
    else:
        config = read_config(config_path)
        schemes = read_schemes(config.schemes or shipped_names(), config_path.parent)
        features, _ = dataset.usable_features(config, read_tables(config).tables)
        there = {feature.name for feature in features}
    records = []
    for scheme in schemes:
        row = {
            "scheme": scheme.id,
            "名称": scheme.name.zh,
            "name": scheme.name.en,
            "labels": " ".join(scheme.label_ids),
        }
        if there is not None:
            missing = availability(scheme, there)
            row["available"] = f"no: the data have no {', '.join(missing)}" if missing else "yes"
        records.append(row)
    return pd.DataFrame(records)


def board_table(part: pd.DataFrame, shown: Mapping[str, str]) -> pd.DataFrame:
    """One leaderboard for reading: a row per system, best AUC first, hindsight last and unranked."""
    wide = part.pivot(index=["system", "kind"], columns="metric", values="value").reset_index()
    gains = part[part["metric"] == "auc"].set_index("system")
    wide["AUC 95%"] = [f"{gains.low[s]:.3f}-{gains.high[s]:.3f}" for s in wide["system"]]
    wide["model better by (AUC)"] = [
        ""
        if s == "model"
        else f"{gains.gain[s]:+.3f} ({gains.gain_low[s]:+.3f} to {gains.gain_high[s]:+.3f})"
        for s in wide["system"]
    ]
    hindsight = wide["kind"] == "hindsight"
    wide = wide.assign(late=hindsight).sort_values(["late", "auc"], ascending=[True, False], kind="stable")
    wide["system"] = wide["system"].where(~wide["late"], wide["system"] + " (hindsight, not ranked)")
    columns = ["system", "auc", "AUC 95%", "model better by (AUC)", *[m for m in shown if m != "auc"]]
    return wide[columns].rename(columns=dict(shown))


def grade_summary(grades: pd.DataFrame) -> pd.DataFrame:
    """Share and close rates per system and grade, a column per horizon, with its interval."""
    told = grades.assign(
        text=[
            "-" if rate != rate else f"{rate:.3f} ({low:.3f}-{high:.3f})"  # noqa: PLR0124 - not a number
            for rate, low, high in zip(grades["rate"], grades["low"], grades["high"], strict=True)
        ]
    )
    systems = {name: place for place, name in enumerate(dict.fromkeys(grades["system"]))}
    wide = told.pivot(index=["system", "grade", "share"], columns="by", values="text").reset_index()
    wide = wide[["system", "grade", "share", *dict.fromkeys(grades["by"])]]
    return wide.sort_values(
        ["system", "grade"], key=lambda column: column.map(systems) if column.name == "system" else column
    ).reset_index(drop=True)
