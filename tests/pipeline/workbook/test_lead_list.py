"""The sheets of a graded list: who stands where with whose telephone, what is due, what changed."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from pipeline.config.config import Config, LabelSettings, Source
from pipeline.config.shipped import shipped
from pipeline.errors import ConfigError
from pipeline.schemes.scheme_files import read_scheme
from pipeline.workbook.changes import changes_since
from pipeline.workbook.lead_list import MOST_SHEETS, GradedList, list_sheets
from pipeline.workbook.legend import legend_sheet
from pipeline.workbook.playbooks import next_actions, playbook_for, playbooks_of

AS_OF = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)  # half past midnight of 1 July in Shanghai
VISIT = read_scheme(shipped("schemes") / "visit.yaml")
GRADES = {letter: {"grade_en": f"says {letter}", "grade_zh": f"即{letter}"} for letter in "ABC"}

LEADS = pd.DataFrame(
    {
        "rank": [1, 2, 3, 4],
        "row_number": [4, 1, 3, 2],
        "lead_id": ["L4", "L1", "L3", "L2"],
        "grade": ["A", "B", "B", "C"],
        "model_version": "team/2",
        "p_30d": [0.5, 0.2, 0.2, 0.1],
        "reasons_up_en": ["asks | meets", None, None, None],
        "reasons_up_zh": ["询问 | 约见", None, None, None],
        "reasons_down_en": [None, "silent", None, "old"],
        "reasons_down_zh": [None, "无音讯", None, "陈旧"],
        "scheme_visit": ["A", "B", "D", "ungraded"],
        "days_since_call": [1.0, 2.0, float("nan"), 3.0],
        "flags_en": ["", "stuck\nno decision maker", "", ""],
        "flags_zh": ["", "停滞\n无决策人", "", ""],
    }
)
SHOWN = pd.DataFrame(
    {"phone": ["111", "222", "333", "444"], "owner": ["王", None, "李", "王"], "grade": ["x"] * 4},
    index=pd.Index([1, 2, 3, 4], name="row_number"),
)
LAST = pd.DataFrame(
    {
        "lead_id": ["L4", "L1", "L2"],
        "as_of": "2026-06-23T16:00Z",
        "grade": ["B", "B", "B"],
        "model_version": "team/1",
        "reasons_up_en": ["asks", None, None],
        "reasons_up_zh": ["询问", None, None],
        "reasons_down_en": None,
        "reasons_down_zh": None,
    }
)


def config(**workbook):
    return Config(
        name="team",
        timezone="Asia/Shanghai",
        sources={"leads": Source(path="l.csv")},
        label=LabelSettings(close="first_order"),
        schemes=("visit",),
        workbook={"shown": ("phone", "owner", "grade"), **workbook},
    )


def graded(last=LAST, leads=LEADS, **workbook):
    return GradedList(config(**workbook), leads, SHOWN, GRADES, ("30d",), VISIT, last, AS_OF)


def table(sheet, language):
    """A sheet as it is read."""
    return pd.DataFrame(
        {column.header(language): sheet.frame[column.name].to_list() for column in sheet.columns}
    )


def test_each_lead_has_its_own_telephone_and_the_best_stand_first():
    first, everybody = (table(one, "en") for one in list_sheets(graded(call_first=2), "en"))
    assert everybody["Lead"].to_list() == ["L4", "L1", "L3", "L2"]
    assert everybody["phone"].to_list() == ["444", "111", "333", "222"]
    assert everybody["Grade"].to_list() == ["A", "B", "B", "C"]
    # The file's own column of that name is shown beside ours.
    assert everybody["grade"].to_list() == ["x"] * 4
    pd.testing.assert_frame_equal(first, everybody.head(2))


def test_every_lead_is_on_one_agents_sheet():
    sheets = list_sheets(graded(sheet_per="owner"), "en")
    assert [sheet.name("zh") for sheet in sheets] == ["优先拨打", "李", "王", "未分配", "全部线索"]
    agents = [table(sheet, "en")["Lead"].to_list() for sheet in sheets[1:-1]]
    assert agents == [["L3"], ["L4", "L1"], ["L2"]]


def test_so_many_sheets_that_they_are_no_agents_are_refused():
    many = pd.concat([LEADS] * 100, ignore_index=True).assign(row_number=range(400))
    owners = pd.DataFrame({"phone": [f"{n}" for n in range(400)]}, index=range(400))
    told = GradedList(config(sheet_per="phone"), many, owners, GRADES, ("30d",), VISIT, None, AS_OF)
    with pytest.raises(ConfigError, match=f"sheet_per: phone has 400 values.*at most {MOST_SHEETS}"):
        list_sheets(told, "en")


def test_words_are_in_the_language_and_in_both_chinese_stands_above():
    english, chinese, both = (list_sheets(graded(), written)[0] for written in ("en", "zh", "both"))
    assert english.frame["speaks_for"][0] == "• asks\n• meets"
    assert chinese.frame["speaks_for"][0] == "• 询问\n• 约见"
    assert both.frame["speaks_for"][0] == "• 询问\n• 约见\n• asks\n• meets"
    assert both.frame["flags"].fillna("").to_list() == [
        "",
        "停滞\n无决策人\nstuck\nno decision maker",
        "",
        "",
    ]
    assert chinese.frame["promise"][0] == "即A"
    assert chinese.frame["channel"][0] == "电话"
    assert english.frame["flags"][1] == "stuck\nno decision maker"


def test_the_next_contact_is_due_a_cadence_after_the_last_call():
    told = next_actions(LEADS, VISIT, AS_OF, "Asia/Shanghai", "en")
    # A: 3.5 days after yesterday half past midnight; B: as the seller sees fit; D was never called; who has
    # no label has no playbook.
    assert told["due"].to_list() == [date(2026, 7, 3), None, date(2026, 7, 1), None]
    assert told["action"].to_list()[0] == "Settle the terms; call twice a week"
    assert told["action"].isna().to_list() == [False, False, False, True]


def test_without_calls_or_without_the_scheme_nothing_is_due():
    assert next_actions(LEADS.drop(columns="days_since_call"), VISIT, AS_OF, "UTC", "en")["due"].isna().all()
    assert next_actions(LEADS.drop(columns="scheme_visit"), VISIT, AS_OF, "UTC", "en").isna().all(axis=None)
    sheet = list_sheets(graded(leads=LEADS.drop(columns="scheme_visit")), "en")[0]
    assert not {"action", "due"} & {column.name for column in sheet.columns}


def test_what_changed_is_told_with_what_is_new_among_the_reasons():
    told = changes_since(LEADS, LAST.assign(model_version="team/2"), "en")
    assert told["moved"].to_list() == ["▲ up", None, "newly listed", "▼ down"]
    assert told["changed"].to_list() == ["B → A\nbecause: meets", None, None, "B → C\nbecause: old"]


def test_where_nothing_new_speaks_what_holds_no_longer_is_told_and_another_scorer():
    last = LAST.assign(
        reasons_up_en=["asks | meets", None, "was called"], reasons_down_en=["rude", None, "old"]
    )
    told = changes_since(LEADS, last, "en")["changed"]
    other = "graded by another scorer than the last list"
    assert told[0] == f"B → A\nholds no longer: rude\n{other}"
    assert told[3] == f"B → C\nholds no longer: was called\n{other}"


def test_on_the_first_list_nothing_has_changed():
    assert changes_since(LEADS, None, "zh").isna().all(axis=None)
    assert not {"moved", "changed"} & {column.name for column in list_sheets(graded(None), "zh")[0].columns}


def test_the_playbook_is_the_one_that_is_named_or_one_that_the_data_allow():
    schemes = [read_scheme(shipped("schemes") / f"{name}.yaml") for name in ("dealer", "close_window", "rfm")]
    usual = playbooks_of(config(), schemes)
    assert [one.id for one in usual] == ["close_window", "dealer"]
    assert playbook_for(pd.DataFrame(columns=["scheme_dealer"]), usual).id == "dealer"
    assert playbooks_of(config(playbook="rfm"), schemes) == (schemes[2],)
    with pytest.raises(ConfigError, match=r"workbook\.playbook: 'visit' is not among schemes"):
        playbooks_of(config(playbook="visit"), schemes)


@pytest.mark.parametrize("written", ["en", "zh", "both"])
def test_the_legend_says_what_the_list_is(written):
    lines = dict(legend_sheet(graded(), written).frame.itertuples(index=False))
    said = "\n".join(f"{what} {says}" for what, says in lines.items())
    for word in ("2026-07-01 00:30", "2026-06-24 00:00", "team/2"):
        assert word in said
    assert ("says A (1 leads)" in said) == (written != "zh")
    assert ("即A (1 条线索)" in said) == (written != "en")
    assert ("每 3.5 天一次" in said) == (written != "en")


def test_a_last_list_that_does_not_say_of_when_it_is_is_the_one_that_was_named():
    for last in (LAST.drop(columns="as_of"), LAST.assign(as_of="last week"), LAST.head(0)):
        lines = dict(legend_sheet(graded(last), "en").frame.itertuples(index=False))
        assert lines["Compared with"] == "the list that was named"
