"""What a run promises: the same answer alone and among all, in any order, from any file; every row accounted for."""

# ruff: noqa: E501 - tables of cases read best with one case a line

import gzip
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from functools import partial

import numpy as np
import pandas as pd
import pytest
from conftest import N_LEADS
from hypothesis import given, settings
from hypothesis import strategies as st
from support.command import graded_list, leadgrade, untouched

from models.grades.policy import GradePolicy
from models.scorer import SENSITIVITY
from pipeline import output
from pipeline.commands import score, train
from pipeline.config.config import read_config
from pipeline.errors import OutputError
from pipeline.files.cell_text import restored
from pipeline.output import write_table
from pipeline.tracking.saved_scorer import load_scorer


@pytest.fixture(scope="module")
def scored_once(trained_once, tmp_path_factory):
    """The shared team's own list, graded once; nobody changes this folder."""
    team = trained_once.copy_to(tmp_path_factory.mktemp("scored") / "team")
    return team, graded_list(team.config, team.path("graded.parquet"))


def lead_list(team):
    return pd.read_csv(team.path("data/leads.csv"), dtype=str)


def score_list(team, leads, name="list", **options):
    path = team.path(f"{name}.csv")
    leads.to_csv(path, index=False)
    return graded_list(team.config, team.path(f"{name}.graded.parquet"), path, **options)


def by_lead(graded):
    return graded.drop(columns="rank").sort_values("lead_id", ignore_index=True)


def test_the_list_keeps_its_order_and_is_ranked_by_grade_then_score(scored_once):
    team, graded = scored_once
    assert len(graded) > 200
    listed = lead_list(team)["lead_id"]
    assert graded["lead_id"].tolist() == listed[listed.isin(graded["lead_id"])].tolist()
    graded = graded.sort_values("rank")
    assert graded["rank"].tolist() == list(range(1, len(graded) + 1))
    chances = graded[["p_30d", "p_90d", "p_180d"]].to_numpy()
    assert (np.diff(chances, axis=1) >= 0).all()
    for horizon in ("30d", "90d", "180d"):
        low, chance, high = (graded[f"p_{horizon}{end}"] for end in (SENSITIVITY[0], "", SENSITIVITY[1]))
        assert ((low <= chance) & (chance <= high)).all()
        assert (low < high).all()
        least, rate, most = (graded[f"band_{horizon}{end}"] for end in ("_low", "", "_high"))
        assert ((least <= rate) & (rate <= most)).all()
    # A grade that a lead has and the next better by score has not, so that grade and score part.
    soon = graded.sort_values("score", ascending=False)["p_30d"].to_numpy()
    least = soon[1:][np.diff(soon) > 0][0]
    thresholds = {"A": ("30d", float(least))}
    scorer = load_scorer(team.config)
    other = scorer.with_policy(GradePolicy.from_thresholds(thresholds, scorer.horizons))
    other.save(team.path("other"))
    ranked = graded_list(team.config, team.path("other.parquet"), model=str(team.path("other")))
    ranked = ranked.sort_values("rank")
    assert ranked["grade"].is_monotonic_increasing
    assert not ranked["score"].is_monotonic_decreasing
    for _, same_grade in ranked.groupby(["grade", "outside_training"]):
        assert same_grade["score"].is_monotonic_decreasing


@pytest.mark.parametrize("place", [0, 7, -1])
def test_a_lead_alone_is_graded_as_among_all_to_the_last_bit(scored_once, place):
    team, graded = scored_once
    lead_id = graded["lead_id"].iloc[place]
    leads = lead_list(team)
    alone = score_list(team, leads[leads["lead_id"] == lead_id], f"alone{place}")
    expected = graded[graded["lead_id"] == lead_id]
    pd.testing.assert_frame_equal(by_lead(alone), by_lead(expected), check_exact=True)


