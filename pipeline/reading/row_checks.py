"""What can be wrong with rows that could be read: domains, keys, and leads that nobody knows."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from features.tables import CONTRACTS
from pipeline.cells.text import to_text
from pipeline.privacy import mask, mask_id
from pipeline.reading.ingest import RawTable
from pipeline.reading.quarantine import Kind, bad_rows, masked, no_bad_rows


def domain_problems(raw: RawTable) -> pl.DataFrame:
    """Quarantine rows whose values are missing or outside their domain, by the table's contract.

    A cell that could not be read is not reported again as missing.
    """
    present = {name: one for name, one in _columns(raw.table).items() if name in raw.frame.columns}
    if in_domain(raw.frame, present):
        return no_bad_rows()
    texts = raw.frame.select(list(present)).cast({pl.Categorical: pl.String, pl.Enum: pl.String})
    try:
        pa.DataFrameSchema(present).validate(texts, lazy=True)
    except SchemaErrors as errors:
        failures = errors.failure_cases
        if failures["index"].null_count():
            raise
    else:
        return no_bad_rows()
    problems = [
        _domain_problem(raw, name, check, rows["index"], present[name])
        for (name, check), rows in failures.group_by("column", "check_number", maintain_order=True)
    ]
    return pl.concat(problems).join(raw.bad_cells, on=["row_number", "column"], how="anti")


@cache
def _columns(table: str) -> Mapping[str, pa.Column]:
    columns: Mapping[str, pa.Column] = CONTRACTS[table].model.to_schema().columns
    return columns


def in_domain(frame: pl.DataFrame, columns: Mapping[str, pa.Column]) -> bool:
    """Whether one look at all columns finds nothing, as it mostly is; what it finds pandera explains.

    Args:
        frame: has the columns.
        columns: their contracts.
    """
    looks = [pl.lit(value=True)]
    for name, column in columns.items():
        if not column.nullable:
            looks.append(pl.col(name).is_not_null().all())
        looks += [_PASSES[check.name](pl.col(name), check.statistics).all() for check in column.checks]
    return all(frame.select(look.alias(str(i)) for i, look in enumerate(looks)).row(0))


# The domains that contracts declare, told as pandera tells them: a missing value is in each.
_PASSES: Mapping[str, Callable[[pl.Expr, Mapping[str, Any]], pl.Expr]] = {
    "isin": lambda column, limits: column.is_in(list(limits["allowed_values"])),
    "greater_than_or_equal_to": lambda column, limits: column >= limits["min_value"],
    "less_than_or_equal_to": lambda column, limits: column <= limits["max_value"],
    "str_length": lambda column, limits: column.str.len_chars() >= limits["min_value"],
}


def _domain_problem(
    raw: RawTable, name: str, check: int | None, rows: pl.Series, column: pa.Column
) -> pl.DataFrame:
    numbers = raw.frame["row_number"].gather(rows)
    values = raw.frame[name].gather(rows)
    if name in raw.as_written.columns:
        written = numbers.to_frame().join(raw.as_written, on="row_number", how="left", maintain_order="left")
        values = to_text(written[name])
    theirs = raw.names.get(name, name)
    if check is None:
        why = pl.Series(["is missing"]).gather([0] * len(numbers))
        why = why.set(numbers.is_in(_going_on(raw).implode()), f"is missing; {_goes_on(raw)}")
        return bad_rows(raw.table, numbers, theirs, None, why, mask)
    told = _domain_reason(raw, name, column, check, values)
    return bad_rows(raw.table, numbers, theirs, values, told, mask)


def _needed(raw: RawTable) -> list[str]:
    """The columns of a table that every row fills."""
    return [n for n, one in _columns(raw.table).items() if n in raw.frame.columns and not one.nullable]


def _going_on(raw: RawTable) -> pl.Series:
    """Numbers of rows that fill none of these columns, as rows below a record do with more of its parts."""
    needed = _needed(raw)
    empty = raw.frame.filter(pl.all_horizontal(pl.col(needed).is_null()))["row_number"]
    unread = empty.is_in(raw.bad_cells["row_number"].implode())
    return empty.filter(~unread) if len(needed) > 1 else empty.clear()


def _goes_on(raw: RawTable) -> str:
    return (
        "the row goes on with the one above, as exports of one record in several rows have it: export one "
        f"row a record, or set sources.{raw.table}.where: {_needed(raw)[0]} IS NOT NULL to leave it out"
    )


def _domain_reason(
    raw: RawTable, name: str, column: pa.Column, check: int, values: pl.Series
) -> pl.Series | str:
    rule, limits = column.checks[check].name, column.checks[check].statistics
    unit = f" {column.metadata['unit']}".rstrip()
    read_as = "" if raw.names.get(name, name) == name else f" (read as {name})"
    if rule == "isin":
        words = ", ".join(limits["allowed_values"])
        key = f"sources.{raw.table}.values.{name}"
        return "unknown word '" + masked(values, mask) + f"'; map it to one of {words} in {key}"
    if rule == "greater_than_or_equal_to":
        return f"must be at least {limits['min_value']}{unit}{read_as}"
    if rule == "less_than_or_equal_to":
        return f"must be at most {limits['max_value']}{unit}{read_as}"
    return f"fails the check {rule} {limits}"


def duplicate_problems(raw: RawTable, bad: pl.Series) -> pl.DataFrame:
    """Quarantine rows that share a key: of identical rows the later copies, of conflicting ones all.

    Args:
        raw: the source.
        bad: numbers of rows with other faults; they conflict with good rows of the same key.
    """
    key = key_of(raw)
    repeated = _repeated(raw, key) if key else raw.frame.head(0)
    if repeated.is_empty():
        return no_bad_rows()
    faulty = pl.col("row_number").is_in(bad.implode())
    content = pl.struct(pl.exclude("row_number"), faulty.alias("faulty")).hash()
    number = pl.col("row_number").sort()
    groups = repeated.with_columns(
        conflict=content.n_unique().over(key) > 1,
        first=number.first().over(key),
        second=number.slice(1, 1).first().over(key),
        faulty=faulty,
    )
    other = pl.when(pl.col("row_number") == pl.col("first")).then("second").otherwise("first")
    same = pl.lit(" and ".join(raw.names.get(name, name) for name in key))
    conflicts = groups.filter(pl.col("conflict"))
    copies = groups.filter(~pl.col("conflict") & ~pl.col("faulty") & (pl.col("row_number") > pl.col("first")))
    lines = "; order lines? set sources.orders.order_lines: sum" if raw.table == "orders" else ""
    told = pl.format("conflicts with row {}: the same {}, other content" + lines, other, same)
    return pl.concat(
        [
            _keyed_problem(raw, conflicts, key[0], told, "conflict"),
            _keyed_problem(raw, copies, key[0], pl.format("identical duplicate of row {}", "first"), "copy"),
        ]
    )


def key_of(raw: RawTable) -> list[str]:
    """The columns that identify a row; none where the file has no key of its own, or its rows are lines."""
    return [name for name in CONTRACTS[raw.table].key if name in raw.frame.columns] if raw.keyed else []


def keyed_rows(raw: RawTable) -> pl.DataFrame:
    """The rows whose key is there; an optional part of it may be missing."""
    needed = [name for name in key_of(raw) if not _columns(raw.table)[name].nullable]
    return raw.frame.filter(pl.all_horizontal(pl.col(needed).is_not_null())) if needed else raw.frame


def key_hashes(raw: RawTable) -> pl.Series:
    """A number for each row's key, equal for equal keys, whichever span of the source they stand in."""
    rows = keyed_rows(raw)
    return rows.select(_one(key_of(raw)).hash(seed=0).alias("key")).to_series()


def with_key(raw: RawTable, hashes: npt.NDArray[np.uint64]) -> pl.DataFrame:
    """The rows whose key has one of these numbers."""
    wanted = pl.Series(hashes, dtype=pl.UInt64).unique()
    return keyed_rows(raw).filter(_one(key_of(raw)).hash(seed=0).is_in(wanted.implode()))


def _one(key: list[str]) -> pl.Expr:
    return pl.struct(key) if len(key) > 1 else pl.col(key[0])


def _repeated(raw: RawTable, key: list[str]) -> pl.DataFrame:
    return keyed_rows(raw).filter(_one(key).is_duplicated())


def _keyed_problem(raw: RawTable, rows: pl.DataFrame, key: str, reason: pl.Expr, kind: Kind) -> pl.DataFrame:
    reasons = rows.select(reason.alias("reason"))["reason"]
    column = raw.names.get(key, key)
    return bad_rows(raw.table, rows["row_number"], column, rows[key], reasons, mask_id, kind)
