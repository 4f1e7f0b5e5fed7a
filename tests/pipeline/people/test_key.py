"""The team's key: made once, its owner's alone, refused where it is none."""

import re
import stat

import pytest

from pipeline.config.config import Config, LabelSettings, Source
from pipeline.errors import ConfigError, OutputError
from pipeline.people.key import PSEUDONYM, check_key, find_key, key_path, pseudonym, team_key


def config_in(folder, **privacy):
    sources = {"leads": Source(path="leads.csv")}
    label = LabelSettings(close="first_order")
    return Config(name="x", sources=sources, label=label, path=folder / "team.yaml", privacy=privacy)


def test_a_key_is_made_once_and_is_its_owner_s_alone(tmp_path):
    config = config_in(tmp_path)
    assert find_key(config) is None
    key = team_key(config)
    assert len(key) == 32
    assert team_key(config) == find_key(config) == key
    assert [path.name for path in tmp_path.iterdir()] == ["leadgrade.key"]
    assert stat.S_IMODE(key_path(config).stat().st_mode) == 0o600


def test_two_teams_call_one_agent_by_two_words(tmp_path):
    words = []
    for team in ("a", "b"):
        (tmp_path / team).mkdir()
        words.append(pseudonym(team_key(config_in(tmp_path / team)), "王小明"))
    assert words[0] != words[1]
    assert all(re.fullmatch(PSEUDONYM, word) for word in words)


def test_a_file_that_is_no_key_is_neither_used_nor_replaced(tmp_path):
    config = config_in(tmp_path, key="leads.csv")
    path = tmp_path / "leads.csv"
    for text in ("lead_id\nL1\n", "", "abcd\n"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=r"leads.csv is no key: it must hold 64 hexadecimal digits"):
            team_key(config)
        assert path.read_text(encoding="utf-8") == text


def test_a_key_that_cannot_be_written_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for step in (check_key, team_key):
        with pytest.raises(OutputError, match=r"set privacy\.key to a file in a folder that you may write"):
            step(config_in(tmp_path, key="file/leadgrade.key"))


def test_asking_whether_a_key_could_be_made_makes_none(tmp_path):
    check_key(config_in(tmp_path, key="new/leadgrade.key"))
    assert not list(tmp_path.iterdir())
