"""What each feature family means, on tables that can be checked by hand.

Below each history stands what is asked: an as-of per row and the answers, an empty cell where the
answer is missing. The lead is L1 unless a row names another.
"""

# ruff: noqa: E501 - a drawn table is as wide as it is

import polars as pl
import pytest
from support.tables_as_text import FLAG, INSTANT, NAME, NUMBER, canonical, parse

from features.catalog import available, catalog, features_of
from features.families.attributes import DeclaredAttribute
from features.matrix.build import build_matrix
from features.staging.staging import stage_tables

ONE_LEAD = """
lead_id | created_at
L1      | 2024-05-01
"""
TYPES = {"number": NUMBER, "flag": FLAG, "category": NAME}


def check(asked, leads=ONE_LEAD, attributes=(), timezone="UTC", types=(), **drawn):
    """Compare the answers drawn in ``asked`` with the matrix of the drawn tables."""
    tables = {"leads": canonical("leads", leads, **dict(types))}
    tables |= {name: canonical(name, text) for name, text in drawn.items()}
    staged = stage_tables(tables, attributes, timezone)
    features = {feature.name: feature for feature in features_of(catalog(attributes))}
    keys = {"lead_id": NAME, "as_of": INSTANT}
    expected = parse(asked, keys | {name: TYPES[feature.kind] for name, feature in features.items()})
    wanted = [features[name] for name in expected.columns if name not in keys]
    assert list(available(wanted, staged)) == wanted
    if "lead_id" not in expected.columns:
        expected = expected.select(pl.lit("L1").alias("lead_id"), pl.all())
    owners = staged["leads"].select("lead_id", "owner_id")
    spine = expected.select("lead_id", "as_of").join(owners, on="lead_id", maintain_order="left")
    matrix = build_matrix(staged, spine, wanted)
    for row, answer in zip(expected.rows(named=True), matrix.rows(named=True), strict=True):
        for feature in wanted:
            told = f"{feature.name} of {row['lead_id']} as of {row['as_of']}"
            given, due = answer[feature.name], row[feature.name]
            assert given == (pytest.approx(due, rel=1e-12) if isinstance(due, float) else due), told


# Recency


def test_days_since_a_call_count_from_its_end_and_only_calls_before_the_as_of():
    check(
        calls="""
        call_id | lead_id | started_at       | duration_ms
        C1      | L1      | 2024-05-10       | 0
        C2      | L1      | 2024-05-20 11:00 | 3600000
        """,
        asked="""
        as_of                      | days_since_call | days_since_first_call | days_since_created
        2024-05-10                 |                 |                       | 9
        2024-05-11                 | 1               | 1                     | 10
        2024-05-20 12:00           | 10.5            | 10.5                  | 19.5
        2024-05-21 12:00           | 1               | 11.5                  | 20.5
        """,
    )


def test_a_call_that_is_under_way_is_not_known():
    check(
        calls="""
        call_id | lead_id | started_at       | duration_ms | status
        C1      | L1      | 2024-05-31 23:59 | 120000      | answered
        """,
        asked="""
        as_of                      | calls_total | last_call_status | talk_s_total
        2024-06-01                 | 0           |                  | 0
        2024-06-01 00:01           | 0           |                  | 0
        2024-06-01 00:01:00.000001 | 1           | answered         | 120
        """,
    )


def test_a_call_without_a_duration_is_known_after_its_start():
    check(
        calls="""
        call_id | lead_id | started_at
        C1      | L1      | 2024-05-31 12:00
        """,
        asked="""
        as_of                      | calls_total
        2024-05-31 12:00           | 0
        2024-05-31 12:00:00.000001 | 1
        """,
    )


