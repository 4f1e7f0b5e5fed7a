"""Rows chosen and joined by the configuration: conditions, one row per key, customers, leads not listed."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest
from support.on_the_road import read_tables

from pipeline.config.config import Config, read_config
from pipeline.errors import ConfigError, ToleranceError

NOW = datetime(2024, 7, 1, tzinfo=UTC)
LEADS = "lead_id,created_at,customer_id\nL1,2024-05-01,K1\nL2,2024-05-02,K2\nL3,2024-05-10,K1\n"
CALLS = "call_id,lead_id,started_at,duration,status\n"


def taken(folder, top=None, whole=True, sources=None, **files):
    files = {"leads": LEADS, **files}
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    settings = {name: {"path": f"{name}.csv", **(sources or {}).get(name, {})} for name in files}
    raw = {"name": "test", "sources": settings, "label": {"close": "first_order"}, "tolerance": 1.0}
    config = Config.model_validate_json(json.dumps(raw | (top or {})))
    result = read_tables(
        config.model_copy(update={"path": folder / "team.yaml"}), now=NOW, whole=whole, outcome=whole
    )
    for name, counts in result.counts.items():
        assert counts.rows_in == counts.rows_used + counts.rows_quarantined + counts.rows_left_out
        assert counts.rows_used == result.tables[name].height or not whole
    return result


def leads_of(result, table="calls"):
    frame = result.tables[table]
    return dict(frame.select(frame.columns[1], "lead_id").rows())


def note_of(result, table):
    (note,) = (note for note in result.notes if note.startswith(f"{table}:"))
    return note


# Leads that are not on the list.

STRANGERS = "".join(f"C{n},X{n},2024-05-03,60,answered\n" for n in range(9))


def test_rows_of_leads_that_are_not_listed_are_counted_apart(tmp_path):
    calls = CALLS + STRANGERS + "C10,L1,2024-05-03,60,answered\n"
    found = taken(tmp_path, {"tolerance": 0.0}, calls=calls)
    counts = found.counts["calls"]
    assert (counts.rows_used, counts.rows_quarantined, counts.of_nobody, counts.bad_rows) == (1, 9, 9, 0)
    assert note_of(found, "calls").endswith("9 of its rows are of leads that are not on the list")
    assert found.quarantine.height == 9


def test_a_bad_row_of_a_lead_that_is_not_listed_is_a_bad_row(tmp_path):
    calls = CALLS + "C1,X1,2024-05-03,long,answered\nC2,L1,2024-05-03,60,answered\n"
    with pytest.raises(ToleranceError, match=r"1 of 2 rows .* the first: row 1, column duration"):
        taken(tmp_path, {"tolerance": 0.1}, calls=calls)


def test_ids_that_fit_no_lead_at_all_stop_the_run(tmp_path):
    with pytest.raises(ToleranceError, match=r"9 of 9 rows .* lead X0 is quarantined or unknown"):
        taken(tmp_path, {"tolerance": 0.1}, calls=CALLS + STRANGERS)


# Ids of 15 and of 18 characters.

LONG = ("00Q5g00000AbCdEEAV", "00Q5g00000aBcDeEAV", "00Q5g00000XyZ12EAB")


def listed(*ids):
    return "lead_id,created_at\n" + "".join(f"{one},2024-05-01\n" for one in ids)


def called(*ids):
    return "call_id,lead_id,started_at\n" + "".join(f"C{n},{one},2024-05-03\n" for n, one in enumerate(ids))


@pytest.mark.parametrize("cut", [(18, 15), (15, 18), (15, 15), (18, 18)])
def test_a_short_id_is_the_long_one_that_begins_with_it(tmp_path, cut):
    on_list, in_calls = cut
    leads = listed(*(one[:on_list] for one in LONG))
    found = taken(tmp_path, leads=leads, calls=called(*(one[:in_calls] for one in LONG)))
    assert found.tables["calls"]["lead_id"].to_list() == [one[:on_list] for one in LONG]


@pytest.mark.parametrize(
    ("leads", "call"),
    [
        (("00Q5g00000AbCdEEAV", "00Q5g00000AbCdEEAB"), "00Q5g00000AbCdE"),  # it could be either
        (("00Q5g00000AbCdEEAV",), "00Q5g00000ABCDE"),  # another id: letters differ in case
        (("123456789012345678",), "123456789012345"),  # numbers are not of this kind
        (("00Q5g00000AbCdEeav",), "00Q5g00000AbCdE"),  # no id ends so
        (("00Q5g00000AbCdE",), "00Q5g00000AbCdEeav"),
        (("00Q5g00000AbCdE",), "00Q5g00000ABCDEEAV"),
        (("123456789012345",), "123456789012345012"),
        (("00Q5g00000AbCdE",), "00Q5g00000AbCdEEA"),  # neither of 15 nor of 18
        (("00Q5g00000AbCd-",), "00Q5g00000AbCd-EAV"),
    ],
)
def test_an_id_that_is_not_surely_the_same_is_of_nobody(tmp_path, leads, call):
    found = taken(tmp_path, leads=listed(*leads), calls=called(call))
    assert found.counts["calls"].of_nobody == 1


@pytest.mark.parametrize("listing", [LONG[0], LONG[0][:15]])
def test_where_both_forms_are_leads_of_their_own_each_call_is_of_the_one_that_it_names(tmp_path, listing):
    """Whichever stands first on the list."""
    both = sorted({LONG[0], LONG[0][:15]}, key=lambda one: one != listing)
    calls = called(LONG[0], LONG[0][:15])
    found = taken(tmp_path, leads=listed(*both), calls=calls).tables["calls"]["lead_id"]
    assert found.to_list() == [LONG[0], LONG[0][:15]]


# By customer.

BY_CUSTOMER = "call_id,contact,started_at\n"
MAPPED = {"calls": {"columns": {"customer_id": "contact"}}}


def test_calls_by_customer_are_of_the_newest_lead_at_their_time(tmp_path):
    rows = [
        "A,K1,2024-05-01",
        "B,K1,2024-05-09 23:59",
        "C,K1,2024-05-10",
        "D,K2,2024-06-01",
        "E,K1,2024-04-30",
    ]
    calls = BY_CUSTOMER + "\n".join([*rows, "F,K9,2024-06-01", "G,,2024-06-01", "H,K1,soon", ""])
    found = taken(tmp_path, sources=MAPPED, calls=calls)
    assert leads_of(found) == {"A": "L1", "B": "L1", "C": "L3", "D": "L2"}
    assert "customer_id" not in found.tables["calls"].columns
    told = (
        found.quarantine.filter(pl.col("source") == "calls").select("row_number", "column", "reason").rows()
    )
    assert sorted(told)[:3] == [
        (5, "contact", "customer K1 has no lead on the list at that time"),
        (6, "contact", "customer K9 has no lead on the list at that time"),
        (7, "contact", "is missing"),
    ]
    assert found.counts["calls"].of_nobody == 2


def test_a_lead_that_is_named_is_not_overruled_by_the_customer(tmp_path):
    calls = "call_id,lead_id,customer_id,started_at\nA,L2,K1,2024-06-01\nB,,K1,2024-06-01\n"
    assert leads_of(taken(tmp_path, calls=calls)) == {"A": "L2", "B": "L3"}


@pytest.mark.parametrize(
    ("table", "content"),
    [
        ("stages", "customer_id,entered_at,stage\nK1,2024-05-09,talk\nK1,2024-05-11,talk\n"),
        ("facts", "customer_id,known_at,field,value\nK1,2024-05-09,need,1\nK1,2024-05-11,need,1\n"),
        ("manual_grades", "customer_id,graded_at,grade\nK1,2024-05-09,A\nK1,2024-05-11,A\n"),
    ],
)
def test_other_tables_by_customer(tmp_path, table, content):
    assert taken(tmp_path, **{table: content}).tables[table]["lead_id"].to_list() == ["L1", "L3"]


def test_undated_grades_by_customer_are_of_the_newest_lead(tmp_path):
    found = taken(tmp_path, manual_grades="customer_id,grade\nK1,A\n")
    assert found.tables["manual_grades"]["lead_id"].to_list() == ["L3"]


def test_leads_of_one_customer_created_together(tmp_path):
    leads = "lead_id,created_at,customer_id\nL2,2024-05-01,K1\nL1,2024-05-01,K1\n"
    calls = "call_id,customer_id,started_at\nA,K1,2024-05-03\n"
    assert leads_of(taken(tmp_path, leads=leads, calls=calls)) == {"A": "L2"}


def test_a_part_of_the_list_is_joined_as_the_whole_is(tmp_path):
    """Of a list to be scored the older lead may be gone: its calls are not the newer one's."""
    calls = "call_id,customer_id,started_at\nA,K1,2024-05-03\nB,K1,2024-05-12\n"
    part = "lead_id,created_at,customer_id\nL3,2024-05-10,K1\n"
    assert leads_of(taken(tmp_path, whole=False, leads=part, calls=calls)) == {"B": "L3"}


