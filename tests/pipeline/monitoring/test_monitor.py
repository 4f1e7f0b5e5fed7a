"""leadgrade monitor: quiet worlds, planted drifts, outcomes, what it leaves behind, and what it refuses."""

import functools
import json
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest
from conftest import N_LEADS
from support.command import assert_refused, leadgrade
from support.on_the_road import read_tables, taken_from, training_rows
from support.planted_drifts import DRIFTS

from models.scorer import LeadScorer
from pipeline.commands import monitor as monitor_run
from pipeline.commands.monitor import CHART, tables_of
from pipeline.config.config import read_config
from pipeline.fitting.fit import in_periods, of_periods
from pipeline.fitting.split import find_periods
from pipeline.matrix.outside import Limits
from pipeline.monitoring.arrivals import arrivals
from pipeline.monitoring.monitor import look, reference_of, watch
from pipeline.monitoring.reference import learn_reference
from pipeline.monitoring.ripened_rows import list_at
from pipeline.simulation.world import simulate
from pipeline.tracking.saved_scorer import load_scorer

SINCE = pd.Timestamp("2026-04-01")
CHECK = "2026-05-01"
INSTANT = datetime(2026, 3, 31, 16, tzinfo=UTC)  # midnight in Shanghai: the drifts begin
AT_ONCE = (
    "a new channel brings 15 % of the leads",
    "the need is no longer entered",
    "busy is told as no answer",
)


@functools.cache
def world():
    return simulate(N_LEADS, 7)


@functools.cache
def drifted():
    """The same world with three drifts at once."""
    changed = world()
    for drift in DRIFTS:
        if drift.name in AT_ONCE:
            changed = drift.plant(changed, SINCE, np.random.default_rng(0))
    return changed


@pytest.fixture(scope="session")
def drifted_once(trained_once, tmp_path_factory):
    team = trained_once.copy_to(tmp_path_factory.mktemp("drifted") / "team")
    for table in ("leads", "calls", "facts"):
        drifted().write_table(table, team.path("data"))
    return team


@functools.cache
def tables_in(team):
    return read_tables(team.config).tables


@functools.cache
def seen_by(team):
    scorer = load_scorer(team.config)
    reference = reference_of(team.config, scorer, INSTANT)
    taken = taken_from(team.config, tables_in(team))
    return scorer, reference, look(team.config, taken, scorer, reference, INSTANT)


def looked(team, **changed):
    """What is found, where the rows that are seen may be changed first."""
    scorer, reference, seen = seen_by(team)
    return watch(team.config.monitor, scorer, reference, replace(seen, **changed), 0)


def test_a_quiet_world_ends_in_0_with_tables_a_chart_and_a_run(team):
    answer = leadgrade("monitor", team.config_path)
    assert (answer.code, answer.errors) == (0, [])
    assert "as of 2026-06-30 16:00Z; graded by the last training's scorer" in answer.out  # of the export
    assert "nothing changed beyond chance" in answer.out
    assert "demo (simulation): share of the grades, in training and now" in answer.out
    assert "promised" in answer.out
    out = team.path("out")
    for name in ("monitor.csv", "monitor_grades.csv", "monitor_auc.csv", "monitor_realised.csv"):
        assert len(pd.read_csv(out / name)), name
    assert (out / CHART).read_bytes().startswith(b"\x89PNG")
    client, run = recorded_run(team)
    tags, metrics = run.data.tags, run.data.metrics
    scorer = LeadScorer.load(out / "scorer").fingerprint
    assert (tags["kind"], tags["alarm"], tags["scorer"]) == ("monitor", "false", scorer)
    assert tags["as_of"] == "2026-06-30T16:00:00+00:00"
    assert metrics["alarms"] == 0.0
    assert 0.5 < metrics["expected_auc_30d"] < 1.0
    assert sum(metrics[f"share_{grade}"] for grade in "ABCDE") == pytest.approx(1.0)
    assert run.data.params["monitor.psi_alarm"] == "0.25"
    artefacts = {one.path for one in client.list_artifacts(run.info.run_id)}
    assert artefacts >= {"monitor.csv", "monitor_promises.csv", CHART}


def recorded_run(team):
    from pipeline.tracking.mlflow_runs import MlflowClient, tracking_uri

    client = MlflowClient(tracking_uri(team.config))
    experiment = client.get_experiment_by_name("leadgrade").experiment_id
    return client, client.search_runs([experiment], "tags.kind = 'monitor'")[0]


