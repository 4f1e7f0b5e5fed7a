"""What the verbs check, train and compare do, from configuration to results."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from features.labels import closed_column
from models.scorer import LeadScorer
from pipeline import compare, dataset, present, sources
from pipeline.config import Config
from pipeline.errors import ScoringError
from pipeline.evaluate import Evaluation, evaluate
from pipeline.heard_as import heard_as
from pipeline.leak_words import Suspect
from pipeline.leaks import find_suspects, suspects_or_why_none
from pipeline.learn_reference import with_reference
from pipeline.output import write_table
from pipeline.outputs import Outputs
from pipeline.policies import check_scheme
from pipeline.recording import check_store, record_training
from pipeline.scheme_checks import checked_schemes
from pipeline.score import check_fit
from pipeline.scorer_place import check_replaceable, replace_scorer
from pipeline.staged import usable_features
from pipeline.taken import TakenIn
from pipeline.train import Training, train
from pipeline.unrecorded import record_again
from pipeline.validate import Validated

SCORER = "scorer"
EVALUATED = "scorer-evaluated"
SEARCH = "search.csv"


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


@contextmanager
def taken_in(config: Config, verb: str) -> Iterator[TakenIn]:
    """Take in the sources of a configuration that can be trained on, from ``sources.taken_in``."""
    config.check_trainable()
    with sources.taken_in(config, verb) as taken:
        yield taken


def check(config: Config) -> Checked:
    """Check schemes, sources, features and labels, without training."""
    Outputs(config, "check")
    check_scheme(config, checked_schemes(config))
    with taken_in(config, "check") as taken:
        validated = taken.validated
        _, absent = usable_features(config, taken.heads)
        with present.working("building the matrix"):
            rows = dataset.training_rows(config, taken)
        with present.working("looking for leaks"):
            suspects, why_none = suspects_or_why_none(config, rows, taken)
    return Checked(
        count_table(validated),
        (*validated.notes, *filter(None, [validated.hearing]), *why_none),
        absent,
        _label_table(rows),
        rows.observed_until,
        suspects,
    )


def count_table(validated: Validated) -> pd.DataFrame:
    """Rows in, used and quarantined, per source."""
    return pd.DataFrame(
        {
            "source": name,
            "rows in": counts.rows_in,
            "rows used": counts.rows_used,
            "quarantined": counts.rows_quarantined,
            "of these identical duplicates": counts.duplicates_dropped,
        }
        for name, counts in validated.counts.items()
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


def run_train(config: Config, *, tracked: bool = True) -> tuple[Training, Validated]:
    """Train, evaluate, save the scorer and record the run."""
    outputs = Outputs(config, "train")
    check_replaceable(outputs.named(SCORER), outputs.named(EVALUATED))
    schemes = checked_schemes(config)
    check_scheme(config, schemes)
    if tracked:
        check_store(config)
    with taken_in(config, "train") as taken:
        validated, prints = taken.validated, fingerprints(config)
        with present.working("building the matrix"):
            rows = dataset.training_rows(config, taken)
        with present.working("looking for leaks"):
            suspects = find_suspects(config, rows, taken)
        with present.working("training"):
            training = train(config, rows, schemes, _joined(prints), validated.recogniser, suspects)
            training = with_reference(config, training, rows, taken)
    _save(outputs, training)
    if tracked:
        with present.working("recording the run"):
            record_training(config, training, rows, validated, prints, config.output_path(SCORER))
    return training, validated


def run_record(config: Config) -> str:
    """Record the last training where it could not be recorded; says the fingerprint of its scorer."""
    Outputs(config, "record")
    with present.working("recording the run"):
        return record_again(config, config.output_path(SCORER))


def fingerprints(config: Config) -> dict[str, str]:
    """SHA-256 of each source file; of a folder's files one after the other."""
    return {name: _digest(config.data_path(source.path)) for name, source in config.sources.items()}


def _digest(path: Path) -> str:
    if path.is_dir():
        return _joined({part.name: _digest(part) for part in path.glob("*.parquet")})
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _joined(prints: Mapping[str, str]) -> str:
    return hashlib.sha256("\n".join(f"{k}={v}" for k, v in sorted(prints.items())).encode()).hexdigest()


def _save(outputs: Outputs, training: Training) -> None:
    replace_scorer(training.shipped, outputs.named(SCORER))
    replace_scorer(training.scorer, outputs.named(EVALUATED))
    _write_tables(outputs, training.evaluation)
    if training.searched is not None:
        write_table(training.searched.trials, outputs.named(SEARCH))
    else:
        outputs.named(SEARCH).unlink(missing_ok=True)  # of an earlier training


def _write_tables(outputs: Outputs, evaluation: Evaluation) -> None:
    for name, table in evaluation.tables.items():
        write_table(table, outputs.named(f"{name}.csv"))


def load_scorer(config: Config, name: str = SCORER) -> LeadScorer:
    """The scorer that the last training saved.

    Raises:
        ScoringError: there is none, or it is damaged.
    """
    folder = config.output_path(name)
    if not folder.is_dir():
        raise ScoringError(f"{folder}: no scorer here: run 'leadgrade train {config.path}' first")
    try:
        return LeadScorer.load(folder)
    except ValueError as error:
        raise ScoringError(f"{error}; or run 'leadgrade train {config.path}' again") from None


def check_recogniser(config: Config, scorer: LeadScorer, validated: Validated) -> None:
    """Refuse calls heard by another recogniser than the scorer's.

    Raises:
        ScoringError: says which, and what to do.
    """
    try:
        scorer.check_recogniser(validated.recogniser)
    except ValueError as error:
        raise ScoringError(f"{config.path}: the calls do not fit the scorer: {error}") from None


def run_compare(config: Config) -> tuple[Evaluation, pd.DataFrame, pd.DataFrame]:
    """Evaluate the saved scorer beside its rivals; write where they part, lead by lead."""
    outputs = Outputs(config, "compare")
    scorer = load_scorer(config, EVALUATED)
    config = heard_as(config, scorer.recogniser)
    with taken_in(config, "compare") as taken:
        check_recogniser(config, scorer, taken.validated)
        with present.working("building the matrix"):
            rows = dataset.training_rows(config, taken)
    check_fit(config, rows, scorer)
    with present.working("comparing"):
        evaluation = evaluate(config, rows, scorer, checked_schemes(config))
    parted = compare.differences(evaluation, scorer.policy, rows.horizons)
    write_table(parted, outputs.named("compare.csv"))
    _write_tables(outputs, evaluation)
    return evaluation, parted, compare.summary(parted, len(evaluation.rows), rows.horizons)
