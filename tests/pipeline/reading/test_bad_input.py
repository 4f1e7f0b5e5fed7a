"""A hostile user's files and configurations: each ends in one line that says what, where and what to do."""

# ruff: noqa: E501 - tables of cases read best with one case a line

import gzip
import os
import time

import polars as pl
import pytest
from support.command import assert_refused, leadgrade, leadgrade_process, untouched

from pipeline.errors import ConfigError
from pipeline.files import source_file
from pipeline.schemes.scheme_files import read_scheme

FILES = {
    "leads.csv": (
        "lead_id,created_at,customer_id,region,budget\n"
        "L1,2024-05-01 09:00,K1,north,100\nL2,2024-05-02 09:00,K2,south,\nL3,2024-05-03 09:00,,north,7.5\n"
    ),
    "calls.csv": (
        "call_id,lead_id,started_at,duration,status\n"
        "C1,L1,2024-05-04 10:00,60,answered\nC2,L2,2024-05-05 10:00,,busy\nC3,L2,2024-05-06 10:00,5,fax\n"
    ),
    "orders.csv": "order_id,lead_id,ordered_at,amount\nO1,L1,2024-06-10 10:00,99.50\n",
    "stages.csv": "lead_id,entered_at,stage\nL3,2024-05-20 08:00,lost\n",
    "facts.csv": "lead_id,known_at,field,value\nL1,2024-05-05,need,yes\n",
}
CONFIG = """\
name: tiny
timezone: UTC
tolerance: 0.0
sources:
  leads: {path: leads.csv, exported_at: 2024-07-01}
  calls: {path: calls.csv, exported_at: 2024-07-01}
  orders: {path: orders.csv, exported_at: 2024-07-01}
  stages: {path: stages.csv, exported_at: 2024-07-01}
  facts: {path: facts.csv, exported_at: 2024-07-01}
attributes:
  region: {}
  budget: {kind: numeric}
  need: {known: dated}
label: {close: first_order, lost_stages: [lost]}
horizons_days: [10, 20]
grades: {A: {by_days: 20, at_least: 0.3}}
cohort: {at: monthly}
"""
QUARANTINE = "out/quarantine.csv"


@pytest.fixture
def tiny(tmp_path):
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "team.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


def put(folder, name, old, new):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refused_check(folder, code, *words):
    with untouched(folder, QUARANTINE):
        answer = leadgrade("check", folder / "team.yaml")
    return assert_refused(answer, code, *words)


def test_the_tiny_team_is_good(tiny):
    answer = leadgrade("check", tiny / "team.yaml")
    assert (answer.code, answer.errors) == (0, [])
    assert "outcomes are complete until 2024-07-01" in answer.out


# Files that are no tables ---------------------------------------------------------------------------------


def test_a_missing_file(tiny):
    (tiny / "calls.csv").unlink()
    refused_check(tiny, 4, "calls.csv: there is no such file", "check the source's path")


@pytest.mark.parametrize("name", ["leads.csv", "calls.csv", "orders.csv"])
@pytest.mark.parametrize("text", ["", "\n \n"])
def test_an_empty_file(tiny, name, text):
    (tiny / name).write_text(text)
    refused_check(tiny, 4, f"{name}: is empty", "export it again")


@pytest.mark.parametrize("name", ["leads.csv", "calls.csv", "orders.csv"])
def test_a_header_without_rows(tiny, name):
    (tiny / name).write_text(FILES[name].splitlines(keepends=True)[0])
    refused_check(tiny, 4, f"{name}: has a header but no rows", "export it again")


def test_a_wrong_delimiter(tiny):
    put(tiny, "team.yaml", "{path: calls.csv,", "{path: calls.csv, delimiter: ';',")
    refused_check(tiny, 4, "calls.csv", "separated by comma, not by ';'", "set delimiter: ',' or auto")


