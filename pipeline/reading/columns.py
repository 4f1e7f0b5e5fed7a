"""Which of a file's columns is which of ours."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from features.tables import CONTRACTS, TableName
from pipeline.cells.garbled import is_garbled
from pipeline.cells.reading import CellKind
from pipeline.config.config import Config
from pipeline.config.data import Source
from pipeline.config.reserved_names import is_own
from pipeline.errors import ConfigError, SourceError
from pipeline.files.header import header_names, is_data
from pipeline.language.sentence import Sentence
from pipeline.privacy import mask

# Columns that people keep in other units than the contracts do.
HUMAN_NAMES: dict[str, tuple[str, CellKind]] = {
    "duration_ms": ("duration", "milliseconds"),
    "amount_minor": ("amount", "minor_units"),
    "flow_completion_ppm": ("flow_completion", "ppm"),
}
_ATTRIBUTE_KINDS: dict[str, CellKind] = {
    "categorical": "word",
    "text": "text",
    "numeric": "real",
    "date": "instant",
}
_FREE_TEXT = ("transcript", "value", "old_value")
# Tables whose rows need no key of their own: the row number is one where the file has none.
MAY_LACK_KEY = ("leads", "calls", "orders")
# What is no table may have a header without end.
_SHOWN_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column to read.

    Attributes:
        name: its name in the canonical table.
        ours: its name in the configuration (``duration`` for ``duration_ms``).
        kind: what its cells hold.
        required: the file must have it.
        event: its times are events, which lie between 1990 and the export.
        later: a list to be scored has it not yet, also where the configuration says what it is called.
        instead: another column that serves where this one is not there.
    """

    name: str
    ours: str
    kind: CellKind
    required: bool = False
    event: bool = False
    later: bool = False
    instead: str = ""


def wanted_columns(
    config: Config, table: TableName, outcome: bool, needed: Collection[str] | None = None
) -> list[Wanted]:
    """List the columns of a table that a configuration asks for: the contract's, attributes, outcome.

    Args:
        config: the configuration.
        table: which source.
        outcome: whether the columns of the label and the cohort must be there.
        needed: the attributes that must be there; all that are known at creation when left out.
    """
    columns = CONTRACTS[table].model.to_schema().columns
    optional = {"lead_id", "created_at"} if config.flat else set()
    if table in MAY_LACK_KEY and table != "leads":
        optional.update(CONTRACTS[table].key)
    wanted = [
        Wanted(name, name, _kind(name, c.dtype.type), c.required and name not in optional, event=True)
        for name, c in columns.items()
    ]
    if "customer_id" not in columns:
        wanted = [replace(w, instead="customer_id") if w.name == "lead_id" else w for w in wanted]
        wanted.append(Wanted("customer_id", "customer_id", "word"))
    if table == "leads":
        # A list to be scored need not tell of orders.
        wanted = [replace(w, later=not outcome) if w.name == "order_day" else w for w in wanted]
        for extra in (*_attributes(config, outcome, needed), *_outcome_columns(config, outcome)):
            same = next((w for w in wanted if w.name == extra.name), None)
            if same is None:
                wanted.append(extra)
            elif same.kind != extra.kind:
                raise ConfigError(
                    Sentence(
                        "{path}: the column {name} is read as {kind}, and for label or cohort as "
                        "{asked}; name another column there",
                        path=config.path,
                        name=extra.name,
                        kind=same.kind,
                        asked=extra.kind,
                    )
                )
    return wanted


def _kind(name: str, dtype: pl.DataType) -> CellKind:
    if dtype == pl.Int64:
        return "whole"
    if dtype == pl.Boolean:
        return "yes_no"
    if isinstance(dtype, pl.Datetime):
        return "instant"
    return "text" if name in _FREE_TEXT else "word"


def _attributes(config: Config, outcome: bool, needed: Collection[str] | None) -> list[Wanted]:
    columns = CONTRACTS["leads"].model.to_schema().columns
    for name in config.attributes:
        if name in columns:
            raise ConfigError(
                Sentence(
                    "{path}: attributes.{name}: every lead has that column; remove it",
                    path=config.path,
                    name=name,
                )
            )
        if not name.strip() or is_own(name, flat=config.flat):
            raise ConfigError(
                Sentence(
                    "{path}: attributes.{name}: the program keeps that name for itself; call it "
                    "crm_{name} and set sources.leads.columns.crm_{name}: {name} (a dated one: "
                    "sources.facts.values.field)",
                    path=config.path,
                    name=name,
                )
            )
    found = []
    for name, a in config.attributes.items():
        if a.entered_at is not None:
            later = _is_unread(name, outcome, needed)
            found += [
                Wanted(name, name, _ATTRIBUTE_KINDS[a.kind], required=not later, later=later),
                Wanted(a.entered_at, a.entered_at, "instant", not later, event=True, later=later),
            ]
        elif a.known == "dated" and has_history(config):
            # What a field that never changed holds now, it held always.
            found.append(Wanted(name, name, _ATTRIBUTE_KINDS[a.kind]))
        elif a.known != "dated":
            # What is only shown, or what nothing reads, a list to be scored need not have.
            later = (a.known == "snapshot" and not outcome) or _is_unread(name, outcome, needed)
            found.append(Wanted(name, name, _ATTRIBUTE_KINDS[a.kind], required=not later, later=later))
    return found


