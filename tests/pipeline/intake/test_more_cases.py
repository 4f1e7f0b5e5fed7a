"""More members of the kinds that the cases from the field stand for, in other tables and words."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from support.on_the_road import read_tables

from pipeline.config.config import Config
from pipeline.matrix.early_calls import early_calls_note

NOW = datetime(2026, 11, 1, tzinfo=UTC)
LEADS = "lead_id,created_at\nL1,2026-01-01\nL2,2026-01-02\n"


def read(folder, sources=None, top=None, **files):
    files = {"leads": LEADS, **files}
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    settings = {name: {"path": f"{name}.csv", **(sources or {}).get(name, {})} for name in files}
    raw = {"name": "test", "sources": settings, "label": {"close": "first_order"}, "tolerance": 1.0}
    config = Config.model_validate_json(json.dumps(raw | (top or {})))
    return read_tables(config.model_copy(update={"path": folder / "team.yaml"}), now=NOW)


# Rows that go on with the record above.


@pytest.mark.parametrize(
    ("table", "content", "key"),
    [
        ("leads", "lead_id,created_at,Notes\nL1,2026-01-01,a\n,,b\n,,c\nL2,2026-01-02,d\n", "lead_id"),
        ("stages", "lead_id,entered_at,stage,By\nL1,2026-01-03,Won,Kim\n,,,Lee\n,,,Kim\n", "lead_id"),
        ("calls", "call_id,lead_id,started_at,Tags\nC1,L1,2026-01-03,x\n,,,y\n,,,z\n", "call_id"),
        ("orders", "order_id,lead_id,ordered_at,Line\nO1,L1,2026-01-03,x\n,,,y\n,,,z\n", "order_id"),
        ("facts", "lead_id,known_at,field,value\nL1,2026-01-03,need,latent\n,,,more\n,,,yet\n", "lead_id"),
    ],
)
def test_rows_that_fill_no_column_that_every_row_has_go_on_with_the_one_above(tmp_path, table, content, key):
    found = read(tmp_path, **{table: content})
    told = found.quarantine.filter(pl.col("source") == table)
    assert set(told["row_number"]) == {2, 3}
    told = told.filter(pl.col("reason").str.starts_with("is missing"))
    assert told["reason"].str.contains(f"set sources.{table}.where: {key} IS NOT NULL", literal=True).all()
    where = {table: {"where": f"{key} IS NOT NULL"}}
    counts = read(tmp_path, where, **{table: content}).counts[table]
    assert (counts.rows_left_out, counts.rows_quarantined) == (2, 0)


@pytest.mark.parametrize("row", ["L3,,b", ",2026-01-03,b", "L3,soon,b", ",soon,b"])
def test_a_row_that_fills_one_of_them_is_a_row_of_its_own(tmp_path, row):
    bad = read(tmp_path, leads=f"lead_id,created_at,Notes\nL1,2026-01-01,a\n{row}\n").quarantine
    assert len(bad)
    assert not bad["reason"].str.contains("goes on").any()


# Ids of Zoho with their prefix and without.


def zoho(folder, leads, calls):
    listed = "lead_id,created_at\n" + "".join(f"{one},2026-01-01\n" for one in leads)
    rows = "".join(f"C{n},{one},2026-02-01\n" for n, one in enumerate(calls))
    found = read(folder, leads=listed, calls=f"call_id,lead_id,started_at\n{rows}")
    return found.tables["calls"]["lead_id"].to_list()


FIRST, SECOND = "4150868000000225013", "4150868000000225014"


@pytest.mark.parametrize(
    ("leads", "calls", "joined"),
    [
        ([f"zcrm_{FIRST}"], [FIRST, f"zcrm_{FIRST}"], [f"zcrm_{FIRST}"] * 2),
        ([FIRST, SECOND], [f"zcrm_{SECOND}", FIRST], [SECOND, FIRST]),
        ([f"zcrm_{FIRST}", SECOND], [FIRST, f"zcrm_{SECOND}"], [f"zcrm_{FIRST}", SECOND]),
        # Both forms are leads of their own.
        ([f"zcrm_{FIRST}", FIRST], [FIRST, f"zcrm_{FIRST}"], [FIRST, f"zcrm_{FIRST}"]),
        # No id of Zoho.
        (["zcrm_12", SECOND], ["12", SECOND], [SECOND]),
        (["zcrm_A150868000000225013", FIRST], ["A150868000000225013", FIRST], [FIRST]),
    ],
)
def test_ids_of_zoho_are_one_with_their_prefix_and_without(tmp_path, leads, calls, joined):
    assert zoho(tmp_path, leads, calls) == joined


# Leads that were called before they were created.


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ([-96.0, 3.0], "1 of 2 leads were called before they were created, up to 96 hours"),
        ([-0.5, -1000.25], "2 of 2 leads were called before they were created, up to 1,000 hours"),
        ([-3.0, None], "1 of 2 leads were called before they were created, up to 3 hours"),
        ([0.0, 3.0], None),
        ([None, None], None),
    ],
)
def test_calls_before_creation_are_counted_by_leads(hours, told):
    rows = pl.DataFrame({"lead_id": ["L1", "L2"], "hours_to_first_call": hours}, strict=False).cast(
        {"hours_to_first_call": pl.Float64}
    )
    notes = early_calls_note(pl.concat([rows, rows]))
    assert [told in note for note in notes] == [True] * (told is not None) if told else notes == ()


def test_a_matrix_without_calls_says_nothing():
    assert early_calls_note(pl.DataFrame({"lead_id": ["L1"]})) == ()