def test_an_unheard_of_delimiter(tiny):
    put(tiny, "calls.csv", ",", "^")
    refused_check(tiny, 4, "calls.csv: no columns 'lead_id', 'started_at' (found: call_id^lead_id")


def test_mixed_encodings(tiny):
    body = FILES["leads.csv"].replace("north", "北京").encode() + "L4,2024-05-03,,上海,\n".encode("gb18030")
    (tiny / "leads.csv").write_bytes(body)
    refused_check(tiny, 4, "leads.csv: mixes encodings", "line 2", "line 5", "save it again as UTF-8")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xff\xfel\x00e\x00a\x00d\x00", "has a header but no rows"),
        (b"PK\x03\x04 a workbook", "not a text file"),
        (b"\x00\x01\x02 binary", "not a text file"),
    ],
)
def test_files_that_are_no_text(tiny, content, what):
    (tiny / "leads.csv").write_bytes(content)
    refused_check(tiny, 4, "leads.csv", what)


def test_a_gzip_file_that_was_cut_off(tiny):
    (tiny / "calls.csv.gz").write_bytes(gzip.compress(FILES["calls.csv"].encode())[:-9])
    put(tiny, "team.yaml", "path: calls.csv", "path: calls.csv.gz")
    refused_check(tiny, 4, "calls.csv.gz: is not a whole gzip file")


@pytest.mark.parametrize("name", ["calls.parquet", "calls.xlsx", "calls.doc", "calls"])
def test_files_of_another_kind_than_their_ending_says(tiny, name):
    (tiny / name).write_text(FILES["calls.csv"])
    put(tiny, "team.yaml", "path: calls.csv", f"path: {name}")
    refused_check(tiny, 4, name)


def test_a_damaged_parquet_file_at_which_its_reader_panics(tiny, monkeypatch):
    """Which bytes it panics at changes with its versions."""

    def panics(*_args, **_options):
        raise pl.exceptions.PanicException("index out of bounds")

    monkeypatch.setattr(source_file, "_scan", panics)
    (tiny / "calls.parquet").write_bytes(b"PAR1")
    put(tiny, "team.yaml", "path: calls.csv", "path: calls.parquet")
    refused_check(tiny, 4, "calls.parquet: cannot be read (index out of bounds)", "is it broken")


def test_a_folder_in_place_of_a_file(tiny):
    (tiny / "calls.csv").unlink()
    (tiny / "calls.csv").mkdir()
    refused_check(tiny, 4, "calls.csv: is a folder")


# Columns --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("leads.csv", "lead_id"),
        ("leads.csv", "created_at"),
        ("leads.csv", "region"),
        ("calls.csv", "started_at"),
        ("orders.csv", "ordered_at"),
        ("stages.csv", "stage"),
        ("facts.csv", "field"),
    ],
)
def test_a_renamed_column(tiny, name, column):
    put(tiny, name, column, "renamed")
    source = name.removesuffix(".csv")
    refused_check(
        tiny,
        4,
        f"{name}: no column '{column}'",
        "found: ",
        "renamed",
        f"set sources.{source}.columns.{column}",
    )


def test_all_columns_that_are_missing_are_told_at_once(tiny):
    put(tiny, "stages.csv", "entered_at,stage", "moved,into")
    refused_check(
        tiny,
        4,
        "stages.csv: no columns 'entered_at', 'stage' (found: lead_id, moved, into)",
        "set sources.stages.columns.entered_at and sources.stages.columns.stage",
    )


