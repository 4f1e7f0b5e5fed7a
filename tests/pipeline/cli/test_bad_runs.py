"""What cannot be trained, scored, compared or written: one line each, and nothing half-written."""

# ruff: noqa: E501 - tables of cases read best with one case a line

import re
import shutil

import pandas as pd
import pytest
from conftest import N_LEADS
from support.command import assert_refused, leadgrade, leadgrade_process, untouched
from support.on_the_road import read_tables, training_rows

from pipeline.errors import TrainingError
from pipeline.fitting.enough import check_enough
from pipeline.fitting.split import assign_periods, find_periods
from pipeline.matrix import dataset

QUARANTINE = "out/quarantine.csv"


@pytest.fixture
def team(team):
    """The team with one scheme: what is refused here does not hang on how many there are."""
    team.configure("schemes: [all]", "schemes: [close_window]")
    return team


def edit(team, name, change):
    path = team.path(f"data/{name}.csv")
    change(pd.read_csv(path, dtype=str)).to_csv(path, index=False)


def refused(team, verb, code, *words, args=()):
    with untouched(team.folder, QUARANTINE):
        answer = leadgrade(verb, team.config_path, *args)
    return assert_refused(answer, code, *words)


def refused_score(team, code, *words, args=()):
    return refused(team, "score", code, *words, args=("--out", team.path("graded.csv"), *args))


# Training -------------------------------------------------------------------------------------------------


def test_too_few_leads_to_train(team):
    edit(team, "leads", lambda leads: leads.head(60))
    team.configure("", "tolerance: 1.0\noutcome_tolerance: 1.0")
    line = refused(
        team, "train", 6, "too little to train on", "at least 100 leads and 30 closes", "add history"
    )
    assert re.search(r"\d+ leads and \d+ closes before 2025-03-01", line)
    assert int(re.search(r"(\d+) leads and", line)[1]) <= 60


@pytest.mark.parametrize(("closes", "found"), [(0, "0 closes"), (12, " closes")])
def test_too_few_closes_to_train(team, closes, found):
    def few(orders):
        new = orders["lead_id"].notna()
        return pd.concat([orders[~new], orders[new].head(closes)])

    edit(team, "orders", few)
    refused(team, "train", 6, found, "before 2025-03-01", "30 closes are needed", "split.calibrate_from")


def test_too_few_closes_to_calibrate(team):
    edit(team, "orders", lambda o: o[o["lead_id"].isna() | (o["ordered_at"] < "2025-03-01")])
    refused(
        team, "train", 6, "too little to calibrate on: 0 closes", "2025-03-01 to 2025-11-01", "10 are needed"
    )


def test_every_lead_closed(team):
    leads = pd.read_csv(team.path("data/leads.csv"), dtype=str)
    closed = pd.to_datetime(leads["created_at"]) + pd.Timedelta(days=3)
    orders = pd.DataFrame(
        {"order_id": "O-" + leads["lead_id"], "lead_id": leads["lead_id"], "ordered_at": closed, "amount": 1}
    )
    edit(team, "orders", lambda _: orders[orders["ordered_at"] < "2026-07-01"])
    team.configure("at: monthly\n  max_age_days: 365", "at: after_creation\n  days: [1]")
    refused(team, "train", 6, "every training lead closed", "check label")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("test_from: 2025-11-01", "test_from: 2027-06-01", "no lead is in the test period, which begins 2027-06-01"),
        ("calibrate_from: 2025-03-01", "calibrate_from: 2020-01-01", "0 leads and 0 closes before 2020-01-01"),
        ("calibrate_from: 2025-03-01", "calibrate_from: 2025-11-01", "split.test_from must be later"),
        ("calibrate_from: 2025-03-01", "calibrate_from: 300", "300 is not a date"),
        ("at: monthly\n  max_age_days: 365", "at: stage_entry\n  stages: [没有]", "no lead is in the cohort"),
        ("at: monthly\n  max_age_days: 365", "at: monthly\n  min_calls: 9999", "no lead is in the cohort"),
    ],
)  # fmt: skip
def test_periods_and_cohorts_without_leads(team, old, new, words):
    team.configure(old, new)
    refused(team, "train", 6, words)