def test_each_kind_of_contact_has_its_own_recency():
    check(
        calls="""
        call_id | lead_id | started_at | status      | direction | intent_questions | refusals | invitation
        C1      | L1      | 2024-05-10 | switchboard | inbound   | 2                | 0        | accepted
        C2      | L1      | 2024-05-12 | answered    | outbound  | 0                | 1        | declined
        C3      | L1      | 2024-05-14 | no_answer   | outbound  |                  |          |
        """,
        asked="""
        as_of      | days_since_call | days_since_answered_call | days_since_inbound_call | days_since_intent_question | days_since_refusal | days_since_invitation_accepted
        2024-05-10 |                 |                          |                         |                            |                    |
        2024-05-11 | 1               | 1                        | 1                       | 1                          |                    | 1
        2024-05-15 | 1               | 3                        | 5                       | 5                          | 3                  | 5
        """,
    )


def test_hours_to_the_first_call_count_from_creation_and_from_its_start():
    check(
        calls="""
        call_id | lead_id | started_at       | duration_ms
        C2      | L1      | 2024-05-03       | 60000
        C1      | L1      | 2024-05-01 01:30 | 60000
        """,
        asked="""
        as_of      | hours_to_first_call
        2024-05-01 |
        2024-05-02 | 1.5
        2024-05-04 | 1.5
        """,
    )


# Frequency


def test_a_window_of_seven_days_includes_its_first_instant():
    check(
        calls="""
        call_id | lead_id | started_at
        C1      | L1      | 2024-05-24 23:59:59.999999
        C2      | L1      | 2024-05-25
        C3      | L1      | 2024-05-31 23:59:59.999999
        C4      | L1      | 2024-06-01
        """,
        asked="""
        as_of      | calls_7d | calls_30d | calls_total
        2024-06-01 | 2        | 3         | 3
        2024-06-02 | 2        | 4         | 4
        2024-07-01 | 0        | 1         | 4
        """,
    )


def test_a_window_that_begins_while_a_call_is_under_way_counts_it_since_it_ended_inside():
    check(
        calls="""
        call_id | lead_id | started_at       | duration_ms
        C1      | L1      | 2024-05-24 23:30 | 1800000
        """,
        asked="""
        as_of                      | calls_7d
        2024-06-01                 | 1
        2024-06-01 00:00:00.000001 | 0
        """,
    )


def test_connected_calls_and_their_talk():
    """A person, a switchboard and a fax pick up; ringing seconds are no talk."""
    check(
        calls="""
        call_id | lead_id | started_at | status      | duration_ms | agent_id | activity
        C1      | L1      | 2024-05-10 | answered    | 60500       | A1       | offer
        C2      | L1      | 2024-05-11 | switchboard | 30000       | A1       | offer
        C3      | L1      | 2024-05-12 | fax         |             | A2       |
        C4      | L1      | 2024-05-13 | no_answer   | 20000       |          | welcome
        """,
        asked="""
        as_of      | calls_total | answered_calls_total | answered_share_total | talk_s_total | mean_talk_s_total | max_talk_s_total | call_s_total | agents_total | call_activities_total
        2024-05-10 | 0           | 0                    |                      | 0            |                   |                  | 0            | 0            | 0
        2024-05-14 | 4           | 3                    | 0.75                 | 90.5         | 45.25             | 60.5             | 110.5        | 2            | 2
        """,
    )


def test_a_call_of_unknown_status_is_in_no_share():
    check(
        calls="""
        call_id | lead_id | started_at | status
        C1      | L1      | 2024-05-10 | answered
        C2      | L1      | 2024-05-11 |
        C3      | L1      | 2024-05-12 | busy
        """,
        asked="""
        as_of      | calls_total | answered_calls_total | answered_share_total
        2024-05-13 | 3           | 1                    | 0.5
        """,
    )


