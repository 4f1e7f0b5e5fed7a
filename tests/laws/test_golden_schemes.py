from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws.golden_leads import GOLDEN, KINDS, ROBOT_COLUMNS, leads_of, random_leads, shipped_scheme

from features.schemes.compiled import apply, availability, compile_scheme, grade_frame
from features.schemes.conditions import parse_condition
from features.schemes.declaration import UNGRADED, BilingualText, Label, Playbook, Rule, Scheme
from pipeline.config.shipped import shipped
from pipeline.errors import ConfigError
from pipeline.schemes.scheme_files import read_scheme, read_schemes, shipped_names


def test_every_shipped_scheme_has_a_table():
    assert set(GOLDEN) == set(shipped_names())


@pytest.mark.parametrize("name", GOLDEN)
def test_a_shipped_scheme_grades_as_its_table_says(name):
    leads = leads_of(*GOLDEN[name])
    graded = grade_frame(leads, [shipped_scheme(name)], rules=True)
    found = pd.DataFrame({"grade": graded[f"scheme_{name}"], "rule": graded[f"scheme_{name}_rule"]})
    pd.testing.assert_frame_equal(found, leads[["grade", "rule"]])


@pytest.mark.parametrize("name", GOLDEN)
def test_a_table_draws_every_rule(name):
    switched_off = {5} if name == "robot_intent" else set()  # drawn below, with its parameter
    rules = range(1, len(shipped_scheme(name).scheme.rules) + 1)
    assert set(rules) - switched_off <= set(leads_of(*GOLDEN[name])["rule"])


@pytest.mark.parametrize("name", GOLDEN)
def test_a_table_draws_the_default_and_the_ungraded_lead(name):
    drawn = leads_of(*GOLDEN[name])["rule"]
    assert (drawn == 0).any() == (shipped_scheme(name).scheme.default is not None)
    # A lead of which nothing is known is a prospect.
    assert drawn.isna().any() == (name != "service")


def _grade(name: str, table: str, renamed: dict[str, str], **parameters: float | bool) -> list[str]:
    graded = grade_frame(leads_of(table, renamed), [shipped_scheme(name, **parameters)])
    return graded[f"scheme_{name}"].to_list()


def test_a_parameter_lifts_sms_and_wechat_to_a():
    table = """
    newest   status   intent any invitation sms wechat later refused hung_up  talk_s
    answered answered 0      0   none       1   0      0     0       customer 60
    answered answered 0      0   none       0   1      0     3       customer 60
    answered answered 2      2   none       0   0      0     0       customer 60
    answered answered 0      0   accepted   0   0      0     0       customer 60
    """
    assert _grade("robot_intent", table, ROBOT_COLUMNS, wechat_lifts_to_a=True) == ["A", "A", "B", "B"]
    assert _grade("robot_intent", table, ROBOT_COLUMNS) == ["B", "B", "B", "B"]


def test_a_parameter_gives_thirty_days_instead_of_the_calendar_month():
    table = """
    need     days_until_expected_close_date months_until_expected_close_date
    explicit 30                             1
    explicit 30.01                          0
    explicit 0                              0
    explicit -0.01                          0
    """
    frame = leads_of(table)
    frame = frame.reindex(columns=shipped_scheme("dealer").columns)
    for name in frame.columns:
        frame[name] = frame[name].astype("str" if KINDS[name] == "category" else "float64")
    by_month, by_days = (
        grade_frame(frame, [shipped_scheme("dealer", calendar_month=choice)])["scheme_dealer"].to_list()
        for choice in (True, False)
    )
    assert by_month == ["C", "A", "A", "C"]
    assert by_days == ["A", "C", "A", "C"]


def test_thresholds_are_parameters():
    table = """
    newest   status   intent any invitation sms wechat later refused hung_up  talk_s
    answered answered 2      2   accepted   0   0      0     0       customer 60
    answered answered -      -   -          -   -      -     -       customer 8
    """
    changed = {"many_questions": 3, "quick_hangup_s": 8}
    assert _grade("robot_intent", table, ROBOT_COLUMNS, **changed) == ["B", "D"]


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_file_is_complete(name):
    scheme = read_scheme(shipped("schemes") / f"{name}.yaml")
    assert scheme.id == name
    assert availability(scheme, KINDS) == ()
    for label in scheme.labels:
        for text in (label.name.zh, label.playbook.action.zh):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_every_lead_gets_one_label_or_is_ungraded(seed):
    schemes = [shipped_scheme(name) for name in shipped_names()]
    graded = grade_frame(random_leads(seed), schemes, rules=True)
    for compiled in schemes:
        scheme, name = compiled.scheme, f"scheme_{compiled.scheme.id}"
        for label, rule in zip(graded[name], graded[f"{name}_rule"], strict=True):
            if np.isnan(rule):
                assert label == UNGRADED
            else:
                assert label == (scheme.default if rule == 0 else scheme.rules[int(rule) - 1].label)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("robot_intent", ["intent_questions_last_call"]),
        ("robot_flow", ["questions_last_call"]),
        ("robot_flow", ["substantive_replies_last_call"]),
        ("robot_flow", ["questions_last_call", "substantive_replies_last_call"]),
        ("robot_dialogue", ["intent_questions_last_call"]),
        ("robot_dialogue", ["intent_questions_last_call", "questions_last_call"]),
        ("robot_dialogue", ["affirmative_answers_last_call"]),
    ],
)
@given(st.booleans(), st.integers(0, 10_000), st.integers(1, 3))
@settings(max_examples=20, deadline=None)
def test_more_interest_never_lowers_a_robots_grade(name, asked, lifted, seed, more):
    changed = {"wechat_lifts_to_a": lifted} if name == "robot_intent" else {}
    compiled = shipped_scheme(name, **changed)
    before = random_leads(seed)
    after = before.assign(**{column: before[column] + more for column in asked})
    scheme = compiled.scheme
    last = len(scheme.order)
    rank = dict.fromkeys(scheme.label_ids, last) | {label: i for i, label in enumerate(scheme.order)}
    low, high = (
        grade_frame(frame, [compiled])[f"scheme_{name}"].map(rank | {UNGRADED: last + 1}).to_numpy()
        for frame in (before, after)
    )
    assert (high <= low).all()