def test_all_column_names_that_are_none_are_told_before_a_file_is_opened(tiny):
    put(tiny, "team.yaml", "path: calls.csv,", "path: nowhere.csv, columns: {started: a, state: b},")
    put(tiny, "team.yaml", "path: stages.csv,", "path: stages.csv, columns: {stagge: c},")
    refused_check(
        tiny,
        3,
        "3 mistakes: (1) sources.calls.columns.started: unknown column; did you mean 'started_at'?",
        "(2) sources.calls.columns.state: unknown column",
        "(3) sources.stages.columns.stagge: unknown column; did you mean 'stage'?",
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (
            "{status: {ok: answerd}}",
            "sources.calls.values.status.ok: status is never 'answerd'; did you mean 'answered'?",
        ),
        ("{status: {ok: 'yes'}}", "known: answered, switchboard"),
        (
            "{direction: {in: inbound, out: out}}",
            "sources.calls.values.direction.out: direction is never 'out'",
        ),
    ],
)
def test_words_that_a_column_never_holds(tiny, values, told):
    put(tiny, "team.yaml", "path: calls.csv,", f"path: calls.csv, values: {values},")
    refused_check(tiny, 3, told)


def test_orders_that_name_no_lead_cannot_close_any(tiny):
    put(tiny, "orders.csv", "lead_id", "customer_id")
    put(tiny, "orders.csv", "L1", "K1")
    refused_check(tiny, 3, "label", "first_order", "lead_id")


def test_a_column_that_is_there_twice(tiny):
    put(tiny, "calls.csv", "duration", "status")
    refused_check(tiny, 4, "calls.csv: the header has the column 'status' twice")


def test_a_column_that_the_configuration_makes_up(tiny):
    put(tiny, "team.yaml", "{path: calls.csv,", "{path: calls.csv, columns: {started: at},")
    refused_check(tiny, 3, "sources.calls.columns.started: unknown column", "started_at")


def test_facts_without_values_are_facts_all_the_same(tiny):
    """That one was entered is known; the table's contract lets the column be absent."""
    put(tiny, "facts.csv", ",value", "")
    put(tiny, "facts.csv", ",yes", "")
    put(tiny, "team.yaml", "  need: {known: dated}\n", "")
    answer = leadgrade("check", tiny / "team.yaml")
    assert (answer.code, answer.errors) == (0, [])
    assert next(line.split() for line in answer.out.splitlines() if line.startswith("facts  "))[1:3] == [
        "1",
        "1",
    ]


# Rows -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("calls.csv", "C2,L2,2024-05-05", "C1,L2,2024-05-05", ["row 1", "column call_id", "conflicts with row 2"]),
        ("leads.csv", "L2,", "L1,", ["row 1", "column lead_id", "conflicts with row 2"]),
        ("orders.csv", "O1,L1", "O1,L9", ["row 1", "column lead_id", "L9", "unknown"]),
        ("calls.csv", ",60,", ",-60,", ["row 1", "column duration", "-60", "at least 0 ms"]),
        ("calls.csv", ",60,", ",999999,", ["row 1", "column duration", "at most 86400000 ms"]),
        ("calls.csv", ",60,", ",sixty,", ["row 1", "column duration", "sixty", "not a duration", "duration_unit"]),
        ("calls.csv", "2024-05-05 10:00", "05-May-24", ["row 2", "column started_at", "05-May-24", "time_formats"]),
        ("calls.csv", "2024-05-05", "2024-02-30", ["row 2", "column started_at", "2024-02-30", "time_formats"]),
        ("calls.csv", "2024-05-05", "2024-07-05", ["row 2", "column started_at", "after the export"]),
        ("calls.csv", "2024-05-05", "2099-01-01", ["row 2", "column started_at", "after the export"]),
        ("calls.csv", "2024-05-05", "1989-12-31", ["row 2", "column started_at", "before 1990"]),
        ("calls.csv", "2024-05-05", "0001-01-01", ["row 2", "column started_at"]),
        ("leads.csv", "2024-05-02 09:00", "", ["row 2", "column created_at", "is missing"]),
        ("leads.csv", "L2,", ",", ["row 2", "column lead_id", "is missing"]),
        ("calls.csv", "busy", "enchanted", ["row 2", "column status", "enchanted", "sources.calls.values.status"]),
        ("leads.csv", ",100", ",a hundred", ["row 1", "column budget", "a hundred", "not a number"]),
        ("orders.csv", "99.50", "-99999999999999999", ["row 1", "column amount"]),
        ("calls.csv", ",60,answered", ",60,answered,more", ["row 1", "6 cells", "the header has 5"]),
        ("calls.csv", "C2,L2,2024-05-05 10:00,,busy", "C2,L2", ["row 2", "2 cells", "the header has 5"]),
    ],
)  # fmt: skip
def test_a_bad_row(tiny, name, old, new, words):
    put(tiny, name, old, new)
    source = name.removesuffix(".csv")
    line = refused_check(
        tiny, 5, name, "more than the tolerance of 0.0%", *words, QUARANTINE, f"sources.{source}.tolerance"
    )
    assert "\n" not in line
    assert (tiny / QUARANTINE).read_text().count("\n") > 1