def test_hangups():
    """A quick hangup is a connected call that the customer ended within five seconds."""
    check(
        calls="""
        call_id | lead_id | started_at | status    | hung_up_by | duration_ms
        C1      | L1      | 2024-05-10 | answered  | customer   | 5000
        C2      | L1      | 2024-05-11 | answered  | customer   | 5001
        C3      | L1      | 2024-05-12 | answered  | agent      | 1000
        C4      | L1      | 2024-05-13 | no_answer | customer   | 1000
        """,
        asked="""
        as_of      | quick_hangups_total | customer_hangup_share_total | hung_up_by_last_call
        2024-05-11 | 1                   | 1                           | customer
        2024-05-13 | 1                   | 0.6666666666666666          | agent
        2024-05-14 | 1                   | 0.6666666666666666          | agent
        """,
    )


def test_calls_that_reached_nobody_are_counted_by_why():
    check(
        calls="""
        call_id | lead_id | started_at | status
        C1      | L1      | 2024-05-10 | no_answer
        C2      | L1      | 2024-05-11 | powered_off
        C3      | L1      | 2024-05-12 | suspended
        C4      | L1      | 2024-05-13 | empty_number
        C5      | L1      | 2024-05-14 | answered
        C6      | L1      | 2024-05-15 |
        """,
        asked="""
        as_of      | no_answer_calls_total | dead_number_calls_total
        2024-05-10 | 0                     | 0
        2024-05-12 | 1                     | 1
        2024-05-16 | 1                     | 3
        """,
    )


def test_the_unanswered_run_ends_at_a_connected_call_and_at_an_unknown_one():
    check(
        calls="""
        call_id | lead_id | started_at | status
        C1      | L1      | 2024-05-10 | busy
        C2      | L1      | 2024-05-11 | no_answer
        C3      | L1      | 2024-05-12 | answered
        C4      | L1      | 2024-05-13 | empty_number
        C5      | L1      | 2024-05-14 | busy
        C6      | L1      | 2024-05-15 |
        """,
        asked="""
        as_of      | unanswered_run
        2024-05-10 | 0
        2024-05-12 | 2
        2024-05-13 | 0
        2024-05-15 | 2
        2024-05-16 | 0
        """,
    )


def test_the_latest_attempt_and_the_latest_connected_call_are_two_things():
    check(
        calls="""
        call_id | lead_id | started_at | status    | direction | activity | duration_ms
        C1      | L1      | 2024-05-10 | answered  | inbound   | offer    | 61000
        C2      | L1      | 2024-05-11 | no_answer | outbound  |          | 9000
        """,
        asked="""
        as_of      | last_call_status | last_call_direction | last_call_activity | status_last_connected_call | talk_s_last_call
        2024-05-11 | answered         | inbound             | offer              | answered                   | 61
        2024-05-12 | no_answer        | outbound            |                    | answered                   | 61
        """,
    )


def test_calls_that_end_together_are_ordered_by_their_start_then_by_their_key():
    check(
        calls="""
        call_id | lead_id | started_at       | duration_ms | status
        C9      | L1      | 2024-05-10 11:00 | 3600000     | busy
        C2      | L1      | 2024-05-10 11:30 | 1800000     | fax
        C1      | L1      | 2024-05-10 11:30 | 1800000     | answered
        """,
        asked="""
        as_of      | last_call_status
        2024-05-11 | fax
        """,
    )


@pytest.mark.parametrize(
    ("timezone", "days"), [("UTC", 2), ("Asia/Shanghai", 1), ("Asia/Kolkata", 1), ("America/New_York", 2)]
)
def test_a_day_with_a_call_is_the_teams_own_day(timezone, days):
    """18:30 and 03:00 UTC are 00:00 and 08:30 of one day in Kolkata."""
    check(
        calls="""
        call_id | lead_id | started_at
        C1      | L1      | 2024-05-09 18:30
        C2      | L1      | 2024-05-10 05:00
        """,
        asked=f"""
        as_of      | call_days_90d
        2024-05-11 | {days}
        """,
        timezone=timezone,
    )


# Monetary: the customer's earlier orders

TWO_LEADS_OF_ONE_CUSTOMER = """
lead_id | created_at | customer_id
L1      | 2024-01-01 | K1
L2      | 2024-05-01 | K1
L3      | 2024-05-01 |
"""