# Conditions.

ROWS = (
    "call_id,lead_id,started_at,duration,status,Pipeline,Score,Closed on,Mine\n"
    "A,L1,2024-05-03 08:00,60,answered,Sales,7,2024-06-01,yes\n"
    "B,L1,2024-05-04 08:00,30,busy,Support,12,,no\n"
    "C,L2,2024-05-05 08:00,,busy,,x,2024-05-01,\n"
)


@pytest.mark.parametrize(
    ("where", "kept", "undecided"),
    [
        ("status = 'busy'", "BC", 0),
        ("duration >= 60", "AC", 1),
        ("duration_ms < 60000", "BC", 1),
        ("started_at >= '2024-05-04'", "BC", 0),
        ("started_at BETWEEN '2024-05-03 08:00' AND '2024-05-04 08:00'", "AB", 0),
        ("started_at = '2024-05-03 08:00' OR call_id = 'C'", "AC", 0),
        ("started_at IN ('2024-05-05 08:00')", "C", 0),
        ("Pipeline = 'Sales'", "AC", 1),
        ("pipeline <> 'Support' OR pipeline IS NULL", "AC", 0),
        ("Score > 10", "BC", 1),
        ("-Score < -10", "BC", 1),
        ("\"Closed on\" > '2024-05-31'", "AB", 1),
        ('"Closed on" > started_at', "AB", 1),
        ("\"Closed on\" = '2024-06-01'", "AB", 1),
        ("Mine = TRUE", "AC", 1),
        ("Pipeline LIKE 'Sup%' AND NOT status = 'answered'", "BC", 1),
        ("COALESCE(Score, 0) + 1 > 8", "B", 0),
        ("TRUE", "ABC", 0),
    ],
)
def test_only_rows_that_the_condition_refuses_are_left_out(tmp_path, where, kept, undecided):
    found = taken(tmp_path, sources={"calls": {"where": where}}, calls=ROWS)
    assert "".join(found.tables["calls"]["call_id"]) == kept
    assert found.counts["calls"].rows_left_out == 3 - len(kept)
    told = f"{undecided} kept that where cannot decide"
    assert (told in note_of(found, "calls")) == bool(undecided)


