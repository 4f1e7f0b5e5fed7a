"""The list that a CRM imports, and the table of scores that it may have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import pandas as pd

from features.schemes.declaration import Scheme
from models.scorer import LeadScorer
from pipeline.config.config import Config
from pipeline.errors import OutputError
from pipeline.output import replace_whole
from pipeline.recognition.dialects import Dialect, ImportForm, ScoreTable, importing
from pipeline.schemes.scheme_files import schemes_of
from pipeline.scoring.ranked_list import Merged
from pipeline.targets import Outputs
from pipeline.workbook.playbooks import ACTION, next_actions, playbook_for, playbooks_of


@dataclass(frozen=True)
class ImportFile:
    """What of a CRM's list is known before its leads are graded.

    Attributes:
        config: its leads are the list.
        dialect: of the CRM.
        playbooks: the schemes whose next actions may be told, in the order of preference.
    """

    config: Config
    dialect: Dialect
    playbooks: tuple[Scheme, ...]

    @classmethod
    def of(cls, config: Config, name: str, out: Path) -> Self:
        """Read what is needed before any work is done.

        Raises:
            ConfigError: there is no such dialect of a CRM.
            OutputError: the list is to be another kind of file than a CRM imports.
        """
        dialect = importing(name)
        if not out.name.endswith(".csv"):
            raise OutputError(f"{out}: {dialect.title} imports .csv: choose another --out")
        return cls(config, dialect, playbooks_of(config, schemes_of(config)))

    def beside(self, out: Path) -> tuple[Path, ...]:
        """The table of scores beside the list, where the CRM has one."""
        return (scores_path(out),) if self.dialect.scores else ()

    def write(self, merged: Merged, scorer: LeadScorer, as_of: datetime, outputs: Outputs, out: Path) -> None:
        """Write the list, and the table of scores where the CRM has one.

        Raises:
            OutputError: the disk or the rights do not allow it.
        """
        form, horizon = self.dialect.imported, scorer.horizons[-1]
        if form:
            rows = (self._rows(leads, form, horizon, as_of) for leads in merged.slices())
            replace_whole(outputs.at(out), lambda part: _write(rows, part, form.encoding))
        table = self.dialect.scores
        if table:
            scores = (score_rows(leads, table, scorer.policy.grades, horizon) for leads in merged.slices())
            replace_whole(outputs.at(scores_path(out)), lambda part: _write(scores, part, "utf-8"))

    def _rows(self, leads: pd.DataFrame, form: ImportForm, horizon: str, as_of: datetime) -> pd.DataFrame:
        zone, language = self.config.timezone, form.language
        actions = next_actions(leads, playbook_for(leads, self.playbooks), as_of, zone, language)
        return import_rows(leads.assign(next_action=actions[ACTION]), form, horizon, as_of, zone)


def scores_path(out: Path) -> Path:
    """The table of scores beside a CRM's list.

    >>> scores_path(Path("graded.csv")).name
    'graded.scores.csv'
    """
    return out.with_name(f"{out.name.removesuffix('.csv')}.scores.csv")


def import_rows(
    leads: pd.DataFrame, form: ImportForm, horizon: str, as_of: datetime, zone: str
) -> pd.DataFrame:
    """A row for each lead, as a CRM's import takes it; all as text.

    Args:
        leads: ``lead_id``, ``grade``, ``p_<horizon>``, and ``reasons_up_<language>``, ``next_action``.
        form: the CRM's.
        horizon: by which the chance is told, in per cent.
        as_of: the list's instant.
        zone: in which its day is told.

    Returns:
        The form's columns under the CRM's names, without a reason or a next action where nobody has one.
    """
    reason = f"reasons_up_{form.language}"
    told = {
        "lead_id": leads["lead_id"],
        "grade": leads["grade"],
        "chance": [f"{100 * chance:.1f}" for chance in leads[f"p_{horizon}"]],
        "reason": leads[reason] if reason in leads.columns else None,
        "next_action": leads["next_action"] if "next_action" in leads.columns else None,
        "as_of": as_of.astimezone(ZoneInfo(zone)).strftime(form.date),
    }
    frame = pd.DataFrame(told, index=leads.index, dtype="object")
    unsaid = [name for name in ("reason", "next_action") if frame[name].isna().all()]
    kept = {name: header for name, header in form.columns.items() if name not in unsaid}
    return frame[list(kept)].rename(columns=kept)


def score_rows(leads: pd.DataFrame, table: ScoreTable, grades: Iterable[str], horizon: str) -> pd.DataFrame:
    """A row for each lead in a CRM's table of scores: record, kind, score of 100, grade and trend as numbers.

    >>> columns = {"lead_id": "id", "entity": "kind", "score": "score", "grade": "grade", "trend": "trend"}
    >>> table = ScoreTable(columns=columns, entity="lead", grades=(0, 1), unknown_trend=3)
    >>> leads = pd.DataFrame({"lead_id": ["007"], "grade": ["C"], "p_30d": [0.314]})
    >>> score_rows(leads, table, "ABC", "30d").to_csv(index=False, header=False).strip()
    '007,lead,31,1,3'
    """
    last = len(table.grades) - 1
    numbers = {grade: table.grades[min(place, last)] for place, grade in enumerate(grades)}
    told = {
        "lead_id": leads["lead_id"],
        "entity": table.entity,
        "score": (100 * leads[f"p_{horizon}"]).round().astype(int),
        "grade": leads["grade"].map(numbers),
        "trend": table.unknown_trend,
    }
    frame = pd.DataFrame(told, index=leads.index)
    return frame[list(table.columns)].rename(columns=table.columns)


def _write(frames: Iterator[pd.DataFrame], path: Path, encoding: str) -> None:
    """Write cells as they are: an import takes a mark before a number for a part of it."""
    with path.open("w", encoding=encoding, newline="") as file:
        for number, frame in enumerate(frames):
            frame.to_csv(file, index=False, header=number == 0, lineterminator="\r\n")