def test_a_future_time_where_the_export_is_not_told(tiny):
    put(
        tiny, "team.yaml", "  calls: {path: calls.csv, exported_at: 2024-07-01}", "  calls: {path: calls.csv}"
    )
    put(tiny, "calls.csv", "2024-05-05", "2999-05-05")
    refused_check(tiny, 5, "row 2", "column started_at", "in the future")


def test_a_quote_that_never_ends(tiny):
    put(tiny, "calls.csv", "C2,L2", '"C2,L2')
    refused_check(tiny, 4, "calls.csv: row 2", "quote", "never closed")


def test_an_identical_duplicate_is_counted_and_no_fault(tiny):
    with (tiny / "calls.csv").open("a") as file:
        file.write("C3,L2,2024-05-06 10:00,5,fax\n")
    answer = leadgrade("check", tiny / "team.yaml")
    assert answer.code == 0
    counts = next(line.split() for line in answer.out.splitlines() if line.startswith("calls  "))
    assert counts == ["calls", "4", "3", "0", "1", "1", "0"]


def test_phone_numbers_are_masked_in_messages_and_in_the_quarantine(tiny):
    put(tiny, "orders.csv", "O1,L1", "O1,13800138021")
    line = refused_check(tiny, 5, "138******21")
    assert "13800138021" not in line + (tiny / QUARANTINE).read_text()


def test_phone_numbers_of_leads_that_are_not_listed_are_masked_too(tiny):
    put(tiny, "calls.csv", "C2,L2", "C2,13800138021")
    answer = leadgrade("check", tiny / "team.yaml")
    assert (answer.code, "of leads not listed" in answer.out) == (0, True)
    kept = (tiny / QUARANTINE).read_text()
    assert "138******21" in kept
    assert "13800138021" not in answer.out + answer.err + kept


