import dataclasses
import getpass
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score
from support.trained_world import Trained, trained

from pipeline import ours
from pipeline.errors import OutputError
from pipeline.evaluation.leaderboard import period_metrics
from pipeline.tracking import mlflow_runs
from pipeline.tracking.training_record import _params

REPO = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def world():
    return trained()


@pytest.fixture(scope="module")
def recorded(world, tmp_path_factory):
    """A store with one run, recorded by a person with a login name."""
    folder = tmp_path_factory.mktemp("recorded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "zhang.wei-4711")
        assert getpass.getuser() == "zhang.wei-4711"
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        config = world.config_in(folder)
        run_id = world.record(config)
        assert list(Path.cwd().iterdir()) == []
    return mlflow_runs.MlflowClient(mlflow_runs.tracking_uri(config)), run_id, folder


def children(client, run_id):
    parent = client.get_run(run_id)
    found = client.search_runs(
        [parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{run_id}'", max_results=50
    )
    return {run.data.tags["mlflow.runName"]: run for run in found}


def texts(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_parent_run_with_a_nested_run_for_the_model_and_each_rival(recorded):
    client, run_id, _ = recorded
    parent, nested = client.get_run(run_id), children(client, run_id)
    kinds = {name: run.data.tags["kind"] for name, run in nested.items()}
    baselines = dict.fromkeys(["naive_bayes", "logistic_regression", "histogram_boosting"], "baseline")
    assert kinds == {"model": "model", "close_window": "scheme", "manual_grade": "manual"} | baselines
    assert parent.info.run_name == "demo"
    assert {run.info.status for run in [parent, *nested.values()]} == {"FINISHED"}
    assert {run.data.tags["simulation"] for run in [parent, *nested.values()]} == {"true"}


def test_parameters_hold_settings_fingerprints_and_the_scorer(world, recorded):
    client, run_id, _ = recorded
    params = client.get_run(run_id).data.params
    assert params["model.max_trees"] == "40"
    assert params["horizons"] == "30d,90d,180d"
    assert params["scorer"] == world.training.shipped.fingerprint
    prints = {name for name in params if name.startswith("sha256.")} - {"sha256.recogniser"}
    assert prints == {f"sha256.{name}" for name in world.config.sources}
    assert all(len(params[name]) == 64 for name in prints)


def test_parameters_hold_cohort_label_split_grades_and_what_told_the_intents(recorded):
    client, run_id, _ = recorded
    params = client.get_run(run_id).data.params
    assert (params["cohort.at"], params["label.close"]) == ("monthly", "first_order")
    assert params["split.shares"] == "[0.6, 0.2, 0.2]"
    assert params["grade.A"] == "chance by 30d of at least 0.3"
    assert params["source.calls.refusals"] == "log"
    assert params["sha256.recogniser"].startswith("none")


def test_parameters_tell_the_recogniser_that_heard_the_calls(world):
    heard = dataclasses.replace(world.validated, recogniser="f" * 64, call_sources={"refusals": "lexicon"})
    told = _params(world.config, world.training, world.rows, heard, {})
    assert (told["sha256.recogniser"], told["source.calls.refusals"]) == ("f" * 64, "lexicon")
    assert told["intents.recogniser"] == "lexicon"


def test_metrics_of_every_period_stand_on_the_parent_and_on_the_model(world, recorded):
    client, run_id, _ = recorded
    metrics = client.get_run(run_id).data.metrics
    for period in ("train", "calibrate", "test"):
        for metric in ("auc", "brier", "log_loss"):
            assert f"{period}_30d_{metric}" in metrics
    assert metrics == children(client, run_id)["model"].data.metrics
    assert 0.5 < metrics["calibrate_30d_auc"] < metrics["train_30d_auc"] < 1.0


def test_metrics_are_the_leaderboards(world, recorded):
    client, run_id, _ = recorded
    board = world.training.evaluation.board
    line = board[(board["horizon"] == "90d") & (board["metric"] == "brier")].set_index(["system", "leads_in"])
    nested = children(client, run_id)
    for system in ("model", "close_window", "manual_grade"):
        metrics = nested[system].data.metrics
        assert metrics["test_90d_brier"] == line.loc[(system, "all"), "value"]
        assert metrics["test_unseen_90d_brier"] == line.loc[(system, "unseen"), "value"]


def test_period_metrics_agree_with_scikit_learn():
    rng = np.random.default_rng(3)
    p = rng.random((400, 2))
    closed = (rng.random((400, 2)) < p).astype(float)
    closed[:150, 1] = np.nan
    periods = np.repeat(np.array(["train", "calibrate"], dtype=object), 200)
    found = period_metrics(p, closed, periods, ("30d", "90d")).set_index(["period", "horizon", "metric"])
    early = slice(150, 200)
    for name, rows, k in (
        ("train", slice(0, 200), 0),
        ("calibrate", slice(200, 400), 1),
        ("train", early, 1),
    ):
        y, q, horizon = closed[rows, k], p[rows, k], ("30d", "90d")[k]
        assert found.loc[(name, horizon, "auc"), "value"] == pytest.approx(roc_auc_score(y, q))
        assert found.loc[(name, horizon, "brier"), "value"] == pytest.approx(brier_score_loss(y, q))
        assert found.loc[(name, horizon, "log_loss"), "value"] == pytest.approx(log_loss(y, q))


def test_leaderboard_grades_features_and_charts_are_artefacts(world, recorded):
    client, run_id, folder = recorded
    names = {file.path for file in client.list_artifacts(run_id)}
    assert names == {
        *("leaderboard.csv", "grades.csv", "promises.csv", "features.csv", "leaks.csv"),
        *("calibration.csv", "calibration_choice.csv"),
        *("calibration.png", "gains.png", "lift.png", "train.html"),
    }
    (file,) = (path for path in folder.rglob("leaderboard.csv"))
    board = pd.read_csv(io.StringIO(file.read_text(encoding="utf-8")))
    pd.testing.assert_frame_equal(board, world.training.evaluation.board, check_dtype=False)
    for name in ("calibration.png", "gains.png", "lift.png"):
        (picture,) = folder.rglob(name)
        assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_run_says_what_was_trained_how_good_it_is_and_where_to_look(world, recorded):
    client, run_id, _ = recorded
    tags = client.get_run(run_id).data.tags
    lines = tags["mlflow.note.content"].splitlines()
    assert 8 <= len(lines) <= 11
    said = "\n".join(lines)
    training, board = world.training, world.training.evaluation.board
    assert f"scorer {training.shipped.fingerprint[:12]}" in lines[0]
    assert "(simulation)" in lines[0]
    assert f"{len(training.evaluation.rows):,} rows" in lines[1]
    own = board[(board["system"] == "model") & (board["metric"] == "auc") & (board["leads_in"] == "all")]
    for row in own.itertuples():
        assert f"by {row.horizon}: {row.closes:,} of {row.rows:,}; AUC {row.value:.3f}" in said
    verdicts = training.evaluation.promises["verdict"].value_counts()
    assert all(f"{count} {verdict}" in said for verdict, count in verdicts.items())
    assert "train.html" in said
    (version,) = client.search_model_versions(f"name='{tags['registered_model']}'")
    assert (tags["registered_version"], tags["logged_model"]) == (str(version.version), version.source)
    assert f"models:/{version.name}/{version.version}" in lines[-1]


def test_the_logged_model_is_text_and_code_without_a_pickle(recorded):
    _, _, folder = recorded
    (home,) = folder.glob("mlruns/models/*/artifacts")
    files = texts(home)
    assert {path.suffix for path in files} == {".py", ".txt", ".json", ".yaml", ""}
    assert [path.name for path in files if not path.suffix] == ["MLmodel"]
    for content in files.values():
        content.decode("utf-8")
        assert b"\0" not in content
    code = {path.relative_to(home).as_posix() for path in files if path.suffix == ".py"}
    modules = {f"code/{path.relative_to(REPO).as_posix()}" for path in (REPO / "models").rglob("*.py")}
    assert code == {"serving.py", *modules}
    requirements = (home / "requirements.txt").read_text().split()
    assert {line.partition("==")[0] for line in requirements} == set(mlflow_runs.REQUIREMENTS)
    assert all("==" in line for line in requirements)


def test_the_store_holds_no_personal_data_and_no_place_in_the_repository(world, recorded):
    _, _, folder = recorded
    everything = b"\n".join(content for path, content in texts(folder).items() if path.suffix != ".png")
    leads = world.world.leads
    for column in ("phone", "lead_id", "customer_id"):
        values = leads[column].dropna().astype(str)
        assert len(values) > 300
        assert [value for value in values if value.encode() in everything] == []
    assert not set(leads["note"].dropna()) & set(everything.decode("utf-8", "replace").split())
    assert b"zhang.wei" not in everything
    assert os.fsencode(REPO) not in everything


def test_a_second_training_is_a_second_version_and_says_nothing(world, tmp_path, capfd):
    config = world.config_in(tmp_path)
    world.record(config)
    capfd.readouterr()
    second = world.record(config)
    assert capfd.readouterr() == ("", "")
    client = mlflow_runs.MlflowClient(mlflow_runs.tracking_uri(config))
    versions = {str(v.version): v for v in client.search_model_versions("name = 'leadgrade'")}
    assert set(versions) == {"1", "2"}
    assert versions["2"].run_id == children(client, second)["model"].info.run_id
    assert versions["2"].tags["scorer"] == world.training.shipped.fingerprint


def test_a_store_of_ones_own_has_its_files_beside_it(world, tmp_path):
    shared = tmp_path / "team 线索" / "runs.db"
    config = world.config_in(tmp_path / "mine", f"sqlite:///{shared}")
    run_id = world.record(config)
    assert {path.name for path in shared.parent.iterdir()} == {"runs.db", "mlruns"}
    assert (shared.parent / "mlruns" / run_id / "artifacts" / "gains.png").is_file()
    assert {path.name for path in (tmp_path / "mine").iterdir()} == {"scorer", ours.LIST}


def test_without_a_leaderboard_the_model_is_recorded_all_the_same(world, tmp_path):
    empty = dataclasses.replace(world.training.evaluation, board=pd.DataFrame())
    young = Trained(**{**vars(world), "training": dataclasses.replace(world.training, evaluation=empty)})
    config = young.config_in(tmp_path)
    run_id = young.record(config)
    client = mlflow_runs.MlflowClient(mlflow_runs.tracking_uri(config))
    metrics = client.get_run(run_id).data.metrics
    assert "train_30d_auc" in metrics
    assert not any(name.startswith("test_") for name in metrics)
    assert len(client.search_model_versions("name = 'leadgrade'")) == 1


def test_a_store_that_was_stopped_while_being_made_is_made_again(world, tmp_path, monkeypatch):
    def stop(*_args, **_options):
        raise KeyboardInterrupt

    config = world.config_in(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(mlflow_runs.MlflowClient, "search_experiments", stop)
        with pytest.raises(KeyboardInterrupt):
            world.record(config)
    assert world.record(config)


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("./mlruns", "use sqlite:///FILE"),
        ("file:///tmp/mlruns", "use sqlite:///FILE"),
        ("sqlite://", "use sqlite:///FILE"),
        ("sqlite:///:memory:", "use sqlite:///FILE"),
        ("sqlite:////proc/nowhere/mlflow.db", "/proc/nowhere"),
        ("sqlite:///{folder}", "unable to open"),
        ("sqlite:///{folder}/scorer/model.txt", "not a database"),
        ("http://user:secret@127.0.0.1:1", "no server answers there"),
        ("postgresql://user:secret@127.0.0.1:1/db", "postgresql://***@127.0.0.1:1/db"),
        ("nonsense://secret@x", "unsupported URI 'nonsense://***@x'"),
    ],
)
def test_a_uri_that_cannot_be_used_is_told_in_one_line_and_soon(world, tmp_path, uri, says):
    config = world.config_in(tmp_path, uri.format(folder=tmp_path))
    started = time.monotonic()
    with pytest.raises(OutputError) as caught:
        world.record(config)
    assert time.monotonic() - started < 60  # on a busy machine; MLflow itself would try for minutes
    line = str(caught.value)
    assert says in line
    assert "\n" not in line
    assert "secret" not in line
    assert f"the scorer is saved in {tmp_path / 'scorer'}" in line


def test_nothing_is_reported_to_anyone_whatever_the_environment_says():
    code = (
        "import os, pipeline.tracking.mlflow_runs, mlflow.telemetry as t, mlflow.telemetry.utils as u;"
        "print(os.environ['MLFLOW_DISABLE_TELEMETRY'], t.get_telemetry_client(), u.is_telemetry_disabled())"
    )
    quiet = {"CI", "DO_NOT_TRACK", "PYTEST_CURRENT_TEST", "MLFLOW_TESTING"}
    environment = {name: value for name, value in os.environ.items() if name not in quiet}
    environment["MLFLOW_DISABLE_TELEMETRY"] = "false"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["true", "None", "True"]
