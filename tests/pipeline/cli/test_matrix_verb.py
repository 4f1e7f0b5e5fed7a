"""leadgrade matrix: the rows that are scored or trained on, written bucket by bucket."""

import pandas as pd
import pytest
from support.command import assert_refused, leadgrade
from support.on_the_road import read_tables, scoring_rows, training_rows

from pipeline.intake import buckets, span_intake
from pipeline.jobs import parts
from pipeline.matrix import dataset


@pytest.fixture(scope="module")
def made(trained_once, tmp_path_factory):
    team = trained_once.copy_to(tmp_path_factory.mktemp("matrix") / "team")
    team.configure("schemes: [all]", "schemes: [close_window]")
    return team


@pytest.fixture
def small_buckets(monkeypatch):
    for module in (buckets, span_intake):
        monkeypatch.setattr(module, "bucket_count", lambda n_leads: 3)


def test_the_matrix_of_an_instant_is_what_is_scored(made, small_buckets):
    answer = leadgrade("matrix", made.config_path, "--out", made.path("open.parquet"))
    assert (answer.code, answer.errors) == (0, [])
    written = pd.read_parquet(made.path("open.parquet"))
    assert len(list(made.path("open.parquet").iterdir())) == 3
    tables = read_tables(made.config, outcome=False).tables
    rows = scoring_rows(made.config, tables, made.config.sources["leads"].exported_at)
    assert f"{rows.frame.height} rows" in answer.out
    expected = dataset.to_pandas(rows.frame)[
        ["lead_id", "calls_30d", "days_since_call", "region", "has_history"]
    ]
    told = dataset_order(written, expected.columns)
    pd.testing.assert_frame_equal(told, dataset_order(expected, expected.columns), check_dtype=False)


def dataset_order(frame, columns):
    return frame[list(columns)].sort_values("lead_id", ignore_index=True)


def test_the_matrix_of_the_cohort_is_what_is_trained_on(made, small_buckets):
    out = made.path("cohort.parquet")
    answer = leadgrade(
        "matrix", made.config_path, "--cohort", "--features", "calls_30d,days_since_call", "--out", out
    )
    assert (answer.code, answer.errors) == (0, [])
    written = pd.read_parquet(out)
    rows = training_rows(made.config, read_tables(made.config).tables).frame.to_pandas()
    features = {"calls_30d", "days_since_call"}
    assert features < set(written.columns)
    assert "calls_7d" not in written.columns
    columns = ["lead_id", "as_of", "closed_30d", *sorted(features)]
    by = ["as_of", "lead_id"]
    pd.testing.assert_frame_equal(
        written[columns].sort_values(by, ignore_index=True), rows[columns], check_dtype=False
    )


def test_an_interrupted_matrix_is_gone_on_with(made, small_buckets, monkeypatch, capsys):
    out = made.path("again.parquet")
    original = parts._build

    def stops(*args):
        if args[-1] == 2:
            raise KeyboardInterrupt
        return original(*args)

    with monkeypatch.context() as patch:
        patch.setattr(parts, "_build", stops)
        leadgrade("matrix", made.config_path, "--out", out)
    assert not out.exists()
    answer = leadgrade("matrix", made.config_path, "--out", out)
    assert answer.code == 0
    assert "going on with what an interrupted run has done" in answer.err
    assert len(list(out.iterdir())) == 3


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--out", "m.csv"), 8, "a matrix is written as a folder of Parquet files: name it NAME.parquet"),
        (("--out", "m.parquet", "--features", "calls_30d,nonsense"), 3, "there is no nonsense"),
        (("--out", "m.parquet", "--as-of", "2099-01-01"), 3, "is in the future"),
        (("--out", "m.parquet", "--as-of", "soon"), 3, "not a date or time"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_line(made, args, code, words):
    paths = [str(made.path(arg)) if arg.startswith("m.") else arg for arg in args]
    assert_refused(leadgrade("matrix", made.config_path, *paths), code, words)
