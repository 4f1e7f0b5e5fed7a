"""Who is a lead to be graded, and when."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from support.tables_as_text import INSTANT, NAME, canonical, instant, parse

from features import cohort
from features.staging.staging import stage_tables

THREE_LEADS = """
lead_id | created_at       | customer_id
L1      | 2024-01-31 23:30 | K1
L2      | 2024-02-01       |
L3      | 2024-02-15       |
"""
UNTIL = instant("2024-04-10")


def leads(text=THREE_LEADS, **types):
    return stage_tables({"leads": canonical("leads", text, **types)})["leads"]


def check(spine, text):
    """Compare the leads and instants of a cohort with drawn ones."""
    assert spine.columns == ["lead_id", "owner_id", "as_of"]
    drawn = parse(text, {"lead_id": NAME, "as_of": INSTANT})
    assert spine.select("lead_id", "as_of").rows() == drawn.select("lead_id", "as_of").rows()


def test_monthly_is_every_existing_lead_at_each_first_of_the_month():
    spine = cohort.monthly(leads(), UNTIL, "UTC")
    check(
        spine,
        """
        as_of      | lead_id
        2024-02-01 | L1
        2024-02-01 | L2
        2024-03-01 | L1
        2024-03-01 | L2
        2024-03-01 | L3
        2024-04-01 | L1
        2024-04-01 | L2
        2024-04-01 | L3
        """,
    )
    assert set(spine["owner_id"]) == {"customer:K1", "lead:L2", "lead:L3"}


def test_the_last_month_start_may_be_the_very_end_of_observation():
    assert cohort.monthly(leads(), instant("2024-03-01"), "UTC")["as_of"].max() == instant("2024-03-01")
    before = instant("2024-02-29 23:59:59.999999")
    assert cohort.monthly(leads(), before, "UTC")["as_of"].max() == instant("2024-02-01")


def test_a_lead_leaves_a_monthly_cohort_once_it_is_too_old():
    """29 February is 29 days after 31 January; the age counts in days of 24 hours to the instant."""
    check(
        cohort.monthly(leads(), UNTIL, "UTC", max_age_days=29),
        """
        as_of      | lead_id
        2024-02-01 | L1
        2024-02-01 | L2
        2024-03-01 | L2
        2024-03-01 | L3
        """,
    )


def test_the_young_among_all_leads_are_the_monthly_cohort_of_that_age():
    everyone, young = (cohort.monthly(leads(), UNTIL, "UTC", age) for age in (None, 29))
    assert cohort.young_leads(everyone, leads(), 29).equals(young)


@pytest.mark.parametrize(
    ("timezone", "starts"),
    [
        ("Europe/Amsterdam", ["2024-02-29 23:00", "2024-03-31 22:00", "2024-04-30 22:00"]),
        ("Asia/Kolkata", ["2024-02-29 18:30", "2024-03-31 18:30", "2024-04-30 18:30"]),
        ("Australia/Lord_Howe", ["2024-02-29 13:00", "2024-03-31 13:00", "2024-04-30 13:30"]),
    ],
)
def test_months_start_at_the_teams_own_midnight_in_summer_and_in_winter(timezone, starts):
    spine = cohort.monthly(leads("lead_id | created_at\nL1 | 2024-02-10"), instant("2024-05-10"), timezone)
    assert spine["as_of"].to_list() == [instant(start) for start in starts]
    local = [as_of.astimezone(ZoneInfo(timezone)) for as_of in spine["as_of"]]
    assert {(at.day, at.hour, at.minute) for at in local} == {(1, 0, 0)}


@pytest.mark.parametrize("created", ["2017-09-10", "2017-10-03"])
def test_a_midnight_that_the_clocks_skip_moves_no_other_month(created):
    """In Asuncion 1 October 2017 began at 01:00; the months after it began at midnight again."""
    spine = cohort.monthly(
        leads(f"lead_id | created_at\nL1 | {created}"), instant("2017-12-10"), "America/Asuncion"
    )
    starts = ["2017-10-01 04:00", "2017-11-01 03:00", "2017-12-01 03:00"]
    assert spine["as_of"].to_list() == [instant(start) for start in starts if start > created]


def test_a_midnight_that_comes_twice_is_taken_once():
    """In Havana 1 November 2015 had two midnights."""
    spine = cohort.monthly(
        leads("lead_id | created_at\nL1 | 2015-10-10"), instant("2015-12-10"), "America/Havana"
    )
    assert spine["as_of"].to_list() == [instant("2015-11-01 04:00"), instant("2015-12-01 05:00")]


def test_after_creation_is_each_lead_plus_each_of_the_days():
    check(
        cohort.after_creation(leads(), instant("2024-02-22"), [7, 0, 7]),
        """
        as_of            | lead_id
        2024-01-31 23:30 | L1
        2024-02-01       | L2
        2024-02-07 23:30 | L1
        2024-02-08       | L2
        2024-02-15       | L3
        2024-02-22       | L3
        """,
    )


def test_stage_entry_is_the_instant_after_the_first_entry_and_re_entry_is_ignored():
    stages = canonical(
        "stages",
        """
        lead_id | entered_at | stage
        L1      | 2024-02-05 | offer
        L1      | 2024-02-06 | new
        L1      | 2024-02-07 | offer
        L2      | 2024-02-05 | talk
        L2      | 2024-02-05 | offer
        L3      | 2024-02-10 | offer
        L3      | 2024-04-10 | talk
        """,
    )
    tables = {"leads": canonical("leads", THREE_LEADS), "stages": stages}
    staged = stage_tables(tables)
    check(
        cohort.on_stage_entry(staged["leads"], staged["stages"], UNTIL, ["offer", "talk"]),
        """
        as_of                      | lead_id
        2024-02-05 00:00:00.000001 | L1
        2024-02-05 00:00:00.000001 | L2
        """,
    )


def test_a_column_names_the_instant_of_each_lead():
    dated = leads(
        """
        lead_id | created_at | graded_on
        L1      | 2024-02-01 | 2024-02-01
        L2      | 2024-02-01 | 2024-01-31
        L3      | 2024-02-01 |
        L4      | 2024-02-01 | 2024-04-10
        L5      | 2024-02-01 | 2024-04-10 00:00:00.000001
        """,
        graded_on=INSTANT,
    )
    check(
        cohort.from_column(dated, UNTIL, "graded_on"),
        """
        as_of      | lead_id
        2024-02-01 | L1
        2024-04-10 | L4
        """,
    )


def test_for_scoring_every_lead_that_exists_is_asked():
    check(
        cohort.at_instant(leads(), instant("2024-02-01")),
        """
        as_of      | lead_id
        2024-02-01 | L1
        2024-02-01 | L2
        """,
    )


def test_a_lead_won_or_lost_before_the_as_of_leaves_and_one_that_ends_at_it_stays():
    spine = cohort.at_instant(leads(), instant("2024-03-01"))
    outcomes = parse(
        """
        lead_id | closed_at  | lost_at
        L1      | 2024-03-01 | 2024-03-02
        L2      | 2024-05-01 | 2024-02-29 23:59:59.999999
        L3      |            | 2024-03-01
        """,
        {"lead_id": NAME, "closed_at": INSTANT, "lost_at": INSTANT},
    )
    assert cohort.open_leads(spine, outcomes)["lead_id"].to_list() == ["L1", "L3"]
    later = cohort.at_instant(leads(), instant("2024-03-01 00:00:00.000001"))
    assert cohort.open_leads(later, outcomes)["lead_id"].to_list() == []


def test_called_leads_had_enough_calls_that_ended_before_the_as_of():
    calls = canonical(
        "calls",
        """
        call_id | lead_id | started_at       | duration_ms
        C1      | L1      | 2024-02-10       |
        C2      | L1      | 2024-02-29 23:00 | 3600000
        C3      | L2      | 2024-02-10       |
        C4      | L2      | 2024-02-11       |
        """,
    )
    staged = stage_tables({"leads": canonical("leads", THREE_LEADS), "calls": calls})
    spine = cohort.at_instant(staged["leads"], instant("2024-03-01"))

    def called(min_calls):
        return cohort.called_leads(spine, staged["calls"], min_calls)["lead_id"].to_list()

    assert (called(0), called(1), called(2)) == (["L1", "L2", "L3"], ["L1", "L2"], ["L2"])


@pytest.mark.parametrize("text", ["lead_id | created_at", "lead_id | created_at\nL1 | 2025-01-01"])
def test_a_list_without_leads_or_only_with_later_ones_has_an_empty_cohort(text):
    for spine in (
        cohort.monthly(leads(text), UNTIL, "Europe/Amsterdam"),
        cohort.after_creation(leads(text), UNTIL, [0, 30]),
        cohort.at_instant(leads(text), UNTIL),
    ):
        assert spine.is_empty()
        assert spine.schema == {"lead_id": NAME, "owner_id": NAME, "as_of": INSTANT}


def test_the_months_of_a_lead_do_not_depend_on_the_other_leads():
    alone = cohort.monthly(leads("lead_id | created_at\nL3 | 2024-02-15"), UNTIL, "Asia/Shanghai")
    among = cohort.monthly(leads(), UNTIL, "Asia/Shanghai")
    assert alone["as_of"].to_list() == [row[2] for row in among.rows() if row[0] == "L3"]
    assert alone["as_of"].to_list()[0] == datetime(2024, 2, 29, 16, tzinfo=UTC)
