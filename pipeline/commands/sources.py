"""What verbs that learn or look do with sources: take in, count, tell exports apart."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from pipeline import terminal
from pipeline.config.config import Config
from pipeline.intake.taken_in import TakenIn
from pipeline.jobs import sources
from pipeline.outcomes.account import (
    OutcomeAccount,
    account_for,
    check_outcomes,
    check_some_closes,
    with_notes,
)
from pipeline.outcomes.lacking_dates import as_dates_allow
from pipeline.reading.validate import Validated


@contextmanager
def training_sources(
    config: Config, verb: str, speakers: Mapping[str, str] | None = None
) -> Iterator[TakenIn]:
    """Take in the sources of a configuration that can be trained on, from ``sources.taken_in``."""
    config.check_trainable()
    with sources.taken_in(config, verb, speakers) as taken:
        yield taken


def outcome_table(account: OutcomeAccount) -> pd.DataFrame:
    """What became of the outcomes: ``what`` and ``count``."""
    return pd.DataFrame(account.lines(), columns=["what", "count"])


def learnable_outcomes(config: Config, taken: TakenIn) -> tuple[Config, OutcomeAccount]:
    """The configuration as the dates of its closes allow, and what became of the outcomes.

    Raises:
        ToleranceError, TrainingError: as ``check_outcomes`` and ``check_some_closes``.
    """
    config, decided = as_dates_allow(config, taken)
    account = account_for(config, taken)
    check_outcomes(config, account)
    check_some_closes(config, account)
    return config, with_notes(account, decided)


def as_learned(config: Config, taken: TakenIn) -> Config:
    """The configuration as ``learnable_outcomes`` has it; another one than was written is said."""
    config, account = learnable_outcomes(config, taken)
    for note in account.notes:
        terminal.note(note)
    return config


def count_table(validated: Validated) -> pd.DataFrame:
    """Rows in, used, left out by the configuration and quarantined, per source."""
    return pd.DataFrame(
        {
            "source": name,
            "rows in": counts.rows_in,
            "rows used": counts.rows_used,
            "left out": counts.rows_left_out,
            "quarantined": counts.rows_quarantined,
            "of these duplicates": counts.duplicates_dropped,
            "of leads not listed": counts.of_nobody,
        }
        for name, counts in validated.counts.items()
    )


def fingerprints(config: Config) -> dict[str, str]:
    """SHA-256 of each source file; of a folder's files one after the other."""
    return {name: _digest(config.data_path(source.path)) for name, source in config.sources.items()}


def _digest(path: Path) -> str:
    if path.is_dir():
        return joined({part.name: _digest(part) for part in path.glob("*.parquet")})
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def joined(prints: Mapping[str, str]) -> str:
    """One fingerprint of several."""
    return hashlib.sha256("\n".join(f"{k}={v}" for k, v in sorted(prints.items())).encode()).hexdigest()