def test_a_customers_orders_count_for_all_its_leads():
    """O1 names the lead only, O2 the customer only; both are history of L1 and L2 and none of L3."""
    check(
        leads=TWO_LEADS_OF_ONE_CUSTOMER,
        orders="""
        order_id | ordered_at | lead_id | customer_id | amount_minor
        O1       | 2024-02-01 | L1      |             | 10050
        O2       | 2024-03-01 |         | K1          | 30000
        O3       | 2024-04-01 |         | K2          | 99900
        """,
        asked="""
        lead_id | as_of      | orders_total | amount_total | mean_amount_total | max_amount_total | last_amount | order_months_total | days_since_order | days_since_first_order
        L1      | 2024-02-01 | 0            | 0            |                   |                  |             | 0                  |                  |
        L1      | 2024-02-02 | 1            | 100.5        | 100.5             | 100.5            | 100.5       | 1                  | 1                | 1
        L2      | 2024-05-01 | 2            | 400.5        | 200.25            | 300              | 300         | 2                  | 61               | 90
        L3      | 2024-05-01 | 0            | 0            |                   |                  |             | 0                  |                  |
        """,
    )


def test_an_order_belongs_to_the_customer_it_names_rather_than_to_its_leads():
    check(
        leads="""
        lead_id | created_at | customer_id
        L1      | 2024-01-01 | K1
        L2      | 2024-01-01 | K2
        L3      | 2024-01-01 |
        """,
        orders="""
        order_id | ordered_at | lead_id | customer_id
        O1       | 2024-02-01 | L1      | K2
        O2       | 2024-02-01 | L3      |
        """,
        asked="""
        lead_id | as_of      | orders_total
        L1      | 2024-03-01 | 0
        L2      | 2024-03-01 | 1
        L3      | 2024-03-01 | 1
        """,
    )


def test_a_customer_and_a_lead_of_one_key_are_not_the_same():
    check(
        leads="""
        lead_id | created_at | customer_id
        X       | 2024-01-01 |
        L2      | 2024-01-01 | X
        """,
        orders="""
        order_id | ordered_at | customer_id
        O1       | 2024-02-01 | X
        """,
        asked="""
        lead_id | as_of      | orders_total
        X       | 2024-03-01 | 0
        L2      | 2024-03-01 | 1
        """,
    )


def test_an_order_is_known_when_it_was_recorded_and_never_before_it_was_placed():
    """O1 was entered nine days late; O2's record bears the day alone, that is its midnight."""
    check(
        orders="""
        order_id | ordered_at       | recorded_at      | lead_id | amount_minor
        O1       | 2024-05-01       | 2024-05-10       | L1      | 100
        O2       | 2024-05-20 14:30 | 2024-05-20 00:00 | L1      | 200
        """,
        asked="""
        as_of            | orders_total | last_amount | days_since_order
        2024-05-10       | 0            |             |
        2024-05-11       | 1            | 1           | 1
        2024-05-20 14:30 | 1            | 1           | 10.604166666666666
        2024-05-21 14:30 | 2            | 2           | 1
        """,
    )


def test_orders_recorded_together_are_ordered_by_when_they_were_placed_then_by_key():
    check(
        orders="""
        order_id | ordered_at | recorded_at | lead_id | amount_minor
        O1       | 2024-05-03 | 2024-05-10  | L1      | 100
        O9       | 2024-05-02 | 2024-05-10  | L1      | 200
        O2       | 2024-05-03 | 2024-05-10  | L1      | 300
        """,
        asked="""
        as_of      | last_amount
        2024-05-11 | 3
        """,
    )


