"""The registry's life cycle: who is champion, how that changes, and what stays to be seen of it."""

import json
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from support.command import assert_refused
from support.lifecycle_story import check_story, tell
from support.lifecycle_world import shuffled, team_in
from support.trained_world import trained

from models.scorer import LeadScorer
from pipeline.commands.promote import _Entered
from pipeline.errors import PromotionError
from pipeline.evaluation import gate as gate_module
from pipeline.evaluation.gate import judge_challenger
from pipeline.evaluation.grade_changes import change_sentence, grade_changes
from pipeline.evaluation.leaderboard import System
from pipeline.fitting.fit import label_array
from pipeline.schemes.scheme_files import schemes_of
from pipeline.tracking import mlflow_runs
from pipeline.tracking.versions import Version

pytestmark = pytest.mark.usefixtures("few_rivals")

TESTED = datetime(2025, 10, 31, 16, tzinfo=UTC)  # midnight in Shanghai


def gate(challenger, champion=None, since=TESTED, **promotion):
    world = trained()
    settings = world.config.promotion.model_copy(update=promotion)
    config = world.config.model_copy(update={"promotion": settings})
    return judge_challenger(config, world.rows, schemes_of(config), challenger, champion, since)


def good():
    return trained().training.shipped


def worse():
    return shuffled().training.shipped


# The gate -------------------------------------------------------------------------------------------------


def test_without_a_champion_only_the_rules_are_to_be_beaten():
    found = gate(good())
    assert found.passed
    assert set(found.table["against"]) == {"close_window", "constant close rate"}
    assert set(found.table["metric"]) == {"auc"}
    # Both by every horizon that has closes enough: being ahead by the nearest is not being ahead.
    better = found.table[found.table["asked"] == "better"]
    assert better.groupby("against")["horizon"].apply(list).to_dict() == {
        rival: ["30d", "90d", "180d"] for rival in ("close_window", "constant close rate")
    }
    assert (found.table["low"] > 0).all()
    assert (found.table["verdict"] == "better").all()


def test_a_scorer_of_shuffled_labels_does_not_beat_the_rules():
    found = gate(worse())
    assert not found.passed
    assert any(
        "not better than the rule scheme close_window, beyond chance: auc by" in r for r in found.reasons
    )
    alone = gate(worse(), beat_rules=False)
    assert not alone.passed
    assert any("not better than the same chance for every lead" in reason for reason in alone.reasons)
    assert gate(good(), beat_rules=False).passed


def test_a_worse_challenger_is_refused_and_the_reasons_say_where():
    found = gate(worse(), good(), beat_rules=False)
    assert not found.passed
    told = found.table[found.table["against"] == "champion"]
    assert set(told["metric"]) == {"log_loss", "auc", "closes_at_capacity"}
    assert set(told["asked"]) == {"not worse"}
    lost = told[told["verdict"] == "worse"]
    assert {"auc", "log_loss"} <= set(lost["metric"])
    assert (lost["high"] < 0).all()
    said = [reason for reason in found.reasons if "worse than the champion, beyond chance" in reason]
    assert len(said) == (lost["horizon"] != "mean").sum()
    assert any("log-loss is higher than the champion's" in reason for reason in found.reasons)


def test_better_by_is_above_0_where_the_challenger_is_better_whichever_way_the_measure_runs():
    there, back = gate(worse(), good()).table, gate(good(), worse()).table
    for table, sign in ((there, -1), (back, 1)):
        told = table[table["against"] == "champion"].set_index(["metric", "horizon"])
        runs = told.index.get_level_values("metric").map({"log_loss": -1.0}).fillna(1.0)
        assert (told["better_by"] - runs * (told["challenger"] - told["other"])).abs().max() < 1e-12
        assert (sign * told.loc["auc", "better_by"] > 0).all()
    assert gate(good(), worse()).passed


