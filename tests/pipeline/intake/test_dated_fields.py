"""Field history and entries of the lead list as dated facts; the row's last change is no time of a field."""

import json
from datetime import UTC, datetime

import pytest
from support.on_the_road import taken_from_files

from pipeline.config.config import Config
from pipeline.errors import SourceError
from pipeline.intake import buckets
from pipeline.matrix import dataset
from pipeline.monitoring.arrivals import arrivals
from pipeline.reading.ingest import read_source

NOW = datetime(2026, 11, 1, tzinfo=UTC)

# As Salesforce writes it.
HISTORY = """LeadId,Field,OldValue,NewValue,CreatedDate
L1,Rating,Cold,Warm,2026-03-01T10:00:00.000Z
L1,Rating,Warm,Hot,2026-04-01T10:00:00.000Z
L2,Rating,,Warm,2026-03-01T10:00:00.000Z
L1,Budget,"1,000.50",2000,2026-03-01T10:00:00.000Z
L1,Visit,2026-05-01,2026-05-11,2026-03-01T10:00:00.000Z
L4,created,,,2026-01-05T09:00:00.000Z
"""
LEADS = """Id,CreatedDate,Rating,Budget,Visit
L1,2026-01-05 09:00,Hot,2000,2026-05-11
L2,2026-01-05 09:00,Warm,,
L3,2026-01-05 09:00,Cold,7,2026-05-03
L4,2026-01-05 09:00,,,
"""
OURS = {"lead_id": "Id", "created_at": "CreatedDate"}
CHANGES = {
    "lead_id": "LeadId",
    "known_at": "CreatedDate",
    "field": "Field",
    "value": "NewValue",
    "old_value": "OldValue",
}
RATING = {"Rating": {"known": "dated"}}
ALL = {
    **RATING,
    "Budget": {"kind": "numeric", "known": "dated"},
    "Visit": {"kind": "date", "known": "dated"},
}


def configured(folder, attributes, leads=LEADS, history=HISTORY, changes=CHANGES, top=None, **lead_source):
    sources = {"leads": {"path": "leads.csv", "columns": OURS, **lead_source}}
    (folder / "leads.csv").write_text(leads, encoding="utf-8")
    if history is not None:
        (folder / "history.csv").write_text(history, encoding="utf-8")
        sources["facts"] = {"path": "history.csv", "columns": changes}
    raw = {"name": "test", "sources": sources, "label": {"close": "first_order"}, "attributes": attributes}
    config = Config.model_validate_json(json.dumps(raw | (top or {})))
    return config.model_copy(update={"path": folder / "team.yaml"})


def as_of(config, day, column):
    """What a column of the matrix holds at a day, by lead."""
    with taken_from_files(config, now=NOW, outcome=False) as taken:
        rows = dataset.scoring_rows(config, taken, datetime.fromisoformat(f"2026-{day}T00:00:00+00:00"))
    return dict(rows.frame.select("lead_id", column).rows())


def notes(config):
    with taken_from_files(config, now=NOW, outcome=False) as taken:
        return (*taken.validated.warnings, *taken.validated.notes)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        # L1 held the old value of its first change; L2 nothing; L3 never changed.
        ("01-06", {"L1": "Cold", "L2": None, "L3": "Cold", "L4": None}),
        ("03-01", {"L1": "Cold", "L2": None, "L3": "Cold", "L4": None}),
        ("03-02", {"L1": "Warm", "L2": "Warm", "L3": "Cold", "L4": None}),
        ("04-02", {"L1": "Hot", "L2": "Warm", "L3": "Cold", "L4": None}),
    ],
)
def test_before_its_first_change_a_field_held_the_old_value(tmp_path, day, expected):
    assert as_of(configured(tmp_path, RATING), day, "Rating") == expected