# Configurations -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("horizons_days:", "horizon_days:", ["horizon_days: unknown key", "did you mean 'horizons_days'"]),
        ("tolerance: 0.0", "tolerance: lots", ["tolerance: must be a number", "lots"]),
        ("[10, 20]", "ten", ["horizons_days: must be a list"]),
        ("[10, 20]", "[20, 10]", ["horizons_days must increase"]),
        ("[10, 20]", "[]", ["horizons_days"]),
        ("{path: calls.csv,", "{path: 7,", ["sources.calls.path: must be text", "quotes"]),
        ("timezone: UTC", "timezone: Mars/Base", ["timezone", "Mars/Base", "Asia/Shanghai"]),
        *(
            ("timezone: UTC", f"timezone: {zone}", ["timezone: unknown time zone", "Asia/Shanghai"])
            for zone in ("localtime", "posix/UTC", "right/UTC", "Factory", "posixrules", "''", "/etc/localtime", "../x", "utc")
        ),
        ("{path: calls.csv,", "{path: calls.csv, timezone: localtime,", ["sources.calls.timezone: unknown"]),
        *(
            ("{path: calls.csv,", f"{{path: calls.csv, time_formats: ['{fmt}'],", ["calls.time_formats", why, advice])
            for fmt, why, advice in (
                *(
                    (fmt, why, "'%d/%m/%Y %H:%M'")
                    for fmt, why in (
                        ("%Y-%m-%d %I:%M", "meridiem"), ("%Y-%m-%d %H", "hour and minute"), ("%Y-%m-%d %S", "seconds"),
                        ("%Y-%m-%d %H:%M:%S.%f", "%f"), ("%Q", "cannot"), ("%", "cannot"), ("%H:%M", "reads no date"),
                        ("%d/%m", "reads no date"), ("", "reads no date"), ("some day", "reads no date"),
                    )
                ),
                ("%Y年%m月%d日 下午%I:%M", "meridiem", "understood without a format"),
                ("yyyy-MM-dd HH:mm", "reads no date", "write it as '%Y-%m-%d %H:%M'"),
                ("dd/MM/yyyy hh:mm a", "reads no date", "write it as '%d/%m/%Y %I:%M %p'"),
                ("M/d/yyyy h:mm:ss tt", "reads no date", "write it as '%m/%d/%Y %I:%M:%S %p'"),
                ("YYYY-MM-DD", "reads no date", "write it as '%Y-%m-%d'"),
                ("yyyy/mm/dd hh:mm", "reads no date", "write it as '%Y/%m/%d %H:%M'"),
                ("%Y-%m-%d %H:%M %Z", "names of zones tell no offset", "use %z"),
            )
        ),
        ("{path: calls.csv,", "{path: calls.csv, delimiter: '，',", ["calls.delimiter", "one ASCII character"]),
        ("name: tiny", 'name: "\\uD800"', ["cannot be read"]),
        ("exported_at: 2024-07-01", "exported_at: soon", ["exported_at", "not a date or time", "2024-01-31"]),
        ("name: tiny", "name: [", ["line"]),
        ("name: tiny", "name: tiny\nname: twice", ["line 2", "second time"]),
        ("name: tiny", "- name", ["line"]),
        ("{A: {by_days: 20, at_least: 0.3}}", "{}", ["grades"]),
        ("{A: {by_days: 20,", "{Z: {by_days: 20,", ["grades must be A in this order"]),
        ("{A: {by_days: 20,", "{A: {by_days: 30,", ["grades", "30"]),
        ("{at: monthly}", "{at: stage_entry}", ["cohort", "at: stage_entry needs stages"]),
        ("{at: monthly}", "{at: weekly}", ["cohort.at: unknown value", "monthly"]),
        ("{at: monthly}", "{at: column, column: region}", ["region", "word", "instant"]),
        ("{at: monthly}", "{at: column, column: lead_id}", ["lead_id", "word", "instant"]),
        ("{close: first_order,", "{close: won_stage,", ["label", "won_stage needs won_stages"]),
        ("{close: first_order,", "{close: outcome, column: y,", ["closes without a date have one horizon"]),
        ("{close: first_order,", "{close: outcome, column: region,", ["region", "outcome"]),
        ("  region: {}", "  calls_30d: {}", ["calls_30d"]),
        ("  region: {}", "  need: {}", ["second time"]),
        ("  region: {}", "  customer_id: {}", ["attributes.customer_id", "every lead has that column"]),
        ("  region: {}", '  "": {}', ["attributes"]),
        ("name: tiny", 'name: "a\\0b"', ["NUL"]),
        ("name: tiny", "name: tiny\nschemes: [nope]", ["no scheme is called 'nope'"]),
        ("name: tiny", "name: tiny\nschemes: [nope.yaml]", ["nope.yaml: there is no such file"]),
        ("name: tiny", "name: tiny\nschemes: [team.yaml]", ["team.yaml"]),
        ("name: tiny", "name: tiny\nmodel: {seed: -1}", ["model.seed", "-1"]),
        ("name: tiny", "name: tiny\nmodel: {seed: 99999999999}", ["model.seed"]),
        ("name: tiny", "name: tiny\nsplit: {gap_rows: 5}", ["split.gap_rows is for flat lists"]),
        ("name: tiny", "name: tiny\nsplit: {test_from: 2024-06-01}", ["split", "both"]),
        ("name: tiny", "name: tiny\nflat: true", ["flat"]),
        ("  leads: {path: leads.csv, exported_at: 2024-07-01}\n", "", ["sources needs leads"]),
        ("  orders: {path: orders.csv, exported_at: 2024-07-01}\n", "", ["close: first_order needs sources.orders"]),
        ("  stages: {path: stages.csv, exported_at: 2024-07-01}\n", "", ["label.lost_stages needs sources.stages"]),
        ("{close: first_order,", "{close: first_order, observed_until: 2999-01-01,", ["observed_until", "export"]),
    ],
)  # fmt: skip
def test_a_bad_configuration(tiny, old, new, words):
    put(tiny, "leads.csv", "region", "calls_30d" if "calls_30d" in new else "region")
    put(tiny, "team.yaml", old, new)
    words = words if "schemes: [nope" in new else ["team.yaml", *words]
    refused_check(tiny, 3, *words)