def test_planted_drifts_end_in_11_and_are_named(drifted_once, tmp_path, monkeypatch):
    monkeypatch.setattr(monitor_run, "record_monitor", lambda *_: "")
    team = drifted_once.copy_to(tmp_path / "team")
    answer = leadgrade("monitor", team.config_path, "--as-of", CHECK, "--json")
    assert answer.code == 11
    assert len(answer.errors) == 1
    assert answer.errors[0].startswith("leadgrade: alarm: ")
    told = json.loads(answer.out)
    assert {
        "leads, channel: new values",
        "facts of need, rows: rows",
        "calls, status: vanished values",
    } <= set(told["alarms"])
    new = next(one for one in told["drift"] if (one["column"], one["check"]) == ("channel", "new values"))
    assert (new["value"], new["level"], new["source"]) == ("直播", "alarm", "leads")
    assert 0.05 < new["now"] < 0.6
    assert {"as_of", "scorer", "grades", "expected_auc", "realised", "promises"} <= told.keys()


def test_what_comes_later_changes_nothing(trained_once, drifted_once):
    """Before the drift began, the world that will drift looks as the other does."""
    one, other = (looked(team) for team in (trained_once, drifted_once))
    for name, table in tables_of(one).items():
        pd.testing.assert_frame_equal(table, tables_of(other)[name], obj=name)


def test_closes_that_fail_to_come_are_found(trained_once):
    scorer, _, seen = seen_by(trained_once)
    labels = [f"closed_{horizon}" for horizon in scorer.horizons]
    gone = {name: seen.newest[name].where(seen.newest[name].isna(), 0.0) for name in labels}
    found = looked(trained_once, newest=seen.newest.assign(**gone))
    assert found.realised["level"].iloc[0] == "alarm"
    assert any(alarm.startswith("closes by 30d: 0 of ") for alarm in found.alarms)
    assert not any(alarm.startswith("closes") for alarm in looked(trained_once).alarms)


def test_broken_promises_are_found(trained_once):
    _, _, seen = seen_by(trained_once)
    ripe = seen.ripe.assign(closed_30d=seen.ripe["closed_30d"].where(seen.ripe["closed_30d"].isna(), 1.0))
    found = looked(trained_once, ripe=ripe)
    broken = found.promises[found.promises["level"] == "alarm"]
    assert set(broken["by"]) == {"30d"}
    assert set(broken["verdict"]) == {"broken: higher"}


def test_before_any_outcome_has_ripened_there_is_nothing_to_judge(trained_once):
    _, _, seen = seen_by(trained_once)
    found = looked(trained_once, ripe=seen.ripe.head(0), newest=seen.newest.head(0))
    assert found.realised["rows"].tolist() == [0, 0, 0]
    assert set(found.promises["verdict"]) == {"too few"}
    assert found.alarms == looked(trained_once).alarms == ()


def test_only_outcomes_that_had_ripened_are_judged(trained_once):
    _, _, seen = seen_by(trained_once)
    for days in (30, 90, 180):
        ripe = seen.ripe.loc[seen.ripe[f"closed_{days}d"].notna(), "as_of"]
        assert (ripe + pd.Timedelta(days=days) <= INSTANT).all()
        newest = seen.newest.loc[seen.newest[f"closed_{days}d"].notna(), "as_of"]
        assert newest.nunique() == (1 if len(ripe) else 0)
    first = datetime.fromisoformat(LeadScorer.load(trained_once.path("out/scorer")).reference.until)
    assert seen.ripe["as_of"].min() >= first


def test_the_list_is_the_cohort_as_training_would_see_it(trained_once):
    config, tables = trained_once.config, tables_in(trained_once)
    rows = training_rows(config, tables)
    cohort = rows.frame.filter(pl.col("as_of") == INSTANT)
    listed = list_at(config, taken_from(config, tables), rows, INSTANT, 30, Limits.of(config.cohort)).frame
    assert listed.select("lead_id").sort("lead_id").equals(cohort.select("lead_id").sort("lead_id"))


def test_other_cohorts_are_looked_at_by_their_last_rows(trained_once):
    text = {"cohort": {"at": "after_creation", "days": [30]}, "schemes": []}
    config = read_config(trained_once.config_path, text)
    tables = {**tables_in(trained_once), "leads": tables_in(trained_once)["leads"].gather_every(5)}
    rows = training_rows(config, tables)
    periods = find_periods(rows.frame, config.split)
    scorer = load_scorer(config)
    unseen = scorer.raw_hazards(of_periods(in_periods(config, rows, periods), "train", "calibrate"))
    reference = learn_reference(config, rows, taken_from(config, tables), scorer, periods, unseen)
    seen = look(config, taken_from(config, tables), scorer, reference, INSTANT)
    assert (seen.leads["as_of"] >= INSTANT - pd.Timedelta(days=30)).all()
    assert len(reference.instants) >= 7
    assert watch(config.monitor, scorer, reference, seen, 0).alarms == ()


