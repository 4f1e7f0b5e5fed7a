"""The registry's life cycle on a tracking server, on PostgreSQL, and on a server with that behind it."""

from contextlib import contextmanager

import pandas as pd
import pytest
from support.lifecycle_story import check_story, tell
from support.lifecycle_world import team_in
from support.servers import free_port, mlflow_server, postgresql
from support.trained_world import trained


@contextmanager
def server_on_sqlite(folder):
    port = free_port()
    with mlflow_server(folder, port, f"sqlite:///{folder}/runs.db"):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def postgresql_alone(_folder):
    with postgresql() as uri:
        yield uri


@contextmanager
def server_on_postgresql(folder):
    port = free_port()
    with postgresql() as uri, mlflow_server(folder, port, uri):
        yield f"http://127.0.0.1:{port}"


@pytest.mark.slow
@pytest.mark.parametrize("registry", [server_on_sqlite, postgresql_alone, server_on_postgresql])
def test_the_story_is_the_same_and_another_machine_grades_by_the_champion(registry, tmp_path):
    with registry(tmp_path / "server") as uri:
        team = team_in(tmp_path / "team", uri)
        check_story(tell(team))
        other = team_in(tmp_path / "other", uri)
        answer = other.run("score", "--out", tmp_path / "graded.csv")
        assert (answer.code, answer.errors) == (0, [])
        assert set(pd.read_csv(tmp_path / "graded.csv")["model_version"]) == {"leadgrade/3"}
        (fetched,) = [one for one in other.config.output_path("registry").iterdir() if one.is_dir()]
        for name in ("model.txt", "scorer.json"):
            saved = team.config.output_path("scorer") / name
            assert (fetched / name).read_bytes() == saved.read_bytes()
        assert fetched.name == trained().training.shipped.fingerprint
        assert not other.config.output_path("mlflow.db").exists()
