"""What a monitor looks at, at one instant: what came in from each source since the instant a period before.

Rows of events tell of a change at once; features over months, and attributes of leads that stay open for
long, tell it late. Nobody is named: keys and free text count as given or not, who calls goes by another name.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial

import pandas as pd
import polars as pl

from features import asof
from features.tables import CONTRACTS
from models.drift.reference import WHOSE
from pipeline.config.config import Config
from pipeline.config.data import AttributeSettings
from pipeline.intake.staged_tables import Tables, stage
from pipeline.intake.taken_in import TakenIn
from pipeline.matrix.dataset import to_pandas
from pipeline.privacy import mask_id

# Columns that name somebody or hold free text: only whether they are given is looked at.
_ONLY_GIVEN = ("customer_id", "agent_id", "transcript", "recorded_at")

_ROW = "row_number"

Frames = dict[str, pd.DataFrame]


def arrivals(
    config: Config,
    taken: TakenIn,
    instants: list[datetime],
    days: int,
    who: Callable[[str], str] = mask_id,
) -> list[Frames]:
    """What came in from each source within so many days before each instant.

    Args:
        config: the configuration.
        taken: the sources.
        instants: as-ofs.
        days: how long before.
        who: what stands for an agent's name.

    Returns:
        For each instant the rows of ``leads``, ``calls``, ``orders``, ``stages``, ``facts`` and
        ``manual_grades``, as far as there are such sources, of ``facts of NAME`` for each declared attribute
        that is dated, and of ``calls of WHOM`` for everyone who calls: numbers, categories, and ``given`` in
        place of names and texts.
    """
    parts = list(taken.each(partial(_arrivals, config=config, instants=instants, days=days, who=who)))
    return [_together([part[place] for part in parts]) for place in range(len(instants))]


def _arrivals(
    tables: Tables, config: Config, instants: list[datetime], days: int, who: Callable[[str], str]
) -> list[dict[str, pl.DataFrame]]:
    """The same of a bucket, with the number of each row."""
    last, span = max(instants), (max(instants) - min(instants)).days + days + 2
    if "calls" in tables:  # no call takes longer than a day: the long log before is left alone
        tables = {**tables, "calls": recent(tables["calls"], "started_at", last, span)}
    staged = {name: frame for name, frame in stage(config, tables).items() if name in CONTRACTS}
    staged = {name: frame for name, frame in staged.items() if "known_at" in frame.columns}
    watched = {name: _watched_columns(config, name, frame, who) for name, frame in staged.items()}
    return [
        {
            source: part
            for name, frame in watched.items()
            for source, part in _parts(config, name, recent(frame, "known_at", instant, days))
        }
        for instant in instants
    ]


def _together(parts: list[dict[str, pl.DataFrame]]) -> Frames:
    """A row once, though an order may be in two buckets: it closes a lead of the one."""
    names = dict.fromkeys(name for part in parts for name in part)
    whole = {name: pl.concat(part[name] for part in parts if name in part) for name in names}
    return {
        name: to_pandas(frame.unique(_ROW, maintain_order=True).drop(_ROW)) for name, frame in whole.items()
    }


def recent(frame: pl.DataFrame, time: str, instant: datetime, days: int) -> pl.DataFrame:
    """The rows known at an instant and at most so many days old."""
    return frame.filter(asof.known_within(pl.col(time), pl.lit(instant), days))


def _watched_columns(
    config: Config, table: str, frame: pl.DataFrame, who: Callable[[str], str]
) -> pl.DataFrame:
    """The columns to look at, with ``known_at`` and what the parts are cut by."""
    if table == "leads":
        known = {name: spec for name, spec in config.attributes.items() if spec.known == "at_creation"}
        columns = [_attribute(name, spec) for name, spec in known.items() if name in frame.columns]
        return frame.select("known_at", _ROW, _whose(frame), *columns, *_given(frame, ("customer_id",)))
    frame = frame.cast({pl.Categorical: pl.String, pl.Enum: pl.String})
    contract = CONTRACTS[table]
    keys = {*contract.key, "lead_id", contract.time, *_ONLY_GIVEN} - {"field", "stage"}
    names = [
        name for name in contract.model.to_schema().columns if name in frame.columns and name not in keys
    ]
    told = frame.select("known_at", _ROW, _whose(frame), *names, *_given(frame, _ONLY_GIVEN))
    if table != "calls" or not {"agent_id", "status"} <= set(frame.columns):
        return told
    people = frame["agent_id"].unique().drop_nulls().to_list()
    whom = pl.col("agent_id").replace_strict({one: who(one) for one in people}, default=None)
    return told.with_columns(frame.select(whom.cast(pl.String).alias("whom")))


def _whose(frame: pl.DataFrame) -> pl.Expr:
    """Whose a row is, which is only counted: a number tells leads apart in less room than their ids."""
    return pl.col("lead_id").hash().alias(WHOSE) if "lead_id" in frame.columns else pl.col(_ROW).alias(WHOSE)


def _attribute(name: str, spec: AttributeSettings) -> pl.Expr:
    if spec.kind in ("categorical", "numeric"):
        return pl.col(name)
    return _is_given(name)


def _given(frame: pl.DataFrame, names: tuple[str, ...]) -> list[pl.Expr]:
    return [_is_given(name) for name in names if name in frame.columns]


def _is_given(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null()).then(pl.lit("given")).alias(name)


def _parts(config: Config, table: str, frame: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    match table:
        case "facts":
            yield table, frame.select(_ROW, WHOSE, "field")
            yield from _by_field(config.attributes, frame)
        case "calls" if "whom" in frame.columns:
            yield table, frame.drop("known_at", "whom")
            for whom, part in sorted(frame.drop_nulls("whom").group_by("whom")):
                yield f"calls of {whom[0]}", part.select(_ROW, WHOSE, "status")
        case _:
            yield table, frame.drop("known_at")


def _by_field(
    attributes: Mapping[str, AttributeSettings], frame: pl.DataFrame
) -> Iterator[tuple[str, pl.DataFrame]]:
    for name, spec in attributes.items():
        if spec.known != "dated" or "value" not in frame.columns:
            continue
        value = {"numeric": pl.col("value").cast(pl.Float64, strict=False), "categorical": pl.col("value")}
        part = frame.filter(pl.col("field") == name)
        yield (
            f"facts of {name}",
            part.select(_ROW, WHOSE, value.get(spec.kind, _is_given("value")).alias("value")),
        )
