"""What revision 8638148 wrote is read, graded with and compared with: configurations, scorers, registries."""

import json
import re
import subprocess
import sys
from pathlib import Path

import mlflow
import pandas as pd
import pytest
from support.command import leadgrade
from support.old_team import unpack

from models.intents.families import names
from models.intents.trained import TrainedIntents
from models.intents.versions import FORMER, TODAY, lexicon_of
from models.scorer import LeadScorer
from pipeline.config.config import read_config
from pipeline.errors import LeadgradeError
from pipeline.schemes import scheme_files
from pipeline.tracking.registry import opened_registry
from pipeline.transcripts.heard_as import heard_as
from pipeline.transcripts.hearing import read_hearing

# Rules that were corrected since: the columns are there, what they say may differ.
# Leads unlike all that a scorer learned from come last of their grade now.
CORRECTED = ["rank", "scheme_close_window", "scheme_dealer", "scheme_exhibition", "scheme_home_buyer"]
# How certain a change is, and what is to be said of it, is told otherwise since.
JUDGED_OTHERWISE = ["test", "p", "p_corrected", "level", "verdict"]
# Loads a registered scorer where only what was logged with it can be imported.
FRESH = """
import importlib.util, json, sys
sys.meta_path = [f for f in sys.meta_path if "editable" not in getattr(f, "__module__", type(f).__module__)]
assert importlib.util.find_spec("models") is None
import mlflow, pandas as pd
model = mlflow.pyfunc.load_model(sys.argv[1])
print(json.dumps(model.predict(pd.read_parquet(sys.argv[2]))["p_30d"].tolist()))
"""


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    """The team; its files are read only."""
    return unpack(tmp_path_factory.mktemp("old") / "team")


@pytest.fixture
def own(tmp_path):
    """A copy of the team, to be worked in."""
    return unpack(tmp_path / "team")


def _name_now(then):
    """The ends of the calibration are called what they are."""
    return re.sub(r"^(p_.+)_(low|high)$", r"\1_sensitivity_\2", then)


def run(*args):
    answer = leadgrade(*args)
    assert (answer.code, answer.errors) == (0, []), answer.err
    return answer.out


def assert_same(now, then, but=()):
    """Cell by cell, numbers within 1e-9; the columns of then are all there."""
    then, now = (pd.read_csv(path) if isinstance(path, Path) else path for path in (then, now))
    then = then.rename(columns=_name_now)
    assert list(then.columns) == [name for name in now.columns if name in then.columns]
    kept = [name for name in then.columns if name not in but]
    pd.testing.assert_frame_equal(now[kept], then[kept], rtol=0.0, atol=1e-9)


def test_every_configuration_says_what_it_said(team):
    read = json.loads((team / "read.json").read_text(encoding="utf-8"))
    assert {"every_setting.yaml", "flat.yaml", "shipped_demo.yaml"} < read.keys()
    for name, then in read.items():
        said = read_config(team / name).model_dump(mode="json")
        assert _of_then(said, then) == then, name


def _of_then(now, then):
    """What is said now under the keys that there were.

    The decimal mark that nobody named was the point; now it goes by the column, and a number that reads both
    ways is a bad cell that names the setting.
    """
    if not isinstance(then, dict):
        return "." if (now, then) == ("auto", ".") else now
    return {key: _of_then(now[key], value) for key, value in then.items() if key in now}


def test_every_scheme_file_is_read(team):
    files = sorted((team / "schemes").glob("*.yaml"))
    assert len(files) > 20
    found = scheme_files.read_schemes([f"schemes/{file.name}" for file in files], team)
    assert {scheme.id for scheme in found} == {file.stem for file in files}


def test_the_sources_are_checked_as_they_are(team):
    found = json.loads(run("check", team / "demo.yaml", "--json"))
    assert {row["source"]: row["rows in"] for row in found["sources"]}["leads"] == 600


