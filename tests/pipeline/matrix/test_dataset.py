"""From canonical tables to rows: what is an input, what is a label, who is asked, and who is not."""

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.on_the_road import scoring_rows, training_rows
from support.small_worlds import START, TIMEZONE, worlds
from support.tables_as_text import INSTANT, NAME, NUMBER, WHOLE, canonical, instant

from features.staging.staging import stage_tables
from pipeline.config.config import AttributeSettings, Cohort, Config, LabelSettings, Source, Threshold
from pipeline.errors import ConfigError, TrainingError
from pipeline.intake import buckets
from pipeline.intake.outcomes import complete_until, latest_known
from pipeline.matrix import dataset

LEADS = """
lead_id | created_at | customer_id | channel | status_now
L1      | 2024-01-10 | K1          | fair    | won
L2      | 2024-01-20 | K1          | web     | open
L3      | 2024-02-10 |             |         | open
"""
ORDERS = """
order_id | ordered_at | lead_id | customer_id | amount_minor
O1       | 2024-02-10 | L1      | K1          | 5000
O2       | 2024-05-01 | L3      |             | 7000
"""
STAGES = """
lead_id | entered_at | stage
L2      | 2024-04-15 | lost
"""
ATTRIBUTES = {"channel": AttributeSettings(), "status_now": AttributeSettings(known="snapshot")}


def make_config(tables, **changes):
    given = {
        "name": "test",
        "sources": {name: Source(path=f"{name}.csv") for name in tables},
        "attributes": ATTRIBUTES,
        "label": LabelSettings(
            close="first_order",
            lost_stages=("lost",),
            observed_until=instant("2024-06-01"),
            won_stages=("won",),
        ),
        "horizons_days": (30, 90),
        "grades": {"A": Threshold(by_days=30, at_least=0.3)},
    }
    return Config(**(given | changes))


def team(**drawn):
    texts = {"leads": LEADS, "orders": ORDERS, "stages": STAGES} | drawn
    types = {"channel": NAME, "status_now": NAME, "decided_at": INSTANT}
    return {name: canonical(name, text, **(types if name == "leads" else {})) for name, text in texts.items()}


def drawn_rows(rows, *columns):
    return [(lead, f"{as_of:%m-%d}", *rest) for lead, as_of, *rest in rows.frame.select(*columns).rows()]


def scoring(config, tables, as_of):
    """The rows of a list, and why its other leads have none."""
    rows = scoring_rows(config, tables, as_of)
    return rows, dataset.ListRows.of(config, tables, as_of).left_out(tables, rows.frame)


def test_training_rows_are_the_open_leads_of_each_month_with_features_and_labels():
    """L1 closes on 10 February and leaves; L2 is lost on 15 April; L3 closes on 1 May, at its as-of."""
    rows = training_rows(make_config(team()), team())
    columns = ("lead_id", "as_of", "orders_total", "closed_30d", "window_30d", "closed_90d", "window_90d")
    assert drawn_rows(rows, *columns) == [
        ("L1", "02-01", 0, 1, 1, 1, None),
        ("L2", "02-01", 0, 0, 0, 0, 0),
        ("L2", "03-01", 1, 0, 0, 0, 0),
        ("L3", "03-01", 0, 0, 0, 1, 1),
        ("L2", "04-01", 1, 0, 0, None, None),
        ("L3", "04-01", 0, 0, 0, None, None),
        ("L3", "05-01", 0, 1, 1, None, None),
    ]
    assert rows.horizons == ("30d", "90d")
    assert rows.observed_until == instant("2024-06-01")


def test_what_knows_the_outcome_or_was_said_by_a_rule_or_a_person_is_no_feature():
    grades = """
    lead_id | grade | graded_at
    L1      | A     | 2024-01-15
    L3      | C     |
    """
    tables = team(manual_grades=grades)
    config = make_config(tables, schemes=("rfm",))
    for rows in (
        training_rows(config, tables),
        scoring_rows(config, tables, instant("2024-02-15")),
    ):
        names = {feature.name for feature in rows.features}
        assert {"channel", "orders_total", "stage"} <= names
        assert not names & {"status_now", "manual_grade", "manual_grade_hindsight", "lead_id", "owner_id"}
        assert not [name for name in names if name.startswith(("closed_", "window_", "scheme_"))]
        assert {"manual_grade", "manual_grade_hindsight"} <= set(rows.frame.columns)
        assert "status_now" not in rows.frame.columns


