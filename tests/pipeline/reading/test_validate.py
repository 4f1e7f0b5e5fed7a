"""Checking rows: domains, keys, orphans, the quarantine and the tolerance."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pandera.polars as pandera
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors
from support.on_the_road import read_tables

from features.tables import CONTRACTS
from pipeline.config.config import Config
from pipeline.errors import OutputError, ToleranceError
from pipeline.reading.quarantine import SCHEMA, no_bad_rows, write_quarantine
from pipeline.reading.row_checks import in_domain
from pipeline.reading.validate import Counts

NOW = datetime(2024, 7, 1, tzinfo=UTC)
LEADS = "lead_id,created_at,customer_id\nL1,2024-05-01,K1\nL2,2024-05-02,\nL3,2024-05-03,K3\n"
CALLS = "call_id,lead_id,started_at,duration,status\n"


def make_config(folder, files, **top):
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    raw = {
        "name": "test",
        "sources": {name: {"path": f"{name}.csv"} for name in files},
        "label": {"close": "first_order"},
        "tolerance": 1.0,
        **top,
    }
    config = Config.model_validate_json(json.dumps(raw))
    return config.model_copy(update={"path": folder / "team.yaml"})


def check(folder, top=None, **files):
    files = {"leads": LEADS, **files}
    config = make_config(folder, files, **(top or {}))
    result = read_tables(config, now=NOW)
    for name, counts in result.counts.items():
        assert counts.rows_in == counts.rows_used + counts.rows_quarantined
        assert counts.rows_used == result.tables[name].height
    return result


def reasons(result, source):
    bad = result.quarantine.filter(pl.col("source") == source)
    return dict(bad.select("row_number", "reason").rows())


def test_good_rows_pass_untouched(tmp_path):
    result = check(tmp_path, calls=CALLS + "C1,L1,2024-05-02,60,answered\nC2,L2,2024-05-03,,busy\n")
    assert result.quarantine.schema == no_bad_rows().schema == {**SCHEMA, "kind": pl.String}
    assert result.quarantine.is_empty()
    assert result.counts["calls"] == Counts(2, 2, 0, 0)
    assert result.tables["calls"].columns == [
        *("row_number", "call_id", "lead_id", "started_at", "duration_ms", "status")
    ]
    assert result.notes[1].startswith("calls: calls.csv, 2 rows")


def test_domains(tmp_path):
    rows = [
        "C1,L1,2024-05-02,-5,answered",
        "C2,L1,2024-05-02,90000,answered",
        "C3,L1,2024-05-02,60,call 13800138021",
        ",L1,2024-05-02,60,answered",
        "C5,L1,,60,answered",
        "C6,L1,2024-05-02,60,busy",
    ]
    result = check(tmp_path, calls=CALLS + "\n".join(rows))
    found = reasons(result, "calls")
    assert found[1] == "must be at least 0 ms (read as duration_ms)"
    assert found[2] == "must be at most 86400000 ms (read as duration_ms)"
    assert found[3].startswith("unknown word 'call 138******21'; map it to one of answered, ")
    assert found[3].endswith("in sources.calls.values.status")
    assert found[4] == found[5] == "is missing"
    assert result.tables["calls"]["call_id"].to_list() == ["C6"]
    assert result.quarantine["column"].to_list() == [
        "duration",
        "duration",
        "status",
        "call_id",
        "started_at",
    ]
    assert result.quarantine["value"][0] == "-5"


def test_an_unreadable_cell_is_told_once_and_a_row_may_have_several_reasons(tmp_path):
    result = check(tmp_path, calls=CALLS + "C1,L1,soon,twelve,odd\nC2,L2,2024-05-02,60,busy\n")
    first = result.quarantine.filter(pl.col("row_number") == 1)
    assert sorted(first["column"]) == ["duration", "started_at", "status"]
    assert result.counts["calls"] == Counts(2, 1, 1, 0)


def test_identical_duplicates_keep_the_first_and_are_not_faults(tmp_path):
    row = "C1,L1,2024-05-02,60,answered\n"
    result = check(tmp_path, calls=CALLS + row + "C2,L1,2024-05-02,60,busy\n" + row + row)
    assert reasons(result, "calls") == {3: "identical duplicate of row 1", 4: "identical duplicate of row 1"}
    assert result.counts["calls"] == Counts(4, 2, 2, 2)
    assert result.counts["calls"].bad_share == 0.0


@pytest.mark.parametrize(
    ("table", "column", "cell", "settings"),
    [
        ("calls", "duration", "-5", {"duration_unit": "min"}),
        ("calls", "duration", "25:00:00", {"duration_unit": "clock"}),
        ("calls", "flow_completion", "120%", {}),
    ],
)
def test_a_value_outside_its_domain_is_shown_as_it_stands(tmp_path, table, column, cell, settings):
    keys = {"orders": "order_id,lead_id,ordered_at", "calls": "call_id,lead_id,started_at"}[table]
    rows = f'{keys},{column}\nX2,L1,2024-05-02,"{cell}"\n'
    top = {"sources": {name: {"path": f"{name}.csv"} for name in ("leads", table)}}
    top["sources"][table] |= settings
    found = check(tmp_path, top, **{table: rows})
    bad = found.quarantine.filter(pl.col("column") == column)
    assert bad["value"].to_list() == [cell]


def test_conflicting_duplicates_all_go(tmp_path):
    row = "C1,L1,2024-05-02,60,answered\n"
    result = check(tmp_path, calls=CALLS + row + "C1,L1,2024-05-02,61,answered\n" + row)
    assert reasons(result, "calls") == {
        1: "conflicts with row 2: the same call_id, other content",
        2: "conflicts with row 1: the same call_id, other content",
        3: "conflicts with row 1: the same call_id, other content",
    }
    assert result.counts["calls"] == Counts(3, 0, 3, 0)


def test_a_bad_row_conflicts_with_a_good_one_of_its_key(tmp_path):
    result = check(tmp_path, calls=CALLS + "C1,L1,2024-05-02,twelve,busy\nC1,L1,2024-05-02,,busy\n")
    assert result.counts["calls"].rows_used == 0
    assert reasons(result, "calls")[2] == "conflicts with row 1: the same call_id, other content"


def test_keys_of_several_columns(tmp_path):
    stages = "lead_id,entered_at,stage\nL1,2024-05-02,won\nL1,2024-05-02,talk\nL1,2024-05-02,won\n"
    assert reasons(check(tmp_path, stages=stages), "stages") == {3: "identical duplicate of row 1"}
    facts = "lead_id,known_at,field,value\nL1,2024-05-02,mood,good\nL1,2024-05-02,mood,bad\n"
    assert "the same lead_id and known_at and field" in reasons(check(tmp_path, facts=facts), "facts")[1]


def test_manual_grades_without_a_date_are_keyed_by_lead(tmp_path):
    result = check(tmp_path, manual_grades="lead_id,grade\nL1,A\nL1,A\nL2,B\nL2,C\nL3,D\n")
    assert result.tables["manual_grades"]["grade"].to_list() == ["A", "D"]
    assert set(reasons(result, "manual_grades")) == {2, 3, 4}
    dated = "lead_id,grade,graded_at\nL1,A,\nL1,A,\nL1,B,2024-05-02\n"
    assert set(reasons(check(tmp_path, manual_grades=dated), "manual_grades")) == {2}


def test_rows_of_unknown_and_of_quarantined_leads_are_orphans(tmp_path):
    leads = LEADS + "L4,soon,\n13800138021,1980-01-01,\n"
    rows = ["C1,L1", "C2,L9", "C3,L4", "C4,13800138021", "C5,王小明"]
    result = check(tmp_path, leads=leads, calls=CALLS + "".join(f"{r},2024-05-02,60,busy\n" for r in rows))
    assert reasons(result, "calls") == {
        2: "lead L9 is quarantined or unknown",
        3: "lead L4 is quarantined or unknown",
        4: "lead 138******21 is quarantined or unknown",
        5: "lead 王** is quarantined or unknown",
    }
    assert "13800138021" not in result.quarantine.write_csv()
    assert "小明" not in result.quarantine.write_csv()


def test_orders_need_a_known_lead_or_a_known_customer(tmp_path):
    header = "order_id,ordered_at,lead_id,customer_id\n"
    pairs = ["L1,", ",K3", "L9,K1", "L1,K9", "L9,", ",K9", ","]
    rows = "".join(f"O{i},2024-05-03,{pair}\n" for i, pair in enumerate(pairs, 1))
    result = check(tmp_path, orders=header + rows)
    assert result.tables["orders"]["order_id"].to_list() == ["O1", "O2", "O3", "O4"]
    assert reasons(result, "orders") == {
        5: "lead L9 is quarantined or unknown",
        6: "customer K9 is quarantined or unknown",
        7: "names neither a lead nor a customer",
    }
    by_customer = check(
        tmp_path, orders="order_id,ordered_at,customer_id\nO1,2024-05-03,K1\nO2,2024-05-03,K2\n"
    )
    assert by_customer.tables["orders"]["order_id"].to_list() == ["O1"]
    assert check(tmp_path, orders="order_id,ordered_at\nO1,2024-05-03\n").counts["orders"].rows_used == 0


def test_a_flat_list_without_a_key_keeps_equal_rows(tmp_path):
    top = {
        "flat": True,
        "label": {"close": "outcome", "column": "y"},
        "grades": {"A": {"at_least": 0.3}},
        "attributes": {"age": {"kind": "numeric"}},
    }
    result = check(tmp_path, top, leads="age,y\n56,no\n56,no\nold,no\n")
    assert result.tables["leads"]["row_number"].to_list() == [1, 2]
    keyed = check(tmp_path, top, leads="lead_id,age,y\nL1,56,no\nL1,56,no\n")
    assert keyed.tables["leads"].height == 1


def test_free_text_is_never_shown(tmp_path):
    top = {"attributes": {"note": {"kind": "text"}}}
    secret = "my number is 13800138021"
    leads = f"lead_id,created_at,note\nL1,2024-05-01,{secret}\nL1,2024-05-02,{secret}!\n"
    assert secret not in check(tmp_path, top, leads=leads).quarantine.write_csv()


def test_too_many_bad_rows_stop_the_run_after_the_quarantine_is_written(tmp_path):
    calls = CALLS + "C1,L1,2024-05-02,60,busy\nC2,L1,2024-05-02,60,13800138021\nC1,L1,2024-05-02,60,busy\n"
    config = make_config(tmp_path, {"leads": LEADS, "calls": calls}, tolerance=0.3)
    with pytest.raises(ToleranceError) as caught:
        read_tables(config, now=NOW)
    message = str(caught.value)
    assert "\n" not in message
    assert "calls.csv: 1 of 3 rows (33.3%) of calls are bad, more than the tolerance of 30.0%" in message
    assert "row 2, column status: '138******21' unknown word" in message
    path = tmp_path / "out" / "quarantine.csv"
    assert str(path) in message
    assert "sources.calls.tolerance" in message
    assert pl.read_csv(path)["row_number"].to_list() == [2, 3]


def test_a_sources_own_tolerance_wins(tmp_path):
    calls = CALLS + "C1,L1,2024-05-02,60,busy\nC2,L1,2024-05-02,60,odd\n"
    config = make_config(tmp_path, {"leads": LEADS, "calls": calls}, tolerance=0.0)
    sources = {**config.sources, "calls": config.sources["calls"].model_copy(update={"tolerance": 0.5})}
    result = read_tables(config.model_copy(update={"sources": sources}), now=NOW)
    assert result.counts["calls"].rows_used == 1


def test_the_quarantine_file_is_whole_or_not_there(tmp_path):
    write_quarantine(no_bad_rows(), tmp_path / "new" / "q.csv")
    assert (tmp_path / "new" / "q.csv").read_text() == "source,row_number,column,value,reason\n"
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["q.csv"]
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_quarantine(no_bad_rows(), tmp_path / "file" / "q.csv")
    (tmp_path / "taken").mkdir()
    with pytest.raises(OutputError):
        write_quarantine(no_bad_rows(), tmp_path / "taken")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "new", "taken"]


CELLS = st.sampled_from(
    [
        "L1",
        "L2",
        "L9",
        "C1",
        "C2",
        "",
        "2024-05-02",
        "1980-01-01",
        "2099-01-01",
        "60",
        "-1",
        "busy",
        "？",
        '"a\nb"',
        "é,",
    ]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calls=st.lists(st.lists(CELLS, min_size=4, max_size=6), min_size=1, max_size=12),
    leads=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6),
)
def test_no_row_is_ever_lost(tmp_path: Path, calls, leads):
    calls_csv = CALLS + "".join(
        ",".join(row) + "\n" for row in [["C0", "L1", "2024-05-02", "1", "busy"], *calls]
    )
    leads_csv = LEADS + "".join(",".join(row) + "\n" for row in leads)
    result = check(tmp_path, leads=leads_csv, calls=calls_csv)
    for source, counts in result.counts.items():
        bad = result.quarantine.filter(pl.col("source") == source)["row_number"]
        used = result.tables[source]["row_number"]
        assert counts.rows_quarantined == bad.n_unique()
        assert used.n_unique() == len(used)
        assert not set(used) & set(bad)
        assert counts.duplicates_dropped <= counts.rows_quarantined
    blank = [row for row in calls if not any(row)]
    assert result.counts["calls"].rows_in == len(calls) + 1 - sum(len(row) == 5 for row in blank)
    assert result.quarantine["reason"].null_count() == 0


def edges_of_domains():
    """Of each column of each contract, values on both sides of the edges that it declares."""
    for table, contract in CONTRACTS.items():
        for name, column in contract.model.to_schema().columns.items():
            if not column.nullable:
                yield table, name, None
            for check in column.checks:
                limits = check.statistics
                match check.name:
                    case "isin":
                        yield from ((table, name, word) for word in (*limits["allowed_values"], "nonsense"))
                    case "str_length":
                        yield from ((table, name, word) for word in ("", "a"))
                    case _:
                        (edge,) = limits.values()
                        yield from ((table, name, edge + step) for step in (-1, 0, 1))


@pytest.mark.parametrize(("table", "name", "value"), list(edges_of_domains()))
def test_one_look_at_all_columns_agrees_with_pandera(table, name, value):
    column = CONTRACTS[table].model.to_schema().columns[name]
    frame = pl.DataFrame({name: [value, value]}, schema={name: column.dtype.type})
    try:
        pandera.DataFrameSchema({name: column}).validate(frame, lazy=True)
        fine = True
    except SchemaErrors:
        fine = False
    assert in_domain(frame, {name: column}) == fine