def test_words_are_compared_as_they_are_read(tmp_path):
    values = {"status": {"接通": "answered", "占线": "busy"}}
    calls = CALLS + "A,L1,2024-05-03,60,接通\nB,L1,2024-05-03,60,占线\n"
    found = taken(
        tmp_path, sources={"calls": {"where": "status = 'answered'", "values": values}}, calls=calls
    )
    assert found.tables["calls"]["call_id"].to_list() == ["A"]


def test_amounts_are_compared_in_units_of_the_currency(tmp_path):
    orders = "order_id,ordered_at,lead_id,amount\nO1,2024-05-03,L1,99.99\nO2,2024-05-03,L1,100\n"
    for name, least in (("amount", 100), ("amount_minor", 10000)):
        found = taken(tmp_path, sources={"orders": {"where": f"{name} >= {least}"}}, orders=orders)
        assert found.tables["orders"]["order_id"].to_list() == ["O2"]


def test_a_date_of_the_condition_is_in_the_sources_zone(tmp_path):
    sources = {"calls": {"where": "started_at >= '2024-05-04'", "timezone": "Asia/Shanghai"}}
    calls = CALLS + "A,L1,2024-05-04 00:00,60,busy\nB,L1,2024-05-03 23:59,60,busy\n"
    found = taken(tmp_path, sources=sources, calls=calls)
    assert found.tables["calls"]["call_id"].to_list() == ["A"]


