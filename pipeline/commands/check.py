"""What ``leadgrade check`` does: schemes, sources, features and labels are looked at, without training."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from features.labels import closed_column
from pipeline import terminal
from pipeline.commands.sources import count_table, learnable_outcomes, training_sources
from pipeline.config.config import Config
from pipeline.fitting.grade_policy import check_scheme
from pipeline.intake.staged_tables import usable_features
from pipeline.language.sentence import Sentence
from pipeline.leaks.sentinel import suspects_or_why_none
from pipeline.leaks.suspect import Suspect
from pipeline.leaks.undeclared import undeclared_suspects
from pipeline.matrix import dataset
from pipeline.matrix.early_calls import early_calls_note
from pipeline.matrix.scheme_words import unmatched_words
from pipeline.matrix.turnover_notes import turnover_notes
from pipeline.outcomes.account import OutcomeAccount, with_notes
from pipeline.outcomes.first_cohorts import first_cohorts_note
from pipeline.outcomes.matured import matured_note
from pipeline.people.identifying import find_identifying, told_of
from pipeline.schemes.scheme_checks import checked_schemes
from pipeline.targets import QUARANTINE, Outputs

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".check.work")


@dataclass(frozen=True)
class Checked:
    """What ``check`` found.

    Attributes:
        outcomes: what became of the outcomes.
        sources: row counts per source.
        notes: what is to be said beside them.
        absent: what each absent feature misses, as ``table`` or ``table.column``.
        labels: ripe rows and closes per horizon.
        observed_until: outcomes are complete up to here; none for a flat list.
        suspects: columns and events that look as if they knew the outcome.
    """

    outcomes: OutcomeAccount
    sources: pd.DataFrame
    notes: tuple[str, ...]
    absent: Mapping[str, list[str]]
    labels: pd.DataFrame
    observed_until: datetime | None
    suspects: tuple[Suspect, ...]


def run_check(config: Config) -> Checked:
    """Check schemes, sources, features and labels, without training."""
    Outputs(config, WRITES)
    schemes = checked_schemes(config)
    check_scheme(config, schemes)
    with training_sources(config, "check") as taken:
        validated = taken.validated
        config, account = learnable_outcomes(config, taken)
        _, absent = usable_features(config, taken.heads)
        with terminal.working(Sentence("building the matrix")):
            rows = dataset.training_rows(config, taken)
        account = with_notes(account, first_cohorts_note(config, rows), matured_note(config, taken, rows))
        with terminal.working(Sentence("looking for leaks")):
            suspects, why_none = suspects_or_why_none(config, rows, taken)
            if not why_none:
                suspects += tuple(undeclared_suspects(config, rows))
    return Checked(
        account,
        count_table(validated),
        (
            *told_of(find_identifying(config, rows.frame)),
            *unmatched_words(schemes, rows.frame),
            *early_calls_note(rows.frame),
            *turnover_notes(rows),
            *validated.warnings,
            *validated.notes,
            *filter(None, [validated.hearing]),
            *why_none,
        ),
        absent,
        _label_table(rows),
        rows.observed_until,
        suspects,
    )


def _label_table(rows: dataset.Rows) -> pd.DataFrame:
    frame = rows.frame
    records = []
    for horizon in rows.horizons:
        label = frame[closed_column(horizon)]
        ripe = frame.height - label.null_count()
        closes = int(label.sum() or 0)
        records.append(
            {
                "horizon": horizon,
                "rows": frame.height,
                "ripe": ripe,
                "closes": closes,
                "rate": closes / max(1, ripe),
            }
        )
    return pd.DataFrame(records)
