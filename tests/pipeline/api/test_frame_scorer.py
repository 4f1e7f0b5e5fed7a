"""A scorer of frames takes numbers of any kind, and names what is missing, misspelt or unknown."""

import pandas as pd
import pytest
from support.hazard_world import simulate
from support.small_scorer import train, with_orders

from pipeline import api
from pipeline.api.frame_scorer import FrameScorer
from pipeline.errors import ScoringError


@pytest.fixture(scope="module")
def scorer():
    return FrameScorer(train(), "the small one")


@pytest.fixture(scope="module")
def frame():
    found = with_orders(simulate(seed=99)).head(60)
    return found.assign(orders_total=found["orders_total"].round())


def test_a_saved_scorer_grades_a_frame_in_one_line(scorer, frame, tmp_path):
    scorer.scorer.save(tmp_path / "scorer")
    graded = api.scorer(tmp_path / "scorer").grade(frame, reasons=0)
    pd.testing.assert_frame_equal(graded, scorer.scorer.score(frame))


@pytest.mark.parametrize("dtype", ["int64", "int8", "Int64", "Float64", "float32", "uint16"])
def test_whole_numbers_of_any_kind_are_the_same_numbers(scorer, frame, dtype):
    other = frame.assign(orders_total=frame["orders_total"].astype(dtype))
    pd.testing.assert_frame_equal(scorer.grade(other), scorer.grade(frame))


@pytest.mark.parametrize("dtype", ["bool", "boolean"])
def test_yes_and_no_are_one_and_nought(scorer, frame, dtype):
    marks = frame["orders_total"] > 0
    as_numbers, as_flags = (frame.assign(orders_total=marks.astype(kind)) for kind in ("float64", dtype))
    pd.testing.assert_frame_equal(scorer.grade(as_flags), scorer.grade(as_numbers))


def test_categories_are_what_they_stand_for(scorer, frame):
    texts = [name for name in scorer.columns if name in scorer.scorer.model.inputs_.categories]
    assert texts
    coded = frame.assign(**{name: frame[name].astype("category") for name in texts})
    coded["orders_total"] = coded["orders_total"].astype("category")
    pd.testing.assert_frame_equal(scorer.grade(coded), scorer.grade(frame))


def test_what_is_missing_in_a_nullable_column_stays_missing(scorer, frame):
    holes = frame["orders_total"].where(frame.index % 2 == 0)
    nullable = frame.assign(orders_total=holes.astype("Int64"))
    pd.testing.assert_frame_equal(scorer.grade(nullable), scorer.grade(frame.assign(orders_total=holes)))


def test_a_misspelt_column_is_named_with_the_one_that_it_is_meant_for(scorer, frame):
    with pytest.raises(ScoringError, match=r"unknown column 'orders_totl' \(did you mean 'orders_total'\?\)"):
        scorer.grade(frame.rename(columns={"orders_total": "orders_totl"}))


def test_an_unknown_column_and_one_that_is_there_twice_are_refused(scorer, frame):
    with pytest.raises(ScoringError, match="unknown column 'phone'; drop it"):
        scorer.grade(frame.assign(phone="19900000001"))
    with pytest.raises(ScoringError, match="two columns 'orders_total'"):
        scorer.grade(pd.concat([frame, frame[["orders_total"]]], axis=1))


def test_text_for_numbers_is_refused_with_its_name(scorer, frame):
    with pytest.raises(ScoringError, match="numbers expected in: orders_total"):
        scorer.grade(frame.assign(orders_total="many"))


def test_a_notebook_shows_which_scorer_it_is_and_what_its_grades_say(scorer):
    shown = scorer._repr_html_()
    assert "the small one" in shown
    assert "closes within 30 days with a chance of 30% or more" in shown


def test_a_folder_without_a_scorer_is_refused(tmp_path):
    with pytest.raises(ScoringError, match=r"scorer\.json"):
        api.scorer(tmp_path)