def test_the_reference_has_the_scores_of_trees_that_had_not_seen_the_lead(trained_once):
    config, tables = trained_once.config, tables_in(trained_once)
    rows, scorer = training_rows(config, tables), load_scorer(config)
    periods = find_periods(rows.frame, config.split)
    learned = of_periods(in_periods(config, rows, periods), "train", "calibrate")
    latest = (learned["period"] == "calibrate").to_numpy()
    # Hazards that no row's own scores could be: the same for all of an instant's leads.
    unseen = np.full((len(learned), 3), 0.5)
    unseen[latest] = 0.01 * (1.0 + pd.factorize(learned.loc[latest, "as_of"])[0])[:, None]
    reference = learn_reference(config, rows, taken_from(config, tables), scorer, periods, unseen)
    told = reference.sources["open leads"].columns["score"]
    assert (np.count_nonzero(told.by_instant, axis=1) == 1).all()
    kept = scorer.reference.sources["open leads"].columns["score"]
    own = scorer.score(learned[latest])["score"]
    assert kept.means != pytest.approx(own.groupby(learned.loc[latest, "as_of"]).mean().tolist(), rel=1e-6)


def test_nobody_is_named(trained_once):
    config = trained_once.config
    tables = dict(tables_in(trained_once))
    late = pl.col("created_at") >= datetime(2026, 2, 28, 16, tzinfo=UTC)
    tables["leads"] = tables["leads"].with_columns(
        channel=pl.when(late).then(pl.lit("13800138021")).otherwise("channel")
    )
    tables["calls"] = tables["calls"].with_columns(agent_id=pl.lit("王小明"))
    frames = arrivals(config, taken_from(config, tables), [INSTANT], 30)[0]
    assert "calls of 王**" in frames
    assert set(frames["calls"]["agent_id"].dropna()) == {"given"}
    scorer = load_scorer(config)
    reference = reference_of(config, scorer, INSTANT)
    seen = look(config, taken_from(config, tables), scorer, reference, INSTANT)
    found = watch(config.monitor, scorer, reference, seen, 0)
    told = "".join(table.to_csv() for table in tables_of(found).values()) + "".join(found.alarms)
    assert "138******21" in told
    for secret in ("13800138021", "王小明", "SIM-L"):
        assert secret not in told
    assert "SIM-L" not in trained_once.path("out/scorer/scorer.json").read_text("utf-8")


def test_a_saved_scorer_keeps_its_reference(trained_once):
    scorer = load_scorer(trained_once.config)
    assert len(scorer.reference.instants) == 8
    assert scorer.reference.period_days == 30
    assert scorer.reference.until == "2025-10-31T16:00:00+00:00"
    assert set(scorer.columns) <= set(scorer.reference.sources["open leads"].columns)


# What is refused --------------------------------------------------------------------------------------------


def test_an_old_scorer_without_a_reference_is_refused_in_one_line(team):
    scorer = replace(load_scorer(team.config), reference=None)
    scorer.save(team.path("old"))
    answer = leadgrade("monitor", team.config_path, "--model", team.path("old"))
    assert_refused(answer, 7, "has no reference to compare with", "leadgrade train")


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--as-of", "2025-10-01"], 3, ["the scorer learned from what was before 2025-10-31 16:00Z"]),
        (["--as-of", "soon"], 3, ["--as-of", "not a date or time"]),
        (["--as-of", "2096-01-01"], 3, ["in the future"]),
        (["--model", "nowhere"], 7, ["no folder"]),
    ],
)
def test_what_cannot_be_looked_at_is_refused_in_one_line(team, more, code, words):
    assert_refused(leadgrade("monitor", team.config_path, *more), code, *words)


def test_a_list_without_an_open_lead_is_refused(team):
    folder = team.path("out/scorer")
    scorer = replace(LeadScorer.load(folder), learned_from={"max_age_days": 30})
    folder.rename(team.path("former"))
    scorer.save(folder)
    assert_refused(leadgrade("monitor", team.config_path, "--as-of", "2026-11-01"), 7, "no lead is open at")


def test_thresholds_are_checked(team):
    team.configure("", "monitor: {psi_alarm: 0}")
    assert_refused(leadgrade("monitor", team.config_path), 3, "monitor.psi_alarm")