def test_the_same_scorer_again_is_not_worse():
    found = gate(good(), good())
    assert found.passed
    told = found.table[found.table["against"] == "champion"]
    assert (told[["better_by", "low", "high"]] == 0).all(axis=None)


def test_a_plain_model_that_is_better_refuses(monkeypatch):
    """The baselines learn from all rows before those that are judged, and are asked about there."""
    seen = []

    def knowing(config, rows, frame, policy, amount):
        seen.append(frame)
        closed = np.nan_to_num(label_array(frame[frame["period"] == "test"], rows.horizons, "closed"))
        return [System("knowing", "baseline", np.full(len(closed), "A", dtype=object), 0.1 + 0.8 * closed)]

    monkeypatch.setattr(gate_module, "fit_baselines", knowing)
    found = gate(good(), since=datetime(2025, 12, 31, 16, tzinfo=UTC))
    assert not found.passed
    assert any("worse than knowing, beyond chance: auc by" in reason for reason in found.reasons)
    (frame,) = seen
    assert frame.loc[frame["period"] == "test", "as_of"].min() == pd.Timestamp("2025-12-31 16:00", tz="UTC")
    learned = frame.loc[frame["fit_window_30d"].notna(), "as_of"]
    assert learned.max() == pd.Timestamp("2025-11-30 16:00", tz="UTC")


def test_only_rows_that_neither_learned_from_are_judged():
    later = datetime(2026, 1, 31, 16, tzinfo=UTC)
    whole, part = gate(good()), gate(good(), since=later)
    assert "from 2025-10-31" in whole.reasons[0]
    assert "from 2026-01-31" in part.reasons[0]
    rows = trained().training.evaluation.rows
    assert f"judged on {len(rows)} rows of {rows['lead_id'].nunique()} leads" in whole.reasons[0]
    assert f"judged on {(rows['as_of'] >= later).sum()} rows" in part.reasons[0]


def test_horizons_without_closes_decide_nothing_and_none_at_all_does_not_pass():
    later = datetime(2026, 4, 1, tzinfo=UTC)
    part = gate(good(), good(), since=later, min_closes=5)
    assert "180d" not in set(part.table["horizon"])
    assert any(reason.startswith("180d has fewer than 5 closes") for reason in part.reasons)
    none = gate(good(), good(), since=datetime(2027, 1, 1, tzinfo=UTC))
    assert not none.passed
    assert none.table.empty
    assert "no row" in none.reasons[0]
    assert "too few closes to judge by" in none.reasons[1]


def test_an_as_of_of_another_kind_is_refused():
    with pytest.raises(PromotionError, match="no as-of of the rows"):
        gate(good(), since=400)


def version(number, until):
    return Version("leadgrade", number, "f" * 64, "run", until)


def test_rows_count_from_when_the_later_of_the_two_stopped_learning():
    early, late = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
    for one, other in ((early, late), (late, early)):
        assert _Entered(version(2, one), good(), version(1, other), None).since == late
    assert _Entered(version(2, 50), good(), None, None).since == 50
    for until in (None, 7):
        with pytest.raises(PromotionError, match="until when it learned"):
            _ = _Entered(version(2, early), good(), version(1, until), None).since


def test_grade_changes_count_every_lead_once():
    rows = trained().training.evaluation.rows
    changes = grade_changes(rows, good(), worse())
    assert changes["leads"].sum() == len(rows)
    for side, scorer in (("from", good()), ("to", worse())):
        counts = changes.groupby(side)["leads"].sum().to_dict()
        assert counts == scorer.score(rows)["grade"].value_counts().to_dict()
    same = grade_changes(rows, good(), good())
    assert change_sentence(same) == f"none of the {len(rows)} leads of the last list changes grade"


# The story ------------------------------------------------------------------------------------------------


def tags(team, number):
    client = mlflow_runs.MlflowClient(mlflow_runs.tracking_uri(team.config))
    return client.get_model_version("leadgrade", str(number)).tags


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    team = team_in(tmp_path_factory.mktemp("story"))
    return team, tell(team)


