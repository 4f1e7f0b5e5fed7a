"""The Spark engine on a real local session: the same list as this machine's own, cell by cell."""

import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest
from support.as_parquet import as_parquet
from support.command import graded_list

pytestmark = pytest.mark.slow


def has_spark():
    script = "import warnings; warnings.simplefilter('ignore'); import pyspark"
    return subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0


@pytest.fixture(scope="module")
def team(trained_once, tmp_path_factory):
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17 or newer: install it to test engine: spark")
    if not has_spark():
        pytest.skip("PySpark is not installed: make test-slow installs it")
    return as_parquet(trained_once.copy_to(tmp_path_factory.mktemp("spark") / "team"))


def on_spark(team, verb, *args):
    """The command in a process of its own, on two local cores, with many small buckets."""
    script = (
        "from pipeline.cli import app\n"
        "from pipeline.files import source_file\n"
        "from pipeline.intake import buckets\n"
        "buckets.LEADS_PER_BUCKET, source_file.ROWS_PER_SPAN = 200, 4000\n"
        "app.main()\n"
    )
    env = {
        **os.environ,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] --conf spark.ui.enabled=false pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    command = [sys.executable, "-c", script, verb, str(team.config_path), *map(str, args)]
    done = subprocess.run(command, capture_output=True, check=False, env=env, timeout=600)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def test_the_list_equals_the_local_one_cell_by_cell(team):
    local = graded_list(team.config, team.path("local.parquet"))
    team.configure("", "engine: spark")
    said = on_spark(team, "score", "--out", team.path("spark.parquet"))
    assert f"{len(local)} leads graded" in said
    parts = sorted(team.path("spark.parquet").iterdir())
    assert all(part.suffix == ".parquet" for part in parts)
    pd.testing.assert_frame_equal(pd.read_parquet(team.path("spark.parquet")), local, check_exact=True)
    quarantined = [team.path(f"{name}.parquet.quarantine.csv").read_bytes() for name in ("local", "spark")]
    assert quarantined[0] == quarantined[1]
