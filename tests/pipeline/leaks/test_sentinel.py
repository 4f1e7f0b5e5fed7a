"""The leak sentinel: what it names on clean, planted and real data, where it looks, what is done about it."""

import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from laws.poisons import everybody_closes
from support.command import assert_refused, leadgrade
from support.on_the_road import read_tables, taken_from, training_rows
from support.planted_leaks import ATTRIBUTES, PLANTED, planted_config, with_leaks, write_config
from support.tiny_list import tiny_in

from models.close.inputs import Inputs
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.errors import TrainingError
from pipeline.leaks.sentinel import dropped_features, find_suspects, suspect_table
from pipeline.leaks.suspect import Suspect
from pipeline.leaks.undeclared import undeclared_suspects
from pipeline.scoring.grader import check_rows_fit
from pipeline.simulation.world import simulate
from pipeline.tracking.saved_scorer import load_scorer
from pipeline.training.train import train_rows

CONFIGS = shipped("demo.yaml").parent
DATA = Path(os.environ.get("LEADGRADE_DATA", CONFIGS.parent.parent / "shared" / "data"))
QUICK = {"model.max_trees": 40, "model.early_stopping_trees": 10, "model.threads": 1}


def suspects_of(config, tables=None):
    tables = tables or read_tables(config).tables
    return find_suspects(config, training_rows(config, tables), taken_from(config, tables))


def names_of(suspects):
    return {suspect.name for suspect in suspects}


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    return planted_config(tmp_path_factory.mktemp("planted"), 1500, 11, **QUICK)


@pytest.fixture(scope="module")
def tables(planted):
    return read_tables(planted).tables


@pytest.fixture(scope="module")
def found(planted, tables):
    return suspects_of(planted, tables)


def test_every_planted_leak_is_named_and_nothing_else(found):
    assert names_of(found) == set(PLANTED.values())


def test_nothing_is_named_on_a_clean_world(tmp_path):
    assert suspects_of(write_config(tmp_path, simulate(1500, 11))) == ()


def test_each_leak_is_told_by_its_own_evidence(found):
    kinds = {suspect.name: suspect.kind for suspect in found}
    assert kinds["contract_amount"] == kinds["status_now"] == "value"
    assert kinds["invoice_title"] in {"missing", "one_fate"}
    assert kinds["reason_of_loss"] == "one_fate"
    assert kinds["size_of_team"] == "written_later"
    assert kinds["satisfaction"] == kinds["contact_level=customer"] == "after_close"
    assert kinds["stage=合同用印"] == kinds["activity=deposit"] == "before_close"


def test_each_suspect_speaks_two_languages_and_gives_figures(found):
    table = suspect_table(found)
    told = {"name", "kind", "standing", "evidence", "features", "sentence_en", "sentence_zh"}
    assert set(table.columns) == told
    for row in table.itertuples():
        assert row.name in row.sentence_en
        assert row.name in row.sentence_zh
        assert "{" not in row.sentence_en + row.sentence_zh
        assert any(character.isdigit() for character in row.evidence)


def test_the_order_of_the_rows_changes_nothing(planted, tables, found):
    turned = {name: table.reverse() for name, table in tables.items()}
    assert suspect_table(suspects_of(planted, turned)).equals(suspect_table(found))


def test_an_attribute_that_is_declared_a_snapshot_is_no_suspect(planted, tables):
    declared = planted.attributes["status_now"].model_copy(update={"known": "snapshot"})
    honest = planted.model_copy(update={"attributes": planted.attributes | {"status_now": declared}})
    assert names_of(suspects_of(honest, tables)) == set(PLANTED.values()) - {"status_now"}


def test_what_the_team_trusts_is_not_named(planted, tables):
    trusted = planted.leaks.model_copy(
        update={"trusted": ("contract_amount", "stage=合同用印", "invoice_title")}
    )
    left = names_of(suspects_of(planted.model_copy(update={"leaks": trusted}), tables))
    assert left == set(PLANTED.values()) - set(trusted.trusted)


# --- nothing of the test period is looked at -----------------------------------------------------


def nobody_orders(tables, at):
    return {**tables, "orders": tables["orders"].filter(pl.col("ordered_at") < at)}


