"""Thousands of damaged inputs through the readers of one process: no crash, no traceback, no row lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import mutator
from support.fuzz_readers import CONFIG, tried

from pipeline.config.config import read_config

ROOT = Path(__file__).parents[3]


def test_some_damaged_inputs_are_read_or_refused_in_one_line(tmp_path):
    (tmp_path / "c.yaml").write_text(CONFIG)
    config = read_config(tmp_path / "c.yaml")
    told = [tried(tmp_path, config, seed) for seed in range(40)]
    assert {"read", "SourceError"} <= set(told)


def test_a_seed_makes_the_same_input():
    assert mutator.damaged_file(7) == mutator.damaged_file(7)
    assert {mutator.damaged_file(seed)[0] for seed in range(60)} >= {
        "leads.csv",
        "leads.parquet",
        "leads.xlsx",
    }


@pytest.mark.slow
def test_five_thousand_damaged_inputs_in_one_process():
    run = subprocess.run(
        [sys.executable, "-m", "support.fuzz_readers", "--inputs", "5000", "--first", "1000000"],
        env={**os.environ, "PYTHONPATH": "tests"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    told = json.loads(run.stdout)
    assert sum(told[kind] for kind in told if kind == "read" or kind.endswith("Error")) == 5000
    assert told["read"] > 1000
    # Not far above what a packed file may unpack to.
    assert told["peak_mib"] < 5500