@pytest.mark.parametrize(
    ("config", "model", "then"),
    [
        ("demo", "champion", "second"),
        ("demo", "1", "demo"),
        ("heard", "champion", "heard"),
        ("own", None, "own"),
    ],
)
def test_a_scorer_gives_the_grades_that_it_gave(team, tmp_path, config, model, then):
    by = [] if model is None else ["--model", model]
    run("score", team / f"{config}.yaml", "--out", tmp_path / "now.csv", *by)
    assert_same(tmp_path / "now.csv", team / f"graded_{then}.csv", ["model_version", *CORRECTED])
    # A scorer of then does not say what it learned from: the cohort that is configured does.
    now = pd.read_csv(tmp_path / "now.csv")
    assert 0 < now["outside_training"].sum() < len(now)
    ordered = now.sort_values("rank")[["grade", "outside_training"]]
    assert ordered.equals(ordered.sort_values(["grade", "outside_training"], kind="stable"))
    left_out = pd.read_csv(tmp_path / "now.csv.quarantine.csv")
    assert len(left_out) + len(pd.read_csv(tmp_path / "now.csv")) == 600


def test_the_words_of_then_are_told_and_count(team, tmp_path):
    """The fixture can tell: heard by today's words, the same calls make other chances."""
    out = run("score", team / "heard.yaml", "--out", tmp_path / "now.csv", "--explain")
    assert "as in version 2 of its words and rules" in out
    scorer = LeadScorer.load(team / "out_heard" / "scorer")
    config = read_config(team / "heard.yaml")
    assert heard_as(config, scorer.recogniser).intents.version == 2
    assert heard_as(config, "").intents.version is None
    assert heard_as(config, read_hearing(config).fingerprint).intents.version is None


def test_a_flat_list_gets_the_grades_that_it_got(team, tmp_path):
    run("score", team / "flat.yaml", "--out", tmp_path / "now.csv")
    now, then = pd.read_csv(tmp_path / "now.csv"), pd.read_csv(team / "graded_flat.csv")
    assert_same(now[[_name_now(name) for name in then.columns]], then)


def test_why_is_said_in_the_words_of_then(team, tmp_path):
    run("score", team / "demo.yaml", "--out", tmp_path / "now.csv", "--explain", "--model", "1")
    assert_same(tmp_path / "now.csv.reasons.csv", team / "graded_demo.reasons.csv")
    assert_same(tmp_path / "now.csv.quarantine.csv", team / "graded_demo.quarantine.csv")


def test_it_is_compared_with_its_rivals(own, few_rivals):
    then = pd.read_csv(own / "out" / "leaderboard.csv")
    run("compare", own / "demo.yaml")
    boards = [pd.read_csv(own / "out" / "leaderboard.csv"), then]
    now, then = (board[board["system"].isin(["model", "manual_grade", "rfm"])] for board in boards)
    columns = ["horizon", "leads_in", "system", "metric", "value", "rows", "leads", "closes"]
    pd.testing.assert_frame_equal(
        now[columns].reset_index(drop=True), then[columns].reset_index(drop=True), rtol=0.0, atol=1e-9
    )


def test_it_is_watched_against_the_reference_of_then(own):
    then = {path.name: pd.read_csv(path) for path in (own / "out").glob("monitor*.csv")}
    assert len(then) == 5
    run("monitor", own / "demo.yaml", "--model", "1")
    for name, table in then.items():
        now = pd.read_csv(own / "out" / name)
        keys = [key for key in ("source", "column", "check", "grade", "by", "value") if key in table]
        now, then = (one.sort_values(keys, ignore_index=True) for one in (now, table))
        assert_same(now, then, JUDGED_OTHERWISE)


def test_a_rollback_brings_the_champion_of_then_back(own, tmp_path):
    run("rollback", own / "demo.yaml", "--reason", "the second was no better")
    out = run("score", own / "demo.yaml", "--out", tmp_path / "now.csv")
    assert "graded by the champion, leadgrade/1" in out
    assert_same(tmp_path / "now.csv", own / "graded_demo.csv", CORRECTED)


