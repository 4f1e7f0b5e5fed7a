"""A store is asked before the work, and a training that it did not take is recorded without another one."""

import json
import time

import pytest
from support.command import assert_refused, leadgrade, untouched
from support.lifecycle_world import team_in
from support.servers import free_port, mlflow_server
from support.tiny_list import tiny_in
from support.trained_world import trained

from pipeline.commands import train
from pipeline.commands.record import run_record
from pipeline.config.config import read_config
from pipeline.errors import OutputError
from pipeline.jobs import sources
from pipeline.tracking import mlflow_runs, store
from pipeline.tracking.saved_scorer import load_scorer


@pytest.fixture
def tiny(tmp_path):
    return tiny_in(tmp_path / "tiny")


def at(path, uri):
    path.write_text(path.read_text(encoding="utf-8") + f'tracking: {{uri: "{uri}"}}\n', encoding="utf-8")


def left_by(config):
    """What the store holds of the trainings: a parent's parameters, metrics and files, and the challenger."""
    client = mlflow_runs.MlflowClient(mlflow_runs.tracking_uri(config))
    (experiment,) = [one for one in client.search_experiments() if one.name == "leadgrade"]
    runs_there = client.search_runs([experiment.experiment_id])
    parent = next(run for run in runs_there if "mlflow.parentRunId" not in run.data.tags)
    files = {one.path: one.file_size for one in client.list_artifacts(parent.info.run_id)}
    challenger = client.get_model_version_by_alias("leadgrade", "challenger")
    kinds = {run.data.tags.get("mlflow.runName"): run.data.tags.get("kind") for run in runs_there}
    metrics = {run.data.tags.get("mlflow.runName"): run.data.metrics for run in runs_there}
    tags = {name: challenger.tags[name] for name in ("scorer", "simulation", "fitted_until")}
    return parent.data.params, metrics, files, kinds, tags


# Asked first ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["train", "backtest"])
def test_a_server_that_is_down_is_told_before_a_source_is_read(tiny, monkeypatch, verb):
    at(tiny, f"http://user:secret@127.0.0.1:{free_port()}")
    monkeypatch.setattr(sources, "taken_in", lambda *_: pytest.fail("a source was read"))
    started = time.monotonic()
    with untouched(tiny.parent):
        line = assert_refused(leadgrade(verb, tiny), 8, "no server answers there", "nothing was done yet")
    assert time.monotonic() - started < 30  # on a busy machine
    assert "secret" not in line


def test_a_monitor_asks_before_it_reads(tmp_path, monkeypatch):
    team = team_in(tmp_path / "team", f"http://127.0.0.1:{free_port()}")
    trained().training.shipped.save(tmp_path / "scorer")
    monkeypatch.setattr(sources, "taken_in", lambda *_: pytest.fail("a source was read"))
    answer = team.run("monitor", "--model", tmp_path / "scorer")
    assert_refused(answer, 8, "no server answers there", "nothing was done yet")


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("./mlruns", "use sqlite:///FILE"),
        ("sqlite://", "use sqlite:///FILE"),
        ("sqlite:////proc/nowhere/mlflow.db", "/proc/nowhere"),
        ("sqlite:///{folder}/own.yaml", "not a database"),
        ("sqlite:///{folder}", "unable to open"),
        ("postgresql+psycopg2://user:secret@127.0.0.1:1/db", "onnection refused"),
        ("nonsense://secret@x", "unsupported URI"),
    ],
)
def test_every_store_that_cannot_be_used_is_told_first(tiny, uri, says):
    at(tiny, uri.format(folder=tiny.parent))
    started = time.monotonic()
    with untouched(tiny.parent):
        line = assert_refused(leadgrade("train", tiny), 8, says, "nothing was done yet")
    assert time.monotonic() - started < 30
    assert "secret" not in line


def test_a_database_of_an_older_mlflow_is_told_first(tiny):
    import sqlite3

    database = tiny.parent / "old.db"
    with sqlite3.connect(database) as old:
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        old.execute("INSERT INTO alembic_version VALUES ('451aebb31d03')")
    old.close()
    at(tiny, f"sqlite:///{database}")
    assert_refused(leadgrade("train", tiny), 8, "old.db", "nothing was done yet")


def test_a_store_that_is_not_there_yet_is_not_made_by_asking(tiny):
    store.check_store(read_config(tiny))
    assert not (tiny.parent / "out/mlflow.db").exists()


# Recorded afterwards --------------------------------------------------------------------------------------


def trained_without_a_store(path, monkeypatch):
    """Train while the store is there when it is asked and gone when the work is done."""
    with monkeypatch.context() as patch:
        patch.setattr(train, "check_recordable", lambda _: None)
        patch.setattr(store, "_open_experiment", gone)
        return leadgrade("train", path)


def gone(_):
    raise OSError("the store is gone")