@pytest.mark.parametrize("year", ["0001-01-01", "9999-12-31 23:59"])
def test_times_at_the_ends_of_the_calendar(tiny, year):
    zone = "Asia/Shanghai" if year < "5" else "America/New_York"
    put(tiny, "team.yaml", "timezone: UTC", f"timezone: {zone}")
    put(tiny, "team.yaml", "leads.csv, exported_at: 2024-07-01", f"leads.csv, exported_at: {year}")
    refused_check(tiny, 3, "sources.leads.exported_at", "not a date or time")


@pytest.mark.parametrize(
    ("source", "old", "new", "words"),
    [
        (
            "stages",
            "cohort: {at: monthly}",
            "cohort: {at: stage_entry, stages: [new]}",
            "cohort.at: stage_entry",
        ),
        ("calls", "cohort: {at: monthly}", "cohort: {at: monthly, min_calls: 1}", "cohort.min_calls"),
        ("stages", "{close: first_order,", "{close: won_stage, won_stages: [won],", "label.close: won_stage"),
    ],
)
@pytest.mark.parametrize("verb", ["check", "train"])
def test_a_choice_without_its_source(tiny, verb, source, old, new, words):
    put(tiny, "team.yaml", f"  {source}: {{path: {source}.csv, exported_at: 2024-07-01}}\n", "")
    put(tiny, "team.yaml", ", lost_stages: [lost]", "")
    put(tiny, "team.yaml", old.replace("order,", "order"), new.removesuffix(","))
    with untouched(tiny):
        answer = leadgrade(verb, tiny / "team.yaml")
    assert_refused(answer, 3, "team.yaml", f"{words} needs sources.{source}")


@pytest.mark.parametrize(
    "name",
    [
        *(
            "as_of",
            "owner_id",
            "known_at",
            "row_number",
            "local_hour",
            "closed_at",
            *("closed", "lost", "lost_at", "worked_days"),
            "period",
            "seen",
            "__bucket",
        ),
        *(
            "closed_30d",
            "window_10d",
            "fit_window_10d",
            "fit_closed_10d",
            "manual_grade",
            "manual_grade_hindsight",
        ),
        *("rank", "grade", "grade_en", "score", "p_10d", "rfm_r", "scheme_rfm"),
    ],
)
@pytest.mark.parametrize("known", ["at_creation", "snapshot"])
def test_an_attribute_may_not_have_a_name_that_the_program_writes(tiny, name, known):
    """Else a label written over an attribute would be learned from, or a result shown for another."""
    put(tiny, "leads.csv", "region", name)
    put(tiny, "team.yaml", "region: {}", f"{name}: {{known: {known}}}")
    refused_check(tiny, 3, f"attributes.{name}: the program keeps that name", f"crm_{name}")