def test_a_dated_manual_grade_is_the_latest_before_the_as_of_and_an_undated_one_is_hindsight():
    grades = """
    lead_id | grade | graded_at
    L2      | B     | 2024-01-25
    L2      | D     | 2024-03-01
    L3      | A     |
    """
    tables = team(manual_grades=grades)
    rows = training_rows(make_config(tables), tables)
    asked = rows.frame.filter(pl.col("lead_id") != "L1")
    columns = ("lead_id", "as_of", "manual_grade", "manual_grade_hindsight")
    assert [(lead, f"{at:%m-%d}", a, b) for lead, at, a, b in asked.select(columns).rows()] == [
        ("L2", "02-01", "B", None),
        ("L2", "03-01", "B", None),
        ("L3", "03-01", None, "A"),
        ("L2", "04-01", "D", None),
        ("L3", "04-01", None, "A"),
        ("L3", "05-01", None, "A"),
    ]


# Up to when outcomes are complete


def test_observed_until_is_declared_else_the_export_of_the_labels_source_else_its_latest_row():
    tables = team()
    exported = {name: Source(path="x.csv", exported_at=instant("2024-07-01")) for name in tables}
    plain = LabelSettings(close="first_order")

    def until(**changes):
        config = make_config(tables, **changes)
        return complete_until(config, latest_known(config, tables))

    assert until(sources=exported) == instant("2024-06-01")
    assert until(sources=exported, label=plain) == instant("2024-07-01")
    assert until(label=plain) == instant("2024-05-01")
    assert until(label=LabelSettings(close="won_stage", won_stages=("won",))) == instant("2024-04-15")


def test_an_export_of_another_source_says_nothing_about_the_labels():
    tables = team()
    sources = {name: Source(path="x.csv") for name in tables}
    sources["leads"] = Source(path="x.csv", exported_at=instant("2024-07-01"))
    config = make_config(tables, sources=sources, label=LabelSettings(close="first_order"))
    assert complete_until(config, latest_known(config, tables)) == instant("2024-05-01")


def test_orders_with_nothing_but_a_header_do_not_tell_up_to_when_they_are_complete():
    tables = team(orders="order_id | ordered_at | lead_id")
    with pytest.raises(TrainingError, match=r"set label\.observed_until"):
        training_rows(make_config(tables, label=LabelSettings(close="first_order")), tables)
    declared = training_rows(make_config(tables), tables)
    assert set(declared.frame["closed_30d"].drop_nulls()) == {0}


def test_leads_that_all_came_after_the_end_of_observation_cannot_train():
    tables = team(leads="lead_id | created_at | channel | status_now\nL1 | 2024-07-01 | |")
    with pytest.raises(TrainingError, match="no lead is in the cohort before 2024-06-01"):
        training_rows(make_config(tables), tables)


# An outcome column with a time

DECIDED = """
lead_id | created_at | channel | status_now | decided_at
L1      | 2024-01-10 | fair    | won        | 2024-02-10
L2      | 2024-01-10 | web     | open       |
"""
DECISION = LabelSettings(
    close="outcome",
    column="status_now",
    won_values=("won",),
    closed_at="decided_at",
    observed_until=instant("2024-03-10"),
)
DECIDED_ATTRIBUTES = {"channel": AttributeSettings()}


def test_an_outcome_column_with_a_time_closes_a_lead_at_that_time():
    tables = {"leads": team(leads=DECIDED)["leads"]}
    config = make_config(tables, label=DECISION, attributes=DECIDED_ATTRIBUTES, horizons_days=(30,))
    rows = training_rows(config, tables)
    assert drawn_rows(rows, "lead_id", "as_of", "closed_30d") == [
        ("L1", "02-01", 1),
        ("L2", "02-01", 0),
        ("L2", "03-01", None),
    ]


def test_a_list_to_be_scored_need_not_have_the_outcome_columns():
    tables = {"leads": team(leads=DECIDED)["leads"].drop("status_now", "decided_at")}
    config = make_config(tables, label=DECISION, attributes=DECIDED_ATTRIBUTES, horizons_days=(30,))
    rows, left_out = scoring(config, tables, instant("2024-03-01"))
    assert rows.frame["lead_id"].to_list() == ["L1", "L2"]
    assert left_out.is_empty()


