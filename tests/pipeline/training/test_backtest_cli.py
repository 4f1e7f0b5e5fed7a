"""``leadgrade backtest`` and a training with a search, as a user runs them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.command import assert_refused, leadgrade, untouched
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.commands import backtest
from pipeline.training import backtest as rolling

CONFIG = """
name: tiny
flat: true
sources: {leads: {path: list.csv}}
attributes: {x: {kind: numeric}, z: {kind: numeric}}
label: {close: outcome, column: y}
grades: {A: {at_least: 0.5}, B: {at_least: 0.2}}
model: {threads: 1, max_trees: 20, learning_rate: 0.1, min_leads_in_leaf: 10}
"""


@pytest.fixture
def tiny(tmp_path):
    rng = np.random.default_rng(3)
    x, z = rng.normal(size=(2, 700))
    won = rng.random(700) < 1.0 / (1.0 + np.exp(1.0 - 2.0 * x))
    listed = pd.DataFrame({"lead_id": [f"T{i}" for i in range(700)], "x": x, "z": z, "y": won})
    listed.assign(y=np.where(won, "yes", "no")).to_csv(tmp_path / "list.csv", index=False)
    path = tmp_path / "tiny.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return path


@pytest.fixture
def unrecorded(monkeypatch):
    """Backtest without MLflow, whose run has a test of its own."""
    monkeypatch.setattr(backtest, "record_backtest", lambda *_: "")


@pytest.mark.usefixtures("unrecorded")
def test_the_tables_and_every_prediction(tiny):
    args = ["backtest", str(tiny), "--window", "400", "--step", "50", "--last", "220"]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0, done.output
    assert "tiny, backtest, 5 refits" in done.output
    assert "tiny, backtest: the model by period" in done.output
    assert "220 predictions" in done.output
    written = pd.read_csv(tiny.parent / "out" / "backtest.csv")
    assert written["lead_id"].to_list() == [f"T{i}" for i in range(480, 700)]
    assert written["origin"].unique().tolist() == [481, 531, 581, 631, 681]


@pytest.mark.usefixtures("unrecorded")
def test_json_for_a_script(tiny):
    done = leadgrade("backtest", tiny, "--window", "400", "--step", "100", "--json")
    told = json.loads(done.out)
    assert set(told) == {"leaderboard", "by_period", "by_days_since_first_call", "search"}
    assert sum(part["rows"] for part in told["by_period"]) == 300
    assert {line["metric"] for line in told["leaderboard"]} >= {"auc", "brier", "log_loss"}
    assert told["search"] is None


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["--window", "soon"], 3, ["--window 'soon'", "12m"]),
        (["--window", "12m"], 3, ["--window 12m", "flat list"]),
        (["--window", "650", "--last", "100"], 6, ["--last 50 or less"]),
        (["--window", "60", "--step", "10"], 6, ["too little to train on", "--window"]),
    ],
)
def test_what_does_not_fit_ends_in_one_line_and_writes_nothing(tiny, args, code, words):
    with untouched(tiny.parent, "out/quarantine.csv"):
        assert_refused(leadgrade("backtest", tiny, *args), code, *words)


def test_a_last_of_nothing_is_a_usage_error(tiny):
    assert leadgrade("backtest", tiny, "--last", "0").code == 2


@pytest.mark.usefixtures("unrecorded")
def test_an_interrupted_backtest_leaves_the_earlier_one_whole(tiny, monkeypatch):
    args = ("backtest", tiny, "--window", "400", "--step", "100")
    assert leadgrade(*args).code == 0
    whole, refits = rolling.fit_scorer, []

    def stop(*given):
        refits.append(given)
        if len(refits) == 2:
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(rolling, "fit_scorer", stop)
    with untouched(tiny.parent, "out/quarantine.csv"):
        done = leadgrade(*args)
    assert done.code == 130
    assert len(refits) == 2


@pytest.mark.slow
def test_a_process_that_is_interrupted_leaves_nothing(tiny):
    command = ["backtest", str(tiny), "--window", "400", "--step", "1"]
    with untouched(tiny.parent, "out/quarantine.csv"):
        process = subprocess.Popen(
            [sys.executable, "-c", "from pipeline.cli.app import main; main()", *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        for line in process.stderr:
            if line.startswith(b"refitting"):
                break
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_it_records_its_run_and_tells_its_progress(tiny):
    from mlflow import MlflowClient

    done = leadgrade("backtest", tiny, "--window", "400", "--step", "100")
    assert done.code == 0, done.err
    steps = [line for line in done.err.splitlines() if line.startswith("refitting")]
    assert steps == [f"refitting: {number} of 3 ..." for number in (1, 2, 3)]
    client = MlflowClient(f"sqlite:///{tiny.parent / 'out' / 'mlflow.db'}")
    (run,) = client.search_runs([client.get_experiment_by_name("leadgrade").experiment_id])
    assert run.data.params["backtest.window"] == "400"
    assert run.data.metrics["backtest_outcome_auc"] > 0.7
    assert run.info.status == "FINISHED"
    names = {file.path for file in client.list_artifacts(run.info.run_id)}
    assert names == {"leaderboard.csv", "by_period.csv"}


@pytest.mark.usefixtures("untracked")
def test_a_search_is_shown_written_and_forgotten_with_the_next_training(tiny):
    tiny.write_text(f"{CONFIG}search: {{trials: 3}}\n", encoding="utf-8")
    shown = leadgrade("train", tiny)
    assert "search inside the training period, 3 trials" in shown.out
    trials = tiny.parent / "out" / "search.csv"
    assert pd.read_csv(trials)["trial"].to_list() == [0, 1, 2]
    assert [line for line in shown.err.splitlines() if "[I " in line] == []
    tiny.write_text(CONFIG, encoding="utf-8")
    assert leadgrade("train", tiny).code == 0
    assert not trials.exists()


@pytest.mark.usefixtures("unrecorded")
def test_a_backtest_searches_once_before_its_first_prediction(tiny):
    tiny.write_text(f"{CONFIG}search: {{trials: 2}}\n", encoding="utf-8")
    done = leadgrade("backtest", tiny, "--window", "400", "--step", "100", "--json")
    assert len(json.loads(done.out)["search"]) == 2


@pytest.mark.usefixtures("unrecorded")
def test_dated_leads_are_judged_beside_the_rules_and_by_days_since_the_first_call(team):
    done = leadgrade("backtest", team.config_path, "--last", "2")
    assert done.code == 0, done.err
    assert "closed within 30d, 2 refits" in done.out
    assert "close_window" in done.out
    assert "the model by days since the first call" in done.out
    written = pd.read_csv(team.path("out") / "backtest.csv")
    assert not written.duplicated(["lead_id", "as_of"]).any()
    assert written["origin"].unique().tolist() == ["2026-04-30 16:00:00+00:00", "2026-05-31 16:00:00+00:00"]
