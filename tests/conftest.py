"""A small simulated team with a trained scorer, made once for all tests; tests work on copies."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from support.command import leadgrade

from pipeline.commands import train
from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.evaluation import evaluate, gate
from pipeline.simulation.world import simulate

# It runs in an environment of its own, which has Featuretools.
# The last runs with the revision of the team that it makes.
collect_ignore = ["benchmarks/scale_featuretools_cutoffs.py", "fixtures/make_old_team.py"]

# What is shown is asserted in English, whatever the terminal's own language.
os.environ["LANGUAGE"] = "en"

# How long a property takes says how busy the machine is, not whether the property holds.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

N_LEADS = 1500

# One thread: on a busy machine LightGBM's threads wait for each other.
QUICK_MODEL = "\nmodel: {threads: 1, max_trees: 60, early_stopping_trees: 20}\n"


@dataclass(frozen=True)
class Team:
    """A folder with a configuration, its data and, where there is one, the scorer."""

    folder: Path

    @property
    def config_path(self):
        return self.folder / "demo.yaml"

    @property
    def config(self):
        return read_config(self.config_path)

    def path(self, name):
        return self.folder / name

    def configure(self, old, new):
        """Replace a part of the configuration, or append to it where ``old`` is empty."""
        text = self.config_path.read_text(encoding="utf-8")
        assert old in text
        changed = text.replace(old, new) if old else text + new + "\n"
        self.config_path.write_text(changed, encoding="utf-8")

    def copy_to(self, folder):
        shutil.copytree(self.folder, folder)
        return Team(folder)


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory):
    """The team; where tests run in several processes, the first that asks trains it for all of them."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    with FileLock(place / "shared.lock"):
        if not (place / "shared").exists():
            made = tmp_path_factory.mktemp("made")
            _train(Team(made / "team"), made / "told.json")
            made.rename(place / "shared")
    return Team(place / "shared" / "team")


def _train(team, told):
    simulate(N_LEADS, 7).write(team.path("data"))
    team.config_path.write_text(
        shipped("demo.yaml").read_text(encoding="utf-8") + QUICK_MODEL, encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(train, "record_training", lambda *_: "")
        answer = leadgrade("train", team.config_path, "--json")
    assert (answer.code, answer.errors) == (0, []), answer.err
    told.write_text(answer.out, encoding="utf-8")


@pytest.fixture(scope="session")
def told_once(trained_once):
    """What ``train --json`` said of the team."""
    return json.loads((trained_once.folder.parent / "told.json").read_text(encoding="utf-8"))


@pytest.fixture
def team(trained_once, tmp_path):
    """A copy of the team with its scorer, to be damaged."""
    return trained_once.copy_to(tmp_path / "team")


@pytest.fixture
def untracked(monkeypatch):
    """Train without MLflow and without the page, which have tests of their own."""
    monkeypatch.setattr(train, "record_training", lambda *_: "")
    monkeypatch.setattr(train, "train_page", lambda *_: "")


@pytest.fixture
def few_rivals(monkeypatch):
    """Train, compare and promote without the baselines, which have tests of their own and take time."""
    for module in (evaluate, gate):
        monkeypatch.setattr(module, "fit_baselines", lambda *_: [])


@pytest.fixture
def slim(team, untracked, few_rivals):
    """A copy of the team with one scheme and few rivals, to be trained again."""
    team.configure("schemes: [all]", "schemes: [close_window]")
    return team