def test_a_part_of_the_list_is_graded_as_among_all(scored_once):
    team, graded = scored_once
    some = graded["lead_id"].sample(40, random_state=1)
    leads = lead_list(team)
    part = score_list(team, leads[leads["lead_id"].isin(some)], "part")
    assert len(part) == 40
    expected = graded[graded["lead_id"].isin(some)]
    pd.testing.assert_frame_equal(by_lead(part), by_lead(expected), check_exact=True)


def test_a_new_list_has_leads_that_no_other_source_knows(scored_once):
    team, _ = scored_once
    fresh = (
        lead_list(team)
        .head(3)
        .assign(lead_id=["N1", "N2", "N3"], customer_id=None, created_at="2026-06-20 09:00:00")
    )
    graded = score_list(team, fresh, "fresh")
    assert sorted(graded["lead_id"]) == ["N1", "N2", "N3"]
    assert graded["score"].notna().all()


def test_shuffled_files_give_the_same_answer(scored_once, tmp_path):
    team, graded = scored_once
    shuffled = team.copy_to(tmp_path / "team")
    for path in shuffled.path("data").iterdir():
        rows = pd.read_csv(path, dtype=str).sample(frac=1.0, random_state=3)
        rows.to_csv(path, index=False)
    again = graded_list(shuffled.config, shuffled.path("again.parquet"))
    pd.testing.assert_frame_equal(by_lead(again), by_lead(graded), check_exact=True)


def test_every_kind_of_file_for_machines_says_the_same(scored_once):
    team, graded = scored_once
    # A fingerprint of digits and an e is text, and no number to whoever reads it as one.
    text = {"dtype": {"model_version": str}}
    readers = {
        "csv": partial(pd.read_csv, **text),
        "csv.gz": partial(pd.read_csv, **text),
        "parquet": pd.read_parquet,
    }
    for kind, read in readers.items():
        out = team.path(f"kind-{kind.replace('.', '')}.{kind}")
        assert leadgrade("score", team.config_path, "--out", out).code == 0
        rows = read(out)
        if "csv" in kind:  # reasons that begin as a formula would
            texts = rows.select_dtypes(["object", "string"])
            rows[texts.columns] = texts.map(restored, na_action="ignore")
        as_of = pd.to_datetime(rows["as_of"], utc=True)
        pd.testing.assert_series_equal(as_of, graded["as_of"], check_dtype=False)
        pd.testing.assert_frame_equal(
            rows.drop(columns="as_of"), graded.drop(columns="as_of"), check_dtype=False, rtol=1e-12
        )
    assert team.path("kind-csv.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (
        gzip.decompress(team.path("kind-csvgz.csv.gz").read_bytes()) == team.path("kind-csv.csv").read_bytes()
    )


def test_quarantine_files_of_two_lists_never_share_a_name(tmp_path):
    names = ["march.1.csv", "march.2.csv", "march.csv", "march.quarantine.csv"]
    paths = [score.quarantine_path(tmp_path / name) for name in names]
    assert len(set(paths)) == 4
    assert all(path.name != name for path, name in zip(paths, names, strict=True))


