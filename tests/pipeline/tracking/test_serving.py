import json
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from support.servers import BIN, answers, environment, free_port, running
from support.trained_world import trained

from models.scorer import SENSITIVITY, LeadScorer
from pipeline import ours
from pipeline.tracking import mlflow_runs

ANSWERED = [
    *(f"p_{by}{end}" for by in ("30d", "90d", "180d") for end in ("", *SENSITIVITY)),
    "score",
    "band",
    *(f"band_{by}{end}" for by in ("30d", "90d", "180d") for end in ("", "_low", "_high")),
    "grade",
    *("expected_amount", "expected_value", "value_tier_learned"),
]

# Loads a model where the repository's packages cannot be imported, scores the rows given on standard input.
FRESH = """
import importlib.util, io, json, sys
sys.meta_path = [f for f in sys.meta_path if "editable" not in getattr(f, "__module__", type(f).__module__)]
assert all(importlib.util.find_spec(name) is None for name in ("features", "models", "pipeline"))
import mlflow
import pandas as pd
model = mlflow.pyfunc.load_model(sys.argv[1])
rows = pd.read_json(io.StringIO(sys.stdin.read()), orient="split", dtype=False)
print(json.dumps({"code": sys.modules["models"].__file__, "answer": model.predict(rows).to_dict("list")}))
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    config = trained().config_in(tmp_path_factory.mktemp("store"))
    trained().record(config)
    return config


@pytest.fixture(scope="module")
def scorer(store):
    return LeadScorer.load(store.output_path("scorer"))


@pytest.fixture(scope="module")
def rows(scorer):
    """Feature rows of the test period with values missing and a category that training never saw."""
    found = trained().training.evaluation.rows[list(scorer.columns)].head(40).reset_index(drop=True)
    assert found.isna().to_numpy().any()
    found.loc[3, "channel"] = "从未见过"
    found.loc[4, :] = None
    return found


def model_folder(config):
    (folder,) = config.output_path("mlruns").glob("models/*/artifacts")
    return folder


def as_json(rows, orient):
    return rows.to_json(orient=orient, force_ascii=False)


def assert_equal_answers(answer, expected):
    assert list(answer.columns) == ANSWERED
    texts = ["grade", "value_tier_learned"]
    assert answer[texts].to_numpy().tolist() == expected[texts].to_numpy().tolist()
    numbers = [name for name in ANSWERED if name not in texts]
    np.testing.assert_allclose(answer[numbers], expected[numbers], rtol=1e-12, atol=0)


def test_every_input_may_be_missing(scorer):
    signature = mlflow_runs.signature(scorer)
    assert signature.inputs.input_names() == list(scorer.columns)
    assert not any(column.required for column in signature.inputs.inputs)
    kinds = {column.name: column.type.name for column in signature.inputs.inputs}
    assert {name for name, kind in kinds.items() if kind == "string"} == set(scorer.model.inputs_.categories)
    assert set(kinds.values()) == {"string", "double"}
    assert signature.outputs.input_names() == ANSWERED
    texts = {column.name for column in signature.outputs.inputs if column.type.name == "string"}
    assert texts == {"grade", "value_tier_learned"}
    without = mlflow_runs.signature(replace(scorer, valuation=None))
    assert without.outputs.input_names() == ANSWERED[:-3]


def test_the_logged_model_scores_alone_in_an_empty_folder(store, scorer, rows, tmp_path):
    (tmp_path / "empty").mkdir()
    folder = model_folder(store)
    done = subprocess.run(
        [sys.executable, "-I", "-W", "ignore", "-c", FRESH, str(folder)],
        input=as_json(rows, "split"),
        cwd=tmp_path / "empty",
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert Path(result["code"]).is_relative_to(folder / "code")
    assert_equal_answers(pd.DataFrame(result["answer"]), scorer.score(rows))
    assert list((tmp_path / "empty").iterdir()) == []


def post(address, body):
    request = urllib.request.Request(address, body.encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, json.loads(reply.read(), parse_constant=refuse)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def refuse(word):
    raise AssertionError(f"{word} is no JSON")


@pytest.mark.slow
@pytest.mark.parametrize("by_name", [True, False])
def test_a_served_model_answers_as_the_scorer_does(store, scorer, rows, tmp_path, by_name):
    (tmp_path / "cwd").mkdir()
    port = free_port()
    model = "models:/leadgrade/1" if by_name else str(model_folder(store))
    command = [BIN / "mlflow", "models", "serve", "--env-manager", "local", "-p", str(port), "-m", model]
    more = {"MLFLOW_TRACKING_URI": mlflow_runs.tracking_uri(store)} if by_name else {}
    server = f"http://127.0.0.1:{port}"
    few = rows[["calls_30d", "days_since_answered_call", "channel", "stage"]]
    with running(list(map(str, command)), f"{server}/ping", tmp_path, **more):
        for asked, full in ((rows, rows), (few, few.reindex(columns=list(scorer.columns)))):
            for key, orient in (("dataframe_split", "split"), ("dataframe_records", "records")):
                body = f'{{"{key}": {as_json(asked, orient)}}}'
                status, answer = post(f"{server}/invocations", body)
                assert status == 200, answer
                assert_equal_answers(pd.DataFrame(answer["predictions"]), scorer.score(full))
        for wrong in ('[{"calls_30d": "many"}]', '[{"unknown": 1}]', '[{"channel": 7}]', "[]"):
            status, answer = post(f"{server}/invocations", f'{{"dataframe_records": {wrong}}}')
            assert status == 400, (wrong, answer)
            assert "unexpected error" not in answer["message"]
    assert not answers(f"{server}/ping")
    assert list((tmp_path / "cwd").iterdir()) == []


@pytest.mark.slow
def test_a_server_on_the_store_shows_the_runs_and_takes_new_ones(store, tmp_path):
    (tmp_path / "cwd").mkdir()
    port = free_port()
    server = f"http://127.0.0.1:{port}"
    command = [BIN / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    command += ["--backend-store-uri", mlflow_runs.tracking_uri(store)]
    command += ["--artifacts-destination", tmp_path / "served"]
    with running(list(map(str, command)), f"{server}/health", tmp_path):
        client = mlflow_runs.MlflowClient(server)
        check_shown(client, "leadgrade", 1)
        (parent,) = [run for run in runs_of(client, "leadgrade") if "mlflow.parentRunId" not in run.data.tags]
        picture = f"{server}/get-artifact?run_uuid={parent.info.run_id}&path=gains.png"
        with urllib.request.urlopen(picture, timeout=30) as reply:
            assert reply.read().startswith(b"\x89PNG")

        config = trained().config_in(tmp_path / "mine", server)
        tracking = config.tracking.model_copy(update={"experiment": "over http"})
        trained().record(config.model_copy(update={"tracking": tracking}))
        check_shown(client, "over http", 2)
        assert list((tmp_path / "served").rglob("scorer.json"))
        assert {path.name for path in (tmp_path / "mine").iterdir()} == {"scorer", ours.LIST}
    assert not answers(f"{server}/health")


def runs_of(client, experiment):
    return client.search_runs([client.get_experiment_by_name(experiment).experiment_id])


def check_shown(client, experiment, version):
    runs = {run.info.run_name: run for run in runs_of(client, experiment)}
    baselines = {"naive_bayes", "logistic_regression", "histogram_boosting"}
    assert set(runs) == {"demo", "model", "close_window", "manual_grade"} | baselines
    parent = runs.pop("demo").info.run_id
    assert {run.data.tags["mlflow.parentRunId"] for run in runs.values()} == {parent}
    for period in ("train", "calibrate", "test"):
        assert 0.5 < runs["model"].data.metrics[f"{period}_30d_auc"] < 1.0
    assert {file.path for file in client.list_artifacts(parent)} >= {"leaderboard.csv", "calibration.png"}
    assert client.get_model_version("leadgrade", str(version)).run_id == runs["model"].info.run_id
