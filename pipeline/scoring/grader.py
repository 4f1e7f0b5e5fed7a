"""Grading the rows of a bucket: features in, what a graded list says of each lead out."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from features.schemes.declaration import Scheme
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.errors import ScoringError
from pipeline.intake.staged_tables import Tables
from pipeline.matrix.dataset import ListRows, Rows, to_pandas
from pipeline.matrix.outside import MARKS, OUTSIDE, Limits
from pipeline.schemes.scheme_grades import (
    GradedBy,
    explanations,
    raised_flags,
    rule_grades,
    usable_schemes,
)
from pipeline.scoring.grade_words import meaning
from pipeline.scoring.ranked_list import PLACE

_MEANINGS = ("grade_en", "grade_zh")

# The feature that tells when a lead was last called.
LAST_CALL = "days_since_call"


@dataclass(frozen=True)
class Graded:
    """What a bucket's leads were graded.

    Attributes:
        leads: one row per lead that was open at the as-of, in the order of the list: ``row_number``,
            ``lead_id``, ``as_of``, ``has_history``, ``outside_training`` and why, ``model_version``,
            ``grade`` and its meaning in two languages, reasons, probabilities, ``score``, value, RFM levels,
            rule grades, the latest manual grade, and the lead's snapshot attributes.
        left_out: ``lead_id``, ``row_number`` and ``reason`` of every other lead.
        explained: on request, why each lead has its rule grades, from ``scheme_grades.explanations``.
        reasons: on request, why each lead has its score: ``lead_id`` and the columns of ``Reasons.listed``.
        at_work: on request, what else a salesperson is told: ``row_number``, ``days_since_call`` where there
            are calls, ``flags_en`` and ``flags_zh`` from ``scheme_grades.raised_flags``.
    """

    leads: pd.DataFrame
    left_out: pd.DataFrame
    explained: pd.DataFrame | None = None
    reasons: pd.DataFrame | None = None
    at_work: pd.DataFrame | None = None

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All of it by name."""
        found = {"leads": self.leads, "left_out": self.left_out}
        asked = {"explained": self.explained, "reasons": self.reasons, "at_work": self.at_work}
        return found | {name: table for name, table in asked.items() if table is not None}


