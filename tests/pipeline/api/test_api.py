"""The verbs in Python: on a configuration or on frames they answer what the command line writes."""

import subprocess
import sys

import pandas as pd
import pytest
import yaml
from support.tiny_list import tiny_in

from pipeline import api
from pipeline.api.answers import Answer
from pipeline.errors import ConfigError, SourceError


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny")
    path = tiny_in(folder)
    return path, api.train(path, record=False)


def as_mapping(path):
    """The configuration as keys and values; relative paths start in the working folder."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_it_is_imported_without_what_is_heavy():
    code = (
        "import sys, time; began = time.perf_counter(); from pipeline import api; "
        "took = time.perf_counter() - began; "
        "heavy = {'pandas', 'polars', 'numpy', 'lightgbm', 'mlflow', 'pydantic'} & set(sys.modules); "
        "sys.exit(f'{heavy} {took}' if heavy or took > 0.3 else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_training_tells_its_leaderboard_and_has_its_scorer(tiny):
    path, trained = tiny
    assert set(trained.tables) >= {"sources", "leaderboard", "grades"}
    saved = api.scorer(path.parent / "out" / "scorer")
    assert saved.scorer.fingerprint == trained.scorer.scorer.fingerprint
    assert api.scorer(path).scorer.fingerprint == saved.scorer.fingerprint
    assert "train: tiny" in trained._repr_html_()


def test_frames_in_the_place_of_files_give_the_same_list(tiny, monkeypatch):
    path, _ = tiny
    listed = pd.read_csv(path.parent / "list.csv")
    from_file = api.score(path)
    monkeypatch.chdir(path.parent)
    settings = as_mapping(path) | {"sources": {}}
    from_frames = api.score(settings, {"leads": listed})
    pd.testing.assert_frame_equal(from_frames.leads, from_file.leads)
    assert len(from_file.leads) + len(from_file.left_out) == len(listed)
    part = api.score(path, leads=listed.tail(30))
    expected = from_file.leads.set_index("lead_id")["score"].loc[part.leads["lead_id"]]
    assert part.leads.set_index("lead_id")["score"].equals(expected)
    assert not list(path.parent.glob("*leadgrade-*"))


def test_a_frame_of_features_is_graded_as_the_list_of_which_it_is(tiny):
    path, trained = tiny
    listed = pd.read_csv(path.parent / "list.csv")
    graded = trained.scorer.grade(listed[["lead_id", "x", "z"]], reasons=2)
    expected = api.score(path).leads
    pd.testing.assert_series_equal(graded["score"], expected["score"])
    assert graded["grade"].to_list() == expected["grade"].to_list()
    assert graded["reasons_up_en"].notna().any()


def test_check_and_compare_answer_tables(tiny):
    path, _ = tiny
    checked = api.check(path)
    assert checked["labels"]["rows"].to_list() == [700]
    assert checked["sources"].iloc[0]["rows used"] == 700
    compared = api.compare(path, against="own")
    assert len(compared["lines"]) == len(pd.read_csv(path.parent / "out" / "compare.csv"))
    with pytest.raises(KeyError, match=r"no table 'line'; there are lines"):
        compared["line"]


@pytest.mark.parametrize(
    ("frames", "error", "words"),
    [
        ({"lead": pd.DataFrame()}, ConfigError, "no source is called 'lead'; there are leads, calls"),
        ({"leads": pd.DataFrame({"x": [object()]})}, SourceError, "leads is no table of .* for column x"),
    ],
)
def test_frames_that_are_no_sources_are_refused(tiny, frames, error, words):
    path, _ = tiny
    with pytest.raises(error, match=words):
        api.check(path, frames)


def test_a_frame_that_is_no_table_is_refused_without_a_word_of_its_cells(tiny):
    path, _ = tiny
    mixed = pd.DataFrame({"phone": pd.Series(["19900000001", 5], dtype="object")})
    with pytest.raises(SourceError) as refused:
        api.check(path, {"leads": mixed})
    assert "column phone" in str(refused.value)
    assert "1990" not in str(refused.value)


def test_a_wrong_key_is_named_and_an_instant_that_is_none(tiny):
    path, _ = tiny
    with pytest.raises(ConfigError, match="tolerence: unknown key"):
        api.check(as_mapping(path) | {"tolerence": 0.1})
    with pytest.raises(ConfigError, match="as_of 'soon': not a date or time"):
        api.score(path, as_of="soon")


def test_what_a_notebook_shows_is_no_markup_of_the_data():
    hostile = "<img src=x onerror=alert(1)>"
    shown = Answer(hostile, {hostile: pd.DataFrame({hostile: [hostile] * 30})}, (hostile,))._repr_html_()
    assert "<img" not in shown
    assert shown.count("&lt;img") >= 22
    assert "10 more rows" in shown
