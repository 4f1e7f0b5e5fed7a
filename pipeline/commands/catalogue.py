"""What the verbs features and schemes list: the catalogue, the rule schemes, and what the data allow."""

from pathlib import Path

import pandas as pd

from features.catalog import catalog
from features.schemes.compiled import availability
from features.schemes.declaration import UNGRADED, Scheme
from pipeline.config.config import read_config
from pipeline.intake.staged_tables import all_features, usable_features
from pipeline.jobs.sources import taken_in
from pipeline.schemes.scheme_files import read_schemes, shipped_names


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