def test_the_aliases_move_only_when_the_gate_passes_or_is_overruled(story):
    check_story(story[1])


def test_a_refusal_says_why_and_prints_the_gate(story):
    answer, _ = story[1]["refused"]
    (line,) = answer.errors
    assert line.startswith("leadgrade: leadgrade/2 was not promoted: ")
    assert "--force --reason TEXT" in line
    said = json.loads(answer.out)
    assert (said["challenger"], said["champion"], said["promoted"]) == ("leadgrade/2", "leadgrade/1", False)
    assert any(row["verdict"] == "worse" for row in said["gate"])
    assert sum(row["leads"] for row in said["grade_changes"]) > 200


def test_a_promotion_prints_which_leads_change_grade(story):
    out = story[1]["forced"][0].out
    assert "leads of the last list change grade: " in out
    assert "(as of 2026-06-30 16:00Z)" in out
    assert "leadgrade/2 is the champion now in the place of leadgrade/1, by force" in out
    again = story[1]["again"][0].out
    assert "leads of the last list changes grade" in again
    assert "by force" not in again


def test_every_change_leaves_a_trace_in_the_registry(story):
    team, _ = story
    forced, restored = tags(team, 2), tags(team, 1)
    assert forced["promoted_because"] == "forced: the board wants it"
    assert (forced["promoted_by_force"], forced["promoted_over"]) == ("true", "1")
    assert forced["rolled_back_because"] == restored["restored_because"] == "grades fell apart"
    assert (restored["promoted_by_force"], restored["promoted_over"]) == ("false", "")
    assert restored["promoted_because"].startswith("the gate passes")
    for at in (forced["promoted_at"], forced["rolled_back_at"], restored["restored_at"]):
        assert abs((datetime.now(UTC) - datetime.fromisoformat(at)).total_seconds()) < 3600
    assert tags(team, 3)["fitted_until"] == TESTED.isoformat()


def test_the_decision_is_kept_with_the_challengers_run(story, tmp_path):
    team, _ = story
    client = mlflow_runs.MlflowClient(mlflow_runs.tracking_uri(team.config))
    run = client.get_model_version("leadgrade", "2").run_id
    kept = {
        name: client.download_artifacts(run, name, tmp_path)
        for name in ("promotion.csv", "grade_changes.csv")
    }
    assert "worse" in set(pd.read_csv(kept["promotion.csv"])["verdict"])
    assert pd.read_csv(kept["grade_changes.csv"])["leads"].sum() > 200


def test_a_list_is_graded_by_the_champion_and_carries_its_version(story):
    team, _ = story
    for options, expected, scorer in (
        ((), "leadgrade/3", good()),
        (("--model", "2"), "leadgrade/2", worse()),
        (
            ("--model", team.folder / f"trained-{worse().fingerprint[:6]}"),
            f"m{worse().fingerprint[:12]}",
            worse(),
        ),
    ):
        out = team.folder / "graded.csv"
        answer = team.run("score", "--out", out, "--overwrite", *options)
        assert (answer.code, answer.errors) == (0, [])
        graded = pd.read_csv(out, dtype={"model_version": str})
        assert set(graded["model_version"]) == {expected}
        assert expected in answer.out.splitlines()[-1]
        assert graded["grade"].isin(scorer.policy.grades).all()
    refused = team.run("score", "--out", out, "--overwrite", "--model", "challenger")
    assert_refused(refused, 7, "no such version")


def test_a_fetched_scorer_is_the_registered_one_byte_for_byte(story):
    team, _ = story
    for wanted, scorer in (("1", good()), ("2", worse())):
        home = team.config.output_path("registry") / scorer.fingerprint
        saved = team.folder / f"trained-{scorer.fingerprint[:6]}"
        assert team.version(wanted).fingerprint == scorer.fingerprint
        for name in ("model.txt", "scorer.json"):
            assert (home / name).read_bytes() == (saved / name).read_bytes()


