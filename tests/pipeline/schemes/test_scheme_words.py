"""Words of rule schemes: written in another language or with capitals, and those that no row holds."""

import polars as pl
import pytest

from features.schemes.conditions import parse_condition
from features.schemes.predicates import compile_condition
from pipeline.config.shipped import shipped
from pipeline.matrix.scheme_words import unmatched_words
from pipeline.schemes.scheme_files import read_scheme


def verdicts(condition, values, **parameters):
    frame = pl.DataFrame({"need": values}, schema={"need": pl.String})
    expr = compile_condition(parse_condition(condition), {"need": "category"}, parameters)
    return frame.select(holds=expr)["holds"].to_list()


@pytest.mark.parametrize(
    ("condition", "parameters"),
    [
        ("need = 'explicit'", {}),
        ("'explicit' = need", {}),
        ("need = '明确'", {}),
        ("need = :word", {"word": "explicit"}),
        ("need IN ('explicit', 'other')", {}),
        ("need IN (:word)", {"word": "明确"}),
        ("COALESCE(need, 'unknown') = 'explicit' AND need IS NOT NULL", {}),
        ("CASE WHEN need = 'explicit' THEN 3 ELSE 0 END = 3 AND need IS NOT NULL", {}),
        ("NOT need <> 'explicit'", {}),
    ],
)
def test_a_word_is_known_in_its_other_forms(condition, parameters):
    held = ["明确", "explicit", "Explicit", "EXPLICIT", "潜在", "explicitly", "", None]
    found = verdicts(condition, held, **parameters)
    assert found[:7] == [True] * 4 + [False] * 3
    assert not found[7]


@pytest.mark.parametrize(
    ("word", "other"), [("latent", "潜在"), ("none", "无"), ("high", "高"), ("medium", "中"), ("no", "否")]
)
def test_all_words_of_the_shipped_schemes(word, other):
    assert verdicts(f"need = '{word}'", [other, word, "明确"]) == [True, True, False]


def test_a_pattern_and_a_teams_own_words_are_taken_as_they_are():
    assert verdicts("need LIKE '高%'", ["高", "高级", "high"]) == [True, True, False]
    assert verdicts("need = '需求强烈'", ["需求强烈", "明确"]) == [True, False]


SCHEME = shipped("schemes/need_timing.yaml")


def test_a_column_whose_words_no_rule_knows_is_named_with_its_words():
    scheme = read_scheme(SCHEME)
    column = next(name for name in scheme.columns if name == "need")
    (told,) = unmatched_words([scheme], pl.DataFrame({column: ["强", "强", "弱", None, "13800138021"]}))
    assert told.startswith("warning: by the rules of need_timing need may be 'explicit', and it never is; ")
    assert "the column holds '强'" in told
    assert "'弱'" in told
    assert "13800138021" not in told


@pytest.mark.parametrize("values", [["明确", "强"], ["Explicit"], ["latent"], [None], []])
def test_columns_that_a_rule_knows_or_that_hold_nothing_are_not(values):
    frame = pl.DataFrame({"need": values}, schema={"need": pl.String})
    assert unmatched_words([read_scheme(SCHEME)], frame) == ()


def test_columns_that_are_not_there_or_no_words_are_not():
    assert unmatched_words([read_scheme(SCHEME)], pl.DataFrame({"need": [1, 2]})) == ()
    assert unmatched_words([read_scheme(SCHEME)], pl.DataFrame({"other": ["x"]})) == ()


def test_what_stands_for_a_missing_value_is_no_word_of_the_column():
    schemes = [read_scheme(shipped(f"schemes/{name}.yaml")) for name in ("close_window", "intention")]
    frame = pl.DataFrame({"refusal_reason": ["价格太高", None], "need": ["强", "弱"]})
    (told,) = unmatched_words(schemes, frame)
    assert told.startswith(
        "warning: by the rules of close_window, intention need may be 'explicit', 'latent', and"
    )
