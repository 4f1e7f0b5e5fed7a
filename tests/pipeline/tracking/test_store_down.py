"""A store that is down: the champion's copy grades, which is said at once; nothing else stands in for it."""

import time

import pandas as pd
import pytest
from support.command import assert_refused
from support.lifecycle_world import team_in
from support.servers import free_port
from support.trained_world import trained

from pipeline.commands.promote import run_rollback
from pipeline.errors import PromotionError
from pipeline.tracking.seen_champion import find_seen


@pytest.fixture
def team(tmp_path):
    """A team whose champion was fetched, and whose store does not answer any more."""
    team = team_in(tmp_path / "team")
    team.train(trained())
    answer = team.run("promote", "--force", "--reason", "the first")
    assert answer.code == 0, answer.err
    team_in(tmp_path / "team", f"http://user:secret@127.0.0.1:{free_port()}")
    return team


def test_the_copy_grades_while_the_store_is_down_and_says_so(team):
    out = team.folder / "graded.csv"
    started = time.monotonic()
    answer = team.run("score", "--out", out)
    assert answer.code == 0, answer.err
    assert time.monotonic() - started < 60  # on a busy machine
    assert set(pd.read_csv(out)["model_version"]) == {"leadgrade/1"}
    assert "no server answers there: going on with the champion's copy of" in answer.err
    assert "secret" not in answer.err + answer.out
    assert "the champion as last seen" in answer.out.splitlines()[-1]


def test_only_the_champion_has_a_stand_in_and_its_bytes_are_checked(team):
    out = team.folder / "graded.csv"
    refused = team.run("score", "--out", out, "--model", "previous")
    assert_refused(refused, 7, "no server answers there", "name a scorer's folder with --model")
    copy = team.config.output_path("registry") / find_seen(team.config).fingerprint / "model.txt"
    copy.write_bytes(copy.read_bytes()[:-20])
    assert_refused(team.run("score", "--out", out), 7, "no server answers there")
    assert not out.exists()


def test_after_a_rollback_nobody_is_remembered_as_champion(team):
    assert find_seen(team.config) is not None
    with pytest.raises(PromotionError):
        run_rollback(team_in(team.folder).config, "it promised too much")
    assert find_seen(team.config) is None


def test_another_model_s_champion_is_no_stand_in(team):
    config = team.config
    other = config.tracking.model_copy(update={"registered_model": "another"})
    assert find_seen(config.model_copy(update={"tracking": other})) is None
