"""The command line: help that is quick, JSON for scripts, titles that say what is simulated."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import typer
from conftest import N_LEADS
from support.command import leadgrade, leadgrade_process
from typer.testing import CliRunner

from pipeline.cli.app import app

VERBS = (
    "demo",
    "check",
    "train",
    "backtest",
    "score",
    "compare",
    "matrix",
    "promote",
    "record",
    "rollback",
    "monitor",
    "serve",
    "forget",
    "init",
    "plan",
    "funnel",
    "kpi",
    "audit",
    "complete",
    "profile",
    "features",
    "schemes",
)
HEAVY = (
    "polars",
    "pandas",
    "numpy",
    "pyarrow",
    "lightgbm",
    "sklearn",
    "scipy",
    "mlflow",
    "optuna",
    "matplotlib",
    "pandera",
)


def run(*args):
    return CliRunner().invoke(app, [str(arg) for arg in args])


def test_the_command_line_imports_nothing_heavy():
    told = subprocess.run(
        [sys.executable, "-c", "import sys, pipeline.cli.app; print(*sys.modules)"],
        capture_output=True,
        check=True,
        text=True,
    )
    loaded = {name.partition(".")[0] for name in told.stdout.split()}
    assert "typer" in loaded
    assert not loaded & set(HEAVY)


def test_help_answers_at_once():
    def seconds(*args):
        taken = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run([sys.executable, *args], check=True, capture_output=True)
            taken.append(time.perf_counter() - start)
        return statistics.median(taken)

    # A busy machine is slow at everything: then the bare interpreter tells how slow.
    for _ in range(3):
        helped = seconds("-c", "from pipeline.cli.app import main; main()", "--help")
        if helped < 0.5 or helped < 15 * seconds("-c", "pass"):
            return
    pytest.fail(f"--help took {helped:.2f} s")


def test_help_names_every_verb_and_each_verb_explains_itself():
    top = run("--help")
    assert top.exit_code == 0
    for verb in VERBS:
        assert verb in top.output
        one = run(verb, "--help")
        assert one.exit_code == 0
        assert len(one.output.splitlines()) > 5
    assert set(VERBS) | {"intents"} == set(typer.main.get_command(app).commands)


@pytest.mark.parametrize(
    "args", [(), ("frobnicate",), ("check",), ("check", "x.yaml", "--frob"), ("score", "x.yaml")]
)
def test_a_command_that_is_none_ends_with_its_usage(args):
    answer = leadgrade(*args)
    assert answer.code == 2
    assert "Usage: " in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("leads", ["0", "499", "1000001", "many"])
def test_a_demo_of_another_size_is_refused(tmp_path, leads):
    answer = leadgrade("demo", tmp_path / "demo", "--leads", leads)
    assert answer.code == 2
    assert "--leads" in answer.err
    assert not (tmp_path / "demo").exists()


def json_of(*args):
    result = run(*args, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_json_of_features_and_schemes(team):
    plain = json_of("features")["features"]
    own = json_of("features", team.config_path)["features"]
    assert {"family", "name", "unit", "meaning", "含义", "without history"} == set(plain[0])
    assert {"region", "budget", "need"} <= {f["name"] for f in own} - {f["name"] for f in plain}
    schemes = {s["scheme"]: s for s in json_of("schemes", "--config", team.config_path)["schemes"]}
    assert schemes["close_window"]["available"] == "yes"
    assert {"close_window", "robot_intent", "rfm"} <= {s["scheme"] for s in json_of("schemes")["schemes"]}


def test_json_of_check_train_and_compare(team, told_once):
    checked = json_of("check", team.config_path)
    calls = next(s for s in checked["sources"] if s["source"] == "calls")
    assert calls["rows in"] == calls["rows used"] + calls["quarantined"]
    assert [row["horizon"] for row in checked["labels"]] == ["30d", "90d", "180d"]
    assert len(told_once["scorer"]) == 64
    board = pd.DataFrame(told_once["leaderboard"])
    assert {"model", "close_window", "robot_intent", "rfm", "manual_grade"} <= set(board["system"])
    compared = json_of("compare", team.config_path)
    assert compared["leaderboard"] == told_once["leaderboard"]
    for part in ("grades", "calibration", "calibration_choice"):
        assert compared[part] == told_once[part]
    assert {row["metric"] for row in told_once["calibration"]} == {"log_loss", "brier", "calibration_error"}
    assert [row["window"] for row in told_once["calibration_choice"] if row["chosen"]] == [
        "30d",
        "90d",
        "180d",
    ]
    assert {"system", "kappa", "model_higher", "right_by"} <= set(compared["agreement"][0])
    assert {"cross", "swaps", "capacity", "slices", "sharpest"} <= set(compared)


def test_check_names_what_is_missing_and_the_features_that_want_it(team):
    pd.read_csv(team.path("data/orders.csv")).drop(columns="amount").to_csv(team.path("data/orders.csv"))
    short = leadgrade("check", team.config_path).out.splitlines()
    lines = leadgrade("check", team.config_path, "--verbose").out.splitlines()
    (wanting,) = [line for line in lines if line.startswith("absent for want of orders.amount_minor: ")]
    assert "amount_total" in wanting
    missing = json_of("check", team.config_path)["absent"]
    assert missing["amount_total"] == ["orders.amount_minor"]
    number = sum(wants == ["orders.amount_minor"] for wants in missing.values())
    assert wanting.count(",") + 1 == number
    assert f"absent for want of orders.amount_minor: {number} features (named with --verbose)" in short


def test_check_of_a_demo_fits_a_terminal(team):
    """Also where tables are missing, of which many features are."""
    with_all = leadgrade("check", team.config_path).out.splitlines()
    for name in ("facts", "manual_grades"):
        team.configure(f"  {name}: {{path: {name}.csv, exported_at: 2026-07-01}}\n", "")
    without = leadgrade("check", team.config_path).out.splitlines()
    for lines in (with_all, without):
        assert sum(-(-max(len(line), 1) // 100) for line in lines) <= 40


def test_a_real_teams_titles_do_not_speak_of_a_simulation(team):
    team.configure("simulation: true", "simulation: false")
    answer = leadgrade("score", team.config_path, "--out", team.path("graded.csv"))
    assert "\ndemo: best leads\n" in answer.out
    assert "(simulation)" not in answer.out


def test_score_counts_what_it_says(team):
    out = team.path("graded.csv")
    answer = leadgrade("score", team.config_path, "--out", out)
    graded, left = pd.read_csv(out), pd.read_csv(team.path("graded.csv.quarantine.csv"))
    assert f"{len(graded)} leads graded as of 2026-06-30 16:00Z in {out}" in answer.out
    assert f"{len(left)} not open, see {team.path('graded.csv.quarantine.csv')}" in answer.out
    assert len(graded) + len(left) == N_LEADS


def test_an_as_of_is_in_the_configurations_zone(team):
    out = team.path("graded.csv")
    for text in ("2025-06-01", "2025-06-01T00:00", "2025-05-31 16:00+00:00"):
        answer = leadgrade("score", team.config_path, "--out", out, "--as-of", text, "--overwrite")
        assert "leads graded as of 2025-05-31 16:00Z" in answer.out


def test_a_terminal_without_chinese_and_a_full_disk(tmp_path):
    answer = leadgrade_process("schemes", PYTHONIOENCODING="ascii")
    assert (answer.code, answer.errors) == (0, [])
    assert "\\u" in answer.out
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from pipeline.cli.app import main; main()", "schemes"],
            stdout=full,
            check=False,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 9
    assert done.stderr == "leadgrade: the disk is full: make room and run the command again\n"
