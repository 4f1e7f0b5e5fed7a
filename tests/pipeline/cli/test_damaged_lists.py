"""Damaged lists through whole verbs: one line and an exit code, or every row graded or quarantined."""

import csv
import random

import pandas as pd
import pytest
from support import mutator
from support.command import leadgrade

CONFIG = """
name: damaged
flat: true
tolerance: 1.0
outcome_tolerance: 1.0
sources: {leads: {path: leads.csv}}
attributes: {channel: {kind: categorical}, budget: {kind: numeric}, phone: {kind: text}}
label: {close: outcome, column: signed}
grades: {A: {at_least: 0.5}}
model: {threads: 1, max_trees: 5, min_leads_in_leaf: 10}
"""
# Of a user's mistakes.
CODES = {3, 4, 5, 6, 7, 8}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("damaged")
    rows = mutator.rows(random.Random(1), 600)
    with (folder / "leads.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([mutator.HEADER, *rows])
    (folder / "c.yaml").write_text(CONFIG)
    answer = leadgrade("train", folder / "c.yaml")
    assert (answer.code, answer.errors) == (0, []), answer.err
    return folder


def tried(folder, seed):
    """The exit code of ``score`` over a damaged list; every row that was read has become something."""
    name, data = mutator.damaged_file(seed)
    (folder / name).write_bytes(data)
    out = folder / "graded.parquet"
    answer = leadgrade("score", folder / "c.yaml", "--leads", folder / name, "--out", out, "--overwrite")
    (folder / name).unlink()
    if answer.code:
        assert answer.code in CODES, answer
        assert len(answer.errors) == 1, answer.err
        assert not out.exists()
        return answer.code
    graded, left = pd.read_parquet(out), pd.read_csv(f"{out}.quarantine.csv", dtype=str)
    out.unlink()
    told = f"{len(graded)} leads graded"
    assert told in answer.out
    assert graded["lead_id"].is_unique
    assert graded["grade"].notna().all()
    assert left["reason"].notna().all()
    return 0


def test_some_damaged_lists_through_score(trained):
    assert {tried(trained, seed) for seed in range(3)} <= CODES | {0}


@pytest.mark.slow
def test_two_hundred_damaged_lists_through_score(trained):
    codes = [tried(trained, seed) for seed in range(2_000_000, 2_000_200)]
    assert codes.count(0) > 40
    assert {0, 4} <= set(codes)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["check", "train"])
def test_damaged_sources_through_other_verbs(tmp_path, verb):
    for seed in range(3_000_000, 3_000_040):
        name, data = mutator.damaged_file(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / name).write_bytes(data)
        (folder / "c.yaml").write_text(CONFIG.replace("leads.csv", name))
        answer = leadgrade(verb, folder / "c.yaml")
        assert answer.code in CODES | {0}, (seed, answer)
        assert len(answer.errors) <= 1 or not answer.code, (seed, answer.err)
        assert (folder / name).read_bytes() == data