@pytest.mark.parametrize("name", ["graded.csv", "graded.csv.gz", "graded.parquet", "graded.xlsx"])
def test_a_write_that_fails_half_way_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, name):
    frame = pd.DataFrame({"lead_id": ["L1"], "grade": ["A"]})
    write_table(frame, tmp_path / name)
    before = (tmp_path / name).read_bytes()

    def half(_, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    for writer in ("_csv", "_parquet", "_excel"):
        monkeypatch.setattr(output, writer, half)
    with pytest.raises(OutputError, match=f"{name} cannot be written: No space left"):
        write_table(frame.tail(0), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == before


# No row is lost -------------------------------------------------------------------------------------------

CELLS = st.sampled_from(
    [
        "",
        "?",
        "SIM-L000001",
        "SIM-L001900",
        "2024-02-30",
        "1980-01-01",
        "2099-01-01",
        "多",
        "-1",
        "a,b",
        '"',
        "a\nb",
    ]
)
DAMAGES = st.lists(
    st.one_of(
        st.tuples(st.just("cell"), st.integers(0, 11), st.integers(0, 11), CELLS),
        st.tuples(st.just("copy"), st.integers(0, 11), st.integers(0, 11), CELLS),
        st.tuples(st.just("drop"), st.integers(0, 11), st.integers(0, 11), CELLS),
    ),
    max_size=8,
)


def damaged(leads, damages):
    rows = leads.to_numpy(dtype=object, na_value=None).tolist()
    for kind, place, column, cell in damages:
        row = rows[place % len(rows)]
        if kind == "cell":
            row[column] = cell
        elif kind == "copy":
            rows.append(list(row))
        elif len(rows) > 1:
            rows.remove(row)
    return pd.DataFrame(rows, columns=leads.columns)


@pytest.fixture(scope="module")
def lenient(scored_once, tmp_path_factory):
    """The graded team with one scheme, which suffers any number of bad rows."""
    team, graded = scored_once
    team = team.copy_to(tmp_path_factory.mktemp("lenient") / "team")
    team.configure("schemes: [all]", "schemes: [close_window]")
    team.configure("", "tolerance: 1.0")
    return team, graded


# A list takes as long as a run.
@settings(max_examples=2, deadline=None)
@given(damages=DAMAGES, seed=st.integers(0, 99))
def test_every_row_of_a_damaged_list_is_graded_or_quarantined_with_a_reason(lenient, damages, seed):
    check_every_row(lenient, damages, seed)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(damages=DAMAGES, seed=st.integers(0, 99))
def test_every_row_of_many_damaged_lists_is_graded_or_quarantined(lenient, damages, seed):
    check_every_row(lenient, damages, seed)


def check_every_row(lenient, damages, seed):
    team, graded = lenient
    leads = lead_list(team)
    chosen = pd.concat([leads[leads["lead_id"].isin(graded["lead_id"])].head(200), leads.head(100)])
    asked = damaged(chosen.sample(12, random_state=seed), damages)
    answer = score_list(team, asked, "damaged", overwrite=True)
    left = pd.read_csv(team.path("damaged.graded.parquet.quarantine.csv"))
    mine = left[left["source"] == "leads"]
    blank = asked.isna().all(axis=1) | (asked == "").all(axis=1)
    ids = asked["lead_id"].str.strip()
    quarantined = set(mine["row_number"])
    assert mine["reason"].notna().all()
    assert quarantined <= set(range(1, len(asked) + 1))
    kept = [i for i in range(1, len(asked) + 1) if i not in quarantined and not blank.iloc[i - 1]]
    assert sorted(answer["lead_id"]) == sorted(ids.iloc[i - 1] for i in kept)
    assert answer["lead_id"].is_unique


# Training again -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def again(trained_once, tmp_path_factory):
    """The team trained once more, in another place and with a refit, and what that said."""
    team = trained_once.copy_to(tmp_path_factory.mktemp("again") / "another place")
    shutil.rmtree(team.path("out"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "record_training", lambda *_: "")
        return team, leadgrade("train", team.config_path, "--refit")


def test_two_trainings_in_two_folders_give_the_same_bytes(trained_once, again):
    other, _ = again
    names = sorted(p.name for p in other.path("out/scorer-evaluated").iterdir())
    assert names == ["model.txt", "model_value.txt", "scorer.json"]
    for name in names:
        path = f"out/scorer-evaluated/{name}"
        first, second = (team.path(path).read_bytes() for team in (trained_once, other))
        assert first == second
        assert b"/tmp" not in first
        assert str(other.folder).encode() not in second
    for name in ("leaderboard.csv", "grades.csv"):
        assert other.path(f"out/{name}").read_bytes() == trained_once.path(f"out/{name}").read_bytes()


def test_refit_moves_the_periods_forward_and_keeps_the_evaluated_scorer(trained_once, again):
    team, answer = again
    assert (answer.code, answer.errors) == (0, [])
    assert "refitted: all periods moved forward by one" in answer.out
    assert re.search(r"calibrated on leads from 2025-1[01]", answer.out)
    evaluated, shipped = team.path("out/scorer-evaluated"), team.path("out/scorer")
    for name in ("model.txt", "scorer.json"):
        before = trained_once.path(f"out/scorer/{name}").read_bytes()
        assert (evaluated / name).read_bytes() == before
        assert (shipped / name).read_bytes() != before
    for path in shipped.iterdir():
        assert str(team.folder).encode() not in path.read_bytes()


def test_without_refit_the_evaluated_scorer_is_the_one_to_use(trained_once):
    for name in ("model.txt", "scorer.json"):
        one, other = (
            trained_once.path(f"out/{f}/{name}").read_bytes() for f in ("scorer", "scorer-evaluated")
        )
        assert one == other


# Privacy --------------------------------------------------------------------------------------------------


def test_no_phone_number_is_written_or_printed_and_every_title_says_simulation(slim):
    team, leads = slim, lead_list(slim)
    assert leads["phone"].str.fullmatch(r"199000\d{5}").all()
    leads.loc[3, "created_at"] = "never"
    leads.loc[5, "created_at"] = leads.loc[5, "phone"]
    leads.to_csv(team.path("data/leads.csv"), index=False)
    shutil.rmtree(team.path("out"))
    answers = {
        "labels": leadgrade("check", team.config_path),
        "closed within 30d": leadgrade("train", team.config_path),
        "who was right where the grades part": leadgrade("compare", team.config_path),
        "best leads": leadgrade("score", team.config_path, "--out", team.path("graded.csv")),
    }
    phone = re.compile(rb"(?<!\d)199000\d{5}(?!\d)")
    for title, answer in answers.items():
        assert (answer.code, answer.errors) == (0, [])
        assert not phone.search((answer.out + answer.err).encode())
        headings = [line for line in answer.out.splitlines() if line.startswith("demo")]
        assert title == "labels" or any(title in line for line in headings)
        assert all(line.startswith("demo (simulation): ") for line in headings)
    files = [
        p for p in team.folder.rglob("*") if p.is_file() and "data" not in p.relative_to(team.folder).parts
    ]
    assert {"graded.csv", "graded.csv.quarantine.csv", "quarantine.csv", "compare.csv"} <= {
        p.name for p in files
    }
    assert not [path for path in files if phone.search(path.read_bytes())]


# Killed ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_killed_score_leaves_no_output_or_the_whole_of_it(scored_once, tmp_path):
    team, graded = scored_once
    random.seed(5)
    out = tmp_path / "graded.csv"
    command = [
        sys.executable,
        "-c",
        "from pipeline.cli.app import main; main()",
        "score",
        str(team.config_path),
    ]
    took = time.monotonic()
    subprocess.run([*command, "--out", str(out)], check=True, capture_output=True)
    took = time.monotonic() - took
    whole = out.read_bytes()
    for _ in range(10):
        out.unlink(missing_ok=True)
        with untouched(team.path("data")):
            process = subprocess.Popen(
                [*command, "--out", str(out), "--overwrite"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(random.uniform(0.6, 1.05) * took)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert not out.exists() or out.read_bytes() == whole
    assert len(pd.read_csv(tmp_path / "graded.csv.quarantine.csv")) + len(graded) == N_LEADS


@pytest.mark.slow
def test_the_demo_runs_whole_and_hides_phone_numbers(tmp_path):
    answer = leadgrade("demo", tmp_path / "demo", "--leads", "1000", "--seed", "3")
    assert (answer.code, answer.errors) == (0, [])
    config = read_config(tmp_path / "demo" / "demo.yaml")
    assert config.simulation
    names = {p.name for p in (tmp_path / "demo").iterdir()}
    written = {"graded.csv", "graded.csv.quarantine.csv", "leadgrade.key", "out", "truth.csv"}
    assert names == {"data", "demo.yaml", *written}
    phone = re.compile(rb"(?<!\d)199000\d{5}(?!\d)")
    for path in (tmp_path / "demo").rglob("*"):
        if path.is_file() and path.parent.name != "data":
            assert not phone.search(path.read_bytes()), path