def later_leads_hold_nothing(tables, at):
    gone = [
        pl.when(pl.col("created_at") < at).then(name).alias(name)
        for name in ("contract_amount", "status_now", "invoice_title", "size_of_team")
    ]
    return {**tables, "leads": tables["leads"].with_columns(gone)}


def everybody_enters_the_field(tables, at):
    told = tables["leads"].filter(pl.col("created_at") < at)
    later = told.select(
        "lead_id",
        pl.lit(at, pl.Datetime("us", "UTC")).alias("known_at"),
        pl.lit("satisfaction").alias("field"),
        pl.lit("low").alias("value"),
    )
    return {**tables, "facts": pl.concat([tables["facts"], later], how="diagonal")}


@pytest.mark.parametrize(
    "poison", [everybody_closes, nobody_orders, later_leads_hold_nothing, everybody_enters_the_field]
)
def test_whatever_happens_from_the_test_period_on_the_suspects_are_the_same(poison, planted, tables, found):
    poisoned = poison(tables, planted.split.test_from)
    assert suspect_table(suspects_of(planted, poisoned)).equals(suspect_table(found))


def test_what_happens_before_does_change_them(planted, tables, found):
    poisoned = everybody_closes(tables, planted.split.calibrate_from)
    assert not suspect_table(suspects_of(planted, poisoned)).equals(suspect_table(found))


# --- policies ------------------------------------------------------------------------------------


def with_policy(config, policy):
    return config.model_copy(update={"leaks": config.leaks.model_copy(update={"policy": policy})})


@pytest.mark.usefixtures("few_rivals")
def test_drop_trains_without_them_and_scoring_and_rules_still_work(planted, tables, found):
    config = with_policy(planted, "drop")
    rows = training_rows(config, tables)
    training = train_rows(config, rows, (), suspects=found)
    dropped = {"contract_amount", "status_now", "invoice_title_characters", "stage", "contact_level"}
    assert dropped <= set(training.shipped.dropped)
    assert not dropped & set(training.shipped.columns)
    assert {"calls_30d", "channel"} <= set(training.shipped.columns)
    check_rows_fit(config, rows, training.shipped)
    assert training.suspects == found


def auc_of(training):
    board = training.evaluation.board
    found = board[(board["metric"] == "auc") & (board["leads_in"] == "all") & (board["horizon"] == "180d")]
    return found.set_index("system")["value"]


@pytest.mark.slow
def test_drop_leaves_no_learner_a_column_that_knows(planted, tables, found, monkeypatch):
    seen = []
    learn = Inputs.learn
    monkeypatch.setattr(Inputs, "learn", lambda frame: seen.append(set(frame.columns)) or learn(frame))
    rows = training_rows(planted, tables)
    dropping = with_policy(planted, "drop")
    kept, left = (auc_of(train_rows(config, rows, (), suspects=found)) for config in (planted, dropping))
    known = [columns for columns in seen if "contract_amount" in columns]
    # Model, amounts and three baselines, once with it and once without; naive Bayes asks for its own.
    assert len(known) == len(seen) / 2 >= 5
    assert set(kept.index) >= {"model", "naive_bayes", "logistic_regression", "histogram_boosting"}
    learners = left.index.drop("manual_grade")
    assert (left[learners] < kept[learners] - 0.01).all(), (kept, left)


@pytest.mark.usefixtures("few_rivals")
def test_warn_trains_on_everything(planted, tables, found):
    rows = training_rows(planted, tables)
    training = train_rows(planted, rows, (), suspects=found)
    assert training.shipped.dropped == ()
    assert set(training.shipped.columns) == {feature.name for feature in rows.features}


def test_fail_stops_the_training_and_names_them(planted, tables, found):
    config = with_policy(planted, "fail")
    with pytest.raises(TrainingError, match=r"contract_amount.*leaks\.trusted"):
        train_rows(config, training_rows(config, tables), (), suspects=found)


def test_dropping_everything_is_refused(planted, tables):
    rows = training_rows(planted, tables)
    all_of_them = Suspect("all", "value", {"auc": 0.9}, tuple(f.name for f in rows.features))
    with pytest.raises(TrainingError, match="leaves no feature"):
        dropped_features(with_policy(planted, "drop"), rows, [all_of_them])


