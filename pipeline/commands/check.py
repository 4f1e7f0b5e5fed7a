"""What ``leadgrade check`` does: schemes, sources, features and labels are looked at, without training."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from features.labels import closed_column
from pipeline import terminal
from pipeline.commands.sources import count_table, training_sources
from pipeline.config.config import Config
from pipeline.fitting.grade_policy import check_scheme
from pipeline.intake.staged_tables import usable_features
from pipeline.leaks.sentinel import suspects_or_why_none
from pipeline.leaks.suspect import Suspect
from pipeline.matrix import dataset
from pipeline.schemes.scheme_checks import checked_schemes
from pipeline.targets import QUARANTINE, Outputs

# Written below ``output_dir``.
WRITES = (QUARANTINE, ".check.work")


@dataclass(frozen=True)
class Checked:
    """What ``check`` found.

    Attributes:
        sources: row counts per source.
        notes: what is to be said beside them.
        absent: what each absent feature misses, as ``table`` or ``table.column``.
        labels: ripe rows and closes per horizon.
        observed_until: outcomes are complete up to here; none for a flat list.
        suspects: columns and events that look as if they knew the outcome.
    """

    sources: pd.DataFrame
    notes: tuple[str, ...]
    absent: Mapping[str, list[str]]
    labels: pd.DataFrame
    observed_until: datetime | None
    suspects: tuple[Suspect, ...]


def run_check(config: Config) -> Checked:
    """Check schemes, sources, features and labels, without training."""
    Outputs(config, WRITES)
    check_scheme(config, checked_schemes(config))
    with training_sources(config, "check") as taken:
        validated = taken.validated
        _, absent = usable_features(config, taken.heads)
        with terminal.working("building the matrix"):
            rows = dataset.training_rows(config, taken)
        with terminal.working("looking for leaks"):
            suspects, why_none = suspects_or_why_none(config, rows, taken)
    return Checked(
        count_table(validated),
        (*validated.notes, *filter(None, [validated.hearing]), *why_none),
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
