"""Scoring a lead list: every lead is graded, or named with the reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from features.scheme import Scheme
from models.scorer import LeadScorer
from pipeline.config import Config
from pipeline.dataset import Rows, scoring_rows, to_pandas
from pipeline.errors import ConfigError, ScoringError
from pipeline.grading import explanations, rule_grades, usable_schemes
from pipeline.ingest import latest_event
from pipeline.meanings import meaning
from pipeline.staged import Tables
from pipeline.times import EARLIEST


@dataclass(frozen=True)
class Scored:
    """A graded list.

    Attributes:
        leads: one row per lead that was open at the as-of, best first: ``rank``, ``lead_id``,
            ``as_of``, ``model_version``, ``grade`` and its meaning in two languages, probabilities,
            ``score``, value, RFM levels, rule grades, the latest manual grade, and the lead's snapshot
            attributes.
        left_out: ``lead_id`` and ``reason`` of every other lead of the list.
        explained: on request, why each lead has its rule grades, from ``grading.explanations``.
        reasons: on request, why each lead has its score: ``lead_id`` and the columns of ``Reasons.listed``.
        graded_by: in words, which scorer graded them.
    """

    leads: pd.DataFrame
    left_out: pd.DataFrame
    explained: pd.DataFrame | None = None
    reasons: pd.DataFrame | None = None
    graded_by: str = ""


def score(
    config: Config,
    tables: Tables,
    scorer: LeadScorer,
    schemes: Sequence[Scheme],
    as_of: datetime,
    *,
    reasons: int = 3,
    explain: bool = False,
    version: str | None = None,
) -> Scored:
    """Grade all leads that are open at an instant.

    Args:
        config: the configuration.
        tables: canonical tables.
        scorer: what was trained.
        schemes: rule schemes to add, one column each.
        as_of: nothing that happened at this instant or later is looked at.
        reasons: how many reasons each way to give each lead; with 0 there are no such columns.
        explain: also say why each lead has its rule grades, and list the reasons one by one.
        version: of the scorer in the registry; the start of its fingerprint when left out.

    Raises:
        ScoringError: as ``check_fit``.
    """
    rows, left_out = scoring_rows(config, tables, as_of)
    check_fit(config, rows, scorer)
    frame = to_pandas(rows.frame)
    scored = scorer.score(frame)
    graded = usable_schemes(schemes, rows.features, scorer)
    rules = rule_grades(frame, graded)
    words = meaning(scorer.policy, config.currency)
    meanings = pd.DataFrame(scored["grade"].map(words).to_list(), index=frame.index)
    shown = pd.concat(
        [
            frame[["lead_id", "as_of"]].assign(model_version=version or scorer.fingerprint[:12]),
            scored[["grade"]],
            meanings.reindex(columns=["grade_en", "grade_zh"]),
            scorer.reasons(frame, reasons) if reasons else pd.DataFrame(index=frame.index),
            scored.drop(columns="grade"),
            rules,
            frame[[name for name in ("manual_grade",) if name in frame.columns]],
            _snapshots(config, tables, frame),
        ],
        axis=1,
    )
    ranked = shown.sort_values(["grade", "score"], ascending=[True, False], kind="stable").reset_index(
        drop=True
    )
    ranked.insert(0, "rank", ranked.index + 1)
    if not explain:
        return Scored(ranked, left_out.to_pandas())
    return Scored(
        ranked, left_out.to_pandas(), explanations(frame, graded), listed_reasons(frame, scorer, reasons)
    )


def listed_reasons(frame: pd.DataFrame, scorer: LeadScorer, top: int) -> pd.DataFrame:
    """The top reasons of each lead, one a line: ``lead_id`` and the columns of ``Reasons.listed``."""
    lines = scorer.explainer.listed(frame, top)
    lead_ids = frame["lead_id"].to_numpy(dtype=object)[lines["row"].to_numpy(dtype=int)]
    return lines.drop(columns="row").assign(lead_id=lead_ids)[["lead_id", *lines.columns.drop("row")]]


def check_fit(config: Config, rows: Rows, scorer: LeadScorer) -> None:
    """Refuse rows that are not what the scorer was trained with: it would answer another question.

    Raises:
        ScoringError: names other horizons, and columns that are missing, unknown or of another kind.
    """
    known = {*scorer.columns, *scorer.dropped}
    unknown = [feature.name for feature in rows.features if feature.name not in known]
    try:
        if rows.horizons != scorer.horizons:
            raise ValueError(f"horizons {', '.join(rows.horizons)} instead of {', '.join(scorer.horizons)}")
        scorer.check_columns(to_pandas(rows.frame))
        if unknown:
            raise ValueError(f"columns that it was not trained with: {', '.join(unknown)}")
    except ValueError as error:
        raise ScoringError(
            f"{config.path}: the data do not fit the scorer: {error}; "
            "train again, or use the sources and attributes that it was trained with"
        ) from None


def check_as_of(config: Config, as_of: datetime) -> None:
    """Refuse an as-of of which nothing can be known.

    Raises:
        ConfigError: it is in the future, or before all events that are read.
    """
    if as_of > latest_event(config):
        raise ConfigError(
            f"--as-of {as_of:%Y-%m-%d %H:%M}Z is in the future: nothing is known of it; choose an earlier one"
        )
    if as_of < EARLIEST:
        raise ConfigError(f"--as-of {as_of.isoformat()} is before 1990, as no event is: choose a later one")


def _snapshots(config: Config, tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    names = [name for name, spec in config.attributes.items() if spec.known == "snapshot"]
    if not names:
        return pd.DataFrame(index=frame.index)
    leads = tables["leads"].select("lead_id", *names).to_pandas().set_index("lead_id")
    return leads.loc[frame["lead_id"]].set_axis(frame.index)