@pytest.mark.parametrize("name", ["calls_30d", "days_since_call", "stage", "orders_total"])
def test_an_attribute_may_not_be_called_like_a_feature(tiny, name):
    put(tiny, "leads.csv", "region", name)
    put(tiny, "team.yaml", "region: {}", f"{name}: {{}}")
    refused_check(tiny, 3, "attributes", f"two features are named '{name}'", "rename the attribute")


def test_a_missing_configuration(tmp_path):
    for path, words in ((tmp_path / "no.yaml", "there is no such file"), (tmp_path, "cannot be read")):
        for verb in ("check", "train", "compare", "features"):
            assert_refused(leadgrade(verb, path), 3, str(path), words)
        assert_refused(leadgrade("schemes", "--config", path), 3, str(path), words)
        assert_refused(leadgrade("score", path, "--out", tmp_path / "g.csv"), 3, str(path), words)


def test_a_data_folder_that_is_not_there(tiny, monkeypatch):
    monkeypatch.setenv("LEADGRADE_DATA", str(tiny / "nowhere"))
    refused_check(tiny, 4, "nowhere/leads.csv: there is no such file", "data_dir")


@pytest.mark.parametrize("blocked", ["team.yaml", "team.yaml/out"])
def test_an_output_folder_that_cannot_be(tiny, blocked):
    put(tiny, "team.yaml", "name: tiny", f"name: tiny\noutput_dir: {blocked}")
    refused_check(tiny, 8, "quarantine.csv: cannot be written", "set output_dir")


@pytest.mark.skipif(os.name != "posix", reason="names of bytes are a POSIX matter")
def test_a_name_with_a_line_break_stays_in_one_line(tiny):
    put(tiny, "team.yaml", "path: calls.csv", 'path: "no\\nsuch.csv"')
    refused_check(tiny, 4, "no such.csv")


def test_nothing_of_this_depends_on_the_process_it_runs_in(tiny):
    put(tiny, "calls.csv", ",60,", ",-60,")
    with untouched(tiny, QUARANTINE):
        answer = leadgrade_process("check", tiny / "team.yaml")
    assert_refused(answer, 5, "calls.csv", "row 1", "column duration")


OWN = """\
id: ours
name: {en: ours, zh: 我们的}
scope: {en: all, zh: 全部}
use: grade
ordered: true
labels:
  A: &label
    name: {en: good, zh: 好}
    playbook: {action: {en: call, zh: 致电}, cadence_days: 7, channel: phone}
  B: *label
parameters: {many: 3}
rules:
  - {label: A, when: calls_total >= :many}
  - {label: B, when: calls_total < :many}
"""


