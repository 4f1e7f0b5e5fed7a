"""Explanations, learned edges, statuses and thresholds of rule schemes."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import slow_explained
from laws.golden_leads import EDGES, random_leads

from features.catalog import features_of
from features.schemes.compiled import compile_scheme, grade_frame
from features.schemes.conditions import parse_condition
from features.schemes.edges import learn_edges
from features.schemes.explained import explain
from features.schemes.value_text import value_texts
from pipeline.commands.catalogue import scheme_parts, scheme_table
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.errors import ConfigError
from pipeline.intake.staged_tables import all_features
from pipeline.schemes.scheme_files import read_scheme, read_schemes, shipped_names
from pipeline.schemes.scheme_grades import GradedBy, explanations, ranked_grades

DEMO = shipped("demo.yaml")
KINDS = {feature.name: feature.kind for feature in features_of(all_features(read_config(DEMO)))}


@cache
def shipped(name, **parameters):
    return compile_scheme(read_scheme(shipped("schemes") / f"{name}.yaml"), KINDS, parameters)


def leads(compiled, *rows):
    """Rows with what they say; everything else that the scheme reads is missing."""
    frame = pd.DataFrame(list(rows))
    for column in compiled.columns:
        kind = "str" if KINDS[column] == "category" else "float64"
        given = frame[column] if column in frame else pd.Series(None, index=frame.index, dtype="object")
        frame[column] = given.astype(kind)
    return frame


def test_a_grade_is_explained_by_the_rule_that_fired_and_what_it_read():
    compiled = shipped("close_window")
    frame = leads(
        compiled,
        {"need": "explicit", "days_until_expected_close_date": 12.5},
        {"need": "explicit"},
        {"need": "unheard of", "days_until_expected_close_date": 5.0},
    ).set_axis(["x", "y", "z"])
    told = explain(compiled, frame)
    assert told["label"].to_dict() == {"x": "A", "y": "ungraded", "z": "ungraded"}
    assert told["rule"]["x"] == 5
    assert told["rule"].isna().to_list() == [False, True, True]
    assert told["because"]["x"] == "need=explicit; days_until_expected_close_date=12.5"
    assert (told["why_en"]["y"], told["because"]["y"]) == (
        "a fact is missing",
        "days_until_expected_close_date=-",
    )
    assert told["why_en"]["z"] == "no rule applies"
    assert told["because"]["z"].startswith("need=unheard of")


def test_the_note_is_told_in_both_languages_and_the_default_says_so():
    visit = shipped("visit")
    told = explain(
        visit,
        leads(
            visit,
            {"refusals_last_call": 2.0},
            {"key_person_reached": "yes", "calls_total": 1.0, "orders_total": 0.0},
        ),
    )
    assert told[["rule", "why_en"]].to_numpy().tolist() == [
        [1, "refused in the latest connected call"],
        [0, "none of the rules applies"],
    ]
    assert told["why_zh"][0] == "最近接通时拒绝"
    assert told["because"][0] == "refusals_last_call=2"


def test_points_are_told_with_what_they_are_made_of():
    points = shipped("home_buyer_points")
    frame = leads(points, {"economic_strength": "strong", "need": "explicit"})
    assert explain(points, frame)["because"][0].startswith(
        "points=8; economic_strength=strong; need=explicit"
    )


def test_flags_stand_beside_the_label_and_change_nothing():
    readiness = shipped("readiness")
    frame = leads(
        readiness,
        {"agreed": "yes", "key_person_reached": "yes"},
        {"agreed": "yes", "key_person_reached": "no"},
        {"agreed": "yes"},
    )
    told = explain(readiness, frame)
    assert told["label"].to_list() == ["confirmed"] * 3
    assert told["flags"].to_list() == ["decision maker reached 已联系到决策人", "", ""]


def test_explanations_agree_with_the_grades():
    graded = [GradedBy(one.scheme, one) for one in (shipped("close_window"), shipped("need_timing"))]
    columns = {c for one in graded for c in one.compiled.columns}
    frame = pd.DataFrame({"lead_id": ["l1", "l2"], "need": ["explicit", "latent"]})
    days = {c for c in columns if c.startswith("days_")}
    frame = frame.assign(**{c: [3.0, np.nan] for c in days})
    frame = frame.assign(**{c: pd.Series([None, "none"], dtype="str") for c in columns - days - {"need"}})
    told = explanations(frame, graded).pivot(index="lead_id", columns="scheme", values="label")
    labels = grade_frame(frame, [one.compiled for one in graded])
    assert told["close_window"].to_list() == labels["scheme_close_window"].to_list() == ["A", "D"]
    assert told["need_timing"].to_list() == labels["scheme_need_timing"].to_list() == ["immediate", "nurture"]
    assert explanations(frame, []).empty


def customers(values):
    n = len(values)
    return pd.DataFrame(
        {
            "lead_id": [f"L{i}" for i in range(n)],
            "as_of": 1,
            "amount_total": values,
            "orders_total": 1.0,
            "calls_total": 0.0,
            "talk_s_total": 0.0,
            "days_since_first_order": 0.0,
        }
    )


def test_edges_are_shares_of_the_customers():
    scheme = read_scheme(shipped("schemes") / "abc_value.yaml")
    frame = customers(np.arange(1.0, 101.0))
    never = customers([10_000.0] * 50).assign(orders_total=0.0, days_since_first_order=np.nan)
    older = frame.assign(as_of=0, amount_total=5_000.0)
    edges = learn_edges(
        scheme, KINDS, pd.concat([frame, never.assign(lead_id="n" + never["lead_id"]), older])
    )
    assert edges == {"a_edge": 95.0, "c_edge": 20.0}
    compiled = compile_scheme(scheme, KINDS, edges)
    graded = grade_frame(frame, [compiled])["scheme_abc_value"].value_counts().to_dict()
    assert graded == {"B": 75, "C": 20, "A": 5}
    wider = scheme.with_parameters({"top_share": 0.5})
    assert learn_edges(wider, KINDS, frame)["a_edge"] == 50.0
    assert learn_edges(scheme, KINDS, never) == {}
    with pytest.raises(ValueError, match="top_share is 2"):
        learn_edges(scheme.with_parameters({"top_share": 2.0}), KINDS, frame)


def test_a_status_is_shown_and_never_ranked():
    exhibition, lifecycle, dealer = (shipped(name) for name in ("exhibition", "lifecycle", "dealer"))
    graded = [GradedBy(one.scheme, one) for one in (exhibition, lifecycle, dealer)]
    row = {"contract_signed": "yes", "orders_total": 1.0, "days_since_order": 0.5}
    frame = leads(exhibition, row)
    for one in (lifecycle, dealer):
        frame = leads(one, frame.iloc[0].to_dict())
        frame = frame.assign(**{c: frame.get(c) for c in one.columns})
    frame = frame.assign(**{c: leads(exhibition, row)[c] for c in exhibition.columns})
    frame = frame.assign(**{c: leads(dealer, row)[c] for c in dealer.columns})
    frame = frame.assign(**{c: leads(lifecycle, row)[c] for c in lifecycle.columns})
    shown = grade_frame(frame, [one.compiled for one in graded]).iloc[0].to_dict()
    assert shown == {"scheme_exhibition": "signed", "scheme_lifecycle": "active", "scheme_dealer": "H"}
    by_order = ranked_grades(frame, graded, orders_close=True).iloc[0].to_dict()
    assert by_order == {"scheme_exhibition": "signed", "scheme_dealer": "ungraded"}
    by_contract = ranked_grades(frame, graded, orders_close=False).iloc[0].to_dict()
    assert by_contract == {"scheme_exhibition": "ungraded", "scheme_dealer": "ungraded"}


def test_the_field_s_status_schemes_are_statuses():
    schemes = read_schemes(["all"], Path())
    assert {one.id for one in schemes if one.use == "status"} == {"purchase_stage", "lifecycle", "service"}
    nominal = {one.id for one in schemes if not one.order}
    assert {"relationship", "personality", "home_buyer", "industry", "region"} <= nominal
    assert read_scheme(shipped("schemes") / "robot_dialogue.yaml").order == ("A", "B", "C")


def test_terms_are_parsed_in_order_and_stand_for_their_expression():
    half = parse_condition("x / 2")
    twice = parse_condition("half + half", {"half": half})
    condition = parse_condition("twice >= :cut", {"half": half, "twice": twice})
    assert (condition.columns, condition.parameters, condition.terms) == (("x",), ("cut",), ("twice",))
    doubled = {"t0": parse_condition("x + x + x + x")}
    for k in range(1, 6):
        doubled[f"t{k}"] = parse_condition(f"t{k - 1} + t{k - 1}", doubled)
    with pytest.raises(ValueError, match="parts, more than 600"):
        parse_condition("t5 + t5 + t5", doubled)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("term: value, among", "term: worth, among", "edge a_edge: unknown term 'worth'"),
        ("share: top_share", "share: topshare", "no rule reads parameter 'top_share'|unknown"),
        ("margin * (1", "sha(1) * (1", "term value: not allowed in a condition: function SHA"),
        ("value > :a_edge", "value > :a_edg", "rule 1: unknown parameter :a_edg; did you mean a_edge"),
    ],
)
def test_wrong_terms_and_edges_are_told_with_their_place(tmp_path, old, new, said):
    text = (shipped("schemes") / "abc_value.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "own.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        read_scheme(path)


def test_thresholds_are_changed_in_the_configuration():
    (changed,) = read_schemes(["robot_intent"], Path(), {"robot_intent": {"many_questions": 3}})
    assert changed.parameters["many_questions"] == 3
    assert read_scheme(shipped("schemes") / "robot_intent.yaml").parameters["many_questions"] == 2
    for changes, said in [
        ({"robot_intend": {}}, "scheme_parameters.robot_intend: no such scheme is used; did you mean"),
        ({"robot_intent": {"many": 3}}, "scheme_parameters.robot_intent: unknown parameter 'many'"),
        ({"robot_intent": {"many_questions": "3"}}, "parameter many_questions is '3'; give one like 2"),
        ({"robot_intent": {"wechat_lifts_to_a": 1}}, "parameter wechat_lifts_to_a is 1"),
    ]:
        with pytest.raises(ConfigError, match=said):
            read_schemes(["robot_intent"], Path(), changes)
    with pytest.raises(ConfigError, match="monetary_low is learned"):
        read_schemes(["consumption"], Path(), {"consumption": {"monetary_low": 3.0}})


def test_all_names_every_shipped_scheme():
    assert tuple(one.id for one in read_schemes(["all"], Path())) == shipped_names()
    assert scheme_table()["scheme"].to_list() == list(shipped_names())


@pytest.mark.parametrize("name", shipped_names())
def test_a_scheme_can_be_read_as_tables(name):
    parts = scheme_parts(name, DEMO)
    scheme = read_scheme(shipped("schemes") / f"{name}.yaml")
    assert parts["labels"]["label"].to_list() == list(scheme.label_ids)
    assert parts["rules"]["label"].to_list()[:-1] == [rule.label for rule in scheme.rules]
    assert not parts["labels"].map(lambda text: text == "").any(axis=None)


def test_the_tables_show_the_configuration_s_thresholds():
    thresholds = scheme_parts("region", DEMO)["thresholds"].set_index("parameter")["value"]
    assert thresholds.to_dict() == {"local_region": "华东"}
    assert scheme_parts("region")["thresholds"]["value"].to_list() == ["local"]


def test_a_rule_over_terms_that_can_never_win_is_refused(tmp_path):
    text = (shipped("schemes") / "home_buyer_points.yaml").read_text(encoding="utf-8")
    path = tmp_path / "own.yaml"
    path.write_text(text.replace("points >= :a_points", "points >= :c_points + 0", 1), encoding="utf-8")
    with pytest.raises(ConfigError, match="no rule reads parameter 'a_points'"):
        read_scheme(path)
    path.write_text(text.replace("a_points: 10", "a_points: 6"), encoding="utf-8")
    with pytest.raises(ValueError, match="home_buyer_points, rule 2 can never win"):
        compile_scheme(read_scheme(path), KINDS)


def test_a_personality_is_told_in_shares():
    personality = shipped("personality")
    cues = {"dominant_cues_total": 3.0, "amiable_cues_total": 1.0}
    rest = {"expressive_cues_total": 0.0, "analytical_cues_total": 0.0, "personality_cue": "dominant"}
    told = explain(personality, leads(personality, cues | rest))
    assert told["because"][0].startswith("dominant_share=0.75; amiable_share=0.25; expressive_share=0;")
    assert (told["why_en"][0], told["why_zh"][0]) == ("dominant", "支配型")


@pytest.mark.parametrize("name", shipped_names())
def test_every_explanation_is_the_slow_reference_s(name):
    compiled = shipped(name, **EDGES.get(name, {}))
    rng = np.random.default_rng(5)
    rows = random_leads(5, 300).assign(row=range(300)).drop(columns="row")
    numbers = [column for column in compiled.columns if KINDS[column] == "number"]
    odd = rows.assign(
        **{column: rows[column] * rng.choice([1, -1, 0.1, 1 / 3, 1e7], 300) for column in numbers}
    )
    for frame in (rows, odd.set_axis([f"r{i}" for i in range(300)]), rows.iloc[:1], rows.iloc[:0]):
        pd.testing.assert_frame_equal(explain(compiled, frame), slow_explained.explain(compiled, frame))
    assert explain(compiled, rows.iloc[:0]).shape == (0, 6)


NUMBERS = st.one_of(
    st.floats(),
    st.integers(-(10**7), 10**7).map(float),
    st.builds(lambda whole, tens: whole / 10.0**tens, st.integers(-(10**8), 10**8), st.integers(0, 12)),
    # The middle between two numbers of six digits, and its neighbours.
    st.builds(
        lambda six, tens, step: np.nextafter((six + 0.5) / 10.0**tens, step),
        st.integers(0, 10**6),
        st.integers(0, 9),
        st.sampled_from([-np.inf, np.inf]),
    ),
    st.sampled_from(
        [0.0, 999999.0, 999999.4999, 999999.5, 1e6, 1e-3, 9.999995, 9.9999949999, 1e-4, 1e22, np.inf]
    ),
)


@given(st.lists(NUMBERS, max_size=30))
@settings(max_examples=300, deadline=None)
def test_a_number_is_written_as_by_itself(values):
    expected = [slow_explained.text(value) for value in values]
    assert value_texts(pl.Series(values, dtype=pl.Float64)).to_list() == expected


def test_texts_and_flags_are_written_as_they_are():
    assert value_texts(pl.Series(["a", None, ""])).to_list() == ["a", "-", ""]
    assert value_texts(pl.Series([True, None])).to_list() == ["True", "-"]
    assert value_texts(pl.Series([3, None])).to_list() == ["3", "-"]
