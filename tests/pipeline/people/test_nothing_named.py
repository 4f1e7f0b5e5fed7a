"""All verbs of a team with planted names and numbers; then all that they left is searched, and the store."""

import gzip
import sqlite3
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
from conftest import QUICK_MODEL, Team
from support.command import leadgrade

from pipeline.config.shipped import shipped
from pipeline.simulation.world import simulate

# Rows of leads: files of the team, which say whom they are about.
LISTS = ("graded", "matrix.parquet", "quarantine.csv", "compare", "sharpest", "backtest", "disagreements")

TEXTS = ("王小明私人", "Li Lei's own", "13800138021", "li.lei@example.com", "11010519491231002X")
AGENTS = ("赵丽颖", "Han Meimei", "Jim Green", "孙悟空", "Lucy King")
VERBS = (
    ("check",),
    ("train",),
    ("promote", "--force", "--reason", "the first"),
    ("score", "--out", "graded.csv"),
    ("score", "--out", "graded.xlsx", "--overwrite", "--model", "champion"),
    ("matrix", "--out", "matrix.parquet"),
    ("compare",),
    ("monitor", "--as-of", "2026-07-01"),
    ("train",),
    ("promote",),
    ("rollback", "--reason", "no better"),
)


def planted(folder):
    """A team whose rows hold names where a source's typist put them, and agents that go by their names."""
    team = Team(folder)
    simulate(1500, 7).write(team.path("data"))
    text = shipped("demo.yaml").read_text(encoding="utf-8")
    text = text.replace("schemes: [all]", "schemes: [close_window]")
    team.config_path.write_text(text + QUICK_MODEL, encoding="utf-8")
    leads = pd.read_csv(team.path("data/leads.csv"), dtype=str)
    numbers = (6_222_020_000_000_000 + np.arange(len(leads)) * 7_919_977).astype(str)
    for number, word in enumerate(TEXTS):
        leads.loc[number::400, "channel"] = word
        leads.loc[number + 50 :: 700, "industry"] = word
    leads["budget"] = leads["budget"].where(leads.index % 3 > 0, numbers)
    leads.to_csv(team.path("data/leads.csv"), index=False)
    with gzip.open(team.path("data/calls.csv.gz"), "rt", encoding="utf-8") as file:
        calls = pd.read_csv(file, dtype=str)
    known = calls["agent_id"].dropna().unique()
    names = {one: f"{AGENTS[i % len(AGENTS)]}{i}" for i, one in enumerate(known)}
    calls["agent_id"] = calls["agent_id"].map(names)
    calls.loc[5, "started_at"] = TEXTS[2]
    calls.to_csv(team.path("data/calls.csv.gz"), index=False)
    return team, [*TEXTS, *AGENTS, *numbers, *leads["lead_id"]]


def texts_below(folder):
    """What stands in every file that no list of leads is, by name; of a store every row."""
    for path in sorted(folder.rglob("*")):
        # Lists that are kept to tell what changed are lists, too.
        if not path.is_file() or path.name.startswith(LISTS) or path.parent.name == "lists":
            continue
        if path.suffix == ".db":
            with closing(sqlite3.connect(path)) as store:
                yield path, "\n".join(store.iterdump())
        else:
            yield path, path.read_bytes().decode("utf-8", "replace")


@pytest.mark.slow
def test_what_a_full_run_leaves_names_nobody(tmp_path, few_rivals):
    team, secrets = planted(tmp_path / "team")
    said = []
    for verb, *options in VERBS:
        words = [str(team.path(word)) if "." in word and "-" not in word else word for word in options]
        answer = leadgrade(verb, team.config_path, *words)
        assert answer.code in (0, 10, 11), (verb, answer.err)
        # The screen of a list shows its leads, that of the monitor the team's own agents.
        said.append(answer.err if verb in ("score", "compare", "monitor") else answer.out + answer.err)
    found = {
        (path.relative_to(team.folder).as_posix(), secret)
        for path, text in texts_below(team.path("out"))
        for secret in secrets
        if secret in text
    }
    assert not found
    assert not [secret for secret in secrets for words in said if secret in words]
    # MLflow copies our own code with its modes.
    others = [path for path in team.path("out").rglob("*") if path.suffix != ".py"]
    assert not [path for path in others if path.stat().st_mode & 0o077]
    saved = team.path("out/scorer/scorer.json").read_text(encoding="utf-8")
    assert '" the rest"' in saved
    assert '"calls of p' in saved