def _is_unread(name: str, outcome: bool, needed: Collection[str] | None) -> bool:
    return not outcome and needed is not None and name not in needed


def has_history(config: Config) -> bool:
    """Whether the facts are field history: a change a row, with the old value and the new one."""
    return "facts" in config.sources and "old_value" in config.sources["facts"].columns


def _outcome_columns(config: Config, outcome: bool) -> list[Wanted]:
    label, cohort = config.label, config.cohort
    found: list[tuple[str | None, CellKind, bool]] = [
        (label.column, "word", False),
        (label.closed_at, "instant", True),
        (cohort.column, "instant", False),
    ]
    return [Wanted(n, n, kind, outcome, event, later=not outcome) for n, kind, event in found if n]


def theirs(wanted: Iterable[Wanted], source: Source) -> set[str]:
    """Name the columns that a file may call its own."""
    ours = [name for w in wanted for name in names_of(w)]
    named = [*map(source.file_name, ours), *filter(None, map(source.clock_name, ours))]
    return {" ".join(name.split()) for name in named}


def names_of(wanted: Wanted) -> tuple[str, ...]:
    """Return the names a column may have in the configuration, the contract's own first.

    >>> names_of(Wanted("duration_ms", "duration_ms", "whole"))
    ('duration_ms', 'duration')
    """
    human = HUMAN_NAMES.get(wanted.name)
    return (wanted.name, human[0]) if human else (wanted.name,)


def match_columns(
    path: Path, key: str, wanted: Sequence[Wanted], source: Source, header: Sequence[str]
) -> list[tuple[int, Wanted]]:
    """Find each wanted column in a header, by its exact name or else without case.

    Returns:
        Position in the header and column; its ``ours`` and ``kind`` say under which name it was found.

    Raises:
        SourceError: a required or a declared column is missing, or the header has it twice.
    """
    pairs: list[tuple[int, Wanted]] = []
    absent: list[str] = []
    for column in wanted:
        candidates = [_under(column, name) for name in names_of(column)]
        for candidate in sorted(candidates, key=lambda c: c.ours not in source.columns):
            position = _position(path, source.file_name(candidate.ours), header)
            if position is not None:
                pairs.append((position, candidate))
                break
            served = column.instead and _position(path, source.file_name(column.instead), header) is not None
            required = candidate.required and not served
            if (candidate.ours in source.columns and not column.later) or required:
                absent.append(candidate.ours)
                break
    if absent and is_data(header) and not header_names(header, theirs(wanted, source)):
        raise SourceError(
            Sentence(
                "{path}: the first row holds values, and no column {column!r}: list the names "
                "of its {count} columns in their order in {key}.names, or set {key}.header_row",
                path=path,
                column=absent[0],
                count=len(header),
                key=key,
            )
        )
    if absent:
        raise SourceError(_missing(path, key, absent, source, header))
    return pairs


def clock_places(
    path: Path, key: str, found: Iterable[tuple[int, Wanted]], source: Source, header: Sequence[str]
) -> dict[str, int]:
    """Where the time of day stands, by our name of a time whose date stands in a column of its own.

    Raises:
        SourceError: the header lacks it, has it twice, or the column is no time.
    """
    places = {}
    for _, column in found:
        clock = source.clock_name(column.ours)
        if clock is None:
            continue
        if column.kind != "instant":
            raise SourceError(
                Sentence(
                    "{path}: {key}.columns.{ours}: only a time may stand in two columns",
                    path=path,
                    key=key,
                    ours=column.ours,
                )
            )
        place = _position(path, clock, header)
        if place is None:
            raise SourceError(
                Sentence(
                    "{path}: no column {clock!r}; set {key}.columns.{ours} to the columns of the "
                    "date and of the time of day",
                    path=path,
                    clock=clock,
                    key=key,
                    ours=column.ours,
                )
            )
        places[column.name] = place
    return places


def _under(column: Wanted, name: str) -> Wanted:
    return column if name == column.name else replace(column, ours=name, kind=HUMAN_NAMES[column.name][1])


def _position(path: Path, name: str, header: Sequence[str]) -> int | None:
    name = " ".join(name.split())
    exact = [i for i, h in enumerate(header) if h == name]
    hits = exact or [i for i, h in enumerate(header) if h.casefold() == name.casefold()]
    if len(hits) > 1:
        raise SourceError(
            Sentence(
                "{path}: the header has the column {name!r} twice; rename one of them", path=path, name=name
            )
        )
    return hits[0] if hits else None


def _missing(path: Path, key: str, ours: Sequence[str], source: Source, header: Sequence[str]) -> str:
    names = [source.file_name(name) for name in ours]
    named = [mask(h) for h in header if h]
    columns = ", ".join(named[:_SHOWN_COLUMNS])
    if len(named) > _SHOWN_COLUMNS:
        columns = Sentence("{first} and {others} more", first=columns, others=len(named) - _SHOWN_COLUMNS)
    what = (
        Sentence("no column {name!r}", name=names[0])
        if len(names) == 1
        else Sentence("no columns {names}", names=tuple(map(repr, names)))
    )
    told = Sentence(
        "{path}: {what} (found: {columns}); set {keys} to the file's name for it",
        path=path,
        what=what,
        columns=columns,
        keys=" and ".join(f"{key}.columns.{name}" for name in ours),
    )
    if not any(map(is_garbled, header)):
        return told
    return Sentence(
        "{told}, or export it again: its names were decoded by a wrong encoding before", told=told
    )
