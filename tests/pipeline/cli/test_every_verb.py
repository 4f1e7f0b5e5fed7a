"""Every verb of the command line on a flat list and on dated leads, one after the other as a team would."""

import numpy as np
import pandas as pd
import pytest
from support.command import assert_refused, leadgrade
from typer.main import get_command

from pipeline.cli.app import app

# Names and values that YAML, JSON and templates could trip over.
FLAT = """
name: flat
flat: true
sources: {leads: {path: list.csv, columns: {lead_id: "Prospect ID"}, null_values: [Select]}}
attributes:
  "Visits {total}": {kind: numeric, meaning: visits}
  'Time [s], "site"': {kind: numeric, meaning: seconds on site}
  "a:b": {meaning: "no"}
label: {close: outcome, column: Converted, won_values: ["1"]}
split: {gap_rows: 5}
model: {threads: 1, max_trees: 30, learning_rate: 0.1, min_leads_in_leaf: 10}
leaks: {policy: warn}
"""
GRADES = "grades: {A: {at_least: 0.5}, B: {at_least: 0.2}}\n"

# The same road for both lists; what does not apply to a flat list is refused, and tested below.
ROAD = (
    ["check"],
    ["train"],
    ["promote", "--force", "--reason", "the first"],
    ["score", "--out", "graded.csv"],
    ["score", "--out", "book.xlsx"],
    ["score", "--out", "table.parquet", "--model", "champion", "--explain"],
    ["matrix", "--out", "matrix.parquet"],
    ["compare"],
    ["features"],
    ["schemes", "--config"],
)
# Each has tests of its own: they read no list, tell of a team's days, or need a second version, a ripened
# period, or a store that fell.
ELSEWHERE = {"demo", "intents", "rollback", "monitor", "backtest", "record", "forget", "serve", "init"}
ELSEWHERE |= {"plan", "funnel", "kpi", "audit", "complete", "profile"}


def write_flat(folder):
    rng = np.random.default_rng(5)
    visits, seconds = rng.normal(size=(2, 900)).round(3)
    won = rng.random(900) < 1.0 / (1.0 + np.exp(1.0 - 1.5 * visits))
    listed = pd.DataFrame(
        {
            "Prospect ID": [f"P{number}" for number in range(900)],
            "Visits {total}": visits,
            'Time [s], "site"': seconds,
            "a:b": np.where(seconds > 1, "Select", np.where(seconds > 0, "yes", "是")),
            "Converted": won.astype(int),
        }
    )
    listed.to_csv(folder / "list.csv", index=False)
    (folder / "flat.yaml").write_text(FLAT + GRADES, encoding="utf-8")
    return folder / "flat.yaml"


def go(folder, config, road=ROAD):
    """Walk the road in a folder; every step ends well and in no traceback."""
    said = {}
    for verb, *options in road:
        words = [str(folder / word) if "." in word else word for word in options]
        answer = leadgrade(verb, *words, config)
        assert answer.code == 0, (verb, options, answer.err)
        said[" ".join((verb, *options))] = answer.out
    return said


@pytest.fixture(scope="module")
def flat(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flat")
    config = write_flat(folder)
    return folder, config, go(folder, config)


def test_the_road_has_every_verb():
    walked = {verb for verb, *_ in ROAD}
    assert walked | ELSEWHERE == set(get_command(app).commands)


def test_a_flat_list_is_graded_row_by_row_in_each_kind_of_file(flat):
    folder, _, _ = flat
    graded = pd.read_parquet(folder / "table.parquet")
    assert sorted(graded["lead_id"]) == sorted(f"P{number}" for number in range(900))
    assert graded["grade"].isin(["A", "B", "C"]).all()
    assert graded["grade"].nunique() > 1
    text = pd.read_csv(folder / "graded.csv", dtype={"grade": str})
    assert text["grade"].to_list() == graded["grade"].to_list()
    book = pd.read_excel(folder / "book.xlsx", sheet_name="全部线索 All leads")
    assert book["线索编号\nLead"].to_list() == graded.sort_values("rank")["lead_id"].to_list()


def test_a_flat_matrix_has_the_cells_of_the_list(flat):
    folder, _, _ = flat
    matrix = pd.read_parquet(folder / "matrix.parquet").set_index("lead_id")
    listed = pd.read_csv(folder / "list.csv").set_index("Prospect ID").loc[matrix.index]
    assert len(matrix) == 900
    np.testing.assert_array_equal(matrix["Visits {total}"], listed["Visits {total}"])
    assert matrix["a:b"].isna().equals(listed["a:b"].eq("Select"))


def test_a_flat_list_without_outcomes_is_graded_as_the_same_rows_with_them(flat):
    folder, config, _ = flat
    listed = pd.read_csv(folder / "list.csv", dtype=str).drop(columns="Converted").tail(40)
    listed.to_csv(folder / "new.csv", index=False)
    go(folder, config, [["score", "--leads", "new.csv", "--out", "new.graded.csv"]])
    new = pd.read_csv(folder / "new.graded.csv").set_index("lead_id").sort_index()
    whole = pd.read_csv(folder / "graded.csv").set_index("lead_id").loc[new.index]
    assert len(new) == 40
    pd.testing.assert_series_equal(new["score"], whole["score"])


def test_a_flat_list_is_backtested(flat):
    folder, config, _ = flat
    answer = leadgrade("backtest", config, "--window", "400", "--step", "100", "--last", "200")
    assert answer.code == 0, answer.err
    assert len(pd.read_csv(folder / "out" / "backtest.csv")) == 200


def test_a_flat_list_goes_back_to_the_former_champion(flat):
    folder, config, _ = flat
    config.write_text(FLAT + GRADES + "promotion: {beat_rules: false}\n", encoding="utf-8")
    go(folder, config, [["train"]])
    forced = leadgrade("promote", config, "--force", "--reason", "a rehearsal")
    assert forced.code == 0, forced.err
    back = leadgrade("rollback", config, "--reason", "the rehearsal is over")
    assert back.code == 0, back.err
    assert "leadgrade/1" in back.out or "flat/1" in back.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["monitor"], "a flat list has none; use backtest"),
        (["plan"], "a flat list has no dates; name calls"),
    ],
)
def test_what_needs_dates_is_refused_for_a_flat_list(flat, words, told):
    _, config, _ = flat
    assert_refused(leadgrade(*words, config), 3, told)


def test_the_cohort_of_a_flat_list_is_its_rows_with_their_outcome(flat):
    folder, config, _ = flat
    answer = leadgrade("matrix", config, "--cohort", "--out", folder / "cohort.parquet")
    assert answer.code == 0, answer.err
    written = pd.read_parquet(folder / "cohort.parquet").sort_values("row_number")
    listed = pd.read_csv(folder / "list.csv")
    assert written["lead_id"].to_list() == listed["Prospect ID"].to_list()
    assert written["closed_outcome"].to_list() == listed["Converted"].to_list()
    np.testing.assert_array_equal(written["Visits {total}"], listed["Visits {total}"])


@pytest.mark.slow
@pytest.mark.usefixtures("few_rivals")
def test_dated_leads_go_the_same_road(team):
    team.configure("schemes: [all]", "schemes: [close_window]")
    said = go(team.folder, team.config_path)
    graded = pd.read_parquet(team.path("table.parquet"))
    assert pd.read_csv(team.path("graded.csv"))["lead_id"].to_list() == graded["lead_id"].to_list()
    assert "graded by the champion" in said["score --out graded.csv"]