def test_what_a_field_held_is_known_at_creation_as_attributes_are(tmp_path):
    config = configured(tmp_path, RATING)
    with taken_from_files(config, now=NOW, outcome=False) as taken:
        rows = dataset.scoring_rows(config, taken, datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert dict(rows.frame.select("lead_id", "Rating").rows())["L1"] == "Cold"


def test_numbers_and_dates_of_a_history_are_read_as_such(tmp_path):
    config = configured(tmp_path, ALL)
    assert as_of(config, "02-01", "Budget") == {"L1": 1000.5, "L2": None, "L3": 7, "L4": None}
    assert as_of(config, "04-01", "Budget")["L1"] == 2000
    days = as_of(config, "02-01", "days_until_Visit")
    assert {lead: day and round(day) for lead, day in days.items()} == {
        **{"L1": 89, "L2": None},
        **{"L3": 91, "L4": None},
    }


def test_what_a_field_held_is_no_entry(tmp_path):
    config = configured(tmp_path, RATING)
    assert as_of(config, "02-01", "facts_total") == {"L1": 0, "L2": 0, "L3": 0, "L4": 1}
    assert as_of(config, "02-01", "days_since_fact")["L1"] is None
    assert as_of(config, "02-01", "has_history") == {"L1": False, "L2": False, "L3": False, "L4": True}


def test_without_old_values_nothing_is_known_before_the_first_change(tmp_path):
    changes = {name: theirs for name, theirs in CHANGES.items() if name != "old_value"}
    config = configured(tmp_path, RATING, changes=changes)
    assert as_of(config, "02-01", "Rating") == {"L1": None, "L2": None, "L3": None, "L4": None}
    assert as_of(config, "03-02", "Rating")["L1"] == "Warm"


def test_a_history_without_the_values_of_today_tells_by_what_it_lacks_and_that_is_said(tmp_path):
    leads = "Id,CreatedDate\nL1,2026-01-05 09:00\nL2,2026-01-05 09:00\nL3,2026-01-05 09:00\n"
    (told,) = (one for one in notes(configured(tmp_path, ALL, leads=leads)) if "warning" in one)
    assert "Rating, Budget, Visit held before the first change" in told
    assert told.endswith("and sources.leads.columns.Visit")
    assert not any("warning" in one for one in notes(configured(tmp_path, ALL)))


def test_an_old_value_that_cannot_be_read_is_a_bad_cell(tmp_path):
    history = HISTORY.replace('"1,000.50"', "much")
    config = configured(tmp_path, ALL, history=history, top={"tolerance": 0.5})
    with taken_from_files(config, now=NOW, outcome=False) as taken:
        (bad,) = taken.validated.quarantine.rows(named=True)
    assert (bad["column"], bad["row_number"]) == ("OldValue", 4)
    assert "is not a number" in bad["reason"]


# As Zoho writes it: another name for each column, words mapped to ours, days first.
ZOHO = """Record Id,Field Name,From,To,Changed At
L1,Lead Status,Fresh,Contacted,05/03/2026 03:15 PM
L1,Lead Status,Contacted,Qualified,13/04/2026 12:05 AM
"""


def test_zohos_history(tmp_path):
    changes = dict(zip(CHANGES, ("Record Id", "Changed At", "Field Name", "To", "From"), strict=True))
    config = configured(tmp_path, {"state": {"known": "dated"}}, history=ZOHO, changes=changes)
    facts = config.sources["facts"].model_copy(
        update={
            "values": {"field": {"Lead Status": "state"}},
            "time_formats": ("%d/%m/%Y %I:%M %p",),
            "complete_from": datetime(2026, 1, 1, tzinfo=UTC),
        }
    )
    config = config.model_copy(update={"sources": {**config.sources, "facts": facts}})
    assert [as_of(config, day, "state")["L1"] for day in ("02-01", "03-06", "04-14")] == [
        *("Fresh", "Contacted", "Qualified")
    ]


# A field of the lead list with a time of its own.

ENTERED = """Id,CreatedDate,Rating,Rated On,Budget,Budget At
L1,2026-01-05 09:00,Hot,2026-03-01 10:00,2000,2026-04-01
L2,2026-01-05 09:00,Cold,,5,2026-02-01
L3,2026-01-05 09:00,,2026-03-01 10:00,,
"""
OWN = {
    "Rating": {"known": "dated", "entered_at": "Rated On"},
    "Budget": {"kind": "numeric", "known": "dated", "entered_at": "Budget At"},
}


def test_a_field_with_a_time_of_its_own_is_known_from_then_on(tmp_path):
    config = configured(tmp_path, OWN, leads=ENTERED, history=None)
    assert as_of(config, "03-01", "Rating") == {"L1": None, "L2": None, "L3": None}
    assert as_of(config, "03-02", "Rating") == {"L1": "Hot", "L2": None, "L3": None}
    assert as_of(config, "03-02", "Budget") == {"L1": None, "L2": 5, "L3": None}
    assert as_of(config, "04-02", "facts_total") == {"L1": 2, "L2": 1, "L3": 0}
    (leads,) = notes(config)
    assert leads.endswith("without a time of entry, and so left out: Rating in 1 rows")


def test_entries_beside_a_history(tmp_path):
    leads = ENTERED.replace("Budget,", "Status,").replace("Budget At", "x")
    history = HISTORY.replace("Rating", "Status")
    attributes = {**OWN, "Status": {"known": "dated"}}
    del attributes["Budget"]
    config = configured(tmp_path, attributes, leads=leads, history=history)
    assert as_of(config, "03-02", "Rating")["L1"] == "Hot"
    assert as_of(config, "02-01", "Status")["L1"] == "Cold"


def test_the_time_of_an_entry_must_be_in_the_file_and_be_a_time(tmp_path):
    with pytest.raises(SourceError, match=r"no columns .Rated On., .Budget At."):
        notes(configured(tmp_path, OWN, leads=LEADS, history=None))


@pytest.mark.parametrize(
    ("attribute", "columns", "told"),
    [
        ({"known": "dated", "entered_at": "LastModifiedDate"}, {}, "set attributes.Rating.known: snapshot"),
        ({"known": "dated", "entered_at": "at"}, {"at": "Modified Time"}, "set attributes.Rating.known"),
        ({"known": "dated", "entered_at": "write_date"}, {}, "the last touch of a buyer is the close"),
        ({"known": "dated", "entered_at": "最后更新时间"}, {}, "was last touched"),
        ({"known": "dated", "entered_at": "known_at"}, {}, "keeps the name known_at for itself"),
        ({"entered_at": "Rated On"}, {}, "entered_at is for known: dated"),
    ],
)
def test_the_last_change_of_a_row_is_no_time_of_a_field(tmp_path, attribute, columns, told):
    with pytest.raises(ValueError, match=told):
        configured(tmp_path, {"Rating": attribute}, history=None, columns=OURS | columns)


def test_a_list_to_be_scored_needs_no_field_that_nothing_reads(tmp_path):
    config = configured(tmp_path, OWN, leads=LEADS, history=None)
    assert read_source(config, "leads", outcome=False, needed=(), now=NOW).frame.height == 4


def test_leads_that_are_older_than_the_history_are_said(tmp_path):
    """What was changed before a history begins nobody knows; it may be the change of a lead on no list."""
    old = LEADS.replace("2026-01-05", "2025-06-01")
    (told,) = (one for one in notes(configured(tmp_path, RATING, leads=old)) if "warning" in one)
    assert "the history begins on 2026-01-05, and 4 of 4 leads are older: until then Rating of theirs" in told
    assert told.endswith("label.observed_from: 2026-01-05")
    one_old = LEADS + "".join(f"N{n},2026-01-06,,,\n" for n in range(40)) + "O,2025-01-01,,,\n"
    assert not any("warning" in one for one in notes(configured(tmp_path, RATING, leads=one_old)))


@pytest.mark.parametrize(
    ("day", "first_changed", "never_changed", "younger"),
    [("01-10", None, None, None), ("02-01", "Cold", "Cold", None), ("02-16", "Cold", "Cold", "Hot")],
)
def test_before_a_history_that_is_cut_off_nobody_knows_what_a_field_held(
    tmp_path, day, first_changed, never_changed, younger
):
    """L1 and L3 are older than its first row, a change of a lead on no list; L5 was created since."""
    history = HISTORY.replace(
        "L4,created,,,2026-01-05T09:00:00.000Z", "L9,Rating,a,b,2026-02-01T00:00:00.000Z"
    )
    leads = LEADS + "L5,2026-02-15 09:00,Hot,,\n"
    held = as_of(configured(tmp_path, RATING, leads=leads, history=history), day, "Rating")
    assert (held["L1"], held["L3"], held.get("L5")) == (first_changed, never_changed, younger)


@pytest.mark.parametrize("n_buckets", [1, 3])
def test_the_beginning_of_a_history_is_one_for_all_buckets_and_for_a_part_of_the_list(
    tmp_path, monkeypatch, n_buckets
):
    monkeypatch.setattr(buckets, "LEADS_PER_BUCKET", -(-4 // n_buckets))
    history = HISTORY.replace(
        "L4,created,,,2026-01-05T09:00:00.000Z\n", "L1,Rating,a,Cold,2026-02-01T00:00:00.000Z\n"
    )
    for day, held in (("01-31", None), ("02-02", "Cold")):
        config = configured(tmp_path, RATING, history=history)
        assert as_of(config, day, "Rating")["L3"] == held
        listed = LEADS.splitlines()[0] + "\nL3,2026-01-05 09:00,Cold,7,\n"
        part = configured(tmp_path, RATING, leads=listed, history=history)
        with taken_from_files(part, whole=False, now=NOW, outcome=False) as taken:
            rows = dataset.scoring_rows(part, taken, datetime.fromisoformat(f"2026-{day}T00:00:00+00:00"))
        assert rows.frame["Rating"].to_list() == [held]


def test_a_history_that_is_whole_tells_what_fields_held_before_its_first_change(tmp_path):
    history = "\n".join(HISTORY.splitlines()[:-1])
    assert as_of(configured(tmp_path, RATING, history=history), "02-01", "Rating")["L1"] is None
    config = configured(tmp_path, RATING, history=history)
    facts = config.sources["facts"].model_copy(update={"complete_from": datetime(2026, 1, 1, tzinfo=UTC)})
    whole = config.model_copy(update={"sources": {**config.sources, "facts": facts}})
    assert as_of(whole, "02-01", "Rating") == {"L1": "Cold", "L2": None, "L3": "Cold", "L4": None}
    assert not any("warning" in one for one in notes(whole))


def test_since_when_a_history_is_complete_is_said_of_a_history_only(tmp_path):
    with pytest.raises(
        ValueError, match=r"sources\.leads: complete_from is for facts that name their old_value"
    ):
        configured(tmp_path, RATING, complete_from="2026-01-01T00:00:00Z")


@pytest.mark.parametrize("history", [None, HISTORY.replace("Rating", "Status").replace("Budget", "Money")])
def test_a_monitor_counts_each_entry_once(tmp_path, history):
    leads = ENTERED + "L4,2026-01-05 09:00,Hot,2026-03-01 10:00,7,2026-02-01\n"
    config = configured(tmp_path, OWN, leads=leads, history=history)
    with taken_from_files(config, now=NOW, outcome=False) as taken:
        (seen,) = arrivals(config, taken, [datetime(2026, 5, 1, tzinfo=UTC)], 200)
    assert seen["facts of Rating"]["value"].to_list() == ["Hot", "Hot"]
    assert sorted(seen["facts of Budget"]["value"]) == [5, 7, 2000]