def test_an_order_without_an_amount_counts_but_weighs_nothing():
    check(
        orders="""
        order_id | ordered_at | lead_id | amount_minor
        O1       | 2023-05-31 | L1      | 40000
        O2       | 2023-06-01 | L1      | 20000
        O3       | 2024-05-03 | L1      |
        """,
        asked="""
        as_of      | orders_365d | orders_total | amount_365d | amount_total | mean_amount_total | last_amount
        2024-05-31 | 2           | 3            | 200         | 600          | 300               |
        """,
    )


@pytest.mark.parametrize(("timezone", "months"), [("UTC", 2), ("Asia/Shanghai", 1)])
def test_a_month_with_an_order_is_the_teams_own_month(timezone, months):
    """17:00 UTC on the last of January is the first of February in Shanghai."""
    check(
        orders="""
        order_id | ordered_at       | lead_id
        O1       | 2024-01-31 17:00 | L1
        O2       | 2024-02-10       | L1
        """,
        asked=f"""
        as_of      | order_months_total
        2024-05-01 | {months}
        """,
        timezone=timezone,
    )


# Intent


def test_what_was_said_last_was_said_in_the_latest_connected_call():
    check(
        calls="""
        call_id | lead_id | started_at | status    | intent_questions | questions | refusals | invitation | asked_wechat | dialogue_turns | flow_completion_ppm
        C1      | L1      | 2024-05-10 | answered  | 3                | 4         | 0        | accepted   | true         | 20             | 800000
        C2      | L1      | 2024-05-11 | answered  | 1                | 1         | 2        | none       | false        | 10             | 250000
        C3      | L1      | 2024-05-12 | no_answer | 0                | 0         | 0        |            |              | 0              | 0
        """,
        asked="""
        as_of      | intent_questions_last_call | questions_last_call | refusals_last_call | invitation_last_call | asked_wechat_last_call | dialogue_turns_last_call | flow_completion_last_call
        2024-05-10 |                            |                     |                    |                      |                        |                          |
        2024-05-11 | 3                          | 4                   | 0                  | accepted             | true                   | 20                       | 0.8
        2024-05-12 | 1                          | 1                   | 2                  | none                 | false                  | 10                       | 0.25
        2024-05-13 | 1                          | 1                   | 2                  | none                 | false                  | 10                       | 0.25
        """,
    )


def test_what_the_latest_connected_call_does_not_say_is_missing_and_not_taken_from_an_earlier_one():
    check(
        calls="""
        call_id | lead_id | started_at | status   | intent_questions | asked_sms
        C1      | L1      | 2024-05-10 | answered | 3                | true
        C2      | L1      | 2024-05-11 | answered |                  |
        """,
        asked="""
        as_of      | intent_questions_last_call | asked_sms_last_call | intent_questions_total | asked_sms_total | max_intent_questions_total
        2024-05-12 |                            |                     | 3                      | 1               | 3
        """,
    )


def test_intent_adds_up_over_calls_and_windows():
    check(
        calls="""
        call_id | lead_id | started_at | status   | intent_questions | refusals | invitation | flow_completion_ppm | asked_callback
        C1      | L1      | 2024-03-20 | answered | 5                | 1        | declined   | 1000000             | true
        C2      | L1      | 2024-05-20 | answered | 2                | 0        | accepted   | 500000              | false
        C3      | L1      | 2024-05-30 | answered | 1                | 3        | accepted   |                     | true
        C4      | L1      | 2024-05-31 | busy     |                  |          |            |                     |
        """,
        asked="""
        as_of      | intent_questions_7d | intent_questions_30d | intent_questions_90d | refusals_30d | refused_call_share_total | invitations_accepted_30d | invitations_declined_total | mean_flow_completion_total | max_flow_completion_total | asked_callback_30d | asked_callback_total
        2024-03-20 | 0                   | 0                    | 0                    | 0            |                          | 0                        | 0                          |                            |                           | 0                  | 0
        2024-06-01 | 1                   | 3                    | 8                    | 3            | 0.6666666666666666       | 2                        | 1                          | 0.75                       | 1                         | 1                  | 2
        """,
    )


# Stages


