"""The leak sentinel: what looks as if it knew the outcome, before a model learns to rely on it.

Only the training and calibration periods are looked at: no close from the first as-of of the test
period on, and no lead that was created since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import pandas as pd
import polars as pl

from features import endings
from features.families.attributes import attribute_features
from pipeline.config.config import Config
from pipeline.errors import TrainingError
from pipeline.fitting.fit import in_periods
from pipeline.fitting.split import Periods, find_periods
from pipeline.intake.outcomes import outcomes_of
from pipeline.intake.staged_tables import Tables, declared_attributes, stage
from pipeline.intake.taken_in import TakenIn
from pipeline.intake.unused_rows import UNUSED
from pipeline.language.sentence import Sentence
from pipeline.leaks.columns import fate_suspects, labelled, later_suspects, matrix_suspects
from pipeline.leaks.events import event_suspects
from pipeline.leaks.suspect import NOT_CLOSED, Suspect
from pipeline.matrix.dataset import Rows


def find_suspects(config: Config, rows: Rows, taken: TakenIn) -> tuple[Suspect, ...]:
    """Name every column and event that may know the outcome, each once, but for the trusted ones.

    Args:
        config: the configuration.
        rows: from ``dataset.training_rows``.
        taken: the sources that the rows were built from.

    Raises:
        TrainingError: the rows cannot be cut into periods.
    """
    periods = find_periods(rows.frame, config.split)
    frame = in_periods(config, rows, periods)
    found = matrix_suspects(frame, rows.features, rows.horizons)
    read_by = _read_by(config, rows)
    found += _list_suspects(rows, frame) if config.flat else _table_suspects(config, rows, taken, periods)
    # A date or a text is one with the feature that is made of it; the first evidence speaks.
    column_of = {feature: column for column, features in read_by.items() for feature in features}
    named: dict[str, Suspect] = {}
    # What is sure comes before what is asked.
    for suspect in sorted(found, key=lambda one: one.is_question):
        named.setdefault(column_of.get(suspect.name, suspect.name), suspect)
    trusted = set(config.leaks.trusted)
    return tuple(replace(s, name=name) for name, s in named.items() if not trusted & {name, s.name})


def suspects_or_why_none(
    config: Config, rows: Rows, taken: TakenIn
) -> tuple[tuple[Suspect, ...], tuple[str, ...]]:
    """The suspects, or a note why rows that cannot be cut into periods have none."""
    try:
        return find_suspects(config, rows, taken), ()
    except TrainingError as error:
        return (), (Sentence("leaks were not looked for: {why}", why=error.args[0]),)


def _read_by(config: Config, rows: Rows) -> dict[str, tuple[str, ...]]:
    """The declared columns of the lead list, each with the columns of the matrix that read it."""
    there = {feature.name for feature in rows.features}
    columns = [attribute for attribute in declared_attributes(config) if not attribute.dated]
    read = {
        one.name: tuple(feature.name for feature in attribute_features([one]) if feature.name in there)
        for one in columns
    }
    return {name: features for name, features in read.items() if features}


def dropped_features(config: Config, rows: Rows, suspects: Sequence[Suspect]) -> frozenset[str]:
    """The columns of the matrix that the model must do without.

    Raises:
        TrainingError: the configuration wants no suspect at all and there is one, or nothing would be left.
    """
    suspects = [one for one in suspects if not one.is_question]
    if suspects and config.leaks.policy == "fail":
        raise TrainingError(
            f"{config.path}: these look as if they knew the outcome: {', '.join(s.name for s in suspects)}: "
            "remove them or declare when they are known (leadgrade check says why), "
            "or name the honest ones in leaks.trusted"
        )
    if config.leaks.policy != "drop":
        return frozenset()
    dropped = frozenset(name for suspect in suspects for name in suspect.features)
    if dropped >= {feature.name for feature in rows.features}:
        raise TrainingError(
            f"{config.path}: leaks.policy: drop leaves no feature to learn from: add attributes or sources, "
            "or name those that are honest in leaks.trusted"
        )
    return dropped


def suspect_table(suspects: Sequence[Suspect]) -> pd.DataFrame:
    """The suspects as a table: ``name``, ``kind``, ``evidence``, ``features`` and the two sentences.

    ``standing`` tells suspects from questions, which are never dropped by themselves.
    """
    told = [
        {
            "name": one.name,
            "kind": one.kind,
            "standing": "question" if one.is_question else "suspect",
            "evidence": one.figures,
            "features": ", ".join(one.features),
            "sentence_en": one.sentence_en,
            "sentence_zh": one.sentence_zh,
        }
        for one in suspects
    ]
    columns = ("name", "kind", "standing", "evidence", "features", "sentence_en", "sentence_zh")
    return pd.DataFrame(told, columns=list(columns), dtype="str")


def _list_suspects(rows: Rows, frame: pd.DataFrame) -> list[Suspect]:
    learn, closed, _ = labelled(frame, rows.horizons)
    names = [feature.name for feature in rows.features]
    fates = {"closed": closed, NOT_CLOSED: ~closed}
    return fate_suspects(learn[names], fates, learn["as_of"], {name: (name,) for name in names})


def _table_suspects(config: Config, rows: Rows, taken: TakenIn, periods: Periods) -> list[Suspect]:
    # A list with dates has instants everywhere; the type also allows the row numbers of one without.
    starts = [t for t in (periods.calibrate_from, periods.test_from) if isinstance(t, datetime)]
    until = min(starts[-1], rows.observed_until or starts[-1])
    told = taken.each(partial(_ends_and_events, config=config, until=until))
    ends, events = (pl.concat(one, how="diagonal") for one in zip(*told, strict=True))
    read_by = _read_by(config, rows)
    early = endings.created_before(ends, starts[0]).to_pandas()
    leads = ends.to_pandas()
    fates = {fate: early[fate].to_numpy(dtype=bool) for fate in ("closed", "lost")}
    return [
        *fate_suspects(_values(config, early, read_by), fates, early["created_at"], read_by),
        *later_suspects(leads[leads["closed"] | leads["lost"]], read_by),
        *event_suspects(events.to_pandas(), int(leads["closed"].sum()), rows.features),
    ]


def _values(config: Config, leads: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Categories as they are, of other columns only whether they are filled in."""
    kinds = {name: config.attributes[name].kind for name in names}
    return pd.DataFrame(
        {
            n: leads[n] if kind == "categorical" else leads[n].notna().map({True: 1.0})
            for n, kind in kinds.items()
        }
    )


def _ends_and_events(tables: Tables, config: Config, until: datetime) -> tuple[pl.DataFrame, pl.DataFrame]:
    """When a bucket's leads ended, and how often what happened beside their closes."""
    staged = stage(config, tables)
    outcomes = outcomes_of(config, staged, tables.get(UNUSED))
    categories = [
        name
        for name, spec in config.attributes.items()
        if spec.known == "dated" and spec.kind == "categorical"
    ]
    named = (*config.label.won_stages, *config.label.lost_stages)
    return (
        endings.lead_ends(staged["leads"], outcomes, until),
        endings.counted(endings.events_beside_closes(staged, outcomes, until, named, categories)),
    )
