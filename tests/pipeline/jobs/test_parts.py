"""Lists by the bucket: the same bytes however they are split, interrupted or worked on; nothing lost."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pandas as pd
import polars as pl
import pytest
from filelock import FileLock
from support.as_parquet import as_parquet
from support.command import assert_refused, graded_list, leadgrade

from models.scorer import LeadScorer
from pipeline.commands.score import run_score
from pipeline.config.shipped import shipped
from pipeline.files import source_file
from pipeline.intake import buckets, span_intake
from pipeline.jobs import engines
from pipeline.jobs import parts as batch
from pipeline.scoring import ranked_list
from pipeline.scoring.grader import Grader


@pytest.fixture(scope="module")
def listed(trained_once, tmp_path_factory):
    """The shared team with Parquet sources, its list graded at once; nobody changes this folder."""
    team = as_parquet(trained_once.copy_to(tmp_path_factory.mktemp("batch") / "team"))
    team.configure("schemes: [all]", "schemes: [close_window]")
    return (
        team,
        graded_list(team.config, team.path("graded.parquet")),
        team.path("graded.parquet").read_bytes(),
    )


def in_small_parts(patch, n_buckets=4, rows=9000, listed=60):
    for module in (buckets, span_intake):
        patch.setattr(module, "bucket_count", lambda n_leads: n_buckets)
    patch.setattr(source_file, "ROWS_PER_SPAN", rows)
    patch.setattr(ranked_list, "ROWS_PER_WRITE", listed)
    patch.setattr(engines, "_cores", lambda: 1)


def test_the_list_does_not_depend_on_buckets_spans_or_slices(listed, monkeypatch):
    team, whole, _ = listed
    in_small_parts(monkeypatch)
    parts = graded_list(team.config, team.path("parts.parquet"))
    pd.testing.assert_frame_equal(parts, whole, check_exact=True)
    assert not list(team.folder.glob(".*.work"))


class Interrupted(BaseException):
    pass


def interrupted_after(patch, name, times):
    """Let a function of batch do its work so often, then stop as if the power failed."""
    done, original = [], getattr(batch, name)

    def stops(*args):
        if len(done) == times:
            raise Interrupted
        done.append(args[-1])
        return original(*args)

    patch.setattr(batch, name, stops)
    return done


def counted(patch):
    """A list that grows with each bucket that is graded."""
    graded, original = [], Grader.grade

    def grade(self, tables):
        graded.append(tables)
        return original(self, tables)

    patch.setattr(Grader, "grade", grade)
    return graded


@pytest.mark.parametrize(("step", "times"), [("_take", 2), ("_grade", 0), ("_grade", 3)])
def test_an_interrupted_list_is_gone_on_with(listed, monkeypatch, capsys, step, times):
    team, whole, _ = listed
    out = team.path(f"again{step}{times}.parquet")
    in_small_parts(monkeypatch)
    with monkeypatch.context() as patch:
        first = interrupted_after(patch, step, times)
        with pytest.raises(Interrupted):
            run_score(team.config, None, None, out)
    assert not out.exists()
    with monkeypatch.context() as patch:
        graded = counted(patch)
        pd.testing.assert_frame_equal(graded_list(team.config, out), whole, check_exact=True)
    assert "going on with what an interrupted run has done" in capsys.readouterr().err
    assert len(graded) == (4 - len(first) if step == "_grade" else 4)


def interrupted_list(team, out, patch):
    """Begin a list in small parts, and stop after three of them are graded."""
    in_small_parts(patch)
    with patch.context() as inner:
        interrupted_after(inner, "_grade", 3)
        with pytest.raises(Interrupted):
            run_score(team.config, None, None, out)


@pytest.mark.slow
def test_another_question_starts_anew(listed, monkeypatch, capsys):
    team, whole, _ = listed
    out = team.path("other.parquet")
    interrupted_list(team, out, monkeypatch)
    few = graded_list(team.config, out, reasons=1)
    assert "going on" not in capsys.readouterr().err
    assert not few["reasons_up_en"].str.contains(" | ", regex=False).any()
    columns = [name for name in whole.columns if not name.startswith("reasons_")]
    pd.testing.assert_frame_equal(few[columns], whole[columns], check_exact=True)


def test_a_scorer_that_changed_meanwhile_starts_anew(listed, monkeypatch, capsys, tmp_path):
    """Parts that two scorers graded never stand in one list."""
    team, _, _ = listed
    team, out = team.copy_to(tmp_path / "team"), tmp_path / "changed.parquet"
    interrupted_list(team, out, monkeypatch)
    folder = team.path("out/scorer")
    scorer = LeadScorer.load(folder)
    easier = tuple(replace(one, at_least=one.at_least / 2) for one in scorer.policy.conditions)
    shutil.rmtree(folder)
    scorer.with_policy(replace(scorer.policy, conditions=easier)).save(folder)
    resumed = graded_list(team.config, out)
    assert "going on" not in capsys.readouterr().err
    fresh = graded_list(team.config, tmp_path / "fresh.parquet")
    pd.testing.assert_frame_equal(resumed, fresh, check_exact=True)
    assert resumed["model_version"].nunique() == 1


@pytest.mark.slow
def test_an_export_that_came_meanwhile_starts_anew(listed, monkeypatch, capsys, tmp_path):
    """Parts of two exports never stand in one list, and what the new one brought is in it."""
    team, whole, _ = listed
    team, out = team.copy_to(tmp_path / "team"), tmp_path / "export.parquet"
    interrupted_list(team, out, monkeypatch)
    path = team.path("data/leads.parquet")
    leads = pd.read_parquet(path)
    gone = leads["lead_id"].isin(whole["lead_id"].iloc[[0, -1]])
    leads[~gone].to_parquet(path, index=False)
    resumed = graded_list(team.config, out)
    assert "going on" not in capsys.readouterr().err
    assert len(resumed) == len(whole) - 2
    assert not resumed["lead_id"].isin(leads.loc[gone, "lead_id"]).any()


@pytest.mark.slow
def test_a_scheme_file_that_changed_meanwhile_starts_anew(listed, monkeypatch, capsys, tmp_path):
    team, _, _ = listed
    team, out = team.copy_to(tmp_path / "team"), tmp_path / "scheme.parquet"
    own = team.path("own.yaml")
    own.write_text((shipped("schemes") / "close_window.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    team.configure("schemes: [close_window]", "schemes: [own.yaml]")
    interrupted_list(team, out, monkeypatch)
    text = own.read_text(encoding="utf-8")
    own.write_text(text + "# looked at again\n", encoding="utf-8")
    graded_list(team.config, out)
    assert "going on" not in capsys.readouterr().err


def test_two_of_the_same_output_do_not_meet(listed):
    team, _, _ = listed
    out = team.path("busy.csv")
    folder = team.path(".busy.csv.work")
    folder.mkdir()
    with FileLock(folder / ".lock"):
        answer = leadgrade("score", team.config_path, "--out", out)
    assert_refused(answer, 8, "another leadgrade is writing", "busy.csv", "write elsewhere")
    shutil.rmtree(folder)


def test_rows_that_share_a_key_across_spans_are_quarantined_as_in_one(listed, monkeypatch, tmp_path):
    team, _, _ = listed
    team = team.copy_to(tmp_path / "team")
    folder = team.path("data/calls.parquet")
    first, last = (pd.read_parquet(sorted(folder.iterdir())[place]) for place in (0, -1))
    copies = first.iloc[[3, 4, 5]].assign(note=None).drop(columns="note")
    copies.iloc[1, copies.columns.get_loc("duration")] = "77"
    copies.iloc[2, copies.columns.get_loc("duration")] = "long"
    pd.concat([last, copies]).to_parquet(sorted(folder.iterdir())[-1], index=False)
    at_once = graded_list(team.config, team.path("once.parquet"))
    quarantine = pd.read_csv(team.path("once.parquet.quarantine.csv"))
    calls = quarantine[quarantine["source"] == "calls"]["reason"]
    assert calls.str.startswith("identical duplicate of row 4").sum() == 1
    assert calls.str.startswith("conflicts with row").sum() == 4
    in_small_parts(monkeypatch)
    pd.testing.assert_frame_equal(
        graded_list(team.config, team.path("spans.parquet")), at_once, check_exact=True
    )
    assert (
        team.path("spans.parquet.quarantine.csv").read_bytes()
        == team.path("once.parquet.quarantine.csv").read_bytes()
    )


def test_leads_without_history_are_graded_on_their_attributes_and_marked(listed):
    team, whole, _ = listed
    leads = pl.read_parquet(team.path("data/leads.parquet"))
    fresh = leads.head(2).with_columns(
        pl.Series("lead_id", ["N1", "N2"]),
        customer_id=pl.lit(None, pl.String),
        created_at=pl.lit("2026-06-20"),
    )
    path = team.path("fresh.parquet")
    pl.concat([fresh, leads.tail(50)]).write_parquet(path)
    graded = graded_list(team.config, team.path("fresh.graded.parquet"), path).set_index("lead_id")
    assert not graded.loc[["N1", "N2"], "has_history"].any()
    assert graded.loc[["N1", "N2"], "score"].notna().all()
    known = set(graded.index) & set(whole["lead_id"])
    assert known
    assert graded.loc[sorted(known), "has_history"].equals(
        whole.set_index("lead_id").loc[sorted(known), "has_history"]
    )
    answer = leadgrade("score", team.config_path, "--leads", path, "--out", team.path("fresh.csv"))
    without = int((~graded["has_history"]).sum())
    assert f"{without} of them have no history: graded on their attributes alone" in answer.out


def test_a_list_too_long_for_excel_is_refused_before_it_is_graded(listed, monkeypatch):
    team, _, _ = listed
    monkeypatch.setattr("pipeline.commands.score.EXCEL_ROWS", 100)
    answer = leadgrade("score", team.config_path, "--out", team.path("long.xlsx"))
    assert_refused(answer, 8, "Excel holds 100 rows, the list has 1,500; use .parquet or .csv")
    assert not team.path("long.xlsx").exists()


@pytest.mark.slow
def test_several_threads_do_the_same(listed, monkeypatch):
    team, whole, _ = listed
    in_small_parts(monkeypatch, n_buckets=8, rows=1500)
    monkeypatch.setattr(engines, "_cores", lambda: 4)
    parts = graded_list(team.config, team.path("threads.parquet"))
    pd.testing.assert_frame_equal(parts, whole, check_exact=True)


def test_of_two_faults_the_first_is_told_every_time(monkeypatch):
    monkeypatch.setattr(engines, "_cores", lambda: 4)
    told = set()
    with engines.opened_engine("local") as engine:
        for _ in range(5):
            with pytest.raises(ValueError, match="at") as caught:
                list(engine.each(_fails, [0.02, 0.0]))
            told.add(str(caught.value))
    assert told == {"at 0.02"}


def _fails(seconds):
    time.sleep(seconds)
    raise ValueError(f"at {seconds}")


@pytest.mark.slow
def test_killed_ten_times_and_gone_on_with_the_list_has_the_same_bytes(listed):
    team, _, whole = listed
    random.seed(11)
    out = team.path("killed.parquet")
    command = [sys.executable, "-c", _SMALL_BUCKETS, "score", str(team.config_path), "--out", str(out)]
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    took = time.monotonic() - start
    assert out.read_bytes() == whole
    for _ in range(10):
        out.unlink()
        team.path("killed.parquet.quarantine.csv").unlink()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.3, 0.95) * took)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        again = subprocess.run([*command, "--overwrite"], check=True, capture_output=True)
        assert out.read_bytes() == whole, again.stderr
        assert not list(team.folder.glob(".killed*"))


_SMALL_BUCKETS = """
from pipeline.cli import app
from pipeline.files import source_file
from pipeline.intake import buckets
buckets.LEADS_PER_BUCKET, source_file.ROWS_PER_SPAN = 200, 4000
app.main()
"""