@dataclass(frozen=True)
class Grader:
    """What grades leads, the same for every bucket.

    Attributes:
        asked: which rows a bucket has.
        scorer: what was trained.
        schemes: rule schemes to add, one column each.
        top: how many reasons each way to give each lead; with 0 there are no such columns.
        explain: also say why each lead has its rule grades, and list the reasons one by one.
        version: of the scorer in the registry; ``m`` and the start of its fingerprint when left out.
        at_work: also tell what a salesperson's list shows beside the grades.
    """

    asked: ListRows
    scorer: LeadScorer
    schemes: Sequence[Scheme] = ()
    top: int = 3
    explain: bool = False
    version: str | None = None
    at_work: bool = False

    @cached_property
    def graded_by(self) -> tuple[GradedBy, ...]:
        """The schemes, compiled once."""
        return usable_schemes(self.schemes, self.asked.features, self.scorer.rfm_edges)

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """What each grade means."""
        return meaning(self.scorer.policy, self.asked.config.currency)

    def check(self, heads: Tables) -> None:
        """Refuse tables, which may be without rows, that are not what the scorer was trained with.

        Raises:
            ScoringError: as ``check_rows_fit``.
        """
        rows = Rows(self.asked.rows(heads), self.asked.features, self.asked.horizons)
        check_rows_fit(self.asked.config, rows, self.scorer)

    def grade(self, tables: Tables) -> Graded:
        """Grade all leads of a bucket that are open at the instant.

        Raises:
            ScoringError: a column is missing, or holds text for numbers or the reverse.
        """
        rows = self.asked.rows(tables)
        left_out = self.asked.left_out(tables, rows).to_pandas()
        frame = to_pandas(rows)
        with _fitting(self.asked.config):
            self.scorer.check_columns(frame)
        leads = self._listed(tables, frame)
        explained, reasons, at_work = None, None, None
        if self.explain:
            explained = explanations(frame, self.graded_by)
            reasons = listed_reasons(frame, self.scorer, self.top)
        if self.at_work:
            told = frame[[name for name in (LAST_CALL,) if name in frame.columns]]
            at_work = pd.concat([leads[[PLACE]], told, raised_flags(frame, self.graded_by)], axis=1)
        return Graded(leads, left_out, explained, reasons, at_work)

    def _listed(self, tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
        scored = self.scorer.score(frame)
        meanings = pd.DataFrame(
            {name: scored["grade"].map({g: w[name] for g, w in self.words.items()}) for name in _MEANINGS},
            index=frame.index,
        )
        version = self.version or version_word(self.scorer.fingerprint)
        listed = _of_leads(self.asked.config, tables, frame)
        keys = frame[[name for name in ("lead_id", "as_of", "has_history", *MARKS) if name in frame.columns]]
        keys = keys.astype({name: bool for name in ("has_history", OUTSIDE) if name in keys.columns})
        return pd.concat(
            [
                listed[[PLACE]],
                keys.assign(model_version=version),
                scored[["grade"]],
                meanings,
                self.scorer.reasons(frame, self.top) if self.top else pd.DataFrame(index=frame.index),
                scored.drop(columns="grade"),
                rule_grades(frame, self.graded_by),
                frame[[name for name in ("manual_grade",) if name in frame.columns]],
                listed.drop(columns=PLACE),
            ],
            axis=1,
        )


def listed_reasons(frame: pd.DataFrame, scorer: LeadScorer, top: int) -> pd.DataFrame:
    """The top reasons of each lead, one a line: ``lead_id`` and the columns of ``Reasons.listed``."""
    lines = scorer.explainer.listed(frame, top)
    lead_ids = frame["lead_id"].to_numpy(dtype=object)[lines["row"].to_numpy(dtype=int)]
    return lines.drop(columns="row").assign(lead_id=lead_ids)[["lead_id", *lines.columns.drop("row")]]


def version_word(fingerprint: str) -> str:
    """A scorer without a version in the registry, as a list names it: no program reads it as a number.

    >>> version_word("630e72440422ffff")
    'm630e72440422'
    """
    return f"m{fingerprint[:12]}"


def learned_limits(config: Config, scorer: LeadScorer) -> Limits:
    """Which leads a scorer learned from; one that does not say so is taken for one of this configuration."""
    told = scorer.learned_from
    return Limits.of(config.cohort) if told is None else Limits.from_dict(told)


def check_rows_fit(config: Config, rows: Rows, scorer: LeadScorer) -> None:
    """Refuse rows that are not what the scorer was trained with: it would answer another question.

    Features that came into the catalogue after it was trained are no fault: it answers without them.

    Raises:
        ScoringError: names other horizons, and columns that are missing, unknown or of another kind.
    """
    known = {*scorer.columns, *scorer.dropped}
    unknown = [one.name for one in rows.features if not one.later and one.name not in known]
    with _fitting(config):
        if rows.horizons != scorer.horizons:
            raise ValueError(f"horizons {', '.join(rows.horizons)} instead of {', '.join(scorer.horizons)}")
        scorer.check_columns(to_pandas(rows.frame))
        if unknown:
            raise ValueError(f"columns that it was not trained with: {', '.join(unknown)}")


@contextmanager
def _fitting(config: Config) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise ScoringError(
            f"{config.path}: the data do not fit the scorer: {error}; "
            "train again, or use the sources and attributes that it was trained with"
        ) from None


def _of_leads(config: Config, tables: Tables, frame: pd.DataFrame) -> pd.DataFrame:
    """What the list itself says of each row: its place, and attributes that are only shown."""
    shown = [name for name, spec in config.attributes.items() if spec.known == "snapshot"]
    names = [name for name in shown if name in tables["leads"].columns]
    leads = tables["leads"].select("lead_id", PLACE, *names).to_pandas().set_index("lead_id")
    return leads.loc[frame["lead_id"]].set_axis(frame.index)