# --- the command line ----------------------------------------------------------------------------


@pytest.fixture
def leaky(team, few_rivals):
    """The shared team after somebody added columns that know the outcome."""
    world = with_leaks(simulate(1500, 7), 7)
    world.write(team.path("data"))
    lines = [f"  {name}: {json.dumps(spec)}" for name, spec in ATTRIBUTES.items()]
    team.configure("attributes:\n", "attributes:\n" + "\n".join(lines) + "\n")
    return team


def test_check_tells_them_as_a_table_and_in_json(leaky):
    told = leadgrade("check", leaky.config_path)
    assert told.code == 0
    assert "leak suspects (leaks.policy: warn" in told.out
    assert "contract_amount alone orders closes" in told.out
    suspects = json.loads(leadgrade("check", leaky.config_path, "--json").out)["suspects"]
    assert {suspect["name"] for suspect in suspects} == set(PLANTED.values())


@pytest.mark.slow
def test_train_drops_them_says_so_and_the_scorer_grades(leaky, untracked):
    # One scheme that reads what is dropped, and one that does not.
    leaky.configure("schemes: [all]", "schemes: [relationship, close_window]\nleaks: {policy: drop}")
    told = leadgrade("train", leaky.config_path)
    assert told.code == 0, told.err
    assert told.out.count("\nleak suspect: ") == len(PLANTED)
    assert "dropped as leak suspects: " in told.out
    assert "contract_amount" not in load_scorer(leaky.config).columns
    assert leadgrade("score", leaky.config_path, "--out", leaky.path("graded.csv")).code == 0
    assert leadgrade("compare", leaky.config_path).code == 0


def test_train_stops_where_a_leak_is_not_suffered(leaky, untracked):
    leaky.configure("", "\nleaks: {policy: fail}\n")
    assert_refused(leadgrade("train", leaky.config_path), 6, "contract_amount", "leaks.trusted")


# --- values that only leads hold that did not close, and columns filled by the outcome -------------


def flat_list(folder, columns, declared, policy="warn"):
    """A flat list with further columns, some of them declared."""
    path = tiny_in(folder)
    listed = pd.read_csv(folder / "list.csv", dtype={"y": str})
    for name, made in columns.items():
        listed[name] = made(listed["y"] == "yes", np.random.default_rng(1))
    listed.to_csv(folder / "list.csv", index=False)
    text = path.read_text(encoding="utf-8")
    text = text.replace("attributes: {", "attributes: {" + "".join(f"{name}: {{}}, " for name in declared))
    path.write_text(f"{text}leaks: {{policy: {policy}}}\n", encoding="utf-8")
    return read_config(path)


def tags(won, rng):
    """Filled in by people who knew: two words that no buyer has."""
    told = np.where(rng.random(len(won)) < 0.6, "Ringing", "Interested in other")
    return np.where(~won & (rng.random(len(won)) < 0.5), told, "")


def contract(won, rng):
    """Filled in nine times as often for those who bought."""
    return np.where(rng.random(len(won)) < np.where(won, 0.45, 0.05), "signed", "")


def harmless(won, rng):
    return np.where(rng.random(len(won)) < 0.3, "Ringing", "")


@pytest.mark.parametrize("policy", ["warn", "drop", "fail"])
def test_values_that_no_buyer_holds_are_a_question_and_nothing_is_dropped_for_it(tmp_path, policy):
    config = flat_list(tmp_path, {"Tags": tags}, ["Tags"], policy)
    rows = training_rows(config, read_tables(config).tables)
    suspect = next(one for one in suspects_of(config) if one.name == "Tags")
    assert (suspect.kind, suspect.value, suspect.fate) == (
        "one_fate",
        "Ringing / Interested in other",
        "unclosed",
    )
    assert suspect.is_question
    assert "Tags = Ringing / Interested in other did not close, of other" in suspect.sentence_en
    assert "未成交" in suspect.sentence_zh
    assert dropped_features(config, rows, [suspect]) == frozenset()