def test_a_horizon_that_never_ripens_names_the_date_that_would_do(team):
    team.configure("[30, 90, 180]", "[30, 90, 850]")
    team.configure("", "grades: {A: {by_days: 30, at_least: 0.3}}")
    line = refused(team, "train", 6, "horizon 850d never ripens before the test period", "horizons_days")
    date = re.search(r"split\.test_from: (\d{4}-\d\d-\d\d)", line)[1]

    def problem(day):
        text = team.config_path.read_text()
        team.config_path.write_text(re.sub(r"test_from: \S+", f"test_from: {day}", text))
        config = team.config
        rows = training_rows(config, read_tables(config).tables)
        periods = find_periods(rows.frame, config.split)
        frame = dataset.to_pandas(assign_periods(rows.frame, periods, config.horizons_days, 0))
        try:
            check_enough(config, frame, rows.horizons, periods)
        except TrainingError as error:
            return str(error)
        return ""

    never = "never ripens before the test period"
    assert never not in problem(date)
    assert never in problem((pd.Timestamp(date) - pd.Timedelta(days=1)).date())


@pytest.mark.usefixtures("untracked", "few_rivals")
def test_a_refit_that_cannot_be_says_so(team):
    edit(team, "orders", lambda o: o[o["lead_id"].isna() | (o["ordered_at"] < "2025-11-01")])
    line = refused(team, "train", 6, "refit, all periods moved forward", "leave out refit", args=["--refit"])
    assert "0 closes from 2025-11-01 to 2026-07-01" in line


@pytest.mark.usefixtures("untracked", "few_rivals")
@pytest.mark.parametrize("name", ["scorer", "leaderboard.csv"])
def test_training_results_that_cannot_be_written(team, name):
    path = team.path("out") / name
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.write_text("in the way") if name == "scorer" else path.mkdir()
    answer = leadgrade("train", team.config_path)
    assert_refused(answer, 8, name, "cannot be written")
    assert not [p.name for p in team.path("out").iterdir() if "part" in p.name or "new" in p.name]


# Scoring and comparing ------------------------------------------------------------------------------------

REGION = "  region: {meaning: region, meaning_zh: 地区}\n"


@pytest.mark.parametrize("verb", ["score", "compare"])
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (REGION, "", "columns missing: region"),
        (REGION, f"{REGION}  phone: {{}}\n", "columns that it was not trained with: phone"),
        ("  region: {meaning", "  region: {kind: text, meaning", "columns missing: region"),
        ("budget: {kind: numeric, unit: CNY,", "budget: {", "numbers expected in: budget"),
        (
            "  facts: {path: facts.csv, exported_at: 2026-07-01}\n",
            "",
            "columns missing: days_since_fact",
        ),
        ("[30, 90, 180]", "[30, 90, 150, 180]", "horizons 30d, 90d, 150d, 180d instead of 30d, 90d, 180d"),
    ],
)
def test_a_configuration_that_changed_after_training(team, verb, old, new, words):
    team.configure(old, new)
    args = ("--out", team.path("graded.csv")) if verb == "score" else ()
    refused(team, verb, 7, "demo.yaml", words, "train again", args=args)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (shutil.rmtree, "no scorer here: run 'leadgrade train"),
        (lambda s: (s / "scorer.json").unlink(), "scorer.json cannot be read"),
        (lambda s: (s / "model.txt").unlink(), "model.txt cannot be read"),
        (lambda s: (s / "scorer.json").write_text("{}"), "scorer.json is no scorer"),
        (lambda s: (s / "scorer.json").write_bytes(b"\xff\xfe\x00"), "scorer.json is not UTF-8"),
        (lambda s: (s / "scorer.json").write_text((s / "scorer.json").read_text()[:999]), "was cut off"),
        (lambda s: (s / "model.txt").write_text("tree"), "model.txt is not the file that was saved"),
    ],
)
def test_a_missing_or_damaged_scorer(team, damage, words):
    damage(team.path("out/scorer"))
    damage(team.path("out/scorer-evaluated"))
    refused_score(team, 7, words, "leadgrade train", str(team.config_path))
    refused(team, "compare", 7, words, "leadgrade train", str(team.config_path))


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("taken.csv", "exists already: choose another --out or add --overwrite"),
        ("half.csv", "half.csv.quarantine.csv exists already: choose another --out or add --overwrite"),
        ("data", "data would be written over, and it is read as sources."),
        ("graded.txt", "cannot write this kind of file; use one of .csv, .csv.gz, .parquet, .xlsx"),
        ("graded", "cannot write this kind of file"),
        ("folder.csv", "is a folder: name a file"),
        ("nowhere/graded.csv", "nowhere is no folder: make it"),
        ("demo.yaml/graded.csv", "demo.yaml is no folder: make it"),
    ],
)
def test_an_output_that_is_taken_or_cannot_be_written(team, out, words):
    team.path("taken.csv").write_text("precious")
    team.path("half.csv.quarantine.csv").write_text("precious")
    team.path("folder.csv").mkdir()
    refused(team, "score", 8, words, args=("--out", team.path(out)))