def test_an_outcome_column_without_a_time_is_refused_with_the_configurations_name():
    tables = {"leads": team(leads=DECIDED)["leads"]}
    label = DECISION.model_copy(update={"closed_at": None})
    config = make_config(tables, label=label, attributes=DECIDED_ATTRIBUTES, horizons_days=(30,))
    with pytest.raises(ConfigError, match=r"config\.yaml: label: .*the column of its time"):
        training_rows(config, tables)


# Scoring


@pytest.mark.parametrize(
    ("as_of", "asked", "reasons"),
    [
        ("2024-02-10", ["L1", "L2", "L3"], {}),
        ("2024-02-09", ["L1", "L2"], {"L3": "created after the as-of 2024-02-09 00:00Z"}),
        ("2024-03-01", ["L2", "L3"], {"L1": "won or lost before the as-of: nothing to score"}),
        (
            "2024-06-01",
            [],
            dict.fromkeys(["L1", "L2", "L3"], "won or lost before the as-of: nothing to score"),
        ),
    ],
)
def test_every_lead_is_asked_or_named_with_the_reason_why_not(as_of, asked, reasons):
    rows, left_out = scoring(make_config(team()), team(), instant(as_of))
    assert rows.frame["lead_id"].to_list() == asked
    assert dict(left_out.rows()) == reasons


def test_scored_rows_stand_in_the_order_of_the_lead_list_and_have_no_labels():
    tables = team()
    tables["leads"] = tables["leads"].reverse()
    rows = scoring_rows(make_config(tables), tables, instant("2024-02-10"))
    assert rows.frame["lead_id"].to_list() == ["L3", "L2", "L1"]
    assert not [name for name in rows.frame.columns if name.startswith(("closed_", "window_"))]
    assert rows.observed_until is None


SMALL = {
    "region": AttributeSettings(),
    "budget": AttributeSettings(kind="numeric"),
    "note": AttributeSettings(kind="text"),
    "need": AttributeSettings(known="dated"),
    "score": AttributeSettings(kind="numeric", known="dated"),
    "visit": AttributeSettings(kind="date", known="dated"),
}
# A world takes more than half a second; the slow tests try more of them.
QUICK = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
COHORTS = (
    Cohort(at="monthly", max_age_days=60),
    Cohort(at="after_creation", days=(0, 3, 30)),
    Cohort(at="stage_entry", stages=("offer",)),
    Cohort(at="after_creation", days=(14,), min_calls=1),
)


def small_config(tables, cohort):
    label = LabelSettings(
        close="first_order", lost_stages=("lost",), observed_until=START + timedelta(days=100), won_stages=()
    )
    return make_config(tables, attributes=SMALL, label=label, cohort=cohort, timezone=TIMEZONE)


def known_at(tables, as_of):
    """The tables as they would have been exported at an instant."""
    staged = stage_tables(tables)
    past = {"leads": tables["leads"].filter(pl.col("created_at") <= as_of)}
    for name in ("calls", "orders", "stages", "facts"):
        rows = staged[name].filter(pl.col("known_at") < as_of)
        past[name] = rows.select(tables[name].columns)
    return past


def trained(config, tables):
    try:
        return training_rows(config, tables)
    except TrainingError:
        return assume(False)


@QUICK
@given(worlds(), st.sampled_from(COHORTS))
def test_a_training_row_is_the_scoring_row_of_the_same_lead_and_instant(world, cohort):
    check_training_rows(world, cohort)


@pytest.mark.slow
@settings(QUICK, max_examples=10)
@given(worlds(), st.sampled_from(COHORTS))
def test_a_training_row_is_the_scoring_row_on_many_worlds(world, cohort):
    check_training_rows(world, cohort)


def check_training_rows(world, cohort):
    """Also when scored from what an export of that instant held: training sees no more than that."""
    tables, _ = world
    config = small_config(tables, cohort)
    rows = trained(config, tables)
    columns = ["lead_id", "owner_id", "as_of", *(feature.name for feature in rows.features)]
    for (as_of,), row in rows.frame.group_by("as_of", maintain_order=True):
        for seen in (tables, known_at(tables, as_of)):
            scored, left_out = scoring(config, seen, as_of)
            assert scored.features == rows.features
            mine = scored.frame.join(row, on="lead_id", how="semi").sort("lead_id")
            assert_frame_equal(mine.select(columns), row.select(columns))
            assert scored.frame.height + left_out.height == seen["leads"].height


@QUICK
@given(worlds(max_leads=6), st.sampled_from(COHORTS), st.integers(2, 5))
def test_rows_do_not_depend_on_the_number_of_buckets(world, cohort, n_buckets):
    check_buckets(world, cohort, n_buckets)


