"""The best call in a window, in the place of the latest connected call."""

from datetime import timedelta
from pathlib import Path

import polars as pl
from hypothesis import HealthCheck, given, settings
from support.small_worlds import ATTRIBUTES, START, frame, worlds

from features.catalog import catalog, features_of
from features.matrix.build import build_matrix
from features.schemes.best_call import with_best_call
from features.schemes.compiled import compile_scheme
from features.staging.staging import stage_tables
from pipeline.config.shipped import shipped
from pipeline.matrix.dataset import to_pandas
from pipeline.schemes.scheme_files import read_scheme, read_schemes
from pipeline.schemes.scheme_grades import GradedBy, explanations, rule_grades

FEATURES = features_of(catalog(ATTRIBUTES))
KINDS = {feature.name: feature.kind for feature in FEATURES}
LATEST = read_scheme(shipped("schemes") / "robot_intent.yaml")
READ = [one for one in FEATURES if one.name in {*LATEST.columns, "days_since_answered_call"}]
(BEST,) = read_schemes(["robot_intent"], Path(), {"robot_intent": {"best_call_days": 30}})


def calls(*rows):
    """Calls of lead L0: the day, the status, intent questions and the outcome of the invitation."""
    return frame(
        "calls",
        [
            {
                "call_id": f"C{i}",
                "lead_id": "L0",
                "started_at": START + timedelta(days=day),
                "duration_ms": 60_000,
                "status": status,
                "intent_questions": asked,
                "questions": asked,
                "refusals": 0,
                "invitation": invitation,
                "hung_up_by": "agent",
                "asked_sms": False,
                "asked_wechat": False,
                "asked_callback": False,
            }
            for i, (day, status, asked, invitation) in enumerate(rows)
        ],
    )


def graded(tables, spine, scheme):
    staged = stage_tables(tables, ATTRIBUTES)
    matrix = build_matrix(staged, spine, READ)
    compiled = compile_scheme(scheme, KINDS)
    if scheme.grades_best_call:
        matrix = with_best_call(matrix, staged, FEATURES, compiled)
    return to_pandas(matrix), [GradedBy(scheme, compiled)]


def labels(tables, spine, scheme):
    return rule_grades(*graded(tables, spine, scheme))["scheme_robot_intent"].to_list()


def one_lead(rows, day):
    lead = frame("leads", [{"lead_id": "L0", "created_at": START}])
    tables = {name: frame(name, []) for name in ("orders", "stages", "facts")}
    tables |= {"leads": lead, "calls": calls(*rows)}
    spine = pl.DataFrame(
        {"lead_id": ["L0"], "owner_id": ["lead:L0"], "as_of": [START + timedelta(days=day)]},
        schema={"lead_id": pl.String, "owner_id": pl.String, "as_of": pl.Datetime("us", "UTC")},
    )
    return tables, spine


def both(rows, day):
    tables, spine = one_lead(rows, day)
    return labels(tables, spine, LATEST) + labels(tables, spine, BEST)


KEEN = (10, "answered", 2, "accepted")


def test_the_best_call_of_the_window_counts_and_then_falls_out_of_it():
    poor = (20, "answered", 0, "none")
    assert both([KEEN, poor], 30) == ["D", "A"]
    assert both([KEEN, poor], 40) == ["D", "A"]
    assert both([KEEN, poor], 40.1) == ["D", "D"]


def test_calls_that_are_not_known_yet_do_not_count():
    assert both([(5, "answered", 1, "none"), KEEN], 10) == ["C", "C"]


def test_the_newest_status_of_a_dead_number_overrides_the_best_call():
    assert both([KEEN, (20, "empty_number", 0, "none")], 25) == ["F", "F"]
    assert both([KEEN, (20, "no_answer", 0, "none")], 25) == ["A", "A"]


def test_where_no_call_connected_in_the_window_the_latest_call_is_graded_as_ever():
    assert both([KEEN], 60) == ["A", "A"]
    assert both([(20, "no_answer", 0, "none")], 25) == ["E", "E"]
    assert both([], 25) == ["ungraded", "ungraded"]


def test_the_explanation_tells_of_the_best_call():
    tables, spine = one_lead([KEEN, (20, "answered", 0, "none")], 30)
    told = explanations(*graded(tables, spine, BEST)).iloc[0]
    assert (told["label"], told["rule"]) == ("A", 4)
    assert told["because"] == "intent_questions_last_call=2; invitation_last_call=accepted"


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_the_best_call_is_never_worse_than_a_latest_call_in_the_window_and_does_not_depend_on_the_batch(
    world,
):
    tables, spine = world
    rank = {label: place for place, label in enumerate([*"ABCDEF", "ungraded"])}
    staged = stage_tables(tables, ATTRIBUTES)
    matrix = build_matrix(staged, spine, READ)
    recent = (matrix["days_since_answered_call"] <= 30).fill_null(value=False).to_list()
    best = labels(tables, spine, BEST)
    for ours, latest, near in zip(best, labels(tables, spine, LATEST), recent, strict=True):
        # Two calls that ended at one instant are one: their latest.
        assert rank[ours] <= rank[latest] if near else ours == latest
    assert best == [labels(tables, spine[i], BEST)[0] for i in range(spine.height)]