def test_a_row_that_is_not_wanted_is_neither_bad_nor_a_duplicate(tmp_path):
    calls = CALLS + "A,L1,2024-05-03,long,busy\nA,L1,2024-05-03,60,answered\nA,X,2024-05-03,60,busy\n"
    found = taken(tmp_path, {"tolerance": 0.0}, sources={"calls": {"where": "status <> 'busy'"}}, calls=calls)
    assert found.tables["calls"]["duration_ms"].to_list() == [60_000]
    assert found.quarantine.is_empty()
    assert note_of(found, "calls").endswith("2 left out by the configuration")


def test_leads_that_are_not_wanted_are_not_on_the_list(tmp_path):
    calls = called("L1", "L2")
    found = taken(tmp_path, sources={"leads": {"where": "customer_id <> 'K2'"}}, calls=calls)
    assert found.tables["leads"]["lead_id"].to_list() == ["L1", "L3"]
    assert found.counts["calls"].of_nobody == 1


def test_a_list_to_be_scored_that_lacks_a_column_is_kept_whole(tmp_path):
    sources = {"leads": {"where": "Stage <> 'junk'"}}
    assert note_of(taken(tmp_path, sources=sources, whole=False), "leads").endswith(
        "3 kept that where cannot decide"
    )
    with pytest.raises(ConfigError, match="unknown column 'Stage'"):
        taken(tmp_path, sources=sources)


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("statuss = 'busy'", "unknown column 'statuss'; did you mean status?"),
        ("started_at > 5 * duration", "a time can be compared with dates and other times only"),
        ("started_at + 1 > duration", "times can be compared with dates, but not reckoned with"),
        ("started_at > 'soon'", "not a date or time; write it as 2024-01-31"),
        ("duration", "needs true or false"),
        ("status > 'a'", "only numbers have an order"),
    ],
)
def test_a_condition_that_cannot_be_used_is_refused(tmp_path, where, told):
    with pytest.raises(ConfigError, match=r"sources\.calls\.where: ") as caught:
        taken(tmp_path, sources={"calls": {"where": where}}, calls=ROWS)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("where", "told"),
    [("read_csv('/etc/passwd')", "function READ_CSV"), ("status = 'a", "without its closing quote")],
)
def test_a_condition_is_looked_at_with_the_configuration(tmp_path, where, told):
    path = tmp_path / "team.yaml"
    source = json.dumps({"path": "l.csv", "where": where})
    path.write_text(f"name: x\nsources: {{leads: {source}}}\nlabel: {{close: first_order}}\n", "utf-8")
    with pytest.raises(ConfigError, match=r"sources\.leads\.where: ") as caught:
        read_config(path)
    assert told in str(caught.value)


# One row per key.

ORDERS = (
    "order_id,ordered_at,lead_id,amount\nO3,2024-05-09,L1,3\nO1,2024-05-03,L1,1\nO2,2024-05-05,L1,2\n"
    "O5,2024-05-05,L2,5\nO4,2024-05-05,L2,4\nO6,2024-05-09,L3,x\nO7,2024-05-12,L3,7\n"
)


@pytest.mark.parametrize(
    ("setting", "kept"), [("first_by", ["O1", "O4", "O7"]), ("last_by", ["O3", "O5", "O7"])]
)
def test_one_row_for_each_value_of_a_column(tmp_path, setting, kept):
    found = taken(tmp_path, sources={"orders": {setting: "lead_id"}}, orders=ORDERS)
    assert sorted(found.tables["orders"]["order_id"]) == kept
    counts = found.counts["orders"]
    assert (counts.rows_left_out, counts.rows_quarantined) == (3, 1)


def test_deals_as_leads_by_contact(tmp_path):
    leads = "deal,contact,created_at\nD1,K1,2024-05-03\nD2,K1,2024-05-01\nD3,K2,2024-05-02\n"
    sources = {"leads": {"columns": {"lead_id": "contact"}, "first_by": "contact"}}
    found = taken(tmp_path, {"tolerance": 0.0}, sources=sources, leads=leads)
    assert found.tables["leads"]["row_number"].to_list() == [2, 3]
    assert found.counts["leads"].rows_left_out == 1