def test_what_the_store_did_not_take_is_recorded_by_the_command_that_the_error_names(tiny, monkeypatch):
    answer = trained_without_a_store(tiny, monkeypatch)
    line = assert_refused(
        answer, 8, "the store is gone", "the scorer is saved in", f"leadgrade record {tiny}"
    )
    assert line.endswith(f"and run 'leadgrade record {tiny}'")
    config = read_config(tiny)
    kept = config.output_path("unrecorded.json")
    scorer = load_scorer(config).fingerprint
    assert json.loads(kept.read_text())["scorer"] == scorer
    with untouched(config.output_path("scorer")):
        recorded = leadgrade("record", tiny)
    assert (recorded.code, recorded.errors) == (0, [])
    assert f"scorer {scorer[:12]} is recorded" in recorded.out
    assert not kept.exists()
    params, _, files, kinds, tags = left_by(config)
    assert (params["scorer"], tags["scorer"]) == (scorer, scorer)
    assert {"leaderboard.csv", "features.csv", "calibration.png", "gains.png", "lift.png"} <= set(files)
    assert kinds["model"] == "model"


def test_what_is_recorded_afterwards_is_what_the_training_would_have_recorded(tmp_path, monkeypatch):
    at_once, later = (tiny_in(tmp_path / name) for name in ("once", "later"))
    assert leadgrade("train", at_once).code == 0
    trained_without_a_store(later, monkeypatch)
    assert leadgrade("record", later).code == 0
    assert left_by(read_config(later)) == left_by(read_config(at_once))


def test_without_anything_to_record_or_beside_another_scorer_it_is_refused(tiny, monkeypatch):
    assert_refused(leadgrade("record", tiny), 7, "nothing is left to record", "leadgrade train")
    trained_without_a_store(tiny, monkeypatch)
    kept = tiny.parent / "out/unrecorded.json"
    words = json.loads(kept.read_text())
    for damaged in ("{", "[]", json.dumps(words | {"format": "x"}), json.dumps({"format": words["format"]})):
        kept.write_text(damaged)
        assert_refused(leadgrade("record", tiny), 7, "unrecorded.json is damaged", "leadgrade train")
    kept.write_text(json.dumps(words | {"scorer": "0" * 64}))
    assert_refused(leadgrade("record", tiny), 7, "of another training", "leadgrade train")


def test_a_store_that_is_still_gone_leaves_what_is_to_be_recorded(tiny, monkeypatch):
    trained_without_a_store(tiny, monkeypatch)
    with monkeypatch.context() as patch, untouched(tiny.parent):
        patch.setattr(store, "_open_experiment", gone)
        assert_refused(leadgrade("record", tiny), 8, "the store is gone", f"leadgrade record {tiny}")


def test_a_file_of_what_is_to_be_recorded_holds_no_lead(tiny, monkeypatch):
    trained_without_a_store(tiny, monkeypatch)
    assert "T699" in (tiny.parent / "list.csv").read_text()
    assert "T699" not in (tiny.parent / "out/unrecorded.json").read_text()


@pytest.mark.slow
def test_a_server_that_was_down_takes_the_training_when_it_is_up_again(tiny, tmp_path, monkeypatch):
    port = free_port()
    at(tiny, f"http://127.0.0.1:{port}")
    assert_refused(leadgrade("train", tiny), 8, "no server answers there", "nothing was done yet")
    assert not (tiny.parent / "out").exists()
    with monkeypatch.context() as patch:  # it goes down while the training is under way
        patch.setattr(train, "check_recordable", lambda _: None)
        answer = leadgrade("train", tiny)
    assert_refused(answer, 8, "no server answers there", f"leadgrade record {tiny}")
    config = read_config(tiny)
    with pytest.raises(OutputError, match="no server answers there"):
        run_record(config)
    with mlflow_server(tmp_path / "server", port, f"sqlite:///{tmp_path}/server/runs.db"):
        store.check_store(config)
        assert leadgrade("record", tiny).code == 0
        params, _, files, _, tags = left_by(config)
        assert params["scorer"] == tags["scorer"] == load_scorer(config).fingerprint
        assert "leaderboard.csv" in files
        assert leadgrade("train", tiny).code == 0


def test_a_saved_scorer_is_registered_as_the_challenger(tiny, untracked, tmp_path):
    assert leadgrade("train", tiny).code == 0
    saved = (tmp_path / "tiny" / "out" / "scorer").rename(tmp_path / "elsewhere")
    answer = leadgrade("record", tiny, "--scorer", saved)
    assert answer.code == 0, answer.err
    graded = leadgrade("score", tiny, "--model", "challenger", "--out", tmp_path / "graded.csv")
    assert graded.code == 0, graded.err
    assert "the challenger, leadgrade/1" in graded.out
    (saved / "model.txt").write_text("tree", encoding="utf-8")
    for folder, says in ((saved, "model.txt"), (tmp_path / "nowhere", "nowhere")):
        assert_refused(leadgrade("record", tiny, "--scorer", folder), 7, "--scorer", says)