@pytest.mark.slow
@settings(QUICK, max_examples=10)
@given(worlds(max_leads=6), st.sampled_from(COHORTS), st.integers(2, 5))
def test_rows_do_not_depend_on_the_number_of_buckets_on_many_worlds(world, cohort, n_buckets):
    check_buckets(world, cohort, n_buckets)


def check_buckets(world, cohort, n_buckets):
    tables, _ = world
    config = small_config(tables, cohort)
    as_of = START + timedelta(days=5)
    together, asked = trained(config, tables), scoring_rows(config, tables, as_of)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buckets, "bucket_count", lambda n_leads: n_buckets)
        assert_frame_equal(trained(config, tables).frame, together.frame)
        again = scoring_rows(config, tables, as_of)
        assert_frame_equal(again.frame, asked.frame)


def test_a_lead_is_won_by_an_order_that_names_a_customer_it_does_not():
    orders = """
    order_id | ordered_at | lead_id | customer_id
    O1       | 2024-03-05 | L3      | K9
    """
    tables = team(orders=orders)
    rows = training_rows(make_config(tables), tables)
    mine = rows.frame.filter(pl.col("lead_id") == "L3")
    assert mine.select("as_of", "closed_30d").rows() == [(instant("2024-03-01"), 1)]


# Flat lists

FLAT = """
row_number | lead_id | created_at | age | job   | note | y
1          | a       | 2024-05-02 | 30  | clerk | ab   | yes
2          | b       | 2024-05-01 | 40  |       |      | no
4          | c       | 2024-05-02 |     | clerk | abc  | No
5          | d       | 2024-05-03 | 50  | nurse | a    |
6          | e       | 2024-05-04 | 60  | nurse | a    | unsure
"""
FLAT_ATTRIBUTES = {
    "age": AttributeSettings(kind="numeric"),
    "job": AttributeSettings(),
    "note": AttributeSettings(kind="text"),
    "visit": AttributeSettings(kind="date", known="dated"),
}


def flat_list(*without):
    types = {"row_number": WHOLE, "age": NUMBER, "job": NAME, "note": NAME, "y": NAME}
    return {"leads": canonical("leads", FLAT, **types).drop(without)}


def flat_config(tables):
    return Config(
        name="flat",
        flat=True,
        sources={name: Source(path="x.csv") for name in tables},
        attributes=FLAT_ATTRIBUTES,
        label=LabelSettings(close="outcome", column="y"),
        grades={"A": Threshold(at_least=0.3)},
    )


def test_a_flat_list_without_dates_is_in_the_order_of_its_rows():
    tables = flat_list("created_at")
    rows = training_rows(flat_config(tables), tables)
    columns = ("as_of", "lead_id", "owner_id", "age", "note_characters", "closed_outcome", "window_outcome")
    assert rows.frame.select(columns).rows() == [
        (1, "a", "lead:a", 30, 2, 1, 1),
        (2, "b", "lead:b", 40, None, 0, 0),
        (4, "c", "lead:c", None, 3, 0, 0),
        (5, "d", "lead:d", 50, 1, None, None),
        (6, "e", "lead:e", 60, 1, 0, 0),
    ]
    assert rows.frame.schema["as_of"] == WHOLE
    assert rows.horizons == ("outcome",)


def test_a_flat_list_with_dates_is_in_their_order_and_then_in_that_of_its_rows():
    tables = flat_list()
    rows = training_rows(flat_config(tables), tables)
    assert rows.frame["lead_id"].to_list() == ["b", "a", "c", "d", "e"]
    assert rows.frame.schema["as_of"] == INSTANT


@pytest.mark.parametrize("without", [(), ("created_at",)])
def test_a_flat_list_has_the_features_of_its_attributes_and_no_others(without):
    tables = flat_list(*without)
    config = flat_config(tables)
    trained = training_rows(config, tables)
    scored, left_out = scoring(config, flat_list(*without, "y"), instant("2024-06-01"))
    for rows in (trained, scored):
        assert [feature.name for feature in rows.features] == ["age", "job", "note_characters"]
    assert scored.frame["lead_id"].to_list() == ["a", "b", "c", "d", "e"]
    assert left_out.is_empty()
    columns = ["lead_id", "as_of", "age", "job", "note_characters"]
    assert_frame_equal(scored.frame.select(columns), trained.frame.select(columns), check_row_order=False)