def test_a_column_filled_nine_times_as_often_for_the_won_is_named_and_dropped(tmp_path):
    config = flat_list(tmp_path, {"contract": contract, "Tags": tags}, ["contract", "Tags"], "drop")
    rows = training_rows(config, read_tables(config).tables)
    found = {one.name: one for one in suspects_of(config)}
    suspect = found["contract"]
    assert (suspect.kind, suspect.is_question) == ("filled_more", False)
    assert suspect.evidence["times"] == pytest.approx(9.0, rel=0.5)
    assert "times as often for leads that closed" in suspect.sentence_en
    assert "倍" in suspect.sentence_zh
    dropped = dropped_features(config, rows, list(found.values()))
    assert "contract" in dropped
    assert "Tags" in found
    assert "Tags" not in dropped


def rare(won, _rng):
    return np.where(~won & (np.arange(len(won)) < 20), "rare", "")


def often(won, rng):
    """A buyer in ten holds it."""
    return np.where(rng.random(len(won)) < np.where(won, 0.1, 0.6), "often", "")


@pytest.mark.parametrize("column", [harmless, rare, often])
def test_a_value_that_tells_little_or_that_buyers_hold_too_is_none(tmp_path, column):
    config = flat_list(tmp_path, {"Tags": column}, ["Tags"])
    assert "Tags" not in names_of(suspects_of(config))


@pytest.mark.parametrize("declared", [[], ["Tags"]])
def test_check_looks_at_every_column_of_a_flat_list_declared_or_not(tmp_path, declared):
    columns = {"Tags": tags, "contract": contract, "note": harmless}
    config = flat_list(tmp_path, columns, declared)
    told = json.loads(leadgrade("check", config.path, "--json").out)["suspects"]
    # The list's own number, x, tells the outcome so well that it is named too.
    features = {one["name"]: one["features"] for one in told if one["name"] != "x"}
    assert features == {"Tags": "Tags" if declared else "", "contract": ""}
    # The model does not read them: training has nothing to say of them.
    assert names_of(suspects_of(config)) == {"x", *declared}


def test_an_undeclared_number_that_tells_the_outcome_is_named_and_a_trusted_one_is_not(tmp_path):
    def amount(won, rng):
        return np.where(won, rng.integers(50, 90, len(won)), rng.integers(1, 50, len(won)))

    config = flat_list(tmp_path, {"amount": amount}, [])
    found = undeclared_suspects(config, training_rows(config, read_tables(config).tables))
    assert [(one.name, one.kind, one.features) for one in found] == [("amount", "value", ())]
    trusted = config.model_copy(update={"leaks": config.leaks.model_copy(update={"trusted": ("amount",)})})
    assert undeclared_suspects(trusted, training_rows(config, read_tables(config).tables)) == []


def test_a_date_known_at_creation_is_looked_at_by_both_of_its_features(tmp_path):
    config = write_config(tmp_path, simulate(1500, 11), {"birthday": {"kind": "date"}})
    path = config.data_path("leads.csv")
    pd.read_csv(path, dtype=str).assign(birthday="1990-05-01").to_csv(path, index=False)
    assert suspects_of(config) == ()


# --- real data -----------------------------------------------------------------------------------


def real(name, monkeypatch, overrides=None):
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: set LEADGRADE_DATA to the folder of the data sets")
    monkeypatch.delenv("LEADGRADE_DATA", raising=False)
    return read_config(CONFIGS / f"{name}.yaml", {"data_dir": str(folder), **(overrides or {})})


def test_on_the_banks_list_it_names_the_duration_alone(monkeypatch):
    config = real("uci_bank_marketing", monkeypatch, {"attributes.duration": {"kind": "numeric"}})
    (suspect,) = suspects_of(config)
    assert (suspect.name, suspect.kind) == ("duration", "value")
    assert suspect.evidence["auc"] == pytest.approx(0.85, abs=0.01)


def test_without_the_duration_it_names_nothing(monkeypatch):
    assert suspects_of(real("uci_bank_marketing", monkeypatch)) == ()


def test_on_the_lenders_log_it_names_the_acceptance_that_comes_with_the_approval(monkeypatch):
    (suspect,) = suspects_of(real("bpic2012", monkeypatch))
    assert (suspect.name, suspect.kind) == ("stage=O_ACCEPTED", "before_close")
    assert np.isclose(suspect.evidence["share_of_closes"], 0.98, atol=0.01)
