"""Agents go by pseudonyms in a reference; their names come back on the team's own screen alone."""

import polars as pl

from models.drift.reference import Reference, SourceProfile
from pipeline.config.config import Privacy
from pipeline.monitoring.callers import callers_of
from pipeline.people.key import pseudonym, team_key

KEY = b"the team's"


def reference(*sources):
    nobody = SourceProfile((20,), 1.0, {}, steady=False)
    return Reference((), "", 30, dict.fromkeys(sources, nobody), {}, {})


def config_in(team, name):
    return team.config.model_copy(update={"privacy": Privacy(key=str(name))})


def test_a_reference_of_pseudonyms_is_read_with_the_team_s_key(trained_once, tmp_path):
    config = config_in(trained_once, tmp_path / "own.key")
    word = pseudonym(team_key(config), "王小明")
    callers, kept = callers_of(config, reference("calls", f"calls of {word}"))
    assert callers("王小明") == word
    assert callers.readable(f"calls of {word}") == "calls of 王小明"
    assert callers.words(["calls", f"calls of {word}"]) == [f"王小明 stands as {word} in all that is kept"]
    assert callers.readable("calls") == "calls"
    assert set(kept.sources) == {"calls", f"calls of {word}"}


def test_without_the_key_agents_are_left_out_and_that_is_said(trained_once, tmp_path, capsys):
    config = config_in(trained_once, tmp_path / "lost.key")
    _, kept = callers_of(config, reference("calls", f"calls of {pseudonym(KEY, 'Li Lei')}"))
    assert set(kept.sources) == {"calls"}
    said = capsys.readouterr().err
    assert "lost.key: the key for agents' names is not there" in said
    assert "Li Lei" not in said
    assert not (tmp_path / "lost.key").exists()


def test_a_reference_of_former_times_is_compared_as_it_was(trained_once, tmp_path):
    config = config_in(trained_once, tmp_path / "own.key")
    callers, kept = callers_of(config, reference("calls of 王**"))
    assert callers("王小明") == "王**"
    assert set(kept.sources) == {"calls of 王**"}


def test_a_scorer_and_what_came_in_hold_no_agent_s_name(trained_once):
    config = trained_once.config
    saved = trained_once.path("out/scorer/scorer.json").read_text(encoding="utf-8")
    callers, _ = callers_of(config, reference(f"calls of {pseudonym(KEY, 'x')}"))
    agents = pl.read_csv(trained_once.path("data/calls.csv.gz"), infer_schema=False)["agent_id"].unique()
    words = [f"calls of {callers(agent)}" for agent in agents.drop_nulls()]
    assert any(f'"{word}"' in saved for word in words)
    assert not [agent for agent in agents.drop_nulls() if f'"{agent}"' in saved]
