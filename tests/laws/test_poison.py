"""A scorer knows nothing of the period it is tested on: changing all of it leaves every byte as it was."""

import numpy as np
import polars as pl
import pytest
from laws.poisons import everybody_closes
from support.on_the_road import read_tables, training_rows

from features.staging.staging import stage_tables
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.evaluation import evaluate
from pipeline.simulation.world import simulate
from pipeline.training.train import train_rows

DEMO = shipped("demo.yaml")
QUICK = {"model.max_trees": 40, "schemes": [], "model.threads": 1}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("poison")
    simulate(1500, seed=5).write(folder / "data")
    overrides = {"data_dir": str(folder / "data"), "output_dir": str(folder / "out"), **QUICK}
    return read_config(DEMO, overrides)


@pytest.fixture(scope="module")
def tables(config):
    return read_tables(config).tables


def fit(config, tables, folder):
    """Every file of the scorer, and the evaluation's rows; no baselines: a scorer never meets them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "fit_baselines", lambda *_: [])
        training = train_rows(config, training_rows(config, tables), ())
    training.scorer.save(folder / "scorer")
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return files, training.evaluation.rows


@pytest.fixture(scope="module")
def clean(config, tables, tmp_path_factory):
    return fit(config, tables, tmp_path_factory.mktemp("clean"))


def without_rows(tables, names, since, until=None):
    """The tables without the rows that became known from one instant until another."""
    staged = stage_tables(tables, timezone="Asia/Shanghai")
    kept = dict(tables)
    for name in names:
        inside = pl.col("known_at") >= since
        if until is not None:
            inside &= pl.col("known_at") < until
        kept[name] = staged[name].filter(~inside).select(tables[name].columns)
    return kept


def everybody_is_lost(tables, at):
    leads = tables["leads"].filter(pl.col("created_at") < at)
    stages = leads.select(
        "lead_id", pl.lit(at, pl.Datetime("us", "UTC")).alias("entered_at"), pl.lit("流失").alias("stage")
    )
    return {**tables, "stages": pl.concat([tables["stages"], stages], how="diagonal")}


EVENTS = ("calls", "orders", "stages", "facts", "manual_grades")
POISONS = {
    "nobody closes": lambda tables, at: without_rows(tables, ["orders"], at),
    "everybody closes": everybody_closes,
    "everybody is lost": everybody_is_lost,
    "nothing more happens": lambda tables, at: without_rows(tables, EVENTS, at),
    "no more leads come": lambda tables, at: {
        **tables,
        "leads": tables["leads"].filter(pl.col("created_at") < at),
    },
}


@pytest.mark.parametrize("poison", POISONS.values(), ids=list(POISONS))
def test_whatever_happens_from_the_first_as_of_of_the_test_period_the_scorer_is_the_same(
    poison, config, tables, clean, tmp_path
):
    poisoned = poison(tables, config.split.test_from)
    files, rows = fit(config, poisoned, tmp_path)
    assert files == clean[0]
    before = clean[1][["lead_id", "as_of", "closed_30d"]]
    assert not before.equals(rows[["lead_id", "as_of", "closed_30d"]]), "the poison must bite"


def test_policies_and_calibration_look_at_no_test_period_either(config, tables, tmp_path):
    choices = {
        "grades": {"policy": "capacity", "by_days": 180, "shares": {"A": 0.1, "B": 0.2}},
        "calibration": "isotonic",
        "model.recency_half_life_days": 365,
    }
    places = {"data_dir": config.data_dir, "output_dir": config.output_dir}
    chosen = read_config(DEMO, {**places, **QUICK, **choices})
    one, _ = fit(chosen, tables, tmp_path / "one")
    two, _ = fit(chosen, everybody_closes(tables, config.split.test_from), tmp_path / "two")
    assert one == two


def changed(files, others):
    return {name for name in files if files[name] != others[name]}


def test_what_happens_in_the_calibration_period_teaches_the_model_too(config, tables, clean, tmp_path):
    calibrate_from, test_from = config.split.calibrate_from, config.split.test_from
    files, _ = fit(config, halved(tables, calibrate_from, test_from), tmp_path)
    assert changed(files, clean[0]) >= {"scorer/model.txt", "scorer/scorer.json"}


def halved(tables, since, until):
    """The tables with half of the orders of a period, so that there is still something to learn from."""
    outside = without_rows(tables, ["orders"], since, until)["orders"]["order_id"].implode()
    rows = pl.col("order_id").is_in(outside) | (pl.int_range(pl.len()) % 2 == 0)
    return {**tables, "orders": tables["orders"].filter(rows)}


def test_what_happens_in_the_training_period_changes_the_model(config, tables, clean, tmp_path):
    since = config.split.calibrate_from.replace(year=2024)
    files, _ = fit(config, halved(tables, since, config.split.calibrate_from), tmp_path)
    assert changed(files, clean[0]) >= {"scorer/model.txt", "scorer/scorer.json"}


def test_the_same_tables_give_the_same_bytes(config, tables, clean, tmp_path):
    files, rows = fit(config, {name: table.reverse() for name, table in tables.items()}, tmp_path)
    assert files == clean[0]
    np.testing.assert_array_equal(rows["score"], clean[1]["score"])