@pytest.fixture
def own(tiny):
    (tiny / "own.yaml").write_text(OWN, encoding="utf-8")
    put(tiny, "team.yaml", "name: tiny", "name: tiny\nschemes: [own.yaml, close_window]")
    return tiny


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("calls_total <", "calls_totl <", ["rule 2", "unknown column 'calls_totl'", "did you mean calls_total"]),
        ("calls_total <", "colour <", ["rule 2", "unknown column 'colour'", "declare it under attributes"]),
        ("calls_total <", "sha(calls_total) <", ["rule 2", "function SHA"]),
        ("calls_total <", "region <", ["rule 2", "mixes a number and a text"]),
        ("calls_total < :many", "region", ["rule 2", "needs true or false, but region is a text"]),
        ("calls_total < :many", "calls_total > :many", ["rule 2", "can never win"]),
        ("calls_total < :many", "calls_total >= :many", ["rule 2", "can never win: it repeats"]),
        ("calls_total < :many", "calls_total < :mny", ["rule 2", "unknown parameter :mny; did you mean many"]),
        ("many: 3}", "many: x}", ["rule 1", "mixes a number and a text"]),
        ("{label: B, when: calls_total < :many}", "7", ["rule 2: must be a mapping"]),
        ("{label: B,", "{label: C,", ["rule 2", "unknown label 'C'"]),
        ("when: calls_total <", "wen: calls_total <", ["rule 2: when: is missing", "rule 2: wen: unknown key; did you mean 'when'?"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["check", "train"])
def test_a_scheme_that_does_not_fit_is_told_with_file_and_rule(own, verb, old, new, words):
    put(own, "own.yaml", old, new)
    put(own, "team.yaml", "path: leads.csv", "path: never_read.csv")
    assert_refused(leadgrade(verb, own / "team.yaml"), 3, str(own / "own.yaml"), *words)


def test_a_scheme_for_what_this_team_does_not_keep_is_no_mistake(own):
    put(own, "own.yaml", "calls_total <", "days_until_expected_close_date > 9 OR calls_total <")
    put(own, "team.yaml", "path: leads.csv", "path: never_read.csv")
    assert_refused(leadgrade("check", own / "team.yaml"), 4, "never_read.csv: there is no such file")


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGED = "x0: &x0 {k0: 1}\n" + "".join(
    f"x{i}: &x{i} {{<<: [*x{i - 1}, *x{i - 1}], k{i}: 1}}\n" for i in range(1, 25)
)


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        (LAUGHS, "aliases"),
        (MERGED, "aliases"),
        ("a: &a [*a]\n", "recursive"),
        ("a: &a {b: *a}\n", "recursive"),
        ("a: " + "[" * 50_000, "nested too deeply"),
        ("a: " + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("a: " + "{a: " * 3_000, "nested too deeply"),
        ("a: " + "- " * 3_000, "line 1"),
        ("a:\n" + "".join(" " * i + "a:\n" for i in range(1, 400)), "nested too deeply"),
        ("a: !!python/object/apply:os.system [id]\n", "could not determine a constructor"),
        ("a: 0x" + "f" * 5_000, "a value cannot be read"),
        ("a: " + "9" * 5_000, "a value cannot be read"),
        ("a: '" + "(" * 1_000_000 + "'", "larger than 100,000 bytes"),
        ("# nothing\n" * 10_000_000, "larger than 100,000 bytes"),
        ("名: é".encode("gb18030", "replace"), "not UTF-8"),
        (bytes(range(256)), "not UTF-8"),
        ("a: n\0ed", "special characters"),
        ("a: !!bool maybe", "cannot be read as !!bool"),
        ("a: !!int x", "cannot be read as !!int"),
        ("a: !!int ''", "cannot be read as !!int"),
        ("a: !!float x", "cannot be read as !!float"),
        ("a: !!int [1]", "expected a scalar"),
        ("a: !!map x", "cannot be read as !!map"),
        ("a: !!timestamp x", "could not determine a constructor"),
        ("a: !!timestamp 2024-13-45", "could not determine a constructor"),
        ("a: !!binary '***'", "could not determine a constructor"),
        ("a: !!set [a]", "could not determine a constructor"),
        ("a: !!set {a, b}", "could not determine a constructor"),
        ('a: "\\UFFFFFFFF"', "cannot be read"),
        ('a: "\\uD800"', "cannot be read"),
        ("? [a]\n: b", "a key must be text"),
        ("a:\n\tb: c", "tabs"),
        ("a: " + "1:" * 40_000 + "1", "cannot be read as !!int"),
        ("a: " + "!" * 90_000, "line 1"),
    ],
    ids=range(34),
)
def test_a_hostile_scheme_file_is_refused_at_once(tmp_path, hostile, said):
    path = tmp_path / "own.yaml"
    path.write_bytes(hostile if isinstance(hostile, bytes) else hostile.encode())
    began = time.process_time()
    with pytest.raises(ConfigError, match=said) as error:
        read_scheme(path)
    assert time.process_time() - began < 1.0
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500