def test_the_current_stage_and_how_the_lead_came_there():
    check(
        stages="""
        lead_id | entered_at       | stage
        L1      | 2024-05-01       | new
        L1      | 2024-05-04 12:00 | offer
        L1      | 2024-05-10       | new
        """,
        asked="""
        as_of                      | stage | stage_transition | days_since_stage_change | days_since_first_stage | days_in_previous_stage | stage_changes_7d | stage_changes_total | stages_total
        2024-05-01                 |       |                  |                         |                        |                        | 0                | 0                   | 0
        2024-05-02                 | new   |                  | 1                       | 1                      |                        | 1                | 1                   | 1
        2024-05-04 12:00           | new   |                  | 3.5                     | 3.5                    |                        | 1                | 1                   | 1
        2024-05-05 12:00           | offer | new>offer        | 1                       | 4.5                    | 3.5                    | 2                | 2                   | 2
        2024-05-12                 | new   | offer>new        | 2                       | 11                     | 5.5                    | 1                | 3                   | 2
        """,
    )


def test_stages_of_one_instant_follow_the_alphabet_in_whatever_order_they_are_listed():
    check(
        stages="""
        lead_id | entered_at | stage
        L1      | 2024-05-04 | offer
        L1      | 2024-05-04 | new
        """,
        asked="""
        as_of      | stage | stage_transition | days_in_previous_stage
        2024-05-05 | offer | new>offer        | 0
        """,
    )


def test_the_stages_of_another_lead_are_no_history():
    check(
        leads="""
        lead_id | created_at
        L1      | 2024-05-01
        L2      | 2024-05-01
        """,
        stages="""
        lead_id | entered_at | stage
        L2      | 2024-05-01 | new
        L1      | 2024-05-02 | new
        L2      | 2024-05-03 | offer
        """,
        asked="""
        lead_id | as_of      | stage | stage_transition | stage_changes_total
        L1      | 2024-05-10 | new   |                  | 1
        L2      | 2024-05-10 | offer | new>offer        | 2
        """,
    )


# Attributes


def test_attributes_at_creation_by_kind():
    check(
        leads="""
        lead_id | created_at | channel | budget | note  | visit_at
        L1      | 2024-05-01 | fair    | 12.5   | 要报价 | 2024-05-11
        L2      | 2024-05-01 |         |        |       |
        """,
        types={"channel": NAME, "budget": NUMBER, "note": NAME, "visit_at": INSTANT},
        attributes=(
            DeclaredAttribute("channel", "categorical"),
            DeclaredAttribute("budget", "numeric"),
            DeclaredAttribute("note", "text"),
            DeclaredAttribute("visit_at", "date"),
        ),
        asked="""
        lead_id | as_of            | channel | budget | note_characters | days_until_visit_at
        L1      | 2024-05-01       | fair    | 12.5   | 3               | 10
        L1      | 2024-05-12 12:00 | fair    | 12.5   | 3               | -1.5
        L2      | 2024-05-01       |         |        |                 |
        """,
    )


@pytest.mark.parametrize(
    ("timezone", "in_april", "in_may"), [("UTC", "0 | 8", "-1 | 7"), ("Asia/Shanghai", "1 | 8", "0 | 7")]
)
def test_months_until_a_date_are_calendar_months_of_the_team(timezone, in_april, in_may):
    """17:00 UTC on the last of April is the first of May in Shanghai."""
    check(
        leads="""
        lead_id | created_at | due
        L1      | 2024-04-01 | 2024-12-31
        """,
        facts="""
        lead_id | known_at   | field | value
        L1      | 2024-04-02 | visit | 2024-04-30T17:00:00Z
        L1      | 2024-05-20 | visit |
        """,
        types={"due": INSTANT},
        attributes=(DeclaredAttribute("visit", "date", dated=True), DeclaredAttribute("due", "date")),
        asked=f"""
        as_of            | months_until_visit | months_until_due
        2024-04-02       |                    | 8
        2024-04-30 15:59 | {in_april}
        2024-05-01       | {in_may}
        2024-05-21       |                    | 7
        """,
        timezone=timezone,
    )