def test_overwrite_replaces_and_a_folder_is_never_replaced(team):
    team.path("taken.csv").write_text("old")
    team.path("taken.csv.quarantine.csv").write_text("old")
    assert leadgrade("score", team.config_path, "--out", team.path("taken.csv"), "--overwrite").code == 0
    assert "grade" in team.path("taken.csv").read_text()
    assert "reason" in team.path("taken.csv.quarantine.csv").read_text()
    team.path("folder.csv").mkdir()
    refused(team, "score", 8, "is a folder", args=("--out", team.path("folder.csv"), "--overwrite"))


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("garbage", "not a date or time; write it as 2024-01-31"),
        ("", "not a date or time"),
        ("2024-13-45", "not a date or time"),
        ("0001-01-01", "not a date or time"),
        ("0999-01-01", "before 1990"),
        ("2999-01-01", "is in the future"),
        ("9999-12-31T23:59", "is in the future"),
    ],
)
def test_an_as_of_that_is_none(team, as_of, words):
    refused_score(team, 3, "--as-of", words, args=("--as-of", as_of))


def test_an_as_of_before_every_lead_grades_nobody_and_says_why(team):
    answer = leadgrade(
        "score", team.config_path, "--out", team.path("graded.csv"), "--as-of", "1995-01-01 00:00"
    )
    assert (answer.code, answer.errors) == (0, [])
    assert "0 leads graded as of 1994-12-31 16:00Z" in answer.out
    graded = pd.read_csv(team.path("graded.csv"))
    left_out = pd.read_csv(team.path("graded.csv.quarantine.csv"))
    assert len(graded) == 0
    assert {"rank", "lead_id", "grade", "p_30d", "score"} <= set(graded.columns)
    assert len(left_out) == N_LEADS
    assert set(left_out["reason"]) == {"created after the as-of 1994-12-31 16:00Z"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("lead_id,created_at\n", "has a header but no rows"),
        ("lead_id,when\nL1,2024-05-01\n", "no columns 'created_at'"),
        (None, "there is no such file"),
    ],
)
def test_a_lead_list_without_leads(team, text, words):
    path = team.path("list.csv")
    if text is not None:
        path.write_text(text)
    refused_score(team, 4, "list.csv", words, args=("--leads", path))


def test_a_lead_list_beyond_tolerance_names_the_first_bad_row(team):
    leads = pd.read_csv(team.path("data/leads.csv"), dtype=str).head(3)
    pd.concat([leads, leads.head(1).assign(region="?")]).to_csv(team.path("list.csv"), index=False)
    args = ("--leads", team.path("list.csv"))
    refused_score(
        team, 5, "list.csv: 2 of 4 rows", "row 1, column lead_id", "conflicts with row 4", args=args
    )


def test_a_demo_folder_that_is_there_or_cannot_be(team):
    for folder, words in (
        (team.folder, "exists already: name a new folder"),
        (team.config_path, "exists already"),
        (team.config_path / "new", "cannot be made"),
    ):
        with untouched(team.folder):
            answer = leadgrade("demo", folder)
        assert_refused(answer, 8, str(folder), words)


def test_the_same_as_a_process_of_its_own(team):
    shutil.rmtree(team.path("out/scorer"))
    with untouched(team.folder):
        answer = leadgrade_process("score", team.config_path, "--out", team.path("graded.csv"))
    assert_refused(answer, 7, "no scorer here")