def test_a_damaged_copy_is_fetched_again_and_a_damaged_registry_is_refused(story):
    team, _ = story
    copy = team.config.output_path("registry") / good().fingerprint / "model.txt"
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-20])
    out = team.folder / "mended.csv"
    assert team.run("score", "--out", out).code == 0
    assert copy.read_bytes() == whole
    stored = list(team.folder.glob("out/mlruns/models/*/artifacts/artifacts/scorer/model.txt"))
    assert len(stored) == 3
    try:
        copy.write_bytes(b"")
        for path in stored:
            path.write_bytes(path.read_bytes().replace(b"num_leaves=7", b"num_leaves=6"))
        refused = team.run("score", "--out", out, "--overwrite")
        assert_refused(
            refused, 7, "leadgrade/3 in the registry is damaged", "model.txt is not the file that was saved"
        )
    finally:
        for path in stored:
            path.write_bytes(path.read_bytes().replace(b"num_leaves=6", b"num_leaves=7"))


def test_without_a_registry_the_last_training_grades_and_says_so(tmp_path):
    team = team_in(tmp_path / "team")
    good().save(team.config.output_path("scorer"))
    answer = team.run("score", "--out", tmp_path / "graded.csv")
    assert (answer.code, answer.errors) == (0, [])
    assert "there is no champion yet" in answer.out.splitlines()[-1]
    assert not team.config.output_path("mlflow.db").exists()
    graded = pd.read_csv(tmp_path / "graded.csv", dtype=str)
    assert set(graded["model_version"]) == {f"m{good().fingerprint[:12]}"}


def test_what_cannot_be_done_is_told_in_one_line(tmp_path):
    team = team_in(tmp_path / "team")
    out = tmp_path / "graded.csv"
    assert_refused(team.run("promote"), 10, "there is no challenger", "leadgrade train")
    assert_refused(team.run("rollback", "--reason", "x"), 10, "nothing to restore")
    assert_refused(team.run("score", "--out", out, "--model", "champion"), 7, "no such version")
    assert_refused(team.run("score", "--out", out, "--model", "nowhere"), 7, "no folder")
    assert_refused(team.run("score", "--out", out, "--model", tmp_path), 7, "scorer.json")
    assert not team.config.output_path("mlflow.db").exists()
    for wrong in (
        ("promote", "--force"),
        ("promote", "--reason", "x"),
        ("rollback",),
        ("promote", "--force", "--reason", " "),
    ):
        answer = team.run(*wrong)
        assert (answer.code, answer.out) == (2, "")
        assert "--reason" in answer.err


def test_a_registry_that_does_not_answer_is_told_in_one_line(tmp_path):
    team = team_in(tmp_path / "team", "http://user:secret@127.0.0.1:1")
    for answer, code in (
        (team.run("score", "--out", tmp_path / "graded.csv"), 7),
        (team.run("promote"), 10),
        (team.run("rollback", "--reason", "x"), 10),
    ):
        line = assert_refused(answer, code, "no server answers there", "tracking.uri")
        assert "secret" not in line


def test_a_scorer_that_is_not_the_one_registered_is_refused(story):
    team, _ = story
    client = mlflow_runs.MlflowClient(mlflow_runs.tracking_uri(team.config))
    out = team.folder / "other.csv"
    for fingerprint, says in (
        ("0" * 64, "not the scorer that was registered"),
        ("../..", "not registered by"),
    ):
        client.set_model_version_tag("leadgrade", "2", "scorer", fingerprint)
        refused = team.run("score", "--out", out, "--model", "2")
        assert_refused(refused, 7, "leadgrade/2", says)
    client.set_model_version_tag("leadgrade", "2", "scorer", worse().fingerprint)
    assert LeadScorer.load(team.config.output_path("registry") / worse().fingerprint)
