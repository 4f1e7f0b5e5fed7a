"""``score --out list.xlsx``: the salespeople's list of a team, and what it says since the list before."""

import openpyxl
import pandas as pd
import pytest
from support.command import assert_refused, leadgrade

from pipeline.commands import score
from pipeline.output import write_table
from pipeline.workbook import graded_workbook
from pipeline.workbook.kept_lists import read_list

SHOWN = "workbook: {shown: [phone, channel], sheet_per: region, language: en}"


@pytest.fixture
def selling(team):
    """The team, with what its salespeople see and two schemes only."""
    team.configure("schemes: [all]", "schemes: [close_window, readiness]")
    team.configure("", SHOWN)
    return team


def scored(team, name, *options):
    answer = leadgrade("score", team.config_path, "--out", team.path(name), *options)
    assert answer.code == 0, answer.err
    return team.path(name)


def sheet(path, name="All leads"):
    return pd.read_excel(path, sheet_name=name, dtype={"phone": str})


def test_the_list_is_the_plain_one_by_rank_with_each_leads_telephone(selling):
    book = scored(selling, "list.xlsx", "--as-of", "2026-06-01")
    plain = pd.read_parquet(scored(selling, "plain.parquet", "--as-of", "2026-06-01")).sort_values("rank")
    everybody = sheet(book)
    for ours, theirs in (("Rank", "rank"), ("Lead", "lead_id"), ("Grade", "grade")):
        assert everybody[ours].to_list() == plain[theirs].to_list()
    assert everybody["Closes within 30 days"].to_list() == pytest.approx(plain["p_30d"].to_list())
    source = pd.read_csv(selling.path("data/leads.csv"), dtype=str).set_index("lead_id")
    known = source.loc[everybody["Lead"]]
    assert everybody["phone"].to_list() == known["phone"].to_list()
    names = openpyxl.load_workbook(book, read_only=True).sheetnames
    assert (names[0], names[-2:]) == ("Call first", ["All leads", "Legend"])
    agents = pd.concat(sheet(book, name) for name in names[1:-2])
    assert sorted(agents["Lead"]) == sorted(everybody["Lead"])
    assert sheet(book, "Call first")["Rank"].to_list() == list(range(1, 1 + min(200, len(plain))))

    later = sheet(scored(selling, "later.xlsx"))
    then, now = plain.set_index("lead_id")["grade"], later.set_index("Lead")
    rose = [lead for lead in now.index if lead in then and now["Grade"][lead] < then[lead]]
    fell = [lead for lead in now.index if lead in then and now["Grade"][lead] > then[lead]]
    assert rose
    assert fell
    assert list(now.index[now["Moved"] == "▲ up"]) == rose
    assert list(now.index[now["Moved"] == "▼ down"]) == fell
    assert list(now.index[now["Moved"] == "newly listed"]) == [lead for lead in now.index if lead not in then]
    assert now["What changed since the last list"][rose[0]].startswith(f"{then[rose[0]]} → ")
    # Asked again, the list is compared with the one before, not with itself; or with a list that is named.
    assert sheet(scored(selling, "again.xlsx")).equals(later)
    named = scored(selling, "named.xlsx", "--since", selling.path("plain.parquet"), "--language", "zh")
    assert sheet(named, "全部线索")["变动"].fillna("").eq("▲ 升").sum() == len(rose)


def test_a_column_that_is_not_there_is_named_before_any_work(selling):
    selling.configure("shown: [phone, channel]", "shown: [telephone]")
    answer = leadgrade("score", selling.config_path, "--out", selling.path("list.xlsx"))
    assert_refused(answer, 4, "no column 'telephone'", "sources.leads.columns.telephone")


def test_a_lead_list_that_changes_meanwhile_is_refused(selling, monkeypatch):
    stamps = iter([[1], [2]])
    monkeypatch.setattr(graded_workbook, "file_stamps", lambda _: next(stamps))
    answer = leadgrade("score", selling.config_path, "--out", selling.path("list.xlsx"))
    assert_refused(answer, 4, "leads.csv: has changed while it was graded: run the command again")
    assert not selling.path("list.xlsx").exists()
    assert not selling.path("out/lists").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read as the last list"),
        ("lead_id,rank\nL1,1\n", "is no graded list: no column 'grade'"),
        ('a,"b\n', "cannot be read as the last list"),
    ],
)
def test_a_last_list_that_is_none_is_refused_before_any_work(selling, text, words):
    last = selling.path("last.csv")
    if text is not None:
        last.write_text(text, encoding="utf-8")
    answer = leadgrade("score", selling.config_path, "--out", selling.path("list.xlsx"), "--since", last)
    assert_refused(answer, 4, "last.csv", words)


def test_a_last_list_in_csv_has_the_ids_that_were_escaped_in_it(tmp_path):
    listed = pd.DataFrame(
        {"lead_id": ["=1+1", "'quoted", "007"], "rank": [1, 2, 3], "grade": ["A", "B", "C"]}
    )
    write_table(listed, tmp_path / "last.csv")
    assert "'=1+1" in (tmp_path / "last.csv").read_text("utf-8-sig")
    assert read_list(tmp_path / "last.csv")["lead_id"].to_list() == ["=1+1", "'quoted", "007"]


def test_a_last_list_is_for_a_workbook(selling):
    answer = leadgrade("score", selling.config_path, "--out", selling.path("list.csv"), "--since", "x.csv")
    assert_refused(answer, 8, "--since", ".xlsx")
    assert score.WRITES[-1] == "lists"