def test_rows_without_the_key_are_kept(tmp_path):
    orders = "order_id,ordered_at,lead_id,customer_id\nO1,2024-05-03,,K1\nO2,2024-05-03,,K1\n"
    found = taken(tmp_path, sources={"orders": {"first_by": "lead_id"}}, orders=orders)
    assert found.tables["orders"].height == 2


def test_the_latest_row_of_the_label_is_one_that_is_wanted(tmp_path):
    config_of = {"orders": {"first_by": "lead_id"}}
    found = taken(tmp_path, sources=config_of, orders=ORDERS)
    assert found.tables["orders"]["ordered_at"].max() == datetime(2024, 5, 12, tzinfo=UTC)


def test_a_column_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match=r"sources.orders.first_by: .* no column 'deal'; known: order_id"):
        taken(tmp_path, sources={"orders": {"first_by": "deal"}}, orders=ORDERS)


# Legs.

LEGS = CALLS + (
    "U1,L1,2024-05-03 15:07,0,busy\nU1,L1,2024-05-03 15:07,81,answered\nU1,L1,2024-05-03 15:08,90,voicemail\n"
    "U2,L2,2024-05-03 15:27,5,no_answer\nU2,L2,2024-05-03 15:28,27,busy\nU3,L3,2024-05-03,1,FAIL\n"
    "U3,L3,2024-05-03,0,busy\n"
)


def test_legs_of_one_call_are_one_call_that_was_answered_if_one_was(tmp_path):
    found = taken(tmp_path, sources={"calls": {"legs": True}}, calls=LEGS)
    told = found.tables["calls"].select("call_id", "status", "duration_ms").rows()
    assert told == [("U1", "answered", 81_000), ("U2", "busy", 27_000), ("U3", "busy", 0)]
    counts = found.counts["calls"]
    assert (counts.rows_left_out, counts.rows_quarantined) == (3, 1)
    reasons = set(found.quarantine["reason"].str.head(12))
    assert reasons == {"unknown word"}


@pytest.mark.parametrize("turned", [False, True])
def test_legs_in_any_order_and_without_lengths(tmp_path, turned):
    rows = ["U1,L1,2024-05-03 15:07,busy", "U1,L1,2024-05-03 15:08,answered", "U1,L1,2024-05-03 15:09,busy"]
    calls = "call_id,lead_id,started_at,status\n" + "\n".join(rows[:: -1 if turned else 1]) + "\n"
    found = taken(tmp_path, sources={"calls": {"legs": True}}, calls=calls)
    assert found.tables["calls"]["status"].to_list() == ["answered"]


def test_choices_that_contradict_each_other(tmp_path):
    with pytest.raises(ValueError, match="choose one of them"):
        taken(tmp_path, sources={"leads": {"first_by": "lead_id", "last_by": "lead_id"}})


def test_rows_of_one_key_name_the_setting_that_chooses_among_them(tmp_path):
    with pytest.raises(ToleranceError, match=r"rows of one key are meant, set sources\.calls\.legs: true$"):
        taken(tmp_path, {"tolerance": 0.1}, calls=LEGS)


def test_asterisks_call_log(tmp_path):
    """Its legs share an id, and its words are known."""
    calls = (
        "accountcode,start,billsec,disposition,uniqueid\n"
        "L1,2024-03-27 15:07:24,81,ANSWERED,1774624044.0\nL1,2024-03-27 15:07:24,0,NO ANSWER,1774624044.0\n"
        "L2,2024-03-27 15:31:16,0,FAILED,1774625476.10\nL3,2024-03-27 15:33:20,0,BUSY,1774625476.1\n"
        "L3,2024-03-27 15:43:20,0,CONGESTION,1774625476.12\n"
    )
    columns = {"call_id": "uniqueid", "lead_id": "accountcode", "started_at": "start"}
    columns |= {"duration": "billsec", "status": "disposition"}
    found = taken(tmp_path, sources={"calls": {"legs": True, "columns": columns}}, calls=calls)
    assert found.tables["calls"]["status"].to_list() == ["answered", "unreachable", "busy", "unreachable"]
    assert found.quarantine.is_empty()
