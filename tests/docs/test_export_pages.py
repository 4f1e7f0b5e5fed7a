"""The pages of other systems' exports: their commands, run on files in each system's own header words."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from support.command import leadgrade
from support.crm_exports import EXPORTS, FURTHER, write_call_log, write_export, write_pipedrive

from pipeline.recognition.dialects import ANY_SYSTEM, dialects
from pipeline.simulation.world import simulate

DOCS = Path(__file__).parents[2] / "docs"
SYSTEMS = [name for name in dialects() if name != ANY_SYSTEM]
LOGS = ("asterisk", "twilio", "aircall")
EVERY = {**EXPORTS, **FURTHER}


def page(name, folder):
    return (DOCS / folder / f"{name}.md").read_text(encoding="utf-8")


def commands(text):
    (block,) = re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    return [shlex.split(line)[1:] for line in block.splitlines()]


@pytest.fixture(scope="module")
def world():
    return simulate(200, 11)


@pytest.fixture
def files(request, world, tmp_path, monkeypatch):
    """A folder that holds what a system exports, and where the commands are run."""
    name = request.param
    if name in EVERY:
        write_export(world, EVERY[name], tmp_path)
    elif name == "pipedrive":
        write_pipedrive(world, tmp_path)
    else:
        write_call_log(world, name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return name


@pytest.mark.parametrize("files", SYSTEMS, indirect=True)
def test_init_recognises_the_system_by_the_pages_own_command(files):
    (first, *_) = commands(page(files, "exports"))
    answer = leadgrade(*first)
    assert answer.code == 0, answer.err
    assert f"as {dialects()[files].title} exports them" in answer.out
    raw = yaml.safe_load(Path("team.yaml").read_text(encoding="utf-8"))
    assert "calls" in raw["sources"]
    columns = raw["sources"]["calls"]["columns"]
    assert {"started_at", "duration", "status"} <= set(columns)
    assert {"lead_id", "customer_id"} & set(columns)
    assert raw["label"]["close"] == ("outcome" if files == "pipedrive" else "first_order")


@pytest.mark.parametrize("name", SYSTEMS)
def test_both_languages_have_the_same_commands(name):
    english, chinese = (commands(page(name, folder)) for folder in ("exports", "zh/exports"))
    assert [[*one] for one in english] == [
        [part for part in one if part not in ("--language", "zh")] for one in chinese
    ]
    assert [one[0] for one in english][:2] == ["init", "check"]
    assert (name in LOGS) == (len(english) == 2)


@pytest.mark.parametrize("folder", ["exports", "zh/exports"])
def test_the_index_names_every_system(folder):
    linked = re.findall(r"\]\(([\w-]+)\.md\)", page("README", folder))
    assert sorted(linked) == SYSTEMS