def _scheme(*rules: tuple[str, str], default: str | None = None, **parameters: float | str | bool) -> Scheme:
    words = BilingualText("x", "某")
    named = dict.fromkeys([label for label, _ in rules] + ([default] if default else []))
    return Scheme(
        id="own",
        name=words,
        scope=words,
        use="grade",
        ordered=True,
        labels=tuple(Label(label, words, Playbook(words, None, "none")) for label in named),
        rules=tuple(Rule(label, parse_condition(when)) for label, when in rules),
        default=default,
        parameters=parameters,
    )


def _own(scheme: Scheme, **columns: list[float | None]) -> tuple[list[str], list[int | None]]:
    compiled = compile_scheme(scheme, dict.fromkeys(columns, "number"))
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.Float64))
    graded = apply(compiled, frame, rules=True)
    return graded["scheme_own"].to_list(), graded["scheme_own_rule"].to_list()


def test_the_default_is_for_leads_whose_rules_are_all_false():
    scheme = _scheme(("A", "x > 5"), ("B", "y > 5"), default="C")
    labels, rules = _own(scheme, x=[6, 0, None, None, 0], y=[0, 0, 9, 0, None])
    assert labels == ["A", "C", "B", UNGRADED, UNGRADED]
    assert rules == [1, 0, 2, None, None]


def test_without_a_default_a_lead_that_no_rule_takes_is_ungraded():
    assert _own(_scheme(("A", "x > 5")), x=[6, 0]) == (["A", UNGRADED], [1, None])


def test_grading_keeps_rows_and_index_and_changes_nothing_else():
    frame = pd.DataFrame({"x": [1.0, 9.0], "other": ["p", "q"]}, index=["l2", "l1"])
    before = frame.copy()
    always = _scheme(("A", "TRUE"))
    graded = grade_frame(frame, [compile_scheme(always, {})])
    assert graded["scheme_own"].to_dict() == {"l2": "A", "l1": "A"}
    assert str(graded["scheme_own"].dtype) == "str"
    pd.testing.assert_frame_equal(frame, before)
    assert grade_frame(frame.iloc[:0], [compile_scheme(always, {})]).shape == (0, 1)
    assert grade_frame(frame, []).shape == (2, 0)


def test_a_scheme_is_unavailable_for_want_of_columns():
    compiled = shipped_scheme("close_window")
    assert availability(compiled.scheme, ["need"]) == (
        "no_chance",
        "refusal_reason",
        "last_call_status",
        "days_until_expected_close_date",
    )
    with pytest.raises(ValueError, match=r"close_window reads no_chance, .*_close_date, which the data"):
        grade_frame(pd.DataFrame({"need": ["latent"]}), [compiled])


@pytest.mark.parametrize(
    ("rules", "dead"),
    [
        ([("A", "x >= 1"), ("B", "x >= 2")], 2),
        ([("A", "1 = 1"), ("B", "x >= 2")], 2),
        ([("A", "x < :cut"), ("B", "x >= :cut"), ("C", "x = 0")], 3),
        ([("A", "x IS NULL OR x IS NOT NULL"), ("B", "x + y > 2 OR y = 1"), ("C", "x = 1")], 3),
        ([("A", "x >= 1"), ("B", "y > 0"), ("C", "y > 0 AND x > 3")], 3),
        ([("A", "(x = 1)"), ("B", "x = 1")], 2),
        ([("A", ":on_top AND x > 0"), ("B", "x > 0"), ("C", "x > 1")], 3),
    ],
)
def test_a_rule_that_can_never_win_is_refused(rules, dead):
    used = {name: value for name, value in {"cut": 5, "on_top": True}.items() if f":{name}" in str(rules)}
    with pytest.raises(ValueError, match=f"scheme own, rule {dead} can never win"):
        compile_scheme(_scheme(*rules, **used), {"x": "number", "y": "number"})