def test_dated_attributes_are_the_latest_value_before_the_as_of_by_kind():
    check(
        facts="""
        lead_id | known_at   | field    | value
        L1      | 2024-05-02 | need     | latent
        L1      | 2024-05-02 | budget   | 1200.5
        L1      | 2024-05-03 | visit_at | 2024-05-20T12:00:00Z
        L1      | 2024-05-04 | need     | explicit
        L1      | 2024-05-05 | remark   | 下周再谈
        L1      | 2024-05-06 | budget   |
        """,
        attributes=(
            DeclaredAttribute("need", "categorical", dated=True),
            DeclaredAttribute("budget", "numeric", dated=True),
            DeclaredAttribute("visit_at", "date", dated=True),
            DeclaredAttribute("remark", "text", dated=True),
        ),
        asked="""
        as_of      | need     | budget | days_until_visit_at | remark_characters | facts_total | facts_30d | days_since_fact
        2024-05-02 |          |        |                     |                   | 0           | 0         |
        2024-05-04 | latent   | 1200.5 | 16.5                |                   | 3           | 3         | 1
        2024-05-06 | explicit | 1200.5 | 14.5                | 4                 | 5           | 5         | 1
        2024-05-07 | explicit |        | 13.5                | 4                 | 6           | 6         | 1
        2024-06-03 | explicit |        | -13.5               | 4                 | 6           | 3         | 28
        """,
    )


@pytest.mark.parametrize(
    ("timezone", "hour", "weekday"),
    [("UTC", 20, 5), ("Asia/Kolkata", 1, 6), ("Asia/Shanghai", 4, 6), ("America/New_York", 16, 5)],
)
def test_hour_and_weekday_of_creation_are_the_teams_own(timezone, hour, weekday):
    """20:15 UTC on a Friday is 01:45 on Saturday in Kolkata."""
    check(
        leads="""
        lead_id | created_at
        L1      | 2024-05-03 20:15
        """,
        asked=f"""
        as_of      | created_hour | created_weekday
        2024-05-10 | {hour}       | {weekday}
        """,
        timezone=timezone,
    )


# Declared empties


EMPTY = {
    "calls": "call_id | lead_id | started_at | duration_ms | status | intent_questions",
    "orders": "order_id | ordered_at | lead_id | customer_id | amount_minor",
    "stages": "lead_id | entered_at | stage",
    "facts": "lead_id | known_at | field | value",
}
OF_ANOTHER = {
    "calls": EMPTY["calls"] + "\nC1 | L2 | 2024-05-01 | 1000 | answered | 3",
    "orders": EMPTY["orders"] + "\nO1 | 2024-05-01 | L2 | | 100",
    "stages": EMPTY["stages"] + "\nL2 | 2024-05-01 | new",
    "facts": EMPTY["facts"] + "\nL2 | 2024-05-01 | need | latent",
}


@pytest.mark.parametrize("tables", [EMPTY, OF_ANOTHER], ids=["headers only", "rows of another lead"])
def test_without_history_counts_and_sums_are_zero_and_all_else_is_missing(tables):
    check(
        leads="""
        lead_id | created_at
        L1      | 2024-05-01
        L2      | 2024-05-01
        """,
        asked="""
        as_of      | calls_7d | answered_share_total | talk_s_total | max_talk_s_total | days_since_call | unanswered_run | last_call_status | intent_questions_total | orders_total | amount_total | mean_amount_total | stage | stage_changes_total | facts_total | need
        2024-05-10 | 0        |                      | 0            |                  |                 | 0              |                  | 0                      | 0            | 0            |                   |       | 0                   | 0           |
        """,
        attributes=(DeclaredAttribute("need", "categorical", dated=True),),
        **tables,
    )