@pytest.mark.parametrize("name", ["demo", pytest.param("heard", marks=pytest.mark.slow)])
def test_a_challenger_of_today_is_promoted_over_it(own, few_rivals, tmp_path, name):
    """The gate compares both, though one hears as then and the other as today, and knows more features."""
    config = own / f"{name}.yaml"
    run("train", config)
    answer = leadgrade("promote", config, "--json", "--force", "--reason", "to see it done")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    told = " ".join(found["reasons"])
    assert "cannot be compared" not in told
    assert "champion" in {row["against"] for row in found["gate"]}, found
    then = "second" if name == "demo" else name
    counts = pd.DataFrame(found["grade_changes"]).groupby("from")["leads"].sum()
    graded = pd.read_csv(own / f"graded_{then}.csv")["grade"].value_counts()
    assert counts.to_dict() == graded.to_dict()
    run("rollback", config, "--reason", "the old one was better")
    run("score", config, "--out", tmp_path / "now.csv")
    assert_same(tmp_path / "now.csv", own / f"graded_{then}.csv", ["model_version", *CORRECTED])


def test_its_registered_version_is_served(team, tmp_path):
    mlflow.set_tracking_uri(f"sqlite:///{team}/out/mlflow.db")
    config = read_config(team / "demo.yaml")
    with opened_registry(config, LeadgradeError, "") as versions:
        scorer = versions.fetch(versions.find("1"))
    rows = pd.DataFrame({name: [1.0, None] for name in scorer.columns}).astype(
        dict.fromkeys(scorer.model.inputs_.categories, "str")
    )
    rows.to_parquet(tmp_path / "rows.parquet")
    (uri,) = (
        f"{folder}/artifacts" for folder in (team / "out/mlruns/models").iterdir() if _holds(folder, scorer)
    )
    chances = scorer.score(rows)["p_30d"].tolist()
    assert mlflow.pyfunc.load_model(uri).predict(rows)["p_30d"].tolist() == pytest.approx(chances, abs=1e-9)
    done = subprocess.run(
        [sys.executable, "-c", FRESH, uri, str(tmp_path / "rows.parquet")],
        capture_output=True,
        check=True,
        cwd=tmp_path,
    )
    assert json.loads(done.stdout) == pytest.approx(chances, abs=1e-9)


def _holds(folder, scorer):
    return LeadScorer.load(folder / "artifacts/artifacts/scorer").fingerprint == scorer.fingerprint


def test_a_recogniser_tells_the_families_that_it_told(team):
    said = pd.read_csv(team / "said.csv")
    found = TrainedIntents.load(team / "recogniser")
    assert found.recognise(said["text"].tolist()).tolist() == said["code"].tolist()
    assert found.lexicon is FORMER[2]
    assert found.ngrams.spelling is FORMER[2].spelling
    families = {
        row["family"]
        for row in json.loads(
            run("intents", "test", team / "said.csv", "--recogniser", team / "recogniser", "--json")
        )["families"]
    }
    assert families == {*said["label"]} | {"mean of families"}
    assert names(found.recognise(["多少钱", "不需要，谢谢"])) == ["price", "refusal"]


def test_a_list_that_was_interrupted_then_is_written_now(own):
    assert (own / ".interrupted.csv.work" / "job.json").exists()
    run("score", own / "heard.yaml", "--out", own / "interrupted.csv")
    assert not (own / ".interrupted.csv.work").exists()
    assert_same(own / "interrupted.csv", own / "graded_heard.csv", ["model_version", *CORRECTED])


def test_a_lexicon_that_somebody_was_taught_with_stays_as_it_is():
    """Who changes a word raises ``versions.TODAY``, freezes the former lexicon, and then changes this."""
    assert {version: lexicon_of(version).fingerprint[:12] for version in (*FORMER, TODAY)} == {
        2: "ab43ef5ca6a8",
        3: "91918ee4f820",
        4: "91918ee4f820",
        5: "18c2b3fe6296",
    }