@pytest.mark.parametrize(
    "rules",
    [
        [("A", "x >= 2"), ("B", "x >= 1")],
        [("A", "x > 1 AND y > 1"), ("B", "x > 1")],
        [("A", "x / 1000 < 5"), ("B", "x < 5000")],
        [("A", "x > y"), ("B", "x > 1 AND y < 1")],
        [("A", "COALESCE(x, 0) >= 0.5"), ("B", "COALESCE(x, 1) >= 0.5")],
        [("A", "x <= 0.2 OR x >= 0.21"), ("B", "x < 3")],
        [("A", ":on_top AND x > 0"), ("B", "x > 0")],
    ],
)
def test_a_rule_that_can_win_may_stay(rules):
    for on_top in (True, False):
        used = {"on_top": on_top} if ":on_top" in str(rules) else {}
        compile_scheme(_scheme(*rules, **used), {"x": "number", "y": "number"})


def test_parameters_are_checked():
    rfm = read_scheme(shipped("schemes") / "rfm.yaml")
    with pytest.raises(ValueError, match="scheme rfm needs the learned parameter monetary_edge_3"):
        compile_scheme(rfm, KINDS, {"recency_edge_2": 1.0, "frequency_edge_3": 1.0})
    robot = read_scheme(shipped("schemes") / "robot_intent.yaml")
    with pytest.raises(ValueError, match="no parameter 'many_question'; did you mean many_questions"):
        compile_scheme(robot, KINDS, {"many_question": 3})
    for name, value in {"many_questions": "3", "quick_hangup_s": True, "wechat_lifts_to_a": 1}.items():
        with pytest.raises(ValueError, match=f"parameter {name} is {value!r}"):
            compile_scheme(robot, KINDS, {name: value})


def test_errors_name_scheme_and_rule():
    scheme = _scheme(("A", "x > 1"), ("B", "calls > 'many'"))
    with pytest.raises(ValueError, match="scheme own, rule 2: calls > 'many' mixes a number and a text"):
        compile_scheme(scheme, {"x": "number", "calls": "number"})
    with pytest.raises(ValueError, match="scheme own, rule 2: unknown column 'calls'; did you mean calls_7d"):
        compile_scheme(scheme, {"x": "number", "calls_7d": "number"})


def test_a_scheme_that_contradicts_itself_is_refused():
    good = _scheme(("A", "x > 5"), ("B", "x > :cut"), cut=1.0)
    a, b = good.rules
    for change, said in [
        ({"rules": (a, replace(b, label="X"))}, "rule 2: unknown label 'X'"),
        ({"rules": (a, replace(b, label="A"))}, "label 'B' has no rule"),
        ({"default": "X"}, "default: unknown label 'X'"),
        ({"labels": good.labels + good.labels[:1]}, "label 'A' stands twice"),
        ({"parameters": {}}, "rule 2: unknown parameter :cut"),
        ({"parameters": {"cut": 1.0, "idle": 2.0}}, "no rule reads parameter 'idle'"),
        ({"learned": ("cut",)}, "parameter 'cut' stands twice"),
        ({"rules": (a, b, replace(a, when=parse_condition("x  >5")))}, "rule 3 can never win: it repeats"),
        ({"rules": ()}, "at least one rule"),
    ]:
        with pytest.raises(ValueError, match=said):
            replace(good, **change)
    with pytest.raises(ValueError, match="label 'ungraded' is kept"):
        _scheme((UNGRADED, "x > 5"))


def _changed(tmp_path: Path, old: str, new: str) -> Path:
    text = (shipped("schemes") / "close_window.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "own.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("when: need = 'none'", "whenn: need = 'none'", r"rule 1: \w+: "),
        (
            "when: need = 'none'",
            "when: need = sha('none')",
            "rule 1: not allowed in a condition: function SHA",
        ),
        ("when: need = 'none'", "when: need = 'latent'", "rule 10 can never win: it repeats .* rule 1"),
        ("  - label: E", "  - label: G", "rule 1: unknown label 'G'"),
        ("a_within_days: 30", "a_within_days: [30]", r"parameters\.a_within_days: must be a number, a text"),
        ("channel: wechat", "channel: pigeon", "channel: unknown value"),
        ("cadence_days: 90", "cadence_days: -1", "cadence_days: must be greater than 0"),
        ("ordered: true", "ordered: 'true'", "ordered: must be true or false"),
        ("id: close_window", "id: ../x", "id: "),
    ],
)
def test_a_wrong_file_is_one_line_with_file_and_place(tmp_path, old, new, said):
    path = _changed(tmp_path, old, new)
    with pytest.raises(ConfigError, match=said) as error:
        read_scheme(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_schemes_are_read_by_name_or_path(tmp_path):
    path = _changed(tmp_path, "id: close_window", "id: ours")
    schemes = read_schemes(["robot_intent", path.name], tmp_path)
    assert [scheme.id for scheme in schemes] == ["robot_intent", "ours"]
    with pytest.raises(ConfigError, match="no scheme is called 'robot_intend'; did you mean robot_intent"):
        read_schemes(["robot_intend"], tmp_path)
    with pytest.raises(ConfigError, match="two schemes have the id 'rfm'"):
        read_schemes(["rfm", "rfm"], tmp_path)
