"""``score --dialect``: the list that a CRM imports, and what init makes of it when it comes back."""

import csv
import io

import pandas as pd
import pytest
from support.command import leadgrade

from pipeline.config.config import read_config
from pipeline.crm.import_file import import_rows, scores_path
from pipeline.reading.ingest import read_source
from pipeline.recognition.dialects import dialects

CRMS = [name for name, one in dialects().items() if one.imported]
FORM = dialects()["salesforce"].imported


@pytest.fixture(scope="module")
def written(trained_once, tmp_path_factory):
    """A team whose list is written for every CRM, and as it is."""
    made = trained_once.copy_to(tmp_path_factory.mktemp("crm") / "team")
    made.configure("schemes: [all]", "schemes: [close_window]")
    lists = {}
    for name in [*CRMS, None]:
        out = made.path(f"{name or 'plain'}.csv")
        answer = leadgrade("score", made.config_path, "--out", out, *(["--dialect", name] if name else []))
        assert answer.code == 0, answer.err
        lists[name] = out
    return made, lists


def _cells(path, name):
    form = dialects()[name].imported
    text = path.read_bytes().decode(form.encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""))), form


@pytest.mark.parametrize("name", CRMS)
def test_a_crm_gets_its_own_words_and_the_lists_leads_and_grades(written, name):
    _, lists = written
    rows, form = _cells(lists[name], name)
    plain = pd.read_csv(lists[None], dtype=str)
    assert list(rows[0]) == list(form.columns.values())
    assert [row[form.columns["lead_id"]] for row in rows] == plain["lead_id"].to_list()
    assert [row[form.columns["grade"]] for row in rows] == plain["grade"].to_list()
    chances = [float(row[form.columns["chance"]]) for row in rows]
    assert chances == pytest.approx((100 * plain["p_180d"].astype(float)).to_list(), abs=0.0501)
    reasons = plain[f"reasons_up_{form.language}"].fillna("").str.removeprefix("'").to_list()
    assert [row[form.columns["reason"]] for row in rows] == reasons
    assert {row[form.columns["as_of"]] for row in rows} == {pd.Timestamp("2026-07-01").strftime(form.date)}
    assert any(row[form.columns["next_action"]] for row in rows)


@pytest.mark.parametrize("name", CRMS)
def test_what_was_written_comes_back_with_the_same_ids_and_grades(written, name):
    made, lists = written
    config = made.path(f"{name}.yaml")
    files = (made.path("data/leads.csv"), made.path("data/orders.csv"), lists[name])
    answer = leadgrade("init", *files, "--out", config)
    assert answer.code == 0, answer.err
    back = read_source(read_config(config), "manual_grades")
    assert back.bad_cells.is_empty()
    plain = pd.read_csv(lists[None], dtype=str)
    assert back.frame["lead_id"].to_list() == plain["lead_id"].to_list()
    assert back.frame["grade"].to_list() == plain["grade"].to_list()
    days = back.frame["graded_at"].dt.convert_time_zone("Asia/Shanghai").dt.strftime("%F")
    assert days.unique().to_list() == ["2026-07-01"]


def test_dynamics_gets_its_table_of_scores(written):
    _, lists = written
    scores = pd.read_csv(scores_path(lists["dynamics"]), dtype=str)
    plain = pd.read_csv(lists[None], dtype=str)
    assert scores.columns.to_list() == [
        *("msdyn_entityid", "msdyn_entitytype", "msdyn_score", "msdyn_grade", "msdyn_scoretrend")
    ]
    assert scores["msdyn_entityid"].to_list() == plain["lead_id"].to_list()
    assert set(scores["msdyn_entitytype"]) == {"lead"}
    numbers = dict(zip("ABCDE", "01233", strict=True))
    assert scores["msdyn_grade"].to_list() == plain["grade"].map(numbers).to_list()
    assert scores["msdyn_score"].astype(int).between(0, 100).all()


def test_ids_and_numbers_get_no_mark_whatever_they_begin_with():
    ids = ["+8613800138000", "-7", "=1", "@x", "007", "1.50"]
    leads = pd.DataFrame({"lead_id": ids, "grade": list("ABCDEA"), "p_30d": [0.5] * 6})
    rows = import_rows(leads, FORM, "30d", pd.Timestamp("2026-06-30T17:00Z"), "Asia/Shanghai")
    assert rows["Id"].to_list() == ids
    assert rows.columns.to_list() == ["Id", "Lead_Grade__c", "Close_Chance__c", "Graded_On__c"]
    assert set(rows["Graded_On__c"]) == {"2026-07-01"}


@pytest.mark.parametrize(
    ("options", "out", "told"),
    [
        (["--dialect", "abacus"], "a.csv", "no such dialect of a CRM; use one of dynamics, fxiaoke"),
        (["--dialect", "twilio"], "a.csv", "no such dialect"),
        (["--dialect", "zoho"], "a.xlsx", "imports .csv"),
        (
            ["--dialect", "zoho", "--pseudonymise", "key.txt"],
            "a.csv",
            "leave out --dialect or --pseudonymise",
        ),
    ],
)
def test_what_no_crm_takes_is_refused_before_any_work(trained_once, tmp_path, options, out, told):
    (tmp_path / "key.txt").write_text("0f" * 32)
    options = [str(tmp_path / one) if one == "key.txt" else one for one in options]
    answer = leadgrade("score", trained_once.config_path, "--out", tmp_path / out, *options)
    assert answer.code in (3, 8)
    assert told in answer.err
    assert not (tmp_path / out).exists()
